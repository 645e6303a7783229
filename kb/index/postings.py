"""Which recommendations hold which term, how strongly, and where: what ranking and phrases read.

Files: ``terms.txt`` (one term a line; a term's id is its line), ``postings_indptr.npy`` (int64,
terms + 1), ``postings_rows.npy`` (int32) and ``postings_weights.npy`` (float32) by term,
``term_frequency.npy`` (float32, the document frequency of each term); the words of every field in
order, row by row and in a row field by field, as ``sequence_indptr.npy`` (int64, rows × fields + 1)
and ``sequence_terms.npy`` (int32); and the places of each term in that sequence, ascending, as
``places_indptr.npy`` (int64, terms + 1) and ``places.npy`` (int32).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.index.damage import reading
from kb.index.manifest import unreadable
from kb.index.ragged import are_bounds, bounds_of

TERMS = "terms.txt"
_ARRAYS = (
    "postings_indptr",
    "postings_rows",
    "postings_weights",
    "term_frequency",
    "sequence_indptr",
    "sequence_terms",
    "places_indptr",
    "places",
)


@dataclass(frozen=True)
class Postings:
    """The postings of a generation, memory-mapped; shapes as at the top of this file."""

    folder: Path
    fields: int
    postings_indptr: NDArray[np.int64]
    postings_rows: NDArray[np.int32]
    postings_weights: NDArray[np.float32]
    term_frequency: NDArray[np.float32]
    sequence_indptr: NDArray[np.int64]
    sequence_terms: NDArray[np.int32]
    places_indptr: NDArray[np.int64]
    places: NDArray[np.int32]

    @classmethod
    def open(cls, folder: Path, fields: int) -> Postings:
        """Open the postings of so many fields in a generation's folder.

        Raises IndexUnreadable if they are damaged.
        """
        with reading("the postings", folder):
            # A plain view: slicing a memmap costs more than what is done with the slice.
            arrays = [
                np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray) for name in _ARRAYS
            ]
            postings = cls(folder, fields, *arrays)
            fits = postings._fit()
        if not fits:
            raise unreadable("the postings' files do not belong together", folder)
        return postings

    def _fit(self) -> bool:
        """Whether the files belong together; of the large ones only the sizes are looked at."""
        return (
            len(self.postings_indptr) == len(self.places_indptr) == len(self.term_frequency) + 1
            and are_bounds(self.postings_indptr, len(self.postings_rows))
            and are_bounds(self.places_indptr, len(self.places))
            and len(self.postings_rows) == len(self.postings_weights)
            and int(self.sequence_indptr[-1]) == len(self.sequence_terms) == len(self.places)
            and len(self.sequence_indptr) % self.fields == 1
        )

    def __len__(self) -> int:
        return (len(self.sequence_indptr) - 1) // self.fields

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Each term's id."""
        with reading("the terms", self.folder):
            terms = (self.folder / TERMS).read_text("utf-8").split("\n")[:-1]
        if len(terms) != len(self.term_frequency):
            raise unreadable("the terms do not fit the postings", self.folder)
        return {term: number for number, term in enumerate(terms)}

    def of(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The rows that hold a term, ascending, and its weight in each; empty if none does."""
        number = self.vocabulary.get(term)
        start, end = (0, 0) if number is None else self.postings_indptr[number : number + 2]
        return self.postings_rows[start:end], self.postings_weights[start:end]

    def among(self, numbers: Sequence[int], rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """The weights of the terms with these ids in these rows, 0 where a term does not stand.

        Shape (terms, rows).
        """
        # Of the same type, or the search would copy all of what is held.
        wanted = rows.astype(self.postings_rows.dtype)
        places = np.empty((len(numbers), len(rows)), dtype=np.intp)
        for at, number in enumerate(numbers):
            start, end = self.postings_indptr[number : number + 2].tolist()
            held = self.postings_rows[start:end]
            np.minimum(held.searchsorted(wanted) + start, end - 1, out=places[at])
        stands = self.postings_rows[places] == wanted
        return np.where(stands, self.postings_weights[places], np.float32(0))

    def frequency(self, term: str) -> float:
        """How many recommendations hold a term, each counted by its best field; 0 if none."""
        number = self.vocabulary.get(term)
        return 0.0 if number is None else float(self.term_frequency[number])

    def runs(self, terms: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Where these terms follow each other in one field: places of the first, and cells.

        A cell is row × fields + field. One term is where it stands.
        """
        numbers = [self.vocabulary.get(term, -1) for term in terms]
        if -1 in numbers:
            return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64)
        sizes = [self.places_indptr[number + 1] - self.places_indptr[number] for number in numbers]
        rarest = int(np.argmin(sizes))
        start, end = self.places_indptr[numbers[rarest] : numbers[rarest] + 2]
        firsts = self.places[start:end] - np.int32(rarest)
        firsts = firsts[(firsts >= 0) & (firsts <= len(self.sequence_terms) - len(terms))]
        for at, number in enumerate(numbers):
            if at != rarest:
                firsts = firsts[self.sequence_terms[firsts + at] == number]
        cells = self._cells_of(firsts)
        inside = self._cells_of(firsts + (len(terms) - 1)) == cells
        return firsts[inside], cells[inside]

    def _cells_of(self, places: NDArray[np.int32]) -> NDArray[np.int64]:
        return np.searchsorted(self.sequence_indptr, places, side="right") - 1


