"""Texts as the classifier reads them: probabilities, and the words that carried a theme."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
        strength = self._strength(row, theme, first, last)
        least = LEAST_SHARE * strength.max(initial=0.0)
        stretches: list[tuple[float, int, int]] = []
        text = self.texts[row]
        for at in np.flatnonzero((strength > 0) & (strength >= least)).tolist():
            start, end = int(self.table.starts[first + at]), int(self.table.ends[first + at])
            if text[start:end].lower() in STOP_WORDS:
                continue
            weight = float(strength[at])
            if stretches and text[stretches[-1][2] : start].isspace():
                before, start, _ = stretches.pop()
                weight += before
            stretches.append((weight, start, end))
        stretches.sort(key=lambda stretch: (-stretch[0], stretch[1]))
        return tuple(
            Evidence(start=start, end=end, text=text[start:end], why=f"classifier, {weight:+.2f}")
            for weight, start, end in stretches[:MOST_STRETCHES]
        )

    def _strength(self, row: int, theme: int, first: int, last: int) -> Floats:
        """What each word of a text adds to a theme's score, float64[words of the text]."""
        ids = self.table.ids[first:last]
        if not len(ids):
            return np.zeros(0)
        words, pairs = self.weighted.words, self.weighted.pairs
        of_word = dict(_row(words, row))
        times = np.bincount(ids, minlength=0)
        strength = np.asarray(
            [of_word.get(i, 0.0) * self.effects[i, theme] / times[i] for i in ids.tolist()]
        )
        of_pair = dict(_row(pairs, row))
        known = self.weighted.known[ids]
        places = self.pair_places(known[:-1], known[1:]).tolist()
        for at, place in enumerate(places):
            if place >= 0:
                half = of_pair[place] * float(self.pair_effects[place, theme])
                half /= 2 * places.count(place)
                strength[at] += half
                strength[at + 1] += half
        return strength


def _row(matrix, row: int) -> list[tuple[int, float]]:  # type: ignore[no-untyped-def]
    part = slice(int(matrix.indptr[row]), int(matrix.indptr[row + 1]))
    return list(zip(matrix.indices[part].tolist(), matrix.data[part].tolist(), strict=True))
