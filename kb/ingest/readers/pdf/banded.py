"""Tables whose rows are shown by level rules or bands of colour alone; gaps show their columns."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from kb.ingest.readers.pdf.grid import PrintedCell, PrintedRow, PrintedTable
from kb.ingest.readers.pdf.layout import Rule, Word
from kb.ingest.readers.pdf.words import lines_of

_SAME_END = 5.0  # points: rules of one table begin and end so near to one another
_FEWEST = 3  # level rules; a line above and below a text is no table
_SAME_LEVEL = 3.0  # points: levels no further apart are one (double) line
_NARROWEST = 4.0  # points: the least gap between two columns
_CROSSED = 0.15  # of the rows: so many may have a word in the gap (headings across)
_ALIGNED = 2.0  # points: texts that begin, end or centre so near are aligned
_SHARE = 0.5  # of the rows of a column: so many are aligned with one another
_CLOSE = 1.7  # sizes: how near the lines of one row lie to one another
_NEXT_ROW = 3.5  # sizes: … and those of two rows


@dataclass(frozen=True, slots=True)
class _Stack:
    """Level rules of one extent, from the top down, and the upright edges between them."""

    x0: float
    x1: float
    levels: list[float]
    walls: list[float]
    drawn: bool


def banded_tables(
    number: int, rules: Sequence[Rule], words: Sequence[Word]
) -> tuple[list[PrintedTable], list[Word]]:
    """The tables of a page between level rules, or edges of filled areas, of one extent; the rest.

    ``rules`` are those that are in no table with rules of its own, ``words`` the ones outside of
    such tables. Two rules alone make no table, nor does text in a single column.
    """
    tables = [table for stack in _stacks(rules) if (table := _table(number, stack, words))]
    taken = {id(w) for t in tables for row in t.rows for cell in row.cells for w in cell.words}
    return tables, [word for word in words if id(word) not in taken]


def striped_tables(number: int, rules: Sequence[Rule], words: Sequence[Word]) -> list[PrintedTable]:
    """The tables of a page whose every other row is coloured, cell by cell.

    Coloured rows that only part others (headings in bands) or stand out among them make none.
    """
    edges = [rule for rule in rules if not rule.drawn or not rule.upright]
    stacks = [stack for stack in _stacks(edges) if stack.walls and _alternates(stack, edges, words)]
    return [table for stack in stacks if (table := _table(number, stack, words))]


def _alternates(stack: _Stack, rules: Sequence[Rule], words: Sequence[Word]) -> bool:
    """Whether coloured rows hold texts in several columns, and the others one row each."""
    inside = [word for word in words if stack.x0 <= word.middle[0] <= stack.x1]
    edges = [stack.x0, *stack.walls, stack.x1]
    filled = several = 0
    for band, top, bottom in zip(
        _bands(stack.levels, inside), stack.levels, stack.levels[1:], strict=False
    ):
        middle = (top + bottom) / 2
        if any(not r.drawn and r.upright and r.start < middle < r.end for r in rules):
            filled += 1
            several += len({bisect_left(edges, word.middle[0]) for word in band}) > 1
        elif _rows_in_first(band, edges) > 1:
            return False
    return filled > 1 and several > 0.6 * filled


def _rows_in_first(band: Sequence[Word], edges: Sequence[float]) -> int:
    """How many texts stand one below another in the first column that has any."""
    columns = [bisect_left(edges, word.middle[0]) for word in band]
    first = min(columns, default=0)
    lines = lines_of([w for w, column in zip(band, columns, strict=True) if column == first])
    gaps = sum(b[0].base - a[0].base > _CLOSE * max(w.size for w in a) for a, b in pairwise(lines))
    return 1 + gaps


def _stacks(rules: Sequence[Rule]) -> list[_Stack]:
    """Groups of level rules of one extent, parted where they are of different tables."""
    groups: list[list[Rule]] = []
    for rule in sorted((r for r in rules if not r.upright), key=lambda rule: rule.at):
        group = next((g for g in groups if _same_extent(g[0], rule)), None)
        if group is None:
            groups.append([rule])
        else:
            group.append(rule)
    upright = [rule for rule in rules if rule.upright]
    return [_stack(group, upright) for group in groups if len(group) >= _FEWEST]


def _same_extent(one: Rule, other: Rule) -> bool:
    return abs(one.start - other.start) <= _SAME_END and abs(one.end - other.end) <= _SAME_END


def _stack(group: Sequence[Rule], upright: Sequence[Rule]) -> _Stack:
    levels: list[float] = []
    for rule in group:
        if not levels or rule.at - levels[-1] > _SAME_LEVEL:
            levels.append(rule.at)
    x0, x1 = min(rule.start for rule in group), max(rule.end for rule in group)
    inner = sorted(
        rule.at
        for rule in upright
        if x0 + _SAME_END < rule.at < x1 - _SAME_END
        and rule.end > levels[0]
        and rule.start < levels[-1]
    )
    walls: list[float] = []
    for at in inner:
        if not walls or at - walls[-1] > _SAME_LEVEL:
            walls.append(at)
    return _Stack(x0, x1, levels, walls, all(rule.drawn for rule in group))


def _table(number: int, stack: _Stack, words: Sequence[Word]) -> PrintedTable | None:
    inside = [word for word in words if stack.x0 - 2 <= word.middle[0] <= stack.x1 + 2]
    bands = _bands(stack.levels, inside)
    filled = [band for band in bands if band]
    if len(filled) < 2:
        return None
    levels = stack.levels
    walls = [stack.x0, *stack.walls, stack.x1] if stack.walls else []
    above = _rows_beside(inside, levels[0], walls, above=True)
    below = _rows_beside(inside, levels[-1], walls, above=False)
    edges = walls or _edges([*above, *filled, *below], stack)
    if len(edges) < 3:
        return None
    above, below = _fitting(above, edges), _fitting(below, edges)
    rows = [
        PrintedRow(top, bottom, _cells(band, edges, top, bottom))
        for band, top, bottom in zip(bands, levels, levels[1:], strict=False)
        if band
    ]
    for row in above:
        top, bottom = min(word.top for word in row), rows[0].top
        rows.insert(0, PrintedRow(top, bottom, _cells(row, edges, top, bottom)))
    for row in below:
        top, bottom = rows[-1].bottom, max(word.bottom for word in row)
        rows.append(PrintedRow(top, bottom, _cells(row, edges, top, bottom)))
    rows[-1].open_foot = bool(below) and stack.drawn
    return PrintedTable(
        number, stack.x0, rows[0].top, stack.x1, rows[-1].bottom, tuple(edges), rows, guessed=True
    )


def _bands(levels: Sequence[float], words: Sequence[Word]) -> list[list[Word]]:
    """The words between each level and the next."""
    bands: list[list[Word]] = [[] for _ in levels[1:]]
    for word in words:
        at = bisect_left(levels, word.middle[1]) - 1
        if 0 <= at < len(bands):
            bands[at].append(word)
    return bands


def _edges(rows: Sequence[Sequence[Word]], stack: _Stack) -> list[float]:
    """The edges of columns: gaps that hardly a row has a word in, and beside which texts align."""
    edges = [stack.x0]
    for left, right in _gaps(rows):
        if _aligns(rows, edges[-1], right - 0.1, stack.x1):
            edges.append((left + right) / 2 if left > stack.x0 else right)
    return [*edges, stack.x1]


def _gaps(rows: Sequence[Sequence[Word]]) -> list[tuple[float, float]]:
    """Stretches across the page that at most a few rows have words in, at their emptiest."""
    allowed = int(_CROSSED * len(rows))
    steps: Counter[float] = Counter()
    for row in rows:
        for start, end in _covered(row):
            steps[start] += 1
            steps[end] -= 1
    gaps: list[tuple[float, float]] = []
    pieces: list[tuple[int, float, float, float]] = []
    depth, since = 0, None
    for at in sorted(steps):
        if since is not None and depth <= allowed:
            pieces.append((depth, since - at, since, at))
        elif pieces:
            gaps.append(min(pieces)[2:])
            pieces = []
        depth, since = depth + steps[at], at
    return [(left, right) for left, right in gaps if right - left >= _NARROWEST]


def _covered(row: Sequence[Word]) -> list[tuple[float, float]]:
    """The stretches that the words of a row cover, whatever their line."""
    spans: list[tuple[float, float]] = []
    for word in sorted(row, key=lambda word: word.x0):
        if spans and word.x0 <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], word.x1))
        else:
            spans.append((word.x0, word.x1))
    return spans


def _aligns(rows: Sequence[Sequence[Word]], before: float, start: float, end: float) -> bool:
    """Whether the texts that begin right of a gap are aligned, as those of a column are."""
    firsts = [
        min(first for first in starts)
        for row in rows
        if (starts := [word.x0 for word in row if start <= word.x0 < end])
    ]
    if len(firsts) < 2 or not any(before <= word.x0 < start for row in rows for word in row):
        return False
    common = max(sum(abs(other - one) <= _ALIGNED for other in firsts) for one in firsts)
    return common >= max(2, _SHARE * len(firsts))


def _cells(
    words: Sequence[Word], edges: Sequence[float], top: float, bottom: float
) -> list[PrintedCell]:
    """The cells of one row; a text that runs over an edge makes one cell of the two."""
    joined = set()
    for line in lines_of(words):
        for one, other in pairwise(line):
            for number, edge in enumerate(edges[1:-1], start=1):
                over = one.x0 < edge < one.x1 - 2 or other.x0 + 2 < edge < other.x1
                near = one.middle[0] < edge < other.middle[0] and other.x0 - one.x1 < 0.4 * one.size
                if over or near:
                    joined.add(number)
    cells: list[PrintedCell] = []
    for number, (x0, x1) in enumerate(pairwise(edges)):
        if number in joined and cells:
            cells[-1].x1 = x1
        else:
            cells.append(PrintedCell(x0, top, x1, bottom))
    ends = [cell.x1 for cell in cells]
    for word in words:
        cells[min(bisect_left(ends, word.middle[0]), len(cells) - 1)].words.append(word)
    return cells


def _rows_beside(
    words: Sequence[Word], level: float, edges: Sequence[float], *, above: bool
) -> list[list[Word]]:
    """The words of rows that no rule closes, above the first level or below the last one.

    The nearest comes first. Where only words show the columns, one row at most.
    """
    rows: list[list[Word]] = []
    at, reach = level, _CLOSE + (0 if above else 0.8)
    while row := _row_beside(words, at, reach, edges, above=above):
        rows.append(row)
        at, reach = row[-1].base, _NEXT_ROW
        if not edges or not _fits(row, edges):
            break
        words = [
            word for word in words if (word.base < at - 0.1 if above else word.base > at + 0.1)
        ]
    return rows


def _row_beside(
    words: Sequence[Word], level: float, reach: float, edges: Sequence[float], *, above: bool
) -> list[Word]:
    """The words of the row that begins at most ``reach`` sizes from a level, line by line.

    Each line is close to the one before. Where the edges of columns are known no word lies over
    one; where not, the nearest line has text in more places than one.
    """
    lines = lines_of([word for word in words if (word.middle[1] < level) == above])
    row: list[Word] = []
    at = level
    for line in reversed(lines) if above else lines:
        size = max(word.size for word in line)
        parts = 1 + sum(b.x0 - a.x1 > size for a, b in pairwise(line))
        far = abs(line[0].base - at) > (_CLOSE if row else reach) * size
        if far or (_crosses(line, edges) if edges else parts < 2 and not row):
            break
        row += line
        at = line[0].base
    return row


def _fitting(rows: Sequence[list[Word]], edges: Sequence[float]) -> list[list[Word]]:
    """The rows up to the first one that does not fit the columns."""
    return list(takewhile(lambda row: _fits(row, edges), rows))


def _crosses(words: Sequence[Word], edges: Sequence[float]) -> bool:
    """Whether a word lies over an edge, or a text goes on over it."""
    return any(w.x0 + 1 < edge < w.x1 - 1 for w in words for edge in edges[1:-1]) or any(
        one.x1 <= edge <= other.x0 and other.x0 - one.x1 < 0.5 * one.size
        for one, other in pairwise(words)
        for edge in edges[1:-1]
    )


def _fits(row: Sequence[Word], edges: Sequence[float]) -> bool:
    """Whether words stand in most of the columns, and none over an edge."""
    columns = {bisect_left(edges, word.middle[0]) for word in row}
    crossing = any(w.x0 + 1 < edge < w.x1 - 1 for w in row for edge in edges[1:-1])
    return len(columns) >= max(2, (len(edges) - 1) // 2) and not crossing
