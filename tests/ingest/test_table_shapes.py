from __future__ import annotations

import csv
import datetime
import subprocess
import sys
import tempfile
from pathlib import Path

import docx
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import NoRecommendations, WrongUsage
from kb.ingest import Reading, read_document
from kb.ingest.plans.headers import name_columns
from kb.ingest.tables import Cell
from kb.text.agencies import Agencies, load_agencies


def write_csv(path: Path, rows: list[list[str]], delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def read_one(path: Path, agencies: Agencies, **columns: str) -> Reading:
    (reading,) = read_document(path, agencies=agencies, columns=columns)
    return reading


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Recommendation", "recommendation"),
        ("RECOMMENDATIONS:", "recommendation"),
        ("Overview Report Recommendation", "recommendation"),
        ("Recommendation(s)", "recommendation"),
        ("Learning point", "recommendation"),
        ("Recommendation and rationale", "recommendation"),
        ("Recommendation / rationale", "recommendation"),
        ("Recommendations & learning identified", "recommendation"),
        ("Recommendation or area for improvement", "recommendation"),
        ("What needs to change?", "recommendation"),
        ("Recommendation / Ref", None),
        ("Recommendation and status", None),
        ("End date", "target_date"),
        ("Completion by", "target_date"),
        ("Completed by when", "target_date"),
        ("What will be done?", "action"),
        ("No.", "number"),
        ("Ref", "number"),
        ("Recommendation No", "number"),
        ("Rec. No.", "number"),
        ("Scope of recommendation i.e. local or regional", "scope"),
        ("Local / Regional / National", "scope"),
        ("Action to Take/Taken", "action"),
        ("Action(s) required", "action"),
        ("Lead", "lead_agency"),
        ("Lead Officer", "lead_agency"),
        ("Agency/Person responsible", "lead_agency"),
        ("Owner", "lead_agency"),
        ("Key milestones achieved in enacting recommendation", "milestones"),
        ("Target Date", "target_date"),
        ("Timescale", "target_date"),
        ("By when", "target_date"),
        ("Completion Date and Outcome", "outcome"),
        ("Date of completion and outcome", "outcome"),
        ("Progress", "outcome"),
        ("Date of completion", "completed"),
        ("Date completed", "completed"),
        ("RAG", "status"),
        ("BRAG rating", "status"),
        ("Current status", "status"),
        ("lead_agency", "lead_agency"),
        ("Desired outcome", None),
        ("Colour of the door", None),
    ],
)
def test_headers_are_known_by_their_synonyms(header: str, field: str | None) -> None:
    assert name_columns([Cell(header, 0)], {})[0].field == field


def test_a_recommendation_column_wins_over_a_learning_point(
    tmp_path: Path, agencies: Agencies
) -> None:
    path = write_csv(
        tmp_path / "plan.csv",
        [["Learning point", "Recommendation", "Budget"], ["People did not ask", "Ask.", "£40"]],
    )
    (row,) = read_one(path, agencies).recommendations
    assert row.text == "Ask."
    assert {(cell.header, cell.text) for cell in row.other} == {
        ("Learning point", "People did not ask"),
        ("Budget", "£40"),
    }


def test_a_heading_row_across_a_word_table_stands_over_the_rows_below(
    tmp_path: Path, agencies: Agencies
) -> None:
    document = docx.Document()
    table = document.add_table(5, 3)
    for number, texts in enumerate(
        [("No.", "Recommendation", "Lead"), ("Police",), ("1", "Ask.", "Police"), ("Health",)]
    ):
        if len(texts) == 1:
            table.rows[number].cells[0].merge(table.rows[number].cells[2])
        for cell, text in zip(table.rows[number].cells, texts, strict=False):
            cell.text = text
    for cell, text in zip(table.rows[4].cells, ("2", "Write it down.", "GP"), strict=True):
        cell.text = text
    document.save(str(tmp_path / "plan.docx"))
    rows = read_one(tmp_path / "plan.docx", agencies).recommendations
    assert [(r.number, r.heading, r.text) for r in rows] == [
        ("1", "Police", "Ask."),
        ("2", "Health", "Write it down."),
    ]


