"""Precision, recall and F1 with their intervals, against figures worked out by hand."""

from __future__ import annotations

import pytest

from kb.intervals import FEWEST_REVIEWS, Share, wilson
from kb.tagging.scores import Score, score


def test_theme_that_was_not_judged_is_left_out_of_the_score() -> None:
    scores = score(["a", "b"], [{"a", "b"}, {"a"}], [{"a": True}, {"a": False, "b": True}])
    assert scores.themes == {"a": Score(1, 2, 1), "b": Score(1, 0, 0)}
    assert scores.micro == Score(2, 2, 1)
    assert scores.macro_f1 == pytest.approx((2 / 3 + 0) / 2)


def test_wilson_interval_of_nine_in_ten() -> None:
    share = wilson(9, 10)
    assert share.value == 0.9
    assert share.low == pytest.approx(0.5958, abs=1e-4)
    assert share.high == pytest.approx(0.9821, abs=1e-4)
    assert wilson(0, 0).value is None


def test_f1_has_no_interval_where_reviews_are_too_few() -> None:
    few = FEWEST_REVIEWS - 1
    scores = score(["a"], [{"a"}] * few, [{"a": True}] * few)
    assert scores.micro_f1 == Share(1.0, None, None)


def test_recommendations_of_one_review_hang_together() -> None:
    """Forty texts in ten reviews that are all right or all wrong tell less than forty reviews."""
    given = [{"a"} if at % 8 < 4 else set() for at in range(80)]
    gold = [{"a": True}] * 80
    reviews = [f"review {at // 4}" for at in range(80)]
    together = score(["a"], given, gold, reviews)
    apart = score(["a"], given, gold)
    assert together.micro == apart.micro == Score(80, 40, 40)
    assert _width(together.micro_f1) > 1.5 * _width(apart.micro_f1)
    for one in (together, apart):
        assert one.theme_f1["a"] == one.micro_f1 == one.mean_f1
        assert one.micro_f1.low is not None
        assert one.micro_f1.low < 2 / 3 < (one.micro_f1.high or 0)


def test_f1_without_a_mistake_has_an_interval_all_the_same() -> None:
    scores = score(["a", "b"], [{"a"}] * 12, [{"a": True, "b": False}] * 12)
    both = wilson(12, 12)
    assert both.low is not None
    assert scores.theme_f1["a"] == Share(1.0, 2 * both.low / (1 + both.low), 1.0)
    assert scores.theme_f1["b"] == Share(None, None, None)
    assert scores.mean_f1 == Share(1.0, None, None)


def test_same_counts_give_the_same_interval() -> None:
    given = [{"a"} if at % 3 else {"b"} for at in range(30)]
    gold = [{"a": at % 2 == 0, "b": at % 5 == 0} for at in range(30)]
    assert score(["a", "b"], given, gold) == score(["a", "b"], given, gold)


def _width(share: Share) -> float:
    assert share.low is not None
    assert share.high is not None
    return share.high - share.low
