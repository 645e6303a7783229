"""TF-IDF features of words, word pairs and the character 4-grams inside words.

A text is x = [a, b, λ·a·G] / ‖(a, b)‖: ``a`` holds its words and ``b`` its pairs of neighbouring
words, both (1 + ln tf) · idf; row w of ``G`` holds the character 4-grams of " word ",
idf-weighted and of length 1. Because the n-grams enter through the words, a linear model over x
comes down to one weight a word (``effects``), also for words never seen in learning: tagging costs
no more than word features alone, and evidence is exact for each word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from kb.tagging.words import NAME, PLAIN, WordTable

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

GRAM = 4
GRAM_WEIGHT = 0.7
LEAST_TEXTS_OF_A_PAIR = 2
# A word known from one review alone may be that review's own; one that is only ever capitalised
# is a name, unless so many reviews use it that it belongs to the field ("Paris Principles").
LEAST_GROUPS = 2
LEAST_GROUPS_OF_A_NAME = 8


@dataclass(frozen=True)
class Features:
    """The vocabulary of a model: V words, P pairs and C n-grams with their idf.

    ``pairs`` int64[P] holds ``left * V + right`` in rising order.
    """

    words: tuple[str, ...]
    word_idf: Floats
    pairs: Ints
    pair_idf: Floats
    grams: tuple[str, ...]
    gram_idf: Floats
    unknown_idf: float

    @property
    def size(self) -> int:
        """How many columns a feature matrix has: V + P + C."""
        return len(self.words) + len(self.pairs) + len(self.grams)

    @property
    def plain_size(self) -> int:
        """How many of the columns are words and pairs: V + P."""
        return len(self.words) + len(self.pairs)

    @classmethod
    def learn(cls, table: WordTable, groups: Sequence[str]) -> Features:
        """The vocabulary of these texts, with smoothed idf = ln((1 + n) / (1 + df)) + 1.

        ``groups`` are the texts' reviews: a word of one review, or a name, is no feature. Other
        words are read through their n-grams alone.
        """
        count, every = len(table), len(table.vocabulary)
        df = np.diff(_counts(table.rows(), table.ids, (count, every)).tocsc().indptr)
        names, kept = _names_and_kept(table, groups)
        words = tuple(table.vocabulary[at] for at in np.flatnonzero(kept).tolist())
        known = np.where(kept, np.cumsum(kept) - 1, -1)
        rows, keys = _pair_keys(table, known, len(words))
        found, inverse = np.unique(keys, return_inverse=True)
        pair_df = np.diff(_counts(rows, inverse, (count, len(found))).tocsc().indptr)
        common = pair_df >= LEAST_TEXTS_OF_A_PAIR
        gram_df: dict[str, int] = {}
        for at in np.flatnonzero(~names).tolist():
            for gram in set(grams_of(table.vocabulary[at])):
                gram_df[gram] = gram_df.get(gram, 0) + 1
        grams = tuple(sorted(gram_df))
        return cls(
            words=words,
            word_idf=_idf(df[kept], count),
            pairs=found[common].astype(np.int64),
            pair_idf=_idf(pair_df[common], count),
            grams=grams,
            gram_idf=_idf(np.asarray([gram_df[gram] for gram in grams]), every),
            unknown_idf=float(np.log(1 + count) + 1),
        )

    def read(self, table: WordTable) -> Weighted:
        """The words and pairs of texts, weighted and scaled by ‖(a, b)‖ of their text.

        A name that the model does not know is not read, not even its letters.
        """
        known = self._known(table.vocabulary)
        idf = np.where(known >= 0, np.append(self.word_idf, 0.0)[known], self.unknown_idf)
        read = (known[table.ids] >= 0) | (table.forms != NAME)
        shape = (len(table), len(table.vocabulary))
        words = _counts(table.rows()[read], table.ids[read], shape)
        rows, keys = _pair_keys(table, known, len(self.words))
        places, is_known = self._pair_places(keys)
        pairs = _counts(rows[is_known], places[is_known], (len(table), len(self.pairs)))
        for counts, weights in ((words, idf), (pairs, self.pair_idf)):
            counts.data = (1.0 + np.log(counts.data)) * weights[counts.indices]
        length = np.sqrt(_row_sums(words.power(2)) + _row_sums(pairs.power(2)))
        scale = 1.0 / np.where(length > 0, length, 1.0)
        for counts in (words, pairs):
            counts.data *= np.repeat(scale, np.diff(counts.indptr))
        return Weighted(known=known, words=words, pairs=pairs)

    def matrix(self, table: WordTable) -> Any:
        """The feature matrix of texts, csr float64[n, V + P + C]."""
        from scipy import sparse

        weighted = self.read(table)
        grams = self.gram_matrix(table.vocabulary)
        return sparse.hstack([self.plain(weighted), GRAM_WEIGHT * (weighted.words @ grams)], "csr")

    def plain(self, weighted: Weighted) -> Any:
        """The known words and pairs of texts that were read, csr float64[n, V + P]."""
        from scipy import sparse

        seen = np.flatnonzero(weighted.known >= 0)
        words = sparse.csr_matrix(
            (np.ones(len(seen)), (seen, weighted.known[seen])),
            shape=(len(weighted.known), len(self.words)),
        )
        return sparse.hstack([weighted.words @ words, weighted.pairs], "csr")

    def effects(self, vocabulary: Sequence[str], weights: npt.NDArray[Any]) -> Floats:
        """What each word adds to each theme's score, n-grams included: float64[words, themes].

        The first V + P + C rows of ``weights`` are those of a linear model over ``matrix``.
        """
        known = self._known(vocabulary)
        own, is_known = np.zeros((len(known), weights.shape[1])), known >= 0
        own[is_known] = weights[known[is_known]]
        grams = self.gram_matrix(vocabulary)
        used = np.unique(grams.indices)
        of_grams = weights[self.plain_size + used].astype(np.float64)
        return own + GRAM_WEIGHT * (grams[:, used] @ of_grams)  # type: ignore[no-any-return]

    def gram_matrix(self, words: Sequence[str]) -> Any:
        """The n-grams of words, each row of length 1 (or 0): csr float64[words, C]."""
        from scipy import sparse

        place = self._place_of_gram
        columns: list[int] = []
        bounds = [0]
        for word in words:
            columns += sorted({place[gram] for gram in grams_of(word) if gram in place})
            bounds.append(len(columns))
        data = self.gram_idf[np.asarray(columns, dtype=np.int64)]
        matrix = sparse.csr_matrix(
            (data, np.asarray(columns, dtype=np.int64), np.asarray(bounds)),
            shape=(len(words), len(self.grams)),
        )
        length = np.sqrt(_row_sums(matrix.power(2)))
        matrix.data /= np.repeat(np.where(length > 0, length, 1.0), np.diff(matrix.indptr))
        return matrix

    def pair_places(self, left: Ints, right: Ints) -> Ints:
        """The place of each pair of known words among ``pairs``, or -1."""
        keys = np.where((left >= 0) & (right >= 0), left * len(self.words) + right, -1)
        places, is_known = self._pair_places(keys)
        return np.where(is_known, places, -1)

    def _pair_places(self, keys: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
        if not len(self.pairs):
            return np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.bool_)
        places = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
        return places.astype(np.int64), self.pairs[places] == keys

    def _known(self, vocabulary: Sequence[str]) -> Ints:
        place = self._place_of_word
        return np.fromiter((place.get(word, -1) for word in vocabulary), np.int64, len(vocabulary))

    @cached_property
    def _place_of_word(self) -> Mapping[str, int]:
        return {word: at for at, word in enumerate(self.words)}

    @cached_property
    def _place_of_gram(self) -> Mapping[str, int]:
        return {gram: at for at, gram in enumerate(self.grams)}


@dataclass(frozen=True)
class Weighted:
    """Texts as weighted words and pairs, scaled to length 1 together.

    ``known`` int64[vocabulary of the table]: the word's place in the model, or -1;
    ``words`` csr[n, vocabulary of the table]; ``pairs`` csr[n, P].
    """

    known: Ints
    words: Any
    pairs: Any


def grams_of(word: str) -> list[str]:
    """The character 4-grams of a word with a space at each end; a shorter one is one itself."""
    padded = f" {word} "
    return [padded[at : at + GRAM] for at in range(max(len(padded) - GRAM, 0) + 1)]


def _names_and_kept(
    table: WordTable, groups: Sequence[str]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which words of a table are names, and which may be features: bool[vocabulary] each."""
    numbers = np.unique(np.asarray(groups, dtype=object).astype(str), return_inverse=True)[1]
    size = len(table.vocabulary)
    pairs = np.unique(table.ids.astype(np.int64) * (len(groups) + 1) + numbers[table.rows()])
    in_groups = np.bincount(pairs // (len(groups) + 1), minlength=size)
    capital = np.bincount(table.ids[table.forms == NAME], minlength=size) > 0
    plain = np.bincount(table.ids[table.forms == PLAIN], minlength=size) > 0
    names = capital & ~plain & (in_groups < LEAST_GROUPS_OF_A_NAME)
    return names, (in_groups >= LEAST_GROUPS) & ~names


def _pair_keys(table: WordTable, known: Ints, size: int) -> tuple[Ints, Ints]:
    """Text number and key (``left * size + right``) of each pair of neighbouring known words."""
    rows = table.rows()
    words = known[table.ids]
    together = (rows[:-1] == rows[1:]) & (words[:-1] >= 0) & (words[1:] >= 0)
    return rows[:-1][together], (words[:-1] * size + words[1:])[together]


def _counts(rows: Ints, columns: npt.NDArray[Any], shape: tuple[int, int]) -> Any:
    from scipy import sparse

    matrix = sparse.coo_matrix((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr()
    matrix.sum_duplicates()
    return matrix


def _row_sums(matrix: Any) -> Floats:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def _idf(df: npt.NDArray[Any], count: int) -> Floats:
    return np.log((1.0 + count) / (1.0 + df.astype(np.float64))) + 1.0


def product(matrix: Any, weights: npt.NDArray[Any]) -> Floats:
    """A sparse matrix times a dense one, of which only the rows that are met are turned into
    float64: for a few texts that is most of the work.
    """
    from scipy import sparse

    used, columns = np.unique(matrix.indices, return_inverse=True)
    shape = (matrix.shape[0], len(used))
    slim = sparse.csr_matrix((matrix.data, columns, matrix.indptr), shape=shape)
    found: Floats = slim @ weights[used].astype(np.float64)
    return found
