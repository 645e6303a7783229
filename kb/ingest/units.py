"""Every text of a document as one unit with its place, and the units that a place stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.ingest.headers import Header
from kb.ingest.tables import Cell, CellRun, Document, Paragraph, Row, Table
from kb.model import SourceCell

_LINES = re.compile(r"lines? (\d+)(?:–(\d+))?")
_ENDS = re.compile(r" to | and |, and ")
_ROW = re.compile(r"(?:line|object|the keys)")


@dataclass(frozen=True)
class Unit:
    """One filled cell or one paragraph.

    ``row`` is the place of its row in its table and ``place`` the whole place; ``at`` is its grid
    column, None of a paragraph. ``lines`` are the first and last line of a cell of flattened text.
    """

    text: str
    table: str
    row: str
    at: int | None = None
    lines: tuple[int, int] | None = None

    @property
    def is_cell(self) -> bool:
        """Whether it stands in a table."""
        return self.at is not None

    @property
    def place(self) -> str:
        """The place in words, as recommendations and left-out text name it."""
        return place_of(self.table, [self.row]) if self.is_cell else self.row


def place_of(table: str, places: Sequence[str]) -> str:
    """Rows of a table in words: "table 2, row 3 to row 5"; lines and objects need no table."""
    where = places[0] if len(places) == 1 else f"{places[0]} to {places[-1]}"
    return where if _ROW.match(where) else f"{table}, {where}"


def units_of(document: Document) -> Iterator[Unit]:
    """Every unit in reading order, those of nested tables after the cell that they stand in."""
    for block in document.blocks:
        yield from units_in(block)


def units_in(block: Table | CellRun | Paragraph) -> Iterator[Unit]:
    """The units of one block."""
    if isinstance(block, Paragraph):
        if block.printed.strip():
            yield Unit(block.printed, "", block.place)
    elif isinstance(block, CellRun):
        for at, cell in enumerate(block.cells):
            if cell.text.strip():
                lines = (cell.first_line, cell.last_line)
                yield Unit(cell.text, block.name, f"lines {lines[0]}–{lines[1]}", at, lines)
    else:
        for row in block.rows:
            yield from _units_of_row(block, row)


def _units_of_row(table: Table, row: Row) -> Iterator[Unit]:
    for cell in row.cells:
        if cell.text.strip():
            yield Unit(cell.text, table.name, row.place, cell.at)
        for nested in _nested(cell):
            yield from nested


def _nested(cell: Cell) -> Iterator[Iterator[Unit]]:
    for table in cell.tables:
        yield units_in(table)


class AsItStood:
    """The units of a document by their place, to show a recommendation as its document had it."""

    def __init__(self, document: Document) -> None:
        """Index every unit by the place of the outermost row or paragraph that holds it."""
        self._units: list[tuple[Unit, ...]] = []
        self._by_place: dict[str, list[int]] = {}
        self._loose: list[Unit] = []
        for block in document.blocks:
            if isinstance(block, Table):
                for row in block.rows:
                    self._put(tuple(_units_of_row(block, row)), row.place, block.name)
            else:
                units = tuple(units_in(block))
                self._loose += [unit for unit in units if unit.lines]
                if isinstance(block, Paragraph):
                    self._put(units, block.place, "")

    def _put(self, units: tuple[Unit, ...], place: str, table: str) -> None:
        if units:
            for key in dict.fromkeys((f"{table}\0{place}", place_of(table, [place]), place)):
                self._by_place.setdefault(key, []).append(len(self._units))
            self._units.append(units)

    def cells(
        self, table: str, places: Iterable[str], header: Header | None
    ) -> tuple[SourceCell, ...]:
        """The cells at these places of a table, each under its header as printed."""
        found = dict.fromkeys(
            (unit, table) for place in dict.fromkeys(places) for unit in self._at(table, place)
        )
        return tuple(
            SourceCell(header=_header_over(unit, table, header), text=unit.text, place=unit.place)
            for unit, table in found
        )

    def _at(self, table: str, place: str) -> list[Unit]:
        rows = self._rows(table, place)
        if rows:
            return [unit for row in rows for unit in self._units[row]]
        lines = _LINES.fullmatch(place)
        if lines:
            first, last = int(lines[1]), int(lines[2] or lines[1])
            return [u for u in self._loose if u.lines and first <= u.lines[0] <= last]
        ends = [self._rows(table, end) for end in _ENDS.split(place)]
        if len(ends) > 1 and ends[0] and ends[-1]:
            return [u for row in range(ends[0][0], ends[-1][-1] + 1) for u in self._units[row]]
        return []

    def _rows(self, table: str, place: str) -> list[int]:
        for key in (f"{table}\0{place}", place):
            if key in self._by_place:
                return self._by_place[key]
        return []


def _header_over(unit: Unit, table: str, header: Header | None) -> str:
    """The header of the column where the cell stood; none over flattened text or a nested cell."""
    if header is None or unit.at is None or unit.lines or unit.table != table:
        return ""
    column = header.by_grid.get(unit.at)
    return column.header if column else ""
