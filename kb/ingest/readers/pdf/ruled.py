"""Tables whose rules, or whose cells' colours, show where rows and columns end."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from kb.ingest.readers.pdf.banded import striped_tables
from kb.ingest.readers.pdf.boxes import is_pile_of_boxes
from kb.ingest.readers.pdf.colours import tell_colours
from kb.ingest.readers.pdf.frames import (
    SAME_EDGE,
    TOUCH,
    Frame,
    bounds_of,
    clustered,
    edges_of_cells,
    frames_of,
    holds,
    meets,
    root_of,
    striped,
    unite,
    where_rules_lack,
)
from kb.ingest.readers.pdf.grid import PrintedCell, PrintedRow, PrintedTable
from kb.ingest.readers.pdf.layout import Page, Rule, Word
from kb.ingest.readers.pdf.margins import PageWords
from kb.ingest.readers.pdf.merged import part_by_text
from kb.ingest.readers.pdf.parted import part_rows

_BEYOND = 4.0  # points: how far a rule must run past the last edge to show an open one
_COVERED = 0.5  # of a cell's side: a wall has a rule along so much of it
_SLIT = 5.0  # points: a row or column so thin that holds no word is a thick border
_SHORTEST = 4.0  # points: shorter lines are no rules
_FRAME = 0.8  # of the page: one column so wide and high is a frame around the page
_WIDEST, _LONGEST = 120, 1_500  # edges of a grid; more is a drawing


def ruled_tables(page: Page) -> tuple[list[PrintedTable], list[Word], list[Rule]]:
    """The ruled tables of a page from top to bottom, and the words and rules that are in none.

    A word belongs to the cell that holds its centre. A box around a single text is no table.
    """
    words = [word for word in page.words if not word.turned % 90]
    drawn = [rule for rule in page.rules if rule.drawn and rule.length >= _SHORTEST]
    edges = edges_of_cells(page.areas, words)
    frames = frames_of([*drawn, *where_rules_lack(edges, drawn)])
    whole = [frame for frame in frames if _shows_columns(frame)]
    tables, left, loose = _tables(whole, frames, page, words)
    for table in tables:
        tell_colours(table, page.areas)
    return tables, left, loose


def _shows_columns(frame: Frame) -> bool:
    """Whether lines, and not only the edges of coloured areas, part its columns."""
    left, _, right, _ = bounds_of(frame.rules)
    places = clustered(r.at for r in frame.upright if left + _BEYOND < r.at < right - _BEYOND)
    drawn = [rule.at for rule in frame.upright if rule.drawn]
    return bool(places) and all(
        any(abs(at - place) <= SAME_EDGE for at in drawn) for place in places
    )


def coloured_tables(
    page: PageWords, rules: Sequence[Rule], words: Sequence[Word]
) -> tuple[list[PrintedTable], list[Word], list[Rule]]:
    """The tables that show their columns by the colours of cells alone, and what is in none.

    ``rules`` and ``words`` are those of the page that stand in no other table.
    """
    tables = striped_tables(page.number, rules, words)
    taken = {id(w) for t in tables for row in t.rows for cell in row.cells for w in cell.words}
    rules = [rule for rule in rules if not _inside(rule, tables)]
    frames = frames_of(rules)
    stripes = striped(frames)
    whole = [frame for frame in frames if frame not in stripes]
    rest = [word for word in words if id(word) not in taken]
    more, left, loose = _tables(whole, frames, page, rest)
    return [*tables, *more], left, loose


def _tables(
    whole: Sequence[Frame],
    frames: Sequence[Frame],
    page: Page | PageWords,
    words: Sequence[Word],
) -> tuple[list[PrintedTable], list[Word], list[Rule]]:
    tables = _outermost([table for frame in whole if (table := _table(frame, page, words))])
    taken = _filled(tables, words)
    for table in tables:
        part_by_text(table)
        part_rows(table)
    piles = [table for table in tables if is_pile_of_boxes(table)]
    taken -= {id(w) for pile in piles for row in pile.rows for c in row.cells for w in c.words}
    tables = [table for table in tables if table not in piles]
    left = [word for word in words if id(word) not in taken]
    loose = [rule for frame in frames for rule in frame.rules if not _inside(rule, tables)]
    return sorted(tables, key=lambda table: (table.top, table.x0)), left, loose


def _table(frame: Frame, page: Page | PageWords, words: Sequence[Word]) -> PrintedTable | None:
    if not frame.upright or len(frame.rules) < 4:
        return None
    xs = _edges(frame.upright, frame.level)
    ys = _edges(frame.level, frame.upright)
    inside = [w for w in words if holds(xs[0], ys[0], xs[-1], ys[-1], w)]
    xs = _without_slits(xs, sorted(w.middle[0] for w in inside))
    ys = _without_slits(ys, sorted(w.middle[1] for w in inside))
    if not inside or not _is_grid(xs, ys, frame, page):
        return None
    boxes = _Boxes(xs, ys, frame)
    printed = _rows(boxes)
    if sum(1 for row in printed for cell in row.cells if not cell.goes_on) < 2:
        return None
    table = PrintedTable(page.number, xs[0], ys[0], xs[-1], ys[-1], tuple(xs), printed)
    _tell_open(table, frame)
    return table


def _is_grid(
    xs: Sequence[float], ys: Sequence[float], frame: Frame, page: Page | PageWords
) -> bool:
    """Whether these edges make a table: no single box, frame of the page, band or drawing."""
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns * rows < 2 or columns > _WIDEST or rows > _LONGEST:
        return False
    if rows == 1 and not any(rule.drawn for rule in frame.rules):
        return False
    if columns == 1:
        wide, high = xs[-1] - xs[0], ys[-1] - ys[0]
        return wide <= _FRAME * page.width or high <= _FRAME * page.height
    return rows > 1 or bool(frame.level) or len(frame.upright) >= 3


def _edges(across: Sequence[Rule], along: Sequence[Rule]) -> list[float]:
    """Places of edges from the rules that are edges, and the ends of the rules that cross them.

    Rules that run on past the last edge show that the table does (a border that a page break
    took, or one that was never drawn).
    """
    places = clustered(rule.at for rule in across)
    if along:
        first, last = min(rule.start for rule in along), max(rule.end for rule in along)
        if not places:
            return [first, last]
        if first < places[0] - _BEYOND:
            places.insert(0, first)
        if last > places[-1] + _BEYOND:
            places.append(last)
    return places


def _without_slits(edges: list[float], middles: Sequence[float]) -> list[float]:
    kept = edges[:1]
    for edge in edges[1:]:
        filled = bisect_left(middles, edge) > bisect_left(middles, kept[-1])
        if edge - kept[-1] >= _SLIT or filled:
            kept.append(edge)
    if len(kept) > 1 and edges[-1] - kept[-1] > 0:
        kept[-1] = edges[-1]
    return kept


class _Boxes:
    """The smallest boxes between all edges of a grid, and which of them no rule parts."""

    def __init__(self, xs: Sequence[float], ys: Sequence[float], frame: Frame) -> None:
        self.xs, self.ys = xs, ys
        self.columns, self.rows = len(xs) - 1, len(ys) - 1
        self._levels = _by_edge(frame.level, ys)
        self._walls = _by_edge(frame.upright, xs)

    def open_right(self, row: int, column: int) -> bool:
        """Whether nothing parts a box from the one to its right."""
        walls = self._walls[column + 1]
        return not _is_covered(walls, self.ys[row], self.ys[row + 1])

    def open_below(self, row: int, column: int) -> bool:
        """Whether nothing parts a box from the one below."""
        levels = self._levels[row + 1]
        return not _is_covered(levels, self.xs[column], self.xs[column + 1])

    def cells(self) -> list[list[int]]:
        """The number of the cell that each box is part of, by row and column."""
        group = list(range(self.rows * self.columns))
        for row in range(self.rows):
            for column in range(self.columns):
                here = row * self.columns + column
                if column + 1 < self.columns and self.open_right(row, column):
                    unite(group, here, here + 1)
                if row + 1 < self.rows and self.open_below(row, column):
                    unite(group, here, here + self.columns)
        return [
            [root_of(group, row * self.columns + column) for column in range(self.columns)]
            for row in range(self.rows)
        ]


def _by_edge(rules: Sequence[Rule], edges: Sequence[float]) -> list[list[Rule]]:
    """The rules that lie on each edge."""
    found: list[list[Rule]] = [[] for _ in edges]
    for rule in rules:
        at = bisect_left(edges, rule.at)
        near = min(
            (i for i in (at - 1, at) if 0 <= i < len(edges)), key=lambda i: abs(edges[i] - rule.at)
        )
        if abs(edges[near] - rule.at) <= 2 * _SLIT:
            found[near].append(rule)
    return found


def _is_covered(rules: Sequence[Rule], start: float, end: float) -> bool:
    covered, reached = 0.0, start
    for rule in sorted(rules, key=lambda rule: rule.start):
        covered += max(0.0, min(rule.end, end) - max(rule.start, reached))
        reached = max(reached, min(rule.end, end))
    return covered >= _COVERED * (end - start)


def _rows(boxes: _Boxes) -> list[PrintedRow]:
    """Rows of cells; a cell merged down stands in its first row and goes on in the others."""
    numbers = boxes.cells()
    seen: dict[int, PrintedCell] = {}
    rows = []
    for row, line in enumerate(numbers):
        top, bottom = boxes.ys[row], boxes.ys[row + 1]
        cells: list[PrintedCell] = []
        column = 0
        while column < len(line):
            end = column + 1
            while end < len(line) and line[end] == line[column]:
                end += 1
            x0, x1 = boxes.xs[column], boxes.xs[end]
            first = seen.get(line[column])
            if first is not None and abs(first.x0 - x0) < 1 and abs(first.x1 - x1) < 1:
                first.bottom = bottom
                cells.append(PrintedCell(x0, top, x1, bottom, goes_on=True))
            else:
                seen[line[column]] = PrintedCell(x0, top, x1, bottom)
                cells.append(seen[line[column]])
            column = end
        rows.append(PrintedRow(top, bottom, cells))
    return _without_hollow(rows)


def _without_hollow(rows: list[PrintedRow]) -> list[PrintedRow]:
    """Rows without those in which every cell only goes on from the row above."""
    kept: list[PrintedRow] = []
    for row in rows:
        if kept and all(cell.goes_on for cell in row.cells):
            kept[-1].bottom = row.bottom
            for cell in kept[-1].cells:
                if cell.goes_on:
                    cell.bottom = row.bottom
        else:
            kept.append(row)
    return kept


def _tell_open(table: PrintedTable, frame: Frame) -> None:
    """Mark the first and the last row where no rule closes any of their cells.

    A cell merged over the break stands open beside others that the end of their row closes.
    """
    levels = frame.level
    for row, at in ((table.rows[0], table.top), (table.rows[-1], table.bottom)):
        closing = [rule for rule in levels if abs(rule.at - at) <= TOUCH]
        closed = [_is_covered(closing, cell.x0, cell.x1) for cell in row.cells]
        if at == table.bottom:
            for cell, is_closed in zip(row.cells, closed, strict=True):
                cell.open_foot = not is_closed
        if not any(closed):
            row.open_top = row.open_top or at == table.top
            row.open_foot = row.open_foot or at == table.bottom


def _inside(rule: Rule, tables: Sequence[PrintedTable]) -> bool:
    return any(meets(rule, (t.x0, t.top, t.x1, t.bottom)) for t in tables)


def _outermost(tables: list[PrintedTable]) -> list[PrintedTable]:
    """The tables with those that stand inside a cell of another put there."""
    tables.sort(key=lambda t: (t.x1 - t.x0) * (t.bottom - t.top), reverse=True)
    outer: list[PrintedTable] = []
    for table in tables:
        holder = next((cell for other in outer for cell in _cells_around(other, table)), None)
        if holder is None:
            outer.append(table)
        else:
            holder.tables.append(table)
    return outer


def _cells_around(table: PrintedTable, inner: PrintedTable) -> list[PrintedCell]:
    x, y = (inner.x0 + inner.x1) / 2, (inner.top + inner.bottom) / 2
    return [
        cell
        for row in table.rows
        for cell in row.cells
        if not cell.goes_on and cell.x0 <= x <= cell.x1 and cell.top <= y <= cell.bottom
    ]


def _filled(tables: Sequence[PrintedTable], words: Sequence[Word]) -> set[int]:
    """Put each word into the cell that holds its centre; the ids of the words placed.

    A browser prints the last line of a merged cell over the foot that a page break gives it.
    """
    taken: set[int] = set()
    for table in tables:
        inside = [
            word
            for word in words
            if id(word) not in taken
            and (
                holds(table.x0, table.top, table.x1, table.bottom, word)
                or _crosses_foot(word, table)
            )
        ]
        nested = [inner for row in table.rows for cell in row.cells for inner in cell.tables]
        mine = _filled(nested, inside)
        free = [word for word in inside if id(word) not in mine]
        tops = [row.top for row in table.rows]
        owners = _owners(table)
        for word in free:
            x, y = word.middle
            row = table.rows[max(bisect_left(tops, y) - 1, 0)]
            for cell in row.cells:
                if cell.x0 <= x <= cell.x1:
                    owners.get(id(cell), cell).words.append(word)
                    mine.add(id(word))
                    break
        taken |= mine
    return taken


def _crosses_foot(word: Word, table: PrintedTable) -> bool:
    x, y = word.middle
    return word.top < table.bottom < y and any(
        cell.open_foot and cell.x0 <= x <= cell.x1 for cell in table.rows[-1].cells
    )


def _owners(table: PrintedTable) -> dict[int, PrintedCell]:
    """For each lower part of a cell merged down the cell that holds its words."""
    owners: dict[int, PrintedCell] = {}
    before: list[PrintedCell] = []
    for row in table.rows:
        owning = []
        for cell in row.cells:
            owner = cell
            if cell.goes_on:
                owner = next((b for b in before if abs(b.x0 - cell.x0) < 1), cell)
                owners[id(cell)] = owner
            owning.append(owner)
        before = owning
    return owners
