"""Rows that no rule parts, though their texts begin side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import inf

from kb.ingest.readers.pdf.grid import PrintedCell, PrintedRow, PrintedTable
from kb.ingest.readers.pdf.layout import Word
from kb.ingest.readers.pdf.words import lines_of

_MOST_RULED = 3  # rows of a page; a table with more has rules between its rows
_GAP = 1.2  # of the least distance of lines: texts lie further apart
_SAME_LINE = 1.0  # points
_FEWEST_BESIDE = 2  # columns with a text that begins beside one of the first column
FLAG = "no rule parts this row from the one above: it was parted where texts begin side by side"


def part_rows(table: PrintedTable) -> None:
    """Part each row whose first column has several texts that others begin beside.

    Only in tables with hardly a rule between rows, such as those with upright rules alone.
    """
    if len(table.rows) <= _MOST_RULED:
        table.rows = [part for row in table.rows for part in _parted(row)]


def _parted(row: PrintedRow) -> list[PrintedRow]:
    plain = [cell for cell in row.cells if not cell.goes_on and cell.bottom <= row.bottom + 1]
    filled = [cell for cell in plain if cell.words]
    if len(filled) <= _FEWEST_BESIDE or len(plain) < len(row.cells):
        return [row]
    bases = [_bases(cell.words) for cell in filled]
    close = min((b - a for column in bases for a, b in pairwise(column)), default=0.0)
    starts = [_starts(column, close) for column in bases]
    first, others = starts[0], starts[1:]
    beside = [sum(_has(base, other) for other in others) for base in first]
    if len(first) < 2 or min(beside) < _FEWEST_BESIDE:
        return [row]
    size = max(word.size for word in filled[0].words)
    cuts = [base - size for base in first[1:]]
    edges, reach = [row.top, *cuts, row.bottom], [-inf, *cuts, inf]
    return [
        PrintedRow(
            top,
            bottom,
            [_part(cell, (top, bottom), (above, below)) for cell in row.cells],
            open_top=row.open_top and above == -inf,
            open_foot=row.open_foot and below == inf,
            flags=row.flags if above == -inf else (*row.flags, FLAG),
        )
        for (top, bottom), (above, below) in zip(pairwise(edges), pairwise(reach), strict=True)
    ]


def _bases(words: Sequence[Word]) -> list[float]:
    return [line[0].base for line in lines_of([word for word in words if not word.turned])]


def _starts(bases: Sequence[float], close: float) -> list[float]:
    """Of base lines those with which the texts that stand one below another begin."""
    return [
        *bases[:1],
        *(below for above, below in pairwise(bases) if below - above > _GAP * close),
    ]


def _has(base: float, starts: Sequence[float]) -> bool:
    return any(abs(base - start) <= _SAME_LINE for start in starts)


def _part(cell: PrintedCell, box: tuple[float, float], reach: tuple[float, float]) -> PrintedCell:
    """The part of a cell in a box (top, bottom), with what stands in a wider ``reach``.

    The last line of a cell may stand over its foot.
    """
    words = [word for word in cell.words if reach[0] <= word.middle[1] < reach[1]]
    tables = [table for table in cell.tables if reach[0] <= table.top < reach[1]]
    return PrintedCell(cell.x0, box[0], cell.x1, box[1], words, tables=tables)
