"""The check of a draft as a report: a verdict for each recommendation, its repeats below."""

from __future__ import annotations

import json
from pathlib import Path

from kb.library import KnowledgeBase
from kb.reports.formats import FORMATS

DRAFTS = [
    ("A", "All ward staff to be trained in coercive control."),
    ("B", "Paint the lighthouse."),
]


def test_each_draft_has_its_verdict_and_the_repeats_their_reviews(built: Path) -> None:
    report = KnowledgeBase.open(built).check_report(DRAFTS, command="kb check --file plan.docx")
    drafts, matches = report.tables
    assert [row[0] for row in drafts.rows] == ["A", "B"]
    assert drafts.rows[0][2:4] == ("Asked before", "Asked twice since 2021; once marked complete")
    assert {row[0] for row in matches.rows} >= {"A"}
    assert "Review of Mrs F" in {row[3] for row in matches.rows}
    assert ("Made with", "kb check --file plan.docx") in report.head


def test_it_is_written_in_every_format(built: Path) -> None:
    report = KnowledgeBase.open(built).check_report(DRAFTS, command="kb check")
    for name in FORMATS:
        assert len(report.render(name)) > 300
    data = json.loads(report.render("json"))
    assert [draft["id"] for draft in data["drafts"]] == ["A", "B"]
    assert data["denominators"]["drafts"] == 2


def test_a_review_can_be_left_out(built: Path) -> None:
    base = KnowledgeBase.open(built)
    report = base.check_report(DRAFTS, command="kb check", except_review="fellside-7")
    assert "Review of Mrs F" not in {row[3] for row in report.tables[1].rows}
