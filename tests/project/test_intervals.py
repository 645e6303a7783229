from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.intervals import NO_SHARE, clustered_shares, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (score)
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (5, 10, 0.2366, 0.7634),
    ],
)
def test_wilson_gives_the_published_intervals(
    part: int, whole: int, low: float, high: float
) -> None:
    share = wilson(part, whole)
    assert share.value == part / whole
    assert share.low == pytest.approx(low, abs=5e-5)
    assert share.high == pytest.approx(high, abs=5e-5)


def test_a_share_of_nothing_has_no_value_and_no_interval() -> None:
    assert wilson(0, 0) == NO_SHARE
    assert NO_SHARE.interval() is None


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_stays_within_0_and_1(pair: tuple[int, int]) -> None:
    share = wilson(*pair)
    assert share.value is not None
    assert share.low is not None
    assert share.high is not None
    assert 0 <= share.low <= share.value <= share.high <= 1


def _shares(counts: list[list[int]], sizes: list[int]) -> list[tuple[float, float, float]]:
    shares = clustered_shares(np.array(counts), np.array(sizes))
    return [(s.value or 0.0, s.low or 0.0, s.high or 0.0) for s in shares]


def test_the_same_reviews_always_give_the_same_interval() -> None:
    counts, sizes = [[at % 3] for at in range(30)], [3] * 30
    assert _shares(counts, sizes) == _shares(counts, sizes)


def test_recommendations_that_hang_together_by_review_widen_the_interval() -> None:
    together = [[10] if at % 2 else [0] for at in range(40)]
    spread = [[5]] * 39 + [[4]]
    ((_, low, high),) = _shares(together, [10] * 40)
    ((_, tight_low, tight_high),) = _shares(spread, [10] * 40)
    assert high - low > 0.25
    assert tight_high - tight_low < 0.02


def test_bootstrap_agrees_with_theory_where_each_review_has_one_recommendation() -> None:
    counts, sizes = [[1]] * 120 + [[0]] * 280, [1] * 400
    ((value, low, high),) = _shares(counts, sizes)
    spread = 1.96 * (0.3 * 0.7 / 400) ** 0.5
    assert value == 0.3
    assert low == pytest.approx(0.3 - spread, abs=0.006)
    assert high == pytest.approx(0.3 + spread, abs=0.006)


def test_bootstrap_equals_a_plain_loop_over_the_same_draws() -> None:
    random = np.random.default_rng(3)
    sizes = random.integers(1, 9, size=25)
    counts = np.array([[random.integers(0, size + 1) for _ in range(2)] for size in sizes])
    from kb import intervals

    drawn = np.random.default_rng(intervals.SEED).integers(0, 25, size=(intervals.DRAWS, 25))
    loop = [
        [sum(counts[at][theme] for at in draw) / sum(sizes[at] for at in draw) for theme in (0, 1)]
        for draw in drawn
    ]
    low, high = np.percentile(np.array(loop), (2.5, 97.5), axis=0)
    found = clustered_shares(counts, sizes)
    assert [s.low for s in found] == pytest.approx(list(low), abs=1e-12)
    assert [s.high for s in found] == pytest.approx(list(high), abs=1e-12)


def test_never_seen_in_few_reviews_is_not_called_certain() -> None:
    ((value, low, high),) = _shares([[0]] * 12, [25] * 12)
    assert (value, low) == (0.0, 0.0)
    assert high == pytest.approx(0.2425, abs=5e-5)


def test_one_review_alone_gets_the_widest_interval() -> None:
    ((value, low, high),) = _shares([[5]], [10])
    assert value == 0.5
    assert high - low > 0.8
