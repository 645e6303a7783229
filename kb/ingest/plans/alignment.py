"""Which cell belongs to which column, judged by what the cells hold.

A row is laid over the columns left to right: a cell may take any column not before its
neighbour's, a column may stay empty, and two cells may share one. Each choice has a cost (what a
cell holds against what its column is for), and the cheapest layout wins. The same costs part a
run of cells into rows (dynamic programming over where rows begin, as in optimal line breaking,
Knuth and Plass 1981).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kb.ingest.plans.headers import Column
from kb.ingest.statuses import read_scope, read_status
from kb.ingest.tables import Cell, CellRun, LooseCell, Row
from kb.text.agencies import Agencies
from kb.text.dates import find_dates, iso_date, leading_date

_SKIPPED = 1.0  # a column without a cell, inside a row
_MISSING = 0.6  # a column without a cell, at the end of a row
_SHARED = 2.0  # two cells in one column
_SHARED_EMPTY = 0.5  # … the second of them empty
_MOVED = 3.0  # a full row that is not laid straight
_SHORT = 3.0  # a row of a run with fewer cells than columns
_LONG = 6.0  # a row of a run with more
_NO_BLANK = 2.5  # a row that no blank line parts from the one before
_BLANK_INSIDE = 0.7
_CLEAR_GAIN = 4.0  # by how much a moved layout must win in a table whose rows are known
_MISPLACED = 2.0  # cells that cost less together are no reason to doubt their row
_WIDEST_REALIGNED = 40
_LONGEST_HEAD = 300  # characters of a cell that are looked at
_NUMBER = re.compile(r"[A-Za-z]{0,4}[ .]?\d[\w.()/ -]{0,10}")


@dataclass(frozen=True)
class Layout:
    """Columns (by index) of a row's cells, and the cost of that choice."""

    columns: tuple[int, ...]
    cost: float


