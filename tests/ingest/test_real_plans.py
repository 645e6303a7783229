from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from kb.ingest import Reading, read_document
from kb.model import Recommendation
from kb.text.agencies import Agencies


@pytest.fixture
def somerset(shared_documents: Path, agencies: Agencies) -> Reading:
    (reading,) = read_document(shared_documents / "somerset-024-action-plan.txt", agencies=agencies)
    return reading


def cells_of(recommendation: Recommendation) -> list[str | None]:
    """The seven printed cells, in the order of the plan's columns."""
    return [
        recommendation.text,
        recommendation.scope.printed,
        recommendation.action,
        recommendation.lead_agency,
        recommendation.milestones,
        recommendation.target_date.printed,
        recommendation.outcome,
    ]


def test_the_somerset_plan_gives_28_recommendations_with_every_cell_as_printed(
    somerset: Reading, shared_documents: Path
) -> None:
    text = (shared_documents / "somerset-024-action-plan.txt").read_text("utf-8")
    printed = [cell.strip() for cell in re.split(r"(?:^|\n)\t", text)[8:]]
    assert len(somerset.recommendations) == 28
    rows = iter(somerset.recommendations)
    expected = [next(rows) for _ in range(3)]
    assert [c or "" for r in expected for c in cells_of(r)] == printed[:21]
    assert next(rows).position == 4
    after = [cell or "" for r in list(rows) for cell in cells_of(r)]
    assert after[: len(printed[28:])] == printed[28:]
    assert not any(after[len(printed[28:]) :])
    assert somerset.left_out == ()


def test_the_row_without_a_scope_is_set_right_by_what_its_cells_hold(somerset: Reading) -> None:
    row = somerset.recommendations[3]
    assert row.text.startswith("Ensure Staff are aware that it is safe to leave brief messages")
    assert row.scope.printed is None
    assert row.action is not None
    assert row.action.startswith("As above – Standard")
    assert row.lead_agency == "Public Health Nursing (Health Visiting)"
    assert row.milestones is not None
    assert row.milestones.startswith("Review the policy")
    assert row.milestones.endswith(
        "\n\nTake to Best Practice on 14th June for discussion and agreement"
    )
    assert row.target_date.printed == (
        "1.4.2022\n\nTo be embedded in practice across the PHN service"
    )
    assert row.target_date.all == ("2022-04-01",)
    assert (row.outcome, row.status.value) == ("Complete and ongoing", "ongoing")
    assert row.flags[0] == "cells 2–4 stood one column to the left; no scope is printed"


def test_dates_statuses_and_repeats_of_the_somerset_plan(somerset: Reading) -> None:
    by_position = {r.position: r for r in somerset.recommendations}
    assert by_position[7].completed.date == "2019-11"
    assert (by_position[11].completed.date, by_position[11].status.value) == ("2021-06", "ongoing")
    assert by_position[13].status.value is None
    assert [by_position[n].status.value for n in (12, 14, 15, 16)] == [
        "ongoing",
        "complete",
        "ongoing",
        "ongoing",
    ]
    assert "the same text stands at position 10" in by_position[24].flags
    assert "the same text stands at position 25" in by_position[11].flags


def test_the_title_line_gives_the_facts_of_the_review(somerset: Reading) -> None:
    facts = somerset.facts
    assert facts.title == "Somerset Domestic Homicide Review (024) Action Plan"
    assert (facts.kind, facts.area, facts.case) == ("DHR", "Somerset", "024")


def test_the_word_version_of_the_somerset_plan_gives_the_same_records(
    somerset: Reading, shared_documents: Path, agencies: Agencies
) -> None:
    (word,) = read_document(shared_documents / "somerset-024-action-plan.docx", agencies=agencies)
    apart = {"source", "flags"}
    assert [r.model_dump(exclude=apart) for r in word.recommendations] == [
        r.model_dump(exclude=apart) for r in somerset.recommendations
    ]
    assert word.facts == somerset.facts
    flagged = [
        a.position
        for a, b in zip(word.recommendations, somerset.recommendations, strict=True)
        if a.flags != b.flags
    ]
    assert flagged == [4]


def test_the_un_document_keeps_163_recommendations_under_their_headings(
    shared_documents: Path, agencies: Agencies
) -> None:
    (path,) = shared_documents.glob("UPR20*.docx")
    (reading,) = read_document(path, agencies=agencies)
    recommendations = reading.recommendations
    assert len(recommendations) == 163
    assert all(r.heading and r.heading.startswith("Theme: ") for r in recommendations)
    assert 1 + sum(a.heading != b.heading for a, b in pairwise(recommendations)) >= 32
    assert recommendations[0].other[0].model_dump() == {"header": "Position", "text": "Supported"}
    assert [left.place for left in reading.left_out] == ["page header"]
