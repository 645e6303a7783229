"""The rows of a table without rules, told by white, numbers and the beginnings of sentences."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kb.ingest.readers.pdf.gutters import Gutters, is_row_number
from kb.ingest.readers.pdf.layout import Word
from kb.ingest.readers.pdf.lines import Line

_ASCENT, _DESCENT = 0.72, 0.2  # of the size: the ink of a line above and below what it stands on
_PADDED = 1.18  # of the distance of lines in a cell: rows lie further apart
_AS_ROWS = 0.9  # of the distance of rows: so much parts rows too
_USUAL = 1.2  # of the size: the distance of lines in a cell where none shows it
_WIDEST = 1.6  # of the size: …and no wider
_ALIGNED = 2.0  # points
_ENDS = (".", "!", "?", ":", ";")

BY_SPACE = "no rule parts it from the row above: it was parted by the space between them"
BY_WORDS = (
    "neither a rule nor space parts it from the rows around it: it was parted by how its "
    "sentences begin and end"
)
BY_NUMBER = "no rule parts it from the row above: it was parted by its number"


@dataclass
class Strip:
    """Lines between which no white runs from side to side: of all columns, or one text across."""

    cells: dict[int, list[Line]]
    top: float
    bottom: float
    first: float
    last: float
    across: bool = False

    @property
    def columns(self) -> set[int]:
        """The columns that it has text in."""
        return set(self.cells)


@dataclass
class FoundRow:
    """A row: its strips, and what was doubtful about where it begins."""

    strips: list[Strip]
    flags: list[str] = field(default_factory=list)

    def words(self, column: int) -> list[Word]:
        """The words in one of its columns."""
        return [w for s in self.strips for line in s.cells.get(column, ()) for w in line.words]

    @property
    def columns(self) -> set[int]:
        """The columns that it has text in."""
        return {column for strip in self.strips for column in strip.cells}

    @property
    def across(self) -> bool:
        """Whether it is one text over all columns."""
        return self.strips[0].across


def rows_of(lines: Sequence[Line], gutters: Gutters, rules: Sequence[float]) -> list[FoundRow]:
    """The rows of a table's body; ``rules`` are the heights of level rules that run along it.

    Rules part rows for sure. Without them, white wider than that between the lines of a cell
    does, then numbers in the column of numbers, then the sentences of the recommendations.
    """
    strips = _strips(lines, gutters)
    return _Rows(strips, gutters, rules).found() if strips else []


def _strips(lines: Sequence[Line], gutters: Gutters) -> list[Strip]:
    strips: list[Strip] = []
    for line in sorted(lines, key=lambda line: line.base - _ASCENT * line.size):
        top, bottom = line.base - _ASCENT * line.size, line.base + _DESCENT * line.size
        across = gutters.runs_across(line)
        cells = {-1: list(line.words)} if across else gutters.columns(line.words)
        if not strips or across or strips[-1].across or top >= strips[-1].bottom:
            strips.append(Strip({}, top, bottom, line.base, line.base, across))
        strip = strips[-1]
        strip.bottom, strip.last = max(strip.bottom, bottom), max(strip.last, line.base)
        for column, words in cells.items():
            strip.cells.setdefault(column, []).append(Line(tuple(words), line.page))
    return strips


class _Rows:
    """The strips of one table, and the decision where rows begin."""

    def __init__(self, strips: list[Strip], gutters: Gutters, rules: Sequence[float]) -> None:
        self.strips = strips
        fields = gutters.fields
        self.text = fields.index("recommendation")
        self.number = fields.index("number") if "number" in fields else None
        self.ends = _ends(strips)
        self.within = _distance_within(strips, self.ends)
        self.ruled = {n for n in range(1, len(strips)) if self._is_ruled(n, rules)}

    def found(self) -> list[FoundRow]:
        """Strips put together to rows."""
        starts = {0: ""} | dict.fromkeys(self.ruled, "")
        starts |= self._around_headings()
        if not self.ruled:
            starts |= self._by_space(starts)
        starts |= self._by_numbers(starts)
        if len(starts) == 1 + len(self._around_headings()) and self.number is None:
            starts |= self._by_sentences()
        rows: list[FoundRow] = []
        for n, strip in enumerate(self.strips):
            if n in starts and not self._goes_on(n, rows):
                rows.append(FoundRow([strip], [starts[n]] if starts[n] else []))
            else:
                rows[-1].strips.append(strip)
        return rows

    def _is_ruled(self, n: int, rules: Sequence[float]) -> bool:
        above, below = self.strips[n - 1], self.strips[n]
        return any(above.last < rule < below.first for rule in rules)

    def _apart(self, n: int) -> float:
        return self.strips[n].first - self.strips[n - 1].last

    def _around_headings(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for n in range(1, len(self.strips)):
            above, below = self.strips[n - 1], self.strips[n]
            same = above.across and below.across and self._apart(n) <= 1.4 * self.within
            if (above.across or below.across) and not same:
                found[n] = ""
        return found

    def _by_space(self, starts: dict[int, str]) -> dict[int, str]:
        """Where white wider than that inside cells parts strips that hold more than one cell."""
        padded = [
            n
            for n in range(1, len(self.strips))
            if n not in starts and self._apart(n) > _PADDED * self.within and not self._flows(n)
        ]
        borders = sorted({*padded, *starts, len(self.strips)})
        columns = {
            n: set().union(*(s.columns for s in self.strips[n:end])) for n, end in pairwise(borders)
        }
        sure = [n for n in padded if len(columns[n]) > 1 or columns[n] == {self.number}]
        usual = statistics.median(map(self._apart, sure)) if sure else 0.0
        found = dict.fromkeys(sure, "")
        for n in padded:
            alone = n not in found and columns[n] == {self.text}
            if alone and self._apart(n) >= _AS_ROWS * usual:
                found[n] = BY_SPACE
        return found

    def _by_numbers(self, starts: dict[int, str]) -> dict[int, str]:
        """Where a row that holds several numbers must be parted."""
        if self.number is None:
            return {}
        found: dict[int, str] = {}
        borders = sorted({*starts, len(self.strips)})
        numbered = [n for n in range(len(self.strips)) if self._has_number(n)]
        for start, end in pairwise(borders):
            inside = [n for n in numbered if start <= n < end]
            for before, after in pairwise(inside):
                found |= self._between(before, after, numbered)
        return found

    def _between(self, before: int, after: int, numbered: Sequence[int]) -> dict[int, str]:
        """The border between two numbers: right above the second where numbers stand on top."""
        widest = max(range(before + 1, after + 1), key=self._apart)
        if self._apart(widest) > _PADDED * self.within and not self._flows(widest):
            return {widest: ""}
        on_top = numbered[0] == 0 and numbered[-1] < len(self.strips) - 1
        if on_top or after == before + 1:
            return {after: ""}
        if self._numbers_on_top(numbered):
            return {after: BY_NUMBER}
        return {before + 1: BY_NUMBER}

    def _numbers_on_top(self, numbered: Sequence[int]) -> bool:
        """Whether other columns begin where numbers stand, rather than end there."""
        begin = sum(not self._flows(n) for n in numbered if n)
        end = sum(not self._flows(n + 1) for n in numbered if n + 1 < len(self.strips))
        return begin >= end

    def _has_number(self, n: int) -> bool:
        lines = self.strips[n].cells.get(self.number, []) if self.number is not None else []
        return any(is_row_number(line.words[0].text) for line in lines)

    def _by_sentences(self) -> dict[int, str]:
        """Where a new sentence begins in the recommendations and in another column as well."""
        found: dict[int, str] = {}
        for n in range(1, len(self.strips)):
            begins = self._begins(n, self.text)
            others = [c for c in self.strips[n].columns if c != self.text and self._begins(n, c)]
            if begins and others and not self._flows(n):
                found[n] = BY_WORDS
        return {0: BY_WORDS, **found} if found else {}

    def _begins(self, n: int, column: int) -> bool:
        """Whether a cell may begin in a strip: with a capital, after a full stop or nothing."""
        below = self.strips[n].cells.get(column)
        if not below or below[0].text[0].islower():
            return False
        above = self.strips[n - 1].cells.get(column)
        return not above or above[-1].text.endswith(_ENDS) or column != self.text

    def _flows(self, n: int) -> bool:
        """Whether some cell goes on over the white above a strip, in the middle of a sentence."""
        above, below = self.strips[n - 1], self.strips[n]
        for column in above.columns & below.columns:
            before, after = above.cells[column][-1], below.cells[column][0]
            full = before.x1 + before.space + after.first_chunk > self.ends.get(column, 0) - 1
            if after.text[0].islower() and full and not before.text.endswith(_ENDS):
                return True
        return False

    def _goes_on(self, n: int, rows: Sequence[FoundRow]) -> bool:
        """Whether what white parted is the rest of a recommendation after all."""
        strip = self.strips[n]
        if not rows or n in self.ruled or strip.across or rows[-1].across:
            return False
        cells = strip.cells.get(self.text)
        if not cells or self.number is None or self._has_number(n):
            return False
        return cells[0].text[0].islower() and bool(rows[-1].words(self.text))


def _ends(strips: Sequence[Strip]) -> dict[int, float]:
    """How far to the right the lines of each column reach."""
    ends: dict[int, float] = {}
    for strip in strips:
        for column, lines in strip.cells.items():
            ends[column] = max(ends.get(column, 0.0), *(line.x1 for line in lines))
    return ends


def _distance_within(strips: Sequence[Strip], ends: dict[int, float]) -> float:
    """The distance between the lines of a cell: between lines that are one sentence."""
    columns: dict[int, list[Line]] = {}
    for strip in strips:
        for column, lines in strip.cells.items():
            columns.setdefault(column, []).extend(lines)
    counted: Counter[float] = Counter()
    every: list[float] = []
    for column, lines in columns.items():
        for before, line in pairwise(lines):
            apart = round((line.base - before.base) * 2) / 2
            every.append(apart)
            full = before.x1 + before.space + line.first_chunk > ends[column] - 1
            if full and line.text[0].islower() and not before.text.endswith(_ENDS):
                counted[apart] += 1
    if counted:
        return counted.most_common(1)[0][0]
    size = statistics.median(line.size for lines in columns.values() for line in lines)
    least = min(every, default=_USUAL * size)
    return least if least <= _WIDEST * size else _USUAL * size
