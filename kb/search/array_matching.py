"""Matching by arrays: each part of a query is a few operations on whole arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.index.columns import Columns, Mask
from kb.index.postings import Postings
from kb.index.wording import FIELDS
from kb.index.words import Words
from kb.search.compounds import begun
from kb.search.filters import field_mask, years_mask
from kb.search.matching import Alternative, alternatives, runs_of, words_of
from kb.search.query import (
    FACET_FIELDS,
    And,
    Best,
    Field,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Years,
)
from kb.search.ranking import Ranker
from kb.search.spelling import MARK, beginnings, stem


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


class ArrayMatching:
    """Finds what a query matches from the postings, the vocabulary and the columns."""

    name = "arrays"

    def __init__(self, folder: Path, postings: Postings, columns: Columns, ranker: Ranker) -> None:
        """Answer from a generation's folder and these open parts of it."""
        self._folder = folder
        self._postings = postings
        self._columns = columns
        self._ranker = ranker

    @cached_property
    def _words(self) -> Words:
        return Words.open(self._folder)

    def check(self) -> None:
        """Open everything that is otherwise opened when needed, to see that it can be."""
        _ = self._postings.vocabulary, self._words

    def close(self) -> None:
        """Nothing is held open but memory maps, which close themselves."""

    def mask(self, node: Node | None) -> Mask:  # noqa: PLR0911  (one for each kind of node)
        """Which rows a settled tree matches: shape (rows,)."""
        match node:
            case None:
                return np.ones(len(self._postings), dtype=bool)
            case Term() | Best():
                return self._ranker.bag(words_of(node)).mask
            case Phrase():
                return self._in_a_row(runs_of(node))
            case Prefix(start):
                return self._beginning(beginnings(start))
            case Near(parts, distance):
                first, second = map(alternatives, parts)
                return self._near(first, second, distance)
            case Field() | Years():
                return self._narrow(node)
            case Not(part):
                return ~self.mask(part)
            case Or(parts):
                return reduce(or_, map(self.mask, parts))
            case And(parts):
                return reduce(and_, map(self.mask, parts))

    def _narrow(self, node: Field | Years) -> Mask:
        if isinstance(node, Years):
            return years_mask(self._columns, node)
        if node.name in FACET_FIELDS:
            return field_mask(self._columns, node)
        return self._in_a_row(runs_of(node), node.name)

    def _in_a_row(self, runs: Sequence[Sequence[str]], field: str | None = None) -> Mask:
        """The rows where the stems of any run follow each other, in any field or in this one."""
        cells = np.concatenate([self._postings.runs(stems)[1] for stems in runs])
        if field is not None:
            cells = cells[cells % len(FIELDS) == FIELDS.index(field)]
        return self._mask(cells // len(FIELDS))

    def _near(
        self, first: Sequence[Alternative], second: Sequence[Alternative], distance: int
    ) -> Mask:
        """The rows where any of the first and any of the second stand so close in one field."""
        left, right = self._spans(first), self._spans(second)
        cells = left.leading(right, distance), right.leading(left, distance)
        return self._mask(np.concatenate(cells) // len(FIELDS))

    def _beginning(self, starts: Sequence[str]) -> Mask:
        """The rows with a word that begins in one of these ways."""
        rows: list[NDArray[np.integer[Any]]]
        rows = [self._words.rows_of(self._words.beginning(start)) for start in starts]
        rows += [self._compounds(*parts) for start in starts for parts in begun(start)]
        return self._mask(np.concatenate(rows))

    def _compounds(self, first: str, second: str) -> NDArray[np.int64]:
        """The rows where a compound stands in its parts: the first, and how the second begins."""
        firsts = self._words.number(first)
        seconds = self._words.words[self._words.beginning(second)]
        places, cells = self._postings.runs([stem(first)])
        held = self._postings.words
        kept = (held[places] == firsts) & (places + 1 < len(held))
        places, cells = places[kept], cells[kept]
        is_second = np.isin(held[places + 1], seconds)
        is_same = self._postings.cells_of(places + 1) == cells
        found: NDArray[np.int64] = cells[is_second & is_same] // len(FIELDS)
        return found

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
        words = self._words.listed[self._words.beginning(start)]
        return [(one,) for one in sorted({stem(word.removeprefix(MARK)) for word in words})]

    def _mask(self, found: NDArray[np.integer[Any]]) -> Mask:
        mask = np.zeros(len(self._postings), dtype=bool)
        mask[found] = True
        return mask
