"""Repeats inside one draft: which of its recommendations ask what another one of them asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.index.arrays import SparseMatrix, combine, tf_idf_query
from kb.similarity.check import Likeness
from kb.similarity.facts import Facts
from kb.similarity.features import Comparison, Side, compare
from kb.similarity.logits import table_of
from kb.similarity.reading import Reading
from kb.similarity.store import Cosines, Similarity
from kb.similarity.vectors import term_codes
from kb.similarity.words import grams

_CLOSER_LOOKS = 5
Vectors = NDArray[np.float32]
Codes = NDArray[np.unsignedinteger[Any]]


def repeats_within(
    similarity: Similarity,
    drafts: Sequence[Facts],
    themes: Sequence[Sequence[str]],
    latent: Vectors,
    sentences: Vectors,
    *,
    theme_names: Mapping[str, str],
) -> list[tuple[Likeness, ...]]:
    """For each draft the others that it repeats wholly or in part, best first.

    ``themes``, ``latent`` and ``sentences`` (vectors, float32[n, d], d = 0 without any) are those
    of each draft, ``theme_names`` what reasons call themes. Words weigh as they do in the base.
    """
    if len(drafts) < 2:
        return [() for _ in drafts]
    plan = _Plan(similarity, drafts, themes, (latent, sentences), theme_names)
    return [plan.repeats(at) for at in range(len(drafts))]


class _Plan:
    """The drafts as they are compared with each other."""

    def __init__(
        self,
        similarity: Similarity,
        drafts: Sequence[Facts],
        themes: Sequence[Sequence[str]],
        vectors: tuple[Vectors, Vectors],
        theme_names: Mapping[str, str],
    ) -> None:
        readings = [similarity.reader.read(draft.text) for draft in drafts]
        self._similarity, self._drafts, self._vectors = similarity, drafts, vectors
        self._theme_names = theme_names
        self._sides = [
            Side(reading, frozenset(draft.sectors), frozenset(tags))
            for reading, draft, tags in zip(readings, drafts, themes, strict=True)
        ]
        self._words = _Vectors(readings, _word_codes, similarity.known_words, similarity.words)
        self._grams = _Vectors(readings, _gram_codes, similarity.known_grams, similarity.grams)

    def repeats(self, at: int) -> tuple[Likeness, ...]:
        """The others that one draft repeats, best first."""
        latent, sentences = (
            np.minimum(vectors @ vectors[at], 1.0).astype(np.float64) for vectors in self._vectors
        )
        cosines = Cosines(self._words.of(at), self._grams.of(at), latent, sentences)
        order = np.argsort(-cosines.together, kind="stable")
        nearest = [int(to) for to in order if to != at][:_CLOSER_LOOKS]
        compared = [self._compared(at, to, cosines) for to in nearest]
        scorer = self._similarity.scorer
        scores = scorer.scores(table_of([one.features for one in compared])).tolist()
        looks = [
            Likeness(self._drafts[to], score, scorer.verdict(score), comparison, self._theme_names)
            for to, score, comparison in zip(nearest, scores, compared, strict=True)
        ]
        asked = [one for one in looks if one.verdict in ("duplicate", "overlapping")]
        return tuple(sorted(asked, key=lambda one: -one.score))

    def _compared(self, at: int, to: int, cosines: Cosines) -> Comparison:
        similarity = self._similarity
        return compare(
            self._sides[at],
            self._sides[to],
            weight=similarity.weight,
            is_rare=lambda key: similarity.frequency(key) <= similarity.rare_limit,
            word_cosine=float(cosines.words[to]),
            character_cosine=float(cosines.characters[to]),
            latent_cosine=float(cosines.latent[to]),
            sentence_cosine=float(cosines.sentences[to]),
        )


def _word_codes(reading: Reading) -> Codes:
    return term_codes(word.key for word in reading.content)


def _gram_codes(reading: Reading) -> Codes:
    return grams(reading.normal)


class _Vectors:
    """The drafts' own vectors, terms weighted by their rarity in the base."""

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
