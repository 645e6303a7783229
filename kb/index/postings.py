"""Which recommendations hold which term, how strongly, and in which order: what ranking reads.

Files: ``terms.txt`` (one term a line; a term's id is its line), ``postings_indptr.npy`` (int64,
terms + 1), ``postings_rows.npy`` (int32) and ``postings_weights.npy`` (float32) by term,
``term_frequency.npy`` (float32, the document frequency of each term), and the words of each text
in order as ``sequence_indptr.npy`` (int64, rows + 1) and ``sequence_terms.npy`` (int32).
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.index.manifest import unreadable

TERMS = "terms.txt"
_ARRAYS = (
    "postings_indptr",
    "postings_rows",
    "postings_weights",
    "term_frequency",
    "sequence_indptr",
    "sequence_terms",
)


@dataclass(frozen=True)
class Postings:
    """The postings of a generation, memory-mapped; shapes as at the top of this file."""

    folder: Path
    postings_indptr: NDArray[np.int64]
    postings_rows: NDArray[np.int32]
    postings_weights: NDArray[np.float32]
    term_frequency: NDArray[np.float32]
    sequence_indptr: NDArray[np.int64]
    sequence_terms: NDArray[np.int32]

    @classmethod
    def open(cls, folder: Path) -> Postings:
        """Open the postings of a generation's folder; raises IndexUnreadable if damaged."""
        try:
            arrays = [np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS]
        except (OSError, ValueError, EOFError) as error:
            raise unreadable(f"the postings cannot be read ({error})", folder) from error
        postings = cls(folder, *arrays)
        if (
            len(postings.postings_indptr) != len(postings.term_frequency) + 1
            or int(postings.postings_indptr[-1]) != len(postings.postings_rows)
            or len(postings.postings_rows) != len(postings.postings_weights)
            or int(postings.sequence_indptr[-1]) != len(postings.sequence_terms)
        ):
            raise unreadable("the postings' files do not belong together", folder)
        return postings

    def __len__(self) -> int:
        return len(self.sequence_indptr) - 1

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Each term's id."""
        try:
            terms = (self.folder / TERMS).read_text("utf-8").split("\n")[:-1]
        except (OSError, ValueError) as error:
            raise unreadable(f"the terms cannot be read ({error})", self.folder) from error
        if len(terms) != len(self.term_frequency):
            raise unreadable("the terms do not fit the postings", self.folder)
        return {term: number for number, term in enumerate(terms)}

    def of(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The rows that hold a term, ascending, and its weight in each; empty if none does."""
        number = self.vocabulary.get(term)
        start, end = (0, 0) if number is None else self.postings_indptr[number : number + 2]
        return self.postings_rows[start:end], self.postings_weights[start:end]

    def among(self, number: int, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """The weight of the term with this id in each of these rows, 0 where it does not stand."""
        start, end = self.postings_indptr[number : number + 2]
        held = self.postings_rows[start:end]
        at = np.minimum(np.searchsorted(held, rows), end - start - 1)
        return np.where(held[at] == rows, self.postings_weights[start:end][at], np.float32(0))

    def frequency(self, term: str) -> float:
        """How many recommendations hold a term, each counted by its best field; 0 if none."""
        number = self.vocabulary.get(term)
        return 0.0 if number is None else float(self.term_frequency[number])


class PostingsWriter:
    """Gathers the terms of each recommendation, then weighs and writes them.

    The weight of a term in a recommendation is BM25F's field-weighted, length-normalised count
    before saturation: sum over fields of ``weight × count / (1 − b + b × length / mean length)``
    (Robertson, Zaragoza and Taylor 2004, "Simple BM25 extension to multiple weighted fields").
    """

    def __init__(self, fields: Mapping[str, float], b: float) -> None:
        """Weigh these fields so; ``b`` is how far a long field counts less (0 not, 1 fully)."""
        self._weights = tuple(fields.values())
        self._fields = {name: number for number, name in enumerate(fields)}
        self._b = b
        self._ids: dict[str, int] = {}
        self._rows, self._terms, self._of_field = array("i"), array("i"), array("b")
        self._counts = array("f")
        self._lengths = [array("i") for _ in fields]
        self._sequence, self._sequence_ends = array("i"), array("q", [0])
        self._row = 0

    def add(
        self,
        words: Mapping[str, Sequence[str]],
        concepts: Mapping[str, Sequence[str]],
        lengths: Mapping[str, int],
        sequence: Sequence[str],
    ) -> None:
        """Add the next recommendation.

        ``words`` and ``concepts`` are terms by field, ``lengths`` counts the words of each field
        that carry meaning, and ``sequence`` is the words of the text in order.
        """
        for name, number in self._fields.items():
            self._lengths[number].append(lengths.get(name, 0))
            counts = Counter(words.get(name, ())) + Counter(concepts.get(name, ()))
            for term, count in counts.items():
                self._rows.append(self._row)
                self._terms.append(self._ids.setdefault(term, len(self._ids)))
                self._of_field.append(number)
                self._counts.append(count)
        self._sequence.extend(self._ids[word] for word in sequence)
        self._sequence_ends.append(len(self._sequence))
        self._row += 1

    def write(self, folder: Path) -> None:
        """Weigh everything added and write the files."""
        terms = np.array(self._terms, dtype=np.int32)
        rows = np.array(self._rows, dtype=np.int32)
        of_field = np.array(self._of_field, dtype=np.int8)
        weights = np.array(self._counts, dtype=np.float32) * self._normalised(of_field, rows)
        best = np.array(self._weights, dtype=np.float32)[of_field]
        # One posting for each term and row: fields are summed, the best field counts for df.
        order = np.lexsort((rows, terms))
        terms, rows, weights, best = terms[order], rows[order], weights[order], best[order]
        new = np.ones(len(terms), dtype=bool)
        new[1:] = (terms[1:] != terms[:-1]) | (rows[1:] != rows[:-1])
        starts = np.flatnonzero(new)
        if len(starts):
            weights, best = np.add.reduceat(weights, starts), np.maximum.reduceat(best, starts)
        terms, rows = terms[starts], rows[starts]
        size = len(self._ids)
        indptr = np.concatenate(([0], np.cumsum(np.bincount(terms, minlength=size))))
        frequency = np.bincount(terms, weights=np.minimum(best, 1), minlength=size)
        written: tuple[NDArray[Any], ...] = (
            indptr.astype(np.int64),
            rows.astype(np.int32),
            weights.astype(np.float32),
            frequency.astype(np.float32),
            np.array(self._sequence_ends, dtype=np.int64),
            np.array(self._sequence, dtype=np.int32),
        )
        for name, values in zip(_ARRAYS, written, strict=True):
            np.save(folder / f"{name}.npy", values)
        (folder / TERMS).write_text("".join(f"{term}\n" for term in self._ids), "utf-8")

    def _normalised(
        self, of_field: NDArray[np.int8], rows: NDArray[np.int32]
    ) -> NDArray[np.float32]:
        """The factor of each posting: its field's weight over its length's norm."""
        factors = np.ones((len(self._weights), max(self._row, 1)), dtype=np.float32)
        for number, weight in enumerate(self._weights):
            lengths = np.array(self._lengths[number], dtype=np.float32)
            filled = lengths[lengths > 0]
            mean = float(filled.mean()) if len(filled) else 1.0
            factors[number, : self._row] = weight / (1 - self._b + self._b * lengths / mean)
        return factors[of_field, rows]
