"""Which stored texts are looked at closely beside a draft, and in what order they stand then.

The nearest by their cosines are candidates. What arrays tell of them says how high each can come at
most; one that cannot stand among the answers, nor counts as asked before, is looked at no closer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.similarity.bounds import ROUNDING, Floats
from kb.similarity.features import Comparison, Side
from kb.similarity.glances import Glances
from kb.similarity.logits import table_of
from kb.similarity.nearest import Nearest
from kb.similarity.store import Similarity

CLOSER_LOOKS = 50
_NEARNESS = 2.0  # how much cosines say beside the score of which match comes first
_SURE = 1e-6
_AT_A_TIME = 4

Places = NDArray[np.int64]


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
    """The rows that may be answers to a draft, with their cosines, and what people judged of them.

    What follows speaks of them by their places among ``near.rows``.
    """

    similarity: Similarity
    draft: Side
    near: Nearest
    judged: Mapping[int, bool]

    def closer_looks(self, limit: int) -> list[Look]:
        """The looks that count, best first: as many as the limit, and all that may count as asked.

        Duplicates come first, then by evidence. Those left out stand behind, and none of them
        scores higher than all that are here.
        """
        is_judged = np.isin(self.near.rows, list(self.judged))
        looks = self._looked_at(np.flatnonzero(is_judged))
        left = self._by_promise(np.flatnonzero(~is_judged), limit)
        while len(left):
            count = max(limit - len(looks), _AT_A_TIME)
            looks = self._ordered(looks + self._looked_at(left.places[:count]))
            left = self._promising(left.after(count), looks, limit)
        return self._ordered(looks)

    def _by_promise(self, places: Places, limit: int) -> _Left:
        """How far each of these may come: those first that may count as asked, or come far."""
        if len(places) <= limit:
            return _Left(places, *np.full((2, len(places)), np.inf))
        near = self.near.at(places)
        low, high = Glances(self.similarity, self.draft, near.rows).between(near.cosines)
        scores = self.similarity.scorer.highest(low, high) + ROUNDING
        pairs = zip(scores.tolist(), near.cosines.together.tolist(), strict=True)
        most = np.array([evidence(*pair) for pair in pairs]) + ROUNDING
        order = np.lexsort((-most, scores < self.similarity.scorer.asked))
        return _Left(places, scores, most).at(order)

    def _promising(self, left: _Left, looks: Sequence[Look], limit: int) -> _Left:
        """Those of the rest that may come among the answers, count as asked, or score highest."""
        if len(looks) < limit:
            return left
        counts = min(self.similarity.scorer.asked, max(look.score for look in looks))
        return left.at((left.scores >= counts) | (left.evidence >= looks[limit - 1].evidence))

    def _looked_at(self, places: Places) -> list[Look]:
        """These compared in full."""
        if not len(places):
            return []
        near, scorer = self.near.at(places), self.similarity.scorer
        rows = near.rows.tolist()
        cosines = zip(*(part.tolist() for part in vars(near.cosines).values()), strict=True)
        compared = [self._compared(row, *own) for row, own in zip(rows, cosines, strict=True)]
        scores = scorer.scores(table_of([one.features for one in compared])).tolist()
        together = near.cosines.together.tolist()
        return [
            Look(row, scorer.obeying(self.judged.get(row), score), one, nearness)
            for row, score, one, nearness in zip(rows, scores, compared, together, strict=True)
        ]

    def _compared(
        self, row: int, words: float, characters: float, latent: float, sentences: float
    ) -> Comparison:
        return self.similarity.compare(
            self.draft,
            row,
            word_cosine=words,
            character_cosine=characters,
            latent_cosine=latent,
            sentence_cosine=sentences,
        )

    def _ordered(self, looks: Sequence[Look]) -> list[Look]:
        edge = self.similarity.scorer.duplicate
        return sorted(
            looks, key=lambda look: (look.score < edge, -look.evidence, -look.score, look.row)
        )


@dataclass(frozen=True)
class _Left:
    """What is not looked at yet, and the greatest score and evidence that each may have."""

    places: Places
    scores: Floats
    evidence: Floats

    def __len__(self) -> int:
        return len(self.places)

    def at(self, chosen: Places | NDArray[np.bool_]) -> _Left:
        return _Left(*(part[chosen] for part in vars(self).values()))

    def after(self, count: int) -> _Left:
        return self.at(np.arange(min(count, len(self)), len(self)))
