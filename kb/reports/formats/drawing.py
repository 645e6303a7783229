"""Lines drawn from a table as an SVG picture; the table itself says the same in figures."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from kb.reports.formats.cells import readable, shown
from kb.reports.report import Chart, Table

_WIDTH, _HEIGHT = 640, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 150, 16, 56
_INK = "#0b0c0c"
# Each line has a colour of at least 4.5:1 on white, a dash and a mark of its own: no line is known
# by its colour alone.
_LOOKS = (
    ("#1d70b8", "", "circle"),
    ("#d4351c", "8 4", "square"),
    ("#00703c", "2 4", "circle"),
    (_INK, "12 3 2 3", "square"),
)
_Point = tuple[float, float]


def drawn(table: Table, chart: Chart) -> str:
    """The chart as a figure: its axes from 0, a line for each column, each named at its end."""
    across = table.index(chart.across)
    places = [float(cell) for row in table.rows if isinstance(cell := row[across], int | float)]
    furthest = max(places, default=1.0) or 1.0
    title = escape(readable(f"Drawing of the table “{table.title}”"), quote=True)
    parts = [
        f'<figure><svg role="img" aria-label="{title}" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" xmlns="http://www.w3.org/2000/svg">',
        *_axes(table, across, furthest),
        *_lines(table, chart, furthest),
        "</svg></figure>",
    ]
    return "\n".join(parts)


def _at(value: float, score: float, furthest: float) -> _Point:
    """Where a value and its score stand in the picture."""
    right, low = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    return _LEFT + value / furthest * (right - _LEFT), low - score * (low - _TOP)


def _axes(table: Table, across: int, furthest: float) -> Iterator[str]:
    column = table.columns[across]
    right, low = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    for step in range(6):
        _, y = _at(0, step / 5, furthest)
        yield f'<path d="M{_LEFT} {y:.1f}H{right}" stroke="#b1b4b6"/>'
        yield _word(_LEFT - 8, y + 5, f"{step / 5:.1f}", "end")
    yield f'<path d="M{_LEFT} {_TOP}V{low}H{right}" fill="none" stroke="{_INK}"/>'
    for row in table.rows:
        cell = row[across]
        if isinstance(cell, int | float):
            x, _ = _at(cell, 0, furthest)
            yield f'<path d="M{x:.1f} {low}v6" stroke="{_INK}"/>'
            yield _word(x, low + 21, shown(cell, column.kind), "middle")
    yield _word((_LEFT + right) / 2, _HEIGHT - 8, column.label, "middle")


def _lines(table: Table, chart: Chart, furthest: float) -> Iterator[str]:
    across = table.index(chart.across)
    ends: list[float] = []
    for at, name in enumerate(chart.lines):
        place = table.index(name)
        points = [
            _at(float(x), float(y), furthest)
            for row in table.rows
            if isinstance(x := row[across], int | float)
            and isinstance(y := row[place], int | float)
        ]
        if not points:
            continue
        colour, dash, mark = _LOOKS[at % len(_LOOKS)]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        yield (
            f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5" '
            f'stroke-dasharray="{dash or "none"}"/>'
        )
        yield from (_mark(x, y, colour, mark) for x, y in points)
        ends.append(_free(points[-1][1], ends))
        yield _word(points[-1][0] + 12, ends[-1] + 5, table.columns[place].label, "start")


def _free(wanted: float, taken: list[float]) -> float:
    """The nearest height below that no other line's name stands at."""
    while any(abs(wanted - one) < 18 for one in taken):
        wanted += 1
    return wanted


def _mark(x: float, y: float, colour: str, mark: str) -> str:
    if mark == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>'
    return f'<rect x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9" fill="{colour}"/>'


def _word(x: float, y: float, text: str, anchor: str) -> str:
    words = escape(readable(text))
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{_INK}">{words}</text>'
