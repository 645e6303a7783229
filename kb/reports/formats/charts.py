"""Charts drawn from tables, as SVG for pages and PNG for documents; the table says the same.

Nothing is known by its colour alone: bars and dots have one, lines have dashes and marks of their
own, and a map goes from light to dark with its figures in it, so that all survive grey print.
"""

from __future__ import annotations

import io
import re
import threading
import warnings
from collections.abc import Sequence
from html import escape
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from kb.reports.formats import timelines
from kb.reports.formats.cells import readable, shown
from kb.reports.report import Bars, Chart, HeatMap, Table, Timeline

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_DRAWN = 25
_WIDTH = 7.2  # inches: what an upright A4 page holds
_LINE = 0.26  # inches a row
_INK, _BLUE, _GREY = "#0b0c0c", "#1d70b8", "#b1b4b6"
_LOOKS = (("#1d70b8", "-", "o"), ("#d4351c", "--", "s"), ("#00703c", ":", "o"), (_INK, "-.", "s"))
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "kb",
    "text.parse_math": False,
    "font.family": ["sans-serif"],
    "font.size": 9,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_LOCK = threading.Lock()  # the settings of the library are those of the whole process


def svg(table: Table) -> str:
    """The chart of a table as an ``svg`` element, described for those who do not see it."""
    drawn = _saved(table, "svg").decode()
    drawn = drawn[drawn.index("<svg") :]
    drawn = re.sub(r"<metadata>.*?</metadata>|<title>.*?</title>", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r'(\bid="|href="#|url\(#)', rf"\1{table.name}-", drawn)
    label = escape(readable(f"Chart of {table.title}. {summary(table)}"), quote=True)
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1).strip()


def png(table: Table) -> bytes:
    """The chart of a table as a picture."""
    return _saved(table, "png")


def can_draw(table: Table) -> bool:
    """Whether the table has a chart, and enough in it to draw."""
    match table.chart:
        case None:
            return False
        case Timeline() as timeline:
            return any(True for _ in timelines.marks(table, timeline))
        case HeatMap():
            return len(table.rows) > 1 and len(table.columns) > 2
        case _:
            return len(table.rows) > 1


def summary(table: Table) -> str:
    """What the chart shows, in words."""
    match table.chart:
        case Bars():
            return _summary_of_bars(table, table.chart)
        case HeatMap():
            return _summary_of_map(table)
        case Chart():
            lines = ", ".join(table.columns[table.index(n)].label for n in table.chart.lines)
            return f"{lines} by {table.columns[table.index(table.chart.across)].label}."
        case Timeline():
            return timelines.summary(table.chart)
        case None:
            return ""


def _saved(table: Table, kind: str) -> bytes:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    out = io.BytesIO()
    metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    with _LOCK, mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a letter that the font does not have
        figure = Figure(layout="constrained")
        _paint(figure, table)
        figure.savefig(out, format=kind, dpi=160, metadata=metadata)
    return out.getvalue()


def _paint(figure: Figure, table: Table) -> None:
    match table.chart:
        case Bars() as chart if table.columns[table.index(chart.value)].kind == "difference":
            _dots(figure, table, chart)
        case Bars() as chart:
            _bars(figure, table, chart)
        case HeatMap():
            _map(figure, table)
        case Chart() as chart:
            _lines(figure, table, chart)
        case Timeline() as chart:
            timelines.paint(figure, table, chart)


def _name(cell: Any) -> str:
    return shorten(readable(str(cell)), 44, placeholder=" …")


def _drawn_rows(table: Table, chart: Bars) -> list[tuple[str, float, tuple[float, float] | None]]:
    """Name, value in points of a hundred, and interval of the rows that are drawn.

    The first rows; of differences the first and the last, which are the greatest either way.
    """
    at = table.index(chart.value)
    interval = None if chart.interval is None else table.index(chart.interval)
    found = [
        (_name(row[0]), 100 * value, _hundredfold(None if interval is None else row[interval]))
        for row in table.rows
        if isinstance(value := row[at], int | float)
    ]
    if table.columns[at].kind == "difference" and len(found) > MOST_DRAWN:
        half = MOST_DRAWN // 2
        return [*found[: MOST_DRAWN - half], *found[-half:]]
    return found[:MOST_DRAWN]


def _hundredfold(ends: Any) -> tuple[float, float] | None:
    return (100 * ends[0], 100 * ends[1]) if isinstance(ends, tuple) else None


def _bars(figure: Figure, table: Table, chart: Bars) -> None:
    rows = _drawn_rows(table, chart)
    axes = _listing(figure, [name for name, _, _ in rows])
    axes.barh(range(len(rows)), [value for _, value, _ in rows], color=_BLUE, height=0.6)
    _whiskers(axes, [ends for _, _, ends in rows])
    axes.set_xlim(left=0)
    axes.set_xlabel(f"{table.columns[table.index(chart.value)].label}, %")


