"""Which recommendations hold which term, how strongly, and where: what ranking and phrases read.

Files: ``terms.txt`` (one term a line; a term's id is its line), ``postings_indptr.npy`` (int64,
terms + 1), ``postings_rows.npy`` (int32) and ``postings_weights.npy`` (float32) by term,
``term_frequency.npy`` (float64, the document frequency of each term), ``field_totals.npy`` (int64,
2 × fields: the words of each field that carry meaning, and the rows that have such); the term of
each word of the wording, ``term_of_word.npy`` (int32); and the places of each term in the flat
wording, ascending, as ``places_indptr.npy`` (int64, terms + 1) and ``places.npy`` (int32).
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
from kb.index.ragged import are_bounds, bounds_of, places_of
from kb.index.splicing import (
    Change,
    Held,
    Terms,
    change_terms,
    of_terms,
    renamed,
    splice,
    splice_rows,
)
from kb.index.wording import Wording

TERMS = "terms.txt"
_ARRAYS = (
    "postings_indptr",
    "postings_rows",
    "postings_weights",
    "term_frequency",
    "field_totals",
    "term_of_word",
    "places_indptr",
    "places",
)
_OF_WORDING = ("wording_bounds", "wording_words")
_FINE = 16  # steps between a mean length and twice that
_PARTS = 100  # of one recommendation, in which document frequencies are counted


@dataclass(frozen=True)
class Postings:
    """The postings of a generation, memory-mapped; shapes as at the top of this file.

    ``bounds`` (int64, rows × fields + 1) and ``words`` (int32) are the words of each field of each
    row, as in ``wording.py``.
    """

    folder: Path
    fields: int
    postings_indptr: NDArray[np.int64]
    postings_rows: NDArray[np.int32]
    postings_weights: NDArray[np.float32]
    term_frequency: NDArray[np.float64]
    field_totals: NDArray[np.int64]
    term_of_word: NDArray[np.int32]
    places_indptr: NDArray[np.int64]
    places: NDArray[np.int32]
    bounds: NDArray[np.int64]
    words: NDArray[np.int32]

    @classmethod
    def open(cls, folder: Path, fields: int) -> Postings:
        """Open the postings of so many fields in a generation's folder.

        Raises IndexUnreadable if they are damaged.
        """
        with reading("the postings", folder):
            # A plain view: slicing a memmap costs more than what is done with the slice.
            arrays = [
                np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray)
                for name in (*_ARRAYS, *_OF_WORDING)
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
            and self.field_totals.shape == (2, self.fields)
            and int(self.bounds[-1]) == len(self.words) == len(self.places)
            and len(self.bounds) % self.fields == 1
        )

    def __len__(self) -> int:
        return (len(self.bounds) - 1) // self.fields

    @cached_property
    def terms(self) -> list[str]:
        """The terms by id."""
        with reading("the terms", self.folder):
            terms = (self.folder / TERMS).read_text("utf-8").split("\n")[:-1]
        if len(terms) != len(self.term_frequency):
            raise unreadable("the terms do not fit the postings", self.folder)
        return terms

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Each term's id."""
        return {term: number for number, term in enumerate(self.terms)}

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
        firsts = firsts[(firsts >= 0) & (firsts <= len(self.words) - len(terms))]
        for at, number in enumerate(numbers):
            if at != rarest:
                firsts = firsts[self.terms_at(firsts + at) == number]
        cells = self.cells_of(firsts)
        inside = self.cells_of(firsts + (len(terms) - 1)) == cells
        return firsts[inside], cells[inside]

    def terms_at(self, places: NDArray[np.integer]) -> NDArray[np.int32]:
        """The terms at these places."""
        found: NDArray[np.int32] = self.term_of_word[self.words[places]]
        return found

    def cells_of(self, places: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """The cells (row × fields + field) of these places."""
        return np.searchsorted(self.bounds, places, side="right") - 1


@dataclass(frozen=True)
class Counted:
    """What some rows hold: their sorted terms, and where each stands.

    Parallel arrays, int64 each: every time that a term (by its number in ``terms``) stands in a
    field of a row. ``lengths`` (int64, fields × rows) counts the words of each field that carry
    meaning; ``of_word`` is the term of each word of the wording.
    """

    terms: Sequence[str]
    of_word: NDArray[np.int64]
    numbers: NDArray[np.int64]
    rows: NDArray[np.int64]
    fields: NDArray[np.int64]
    lengths: NDArray[np.int64]

    @property
    def totals(self) -> NDArray[np.int64]:
        """The words of each field that carry meaning, and the rows that have such."""
        return np.stack([self.lengths.sum(axis=1), (self.lengths > 0).sum(axis=1)])


@dataclass(frozen=True)
class Measure:
    """How terms are weighed: by fields, and by how long these are.

    ``weights`` are those of the fields, ``b`` is how far a long field counts less (0 not, 1 fully).
    """

    weights: Sequence[float]
    b: float

    def weigh(self, found: Counted, totals: NDArray[np.int64]) -> Held:
        """The rows of each term; beside them its weight there, and what it counts towards df.

        The weight is BM25F's field-weighted, length-normalised count before saturation: the sum
        over fields of ``weight × count / (1 − b + b × length / mean length)`` (Robertson, Zaragoza
        and Taylor 2004, "Simple BM25 extension to multiple weighted fields").
        """
        fields, rows = found.lengths.shape
        keys = (found.numbers * max(rows, 1) + found.rows) * fields + found.fields
        keys, counts = np.unique(keys, return_counts=True)
        keys, of_field = np.divmod(keys, fields)
        of_term, of_row = np.divmod(keys, max(rows, 1))
        factors = self._factors(found.lengths, totals)
        weighed = counts.astype(np.float32) * factors[of_field, of_row]
        parts = np.rint(np.minimum(self.weights, 1) * _PARTS).astype(np.int64)[of_field]
        # One posting for each term and row: fields are summed, the best field counts for df.
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        if len(starts):
            weighed, parts = np.add.reduceat(weighed, starts), np.maximum.reduceat(parts, starts)
        bounds = bounds_of(np.bincount(of_term[starts], minlength=len(found.terms)))
        return Held(bounds, of_row[starts].astype(np.int32), (weighed.astype(np.float32), parts))

    def _factors(
        self, lengths: NDArray[np.int64], totals: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Each field's weight over the norm of its length in each row: float32[fields, rows]."""
        norms = 1 - self.b + self.b * lengths / mean_lengths(totals)[:, None]
        factors: NDArray[np.float32] = (np.array(self.weights)[:, None] / norms).astype(np.float32)
        return factors


def mean_lengths(totals: NDArray[np.int64]) -> NDArray[np.float64]:
    """The mean length of each field where it is filled, to a step of a sixteenth of an octave.

    So coarse a mean stays the same when a few rows come, and with it all weights that stand.
    """
    means = np.maximum(totals[0] / np.maximum(totals[1], 1), 1e-9)
    rounded: NDArray[np.float64] = np.exp2(np.rint(np.log2(means) * _FINE) / _FINE)
    return rounded


def write_postings(folder: Path, wording: Wording, found: Counted, measure: Measure) -> None:
    """Weigh the terms that were found and write the files of this module."""
    held = measure.weigh(found, found.totals)
    places = _held_places(found, wording, np.arange(len(wording.flat)))
    frequency = np.bincount(held.terms, held.beside[1], len(found.terms)) / _PARTS
    _write(folder, found.terms, held, places, (frequency, found.totals, found.of_word))


def splice_postings(
    folder: Path, change: Change, words: tuple[Wording, Terms], counted: tuple[Counted, Counted],
    measure: Measure,
) -> bool:  # fmt: skip
    """The same after a change, from the postings of the generation before.

    ``words`` are those of all rows now, and how they are numbered; ``counted`` is what the rows
    hold that went and that came. False, and nothing is written, where a mean length is another.
    """
    (wording, word_terms), (gone, come) = words, counted
    before = Postings.open(change.folder, gone.lengths.shape[0])
    totals = before.field_totals - gone.totals + come.totals
    if (mean_lengths(totals) != mean_lengths(before.field_totals)).any():
        return False
    went, came = measure.weigh(gone, totals), measure.weigh(come, totals)
    stood = Held(before.postings_indptr, before.postings_rows, (before.postings_weights,))
    terms = change_terms((before.terms, gone.terms, come.terms), stood, went, came)
    set_in = Held(came.bounds, came.values, came.beside[:1])
    held = splice_rows(stood, terms, went, set_in, change.rows)
    places = _spliced_places(before, change, wording, terms, counted)
    frequency = _frequency(before.term_frequency, terms, went, came)
    of_old = terms.of_old[before.term_of_word]
    of_word = of_terms(word_terms, of_old, terms.of_come[come.of_word])
    names = renamed(terms, before.terms, come.terms)
    _write(folder, names, held, places, (frequency, totals, of_word))
    return True


def _frequency(
    before: NDArray[np.float64], terms: Terms, gone: Held, come: Held
) -> NDArray[np.float64]:
    """The document frequency of each term now; in whole parts, or it would depend on the order."""
    left = np.rint(before * _PARTS)
    left[terms.of_gone] -= np.bincount(gone.terms, gone.beside[1], len(terms.of_gone))
    found = np.zeros(len(terms))
    found[terms.stood] = left[terms.firsts[terms.stood]]
    found[terms.of_come] += np.bincount(come.terms, come.beside[1], len(terms.of_come))
    return found / _PARTS


def _spliced_places(
    before: Postings, change: Change, wording: Wording, terms: Terms,
    counted: tuple[Counted, Counted],
) -> Held:  # fmt: skip
    """The places of each term now."""
    fields, rows = before.fields, change.rows
    starts, now = before.bounds[::fields], wording.bounds[::fields]
    stayed = np.maximum(rows.of_old, 0)
    shifts = (now[:-1][stayed] - starts[:-1]).astype(np.int32)
    every = np.repeat(shifts, np.diff(starts))
    every += np.arange(len(every), dtype=np.int32)
    came = places_of(now, rows.come)
    every = np.concatenate([every, came.astype(np.int32)])
    following = np.repeat(starts[rows.before], np.diff(now)[rows.come])
    held_gone = _held_places(counted[0], change.gone, places_of(starts, rows.gone))
    numbers = np.arange(len(came)) + len(before.words)
    held_come = _held_places(counted[1], change.come, numbers)
    where = (following[held_come.values - len(before.words)], every)
    stood = Held(before.places_indptr, before.places)
    return splice(stood, terms, held_gone, held_come, where)


def _held_places(counted: Counted, wording: Wording, places: NDArray[np.int64]) -> Held:
    """These places, one for each word, by term."""
    of_place = counted.of_word.astype(np.int32)[wording.flat]
    bounds = bounds_of(np.bincount(of_place, minlength=len(counted.terms)))
    return Held(bounds, places[np.argsort(of_place, kind="stable")].astype(np.int32))


def _write(
    folder: Path,
    terms: Sequence[str],
    held: Held,
    places: Held,
    others: tuple[NDArray[Any], NDArray[Any], NDArray[Any]],
) -> None:
    frequency, totals, of_word = others
    written: tuple[NDArray[Any], ...] = (
        held.bounds,
        held.values,
        held.beside[0],
        frequency,
        totals,
        of_word.astype(np.int32),
        places.bounds,
        places.values,
    )
    for name, values in zip(_ARRAYS, written, strict=True):
        np.save(folder / f"{name}.npy", values)
    (folder / TERMS).write_text("".join(f"{term}\n" for term in terms), "utf-8")