@dataclass(frozen=True)
class Occurrences:
    """Every time that a term stands in a field of a row: parallel arrays, int64 each.

    ``lengths`` (int64, fields × rows) counts the words of each field that carry meaning.
    """

    terms: NDArray[np.int64]
    rows: NDArray[np.int64]
    fields: NDArray[np.int64]
    lengths: NDArray[np.int64]


def write_postings(
    folder: Path,
    terms: Sequence[str],
    found: Occurrences,
    sequence: tuple[NDArray[np.int64], NDArray[np.int64]],
    *,
    weights: Sequence[float],
    b: float,
) -> None:
    """Weigh the terms that were found and write the files of this module.

    The weight of a term in a recommendation is BM25F's field-weighted, length-normalised count
    before saturation: sum over fields of ``weight × count / (1 − b + b × length / mean length)``
    (Robertson, Zaragoza and Taylor 2004, "Simple BM25 extension to multiple weighted fields").
    ``weights`` are those of the fields, ``b`` is how far a long field counts less (0 not, 1
    fully), and ``sequence`` is bounds and terms of each field of each row in order.
    """
    fields, rows = found.lengths.shape
    keys = (found.terms * max(rows, 1) + found.rows) * fields + found.fields
    keys, counts = np.unique(keys, return_counts=True)
    keys, of_field = np.divmod(keys, fields)
    of_term, of_row = np.divmod(keys, max(rows, 1))
    weighed = counts.astype(np.float32) * _factors(found.lengths, weights, b)[of_field, of_row]
    best = np.array(weights, dtype=np.float32)[of_field]
    # One posting for each term and row: fields are summed, the best field counts for df.
    new = np.ones(len(keys), dtype=bool)
    new[1:] = keys[1:] != keys[:-1]
    starts = np.flatnonzero(new)
    if len(starts):
        weighed, best = np.add.reduceat(weighed, starts), np.maximum.reduceat(best, starts)
    of_term, of_row = of_term[starts], of_row[starts]
    size = len(terms)
    frequency = np.bincount(of_term, weights=np.minimum(best, 1), minlength=size)
    written: tuple[NDArray[Any], ...] = (
        bounds_of(np.bincount(of_term, minlength=size)),
        of_row.astype(np.int32),
        weighed.astype(np.float32),
        frequency.astype(np.float32),
        sequence[0].astype(np.int64),
        sequence[1].astype(np.int32),
        bounds_of(np.bincount(sequence[1], minlength=size)),
        np.argsort(sequence[1].astype(np.int32), kind="stable").astype(np.int32),
    )
    for name, values in zip(_ARRAYS, written, strict=True):
        np.save(folder / f"{name}.npy", values)
    (folder / TERMS).write_text("".join(f"{term}\n" for term in terms), "utf-8")


def _factors(lengths: NDArray[np.int64], weights: Sequence[float], b: float) -> NDArray[np.float32]:
    """Each field's weight over the norm of its length in each row: float32[fields, rows]."""
    filled = np.maximum((lengths > 0).sum(axis=1), 1)
    means = np.maximum(lengths.sum(axis=1) / filled, 1e-9)
    norms = 1 - b + b * lengths / means[:, None]
    factors: NDArray[np.float32] = (np.array(weights)[:, None] / norms).astype(np.float32)
    return factors
