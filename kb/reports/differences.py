"""The difference of two shares with its 95 % interval, and what may be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from kb.intervals import (
    FEWEST_REVIEWS,
    Estimate,
    Share,
    drawn_shares,
    draws,
    middle_95,
    wilson,
)

TOO_FEW = "too few reviews to say"


class Difference(Estimate):
    """One share less another, from -1 to 1, and its interval; all None where one has no share."""

    def says(self, fewest: int, more: str, less: str, neither: str) -> str:
        """What may be said, where the smaller side has ``fewest`` reviews.

        Nothing where the interval holds 0, or where there are too few reviews to believe it.
        """
        if self.low is None or self.high is None:
            return "nothing to compare"
        if fewest < FEWEST_REVIEWS:
            return TOO_FEW
        if self.low <= 0 <= self.high:
            return neither
        return more if self.low > 0 else less


NO_DIFFERENCE = Difference(None, None, None)


def newcombe(first: Share, second: Share) -> Difference:
    """``first - second`` of independent shares, from the Wilson interval of each.

    R. G. Newcombe, "Interval estimation for the difference between independent proportions",
    Statistics in Medicine 17 (1998), 873–890, method 10.
    """
    a, b = first.interval(), second.interval()
    if a is None or b is None or first.value is None or second.value is None:
        return NO_DIFFERENCE
    value = first.value - second.value
    down = sqrt((first.value - a[0]) ** 2 + (b[1] - second.value) ** 2)
    up = sqrt((a[1] - first.value) ** 2 + (second.value - b[0]) ** 2)
    return Difference(value, max(-1.0, value - down), min(1.0, value + up))


@dataclass(frozen=True)
class Side:
    """Labels counted for each review of one side, all sides over the same reviews.

    ``counts`` is reviews × labels, ``sizes`` the recommendations of each review, 0 where the
    review is not of this side.
    """

    counts: NDArray[np.int64]
    sizes: NDArray[np.int64]

    @property
    def reviews(self) -> int:
        """How many reviews are of this side."""
        return int((self.sizes > 0).sum())


def clustered_differences(first: Side, second: Side) -> list[Difference]:
    """For each label its share of recommendations in ``first`` less that in ``second``.

    Whole reviews are drawn again, from those of both sides together, so that a review with
    recommendations in both is drawn for both. Where drawing again shows no spread that is worth
    believing (few reviews on a side, or a share of 0 or 1 there) the interval is Newcombe's with
    one observation a review.
    """
    totals = [int(side.sizes.sum()) for side in (first, second)]
    if not all(totals):
        return [NO_DIFFERENCE] * first.counts.shape[1]
    values = [
        side.counts.sum(axis=0) / total for side, total in zip((first, second), totals, strict=True)
    ]
    few = [
        newcombe(
            wilson(float(a) * first.reviews, first.reviews),
            wilson(float(b) * second.reviews, second.reviews),
        )
        for a, b in zip(*values, strict=True)
    ]
    if min(first.reviews, second.reviews) < FEWEST_REVIEWS:
        return few
    times = draws(len(first.sizes))
    drawn = [drawn_shares(times, side.counts, side.sizes) for side in (first, second)]
    low, high = middle_95(drawn[0] - drawn[1])
    return [
        cautious
        if a in (0.0, 1.0) or b in (0.0, 1.0)
        else Difference(float(a - b), min(float(down), float(a - b)), max(float(up), float(a - b)))
        for a, b, cautious, down, up in zip(*values, few, low.tolist(), high.tolist(), strict=True)
    ]
