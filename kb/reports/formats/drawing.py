"""Lines drawn from a table as an SVG picture; the table itself says the same in figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from kb.reports.formats.cells import readable
from kb.reports.report import Chart, Column, Table

_WIDTH, _HEIGHT = 640, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 150, 16, 56
_LINE = 18
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
    column = table.columns[table.index(chart.across)]
    lines = {name: _points(table, chart.across, name) for name in chart.lines}
    counts = [x for points in lines.values() for x, _ in points]
    furthest = 1.0 if column.kind == "score" else max(counts, default=0.0) or 1.0
    ticks = [step / 5 for step in range(6)] if column.kind == "score" else sorted(set(counts))
    title = escape(readable(f"Drawing of the table “{table.title}”"), quote=True)
    parts = [
        f'<figure><svg role="img" aria-label="{title}" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" xmlns="http://www.w3.org/2000/svg">',
        *_axes(column, ticks, furthest),
        *_lines(table, lines, furthest),
        "</svg></figure>",
    ]
    return "\n".join(parts)


def _points(table: Table, across: str, name: str) -> list[_Point]:
    """Value and score of each row that has both."""
    at, place = table.index(across), table.index(name)
    return [
        (float(x), float(y))
        for row in table.rows
        if isinstance(x := row[at], int | float) and isinstance(y := row[place], int | float)
    ]


def _at(value: float, score: float, furthest: float) -> _Point:
    """Where a value and its score stand in the picture."""
    right, low = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    return _LEFT + value / furthest * (right - _LEFT), low - score * (low - _TOP)


def _axes(column: Column, ticks: Sequence[float], furthest: float) -> Iterator[str]:
    right, low = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    for step in range(6):
        _, y = _at(0, step / 5, furthest)
        yield f'<path d="M{_LEFT} {y:.1f}H{right}" stroke="#b1b4b6"/>'
        yield _word(_LEFT - 8, y + 5, f"{step / 5:.1f}", "end")
    yield f'<path d="M{_LEFT} {_TOP}V{low}H{right}" fill="none" stroke="{_INK}"/>'
    for tick in ticks:
        x, _ = _at(tick, 0, furthest)
        yield f'<path d="M{x:.1f} {low}v6" stroke="{_INK}"/>'
        yield _word(x, low + 21, f"{tick:,g}", "middle")
    yield _word((_LEFT + right) / 2, _HEIGHT - 8, column.label, "middle")


def _lines(table: Table, lines: Mapping[str, list[_Point]], furthest: float) -> Iterator[str]:
    ends: list[tuple[float, float, str]] = []
    for at, (name, values) in enumerate(lines.items()):
        points = [_at(x, y, furthest) for x, y in values]
        if not points:
            continue
        colour, dash, mark = _LOOKS[at % len(_LOOKS)]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        yield (
            f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5" '
            f'stroke-dasharray="{dash or "none"}"/>'
        )
        yield from (_mark(x, y, colour, mark) for x, y in points)
        x, y = points[-1]
        ends.append((y, x, table.columns[table.index(name)].label))
    lowest = 0.0
    for y, x, label in sorted(ends):
        lowest = max(y, lowest + _LINE)  # no name is written over another
        yield _word(x + 12, lowest + 5, label, "start")


def _mark(x: float, y: float, colour: str, mark: str) -> str:
    if mark == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>'
    return f'<rect x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9" fill="{colour}"/>'


def _word(x: float, y: float, text: str, anchor: str) -> str:
    words = escape(readable(text))
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{_INK}">{words}</text>'
