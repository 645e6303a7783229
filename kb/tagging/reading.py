"""Texts as the classifier reads them: probabilities, and the words that carried a theme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from kb.tagging.features import Floats, Ints, Weighted
from kb.tagging.joins import spread
from kb.tagging.tokens import Tokens
from kb.tagging.words import WordTable

MOST_STRETCHES = 3
LEAST_SHARE = 0.3


@dataclass(frozen=True)
class Stretches:
    """Stretches of texts that speak for a theme: int64[stretches] each, and float64 weights.

    ``pairs`` are numbers of the texts and themes that were asked for; ``starts`` and ``ends`` are
    offsets in the text.
    """

    pairs: Ints
    starts: Ints
    ends: Ints
    weights: Floats

    def strongest(self, most: int) -> Stretches:
        """At most so many of each pair, strongest first."""
        order = np.lexsort((self.starts, -self.weights, self.pairs))
        pairs = self.pairs[order]
        kept = order[np.arange(len(order)) - np.searchsorted(pairs, pairs) < most]
        return Stretches(self.pairs[kept], self.starts[kept], self.ends[kept], self.weights[kept])

    def whys(self) -> list[str]:
        """Why each counts, as evidence tells it."""
        return [f"classifier, {weight:+.2f}" for weight in self.weights.tolist()]


@dataclass(frozen=True)
class Reading:
    """n texts read by a model; ``probabilities`` float64[n, learnt themes]."""

    tokens: Tokens
    table: WordTable
    weighted: Weighted
    effects: Floats
    pair_effects: npt.NDArray[np.float32]
    probabilities: Floats
    pair_places: Callable[[Ints, Ints], Ints]

    def stretches(self, rows: Ints, themes: Ints) -> Stretches:
        """The stretches of text ``rows[i]`` that speak for learnt theme ``themes[i]``.

        A word's weight is what it adds to the score, its n-grams included and half of each pair
        it stands in; neighbouring words of some weight make one stretch. The strongest of each
        text and theme are given, strongest first.
        """
        first, stop = self.table.bounds[rows], self.table.bounds[rows + 1]
        pairs, words = spread(first, stop)
        strength = self._strength(words, themes[pairs])
        most = np.zeros(len(rows))
        np.maximum.at(most, pairs, strength)
        strong = np.flatnonzero((strength > 0) & (strength >= LEAST_SHARE * most[pairs]))
        strong = strong[~self.table.silent[words[strong]]]
        pairs, words, strength = pairs[strong], words[strong], strength[strong]
        return self._joined(pairs, words, strength).strongest(MOST_STRETCHES)

    def _strength(self, words: Ints, themes: Ints) -> Floats:
        """What each word of the table adds to the score of the theme beside it.

        ``words`` are those of whole texts, in order.
        """
        strength: Floats = self._of_word[words] * self.effects[self.table.ids[words], themes]
        places, halves = self._of_pair
        if len(words) and len(self.pair_effects):
            half = halves[words] * self.pair_effects[places[words], themes]
            strength += half
            strength[1:] += half[:-1]
        return strength

    def _joined(self, pairs: Ints, words: Ints, strength: Floats) -> Stretches:
        """Strong words with only space between them as one stretch."""
        rows = self._rows[words]
        starts = self.table.starts[words].astype(np.int64)
        ends = self.table.ends[words].astype(np.int64)
        begun = self.tokens.offsets[rows]
        last, following = (begun + ends)[:-1], (begun + starts)[1:]
        spaces = self._spaces[np.maximum(following, last)] - self._spaces[last]
        goes_on = (pairs[1:] == pairs[:-1]) & (following > last) & (spaces == following - last)
        is_first = np.append(True, ~goes_on)[: len(words)]
        is_last = np.append(~goes_on, True)[: len(words)]
        # Added one after another, as the digits that are shown always were.
        weights = np.bincount(np.cumsum(is_first) - 1, strength)
        return Stretches(
            pairs[is_first], starts[is_first], ends[is_last], weights.astype(np.float64)
        )

    @cached_property
    def _rows(self) -> Ints:
        return self.table.rows()

    @cached_property
    def _spaces(self) -> Ints:
        """How many spaces stand before each character."""
        return np.append(0, np.cumsum(self.tokens.spaces()))

    @cached_property
    def _of_word(self) -> Floats:
        """The share of each word in its text's weight of that word, float64[words]."""
        return _shares(self.weighted.words, self._rows, self.table.ids.astype(np.int64))

    @cached_property
    def _of_pair(self) -> tuple[Ints, Floats]:
        """The place of the pair that each word begins, and half its share; 0 for no pair."""
        rows, known = self._rows, self.weighted.known[self.table.ids]
        places = self.pair_places(known, np.append(known[1:], -1))
        is_pair = (places >= 0) & (rows == np.append(rows[1:], -1))
        halves = np.zeros(len(places))
        halves[is_pair] = _shares(self.weighted.pairs, rows[is_pair], places[is_pair]) / 2
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
