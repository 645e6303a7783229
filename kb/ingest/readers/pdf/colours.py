"""Cells that say something by their colour alone, as the RAG column of a plan does."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Sequence

from kb.ingest.readers.pdf.grid import PrintedTable
from kb.ingest.readers.pdf.layout import Area, Colour

_SATURATED, _BRIGHT = 0.4, 0.35  # from 0 to 1: paler and darker colours are shading
_COVERED = 0.6  # of a cell
_HUES = (  # degrees up to which a hue is so called; None where people would differ
    (16, "Red"),
    (22, None),
    (66, "Amber"),
    (75, None),
    (165, "Green"),
    (190, None),
    (250, "Blue"),
    (345, None),
    (360, "Red"),
)
_STATUS = re.compile(r"\b(?:b?rag|status|rating|progress)\b", re.IGNORECASE)


def tell_colours(table: PrintedTable, areas: Sequence[Area]) -> None:
    """Name the colour of each empty cell that is filled with a clear one, unlike its row."""
    named = [(area, name) for area in areas if (name := colour_name(area.colour))]
    if not named:
        return
    for row in table.rows:
        for cell in row.cells:
            box = (cell.x0, cell.top, cell.x1, cell.bottom)
            cell.colour = next((name for area, name in named if _covers(area, box)), None)
        coloured = [cell for cell in row.cells if cell.colour]
        for cell in coloured:
            alike = sum(other.colour == cell.colour for other in coloured)
            if cell.words or cell.goes_on or alike > 1:
                cell.colour = None


def colour_name(colour: Colour | None) -> str | None:
    """Red, Amber, Green or Blue where a colour is clearly that; yellow is amber."""
    if colour is None:
        return None
    hue, saturation, value = colorsys.rgb_to_hsv(*colour)
    if saturation < _SATURATED or value < _BRIGHT:
        return None
    return next(name for limit, name in _HUES if hue * 360 <= limit)


def is_status_header(text: str) -> bool:
    """Whether a header is that of a column whose colours are statuses."""
    return len(text) <= 60 and _STATUS.search(text) is not None


def _covers(area: Area, box: tuple[float, float, float, float]) -> bool:
    x0, top, x1, bottom = box
    wide = min(area.x1, x1) - max(area.x0, x0)
    high = min(area.bottom, bottom) - max(area.top, top)
    return wide > 0 and high > 0 and wide * high >= _COVERED * (x1 - x0) * (bottom - top)
