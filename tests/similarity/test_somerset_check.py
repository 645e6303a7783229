"""The duplicate check on a real plan, where the shared data is present."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kb.similarity.check import check
from kb.similarity.facts import Facts
from kb.similarity.store import Similarity

MakeBase = Callable[[Sequence[str | Facts]], Similarity]
SHARED = Path(os.environ.get("DHR_SHARED") or Path(__file__).resolve().parents[2].parent / "shared")
PLAN = SHARED / "documents" / "somerset-024-action-plan.docx"
needs_plan = pytest.mark.skipif(not PLAN.exists(), reason=f"the real plan is not at {PLAN}")


@pytest.fixture(scope="module")
def plan(make_base: MakeBase) -> Similarity:
    import docx

    rows = docx.Document(str(PLAN)).tables[0].rows[1:]
    texts = [row.cells[0].text.strip() for row in rows]
    return make_base([Facts(f"somerset/{at}", "somerset", t) for at, t in enumerate(texts, 1)])


@needs_plan
def test_a_reworded_genogram_recommendation_finds_number_12(plan: Similarity) -> None:
    result = check(plan, "Remind staff to use genograms in families with complicated relationships")
    assert result.matches[0].facts.id == "somerset/12"
    assert result.verdict in ("duplicate", "overlapping")
    assert result.matches[1].verdict in ("related", "new")


@needs_plan
def test_the_repeats_inside_the_plan_are_duplicates_of_each_other(plan: Similarity) -> None:
    for first, second in ((10, 24), (11, 25)):
        result = check(plan, plan.facts(first - 1).text)
        ids = [match.facts.id for match in result.matches if match.score == 1.0]
        assert ids == [f"somerset/{first}", f"somerset/{second}"]
