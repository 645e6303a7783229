"""Headers, headings and facts as trackers, lists and titles print them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl
import pytest

from kb.errors import NoRecommendations
from kb.ingest import Reading, read_document
from kb.ingest.facts import area_in, case_in
from kb.ingest.plans.headers import label_field, name_columns
from kb.ingest.tables import Cell
from kb.text.agencies import load_agencies
from kb.text.dates import read_date

_RECOMMENDATION = "The Partnership should publish a briefing on this review."


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("DueDate", "target_date"),
        ("RAGStatus", "status"),
        ("Lead_x0020_Agency", "lead_agency"),
        ("Completion date (target)", "target_date"),
        ("Completion date", "completed"),
        ("Narrative update", "outcome"),
        ("Cam gweithredu / Action", "action"),
        ("Rhif / No", "number"),
        ("Dyddiad / Target date", "target_date"),
        ("Lead / Status", None),
        ("Addressed to", "lead_agency"),
        ("Who must do it", "lead_agency"),
        ("Action and lead", None),
        ("What they say they will do", "action"),
        ("By", "target_date"),
        ("Status / outcome", "outcome"),
        ("Outcome / BRAG", "outcome"),
        ("Where we are", "outcome"),
        ("Oct 2023 update", "outcome"),
        ("KPI ref", "number"),
    ],
)
def test_headers_of_lists_and_trackers_name_their_field(header: str, field: str | None) -> None:
    assert label_field(header) == field


@pytest.mark.parametrize(
    ("title", "case"),
    [
        ("Wexmoor DHR – Action Plan (draft 3)", None),
        ("Wexmoor DHR – Action Plan (v1.2)", None),
        ("Wexmoor DHR – Action Plan (March 2023)", None),
        ("Wexmoor DHR (024) – Action Plan (version 2)", "024"),
        ("Wexmoor DHR (draft 3), case 7", "7"),
    ],
)
def test_number_of_a_draft_or_a_date_is_no_case_number(title: str, case: str | None) -> None:
    assert case_in(title) == case


def _read(
    tmp_path: Path, above: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, level: int = 0
) -> Reading:
    document = docx.Document()
    for text in above:
        document.add_heading(text, level) if level else document.add_paragraph(text)
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    path = tmp_path / "plan.docx"
    document.save(str(path))
    return read_document(path, agencies=load_agencies())[0]


_ROWS = [("Recommendation", "Action", "Lead"), (_RECOMMENDATION, "Write it", "Wexmoor Council")]


@pytest.mark.parametrize(
    "title",
    [
        "Action Plan for DHR 2020/2, Wexmoor Community Safety Partnership",
        "Safeguarding Adults Review ‘Dee’. Combined action plan, Wexmoor Safeguarding Adults Board",
    ],
)
def test_title_that_ends_in_a_partnership_is_the_title_and_no_heading(
    tmp_path: Path, title: str
) -> None:
    read = _read(tmp_path, (title,), _ROWS)
    assert read.facts.title == title
    assert read.recommendations[0].heading is None


def test_appendix_action_plan_is_no_heading_of_its_recommendations(tmp_path: Path) -> None:
    read = _read(tmp_path, ("Appendix A: Action plan",), _ROWS, level=1)
    assert read.recommendations[0].heading is None


def test_theme_in_words_is_the_heading(tmp_path: Path) -> None:
    rows = [("Theme", *_ROWS[0]), ("Mental capacity", *_ROWS[1])]
    assert _read(tmp_path, (), rows).recommendations[0].heading == "Mental capacity"


def test_agency_heading_stands_over_a_table_that_words_part_from_it(tmp_path: Path) -> None:
    document = docx.Document()
    for agency in ("Wexshire Police", "Probation Service"):
        document.add_heading(agency, 2)
        document.add_paragraph(f"The review of {agency} made this recommendation.")
        table = document.add_table(rows=0, cols=3)
        for row in _ROWS:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    document.add_heading("What happens next", 2)
    document.add_paragraph("The Board will look at this plan in May.")
    path = tmp_path / "plan.docx"
    document.save(str(path))
    read = read_document(path, agencies=load_agencies())[0]
    assert [r.heading for r in read.recommendations] == ["Wexshire Police", "Probation Service"]
    assert [left.text for left in read.left_out if left.text == "Wexshire Police"] == []


def test_sheet_named_after_an_agency_is_the_heading_of_its_rows(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for name in ("Police", "Action plan"):
        sheet = workbook.create_sheet(name)
        for row in _ROWS:
            sheet.append([f"{text} ({name})" if row is _ROWS[1] else text for text in row])
    path = tmp_path / "plan.xlsx"
    workbook.save(path)
    read = read_document(path, agencies=load_agencies())[0]
    assert [r.heading for r in read.recommendations] == ["Police", None]


def test_words_before_the_kind_of_review_that_are_no_place_are_no_area() -> None:
    assert area_in("Police force response to DHR Kestrel") is None
    assert area_in("Wexmoor DHR Kestrel") == "Wexmoor"


def test_welsh_months_are_read() -> None:
    assert read_date("Mawrth 2024 / March 2024").date == "2024-03"
    assert read_date("1 Medi 2024").date == "2024-09-01"


def test_theme_in_small_letters_is_a_heading_and_no_judgement(tmp_path: Path) -> None:
    rows = [("Theme", *_ROWS[0]), ("communication", *_ROWS[1])]
    read = _read(tmp_path, (), rows)
    assert (read.recommendations[0].heading, read.judged) == ("communication", {})


def test_tables_of_versions_people_words_and_events_raise_no_alarm(tmp_path: Path) -> None:
    document = docx.Document()
    for rows in (
        [("Version", "Date", "Author"), ("0.1", "1.2.23", "A. Author")],
        [("Name", "Role", "Agency"), ("Jo Fennick", "Nurse", "Wexmoor NHS Trust")],
        [("Date", "Event", "Agency"), ("3.2.2019", "A visit", "Police")],
        _ROWS,
    ):
        table = document.add_table(rows=0, cols=3)
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    path = tmp_path / "plan.docx"
    document.save(str(path))
    read = read_document(path, agencies=load_agencies())[0]
    assert not [note for note in read.notes if "was left out" in note]
    assert "A visit" in " ".join(left.text for left in read.left_out)


def test_document_without_any_recommendation_is_refused_in_fitting_words(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("Minutes of the meeting.", encoding="utf-8")
    with pytest.raises(NoRecommendations, match="no recommendations were found"):
        read_document(path, agencies=load_agencies())


def test_headers_seen_are_those_below_the_title(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("Wexmoor plan,,\nWording,Who,When\nRing first.,GP,May 2024\n", encoding="utf-8")
    with pytest.raises(NoRecommendations, match=r"Wording \| Who \| When"):
        read_document(path, agencies=load_agencies())


def test_a_column_named_outcome_is_it_though_progress_stands_before_it() -> None:
    cells = [Cell(text, at) for at, text in enumerate(("Recommendation", "Progress", "Outcome"))]
    named = [(column.header, column.field) for column in name_columns(cells, {})]
    assert named == [
        ("Recommendation", "recommendation"),
        ("Progress", None),
        ("Outcome", "outcome"),
    ]