def _dots(figure: Figure, table: Table, chart: Bars) -> None:
    rows = _drawn_rows(table, chart)
    axes = _listing(figure, [name for name, _, _ in rows])
    axes.axvline(0, color=_INK, linewidth=1)
    _whiskers(axes, [ends for _, _, ends in rows])
    axes.plot([value for _, value, _ in rows], range(len(rows)), "o", color=_BLUE, markersize=5)
    axes.set_xlabel("Difference in points, 95% interval: nothing is shown where it crosses 0")


def _listing(figure: Figure, names: Sequence[str]) -> Axes:
    """Axes with a line for each name, the first on top."""
    figure.set_size_inches(_WIDTH, 0.8 + _LINE * len(names))
    axes = figure.add_subplot()
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=_GREY, linewidth=0.6)
    axes.set_axisbelow(True)
    return axes


def _whiskers(axes: Axes, intervals: Sequence[tuple[float, float] | None]) -> None:
    for at, ends in enumerate(intervals):
        if ends is not None:
            axes.plot(ends, (at, at), color=_INK, linewidth=1.2, marker="|", markersize=6)


def _map(figure: Figure, table: Table) -> None:
    import numpy as np

    rows, shares = _shares(table)
    labels = [_name(column.label) for column in table.columns[1:]]
    slanted = max(map(len, labels)) > 6
    figure.set_size_inches(_WIDTH, (1.8 if slanted else 0.9) + _LINE * len(rows))
    axes = figure.add_subplot()
    drawn = np.nan_to_num(np.array(shares))
    darkest = float(drawn.max()) or 1.0
    mesh = axes.pcolormesh(drawn, cmap="Blues", vmin=0, vmax=darkest, edgecolors="white")
    mesh.set_linewidth(1)
    axes.invert_yaxis()
    axes.set_yticks(np.arange(len(rows)) + 0.5, [_name(row) for row in rows])
    axes.set_xticks(np.arange(len(labels)) + 0.5, labels)
    if slanted:
        for label in axes.get_xticklabels():
            label.set(rotation=40, ha="right", rotation_mode="anchor")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for (y, x), share in np.ndenumerate(drawn):
        ink = "white" if share > 0.6 * darkest else _INK
        axes.text(
            x + 0.5, y + 0.5, f"{100 * share:.0f}", ha="center", va="center", color=ink, fontsize=8
        )
    axes.set_xlabel("% of the recommendations of each column")


def _shares(table: Table) -> tuple[list[str], list[list[float]]]:
    """The names of the rows that are drawn, and their shares of the last row."""
    *rows, whole = table.rows
    chosen = rows[:MOST_DRAWN]
    return [str(row[0]) for row in chosen], [
        [_ratio(part, all_of) for part, all_of in zip(row[1:], whole[1:], strict=True)]
        for row in chosen
    ]


def _ratio(part: Any, whole: Any) -> float:
    return part / whole if whole else 0.0


def _lines(figure: Figure, table: Table, chart: Chart) -> None:
    figure.set_size_inches(_WIDTH, 4)
    axes = figure.add_subplot()
    at = table.index(chart.across)
    for number, name in enumerate(chart.lines):
        place = table.index(name)
        points = [
            (x, y)
            for row in table.rows
            if isinstance(x := row[at], int | float) and isinstance(y := row[place], int | float)
        ]
        colour, dash, mark = _LOOKS[number % len(_LOOKS)]
        label = readable(table.columns[place].label)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        axes.plot(xs, ys, dash, color=colour, marker=mark, label=label)
    axes.set_xlim(left=0)
    axes.set_ylim(0, 1)
    axes.grid(color=_GREY, linewidth=0.6)
    axes.set_xlabel(readable(table.columns[at].label))
    axes.legend(frameon=False, loc="best")


def _summary_of_bars(table: Table, chart: Bars) -> str:
    at = table.index(chart.value)
    kind = table.columns[at].kind
    rows = [row for row in table.rows if row[at] is not None]
    if not rows:
        return "Nothing to draw."
    told = [f"{readable(str(row[0]))} {shown(row[at], kind)}" for row in rows]
    if kind == "difference":
        return f"Greatest: {told[0]}. Least: {told[-1]}. {len(rows)} in all."
    if all(isinstance(row[0], str) and row[0].isdigit() for row in rows[:2]):
        return f"From {told[0]} to {told[-1]}; {len(rows)} in all."
    rest = f" Least: {told[-1]}." if len(told) > 4 else ""
    cut = f" The first {MOST_DRAWN} of {len(rows)} are drawn." if len(rows) > MOST_DRAWN else ""
    return f"First: {'; '.join(told[:3])}.{rest}{cut}"


def _summary_of_map(table: Table) -> str:
    rows, shares = _shares(table)
    cells = [
        (share, row, column.label)
        for row, line in zip(rows, shares, strict=True)
        for share, column in zip(line, table.columns[1:], strict=True)
    ]
    top = sorted(cells, key=lambda cell: -cell[0])[:3]
    told = "; ".join(
        f"{readable(row)} in {readable(column)} ({share:.0%})" for share, row, column in top
    )
    cut = f" The first {MOST_DRAWN} rows are drawn." if len(table.rows) - 1 > MOST_DRAWN else ""
    return f"Shares of each column's recommendations; highest: {told}.{cut}"
