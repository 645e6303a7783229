"""``kb evaluate --pairs``: counts and shares worked out by hand; too little is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from bases import done, make_home, write_plan

from kb import KnowledgeBase
from kb.errors import WrongUsage
from kb.library.pair_quality import PairScores, pair_scores, quality_json
from kb.reports import pair_quality

KINDS = ["repeat", "repeat", "near-miss", "near-miss", "related", "repeat"]
SCORES = [0.95, 0.9, 0.85, 0.4, 0.3, 0.2]
CALLED = [True, True, True, False, False, False]


def test_shares_count_what_was_called_a_duplicate() -> None:
    found = PairScores.of(KINDS, SCORES, CALLED)
    assert (found.pairs, found.repeats, found.near_misses) == (6, 3, 2)
    assert found.precision.value == found.recall.value == pytest.approx(2 / 3)
    assert found.near_misses_called.value == 0.5
    assert found.average_precision == pytest.approx((1 + 1 + 3 / 6) / 3)


def test_the_report_has_a_row_for_each_sort_of_judge() -> None:
    data = quality_json({"people": PairScores.of(KINDS, SCORES, CALLED)})
    text = pair_quality(data).render("text").decode()
    assert "people's judgements" in text
    assert data["pairs"] == 6


def test_a_base_that_learns_no_themes_says_what_to_do(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    plan = write_plan(tmp_path / "a.csv", [["1", "Use genograms.", "", "", "", "", ""]])
    done("add", plan, "--review-id", "a", home=home)
    done("build", home=home)
    with pytest.raises(WrongUsage, match="kb judge"):
        pair_scores(KnowledgeBase.open(home))
