"""Named arrays of a generation folder, and the sparse document × term matrix.

Everything is a plain ``.npy`` file, memory-mapped when read and never a pickle, so that a reader
pays only for what it touches. Reading needs numpy alone, building scipy too.
"""

from __future__ import annotations

import errno
import math
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import IndexUnreadable, StorageError
from kb.index.damage import RAISED
from kb.index.ragged import are_bounds, are_within, bounds_of, places_of

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.floating[Any]]

_BLOCK = 1 << 19  # values that are weighed at a time
_LOOKED_UP = 40  # looking one value up takes as long as going through so many
_LEAST = 1e-12
_BUILD_AGAIN = "Run `kb build` to make the index again."


def save_array(folder: Path, name: str, array: NDArray[Any]) -> None:
    """Write one array as ``<name>.npy``; raises StorageError where the disk refuses."""
    path = folder / f"{name}.npy"
    try:
        np.save(path, np.ascontiguousarray(array), allow_pickle=False)
    except OSError as error:
        full = error.errno == errno.ENOSPC
        raise StorageError(
            "the disk is full" if full else f"this cannot be written: {error.strerror or error}",
            place=str(path),
            hint="Free some space, or choose another place, and run `kb build` again.",
        ) from error


def load_array(folder: Path, name: str) -> NDArray[Any]:
    """Memory-map one array; raises IndexUnreadable where it is missing or damaged."""
    path = folder / f"{name}.npy"
    try:
        mapped = np.load(path, mmap_mode="r", allow_pickle=False)
        array: NDArray[Any] = mapped.view(np.ndarray)  # slices of a memmap cost much more
    except FileNotFoundError as error:
        raise IndexUnreadable(
            "a file of the index is missing", place=str(path), hint=_BUILD_AGAIN
        ) from error
    except RAISED as error:
        raise IndexUnreadable(
            "a file of the index is damaged", place=str(path), hint=_BUILD_AGAIN
        ) from error
    return array


class StringArray:
    """Many strings as one run of UTF-8 bytes and ``int64[n + 1]`` offsets into it."""

    def __init__(self, blob: NDArray[np.uint8], offsets: Ints) -> None:
        self._blob = blob
        self._offsets = offsets
        self._bytes_view = np.asarray(blob).data
        self._offsets_view = np.asarray(offsets).data

    @classmethod
    def of(cls, strings: Iterable[str]) -> StringArray:
        """Pack strings in their order; a lone surrogate is kept as a question mark."""
        parts = [string.encode("utf-8", "replace") for string in strings]
        offsets = np.zeros(len(parts) + 1, dtype=np.int64)
        np.cumsum([len(part) for part in parts], out=offsets[1:])
        return cls(np.frombuffer(b"".join(parts), dtype=np.uint8), offsets)

    @classmethod
    def open(cls, folder: Path, name: str) -> StringArray:
        """Memory-map what ``save`` wrote under this name."""
        blob, offsets = load_array(folder, f"{name}.bytes"), load_array(folder, f"{name}.offsets")
        if not len(offsets) or int(offsets[-1]) != len(blob):
            raise _torn(folder, name)
        return cls(blob, offsets)

    def save(self, folder: Path, name: str) -> None:
        """Write ``<name>.bytes.npy`` and ``<name>.offsets.npy``."""
        save_array(folder, f"{name}.bytes", self._blob)
        save_array(folder, f"{name}.offsets", self._offsets)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, row: int) -> str:
        return self._bytes(row).decode("utf-8", "replace")

    def _bytes(self, row: int) -> bytes:
        return bytes(self._bytes_view[self._offsets_view[row] : self._offsets_view[row + 1]])

    def find(self, string: str) -> int | None:
        """The row of a string, by bisection: only for strings packed in order of their bytes."""
        wanted = string.encode("utf-8", "replace")
        row = bisect_left(range(len(self)), wanted, key=self._bytes)
        return row if row < len(self) and self._bytes(row) == wanted else None


