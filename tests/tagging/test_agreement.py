"""Agreement of two passes, against figures worked out by hand."""

from __future__ import annotations

import pytest

from kb.tagging.agreement import Counted, agreement


def test_kappa_takes_away_what_chance_alone_agrees_on() -> None:
    # 50 texts: both yes 20, first alone 5, second alone 10, neither 15.
    # agreed 0.7; chance 0.5 · 0.6 + 0.5 · 0.4 = 0.5; kappa 0.2 / 0.5
    one = Counted(texts=50, first=25, second=30, both=20)
    assert one.kappa == pytest.approx(0.4)
    assert one.f1 == pytest.approx(40 / 55)


def test_passes_that_agree_in_all_have_kappa_one_and_opposite_ones_minus_one() -> None:
    assert Counted(10, 5, 5, 5).kappa == pytest.approx(1)
    assert Counted(10, 5, 5, 0).kappa == pytest.approx(-1)


@pytest.mark.parametrize("count", [Counted(0, 0, 0, 0), Counted(4, 0, 0, 0), Counted(4, 4, 4, 4)])
def test_kappa_is_unknown_where_nothing_can_differ(count: Counted) -> None:
    assert count.kappa is None


def test_micro_counts_every_decision_and_macro_means_over_the_labels_given() -> None:
    found = agreement(
        ["dash", "training", "rural"],
        [({"dash"}, {"dash"}), ({"dash", "training"}, {"training"}), (set(), set())],
    )
    assert list(found.labels) == ["dash", "training"]
    assert found.labels["dash"] == Counted(3, 2, 1, 1)
    assert found.micro == Counted(6, 3, 2, 2)
    assert found.macro_f1 == pytest.approx((2 / 3 + 1) / 2)
    assert found.micro.f1 == pytest.approx(4 / 5)
