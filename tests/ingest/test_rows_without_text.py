"""A row without a recommendation: one more action of the row above, or left out and said."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import docx
import pytest

from kb.ingest import Reading, read_document
from kb.text.agencies import Agencies

HEADER = ["No.", "Recommendation", "Action", "Lead agency"]


def read_rows(tmp_path: Path, agencies: Agencies, *rows: list[str]) -> Reading:
    path = tmp_path / "plan.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    (reading,) = read_document(path, agencies=agencies)
    return reading


def read_objects(tmp_path: Path, agencies: Agencies, *objects: dict[str, object]) -> Reading:
    path = tmp_path / "plan.jsonl"
    path.write_text("".join(json.dumps(item) + "\n" for item in objects), "utf-8")
    (reading,) = read_document(path, agencies=agencies)
    return reading


def test_a_row_with_its_own_number_is_left_out_and_the_one_above_keeps_its_agency(
    tmp_path: Path, agencies: Agencies
) -> None:
    reading = read_rows(
        tmp_path,
        agencies,
        HEADER,
        ["2", "Ask about pets.", "Train crews", "Police"],
        ["3", "", "Change the form", "GP"],
        ["", "", "Print the form", "GP"],
        ["4", "Listen.", "", ""],
    )
    first, second = reading.recommendations
    assert (first.text, first.action, first.lead_agency) == (
        "Ask about pets.",
        "Train crews",
        "Police",
    )
    assert second.text == "Listen."
    assert [(left.text, left.why) for left in reading.left_out] == [
        ("3 | Change the form | GP", "row numbered 3 has no recommendation"),
        ("Print the form | GP", "row numbered 3 has no recommendation"),
    ]
    assert "2 rows have no text and were left out: table 1, line 3, line 4" in reading.notes


@pytest.mark.parametrize("number", ["", "2", "2.", "2a", "2.1", "2 (b)"])
def test_a_row_with_no_number_or_one_under_that_above_is_one_more_action(
    tmp_path: Path, agencies: Agencies, number: str
) -> None:
    reading = read_rows(
        tmp_path,
        agencies,
        HEADER,
        ["2", "Ask about pets.", "Train crews", "Police"],
        [number, "", "Change the form", "GP"],
    )
    assert len(reading.recommendations[0].actions) == 2
    assert reading.left_out == ()


@pytest.mark.parametrize("number", ["1", "20", "3", "R2"])
def test_another_number_is_never_one_more_action(
    tmp_path: Path, agencies: Agencies, number: str
) -> None:
    reading = read_rows(
        tmp_path,
        agencies,
        HEADER,
        ["2", "Ask about pets.", "Train crews", "Police"],
        [number, "", "Change the form", "GP"],
    )
    assert len(reading.recommendations[0].actions) == 1
    assert len(reading.left_out) == 1


def test_numbers_that_count_the_actions_part_no_recommendation(
    tmp_path: Path, agencies: Agencies
) -> None:
    reading = read_rows(
        tmp_path,
        agencies,
        ["Recommendation", "Action no.", "Action"],
        ["Ask about pets.", "1", "Train crews"],
        ["", "2", "Change the form"],
    )
    assert len(reading.recommendations[0].actions) == 2


def test_a_recommendation_merged_down_over_numbered_rows_holds_them_all(
    tmp_path: Path, agencies: Agencies
) -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    texts = [("No.", "Recommendation", "Action"), ("1.1", "Ask.", "Train"), ("1.2", "", "Print")]
    for row, cells in zip(table.rows, texts, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.cell(1, 1).merge(table.cell(2, 1))
    document.save(str(tmp_path / "plan.docx"))
    (reading,) = read_document(tmp_path / "plan.docx", agencies=agencies)
    assert [a.text for a in reading.recommendations[0].actions] == ["Train", "Print"]


def test_a_row_of_another_review_never_goes_on_from_the_one_above(
    tmp_path: Path, agencies: Agencies
) -> None:
    reading = read_rows(
        tmp_path,
        agencies,
        ["review", "Recommendation", "Action"],
        ["a", "Ask about pets.", "Train crews"],
        ["b", "", "Change the form"],
    )
    assert reading.recommendations[0].action == "Train crews"
    assert reading.left_out[0].why == "row of the review 'b' has no recommendation"


def test_objects_never_continue_one_another_and_text_is_recommendation(
    tmp_path: Path, agencies: Agencies
) -> None:
    reading = read_objects(
        tmp_path,
        agencies,
        {"recommendation": "Ask about pets.", "themes": "dash"},
        {"text": "Listen to neighbours.", "themes": "training"},
        {"text": "", "action": "Change the form"},
        {"text": "Police"},
    )
    assert [r.text for r in reading.recommendations] == [
        "Ask about pets.",
        "Listen to neighbours.",
        "Police",
    ]
    assert reading.judged == {1: ("dash",), 2: ("training",)}
    assert reading.recommendations[0].action is None
    assert dict(reading.columns)["text"] == "recommendation"
    assert [(left.place, left.why) for left in reading.left_out] == [
        ("object 3", "it has no recommendation")
    ]
    assert "1 row has no text and was left out: table 1, object 3" in reading.notes
