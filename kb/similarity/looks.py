"""Which stored texts are looked at closely beside a draft, and in what order they stand then.

The nearest by their cosines are candidates. What arrays tell of them says how high each can come at
most; one that cannot stand among the answers, nor counts as asked before, is looked at no closer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.similarity.bounds import ROUNDING, Floats
from kb.similarity.features import Comparison, Side
from kb.similarity.glances import Glances
from kb.similarity.logits import table_of
from kb.similarity.store import Cosines, Similarity

CLOSER_LOOKS = 50
_NEARNESS = 2.0  # how much cosines say beside the score of which match comes first
_SURE = 1e-6
_AT_A_TIME = 2

Rows = NDArray[np.int64]


class Look(NamedTuple):
    """A stored text compared in full; ``together`` are its cosines."""

    row: int
    score: float
    comparison: Comparison
    together: float

    @property
    def evidence(self) -> float:
        """What answers stand in order by."""
        return evidence(self.score, self.together)


def evidence(score: float, together: float) -> float:
    """Log-odds of a score, which tells near-misses from repeats, and the cosines.

    Together they find the original first more often than either does alone.
    """
    score = min(max(score, _SURE), 1 - _SURE)
    return math.log(score / (1 - score)) + _NEARNESS * together


def shown(looks: Sequence[Look], limit: int) -> list[Look]:
    """The first ones, and in the last place the one that gives the verdict if it is not there."""
    chosen = list(looks[:limit])
    highest = max(looks, key=lambda look: look.score, default=None)
    if highest is not None and highest.score > max(look.score for look in chosen):
        chosen[-1] = highest
    return chosen


@dataclass(frozen=True)
class Candidates:
    """The rows that may be answers to a draft, and what people judged of them."""

    similarity: Similarity
    draft: Side
    cosines: Cosines
    rows: Rows
    judged: Mapping[int, bool]

    @cached_property
    def together(self) -> Floats:
        """The cosines of every row as one."""
        return self.cosines.together

    def closer_looks(self, limit: int) -> list[Look]:
        """The looks that count, best first: as many as the limit, and all that may count as asked.

        Duplicates come first, then by evidence. Those left out stand behind, and none of them
        scores higher than all that are here.
        """
        told = self.rows[np.isin(self.rows, list(self.judged))]
        others = self.rows[_largest(self.together[self.rows], max(CLOSER_LOOKS, limit))]
        others = others[~np.isin(others, told)]
        looks = self._looked_at(told)
        left = self._by_promise(others) if len(others) > limit else _all_of(others)
        while len(left):
            count = max(limit - len(looks), _AT_A_TIME)
            looks = self._ordered(looks + self._looked_at(left.rows[:count]))
            left = self._promising(left.after(count), looks, limit)
        return looks

    def _by_promise(self, rows: Rows) -> _Left:
        """How far each of these rows may come: those first that may count as asked, or come far."""
        low, high = Glances(self.similarity, self.draft, rows).between(self.cosines)
        scores = self.similarity.scorer.highest(low, high) + ROUNDING
        together = self.together[rows].tolist()
        most = np.array([evidence(*pair) for pair in zip(scores.tolist(), together, strict=True)])
        order = np.lexsort((-most, scores < self.similarity.scorer.asked))
        return _Left(rows, scores, most + ROUNDING).at(order)

    def _promising(self, left: _Left, looks: Sequence[Look], limit: int) -> _Left:
        """Those of the rest that may still come among the answers, count as asked, or score most."""
        if len(looks) < limit:
            return left
        counts = min(self.similarity.scorer.asked, max(look.score for look in looks))
        return left.at((left.scores >= counts) | (left.evidence >= looks[limit - 1].evidence))

    def _looked_at(self, rows: Rows) -> list[Look]:
        """These rows compared in full."""
        compared = [self._compared(row) for row in rows.tolist()]
        scorer = self.similarity.scorer
        scores = scorer.scores(table_of([one.features for one in compared])).tolist()
        return [
            Look(row, scorer.obeying(self.judged.get(row), score), one, float(self.together[row]))
            for row, score, one in zip(rows.tolist(), scores, compared, strict=True)
        ]

    def _compared(self, row: int) -> Comparison:
        cosines = self.cosines
        return self.similarity.compare(
            self.draft,
            row,
            word_cosine=float(cosines.words[row]),
            character_cosine=float(cosines.characters[row]),
            latent_cosine=float(cosines.latent[row]),
            sentence_cosine=float(cosines.sentences[row]),
        )

    def _ordered(self, looks: Sequence[Look]) -> list[Look]:
        edge = self.similarity.scorer.duplicate
        return sorted(
            looks, key=lambda look: (look.score < edge, -look.evidence, -look.score, look.row)
        )


@dataclass(frozen=True)
class _Left:
    """Rows not looked at yet, and the greatest score and evidence that each may have."""

    rows: Rows
    scores: Floats
    evidence: Floats

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, chosen: Rows | NDArray[np.bool_]) -> _Left:
        return _Left(self.rows[chosen], self.scores[chosen], self.evidence[chosen])

    def after(self, count: int) -> _Left:
        return self.at(np.arange(count, max(count, len(self))))


def _all_of(rows: Rows) -> _Left:
    most = np.full(len(rows), np.inf)
    return _Left(rows, most, most)


def _largest(values: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Places of the largest values, the earlier first among equals."""
    if len(values) > count:
        edge = np.partition(values, len(values) - count)[len(values) - count]
        above = np.flatnonzero(values > edge)
        level = np.flatnonzero(values == edge)[: count - len(above)]
        return np.concatenate([above, level])
    return np.arange(len(values))
