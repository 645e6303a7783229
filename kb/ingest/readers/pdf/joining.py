"""Tables over pages: the parts on each page put together, with what the break may have cut."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.ingest.readers.pdf.cells import CellText, Room, room_of, text_of, trusted_words
from kb.ingest.readers.pdf.colours import is_status_header
from kb.ingest.readers.pdf.grid import PrintedCell, PrintedRow, PrintedTable
from kb.ingest.readers.pdf.running import Vocabulary
from kb.ingest.tables import Cell, Row, Table

_EDGE = 4.0  # points: by how much the edges of one table may differ between pages
_GUESSED_EDGE = 30.0  # … where only the words show them
_LINES_LEFT = 4.0  # lines: with more room below, a row would have been begun on this page
_WHOLE_ROW = 3  # columns
_ENOUGH_ROWS = 6
_HIGHEST_HEADER = 4  # rows
_REACHES = 2.2  # lines: text that ends so near to the foot of its row may go on overleaf


@dataclass(slots=True)
class _CellRead:
    x0: float
    x1: float
    text: CellText
    goes_on: bool
    tables: tuple[Table, ...] = ()
    colour: str | None = None


@dataclass(slots=True)
class _RowRead:
    bottom: float
    cells: list[_CellRead]
    open_top: bool
    open_foot: bool
    leading: float
    flags: tuple[str, ...] = ()
    marked: frozenset[int] = frozenset()


@dataclass(slots=True)
class TablePart:
    """The part of a table on one page, its words read into lines.

    ``slices`` says that the program that printed it cuts the rules around a row with the row.
    """

    page: int
    height: float
    top: float
    bottom: float
    edges: tuple[float, ...]
    rows: list[_RowRead]
    guessed: bool
    slices: bool = False

    def trusted_words(self) -> Iterator[str]:
        """The words that no end of a line can have cut."""
        for row in self.rows:
            for cell in row.cells:
                yield from trusted_words(cell.text)


def part_of(table: PrintedTable, height: float, marked: Mapping[int, int]) -> TablePart:
    """A printed table with its words read into the lines of each cell.

    ``marked`` gives for the marks of words the row that the file itself puts them in.
    """
    rooms = _rooms(table)
    rows = [_row_read(row, rooms, height, marked) for row in table.rows]
    return TablePart(
        table.page,
        height,
        table.top,
        table.bottom,
        table.edges,
        rows,
        table.guessed or not table.ruled,
    )


def _rooms(table: PrintedTable) -> dict[tuple[int, int], Room]:
    """The room for lines in each column, merged columns apart."""
    columns: dict[tuple[int, int], list[PrintedCell]] = {}
    for row in table.rows:
        for cell in row.cells:
            columns.setdefault((round(cell.x0), round(cell.x1)), []).append(cell)
    return {
        key: room_of((cell.x0, cell.x1, cell.words) for cell in cells)
        for key, cells in columns.items()
    }


def _row_read(
    row: PrintedRow,
    rooms: dict[tuple[int, int], Room],
    height: float,
    marked: Mapping[int, int],
) -> _RowRead:
    cells = [
        _CellRead(
            cell.x0,
            cell.x1,
            text_of(cell.words, rooms[round(cell.x0), round(cell.x1)]),
            cell.goes_on,
            tuple(
                table_of([part_of(inner, height, {})], f"table {number} in it", Vocabulary(()))
                for number, inner in enumerate(cell.tables, start=1)
            ),
            cell.colour,
        )
        for cell in row.cells
    ]
    leadings = [cell.text.leading for cell in cells if cell.text.leading]
    leading = statistics.median(leadings) if leadings else 12.0
    rows = frozenset(
        marked[word.mark]
        for cell in row.cells
        for word in cell.words
        if word.mark is not None and word.mark in marked
    )
    return _RowRead(row.bottom, cells, row.open_top, row.open_foot, leading, row.flags, rows)


def goes_on_with(part: TablePart, after: TablePart) -> bool:
    """Whether ``after``, the first thing on the next page, is the same table gone on."""
    if after.page != part.page + 1:
        return False
    return _matched(part, after) is not None


def _matched(part: TablePart, after: TablePart) -> list[float] | None:
    """For each edge of ``after`` the place that it has in ``part``; None for another table."""
    mine, others = part.edges, after.edges
    shift = mine[0] - others[0]
    guessed = part.guessed or after.guessed
    near = _GUESSED_EDGE if guessed else _EDGE
    if abs(mine[-1] - others[-1] - shift) > near:
        return None
    if len(mine) == len(others):
        pairs = zip(mine, others, strict=True)
        if all(abs(a - b - shift) <= near for a, b in pairs):
            return list(mine)
    moved = [edge + shift for edge in others]
    fewer, more = sorted((list(mine), moved), key=len)
    if len(fewer) < 3 and len(more) > 3 and guessed:
        return None
    if all(min(abs(edge - other) for other in more) <= _EDGE for edge in fewer):
        return [_nearest(edge, mine) if _is_near(edge, mine) else edge for edge in moved]
    return None


def _nearest(place: float, edges: Iterable[float]) -> float:
    return min(edges, key=lambda edge: abs(edge - place))


def _is_near(edge: float, edges: Sequence[float]) -> bool:
    return min(abs(edge - other) for other in edges) <= _EDGE


def table_of(parts: Sequence[TablePart], name: str, vocabulary: Vocabulary) -> Table:
    """One table of the parts that follow one another over pages.

    A header that each page repeats stays in it as a row; the first row below it is the one that
    the break may have cut.
    """
    _lay_over(parts)
    columns = _columns(parts)
    foot = _feet(parts)
    headers = [_texts(row, vocabulary) for row in parts[0].rows[:_HIGHEST_HEADER]]
    repeated = [0, *(_repeated(part, headers, vocabulary) for part in parts[1:])]
    cuts = _cuts(parts, repeated, foot, vocabulary)
    rows: list[Row] = []
    for number, part in enumerate(parts):
        over: dict[float, CellText] = {}
        for index, row in enumerate(part.rows):
            over = _over(row, over)
            first = number > 0 and index == repeated[number]
            is_last = part is not parts[-1] and index == len(part.rows) - 1
            reaches = is_last and foot[part.height] - row.bottom < _LINES_LEFT * row.leading
            cells = tuple(_cells(row, columns, vocabulary, over if reaches else {}))
            place = f"page {part.page}, row {index + 1}"
            cut = cuts[number] if first else None
            read = Row(cells, place, row.flags, after_break=first, cut=cut)
            is_rest = index < repeated[number] or (first and cut is not False)
            rows.append(read if is_rest else _with_colours(read, row, rows[:1]))
    return Table(name, tuple(rows))


def _with_colours(row: Row, printed: _RowRead, above: Sequence[Row]) -> Row:
    """The row with the colours of its empty cells as their text in the columns of statuses."""
    status = {c.at for top in above for c in top.cells if is_status_header(c.text)}
    cells = list(row.cells)
    flags = list(row.flags)
    for number, cell in enumerate(printed.cells):
        if cell.colour and cells[number].at in status and not cells[number].text:
            cells[number] = replace(cells[number], text=cell.colour)
            flags.append(f"“{cell.colour}” is the colour of an empty cell")
    return replace(row, cells=tuple(cells), flags=tuple(flags))


def _cuts(
    parts: Sequence[TablePart],
    repeated: Sequence[int],
    foot: Mapping[float, float],
    vocabulary: Vocabulary,
) -> list[bool | None]:
    """For each part whether its first row is cut; words that the break cut are made whole."""
    cuts: list[bool | None] = [None]
    for number in range(1, len(parts)):
        first = parts[number].rows[repeated[number]]
        cut = _cut(parts, number, first, foot, repeated=repeated[number])
        if cut is not False:
            over: dict[float, CellText] = {}
            for row in parts[number - 1].rows:
                over = _over(row, over)
            for x0, text in over.items():
                rest = next((c for c in first.cells if abs(c.x0 - x0) < 1), None)
                if rest is not None:
                    text.take_rest(rest.text, vocabulary)
        cuts.append(cut)
    return cuts


def _lay_over(parts: Sequence[TablePart]) -> None:
    """Move the cells of later parts onto the edges of the ones before."""
    for part, after in itertools.pairwise(parts):
        matched = _matched(part, after)
        if matched is None:
            continue
        places = dict(zip(after.edges, matched, strict=True))
        for row in after.rows:
            for cell in row.cells:
                cell.x0, cell.x1 = (
                    places[_nearest(cell.x0, places)],
                    places[_nearest(cell.x1, places)],
                )
        after.edges = tuple(sorted({*matched, *part.edges}))


def _columns(parts: Sequence[TablePart]) -> list[float]:
    """The left edges of the columns that cells begin at, over all parts."""
    used = sorted({cell.x0 for part in parts for row in part.rows for cell in row.cells})
    columns: list[float] = []
    for edge in used:
        if not columns or edge - columns[-1] > _EDGE:
            columns.append(edge)
    return columns


def _over(row: _RowRead, over: Mapping[float, CellText]) -> dict[float, CellText]:
    """The text that stands in each column of a row, that of a merged cell included."""
    return {
        cell.x0: over.get(cell.x0, cell.text) if cell.goes_on else cell.text for cell in row.cells
    }


def _cells(
    row: _RowRead,
    columns: Sequence[float],
    vocabulary: Vocabulary,
    over: Mapping[float, CellText],
) -> Iterable[Cell]:
    """The cells by grid column; of a row at the foot of its page ``over`` holds the texts."""
    for cell in row.cells:
        at = min(range(len(columns)), key=lambda n: abs(columns[n] - cell.x0))
        span = sum(1 for edge in columns[at:] if edge < cell.x1 - _EDGE)
        text = over.get(cell.x0)
        at_foot = (
            text is not None
            and bool(text.paragraphs)
            and row.bottom - text.bottom < _REACHES * (text.leading or row.leading)
        )
        yield Cell(
            cell.text.said(vocabulary),
            at,
            max(span, 1),
            cell.goes_on,
            at_foot,
            cell.tables,
        )


def _texts(row: _RowRead, vocabulary: Vocabulary) -> list[str]:
    return [" ".join(cell.text.said(vocabulary).split()) for cell in row.cells]


def _repeated(part: TablePart, headers: Sequence[Sequence[str]], vocabulary: Vocabulary) -> int:
    """How many rows at the top of a page repeat those at the top of the table."""
    count = 0
    for row, header in zip(part.rows, headers, strict=False):
        texts = _texts(row, vocabulary)
        if texts != header or not any(texts):
            break
        count += 1
    return count if count < len(part.rows) else 0


def _feet(parts: Sequence[TablePart]) -> dict[float, float]:
    """How far down the table reaches on pages of each height."""
    foot: dict[float, float] = {}
    for part in parts:
        foot[part.height] = max(foot.get(part.height, 0.0), part.bottom)
    return foot


def _cut(
    parts: Sequence[TablePart],
    number: int,
    row: _RowRead,
    foot: Mapping[float, float],
    *,
    repeated: int,
) -> bool | None:
    """Whether the first row of a part is the lower half of the last row of the part before.

    The file may say so itself: then every word stands in a row that began above. Rules left out on
    both sides of the break show it, where the table closes its other rows with rules; on one side
    they do for programs that cut rules with the row. A row that ended far above the foot of its
    page was not cut.
    """
    before = parts[number - 1]
    last = before.rows[-1]
    if last.marked and row.marked and _is_well_marked(before) and _is_well_marked(parts[number]):
        above = frozenset[int]().union(*(r.marked for part in parts[:number] for r in part.rows))
        return row.marked <= above
    closes_foot = not parts[-1].rows[-1].open_foot
    closes_top = not parts[0].rows[0].open_top
    if before.slices and closes_foot:
        return last.open_foot
    if last.open_foot and closes_foot and row.open_top and closes_top and not repeated:
        return True
    if foot[before.height] - before.bottom > _LINES_LEFT * last.leading:
        return False
    flows = _flows_on(last, row)
    return True if flows is None and _lacks_what_all_have(parts, last, row) else flows


def _flows_on(last: _RowRead, row: _RowRead) -> bool | None:
    """Whether the lines of two rows read as one row cut: where none ended for want of text.

    Cut lines end where the next word has no room. That this is so in several columns, or that
    lines end with room left in as many as a whole row has, is no accident.
    """
    pairs = [
        (cell.text, rest.text)
        for cell in last.cells
        for rest in row.cells
        if abs(cell.x0 - rest.x0) < 1 and cell.text.paragraphs and rest.text.paragraphs
    ]
    filled = sum(1 for cell in row.cells if cell.text.paragraphs)
    roomy = sum(cell.has_room_for(rest) for cell, rest in pairs)
    if roomy >= _WHOLE_ROW:
        return False
    at_foot = all(last.bottom - c.bottom < _REACHES * (c.leading or last.leading) for c, _ in pairs)
    return True if len(pairs) >= 2 and not roomy and at_foot and filled == len(pairs) else None


def _lacks_what_all_have(parts: Sequence[TablePart], last: _RowRead, row: _RowRead) -> bool:
    """Whether a row has no text where every row within a page has one, and only goes on texts.

    Tables with cells merged down are left out: there the lower rows lack them by right.
    """
    whole = [other for n, part in enumerate(parts) for other in part.rows[min(n, 1) + 1 :]]
    if len(whole) < _ENOUGH_ROWS or any(cell.goes_on for other in whole for cell in other.cells):
        return False
    above = {round(cell.x0): cell.text for cell in last.cells}
    rests = [(cell, above.get(round(cell.x0))) for cell in row.cells if cell.text.paragraphs]
    if not rests or any(text is None or not text.paragraphs for _, text in rests):
        return False
    columns = [{round(c.x0) for c in o.cells if c.text.paragraphs} for o in whole]
    always = set.intersection(*columns)
    return bool(always - {round(cell.x0) for cell, _ in rests})


def _is_well_marked(part: TablePart) -> bool:
    """Whether the rows that the file itself names are those that are printed."""
    named = [row.marked for row in part.rows if row.marked]
    single = sum(1 for marked in named if len(marked) == 1)
    return single >= 0.8 * len(named) and len(frozenset().union(*named)) >= single
