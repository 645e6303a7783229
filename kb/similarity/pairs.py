"""All pairs of texts whose word vectors are close, exactly.

The terms of a vector are ordered from rare to common. Its *prefix* is what has to go before the
rest is shorter than the threshold (Bayardo, Ma & Srikant 2007, "Scaling up all pairs similarity
search"), and all its rare terms. Two close texts share a term of both prefixes. What the prefixes
have in common, and how long the rests are, bounds the cosine from above: only pairs whose bound
reaches the threshold are looked at in full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.index.arrays import SparseMatrix

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]
Tell = Callable[[int, int], None]

_PRODUCTS = 20_000_000  # of two weights in one block: a quarter of a gigabyte at most
_IN_FULL = 100_000  # pairs looked at in full at a time
_RARE_SHARE = 0.02
_ROUNDING = 1e-5


@dataclass(frozen=True)
class Pairs:
    """Pairs ``first < second`` (``int32[n]``) and their cosine (``float32[n]``)."""

    first: Ints
    second: Ints
    cosine: Floats

    def __len__(self) -> int:
        return len(self.first)

    def where(self, kept: NDArray[np.bool_]) -> Pairs:
        """Some of the pairs: ``bool[n]``."""
        return Pairs(self.first[kept], self.second[kept], self.cosine[kept])


def close_pairs(documents: SparseMatrix, threshold: float, tell: Tell | None = None) -> Pairs:
    """Every pair of rows with a cosine of at least ``threshold`` (over 0).

    ``documents`` are rows of length 1 or 0, such as ``tf_idf`` makes them. ``tell`` hears (rows
    done, of how many).
    """
    none = (np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32))
    found = [none]
    if len(documents.data):
        whole = sparse(documents)
        for candidates, done in _candidates(documents, threshold):
            found.append(_close(whole, *candidates, threshold))
            if tell:
                tell(done, documents.rows)
    return Pairs(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def sparse(matrix: SparseMatrix) -> Any:
    """The same as a matrix of scipy."""
    from scipy.sparse import csr_array

    parts = tuple(np.asarray(part) for part in (matrix.data, matrix.indices, matrix.indptr))
    return csr_array(parts, shape=(matrix.rows, matrix.columns))


def products(matrix: Any, first: Ints, second: Ints) -> Floats:
    """The products of these pairs of rows, ``float32[n]``."""
    parts = [
        matrix[first[at : at + _IN_FULL]].multiply(matrix[second[at : at + _IN_FULL]]).sum(axis=1)
        for at in range(0, len(first), _IN_FULL)
    ]
    return np.concatenate([np.zeros(0), *map(np.asarray, parts)]).astype(np.float32)


@dataclass(frozen=True)
class _Prefixes:
    """The prefixes (rows × terms), and the lengths of what they leave out and of what is common."""

    matrix: Any
    rest: Floats
    common: Floats

    @classmethod
    def of(cls, documents: SparseMatrix, threshold: float) -> _Prefixes:
        rows, columns = documents.row_of_each(), np.asarray(documents.indices)
        squares = np.asarray(documents.data).astype(np.float64) ** 2
        frequency = documents.column_counts()[columns]
        is_rare = frequency <= max(1, int(_RARE_SHARE * documents.rows))
        order = np.lexsort((columns, -frequency, rows))
        rest = _sums_from(squares[order], rows[order], np.asarray(documents.indptr))
        kept = is_rare.copy()
        kept[order] |= rest >= threshold**2 - _ROUNDING
        starts = np.concatenate([[0], np.cumsum(kept)])[np.asarray(documents.indptr)]
        values = np.asarray(documents.data)[kept]
        matrix = sparse(SparseMatrix(starts, columns[kept], values, documents.columns))
        lengths = (
            np.sqrt(np.bincount(rows[left], squares[left], minlength=documents.rows))
            for left in (~kept, ~is_rare)
        )
        return cls(matrix, *(length.astype(np.float32) for length in lengths))


def _sums_from(
    values: NDArray[np.float64], rows: NDArray[np.int32], indptr: NDArray[Any]
) -> NDArray[np.float64]:
    """The sum of each value and of those before it in its row (rows stand together)."""
    total = np.cumsum(values)
    before = np.concatenate([[0.0], total])[indptr[:-1]]
    sums: NDArray[np.float64] = total - before[rows]
    return sums


def _candidates(
    documents: SparseMatrix, threshold: float
) -> Iterator[tuple[tuple[Ints, Ints], int]]:
    """Pairs whose bound reaches the threshold, block by block, and the rows done after each."""
    prefixes = _Prefixes.of(documents, threshold)
    turned = prefixes.matrix.T.tocsr()
    for start, end in _blocks(prefixes.matrix, np.diff(turned.indptr)):
        shared = prefixes.matrix[start:end] @ turned[:, start:]
        most = np.maximum(
            prefixes.rest[start:end] * prefixes.common[start:].max(),
            prefixes.common[start:end] * prefixes.rest[start:].max(),
        )
        row = np.repeat(np.arange(end - start, dtype=np.int32), np.diff(shared.indptr))
        likely = np.flatnonzero(shared.data >= (threshold - _ROUNDING - most)[row])
        first, second = row[likely] + np.int32(start), shared.indices[likely] + np.int32(start)
        left = np.maximum(
            prefixes.rest[first] * prefixes.common[second],
            prefixes.common[first] * prefixes.rest[second],
        )
        kept = (shared.data[likely] + left >= threshold - _ROUNDING) & (second > first)
        yield (first[kept], second[kept].astype(np.int32)), end


def _blocks(matrix: Any, frequency: NDArray[Any]) -> Iterator[tuple[int, int]]:
    """Spans of rows that ask for no more products than fit, or of one row."""
    of_row = np.concatenate([[0], np.cumsum(frequency[matrix.indices])])[matrix.indptr]
    start, rows = 0, matrix.shape[0]
    while start < rows:
        end = int(np.searchsorted(of_row, of_row[start] + _PRODUCTS, side="right")) - 1
        yield start, min(rows, max(end, start + 1))
        start = max(end, start + 1)


def _close(whole: Any, first: Ints, second: Ints, threshold: float) -> tuple[Ints, Ints, Floats]:
    """Those of the candidates that are close indeed, with their cosines."""
    cosine = products(whole, first, second)
    close = cosine >= threshold - _ROUNDING / 10
    return first[close], second[close], np.minimum(cosine[close], 1.0)
