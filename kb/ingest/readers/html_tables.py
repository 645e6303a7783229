"""Tables of a web page: which grid column each cell takes, and which rows a cell goes on in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from kb.errors import DamagedDocument
from kb.ingest.readers.html_flow import Flow, Printed
from kb.ingest.tables import Cell, Paragraph, Row, Table

_WIDEST = 1_000  # grid columns of one cell: the limit of the HTML standard
_MOST_CELLS = 2_000_000  # of one table, and grid places under its merged cells
_HIDDEN_ROW = "the row is hidden on the page"
_HIDDEN_CELL = "a cell of the row is hidden on the page"
_NOT_PRINTED = ("hidden text", "image")


@dataclass
class RawCell:
    """A cell as it is written; ``down`` is 0 where it goes on to the end of its row group.

    ``gone`` says of a hidden one that it takes no place either, so that the next one moves up.
    """

    flow: Flow
    span: int = 1
    down: int = 1
    hidden: bool = False
    gone: bool = False


@dataclass
class RawRow:
    """A row as it is written."""

    cells: list[RawCell] = field(default_factory=list)
    hidden: bool = False
    line: int | None = None


@dataclass
class RawTable:
    """A table as it is written: row groups, each ``thead``, ``tbody`` or ``tfoot`` and its rows."""

    groups: list[tuple[str, list[RawRow]]] = field(default_factory=list)
    is_layout: bool = False
    is_terms: bool = False
    has_headers: bool = False

    def begin_row(self, *, hidden: bool = False, line: int | None = None) -> RawRow:
        """Start a row at the end of the row group that stands open."""
        if not self.groups:
            self.groups.append(("tbody", []))
        self.groups[-1][1].append(RawRow(hidden=hidden, line=line))
        return self.groups[-1][1][-1]

    def cell(self, *, span: int, down: int, hidden: bool, gone: bool) -> Flow:
        """Start a cell in the last row; the flow of its text."""
        has_row = self.groups and self.groups[-1][1]
        row = self.groups[-1][1][-1] if has_row else self.begin_row()
        row.cells.append(RawCell(Flow(), span, down, hidden, hidden and gone))
        return row.cells[-1].flow

    def term(self, tag: str, *, line: int | None) -> Flow:
        """Start a term (``dt``) or what is said of it (``dd``); several stand in one cell."""
        rows = self.groups[-1][1] if self.groups else []
        cells = rows[-1].cells if rows else []
        if not cells or (tag == "dt" and len(cells) == 2):
            cells = self.begin_row(line=line).cells
            cells.append(RawCell(Flow()))
        if tag == "dd" and len(cells) == 1:
            cells.append(RawCell(Flow()))
        return cells[-1].flow

    @property
    def rows(self) -> list[RawRow]:
        """All rows that have cells, in the order in which they are written."""
        return [row for _, rows in self.groups for row in rows if row.cells]

    @property
    def printed_groups(self) -> list[list[RawRow]]:
        """The row groups in the order of print: the first head on top, the first foot last."""
        kinds = [kind for kind, _ in self.groups]
        head = kinds.index("thead") if "thead" in kinds else -1
        foot = kinds.index("tfoot") if "tfoot" in kinds else -1
        order = [head] if head >= 0 else []
        order += [n for n in range(len(kinds)) if n not in (head, foot)]
        order += [foot] if foot >= 0 else []
        return [self.groups[n][1] for n in order]


def arranges_the_page(table: RawTable) -> bool:
    """Whether a table only places other things: one box, or boxes around the tables in it."""
    rows = table.rows
    cells = [cell for row in rows for cell in row.cells]
    if table.has_headers:
        return False
    if table.is_terms:
        return any(len(row.cells) < 2 or not row.cells[0].flow.blocks for row in rows)
    if len(cells) <= 1:
        return True
    nested = [cell for cell in cells if any(isinstance(b, RawTable) for b in cell.flow.blocks)]
    if not nested:
        return False
    filled = max(sum(bool(cell.flow.blocks) for cell in row.cells) for row in rows)
    outer = sum(len(block.text) for cell in cells for block in _paragraphs(cell.flow))
    inner = sum(_length(block) for cell in nested for block in _tables(cell.flow))
    return table.is_layout or filled <= 1 or (len(rows) <= 3 and inner > outer)


def loosened(table: RawTable) -> Iterator[Printed | RawTable]:
    """What a table that arranges the page holds, without it."""
    for row in table.rows:
        for cell in row.cells:
            is_hidden = row.hidden or cell.hidden
            yield from _as_hidden(cell.flow) if is_hidden else cell.flow.blocks


def _as_hidden(flow: Flow) -> Iterator[Printed]:
    """What a hidden box holds, that of the tables in it too."""
    for block in flow.blocks:
        if isinstance(block, Printed):
            yield replace(block, aside="hidden text")
        else:
            for cell in (cell for row in block.rows for cell in row.cells):
                yield from _as_hidden(cell.flow)


def _length(table: RawTable) -> int:
    """Characters printed in a table, those of the tables in it left out."""
    cells = (cell for row in table.rows for cell in row.cells)
    return sum(len(block.text) for cell in cells for block in _paragraphs(cell.flow))


def _paragraphs(flow: Flow) -> Iterator[Printed]:
    return (block for block in flow.blocks if isinstance(block, Printed))


def _tables(flow: Flow) -> Iterator[RawTable]:
    return (block for block in flow.blocks if isinstance(block, RawTable))


def table_of(raw: RawTable, name: str) -> tuple[Table, list[Paragraph]]:
    """The table on its grid, and what it holds but does not print (hidden text, image texts)."""
    maker = _Maker(name)
    rows = [row for group in raw.printed_groups for row in maker.group(group)]
    return Table(name, tuple(rows)), maker.unprinted


class _Maker:
    def __init__(self, name: str) -> None:
        self.unprinted: list[Paragraph] = []
        self._name = name
        self._rows = self._nested = self._cells = 0

    def group(self, rows: list[RawRow]) -> Iterator[Row]:
        """The rows of one row group; a merged cell ends with its group at the latest."""
        below: list[tuple[int, int, int]] = []  # first column, span, last row
        for number, raw in enumerate(rows):
            below = [part for part in below if part[2] >= number]
            taken = {column for at, span, _ in below for column in range(at, at + span)}
            self._rows += 1
            place = f"line {raw.line}" if raw.line else f"row {self._rows}"
            flags = [_HIDDEN_ROW] if raw.hidden else []
            cells = [Cell("", at, span, goes_on=True) for at, span, _ in below]
            at = 0
            for cell in raw.cells:
                if cell.gone:
                    self._leave_out(_as_hidden(cell.flow), place)
                    continue
                while at in taken:
                    at += 1
                span = min(max(cell.span, 1), _WIDEST)
                if cell.down != 1:
                    last = number + cell.down - 1 if cell.down else len(rows)
                    below.append((at, span, last))
                cells.append(self._cell(cell, at, span, place, flags))
                at += span
            self._count(len(cells) + len(taken))
            cells.sort(key=lambda cell: cell.at)
            if cells:
                yield Row(tuple(cells), place, tuple(dict.fromkeys(flags)))

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > _MOST_CELLS:
            raise DamagedDocument(
                f"the table has more than {_MOST_CELLS:,} cells",
                place=self._name,
                hint="Save the table of recommendations alone, as Excel or Word.",
            )

    def _cell(self, raw: RawCell, at: int, span: int, place: str, flags: list[str]) -> Cell:
        printed = [block for block in _paragraphs(raw.flow) if block.aside not in _NOT_PRINTED]
        unprinted = [block for block in _paragraphs(raw.flow) if block.aside in _NOT_PRINTED]
        tables = tuple(self._inner(table) for table in _tables(raw.flow))
        text = "\n".join(block.printed for block in printed)
        if not printed and not tables:
            images = [block for block in unprinted if block.aside == "image"]
            text = "\n".join(block.text for block in images)
            flags += [f"“{block.text}” is an image" for block in images]
            unprinted = [block for block in unprinted if block.aside != "image"]
        flags += [f"“{words}” is struck through" for words in raw.flow.struck]
        if raw.hidden and text:
            flags.append(_HIDDEN_CELL)
        self._leave_out(unprinted, place)
        return Cell(text, at, span, tables=tables)

    def _leave_out(self, blocks: Iterable[Printed], place: str) -> None:
        where = place if place.startswith("line") else f"{self._name}, {place}"
        self.unprinted += [Paragraph(block.text, where, aside=block.aside) for block in blocks]

    def _inner(self, raw: RawTable) -> Table:
        self._nested += 1
        table, unprinted = table_of(raw, f"{self._name}.{self._nested}")
        self.unprinted += unprinted
        return table
