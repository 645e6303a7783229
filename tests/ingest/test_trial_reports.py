"""Whole reports as authors set them: frames, tight numbers, the fronts that print facts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from reportlab.pdfgen import canvas

from kb.ingest import Reading, read_document
from kb.ingest.prose.front import review_facts
from kb.ingest.prose.narrative import read_narrative
from kb.ingest.tables import Paragraph
from kb.text.agencies import Agencies, load_agencies
from kb.text.personal import find_personal

_NAMES = ("Ada", "Bea", "Cora", "Dora", "Edna", "Flora", "Gwen", "Hilda", "Ivy", "Joan", "Kate")
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


def test_agency_beside_number_and_text_without_a_header_leads_it(tmp_path: Path) -> None:
    leads = ("Tarnmoor Police", "Tarnmoor Council")
    rows = [
        [str(n), ask, lead] for n, (ask, lead) in enumerate(zip(_ASKS, leads, strict=True), start=1)
    ]
    reading = _framed(tmp_path, rows, chapter="Recommendations")
    assert _asked(reading) == [("1", _ASKS[0]), ("2", _ASKS[1])]
    assert tuple(r.lead_agency for r in reading.recommendations) == leads
    assert not reading.account.left_out_cells
    assert not [note for note in reading.notes if "left out" in note]


@pytest.mark.parametrize(
    ("third", "statuses", "scopes"),
    [
        (("Completed", "In progress"), ["complete", "in-progress"], [None, None]),
        (("Local", "National"), [None, None], ["local", "national"]),
    ],
)
def test_status_or_scope_beside_number_and_text_without_a_header_is_no_agency(
    tmp_path: Path,
    third: tuple[str, str],
    statuses: list[str | None],
    scopes: list[str | None],
) -> None:
    rows = [[str(n), ask, said] for n, (ask, said) in enumerate(zip(_ASKS, third, strict=True), 1)]
    read = _framed(tmp_path, rows, chapter="Recommendations").recommendations
    assert [r.status.value for r in read] == statuses
    assert [r.scope.value for r in read] == scopes
    assert not {r.lead_agency for r in read} & set(third)


def test_third_cells_that_name_nobody_lead_nothing_and_are_told(tmp_path: Path) -> None:
    rows = [["1", _ASKS[0], "High"], ["2", _ASKS[1], "Policy signed off"]]
    frame = [["Recommendation 3: The surgery should ask whoever comes alone."]]
    reading = _framed(tmp_path, rows, frame, chapter="Recommendations")
    assert _asked(reading) == [("3", frame[0][0].partition(": ")[2])]
    assert {one.text for one in reading.account.left_out_cells} >= {"High", "Policy signed off"}


def test_numbered_table_of_facts_in_three_columns_gives_no_recommendation(tmp_path: Path) -> None:
    events = [["1", "The police were called to the flat by a neighbour", "14 March 2019"],
              ["2", "She told her surgery that she was afraid of him", "2 June 2019"]]  # fmt: skip
    reading = _framed(tmp_path, events, [[f"Recommendation 1: {_ASKS[0]}"]])
    assert _asked(reading) == [("1", _ASKS[0])]


def test_lesson_above_its_recommendation_in_one_frame_is_its_context(tmp_path: Path) -> None:
    told = ("Debts were known to three agencies.", "Nobody asked.")
    tables = [
        [[f"Lesson {n}", lesson], [f"Recommendation {n}", ask]]
        for n, (lesson, ask) in enumerate(zip(told, _ASKS, strict=True), start=1)
    ]
    reading = _framed(tmp_path, *tables)
    assert _asked(reading) == [("1", _ASKS[0]), ("2", _ASKS[1])]


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
    lines: tuple[str | Paragraph, ...] = (
        *(_bold("1 Executive summary"), _bold("Recommendations")),
        *(f"Recommendation {n}: {text}" for n, text in enumerate(_ASKS, start=1)),
        *(_bold("2 Investigation"), "2.1 Guidance says that agencies should share information."),
    )
    assert _told(agencies, *lines) == [("1", _ASKS[0]), ("2", _ASKS[1])]


def test_chapter_titled_what_we_recommend_is_one_of_recommendations(agencies: Agencies) -> None:
    heading = Paragraph("3. What we recommend", "paragraph 1", level=1)
    assert _told(agencies, heading, f"3.1 {_ASKS[0]}") == [("3.1", _ASKS[0])]


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


def _front(*lines: str) -> dict[str, str]:
    printed = [Paragraph(line, f"paragraph {at}") for at, line in enumerate(lines, start=1)]
    return dict(review_facts(printed).facts)


@pytest.mark.parametrize(
    ("line", "area"),
    [
        ("LONDON BOROUGH OF MARLOW VALE", "Marlow Vale"),
        ("Royal Borough of Tarn and Moor Council", "Tarn and Moor"),
        ("Tarnmoor County Council", "Tarnmoor"),
        ("Safer Tarnmoor", "Tarnmoor"),
        ("Dyffryn Arian Public Services Board", "Dyffryn Arian"),
        ("Tarnmoor CSP and Tarnmoor Safeguarding Adults Board", "Tarnmoor"),
    ],
)
def test_area_is_read_from_the_body_that_the_front_names(line: str, area: str) -> None:
    assert _front(line, "Domestic Homicide Review")["area"] == area


def test_bodies_of_two_areas_in_one_line_give_no_area() -> None:
    line = "Tarnmoor CSP and Wendle Safeguarding Adults Board"
    assert "area" not in _front(line, "Domestic Homicide Review")


@pytest.mark.parametrize(
    "line",
    [
        "Died: 9 July 2020",
        "Homicide: July 2020",
        "Date of Mr Grange’s death: 2 July 2020",
        "Helen – died July 2020",
        "Ivy, who died in July 2020",
    ],
)
def test_month_of_death_on_the_front_is_read_as_it_is_worded(line: str) -> None:
    assert "July 2020" in _front("Domestic Homicide Review", line)["death_month"]


def test_death_of_somebody_else_on_the_front_is_no_month_of_death() -> None:
    line = "The perpetrator died in July 2020"
    assert "death_month" not in _front("Domestic Homicide Review", line)


def test_date_alone_on_the_front_is_no_report_date_when_the_text_tells_of_later_events() -> None:
    lines = ("Domestic Homicide Review", "December 2014", "1. The incident")
    told = "Ray was convicted of murder in July 2015."
    assert _front(*lines)["report_date"] == "December 2014"
    front = review_facts([Paragraph(t, t[:12]) for t in (*lines, told)])
    assert "report_date" not in front.facts
    assert "December 2014" in front.notes[0]


def test_front_that_only_says_completed_or_final_report_dates_the_report() -> None:
    assert _front("Domestic Homicide Review", "Final report: May 2024")["report_date"] == "May 2024"
    assert (
        _front("Domestic Homicide Review", "Completed: 30.06.2021")["report_date"] == "30.06.2021"
    )


def test_words_on_how_the_recommendations_are_followed_up_are_none(agencies: Agencies) -> None:
    said = "Tarnmoor Safeguarding Adults Board is asked to seek assurance on each of these."
    asks = [_bold(text) for text in _ASKS]
    assert _told(agencies, _bold("Recommendations"), said, *asks) == [
        (None, text) for text in _ASKS
    ]


def test_name_of_the_borough_over_two_lines_of_capitals_is_one() -> None:
    front = _front("LONDON BOROUGH OF MARLOW", "VALE", "DOMESTIC HOMICIDE REVIEW")
    assert front["area"] == "Marlow Vale"


def test_front_page_goes_on_below_the_words_executive_summary() -> None:
    front = _front(
        "Domestic Homicide Review", "Tarnmoor CSP", "Executive Summary", "Died: May 2020"
    )
    assert front["death_month"] == "May 2020"


def test_discs_drawn_before_the_items_of_a_list_are_its_bullets(tmp_path: Path) -> None:
    """As browsers print a list; the first item's line is full, so nothing else parts the two."""
    asks = (
        "Review the criteria for referral to the home treatment team where abuse is known.",
        "Audit twenty records a quarter for evidence of safety planning.",
    )
    page = canvas.Canvas(str(tmp_path / "report.pdf"), pagesize=(480, 600))
    page.setFont("Helvetica-Bold", 16)
    page.drawString(50, 550, "Domestic Homicide Review")
    page.drawString(50, 520, "Recommendations")
    page.setFont("Helvetica", 10)
    for at, text in enumerate(asks):
        page.circle(66, 493 - 12 * at, 1.5, stroke=0, fill=1)
        page.drawString(80, 490 - 12 * at, text)
    page.save()
    (reading,) = read_document(tmp_path / "report.pdf", agencies=load_agencies())
    assert [r.text for r in reading.recommendations] == list(asks)


def test_letter_for_a_name_before_a_date_is_no_full_name() -> None:
    assert not list(find_personal("the homicide of Mrs D August 2016"))
    assert [d.kind for d in find_personal("the homicide of Mrs Dora August")] == ["a person's name"]


def test_panel_of_many_names_is_one_line_of_the_account(tmp_path: Path) -> None:
    panel = [["Name", "Role", "Agency"]]
    panel += [[f"Mrs {name} Penhallow", "Manager", "Tarnmoor CSP"] for name in _NAMES]
    reading = _framed(tmp_path, panel, [[f"Recommendation 1: {_ASKS[0]}"]])
    (told,) = [note for note in reading.notes if "a person's name" in note]
    assert f"{len(_NAMES)} times" in told
    assert "table 1, row 2; table 1, row 3" in told
