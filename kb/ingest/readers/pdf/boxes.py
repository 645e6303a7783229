"""Boxes around text: rules or colour that set a paragraph apart, one under another or alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from kb.ingest.plans.headers import is_known
from kb.ingest.readers.pdf.frames import bounds_of, clustered, frames_of
from kb.ingest.readers.pdf.grid import PrintedTable
from kb.ingest.readers.pdf.layout import Rule
from kb.ingest.readers.pdf.lines import lines_on
from kb.ingest.readers.pdf.paragraphs import Box

_WHOLE = 0.8  # of the page: a box so wide and high is a frame around all of it
_LOWEST, _NARROWEST = 10.0, 30.0  # points


def boxes_of(rules: Sequence[Rule], width: float, height: float) -> tuple[Box, ...]:
    """The boxes that these rules of a page, which are of no table, draw around text."""
    found: list[Box] = []
    for frame in frames_of(rules):
        if len(frame.level) < 2 or len(frame.upright) < 2:
            continue
        x0, top, x1, bottom = bounds_of(frame.rules)
        whole = x1 - x0 > _WHOLE * width and bottom - top > _WHOLE * height
        if whole or x1 - x0 < _NARROWEST:
            continue
        levels = clustered(rule.at for rule in frame.level)
        found += [Box(x0, a, x1, b) for a, b in pairwise(levels) if b - a >= _LOWEST]
    return tuple(_outer(found))


def _outer(boxes: Sequence[Box]) -> Iterator[Box]:
    """The boxes that lie in no other."""
    for box in boxes:
        middle = ((box.x0 + box.x1) / 2, (box.top + box.bottom) / 2)
        around = [
            other
            for other in boxes
            if other.x0 <= middle[0] <= other.x1 and other.top <= middle[1] <= other.bottom
        ]
        if box == max(around, key=lambda other: (other.x1 - other.x0) * (other.bottom - other.top)):
            yield box


def is_pile_of_boxes(table: PrintedTable) -> bool:
    """Whether a table of one column is only boxes of text one under another: it has no header."""
    if len(table.edges) > 2:
        return False
    cells = [cell for row in table.rows for cell in row.cells if cell.words]
    if not cells or any(cell.tables for cell in cells):
        return False
    first = " ".join(line.text for line in lines_on(cells[0].words, table.page))
    return not is_known(first, {})
