"""Whole reports as authors set them: frames, tight numbers, the fronts that print facts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx

from kb.ingest import Reading, read_document
from kb.ingest.narrative import read_narrative
from kb.ingest.tables import Paragraph
from kb.text.agencies import Agencies, load_agencies

_ASKS = (
    "Tarnmoor Police should share each risk assessment with health visitors.",
    "Tarnmoor Council should review its allocations policy.",
)


def _framed(tmp_path: Path, *tables: Sequence[Sequence[str]], chapter: str = "") -> Reading:
    document = docx.Document()
    document.add_paragraph("Domestic Homicide Review")
    document.add_heading("Findings", 1)
    if chapter:
        document.add_heading(chapter, 1)
    for rows in tables:
        document.add_paragraph("The panel heard about this from the family.")
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    document.save(str(tmp_path / "report.docx"))
    return read_document(tmp_path / "report.docx", agencies=load_agencies())[0]


def _asked(reading: Reading) -> list[tuple[str | None, str]]:
    return [(r.number, r.text) for r in reading.recommendations]


def test_recommendation_in_a_frame_of_its_own_is_read(tmp_path: Path) -> None:
    frames = [[[f"Recommendation: {text}"]] for text in _ASKS]
    assert _asked(_framed(tmp_path, *frames)) == [(None, text) for text in _ASKS]


def test_label_and_text_in_two_rows_or_two_columns_of_a_frame_are_one(tmp_path: Path) -> None:
    right = [("1", _ASKS[0]), ("2", _ASKS[1])]
    down = [[[f"Recommendation {number}"], [text]] for number, text in right]
    across = [[[f"Recommendation {number}", text]] for number, text in right]
    assert _asked(_framed(tmp_path, *down)) == right
    assert _asked(_framed(tmp_path, *across)) == right


def test_numbers_beside_texts_without_a_header_are_a_list(tmp_path: Path) -> None:
    rows = [["1", _ASKS[0]], ["2.", _ASKS[1]]]
    reading = _framed(tmp_path, rows, chapter="Recommendations")
    assert _asked(reading) == [("1", _ASKS[0]), ("2", _ASKS[1])]
    assert not reading.account.left_out_cells


def test_frame_without_a_recommendation_and_a_glossary_give_none(tmp_path: Path) -> None:
    frame = [["Finding 1\nThe Trust did not follow its policy: staff should escalate concerns."]]
    glossary = [["MARAC", "A meeting where agencies should share what they know"]]
    reading = _framed(tmp_path, frame, glossary, [[f"Recommendation 1: {_ASKS[0]}"]])
    assert _asked(reading) == [("1", _ASKS[0])]
    assert {cell.text for cell in reading.account.left_out_cells} >= set(glossary[0])


def _told(agencies: Agencies, *lines: str | Paragraph) -> list[tuple[str | None, str]]:
    printed = [
        line if isinstance(line, Paragraph) else Paragraph(line, f"paragraph {at}")
        for at, line in enumerate(lines, start=1)
    ]
    return [
        (draft.values.get("number"), draft.text)
        for draft in read_narrative(printed, agencies).drafts
    ]


def _bold(text: str) -> Paragraph:
    return Paragraph(text, text, strong=True)


def test_recommendations_in_the_summary_end_with_the_next_numbered_chapter(
    agencies: Agencies,
) -> None:
    lines = (
        *(_bold("1 Executive summary"), _bold("Recommendations")),
        *(f"Recommendation {n}: {text}" for n, text in enumerate(_ASKS, start=1)),
        *(_bold("2 Investigation"), "2.1 Guidance says that agencies should share information."),
    )
    assert _told(agencies, *lines) == [("1", _ASKS[0]), ("2", _ASKS[1])]


def test_number_printed_hard_against_its_text_is_its_number(agencies: Agencies) -> None:
    lines = (_bold("10 Recommendations"), f"10.1{_ASKS[0]}", f"10.2{_ASKS[1]}")
    assert _told(agencies, *lines) == [("10.1", _ASKS[0]), ("10.2", _ASKS[1])]


def test_item_of_a_list_that_says_what_will_be_is_one_although_it_looks_back(
    agencies: Agencies,
) -> None:
    will = "Records will show who was present at each visit."
    lines = (_bold("Recommendations"), f"1. {_ASKS[0]}", f"2. {will}")
    assert _told(agencies, *lines) == [("1", _ASKS[0]), ("2", will)]


def test_somebody_who_is_to_have_something_is_asked(agencies: Agencies) -> None:
    asked = "Firearms enquiry officers to have domestic abuse training."
    assert _told(agencies, _bold("Recommendations"), asked) == [(None, asked)]