def test_cells_merged_down_make_several_actions_of_one_recommendation(
    tmp_path: Path, agencies: Agencies
) -> None:
    document = docx.Document()
    table = document.add_table(4, 4)
    texts = [
        ("Recommendation", "Action", "Lead agency", "Status"),
        ("Ask about pets.", "Train crews", "Police", "Complete"),
        ("", "Change the form", "GP", "Not started"),
        ("Listen.", "", "", ""),
    ]
    for row, cells in zip(table.rows, texts, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    document.save(str(tmp_path / "plan.docx"))
    first, second = read_one(tmp_path / "plan.docx", agencies).recommendations
    assert [(a.text, a.lead_agency, a.status.value) for a in first.actions] == [
        ("Train crews", "Police", "complete"),
        ("Change the form", "GP", "not-started"),
    ]
    assert first.action == "Train crews\n\nChange the form"
    assert first.status.value == "in-progress"
    assert [a.name for a in first.lead_agencies] == ["Police", "General Practice"]
    assert "its 2 actions have different statuses" in first.flags
    assert second.actions == ()


def test_a_nested_table_line_breaks_and_tracked_insertions_keep_their_text(
    tmp_path: Path, agencies: Agencies
) -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Recommendation", "Action"
    table.cell(1, 0).text = "Ask.\nAsk again."
    table.cell(1, 1).text = "See:"
    inner = table.cell(1, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "first", "second"
    document.save(str(tmp_path / "plan.docx"))
    (row,) = read_one(tmp_path / "plan.docx", agencies).recommendations
    assert row.text == "Ask.\nAsk again."
    assert row.action == "See:\nfirst\nsecond"


def test_sheets_give_typed_cells_as_printed_and_hidden_ones_are_said(
    tmp_path: Path, agencies: Agencies
) -> None:
    path = tmp_path / "plan.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, text in (("Plan", "Ask."), ("Old", "Listen.")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["A plan"])
            sheet.write_row(3, 0, ["No.", "Recommendation", "Target date"])
            sheet.write_number(4, 0, 3)
            sheet.write_string(4, 1, text)
            sheet.write_datetime(4, 2, datetime.datetime(2022, 7, 31), day)
        sheet.hide()
    reading = read_one(path, agencies)
    assert [(r.number, r.text, r.target_date.printed) for r in reading.recommendations] == [
        ("3", "Ask.", "31/07/2022"),
        ("3", "Listen.", "31/07/2022"),
    ]
    assert reading.recommendations[0].source.place == "sheet 'Plan', row 5"
    assert reading.notes == ("hidden sheet 'Old' was read too",)


def test_excels_number_of_a_day_is_that_day_and_said(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "plan.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Plan")
        sheet.write_row(0, 0, ["Recommendation", "Action", "Target date", "Date completed"])
        sheet.write_row(1, 0, ["Ask.", "Train", 44743, "44774"])
        sheet.write_row(2, 0, ["", "Print", 44744, "June 2022"])
    (row,) = read_one(path, agencies).recommendations
    assert row.target_date.model_dump() == {
        "printed": "44743\n\n44744",
        "date": "2022-07-01",
        "precision": "day",
        "all": ("2022-07-01", "2022-07-02"),
    }
    assert row.completed.all == ("2022-08-01", "2022-06")
    assert "“44743” was read as Excel's number of the day 2022-07-01" in row.flags


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, agencies: Agencies, delimiter: str) -> None:
    rows = [["Recommendation", "Lead agency"], ["Ask, listen; write", "Police"]]
    path = write_csv(tmp_path / "plan.csv", rows, delimiter)
    (row,) = read_one(path, agencies).recommendations
    assert (row.text, row.lead_agency) == ("Ask, listen; write", "Police")


def test_a_windows_file_is_read_and_said(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes("Recommendation\r\n“Ask” – don’t wait £5\r\n".encode("cp1252"))
    reading = read_one(path, agencies)
    assert reading.recommendations[0].text == "“Ask” – don’t wait £5"
    assert reading.notes == ("read as Windows-1252",)


def test_a_column_review_splits_a_sheet_and_themes_are_judgements(
    tmp_path: Path, agencies: Agencies
) -> None:
    path = write_csv(
        tmp_path / "all.csv",
        [
            ["review", "title", "published", "text", "themes"],
            ["a", "Review A", "June 2021", "Ask.", "dash;training"],
            ["a", "Review A", "June 2021", "Listen.", "none"],
            ["b", "Review B", "2019", "Write.", ""],
        ],
    )
    first, second = read_document(path, agencies=agencies)
    assert (first.name, first.facts.title, first.facts.published) == ("a", "Review A", "2021-06")
    assert first.judged == {1: ("dash", "training"), 2: ()}
    assert (second.name, second.judged) == ("b", {})
    assert [r.position for r in second.recommendations] == [1]


def test_a_named_column_stands_over_the_synonyms(tmp_path: Path, agencies: Agencies) -> None:
    path = write_csv(
        tmp_path / "plan.csv", [["Recommendation", "Wording"], ["R1", "Ask."], ["R2", "Listen."]]
    )
    reading = read_one(path, agencies, text="Wording", number="Recommendation")
    assert [(r.number, r.text) for r in reading.recommendations] == [
        ("R1", "Ask."),
        ("R2", "Listen."),
    ]


def test_a_column_that_is_not_there_is_refused_with_the_headers_seen(
    tmp_path: Path, agencies: Agencies
) -> None:
    path = write_csv(tmp_path / "plan.csv", [["Recommendation", "Lead"], ["Ask.", "GP"]])
    with pytest.raises(WrongUsage, match="no table has a column 'Owner'") as caught:
        read_one(path, agencies, agency="Owner")
    assert "Recommendation; Lead" in str(caught.value)
    with pytest.raises(WrongUsage, match="'colour'"):
        read_one(path, agencies, colour="Lead")


def test_what_needs_to_change_is_the_action_beside_a_recommendation(
    tmp_path: Path, agencies: Agencies
) -> None:
    rows = [["What needs to change?", "Recommendation"], ["The form", "Ask."]]
    (row,) = read_one(write_csv(tmp_path / "plan.csv", rows), agencies).recommendations
    assert (row.text, row.action) == ("Ask.", "The form")


def test_a_sheet_left_out_whole_is_said_first_and_how_to_name_its_column(
    tmp_path: Path, agencies: Agencies
) -> None:
    path = tmp_path / "plan.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        hidden = book.add_worksheet("Old")
        hidden.write_column(0, 0, ["Recommendation", "Ask."])
        plan = book.add_worksheet("Plan")
        plan.write_row(0, 0, ["A plan"])
        plan.write_row(1, 0, ["Ask", "Who", "By when"])
        plan.write_row(2, 0, ["Listen.", "GP", "May 2021"])
        plan.write_row(3, 0, ["Write.", "GP", "May 2021"])
        plan.activate()
        hidden.hide()
    assert read_one(path, agencies).notes == (
        "sheet 'Plan' (2 rows, columns: Ask; Who; By when) was left out: no column of"
        " recommendations; name it with --column recommendation='Its header'",
        "hidden sheet 'Old' was read too",
    )


def test_a_table_without_recommendations_says_which_headers_it_saw(
    tmp_path: Path, agencies: Agencies
) -> None:
    path = write_csv(tmp_path / "plan.csv", [["Name", "Phone"], ["A", "B"]])
    with pytest.raises(NoRecommendations, match=r"Name \| Phone"):
        read_one(path, agencies)


def test_other_tables_and_paragraphs_are_listed_as_left_out(
    tmp_path: Path, agencies: Agencies
) -> None:
    document = docx.Document()
    document.add_paragraph("Tarnmoor DHR 7 – Action Plan")
    key = document.add_table(1, 2)
    key.cell(0, 0).text, key.cell(0, 1).text = "Green", "done"
    table = document.add_table(2, 1)
    table.cell(0, 0).text, table.cell(1, 0).text = "Recommendation", "Ask."
    document.add_paragraph("Signed by the chair")
    document.save(str(tmp_path / "plan.docx"))
    reading = read_one(tmp_path / "plan.docx", agencies)
    assert reading.facts.title == "Tarnmoor DHR 7 – Action Plan"
    assert [(left.place, left.text) for left in reading.left_out] == [
        ("table 1, row 1", "Green | done"),
        ("paragraph 2", "Signed by the chair"),
    ]


def test_a_row_one_column_off_in_a_sheet_is_set_right(tmp_path: Path, agencies: Agencies) -> None:
    header = ["Recommendation", "Scope", "Action", "Lead agency", "Target date", "Status"]
    good = ["Ask about pets at home.", "Local", "Train crews", "Police", "31.7.22", "Complete"]
    off = [
        "Listen to neighbours.",
        "Amend the form so that it asks this",
        "Police",
        "1.4.22",
        "Ongoing",
    ]
    path = write_csv(tmp_path / "plan.csv", [header, good, off])
    first, second = read_one(path, agencies).recommendations
    assert first.flags == ()
    assert (second.scope.printed, second.lead_agency) == (None, "Police")
    assert (second.target_date.date, second.status.value) == ("2022-04-01", "ongoing")
    assert second.flags == ("cells 2–5 stood one column to the left; no scope is printed",)


def test_reading_loads_no_library_before_it_is_needed() -> None:
    code = "import sys, kb.ingest; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    ).stdout.split()
    assert not {"docx", "lxml", "python_calamine", "yaml", "rapidfuzz"} & set(loaded)


def test_a_text_of_tab_separated_lines_is_a_table(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "plan.txt"
    path.write_text("No.\tRecommendation\tLead\n1\tAsk.\tGP\n", "utf-8")
    (row,) = read_one(path, agencies).recommendations
    assert (row.number, row.text, row.lead_agency) == ("1", "Ask.", "GP")


def test_a_row_of_another_table_is_never_lost_unsaid(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "plan.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Plan").write_column(0, 0, ["Recommendation", "Ask."])
        book.add_worksheet("Key").write_row(2, 0, ["Green", "done"])
    reading = read_one(path, agencies)
    assert [(left.place, left.text) for left in reading.left_out] == [
        ("sheet 'Key', row 3", "Green | done")
    ]


WORDS = st.lists(
    st.sampled_from(["ask", "listen", "write", "chair", "panel", "form", "home", "visit"]),
    min_size=4,
    max_size=12,
).map(lambda words: " ".join(words).capitalize() + ".")
ROW = st.fixed_dictionaries(
    {
        "text": WORDS,
        "scope": st.sampled_from(["Local", "Regional", "National"]),
        "action": WORDS | st.just(""),
        "lead": st.sampled_from(["Police", "CPS", "Tarnmoor Constabulary"]),
        "date": st.sampled_from(["31.7.22", "December 2020", "1 May 2021\n\nthen each year"]),
        "status": st.sampled_from(["Complete", "Complete and ongoing", "In progress", ""]),
    }
)
FIELDS = ("text", "scope", "action", "lead", "date", "status")


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=8), data=st.data())
def test_flattened_rows_come_back_whole_even_where_a_scope_is_missing(
    rows: list[dict[str, str]], data: st.DataObject
) -> None:
    lines = ["\tRecommendation\n\tScope\n\tAction\n\tLead agency\n\tTarget date\n\tOutcome\n"]
    for row in rows:
        dropped = data.draw(st.booleans()) and row["action"] != ""
        cells = [row[name] for name in FIELDS if not (dropped and name == "scope")]
        lines.append("".join(f"\t{cell}\n" for cell in cells))
        if dropped:
            row["scope"] = ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.txt"
        path.write_text("\n".join(lines), "utf-8")
        (reading,) = read_document(path, agencies=load_agencies())
    read = [
        [r.text, r.scope.printed, r.action, r.lead_agency, r.target_date.printed, r.outcome]
        for r in reading.recommendations
    ]
    assert read == [[row[name] or None for name in FIELDS] for row in rows]


def test_a_short_recommendation_alone_in_its_row_is_no_heading(
    tmp_path: Path, agencies: Agencies
) -> None:
    header = ["Recommendation", "Lead agency"]
    rows = [["Section 2: hospitals", ""], ["Ask.", "GP"], ["Agency staff to be trained.", ""]]
    path = write_csv(tmp_path / "plan.csv", [header, *rows, ["Police", ""]])
    reading = read_one(path, agencies)
    assert [(r.heading, r.text) for r in reading.recommendations] == [
        ("Section 2: hospitals", "Ask."),
        ("Section 2: hospitals", "Agency staff to be trained."),
    ]
    assert [(left.text, left.why) for left in reading.left_out] == [
        ("Police", "a heading with nothing below it")
    ]


def test_a_merged_heading_row_of_a_sheet_stands_over_the_rows_below(
    tmp_path: Path, agencies: Agencies
) -> None:
    path = tmp_path / "plan.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Plan")
        sheet.write_row(0, 0, ["Recommendation", "Lead agency", "Target date"])
        sheet.merge_range(1, 0, 1, 2, "For those who answer the telephone")
        sheet.write_row(2, 0, ["Ask.", "Police", "June 2021"])
    (row,) = read_one(path, agencies).recommendations
    assert (row.heading, row.text) == ("For those who answer the telephone", "Ask.")