@dataclass(frozen=True)
class SparseMatrix:
    """Compressed sparse rows: ``indptr int64[rows + 1]``, ``indices int32``, ``data`` any numbers.

    The columns of row ``i`` are ``indices[indptr[i]:indptr[i + 1]]``, in ascending order.
    """

    indptr: Ints
    indices: Ints
    data: NDArray[Any]
    columns: int

    @classmethod
    def open(cls, folder: Path, name: str) -> SparseMatrix:
        """Memory-map what ``save`` wrote under this name."""
        indptr, indices, data, columns = (
            load_array(folder, f"{name}.{part}")
            for part in ("indptr", "indices", "data", "columns")
        )
        if columns.shape != (1,) or not are_bounds(indptr, len(indices)):
            raise _torn(folder, name)
        if len(indices) != len(data):
            raise _torn(folder, name)
        return cls(indptr, indices, data, int(columns[0]))

    def save(self, folder: Path, name: str) -> None:
        """Write the parts as ``<name>.<part>.npy``."""
        save_array(folder, f"{name}.indptr", self.indptr)
        save_array(folder, f"{name}.indices", self.indices)
        save_array(folder, f"{name}.data", self.data)
        save_array(folder, f"{name}.columns", np.array([self.columns], dtype=np.int64))

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.indptr) - 1

    def row(self, row: int) -> tuple[Ints, NDArray[Any]]:
        """The columns of one row and their values."""
        start, end = int(self.indptr[row]), int(self.indptr[row + 1])
        return self.indices[start:end], self.data[start:end]

    def taking(self, rows: Ints) -> SparseMatrix:
        """Some of the rows, in the order given."""
        places = places_of(self.indptr, rows)
        lengths = np.diff(self.indptr)[rows]
        return SparseMatrix(
            bounds_of(lengths), self.indices[places], self.data[places], self.columns
        )

    def row_of_each(self) -> NDArray[np.int32]:
        """The row of each stored value, ``int32`` beside ``indices``."""
        return np.repeat(np.arange(self.rows, dtype=np.int32), np.diff(self.indptr))

    def transposed(self) -> SparseMatrix:
        """The same values by column: from documents × terms to the terms' postings.

        Raises IndexUnreadable where a column is none; scipy would write beyond its memory.
        """
        from scipy.sparse import csr_matrix

        if not are_within(self.indices, self.columns):
            raise IndexUnreadable("the columns of a matrix are damaged", hint=_BUILD_AGAIN)
        shape = (self.rows, self.columns)
        turned = csr_matrix((self.data, self.indices, self.indptr), shape=shape).tocsc()
        return SparseMatrix(turned.indptr, turned.indices, turned.data, self.rows)

    def column_counts(self) -> NDArray[np.int64]:
        """How many rows hold each column: the document frequency of each term."""
        return np.bincount(self.indices, minlength=self.columns).astype(np.int64)


def combine(postings: SparseMatrix, terms: Ints, weights: Floats) -> NDArray[np.float64]:
    """Weighted sum of some rows, ``float64[columns]``.

    With a term × document matrix this scores every document for a query: terms and their weights.
    """
    if not len(terms):
        return np.zeros(postings.columns)
    parts = [postings.row(int(term)) for term in terms]
    columns = np.concatenate([part[0] for part in parts])
    values = np.concatenate([part[1] * weight for part, weight in zip(parts, weights, strict=True)])
    return np.bincount(columns, weights=values, minlength=postings.columns).astype(np.float64)


def idf(frequency: Ints, documents: int) -> NDArray[np.float64]:
    """Smoothed inverse document frequency, ``ln((1 + n) / (1 + df)) + 1`` (as in scikit-learn)."""
    return np.log((1 + documents) / (1 + frequency)) + 1


def tf_idf(counts: SparseMatrix) -> SparseMatrix:
    """Weights ``(1 + ln tf) · idf``, each row brought to Euclidean length 1.

    Sublinear tf and cosine normalisation: Salton & Buckley (1988), "Term-weighting approaches in
    automatic text retrieval".
    """
    often = counts.data.astype(np.int64)
    of_count = 1 + np.log(np.maximum(np.arange(int(often.max(initial=0)) + 1), 1))
    weights = of_count[often]
    weights *= idf(counts.column_counts(), counts.rows)[counts.indices]
    lengths = np.sqrt(np.bincount(counts.row_of_each(), weights**2, minlength=counts.rows))
    weights /= np.repeat(lengths, np.diff(counts.indptr))
    return SparseMatrix(counts.indptr, counts.indices, weights.astype(np.float32), counts.columns)


def vector_lengths(counts: SparseMatrix) -> NDArray[np.float64]:
    """The Euclidean length of each text's weights ``(1 + ln tf) · idf``: ``float64[columns]``.

    ``counts`` say by term (rows) how often it stands in each text (columns).
    """
    squares = np.zeros(counts.columns)
    bounds = np.asarray(counts.indptr)
    frequency = np.diff(bounds)
    of_term, of_count = idf(frequency, counts.columns) ** 2, _of_counts(counts) ** 2
    cuts = np.searchsorted(bounds, np.append(np.arange(0, bounds[-1], _BLOCK), bounds[-1]))
    for first, last in pairwise(cuts.tolist()):
        some = slice(bounds[first], bounds[last])
        weights = of_count[counts.data[some]]
        weights *= np.repeat(of_term[first:last], frequency[first:last])
        squares += np.bincount(counts.indices[some], weights, counts.columns)
    lengths: NDArray[np.float64] = np.sqrt(squares)
    return lengths