class Aligner:
    """Lays cells over the columns of one header."""

    def __init__(self, columns: Sequence[Column], agencies: Agencies) -> None:
        """Remember the columns and what they are for."""
        self.columns = tuple(columns)
        self._agencies = agencies
        self._known_looks: dict[str, Look] = {}
        self._known_fits: dict[str, tuple[float, ...]] = {}

    def rows(self, run: CellRun, start: int) -> list[Row]:
        """The rows of a run of cells from ``start`` on; repeated headers are rows too."""
        cells = run.cells[start:]
        ends = self._row_ends(cells)
        rows, begin = [], 0
        for end, layout in ends:
            rows.append(self._laid(cells[begin:end], layout))
            begin = end
        return rows

    def straightened(self, row: Row) -> Row:
        """The row with its cells under the columns they belong to, where that is clear."""
        width = len(self.columns)
        if not 1 < width <= _WIDEST_REALIGNED:
            return row
        index = {column.at: number for number, column in enumerate(self.columns)}
        if not row.filled or not all(cell.at in index for cell in row.filled):
            return row
        if any(cell.goes_on or cell.tables or cell.span > 1 for cell in row.cells):
            return row
        texts = [""] * width
        for cell in row.filled:
            texts[index[cell.at]] = cell.text
        while texts and not texts[-1]:
            texts.pop()
        fits = [self.fit(text, column) for column, text in enumerate(texts)]
        if sum(fit for fit, text in zip(fits, texts, strict=True) if text and fit > 0) < _MISPLACED:
            return row
        straight = sum(fits) + _MISSING * (width - len(texts))
        best = self._layouts(texts)[len(texts)]
        if best.cost + _CLEAR_GAIN > straight:
            return row
        flags = (*row.flags, *self._flags(texts, best.columns))
        return replace(row, cells=self._cells(texts, best.columns), flags=flags)

    def fit(self, text: str, column: int) -> float:
        """What it costs to put a text under a column (by index); below 0 where it belongs there."""
        return self._look(text).cost(self.columns[column].field)

    def _row_ends(self, cells: Sequence[LooseCell]) -> list[tuple[int, Layout]]:
        width, total = len(self.columns), len(cells)
        uses_blanks = sum(cell.after_blank for cell in cells) * 3 * width > total
        best: list[tuple[float, int, Layout | None]] = [(0.0, 0, None)]
        best += [(float("inf"), 0, None)] * total
        for start in range(total):
            cost = best[start][0]
            if start and uses_blanks and not cells[start].after_blank:
                cost += _NO_BLANK
            piece = cells[start : start + width + 2]
            layouts = self._layouts([cell.text for cell in piece])
            inside = 0.0
            for size, layout in layouts.items():
                if size > 1 and piece[size - 1].after_blank:
                    inside += _BLANK_INSIDE
                odd = _SHORT if size < width else _LONG if size > width else 0.0
                sum_ = cost + inside + odd + layout.cost
                if sum_ < best[start + size][0]:
                    best[start + size] = (sum_, start, layout)
        ends, at = [], total
        while at:
            _, before, layout_ = best[at]
            if layout_ is not None:
                ends.append((at, layout_))
            at = before
        return ends[::-1]

    def _layouts(self, texts: Sequence[str]) -> dict[int, Layout]:
        """The cheapest layout of the first 1, 2, … cells; {how many: layout}."""
        width = len(self.columns)
        found: dict[int, Layout] = {}
        last: list[Layout] = []
        for size, text in enumerate(texts, start=1):
            fits = self._fits(text)
            last = self._extended(last, fits, bool(text)) if last else _first(fits)
            straight = tuple(range(size))
            for column, layout in enumerate(last):
                cost = layout.cost + _MISSING * (width - 1 - column)
                if size == width and layout.columns != straight:
                    cost += _MOVED
                if size not in found or cost < found[size].cost:
                    found[size] = Layout(layout.columns, cost)
        return found

    def _extended(self, last: list[Layout], fits: Sequence[float], filled: bool) -> list[Layout]:
        """For each column the cheapest layout whose newest cell stands there."""
        share = _SHARED if filled else _SHARED_EMPTY
        layouts, left = [], None
        for column, (fit, same) in enumerate(zip(fits, last, strict=True)):
            before, cost = same, same.cost + share
            if left is not None and left[0] + (column - 1) * _SKIPPED < cost:
                before, cost = left[1], left[0] + (column - 1) * _SKIPPED
            layouts.append(Layout((*before.columns, column), cost + fit))
            reach = same.cost - column * _SKIPPED
            if left is None or reach < left[0]:
                left = (reach, same)
        return layouts

    def _fits(self, text: str) -> tuple[float, ...]:
        """What it costs to put this text under each column."""
        fits = self._known_fits.get(text)
        if fits is None:
            look = self._look(text)
            fits = tuple(look.cost(column.field) for column in self.columns)
            self._known_fits[text] = fits
        return fits

    def _look(self, text: str) -> Look:
        look = self._known_looks.get(text)
        if look is None:
            look = self._known_looks[text] = Look(text, self._agencies)
        return look

    def _laid(self, cells: Sequence[LooseCell], layout: Layout) -> Row:
        texts = [cell.text for cell in cells]
        flags = self._flags(texts, layout.columns)
        place = f"lines {cells[0].first_line}–{cells[-1].last_line}"
        return Row(self._cells(texts, layout.columns), place, flags)

    def _cells(self, texts: Sequence[str], columns: Sequence[int]) -> tuple[Cell, ...]:
        joined: dict[int, list[str]] = {}
        for text, column in zip(texts, columns, strict=True):
            joined.setdefault(column, []).append(text)
        return tuple(
            Cell("\n\n".join(text for text in parts if text), self.columns[column].at)
            for column, parts in joined.items()
        )

    def _flags(self, texts: Sequence[str], columns: Sequence[int]) -> tuple[str, ...]:
        """In words: which cells stood beside their column, and which field is not printed."""
        moved = [n for n, column in enumerate(columns) if column != n and texts[n]]
        if not moved:
            return ()
        shift = columns[moved[0]] - moved[0]
        side = "left" if shift > 0 else "right"
        by = {1: "one column"}.get(abs(shift), f"{abs(shift)} columns")
        missing = [
            self._name(column) for column in range(columns[-1]) if column not in set(columns)
        ]
        flags = [f"{_cell_numbers(moved)} stood {by} to the {side}"]
        if missing:
            flags[0] += f"; no {' and no '.join(missing)} is printed"
        shared = [n for n in range(1, len(columns)) if columns[n] == columns[n - 1] and texts[n]]
        flags += [
            f"cells {n} and {n + 1} were joined under {self.columns[columns[n]].header!r}"
            for n in shared
        ]
        return tuple(flags)

    def _name(self, column: int) -> str:
        field = self.columns[column].field
        return (field or self.columns[column].header).replace("_", " ")


