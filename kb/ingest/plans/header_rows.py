"""Finding the header of a table or of a run of cells, in one row or in several.

A header of two rows has an upper row whose cells stand over several columns ("Actions" over
"What | Who | When") or are merged down beside those ("Recommendation"). Where the format keeps no
merged cells, empty cells show the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from kb.ingest.plans.headers import (
    LONGEST_HEADER,
    Header,
    HeaderCell,
    is_known,
    is_weak,
    label_field,
    may_name,
    name_columns,
)
from kb.ingest.tables import Cell, CellRun, Row

_ROWS_SEARCHED = 40
_CELLS_SEARCHED = 60
_WIDEST = 400  # cells of a header of several rows; comparing each with each takes their square
_MOST_ROWS = 3
_LONGEST_LOWER = 60  # characters of a cell in the second row of a header


def find_header(
    rows: Sequence[Row], overrides: Mapping[str, str], *, needs: str = "recommendation"
) -> Header | None:
    """The rows that name most fields, the one needed among them; None where none do.

    One that names a recommendation as such goes before one that only comes near ("Learning").
    """
    best: Header | None = None
    best_count = (False, 0)
    for number in range(min(len(rows), _ROWS_SEARCHED)):
        if not _may_head(rows, number, overrides, needs):
            continue
        for header in _headers_at(rows, number, overrides):
            count = (not header.weak, len(header.fields))
            if needs not in header.fields or count <= best_count:
                continue
            if header.fields != {needs} or not _stands_in_a_list(rows, header):
                best, best_count = header, count
    return best


def _may_head(rows: Sequence[Row], number: int, overrides: Mapping[str, str], needs: str) -> bool:
    """Whether a header of one row here may have the column needed, or one of several may begin."""
    below = rows[number + 1].filled if number + 1 < len(rows) else []
    if below and all(len(cell.text) <= _LONGEST_LOWER for cell in below):
        return True
    return any(may_name(cell.text, needs, overrides) for cell in rows[number].filled)


def _stands_in_a_list(rows: Sequence[Row], header: Header) -> bool:
    """Whether rows with the same cells stand above: a glossary may list "Recommendation"."""
    at = [cell.at for cell in rows[header.row].filled]
    return len(at) > 1 and any([cell.at for cell in row.filled] == at for row in rows[: header.row])


def header_at(rows: Sequence[Row], number: int, overrides: Mapping[str, str]) -> Header:
    """The header that begins at this row, with as many rows as name most fields."""
    return max(_headers_at(rows, number, overrides), key=lambda header: len(header.fields))


def _headers_at(rows: Sequence[Row], number: int, overrides: Mapping[str, str]) -> list[Header]:
    """The header of several rows that begins here, if one does, then that of one row."""
    cells = [HeaderCell.of(cell) for cell in rows[number].filled]
    found = [_header(number, rows[number : number + 1], cells, overrides)]
    for depth in range(2, _MOST_ROWS + 1):
        if number + depth > len(rows):
            break
        lower = rows[number + depth - 1]
        if not _goes_on_in(cells, lower, overrides):
            break
        cells = _joined(cells, lower)
        found.insert(0, _header(number, rows[number : number + depth], cells, overrides))
    return found


def _header(
    number: int, rows: Sequence[Row], cells: Sequence[HeaderCell], overrides: Mapping[str, str]
) -> Header:
    columns = name_columns(cells, overrides)
    return Header(number, columns, tuple(rows), is_weak(cells, columns, overrides))


def _goes_on_in(cells: Sequence[HeaderCell], lower: Row, overrides: Mapping[str, str]) -> bool:
    """Whether the row below is one more row of the header."""
    below = lower.filled
    if not below or not cells or max(len(below), len(cells)) > _WIDEST:
        return False
    if any(len(cell.text) > _LONGEST_LOWER for cell in below):
        return False
    if len(cells) == 1 and (cells[0].at <= below[0].at or cells[0].span >= _width(lower)):
        return False
    merged = any(cell.span > 1 for cell in cells) or any(cell.goes_on for cell in lower.cells)
    heads = _extents(cells, _width(lower), merged=merged)
    over = [[head for head, end in heads if head.at < c.at + c.span and end > c.at] for c in below]
    if any(_is_one_column(found, below, heads) for found in over):
        return False
    known = [
        any(is_known(text, overrides) for text in _readings(found[0] if found else None, c))
        for found, c in zip(over, below, strict=True)
    ]
    has_group = any(sum(head in found for found in over) > 1 for head, _ in heads)
    return has_group and sum(known) * 5 >= len(known) * 3


def _is_one_column(
    found: Sequence[HeaderCell],
    below: Sequence[Cell],
    heads: Sequence[tuple[HeaderCell, int]],
) -> bool:
    """Whether a cell stands below one that heads no other column: it is a row's, no header's."""
    ends = {head.at: end for head, end in heads}
    return any(
        sum(head.at < c.at + c.span and ends[head.at] > c.at for c in below) < 2 for head in found
    )


def _extents(
    cells: Sequence[HeaderCell], width: int, *, merged: bool
) -> list[tuple[HeaderCell, int]]:
    """Each upper cell with the grid column where what it heads ends.

    Where nothing is merged, a cell also heads the columns that stand empty beside it.
    """
    if merged:
        return [(cell, cell.at + cell.span) for cell in cells]
    ends = [after.at for _, after in pairwise(cells)] + [max(width, cells[-1].at + 1)]
    return list(zip(cells, ends, strict=True))


def _joined(cells: Sequence[HeaderCell], lower: Row) -> list[HeaderCell]:
    """The cells of both rows as one: those below with the words above them."""
    merged = any(cell.span > 1 for cell in cells) or any(cell.goes_on for cell in lower.cells)
    heads = _extents(cells, _width(lower), merged=merged)
    found, covered = [], set()
    for cell in lower.filled:
        head = next((h for h, end in heads if h.at < cell.at + cell.span and end > cell.at), None)
        text = f"{head.text} – {cell.text}" if head else cell.text
        found.append(HeaderCell(text, cell.at, cell.span, tuple(_readings(head, cell))))
        covered |= set(range(cell.at, cell.at + cell.span))
    for upper in cells:
        free = [at for at in range(upper.at, upper.at + upper.span) if at not in covered]
        if free:
            found.append(HeaderCell(upper.text, free[0], len(free), upper.readings))
    return sorted(found, key=lambda cell: cell.at)


def _readings(head: HeaderCell | None, cell: Cell) -> list[str]:
    if head is None:
        return [cell.text]
    above = [
        way for text in head.readings for way in (f"{text} {cell.text}", f"{cell.text} {text}")
    ]
    return [*above, cell.text]


def _width(row: Row) -> int:
    return max((cell.at + cell.span for cell in row.cells), default=0)


def header_of_run(run: CellRun, overrides: Mapping[str, str]) -> Header | None:
    """The header at the head of a run of cells: up to the first blank line, else known words.

    ``row`` is the number of its first cell. None where no column is the recommendation.
    """
    known = [is_known(cell.text, overrides) for cell in run.cells[:_CELLS_SEARCHED]]
    if True not in known:
        return None
    start = known.index(True)
    ends = [n for n in range(start + 1, len(known)) if run.cells[n].after_blank]
    end = ends[0] if ends else len(run.cells)
    if sum(known[start:end]) * 2 <= end - start:
        end = start + known[start:].index(False) if False in known[start:] else len(known)
    cells = [Cell(cell.text, at) for at, cell in enumerate(run.cells[start:end])]
    columns = name_columns(cells, overrides)
    named = any(column.field == "recommendation" for column in columns)
    return Header(start, columns) if named and len(columns) == len(cells) else None


def is_header_row(row: Row, overrides: Mapping[str, str], *, fewest: int = 2) -> bool:
    """Whether every filled cell of a row is the header of a column, and several of a field."""
    filled = row.filled
    if len(filled) < 2 or any(len(cell.text) > LONGEST_HEADER for cell in filled):
        return False
    fields = {label_field(cell.text, overrides) for cell in filled}
    return None not in fields and len(fields - {"kept"}) >= fewest
