"""Which wordings are near each other, and how near: the graph that groups of repeats are cut from.

Two wordings are near where the cosine of their word vectors reaches a threshold and what they share
(n-grams inside words, weighed) is enough of what either says, and where both lean to the same
themes; what a person judged stands over that.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kb.index.arrays import SparseMatrix, idf
from kb.index.ragged import bounds_of
from kb.similarity.pairs import Ints, Pairs, Tell, close_pairs, products, sparse
from kb.similarity.store import Similarity
from kb.similarity.wordings import Rows

Edge = tuple[int, int]

_STEP = 100_000


@dataclass(frozen=True)
class Near:
    """A wording that is near another, by word vectors and by n-grams inside words."""

    wording: int
    cosine: float
    gram_cosine: float


@dataclass(frozen=True)
class Nearness:
    """For each wording those that are near, nearest first.

    Those of wording ``i`` stand at ``bounds[i]:bounds[i + 1]`` of the three others.
    """

    bounds: Rows
    other: Ints
    cosine: NDArray[np.float32]
    gram_cosine: NDArray[np.float32]

    @classmethod
    def of(cls, pairs: Pairs, gram_cosine: NDArray[np.float32], count: int) -> Nearness:
        """From pairs of wordings, of which there are so many."""
        one = np.concatenate([pairs.first, pairs.second])
        other = np.concatenate([pairs.second, pairs.first])
        cosine = np.tile(pairs.cosine, 2)
        order = np.lexsort((other, -cosine, one))
        lengths = np.bincount(one, minlength=count)
        grams = np.tile(gram_cosine, 2)[order]
        return cls(bounds_of(lengths), other[order], cosine[order], grams)

    def where(self, kept: NDArray[np.bool_]) -> Nearness:
        """Some of the entries."""
        places = np.concatenate([[0], np.cumsum(kept)])
        parts = (self.other[kept], self.cosine[kept], self.gram_cosine[kept])
        return Nearness(places[self.bounds], *parts)

    def near(self, wording: int) -> list[Near]:
        """Those near a wording, nearest first."""
        part = slice(int(self.bounds[wording]), int(self.bounds[wording + 1]))
        columns = (self.other[part], self.cosine[part], self.gram_cosine[part])
        return [Near(*values) for values in zip(*(c.tolist() for c in columns), strict=True)]


def nearness(
    similarity: Similarity,
    rows: Rows,
    *,
    threshold: float,
    shared: float,
    leaning: float,
    same: Collection[Edge] = (),
    different: Collection[Edge] = (),
    tell: Tell | None = None,
) -> Nearness:
    """What is near what among these rows, each a wording by itself, numbered as they stand.

    ``threshold`` is of the cosine, ``shared`` of the share of n-grams, ``leaning`` of the cosine of
    the latent vectors where there are any; pairs judged the ``same`` are as near as can be, those
    judged ``different`` not at all.
    """
    pairs = close_pairs(similarity.documents.taking(rows), threshold, tell)
    grams = similarity.gram_documents.taking(rows)
    pairs = pairs.where(_shares(similarity, grams, pairs) >= shared)
    pairs = pairs.where(_leanings(similarity, rows, pairs) >= leaning)
    pairs = _judged(pairs, same, different)
    return Nearness.of(pairs, products(sparse(grams), pairs.first, pairs.second), len(rows))


def _shares(similarity: Similarity, grams: SparseMatrix, pairs: Pairs) -> NDArray[np.float32]:
    """The weight of the n-grams that two texts share in that of all that either has (Jaccard).

    N-grams inside words weigh by their idf. An inflected word shares most of its own.
    """
    weights = idf(np.diff(similarity.grams.indptr), len(similarity)).astype(np.float32)
    held = sparse(replace(grams, data=np.sqrt(weights)[grams.indices]))
    shared = products(held, pairs.first, pairs.second)
    every = held.multiply(held).sum(axis=1)
    said = every[pairs.first] + every[pairs.second] - shared
    shares: NDArray[np.float32] = shared / np.maximum(said, 1e-9)
    return shares


def _leanings(similarity: Similarity, rows: Rows, pairs: Pairs) -> NDArray[np.float32]:
    """The cosines of the latent vectors, ``float32[n]``; 1 where one of the two leans nowhere."""
    vectors = np.asarray(similarity.latent.rows)[rows].astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1)
    vectors /= np.maximum(lengths, 1)[:, None]
    cosines = np.ones(len(pairs), dtype=np.float32)
    for at in range(0, len(pairs), _STEP):
        first, second = pairs.first[at : at + _STEP], pairs.second[at : at + _STEP]
        cosines[at : at + _STEP] = np.einsum("ij,ij->i", vectors[first], vectors[second])
    cosines[(lengths[pairs.first] == 0) | (lengths[pairs.second] == 0)] = 1
    return cosines


def _judged(pairs: Pairs, same: Collection[Edge], different: Collection[Edge]) -> Pairs:
    """The pairs with what people said of them."""
    told = {tuple(sorted(edge)) for edge in (*same, *different)}
    if told:
        size = np.int64(2**32)
        codes = pairs.first * size + pairs.second
        pairs = pairs.where(~np.isin(codes, [a * size + b for a, b in told]))
    added = np.array(sorted({tuple(sorted(edge)) for edge in same}), dtype=np.int32).reshape(-1, 2)
    return Pairs(
        np.concatenate([pairs.first, added[:, 0]]),
        np.concatenate([pairs.second, added[:, 1]]),
        np.concatenate([pairs.cosine, np.ones(len(added), dtype=np.float32)]),
    )
