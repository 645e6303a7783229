"""Precision, recall and F1 with their intervals, counted from judged yes and no.

Precision and recall have Wilson intervals. The recommendations of one review hang together, so the
interval of an F1 is found by drawing whole reviews again (the cluster bootstrap).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb.intervals import FEWEST_REVIEWS, SEED, Share, wilson

DRAWS = 2000
_BLOCK_CELLS = 4_000_000


@dataclass(frozen=True)
class Score:
    """How often a theme was judged ``wanted``, was ``given``, and was ``right``."""

    wanted: int
    given: int
    right: int

    @property
    def precision(self) -> Share:
        """Of the tags given, the share that was judged right."""
        return wilson(self.right, self.given)

    @property
    def recall(self) -> Share:
        """Of the tags wanted, the share that was given."""
        return wilson(self.right, self.wanted)

    @property
    def f1(self) -> float | None:
        """2 · right / (given + wanted); None where there is neither."""
        total = self.given + self.wanted
        return 2 * self.right / total if total else None

    def as_json(self) -> dict[str, object]:
        """``{n, given, right, precision, recall, f1}``."""
        return {
            "n": self.wanted,
            "given": self.given,
            "right": self.right,
            "precision": self.precision.as_json(),
            "recall": self.recall.as_json(),
            "f1": self.f1,
        }


@dataclass(frozen=True)
class MethodScores:
    """One way of tagging: a score a theme, all counts together, and the mean F1.

    ``macro_f1`` is the mean over the themes that were judged to hold at least once. ``micro_f1``,
    ``mean_f1`` and ``theme_f1`` are the same figures with their intervals, which are unknown where
    fewer than ``FEWEST_REVIEWS`` reviews were judged.
    """

    themes: Mapping[str, Score]
    micro: Score
    macro_f1: float | None
    micro_f1: Share
    mean_f1: Share
    theme_f1: Mapping[str, Share]

    def as_json(self) -> dict[str, object]:
        """``{micro, macro_f1, macro_f1_interval, themes: {id: score with f1_interval}}``."""
        return {
            "micro": self.micro.as_json() | {"f1_interval": _bounds(self.micro_f1)},
            "macro_f1": self.macro_f1,
            "macro_f1_interval": _bounds(self.mean_f1),
            "themes": {
                theme: score.as_json() | {"f1_interval": _bounds(self.theme_f1[theme])}
                for theme, score in self.themes.items()
            },
        }


def score(
    theme_ids: Sequence[str],
    given: Iterable[Collection[str]],
    gold: Iterable[Mapping[str, bool]],
    reviews: Sequence[str] | None = None,
) -> MethodScores:
    """Count tags against gold; a theme that a gold text does not name was not judged there.

    ``reviews`` names each text's review; without it each text is a review of its own.
    """
    judged = list(gold)
    names = [str(at) for at in range(len(judged))] if reviews is None else reviews
    place = {review: at for at, review in enumerate(dict.fromkeys(names))}
    column = {theme: at for at, theme in enumerate(theme_ids)}
    counts = np.zeros((len(place), len(theme_ids), 3), dtype=np.int64)
    for tags, said, review in zip(given, judged, names, strict=True):
        for theme, holds in said.items():
            is_given = theme in tags
            counts[place[review], column[theme]] += (holds, is_given, holds and is_given)
    themes = {theme: Score(*counts[:, at].sum(axis=0).tolist()) for theme, at in column.items()}
    micro = Score(*counts.sum(axis=(0, 1)).tolist())
    f1s = [one.f1 for one in themes.values() if one.wanted and one.f1 is not None]
    macro_f1 = sum(f1s) / len(f1s) if f1s else None
    return _with_intervals(themes, micro, macro_f1, counts)


def _with_intervals(
    themes: Mapping[str, Score], micro: Score, macro_f1: float | None, counts: npt.NDArray[np.int64]
) -> MethodScores:
    known = len(counts) >= FEWEST_REVIEWS
    drawn = _draws(counts) if known else np.full((1, len(themes) + 2), np.nan)
    low, high = _percentiles(drawn)
    theme_f1 = {
        theme: _cautious(one, low[at], high[at]) for at, (theme, one) in enumerate(themes.items())
    }
    return MethodScores(
        themes=themes,
        micro=micro,
        macro_f1=macro_f1,
        micro_f1=_cautious(micro, low[-2], high[-2]),
        mean_f1=_share(macro_f1, low[-1], high[-1]),
        theme_f1=theme_f1,
    )


def _draws(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The F1 of each theme, micro-F1 and macro-F1 of each draw: float64[DRAWS, themes + 2].

    ``counts`` is reviews × themes × (wanted, given, right). Each draw takes as many reviews as
    there are, by chance and with return (B. Efron and R. Tibshirani, An Introduction to the
    Bootstrap, 1993, chapter 13).
    """
    reviews, themes, _ = counts.shape
    random = np.random.default_rng(SEED)
    flat = counts.reshape(reviews, -1).astype(np.float64)
    drawn = np.full((DRAWS, themes + 2), np.nan)
    block = max(1, min(DRAWS, _BLOCK_CELLS // reviews))
    for start in range(0, DRAWS, block):
        many = min(block, DRAWS - start)
        times = random.multinomial(reviews, np.full(reviews, 1 / reviews), size=many)
        sums = (times.astype(np.float64) @ flat).reshape(many, themes, 3)
        rows = slice(start, start + many)
        drawn[rows, :themes] = _f1s(sums)
        drawn[rows, themes] = _f1s(sums.sum(axis=1))
        wanted = np.where(sums[:, :, 0] > 0, drawn[rows, :themes], np.nan)
        counted = (~np.isnan(wanted)).sum(axis=1)
        drawn[rows, themes + 1] = np.nansum(wanted, axis=1) / np.where(counted, counted, np.nan)
    return drawn


def _f1s(sums: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """F1 from (wanted, given, right) in the last axis; NaN where there is neither."""
    total = sums[..., 0] + sums[..., 1]
    return np.asarray(2 * sums[..., 2] / np.where(total > 0, total, np.nan), dtype=np.float64)


def _percentiles(drawn: npt.NDArray[np.float64]) -> tuple[list[float], list[float]]:
    """The 2.5th and 97.5th of each column's draws that came to a figure; NaN where none did."""
    low, high = [], []
    for column in drawn.T:
        known = column[~np.isnan(column)]
        ends = np.percentile(known, (2.5, 97.5)) if len(known) else (np.nan, np.nan)
        low.append(float(ends[0]))
        high.append(float(ends[1]))
    return low, high


def _cautious(one: Score, low: float, high: float) -> Share:
    """An F1 with its drawn interval, or where the draws show no spread, with Wilson's.

    Of the tags wanted or given the share that is both, J, is a share of a count, and F1 is
    2 · J / (1 + J).
    """
    if low != high:
        return _share(one.f1, low, high)
    both = wilson(one.right, one.wanted + one.given - one.right)
    ends = [2 * j / (1 + j) for j in (both.low, both.high) if j is not None]
    return _share(one.f1, *ends) if ends else Share(one.f1, None, None)


def _share(value: float | None, low: float, high: float) -> Share:
    """A figure with its interval; draws that all come to the same tell of no interval."""
    if value is None or np.isnan(low) or low == high:
        return Share(value, None, None)
    return Share(value, min(low, value), max(high, value))


def _bounds(share: Share) -> dict[str, float | None]:
    return {"low": share.low, "high": share.high}