class Look:
    """What a cell looks like, apart from where it stands; each trait is looked at when asked for.

    Long cells are looked at by their beginning.
    """

    def __init__(self, text: str, agencies: Agencies) -> None:
        """Remember the text of one cell."""
        self.words = len(text.split())
        self._text = text
        self._head = text[:_LONGEST_HEAD]
        self._agencies = agencies

    @cached_property
    def scope(self) -> bool:
        """Whether it is a scope."""
        return 0 < self.words <= 4 and read_scope(self._text).value is not None

    @cached_property
    def date_only(self) -> bool:
        """Whether it is a date and nothing else."""
        return iso_date(self._head) is not None

    @cached_property
    def dated(self) -> bool:
        """Whether it begins with a date, or is short and has one."""
        return leading_date(self._head) is not None or (
            0 < self.words <= 8 and any(date.iso for date in find_dates(self._head))
        )

    @cached_property
    def agency(self) -> bool:
        """Whether it names known agencies."""
        return 0 < self.words <= 25 and self._agencies.knows(self._text)

    @cached_property
    def status(self) -> bool:
        """Whether it says a status."""
        return bool(self._text) and read_status(self._head).value is not None

    @cached_property
    def number(self) -> bool:
        """Whether it is the number of a row."""
        return is_number(self._text)

    def cost(self, field: str | None) -> float:
        """What it costs to put this cell under a field; below 0 where it belongs there."""
        if not self.words:
            return 6.0 if field == "recommendation" else 0.0
        match field:
            case "scope":
                belongs, bad = self.scope, 2.0 if self.words <= 3 else 4.0
            case "target_date" | "completed":
                belongs, bad = self.dated, 0.5 if self.words <= 3 else 3.0
            case "lead_agency":
                belongs, bad = self.agency, _by_length(self.words)
            case "status":
                belongs, bad = self.status, _by_length(self.words)
            case "number":
                return -1.0 if self.number else _by_length(self.words * 3)
            case _:
                return self._cost_of_text(field)
        return -2.0 if belongs else bad

    def _cost_of_text(self, field: str | None) -> float:
        """Under a column of free text; a telling cell belongs elsewhere."""
        if field == "outcome" and (self.status or self.dated):
            return -1.5
        if field == "recommendation":
            out_of_place = self.scope or self.date_only or self.number
            return 4.0 if out_of_place else 1.5 if self.agency or self.words < 3 else 0.0
        if field in ("action", "milestones", "outcome"):
            return 3.0 if self.scope else 1.5 if self.agency or self.date_only else 0.0
        return 0.0


def is_number(text: str) -> bool:
    """Whether a cell is the number of a row and nothing else."""
    return _NUMBER.fullmatch(text) is not None


def _first(fits: Sequence[float]) -> list[Layout]:
    return [Layout((c,), fit + _SKIPPED * c) for c, fit in enumerate(fits)]


def _by_length(words: int) -> float:
    return 0.5 if words <= 8 else 2.0 if words <= 15 else 4.0


def _cell_numbers(moved: Sequence[int]) -> str:
    numbers = [number + 1 for number in moved]
    if len(numbers) == 1:
        return f"cell {numbers[0]}"
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"cells {numbers[0]}–{numbers[-1]}"
    return "cells " + ", ".join(map(str, numbers))
