"""One text's words or n-grams as a query to the vectors of all stored texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.index.arrays import SparseMatrix, cosines, cosines_at, tf_idf_query
from kb.similarity.vectors import Ints

Floats = NDArray[np.float64]
Codes = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True)
class Query:
    """The numbers of a text's stored terms, in how many texts each stands, and its weights.

    The weights of all its terms, stored or not, make a vector of length 1.
    """

    terms: Ints
    frequency: Ints
    weights: Floats

    def within(self, most: float) -> tuple[Query, Query]:
        """The terms that stand in no more texts than this, and the others."""
        is_within = self.frequency <= most
        rarer, commoner = (
            Query(self.terms[some], self.frequency[some], self.weights[some])
            for some in (is_within, ~is_within)
        )
        return rarer, commoner

    @property
    def length(self) -> float:
        """The length of its vector: no cosine is greater."""
        return float(np.linalg.norm(self.weights))


@dataclass(frozen=True)
class Vectors:
    """The codes of terms, how often each stands in each text, and the length of each text's vector.

    See ``kb.index.arrays.vector_lengths``.
    """

    known: Codes
    counts: SparseMatrix
    lengths: Floats

    def query(self, said: Codes) -> Query:
        """A text by the codes of its terms, repeated ones repeated."""
        codes, often = np.unique(said, return_counts=True)
        terms = self._places(codes)
        is_known = terms >= 0
        frequency = np.zeros(len(terms), dtype=np.int64)
        bounds = self.counts.indptr
        frequency[is_known] = bounds[terms[is_known] + 1] - bounds[terms[is_known]]
        weights = tf_idf_query(often, frequency, self.counts.columns)
        return Query(terms[is_known], frequency[is_known], weights[is_known])

    def cosines(self, query: Query) -> Floats:
        """The cosine of a text and each stored one, ``float64[n]``."""
        return cosines(self.counts, self.lengths, query.terms, query.weights)

    def cosines_at(self, query: Query, rows: Ints) -> Floats:
        """The same with some of the stored texts; for terms that stand in many."""
        return cosines_at(self.counts, self.lengths, query.terms, query.weights, rows)

    def _places(self, codes: Codes) -> Ints:
        """The place of each code among the sorted ones that are known, -1 where it is none."""
        if not len(self.known):
            return np.full(len(codes), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.known, codes), len(self.known) - 1)
        return np.where(self.known[places] == codes, places, -1)
