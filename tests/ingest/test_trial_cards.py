"""Cards and titled actions as boards keep them: who leads what, and rows that carry a number."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from docx.table import Table

from kb.ingest import Reading, read_document
from kb.text.agencies import load_agencies

_ASK = "The Partnership should publish a briefing on this review for all staff."
_OTHER = "Review templates for risk assessment so that suicide is considered."


class _Plan:
    """A Word document whose tables are given as rows of texts."""

    def __init__(self, path: Path) -> None:
        self._path = path / "plan.docx"
        self._document = docx.Document()

    def add(
        self, rows: Sequence[Sequence[str]], *, merged: Sequence[tuple[int, int]] = ()
    ) -> Table:
        """A table; ``merged`` are (row, first column) of cells that go to the right edge."""
        width = max(len(row) for row in rows)
        table: Table = self._document.add_table(rows=len(rows), cols=width)
        for at, row in enumerate(rows):
            for cell, text in zip(table.rows[at].cells, row, strict=False):
                cell.text = text
        for at, first in merged:
            text = table.cell(at, first).text
            table.cell(at, first).merge(table.cell(at, width - 1)).text = text
        return table

    def say(self, text: str, level: int | None = None) -> None:
        """A paragraph or a heading."""
        if level is None:
            self._document.add_paragraph(text)
        else:
            self._document.add_heading(text, level)

    def read(self) -> Reading:
        """The document read."""
        self._document.save(str(self._path))
        return read_document(self._path, agencies=load_agencies())[0]


@pytest.fixture
def plan(tmp_path: Path) -> _Plan:
    return _Plan(tmp_path)


def test_lead_agency_of_a_card_stands_beside_the_owners_of_its_actions(plan: _Plan) -> None:
    rows = [
        ["Recommendation", _ASK, "", ""],
        ["Lead agency", "Tarnmoor Council", "", ""],
        ["Action", "Owner", "Target date", "Progress"],
        ["Draft it", "Partnership Manager", "3/7/24", "Complete"],
        ["Share it", "Kent Police", "4/7/24", "Not started"],
    ]
    plan.add(rows, merged=[(0, 1), (1, 1)])
    read = plan.read()
    (only,) = read.recommendations
    assert only.lead_agency == "Tarnmoor Council"
    assert [agency.name for agency in only.lead_agencies] == ["Tarnmoor Council", "Kent Police"]
    assert [action.lead_agency for action in only.actions] == ["Partnership Manager", "Kent Police"]
    assert not read.left_out


def test_date_of_a_card_is_kept_where_each_action_has_its_own(plan: _Plan) -> None:
    rows = [
        ["Recommendation", _ASK, ""],
        ["Target date", "December 2024", ""],
        ["Action", "Owner", "Target date"],
        ["Draft it", "Manager", "3/7/24"],
    ]
    plan.add(rows, merged=[(0, 1), (1, 1)])
    read = plan.read()
    (only,) = read.recommendations
    assert [(cell.header, cell.text) for cell in only.other] == [("Target date", "December 2024")]
    assert only.actions[0].target_date.date == "2024-07-03"
    assert not read.left_out


def test_unknown_label_of_a_card_is_kept_with_its_recommendation(plan: _Plan) -> None:
    plan.add(
        [
            ["Recommendation 1", _ASK],
            ["Why this matters to us", "Practice fell short."],
            ["Lead agency", "Tarnmoor Council"],
            ["Target date", "May 2024"],
        ]
    )
    read = plan.read()
    (only,) = read.recommendations
    assert [(c.header, c.text) for c in only.other] == [
        ("Why this matters to us", "Practice fell short.")
    ]
    assert not read.left_out


@pytest.mark.parametrize("is_merged", [True, False])
def test_row_of_number_and_recommendation_stands_over_its_numbered_actions(
    plan: _Plan, is_merged: bool
) -> None:
    rows = [
        ["Ref", "Action", "Lead officer", "Target date", "RAG"],
        ["1", _ASK, "", "", ""],
        ["1.1", "Draft it", "Manager", "31/3/24", "Green"],
        ["1.2", "Share it", "Manager", "30/4/24", "Red"],
        ["2", _OTHER, "", "", ""],
        ["2.1", "Redraft the form", "Nurse", "1/5/24", "Amber"],
    ]
    plan.add(rows, merged=[(1, 1), (4, 1)] if is_merged else ())
    read = plan.read()
    assert [(r.number, r.text) for r in read.recommendations] == [("1", _ASK), ("2", _OTHER)]
    assert [a.text for r in read.recommendations for a in r.actions] == [
        "Draft it",
        "Share it",
        "Redraft the form",
    ]
    assert not read.left_out
