"""Every text of a document as one unit with its place, and the units that a place stands for."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.ingest.tables import CellRun, Document, Paragraph, Row, Table
from kb.printed import SourceCell
from kb.text.normalise import fold

_LINES = re.compile(r"lines? (\d+)(?:–(\d+))?")
_ENDS = re.compile(r" to | and |, and ")
_WITHOUT_TABLE = ("line", "object", "the keys")


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
    return where if where.startswith(_WITHOUT_TABLE) else f"{table}, {where}"


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
        for nested in cell.tables:
            yield from units_in(nested)


class AsItStood:
    """The units of a document by their place, to show a recommendation as its document had it."""

    def __init__(self, document: Document, headers: Iterable[str]) -> None:
        """Index every unit by the place of the outermost row or paragraph that holds it.

        ``headers`` are the headers of columns and the labels of cards, as printed.
        """
        self._headers = {fold(header) for header in headers}
        self._rows_read: list[tuple[SourceCell, ...]] = []
        self._by_place: dict[str, list[int]] = {}
        self._loose: list[tuple[int, SourceCell]] = []
        over: dict[int, str] = {}
        for block in document.blocks:
            if isinstance(block, Table):
                over = self._index_table(block, over)
            elif isinstance(block, Paragraph):
                cells = tuple(_cell(unit, "") for unit in units_in(block))
                self._by_place.setdefault(block.place, []).append(len(self._rows_read))
                self._rows_read.append(cells)
            else:
                self._loose += [(u.lines[0], _cell(u, "")) for u in units_in(block) if u.lines]
        self._loose.sort(key=lambda loose: loose[0])
        self._lines = [line for line, _ in self._loose]

    def _index_table(self, table: Table, over: dict[int, str]) -> dict[int, str]:
        """Index the rows of a table; the headers that stand over it, for one that goes on from it.

        A table without headers of its own stands under those of the table before.
        """
        for number, row in enumerate(table.rows):
            if self._is_header(row):
                above = over if number and self._is_header(table.rows[number - 1]) else {}
                over = above | _headers_of(row, above)
                self._put(
                    tuple(_cell(u, "") for u in _units_of_row(table, row)), row.place, table.name
                )
                continue
            units = list(_units_of_row(table, row))
            label = self._label(units)
            cells = tuple(
                _cell(
                    unit, label or (over.get(unit.at or 0, "") if unit.table == table.name else "")
                )
                for unit in (units[1:] if label else units)
            )
            self._put(cells, row.place, table.name)
        return over

    def _is_header(self, row: Row) -> bool:
        """Whether most of a row's cells are known headers; one cell alone only if it is the row."""
        known = [fold(cell.text) in self._headers for cell in row.filled]
        return sum(known) * 2 > len(known) and (len(known) > 1 or len(row.cells) == 1)

    def _label(self, units: Sequence[Unit]) -> str:
        """The label of a row of a card: its first of two cells."""
        is_card = len(units) == 2 and fold(units[0].text) in self._headers
        return units[0].text if is_card else ""

    def _put(self, cells: tuple[SourceCell, ...], place: str, table: str) -> None:
        if cells:
            for key in dict.fromkeys((f"{table}\0{place}", place_of(table, [place]))):
                self._by_place.setdefault(key, []).append(len(self._rows_read))
            self._rows_read.append(cells)

    def cells(self, table: str, places: Iterable[str]) -> tuple[SourceCell, ...]:
        """The cells at these places of a table, each under its header as printed."""
        return tuple(cell for place in dict.fromkeys(places) for cell in self._at(table, place))

    def _at(self, table: str, place: str) -> list[SourceCell]:
        rows = self._rows(table, place)
        if rows:
            return [cell for row in rows for cell in self._rows_read[row]]
        lines = _LINES.fullmatch(place)
        if lines:
            first, last = int(lines[1]), int(lines[2] or lines[1])
            start, end = bisect_left(self._lines, first), bisect_right(self._lines, last)
            return [cell for _, cell in self._loose[start:end]]
        ends = [self._rows(table, end) for end in _ENDS.split(place)]
        if len(ends) > 1 and ends[0] and ends[-1]:
            between = range(ends[0][0], ends[-1][-1] + 1)
            return [cell for row in between for cell in self._rows_read[row]]
        return []

    def _rows(self, table: str, place: str) -> list[int]:
        """The rows of a place; of a place within one, as of a table in its cell, that row."""
        whole = place_of(table, [place])
        while whole:
            for key in (f"{table}\0{place}", whole, place):
                if key in self._by_place:
                    return self._by_place[key]
            whole = whole.rpartition(", ")[0]
        return []


def _cell(unit: Unit, header: str) -> SourceCell:
    return SourceCell(header=header, text=unit.text, place=unit.place)


def _headers_of(row: Row, above: dict[int, str]) -> dict[int, str]:
    """Grid column → header, of two rows of headers one under the other both."""
    found: dict[int, str] = {}
    for cell in row.filled:
        for at in range(cell.at, cell.at + cell.span):
            upper = above.get(at)
            found[at] = cell.text if upper in (None, cell.text) else f"{upper} – {cell.text}"
    return found
