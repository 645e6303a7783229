"""Texts as the classifier reads them: probabilities, and the words that carried a theme."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from kb.model import Evidence
from kb.tagging.features import Floats, Ints, Weighted
from kb.tagging.words import WordTable
from kb.text.tokens import STOP_WORDS

MOST_STRETCHES = 3
LEAST_SHARE = 0.3


@dataclass(frozen=True)
class Reading:
    """n texts read by a model; ``probabilities`` float64[n, learnt themes]."""

    texts: Sequence[str]
    table: WordTable
    weighted: Weighted
    effects: Floats
    pair_effects: npt.NDArray[np.float32]
    probabilities: Floats
    pair_places: Callable[[Ints, Ints], Ints]

    def evidence(self, row: int, theme: int) -> tuple[Evidence, ...]:
        """The stretches of text ``row`` that speak for learnt theme ``theme``, strongest first.

        A word's weight is what it adds to the score, its n-grams included and half of each pair
        it stands in; neighbouring words of some weight make one stretch.
        """
        first, last = int(self.table.bounds[row]), int(self.table.bounds[row + 1])
        strength = self._strength(theme, first, last)
        least = LEAST_SHARE * strength.max(initial=0.0)
        stretches: list[tuple[float, int, int]] = []
        text = self.texts[row]
        strong = np.flatnonzero((strength > 0) & (strength >= least))
        starts, ends = self.table.starts[first + strong], self.table.ends[first + strong]
        told = (strength[strong].tolist(), starts.tolist(), ends.tolist())
        for weight, start, end in zip(*told, strict=True):
            if text[start:end].lower() in STOP_WORDS:
                continue
            before, begun = 0.0, start
            if stretches and text[stretches[-1][2] : start].isspace():
                before, begun, _ = stretches.pop()
            stretches.append((before + weight, begun, end))
        stretches.sort(key=lambda stretch: (-stretch[0], stretch[1]))
        return tuple(
            Evidence(start=start, end=end, text=text[start:end], why=f"classifier, {weight:+.2f}")
            for weight, start, end in stretches[:MOST_STRETCHES]
        )

    def _strength(self, theme: int, first: int, last: int) -> Floats:
        """What each word of a text adds to a theme's score, float64[words of the text]."""
        effects = self.effects[self.table.ids[first:last], theme]
        strength: Floats = self._of_word[first:last] * effects
        places, halves = self._of_pair
        if last - first > 1 and len(self.pair_effects):
            here = slice(first, last - 1)
            half = halves[here] * self.pair_effects[places[here], theme]
            strength[:-1] += half
            strength[1:] += half
        return strength

    @cached_property
    def _of_word(self) -> Floats:
        """The share of each word in its text's weight of that word, float64[words]."""
        return _shares(self.weighted.words, self.table.rows(), self.table.ids.astype(np.int64))

    @cached_property
    def _of_pair(self) -> tuple[Ints, Floats]:
        """The place of the pair that each word begins, and half its share; 0 for no pair."""
        rows, known = self.table.rows(), self.weighted.known[self.table.ids]
        places = self.pair_places(known[:-1], known[1:])
        is_pair = (places >= 0) & (rows[:-1] == rows[1:])
        halves = np.zeros(len(places))
        halves[is_pair] = _shares(self.weighted.pairs, rows[:-1][is_pair], places[is_pair]) / 2
        return np.where(is_pair, places, 0), halves


def _shares(matrix: Any, rows: Ints, columns: Ints) -> Floats:
    """The matrix' value at each row and column, shared by those that ask for the same one."""
    width = max(matrix.shape[1], 1)
    stored = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)) * width + matrix.indices
    wanted, place, times = np.unique(
        rows * width + columns, return_inverse=True, return_counts=True
    )
    if not len(stored):
        return np.zeros(len(rows))
    at = np.minimum(np.searchsorted(stored, wanted), len(stored) - 1)
    values = np.where(stored[at] == wanted, matrix.data[at], 0.0) / times
    return np.asarray(values[place])
