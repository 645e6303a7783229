"""Repeats inside one draft: which of its recommendations ask what another one of them asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.index.arrays import SparseMatrix, combine, tf_idf_query
from kb.similarity.check import Likeness
from kb.similarity.facts import Facts
from kb.similarity.features import Side, compare
from kb.similarity.reading import Reading
from kb.similarity.store import Similarity
from kb.similarity.vectors import term_codes
from kb.similarity.words import grams

_CLOSER_LOOKS = 5
_FAR = 0.2  # sum of both cosines, under which no pair asks the same
Codes = NDArray[np.unsignedinteger[Any]]


def repeats_within(
    similarity: Similarity, drafts: Sequence[Facts], themes: Sequence[Sequence[str]]
) -> list[tuple[Likeness, ...]]:
    """For each draft the others that it repeats wholly or in part, best first.

    ``themes`` are those of each draft. Words weigh as they do in the base.
    """
    sides = [
        Side(similarity.reader.read(draft.text), frozenset(draft.sectors), frozenset(tags))
        for draft, tags in zip(drafts, themes, strict=True)
    ]
    if len(sides) < 2:
        return [() for _ in sides]
    readings = [side.reading for side in sides]
    words = _Cosines(readings, _word_codes, similarity.known_words, similarity.words)
    characters = _Cosines(readings, _gram_codes, similarity.known_grams, similarity.grams)
    found: list[tuple[Likeness, ...]] = []
    for at, side in enumerate(sides):
        by_words, by_characters = words.of(at), characters.of(at)
        near = by_words + by_characters
        near[at] = 0
        order = np.argsort(-near, kind="stable")[:_CLOSER_LOOKS]
        looks = [
            _look(similarity, side, sides[to], drafts[to], (by_words[to], by_characters[to]))
            for to in order
            if near[to] > _FAR
        ]
        repeats = [one for one in looks if one.verdict in ("duplicate", "overlapping")]
        found.append(tuple(sorted(repeats, key=lambda one: -one.score)))
    return found


def _look(
    similarity: Similarity, draft: Side, other: Side, facts: Facts, cosines: tuple[float, float]
) -> Likeness:
    comparison = compare(
        draft,
        other,
        weight=similarity.weight,
        is_rare=lambda key: similarity.frequency(key) <= similarity.rare_limit,
        word_cosine=float(cosines[0]),
        character_cosine=float(cosines[1]),
    )
    score = similarity.scorer.score(comparison.features)
    return Likeness(facts, score, similarity.scorer.verdict(score), comparison)


def _word_codes(reading: Reading) -> Codes:
    return term_codes(word.key for word in reading.content)


def _gram_codes(reading: Reading) -> Codes:
    return grams(reading.normal)


class _Cosines:
    """Cosines between the drafts' own vectors, terms weighted by their rarity in the base."""

    def __init__(
        self,
        readings: Sequence[Reading],
        codes_of: Callable[[Reading], Codes],
        known: NDArray[Any],
        stored: SparseMatrix,
    ) -> None:
        counted = [np.unique(codes_of(reading), return_counts=True) for reading in readings]
        every = np.unique(np.concatenate([codes for codes, _ in counted]))
        frequency = _frequency(every, known, stored)
        self._terms = [np.searchsorted(every, codes) for codes, _ in counted]
        self._weights = [
            tf_idf_query(counts, frequency[terms], stored.columns)
            for terms, (_, counts) in zip(self._terms, counted, strict=True)
        ]
        indptr = np.cumsum([0, *(len(terms) for terms in self._terms)])
        self._postings = SparseMatrix(
            indptr, np.concatenate(self._terms), np.concatenate(self._weights), len(every)
        ).transposed()

    def of(self, at: int) -> NDArray[np.float64]:
        """The cosine of one draft with each of all."""
        return combine(self._postings, self._terms[at], self._weights[at])


def _frequency(codes: Codes, known: NDArray[Any], stored: SparseMatrix) -> NDArray[np.int64]:
    """How many stored texts hold each code."""
    places = np.minimum(np.searchsorted(known, codes), max(len(known) - 1, 0))
    is_known = known[places] == codes if len(known) else np.zeros(len(codes), dtype=bool)
    frequency = np.zeros(len(codes), dtype=np.int64)
    frequency[is_known] = np.diff(stored.indptr)[places[is_known]]
    return frequency