def cosines(
    counts: SparseMatrix, lengths: Floats, terms: Ints, weights: Floats
) -> NDArray[np.float64]:
    """Cosine of one text, given by its terms and their weights, and each stored one.

    ``counts`` and ``lengths`` are as in ``vector_lengths``.
    """
    if not len(terms):
        return np.zeros(counts.columns)
    bounds, of_count = np.asarray(counts.indptr), _of_counts(counts)
    frequency = np.diff(bounds)[terms]
    ends = np.cumsum(frequency)
    values, columns = np.empty(int(ends[-1])), np.empty(int(ends[-1]), dtype=np.intp)
    of_term = weights * idf(frequency, counts.columns)
    begins, until = (ends - frequency).tolist(), ends.tolist()
    each = zip(terms.tolist(), of_term.tolist(), begins, until, strict=True)
    for term, weight, start, end in each:
        columns[start:end], often = counts.row(term)
        np.take(of_count * weight, often, out=values[start:end], mode="clip")
    sums = np.bincount(columns, values, counts.columns)
    return np.divide(sums, lengths, out=sums, where=lengths > 0)


def cosines_of_pairs(counts: SparseMatrix, lengths: Floats, pairs: Ints) -> NDArray[np.float64]:
    """The cosines of pairs of stored texts, int64[n, 2]: to the bit what ``cosines`` says of the
    first of each and its second, without those of all others."""
    by_text, of_count = counts.transposed(), _of_counts(counts)
    frequency = by_text.column_counts()
    rarity = idf(frequency, counts.columns)
    found = np.zeros(len(pairs))
    for at, (first, second) in enumerate(pairs.tolist()):
        (terms, often), (held, times) = by_text.row(first), by_text.row(second)
        query = tf_idf_query(often.astype(np.int64), frequency[terms], counts.columns)
        _, own, theirs = np.intersect1d(terms, held, assume_unique=True, return_indices=True)
        if len(own):
            values = of_count[times[theirs]] * (query * rarity[terms])[own]
            found[at] = np.add.accumulate(values)[-1] / lengths[second]
    return found


def cosines_at(
    counts: SparseMatrix, lengths: Floats, terms: Ints, weights: Floats, columns: Ints
) -> NDArray[np.float64]:
    """The same with a few of the stored texts (ascending), where the terms stand in many."""
    of_count, sums = _of_counts(counts), np.zeros(len(columns))
    place = np.full(counts.columns, -1, dtype=np.int32)
    place[columns] = np.arange(len(columns))
    for term, weight in zip(terms.tolist(), weights.tolist(), strict=True):
        texts, often = counts.row(term)
        if len(columns) * _LOOKED_UP < len(texts):
            at = np.searchsorted(texts, columns)
            at[at == len(texts)] = 0
            here = np.flatnonzero(texts[at] == columns)
            at = at[here]
        else:
            at = np.flatnonzero(place[texts] >= 0)
            here = place[texts[at]].astype(np.int64)
        of_term = weight * float(idf(np.array(len(texts)), counts.columns))
        sums[here] += of_term * of_count[often[at]]
    found: NDArray[np.float64] = sums / np.maximum(lengths[columns], _LEAST)
    return found


def _of_counts(counts: SparseMatrix) -> NDArray[np.float64]:
    """``1 + ln tf`` for each count that may stand there."""
    most = np.iinfo(counts.data.dtype).max if counts.data.dtype.itemsize == 1 else None
    size = int(counts.data.max(initial=0)) if most is None else most
    weights: NDArray[np.float64] = 1 + np.log(np.maximum(np.arange(size + 1), 1))
    return weights


def tf_idf_query(counts: Ints | Floats, frequency: Ints, documents: int) -> NDArray[np.float64]:
    """The weights of one text in the same measure; a term stored nowhere has frequency 0."""
    weights: NDArray[np.float64] = (1 + np.log(counts)) * idf(frequency, documents)
    length = math.sqrt(float(weights @ weights))
    return weights / length if length else weights


def _torn(folder: Path, name: str) -> IndexUnreadable:
    return IndexUnreadable(
        f"the parts of {name!r} do not fit together", place=str(folder), hint=_BUILD_AGAIN
    )
