"""Where words stand in a generation, from arrays: phrases, words near each other, beginnings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.index.postings import Postings
from kb.index.wording import FIELDS
from kb.index.words import Words
from kb.search.matching import Alternative
from kb.search.spelling import MARK, stem

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Spans:
    """Occurrences: their first and last places and their cells (row × fields + field)."""

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    cells: NDArray[np.int64]

    @classmethod
    def joined(cls, parts: Iterable[Spans]) -> Spans:
        """The occurrences of all parts, in order of their first places."""
        empty = np.empty(0, dtype=np.int64)
        columns = [(part.begins, part.ends, part.cells) for part in parts] or [(empty,) * 3]
        begins, ends, cells = (np.concatenate(column) for column in zip(*columns, strict=True))
        order = np.argsort(begins, kind="stable")
        return cls(begins[order], ends[order], cells[order])

    def leading(self, after: Spans, distance: int) -> NDArray[np.int64]:
        """The cells where one of these stands so close before one of the others, or closer.

        1 is the next word; occurrences that overlap are not near.
        """
        following = np.searchsorted(after.begins, self.ends, side="right")
        is_led = following < len(after.begins)
        ends, cells, following = self.ends[is_led], self.cells[is_led], following[is_led]
        is_near = (after.begins[following] - ends <= distance) & (after.cells[following] == cells)
        near: NDArray[np.int64] = cells[is_near]
        return near


class ArrayText:
    """The words of one generation in their places; each answer is rows, ascending."""

    def __init__(self, folder: Path, postings: Postings) -> None:
        """Answer from these postings and the words in this folder."""
        self._folder = folder
        self._postings = postings

    @cached_property
    def words(self) -> Words:
        """The vocabulary; raises IndexUnreadable if it is damaged."""
        return Words.open(self._folder)

    def phrase(self, stems: Sequence[str], field: str | None = None) -> Rows:
        """The rows where these stems follow each other, in any field or in this one."""
        _, cells = self._postings.runs(stems)
        if field is not None:
            cells = cells[cells % len(FIELDS) == FIELDS.index(field)]
        return self._rows(cells // len(FIELDS))

    def near(
        self, first: Sequence[Alternative], second: Sequence[Alternative], distance: int
    ) -> Rows:
        """The rows where any of the first and any of the second stand so close in one field."""
        left, right = self._spans(first), self._spans(second)
        cells = left.leading(right, distance), right.leading(left, distance)
        return self._rows(np.concatenate(cells) // len(FIELDS))

    def beginning(self, starts: Sequence[str]) -> Rows:
        """The rows with a word that begins in one of these ways."""
        rows = [self.words.rows_of(self.words.beginning(start)) for start in starts]
        return self._rows(np.concatenate(rows))

    def _spans(self, alternatives: Sequence[Alternative]) -> Spans:
        """Every occurrence of any of these."""
        spans = []
        for one in alternatives:
            for stems in self._stems(one) if isinstance(one, str) else [one]:
                begins, cells = self._postings.runs(stems)
                wide = begins.astype(np.int64)
                spans.append(Spans(wide, wide + (len(stems) - 1), cells))
        return Spans.joined(spans)

    def _stems(self, start: str) -> list[tuple[str, ...]]:
        """The stems of every word that begins so."""
        words = self.words.listed[self.words.beginning(start)]
        return [(one,) for one in sorted({stem(word.removeprefix(MARK)) for word in words})]

    def _rows(self, found: NDArray[np.integer[Any]]) -> Rows:
        """Each of these rows once, ascending."""
        mask = np.zeros(len(self._postings), dtype=bool)
        mask[found] = True
        return np.flatnonzero(mask)
