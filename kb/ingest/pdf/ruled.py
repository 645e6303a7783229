"""Tables whose rules, or whose cells' colours, show where rows and columns end."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kb.ingest.pdf.drawing import joined_rules
from kb.ingest.pdf.grid import PrintedCell, PrintedRow, PrintedTable
from kb.ingest.pdf.layout import Area, Page, Rule, Word

_TOUCH = 3.0  # points: how near rules come to one another where they meet
_SAME_EDGE = 3.0  # points: rules no further apart are one (double) edge
_BEYOND = 4.0  # points: how far a rule must run past the last edge to show an open one
_COVERED = 0.5  # of a cell's side: a wall has a rule along so much of it
_SLIT = 5.0  # points: a row or column so thin that holds no word is a thick border
_SHORTEST = 4.0  # points: shorter lines are no rules
_HUG = 2.0  # points: an area that ends so near to its words is a marking of them
_FRAME = 0.8  # of the page: one column so wide and high is a frame around the page
_WIDEST, _LONGEST = 120, 1_500  # edges of a grid; more is a drawing


def ruled_tables(page: Page) -> tuple[list[PrintedTable], list[Word], list[Rule]]:
    """The ruled tables of a page from top to bottom, and the words and rules that are in none.

    A word belongs to the cell that holds its centre. A box around a single text is no table.
    """
    words = [word for word in page.words if not word.turned % 90]
    drawn = [rule for rule in page.rules if rule.drawn and rule.length >= _SHORTEST]
    edges = _edges_of_cells(page.areas, words)
    frames = _frames([*drawn, *_where_rules_lack(edges, drawn)])
    striped = _striped(frames)
    whole = [frame for frame in frames if frame not in striped]
    tables = [table for frame in whole if (table := _table(frame, page, words))]
    tables = _outermost(tables)
    taken = _filled(tables, words)
    left = [word for word in words if id(word) not in taken]
    loose = [rule for frame in frames for rule in frame.rules if not _inside(rule, tables)]
    return sorted(tables, key=lambda table: (table.top, table.x0)), left, loose


@dataclass(slots=True, eq=False)
class _Frame:
    """Rules that meet one another."""

    level: list[Rule] = field(default_factory=list)
    upright: list[Rule] = field(default_factory=list)

    @property
    def rules(self) -> list[Rule]:
        return self.level + self.upright


def _striped(frames: Sequence[_Frame]) -> list[_Frame]:
    """Frames of filled areas alone that stand under one another: every other row of a table."""
    filled = [f for f in frames if f.upright and not any(rule.drawn for rule in f.rules)]
    extents = [_bounds(frame.rules) for frame in filled]
    return [
        frame
        for frame, one in zip(filled, extents, strict=True)
        if sum(abs(one[0] - o[0]) <= _TOUCH and abs(one[2] - o[2]) <= _TOUCH for o in extents) > 1
    ]


def _edges_of_cells(areas: Sequence[Area], words: Sequence[Word]) -> list[Rule]:
    """The edges of filled areas that may be cells: none that marks words or lies in its like."""
    sides = {(round(word.x0), round(word.x1)) for word in words}
    rules: list[Rule] = []
    for area in areas:
        if _marks_words(area, words, sides) or any(_within(area, other) for other in areas):
            continue
        for at in (area.top, area.bottom):
            rules.append(Rule(False, at, area.x0, area.x1, drawn=False))
        for at in (area.x0, area.x1):
            rules.append(Rule(True, at, area.top, area.bottom, drawn=False))
    return joined_rules(rules)


def _marks_words(area: Area, words: Sequence[Word], sides: set[tuple[int, int]]) -> bool:
    """Whether an area only colours a stretch of words, from the first's left to the last's right."""
    if area.bottom - area.top > 40 or not sides:
        return False
    inside = [w for w in words if _holds(area.x0, area.top, area.x1, area.bottom, w)]
    return bool(inside) and (
        abs(min(w.x0 for w in inside) - area.x0) <= _HUG
        and abs(max(w.x1 for w in inside) - area.x1) <= _HUG
    )


def _within(area: Area, other: Area) -> bool:
    """Whether an area lies in a larger one of its own colour, as the lines of a shaded cell do."""
    larger = (other.x1 - other.x0) * (other.bottom - other.top) > 1.05 * (area.x1 - area.x0) * (
        area.bottom - area.top
    )
    return (
        larger
        and other.colour == area.colour
        and other.x0 - 1 <= area.x0
        and area.x1 <= other.x1 + 1
        and other.top - 1 <= area.top
        and area.bottom <= other.bottom + 1
    )


def _where_rules_lack(edges: Sequence[Rule], drawn: Sequence[Rule]) -> list[Rule]:
    """The edges of areas that are not within a frame whose own rules show rows and columns."""
    complete = []
    for frame in _frames(drawn):
        if len(_clustered(r.at for r in frame.upright)) > 2 and frame.level:
            complete.append(_bounds(frame.rules))
    return [rule for rule in edges if not any(_meets(rule, bounds) for bounds in complete)]


def _bounds(rules: Sequence[Rule]) -> tuple[float, float, float, float]:
    level = [rule for rule in rules if not rule.upright]
    upright = [rule for rule in rules if rule.upright]
    return (
        min([r.start for r in level] + [r.at for r in upright]),
        min([r.start for r in upright] + [r.at for r in level]),
        max([r.end for r in level] + [r.at for r in upright]),
        max([r.end for r in upright] + [r.at for r in level]),
    )


def _meets(rule: Rule, bounds: tuple[float, float, float, float]) -> bool:
    x0, top, x1, bottom = bounds
    if rule.upright:
        return x0 - _TOUCH <= rule.at <= x1 + _TOUCH and rule.start < bottom and rule.end > top
    return top - _TOUCH <= rule.at <= bottom + _TOUCH and rule.start < x1 and rule.end > x0


def _frames(rules: Sequence[Rule]) -> list[_Frame]:
    """Groups of rules that meet; upright ones of one extent meet too where nothing level does."""
    level = [rule for rule in rules if not rule.upright]
    upright = sorted((rule for rule in rules if rule.upright), key=lambda rule: rule.at)
    places = [rule.at for rule in upright]
    group = list(range(len(level) + len(upright)))
    for number, rule in enumerate(level):
        for other in range(bisect_left(places, rule.start - _TOUCH), len(upright)):
            wall = upright[other]
            if wall.at > rule.end + _TOUCH:
                break
            if wall.start - _TOUCH <= rule.at <= wall.end + _TOUCH:
                _unite(group, number, len(level) + other)
    _unite_alike(group, upright, len(level))
    frames: dict[int, _Frame] = {}
    for number, rule in enumerate([*level, *upright]):
        frame = frames.setdefault(_root(group, number), _Frame())
        (frame.upright if rule.upright else frame.level).append(rule)
    return list(frames.values())


def _unite_alike(group: list[int], upright: Sequence[Rule], offset: int) -> None:
    """Upright rules that begin and end together are of one table, with or without level rules."""
    first: dict[tuple[int, int], int] = {}
    for number, rule in enumerate(upright):
        key = (round(rule.start / 2), round(rule.end / 2))
        _unite(group, offset + first.setdefault(key, number), offset + number)


def _root(group: list[int], number: int) -> int:
    while group[number] != number:
        group[number] = group[group[number]]
        number = group[number]
    return number


def _unite(group: list[int], one: int, other: int) -> None:
    group[_root(group, one)] = _root(group, other)


def _clustered(places: Iterable[float]) -> list[float]:
    """One place for each group of places that are hardly apart: the middle of the group."""
    groups: list[list[float]] = []
    for place in sorted(places):
        if groups and place - groups[-1][-1] <= _SAME_EDGE and place - groups[-1][0] <= 6:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [(group[0] + group[-1]) / 2 for group in groups]


def _table(frame: _Frame, page: Page, words: Sequence[Word]) -> PrintedTable | None:
    if len(frame.upright) < 2:
        return None
    xs = _edges(frame.upright, frame.level)
    ys = _edges(frame.level, frame.upright)
    inside = [w for w in words if _holds(xs[0], ys[0], xs[-1], ys[-1], w)]
    xs = _without_slits(xs, sorted(w.middle[0] for w in inside))
    ys = _without_slits(ys, sorted(w.middle[1] for w in inside))
    columns, rows = len(xs) - 1, len(ys) - 1
    if rows == 1 and not any(rule.drawn for rule in frame.rules):
        return None
    if columns * rows < 2 or columns > _WIDEST or rows > _LONGEST or not inside:
        return None
    large = xs[-1] - xs[0] > _FRAME * page.width and ys[-1] - ys[0] > _FRAME * page.height
    if columns == 1 and large:
        return None
    if columns > 1 and rows == 1 and not frame.level and len(frame.upright) < 3:
        return None
    boxes = _Boxes(xs, ys, frame)
    printed = _rows(boxes)
    if sum(1 for row in printed for cell in row.cells if not cell.goes_on) < 2:
        return None
    table = PrintedTable(page.number, xs[0], ys[0], xs[-1], ys[-1], tuple(xs), printed)
    _tell_open(table, frame)
    return table


def _edges(across: Sequence[Rule], along: Sequence[Rule]) -> list[float]:
    """Places of edges from the rules that are edges, and the ends of the rules that cross them.

    Rules that run on past the last edge show that the table does (a border that a page break
    took, or one that was never drawn).
    """
    places = _clustered(rule.at for rule in across)
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

    def __init__(self, xs: Sequence[float], ys: Sequence[float], frame: _Frame) -> None:
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
                    _unite(group, here, here + 1)
                if row + 1 < self.rows and self.open_below(row, column):
                    _unite(group, here, here + self.columns)
        return [
            [_root(group, row * self.columns + column) for column in range(self.columns)]
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


def _tell_open(table: PrintedTable, frame: _Frame) -> None:
    """Mark the first and the last row where no rule closes the table."""
    levels = frame.level
    for row, at in ((table.rows[0], table.top), (table.rows[-1], table.bottom)):
        closing = [rule for rule in levels if abs(rule.at - at) <= _TOUCH]
        if not _is_covered(closing, table.x0, table.x1):
            row.open_top = row.open_top or at == table.top
            row.open_foot = row.open_foot or at == table.bottom


def _holds(x0: float, top: float, x1: float, bottom: float, word: Word) -> bool:
    x, y = word.middle
    return x0 <= x <= x1 and top <= y <= bottom


def _inside(rule: Rule, tables: Sequence[PrintedTable]) -> bool:
    return any(_meets(rule, (t.x0, t.top, t.x1, t.bottom)) for t in tables)


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
    """Put each word into the cell that holds its centre; the ids of the words placed."""
    taken: set[int] = set()
    for table in tables:
        inside = [w for w in words if _holds(table.x0, table.top, table.x1, table.bottom, w)]
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
