"""Cells as people read them, and text made safe for the formats that stumble over it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from kb.reports.dates import in_words
from kb.reports.report import Cell, Column, Kind

MADE = datetime(2000, 1, 1)  # the date inside every document: equal reports are equal files
EMPTY = "–"
_ENDS_OF: dict[Kind, Kind] = {
    "interval": "share",
    "score interval": "score",
    "count interval": "count",
    "difference interval": "difference",
}
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BEGINS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def readable(text: str) -> str:
    """Text without characters that XML refuses or that steer a terminal; each becomes U+FFFD."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def shown(cell: Cell, kind: Kind) -> str:
    """A cell in words.

    ``1,234``, ``12.3%``, ``7.1–19.9%``, ``0.684``, ``+3.4`` (points), ``31 July 2022``, or –.
    """
    if cell is None or cell == "":
        return EMPTY
    if isinstance(cell, tuple):
        return _ends(cell, kind)
    if isinstance(cell, str):
        return readable(in_words(cell) if kind == "date" else cell)
    return _number(cell, kind)


def _number(cell: float, kind: Kind) -> str:
    match kind:
        case "score":
            return f"{cell:.3f}"
        case "share":
            return f"{100 * cell:.1f}%"
        case "difference":
            return _points(cell)
        case "count":
            return f"{cell:,}"
        case _:
            return str(cell)


def _ends(ends: tuple[float, float], kind: Kind) -> str:
    low, high = ends
    match kind:
        case "score interval":
            return f"{low:.3f}–{high:.3f}"
        case "count interval":
            return f"{low:,}–{high:,}"
        case "difference interval":
            return f"{_points(low)} to {_points(high)}"
        case _:
            return f"{100 * low:.1f}–{100 * high:.1f}%"


def _points(difference: float) -> str:
    """A difference of shares in points of a hundred, with a sign; nothing is ``-0.0``."""
    return (
        f"{100 * difference:+.1f}".replace("-0.0", "0.0").replace("+0.0", "0.0").replace("-", "−")
    )


def is_number(kind: Kind) -> bool:
    """Whether a column of this kind holds numbers, and stands to the right."""
    return kind not in ("text", "date")


def without_formula(text: str) -> str:
    """Text that no spreadsheet program takes for a formula when it opens a CSV file.

    A cell that begins with ``= + - @``, a tab or a line end gets an apostrophe before it (OWASP,
    "CSV Injection").
    """
    return "'" + text if text.startswith(_BEGINS_A_FORMULA) else text


def longest_word(text: str) -> int:
    """The length of the longest word, below which a heading would have to be broken."""
    return max((len(word) for word in text.split()), default=0)


def flat_columns(columns: tuple[Column, ...]) -> Iterator[Column]:
    """The columns with each interval as two, ``…_low`` and ``…_high``, for formats of numbers."""
    for column in columns:
        if column.kind in _ENDS_OF:
            stem, kind = column.name.removesuffix("_interval"), _ENDS_OF[column.kind]
            yield Column(f"{stem}_low", f"{column.label}: low", kind)
            yield Column(f"{stem}_high", f"{column.label}: high", kind)
        else:
            yield column


def flat_row(columns: tuple[Column, ...], row: tuple[Cell, ...]) -> Iterator[Cell]:
    """The cells that stand under ``flat_columns``."""
    for column, cell in zip(columns, row, strict=True):
        if isinstance(cell, tuple):
            yield from cell
        elif column.kind in _ENDS_OF:
            yield from (None, None)
        else:
            yield cell
