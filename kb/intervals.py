"""Shares with their 95 % intervals.

Reviews are taken as a sample of reviews like them. The recommendations of one review hang
together, so the interval of their share is found by drawing whole reviews again (the cluster
bootstrap); a share of reviews has Wilson's interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Z = 1.959963984540054  # the 97.5 % point of the normal distribution
SEED = 20110413  # section 9 of the 2004 Act, which made these reviews a duty, began on that day
DRAWS = 1000
FEWEST_REVIEWS = 10
_BLOCK_CELLS = 4_000_000


@dataclass(frozen=True)
class Estimate:
    """A number and its 95 % interval."""

    value: float | None
    low: float | None
    high: float | None

    def as_json(self) -> dict[str, float | None]:
        """``{value, low, high}``."""
        return {"value": self.value, "low": self.low, "high": self.high}

    def interval(self) -> tuple[float, float] | None:
        """(low, high), or None where there is none."""
        return None if self.low is None or self.high is None else (self.low, self.high)


class Share(Estimate):
    """A share from 0 to 1 and its 95 % interval; all None where there is nothing to share."""


NO_SHARE = Share(None, None, None)


def wilson(part: float, whole: float) -> Share:
    """The share ``part / whole`` with Wilson's score interval."""
    return wilsons(np.array([part], dtype=np.float64), whole)[0]


def wilsons(parts: NDArray[np.float64] | NDArray[np.int64], whole: float) -> list[Share]:
    """The share of each part of one whole with Wilson's score interval.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal
    of the American Statistical Association 22 (1927), 209–212; without continuity correction.
    """
    if whole <= 0:
        return [NO_SHARE] * len(parts)
    shares = parts / whole
    middle = shares + Z * Z / (2 * whole)
    reach = Z * np.sqrt(shares * (1 - shares) / whole + Z * Z / (4 * whole * whole))
    scale = 1 + Z * Z / whole
    low = np.minimum(np.maximum((middle - reach) / scale, 0.0), shares)
    high = np.maximum(np.minimum((middle + reach) / scale, 1.0), shares)
    return list(map(Share, shares.tolist(), low.tolist(), high.tolist()))


def clustered_shares(
    counts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    times: NDArray[np.float32] | None = None,
    places: NDArray[np.int64] | None = None,
) -> list[Share]:
    """For each theme its share of all recommendations, with the interval of the cluster bootstrap.

    ``counts`` is reviews × themes (recommendations of that review that carry the theme), ``sizes``
    is reviews (its recommendations, each at least 1). Where these reviews are a part of more,
    ``times`` are the ``draws`` of all and ``places`` those of the part among them. Percentile
    intervals of ``DRAWS`` seeded draws of whole reviews (B. Efron and R. Tibshirani, An
    Introduction to the Bootstrap, 1993, chapter 13). Where drawing again can show no spread that is
    worth believing (fewer than ``FEWEST_REVIEWS`` reviews, or a share of 0 or 1) the interval is
    Wilson's with one observation a review, which is the widest that clusters allow.
    """
    reviews = len(sizes)
    if reviews == 0:
        return [NO_SHARE] * counts.shape[1]
    values = counts.sum(axis=0) / int(sizes.sum())
    cautious = wilsons(values * reviews, reviews)
    shares = [
        Share(value, c.low, c.high) for value, c in zip(values.tolist(), cautious, strict=True)
    ]
    spread = np.flatnonzero((values > 0) & (values < 1))
    if reviews < FEWEST_REVIEWS or not len(spread):
        return shares
    drawn = drawn_shares(
        draws(reviews) if times is None else times, counts[:, spread], sizes, places
    )
    low, high = middle_95(drawn)
    ends = np.minimum(low, values[spread]).tolist(), np.maximum(high, values[spread]).tolist()
    for at, down, up in zip(spread.tolist(), *ends, strict=True):
        shares[at] = Share(shares[at].value, down, up)
    return shares


@lru_cache(maxsize=2)
def draws(reviews: int) -> NDArray[np.float32]:
    """Reviews × draws: how often each review is in each seeded draw of as many reviews."""
    random = np.random.default_rng(SEED)
    times = np.empty((reviews, DRAWS), dtype=np.float32)
    block = max(1, min(DRAWS, _BLOCK_CELLS // reviews))
    for start in range(0, DRAWS, block):
        many = min(block, DRAWS - start)
        drawn = random.integers(0, reviews, size=(many, reviews))
        drawn += np.arange(many)[:, None] * reviews
        counted = np.bincount(drawn.ravel(), minlength=many * reviews)
        times[:, start : start + many] = counted.reshape(many, reviews).T
    times.setflags(write=False)
    return times


def drawn_shares(
    times: NDArray[np.float32],
    counts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    places: NDArray[np.int64] | None = None,
) -> NDArray[np.float64]:
    """Themes × draws: the share of each theme in each draw; NaN where a draw has nothing at all.

    ``places`` are the rows of ``times`` that the reviews of ``counts`` and ``sizes`` have, else all
    in order. Few reviews carry any one theme, so the product is a sparse one. Sums are of whole
    numbers far below 2**24, which 32 bits hold exactly in any order.
    """
    from scipy.sparse import csr_array

    table = np.vstack((counts.T, sizes))
    label, review = np.nonzero(table)
    starts = np.concatenate(([0], np.cumsum(np.bincount(label, minlength=len(table)))))
    among = review if places is None else places[review]
    cells = (table[label, review].astype(np.float32), among, starts)
    sums = (csr_array(cells, shape=(len(table), len(times))) @ times).astype(np.float64)
    with np.errstate(invalid="ignore"):
        shares: NDArray[np.float64] = sums[:-1] / sums[-1]
    return shares


def middle_95(drawn: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The 2.5th and 97.5th percentile of each row, draws with nothing in them left out."""
    if np.isnan(drawn).any():
        drawn = np.compress(~np.isnan(drawn).any(axis=0), drawn, axis=1)
    low, high = np.percentile(drawn, (2.5, 97.5), axis=1, overwrite_input=True)
    return low, high
