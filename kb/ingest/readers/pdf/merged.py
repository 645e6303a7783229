"""Cells that seem merged because their row has no upright rules, though their text has columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from kb.ingest.readers.pdf.grid import PrintedCell, PrintedRow, PrintedTable
from kb.ingest.readers.pdf.gutters import texts_of
from kb.ingest.readers.pdf.lines import lines_on

_INSIDE = 1.0  # points
_CENTRED = 6.0  # points


def part_by_text(table: PrintedTable) -> None:
    """Part cells over several columns whose texts keep to the columns of the other rows.

    A text that runs over an edge, one in the first column alone and one set to the middle leave
    their cell as it is. Cells that go on below are left too.
    """
    for row in table.rows:
        row.cells = [part for cell in row.cells for part in _parted(cell, row, table)]


def _parted(cell: PrintedCell, row: PrintedRow, table: PrintedTable) -> list[PrintedCell]:
    inner = [e for e in table.edges if cell.x0 + _INSIDE < e < cell.x1 - _INSIDE]
    if not inner or not cell.words or cell.goes_on or cell.tables or cell.bottom > row.bottom + 1:
        return [cell]
    spans = [span for line in lines_on(cell.words, table.page) for span in texts_of(line)]
    if any(x0 < edge < x1 for x0, x1 in spans for edge in inner):
        return [cell]
    edges = [cell.x0, *inner, cell.x1]
    parts = [PrintedCell(x0, cell.top, x1, cell.bottom) for x0, x1 in pairwise(edges)]
    for word in cell.words:
        parts[bisect_right(inner, word.middle[0])].words.append(word)
    several = sum(bool(part.words) for part in parts) > 1
    return parts if several or _stands_right(cell, spans, inner[0]) else [cell]


def _stands_right(cell: PrintedCell, spans: Sequence[tuple[float, float]], edge: float) -> bool:
    """Whether all text begins right of the first column and is not set to the middle."""
    left, right = min(x0 for x0, _ in spans), max(x1 for _, x1 in spans)
    centred = abs((left + right) / 2 - (cell.x0 + cell.x1) / 2) <= _CENTRED
    return left > edge and not centred
