from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
import xlsxwriter

from kb.ingest import Reading, read_document
from kb.text.agencies import Agencies

HEADERS = (
    "Recommendation",
    "Scope of recommendation i.e. local or regional",
    "Action to take",
    "Lead officer",
    "Key milestones achieved in enacting recommendation",
    "Target date",
    "Completion Date and Outcome",
)
Rows = list[list[str]]


@pytest.fixture(scope="module")
def plan(tarnmoor: Path, agencies: Agencies) -> Reading:
    (reading,) = read_document(tarnmoor, agencies=agencies)
    return reading


def test_every_recommendation_of_the_flattened_plan_is_found(plan: Reading) -> None:
    assert len(plan.recommendations) == 14
    assert [r.position for r in plan.recommendations] == list(range(1, 15))
    assert plan.left_out == ()
    assert (plan.facts.kind, plan.facts.area, plan.facts.case) == ("DHR", "Tarnmoor", "017")


def test_a_cell_of_several_lines_stays_whole(plan: Reading) -> None:
    first = plan.recommendations[0]
    assert first.action == (
        "A short form for such calls is put on the shared drive \n\n"
        "Learning and action-\n\nThe desk's guidance to name the form"
    )
    assert first.target_date.all == ("2021-06-30", "2021-05-14", "2021-06-02", "2021-07-09")
    assert first.status.model_dump() == {"printed": "Complete", "value": "complete"}
    assert first.completed.date is None
    assert first.source.place == "lines 10–36"


def test_a_row_without_a_scope_is_set_right_and_flagged(plan: Reading) -> None:
    row = plan.recommendations[3]
    assert row.scope.printed is None
    assert row.lead_agency == "Community Nursing (Tarnmoor)"
    assert row.milestones is not None
    assert row.milestones.endswith("number’\n\nTake to the practice group on 9th July for sign-off")
    assert row.target_date.all == ("2021-03-01",)
    assert row.status.value == "ongoing"
    assert row.flags == (
        "cells 2–4 stood one column to the left; no scope is printed",
        "cells 4 and 5 were joined under 'Key milestones in enacting recommendation'",
    )


def test_completion_and_status_are_read_from_the_head_of_the_outcome(plan: Reading) -> None:
    said = [(r.status.value, r.completed.date) for r in plan.recommendations]
    assert said == [
        ("complete", None),
        ("complete", None),
        ("ongoing", None),
        ("ongoing", None),
        ("complete", "2019-10"),
        ("ongoing", None),
        ("complete", None),
        ("ongoing", "2021-05"),
        ("ongoing", None),
        (None, None),
        ("in-progress", None),
        ("complete", None),
        (None, None),
        (None, None),
    ]


def test_repeats_inside_the_plan_are_kept_and_flagged(plan: Reading) -> None:
    flags = {r.position: r.flags for r in plan.recommendations}
    assert flags[7] == ("“31.2.21” is not a day", "the same text stands at position 11")
    assert flags[8] == ("the same text stands at position 12",)
    assert flags[12] == ("the same text stands at position 8",)


def test_last_rows_hold_only_a_recommendation(plan: Reading) -> None:
    last = plan.recommendations[-1]
    assert last.text.endswith("\n\nThey should run in lambing season too.")
    assert (last.action, last.outcome, last.scope.printed, last.actions) == (None, None, None, ())


def test_agencies_are_canonical(plan: Reading) -> None:
    named = {(a.name, a.sector) for r in plan.recommendations for a in r.lead_agencies}
    assert named == {
        ("Community Nursing (Tarnmoor)", "health"),
        ("Tarnmoor and Eskdale NHS Foundation Trust", "health"),
        ("Tarnmoor and Eskdale Constabulary", "police"),
        ("Tarnmoor Clinical Commissioning Group", "health"),
        ("Tarnmoor Integrated Domestic Abuse Service", "domestic-abuse-service"),
        ("Tarnmoor County Council – Children's Social Care", "children-social-care"),
    }


def rows_of(plan: Reading) -> Rows:
    return [
        [
            r.text,
            r.scope.printed or "",
            r.action or "",
            r.lead_agency or "",
            r.milestones or "",
            r.target_date.printed or "",
            r.outcome or "",
        ]
        for r in plan.recommendations
    ]


def write_docx(rows: Rows, title: str, path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(title)
    table = document.add_table(0, len(HEADERS))
    for number, row in enumerate([list(HEADERS), *rows]):
        if number == 5:
            for cell, header in zip(table.add_row().cells, HEADERS, strict=True):
                cell.text = header
        for cell, text in zip(table.add_row().cells, row, strict=True):
            first, *others = text.split("\n")
            cell.text = first
            for line in others:
                cell.add_paragraph(line)
    document.save(str(path))


def write_xlsx(rows: Rows, title: str, path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Plan")
        sheet.write_string(0, 0, title)
        for number, row in enumerate([list(HEADERS), *rows], start=2):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)


def write_csv(rows: Rows, title: str, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[title], list(HEADERS), *rows])


def write_tsv(rows: Rows, title: str, path: Path) -> None:
    with path.open("w", encoding="utf-16", newline="") as file:
        csv.writer(file, delimiter="\t").writerows([[title], list(HEADERS), *rows])


def write_json(rows: Rows, title: str, path: Path) -> None:
    objects = [dict(zip(HEADERS, row, strict=True)) for row in rows]
    path.write_text(json.dumps({"review": {"title": title}, "rows": objects}), "utf-8")


@pytest.mark.parametrize(
    "write", [write_docx, write_xlsx, write_csv, write_tsv, write_json], ids=lambda w: w.__name__
)
def test_the_same_plan_in_another_format_gives_the_same_records(
    plan: Reading,
    agencies: Agencies,
    tmp_path: Path,
    write: Callable[[Rows, str, Path], None],
) -> None:
    path = tmp_path / f"plan.{write.__name__.removeprefix('write_')}"
    assert plan.facts.title is not None
    write(rows_of(plan), plan.facts.title, path)
    (reading,) = read_document(path, agencies=agencies)
    apart = {"source", "flags"}
    assert [r.model_dump(exclude=apart) for r in reading.recommendations] == [
        r.model_dump(exclude=apart) for r in plan.recommendations
    ]
    assert reading.facts == plan.facts
    assert reading.left_out == ()
