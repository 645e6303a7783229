"""All pairs of stored texts whose word vectors are close, exactly.

A pair whose cosine is at least t must share a term in the *prefix* of both: with the terms of a
vector ordered from rare to common, the prefix is what has to go before the rest is shorter than t
(Bayardo, Ma & Srikant 2007, "Scaling up all pairs similarity search"). Only pairs that share a
prefix term are looked at, in blocks; their cosines are then computed in full.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.index.arrays import SparseMatrix

_BLOCK = 2_048
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Pairs:
    """Pairs ``first < second`` (``int64[n]``) and their cosine (``float64[n]``)."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    cosine: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.first)


def close_pairs(documents: SparseMatrix, threshold: float) -> Pairs:
    """Every pair of rows with a cosine of at least ``threshold`` (over 0).

    ``documents`` are rows of length 1, such as ``tf_idf`` makes them.
    """
    if not len(documents.data):
        none = np.zeros(0, dtype=np.int64)
        return Pairs(none, none, np.zeros(0))
    whole = _csr(documents, np.ones(len(documents.data), dtype=bool))
    prefix = _csr(documents, _in_prefix(documents, threshold))
    found = list(_blocks(whole, prefix, threshold))
    first, second, cosine = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Pairs(first, second, cosine)


def _csr(matrix: SparseMatrix, kept: NDArray[np.bool_]) -> Any:
    """The kept values as a scipy matrix of double precision."""
    from scipy.sparse import csr_array

    rows = matrix.row_of_each()[kept]
    shape = (matrix.rows, matrix.columns)
    values = np.asarray(matrix.data)[kept].astype(np.float64)
    return csr_array((values, (rows, np.asarray(matrix.indices)[kept])), shape=shape)


def _in_prefix(matrix: SparseMatrix, threshold: float) -> NDArray[np.bool_]:
    """``bool[values]``: what stands before the common rest that is shorter than the threshold."""
    rows = matrix.row_of_each()
    common = matrix.column_counts()[matrix.indices]
    order = np.lexsort((matrix.indices, -common, rows))
    squares = np.asarray(matrix.data)[order].astype(np.float64) ** 2
    total = np.cumsum(squares)
    starts = np.asarray(matrix.indptr)[:-1]
    before = np.concatenate([[0.0], total])[starts]
    rest = total - before[rows[order]]
    kept = np.zeros(len(rows), dtype=bool)
    kept[order] = rest >= threshold**2 - _ROUNDING
    return kept


def _blocks(
    whole: Any, prefix: Any, threshold: float
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]]:
    turned = prefix.T.tocsr()
    for start in range(0, whole.shape[0], _BLOCK):
        shared = (prefix[start : start + _BLOCK] @ turned).tocoo()
        first, second = (part.astype(np.int64) for part in shared.coords)
        first = first + start
        later = second > first
        yield _close(whole, first[later], second[later], threshold)


def _close(
    whole: Any, first: NDArray[np.int64], second: NDArray[np.int64], threshold: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Those of the candidates that are close indeed, with their full cosines."""
    step = 200_000
    cosines = [
        np.asarray(whole[first[at : at + step]].multiply(whole[second[at : at + step]]).sum(axis=1))
        for at in range(0, len(first), step)
    ]
    cosine = np.concatenate([np.zeros(0), *cosines])
    close = cosine >= threshold - _ROUNDING
    return first[close], second[close], np.minimum(cosine[close], 1.0)
