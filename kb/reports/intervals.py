"""Shares with their 95 % intervals.

Reviews are taken as a sample of reviews like them. The recommendations of one review hang
together, so the interval of their share is found by drawing whole reviews again (the cluster
bootstrap); a share of reviews has Wilson's interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Z = 1.959963984540054  # the 97.5 % point of the normal distribution
SEED = 20110413  # section 9 of the 2004 Act, which made these reviews a duty, began on that day
DRAWS = 2000
FEWEST_REVIEWS = 10
_BLOCK_CELLS = 4_000_000


@dataclass(frozen=True)
class Share:
    """A share from 0 to 1 and its 95 % interval; all None where there is nothing to share."""

    value: float | None
    low: float | None
    high: float | None

    def as_json(self) -> dict[str, float | None]:
        """``{value, low, high}``."""
        return {"value": self.value, "low": self.low, "high": self.high}

    def interval(self) -> tuple[float, float] | None:
        """(low, high), or None where there is none."""
        return None if self.low is None or self.high is None else (self.low, self.high)


NO_SHARE = Share(None, None, None)


def wilson(part: float, whole: float) -> Share:
    """The share ``part / whole`` with Wilson's score interval.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal
    of the American Statistical Association 22 (1927), 209–212; without continuity correction.
    """
    if whole <= 0:
        return NO_SHARE
    share = part / whole
    middle = share + Z * Z / (2 * whole)
    reach = Z * sqrt(share * (1 - share) / whole + Z * Z / (4 * whole * whole))
    scale = 1 + Z * Z / whole
    low, high = (middle - reach) / scale, (middle + reach) / scale
    return Share(share, min(max(low, 0.0), share), max(min(high, 1.0), share))


def clustered_shares(
    counts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    drawn: NDArray[np.uint8] | None = None,
) -> list[Share]:
    """For each theme its share of all recommendations, with the interval of the cluster bootstrap.

    ``counts`` is reviews × themes (recommendations of that review that carry the theme), ``sizes``
    is reviews (its recommendations, each at least 1); ``drawn`` (reviews × draws) says how often
    each review was drawn where these are a part of more. Percentile intervals of ``DRAWS`` seeded
    draws of whole reviews (B. Efron and R. Tibshirani, An Introduction to the Bootstrap, 1993,
    chapter 13). Where drawing again can show no spread that is worth believing (fewer than
    ``FEWEST_REVIEWS`` reviews, or a share of 0 or 1) the interval is Wilson's with one observation
    a review, which is the widest that clusters allow.
    """
    reviews = len(sizes)
    if reviews == 0:
        return [NO_SHARE] * counts.shape[1]
    values = (counts.sum(axis=0) / int(sizes.sum())).tolist()
    shares = [wilson(value * reviews, reviews) for value in values]
    shares = [Share(value, c.low, c.high) for value, c in zip(values, shares, strict=True)]
    if reviews < FEWEST_REVIEWS:
        return shares
    spread = [at for at, value in enumerate(values) if value not in (0.0, 1.0)]
    times = draws(reviews) if drawn is None else drawn
    found = middle_95(drawn_shares(times, counts[:, spread], sizes))
    for at, low, high in zip(spread, *found, strict=True):
        shares[at] = Share(values[at], min(low, values[at]), max(high, values[at]))
    return shares


@lru_cache(maxsize=2)
def draws(reviews: int) -> NDArray[np.uint8]:
    """Reviews × draws: how often each review is in each seeded draw of as many reviews."""
    random = np.random.default_rng(SEED)
    times = np.empty((DRAWS, reviews), dtype=np.uint8)
    block = max(1, min(DRAWS, _BLOCK_CELLS // reviews))
    for start in range(0, DRAWS, block):
        many = min(block, DRAWS - start)
        drawn = random.integers(0, reviews, size=(many, reviews))
        drawn += np.arange(many)[:, None] * reviews
        counted = np.bincount(drawn.ravel(), minlength=many * reviews)
        times[start : start + many] = counted.reshape(many, reviews)
    by_review = np.ascontiguousarray(times.T)
    by_review.setflags(write=False)
    return by_review


def drawn_shares(
    times: NDArray[np.uint8], counts: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Themes × draws: the share of each theme in each draw; NaN where a draw has nothing at all.

    Sums are of whole numbers far below 2**24, which 32 bits hold exactly.
    """
    weights = times.astype(np.float32)
    carried = np.ascontiguousarray(counts.T, dtype=np.float32)
    carrying = (carried @ weights).astype(np.float64)
    with np.errstate(invalid="ignore"):
        return carrying / (sizes.astype(np.float32) @ weights).astype(np.float64)


def middle_95(drawn: NDArray[np.float64]) -> tuple[list[float], list[float]]:
    """The 2.5th and 97.5th percentile of each row, draws with nothing in them left out."""
    known = np.compress(~np.isnan(drawn).any(axis=0), drawn, axis=1)
    low, high = np.percentile(known, (2.5, 97.5), axis=1, overwrite_input=True)
    return low.tolist(), high.tolist()
