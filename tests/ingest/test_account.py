"""Every text of a document is accounted for, whatever a reader does with it."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from documents import document_of
from hypothesis import given
from hypothesis import strategies as st

from kb.ingest import Reading, read_document
from kb.ingest.account import UNACCOUNTED, Account, account_of, accounted
from kb.ingest.tables import Cell, Document, Paragraph, Row, Table
from kb.model import Action, OtherCell, Recommendation, Source, SourceCell
from kb.text.agencies import Agencies

HEADERS = ["No", "Recommendation", "Lead agency", "Action", "Outcome", "Cost"]
ROWS = [
    ["1", "Wardens to ring before they call.", "Tarnmoor Homes", "Letter", "Complete", "£200"],
    ["2", "Wardens to note who opens the door.", "Tarnmoor Homes", "Letter", "Complete", "£200"],
    ["3", "The library to hold a coffee morning.", "", "Room booked", "", ""],
]


def plan(folder: Path, rows: list[list[str]], above: str = "") -> Path:
    path = folder / "plan.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([*([[above]] if above else []), HEADERS, *rows])
    return path


def read(path: Path, agencies: Agencies) -> Reading:
    (reading,) = read_document(path, agencies=agencies)
    return reading


def document(*blocks: Table | Paragraph) -> Document:
    return Document(tuple(blocks))


def table(*rows: list[str]) -> Table:
    return Table(
        "table 1",
        tuple(
            Row(tuple(Cell(text, at) for at, text in enumerate(row)), f"row {n}")
            for n, row in enumerate(rows, start=1)
        ),
    )


def one_reading(text: str, *places: str, **fields: object) -> Reading:
    """A reading of one recommendation read from these rows of table 1."""
    cells = tuple(SourceCell(header="", text="x", place=f"table 1, {place}") for place in places)
    source = Source(file="plan.docx", sha256="0", place="", cells=cells)
    recommendation = Recommendation.model_validate(
        {"position": 1, "text": text, "source": source, **fields}
    )
    from kb.ingest import ReviewFactsRead

    return Reading(None, ReviewFactsRead(), (recommendation,), source)


def test_the_fates_of_a_plans_cells_are_counted(tmp_path: Path, agencies: Agencies) -> None:
    account = read(plan(tmp_path, ROWS, "Tarnmoor Domestic Homicide Review 4"), agencies).account
    assert account.cells == {"field": 15, "header": 6, "fact": 1}
    assert account.unaccounted == account.left_out_cells == ()


def test_a_row_that_is_left_out_is_listed_cell_by_cell(tmp_path: Path, agencies: Agencies) -> None:
    rows = [["", "", "Tarnmoor Homes", "Put a sign up", "", ""], *ROWS]
    reading = read(plan(tmp_path, rows), agencies)
    assert [(c.text, c.why) for c in reading.account.left_out_cells] == [
        ("Tarnmoor Homes", "stands before the first recommendation"),
        ("Put a sign up", "stands before the first recommendation"),
    ]
    assert reading.account.cells["left_out"] == 2


@pytest.mark.parametrize("name", ["lead_agency", "text", "outcome"])
@pytest.mark.parametrize("at", [0, 1])
def test_a_cell_that_a_reader_drops_is_found_though_its_words_stand_elsewhere(
    tmp_path: Path, agencies: Agencies, name: str, at: int
) -> None:
    path = plan(tmp_path, ROWS)
    reading = read(path, agencies)
    broken = list(reading.recommendations)
    cut = {name: None, **({"status": Action().status} if name == "outcome" else {})}
    broken[at] = broken[at].model_copy(
        update={"actions": (broken[at].actions[0].model_copy(update=cut),)}
    )
    again = replace(reading, recommendations=tuple(broken), left_out=(), account=Account())
    (found,) = accounted(document_of(path), [again])
    lost = {"lead_agency": "Tarnmoor Homes", "text": "Letter", "outcome": "Complete"}[name]
    assert [(left.place, left.text, left.why) for left in found.left_out] == [
        (f"line {at + 2}", lost, UNACCOUNTED)
    ]


def test_a_word_cut_at_a_line_or_a_row_is_whole_and_accounted_for() -> None:
    found = account_of(
        document(table(["Share infor-\nmation with sch"], ["ools every term"])),
        [one_reading("Share information with schools every term", "row 1", "row 2")],
    )
    assert found.unaccounted == ()
    assert found.cells == {"field": 2}


def test_a_number_that_was_parted_from_its_text_is_accounted_for() -> None:
    found = account_of(
        document(table(["3.1 (b) Ring before you call"])),
        [one_reading("Ring before you call", "row 1", number="3.1 (b)")],
    )
    assert found.unaccounted == ()


def test_words_lost_from_the_middle_of_a_cell_are_named_alone() -> None:
    found = account_of(
        document(table(["Ring before you call, and note it in the blue book"])),
        [one_reading("Ring before you call", "row 1")],
    )
    assert [left.text for left in found.unaccounted] == ["and note it in the blue book"]


def test_a_short_word_inside_another_one_does_not_account_for_a_cell() -> None:
    found = account_of(
        document(table(["Close your eyes", "Yes"])), [one_reading("Close your eyes", "row 1")]
    )
    assert [left.text for left in found.unaccounted] == ["Yes"]


def test_a_table_in_a_cell_is_accounted_for_too() -> None:
    inner = table(["Letter"], ["Poster"])
    outer = Table("table 1", (Row((Cell("Ring first", 0, tables=(inner,)),), "row 1"),))
    found = account_of(
        document(outer), [one_reading("Ring first", "row 1", actions=(Action(text="Letter"),))]
    )
    assert [left.text for left in found.unaccounted] == ["Poster"]


def test_marks_alone_are_no_text_but_ticks_are() -> None:
    cells = document(table(["Ring first", "–", "•", "✓"]))
    found = account_of(cells, [one_reading("Ring first", "row 1")])
    assert [left.text for left in found.unaccounted] == ["✓"]
    held = one_reading("Ring first", "row 1", other=(OtherCell(header="done", text="✓"),))
    assert account_of(cells, [held]).unaccounted == ()


def test_paragraphs_in_the_margin_are_accounted_for() -> None:
    aside = Paragraph("Official – sensitive", "page 1, header", aside="page header")
    found = account_of(document(aside), [one_reading("Ring first")])
    assert [left.place for left in found.unaccounted] == ["page 1, header"]
    assert found.paragraphs == {"left_out": 1}


def test_a_sheet_of_several_reviews_loses_nothing(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "all.csv"
    path.write_text(
        "Review,Area,Recommendation,Published\nA,Ousel,Ring first,May 2021\n"
        "B,Saltreach,Ring twice,June 2021\nB,Saltreach,Knock,June 2021\n",
        "utf-8",
    )
    readings = read_document(path, agencies=agencies)
    assert len(readings) == 2
    assert readings[0].account == readings[1].account
    assert readings[0].account.unaccounted == ()
    assert readings[0].account.cells == {"header": 4, "fact": 9, "field": 3}


CELL = st.text("abc dé-1.\n", min_size=1, max_size=12).map(str.strip)


@given(st.lists(st.tuples(CELL, CELL, CELL, CELL, CELL), min_size=1, max_size=6))
def test_no_table_loses_a_text(
    agencies: Agencies, tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    """Each word of each cell stands in what was read or in what was left out."""
    path = tmp_path_factory.mktemp("plan") / "plan.json"
    first = ("1", "Wardens to ring first", "", "", "")
    path.write_text(json.dumps([dict(zip(HEADERS, row, strict=False)) for row in [first, *rows]]))
    reading = read(path, agencies)
    assert reading.account.unaccounted == ()


def test_each_recommendation_has_its_cells_under_their_headers(
    tmp_path: Path, agencies: Agencies
) -> None:
    reading = read(plan(tmp_path, ROWS), agencies)
    cells = [(cell.header, cell.text) for cell in reading.recommendations[0].source.cells]
    assert cells == list(zip(HEADERS, ROWS[0], strict=True))


def test_the_rows_of_a_joined_recommendation_have_a_place_each(
    tmp_path: Path, agencies: Agencies
) -> None:
    rows = [*ROWS, ["", "", "Ousel Police", "Leaflet", "Not started", ""]]
    cells = read(plan(tmp_path, rows), agencies).recommendations[-1].source.cells
    assert [(cell.place, cell.text) for cell in cells] == [
        ("line 4", "3"),
        ("line 4", "The library to hold a coffee morning."),
        ("line 4", "Room booked"),
        ("line 5", "Ousel Police"),
        ("line 5", "Leaflet"),
        ("line 5", "Not started"),
    ]


@pytest.mark.parametrize("name", ["somerset-024-action-plan.docx", "somerset-024-action-plan.txt"])
def test_every_row_taken_from_a_real_plan_is_missed(
    shared_documents: Path, agencies: Agencies, name: str
) -> None:
    path = shared_documents / name
    reading = read(path, agencies)
    assert reading.account.unaccounted == ()
    blocks = document_of(path)
    for taken in reading.recommendations:
        rest = tuple(r for r in reading.recommendations if r is not taken)
        missed = account_of(blocks, [replace(reading, recommendations=rest)]).unaccounted
        assert [left.text for left in missed] == [cell.text for cell in taken.source.cells]
