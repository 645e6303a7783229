"""Marks in time drawn from a table; the table itself says the same in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.printed import is_date
from kb.reports.formats.cells import readable
from kb.reports.report import MOST_LINES, Table, Timeline

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _LINE = 7.2, 0.26  # inches: of the picture, and of a line in it
_LABEL = 44  # letters
_GREY = "#b1b4b6"
_BLUE, _GREEN = "#1d70b8", "#00703c"  # at least 4.5:1 on white; each mark has a shape of its own
_SHAPES: dict[str, dict[str, Any]] = {
    "done": {"marker": "o", "color": _BLUE},
    "open": {"marker": "o", "color": _BLUE, "markerfacecolor": "white"},
    "completed": {"marker": "s", "color": _GREEN, "markersize": 5},
}


class Mark(NamedTuple):
    """A mark on a line at a time in years: asked, and ``done`` or ``open``; or ``completed``."""

    line: int
    when: float
    shape: str


def paint(figure: Figure, table: Table, timeline: Timeline) -> None:
    """A line for each number and its marks; a number beside a mark counts marks in one place."""
    from matplotlib.ticker import MaxNLocator

    found = list(marks(table, timeline))
    lines = sorted({mark.line for mark in found})
    place = {line: at for at, line in enumerate(lines)}
    figure.set_size_inches(_WIDTH, 0.7 + _LINE * len(lines))
    axes = figure.add_subplot()
    axes.set_yticks(range(len(lines)), [_label(line, timeline) for line in lines])
    axes.set_ylim(len(lines) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(color=_GREY, linewidth=0.6)
    axes.set_axisbelow(True)
    for number, (mark, count) in enumerate(sorted(Counter(found).items())):
        x, y = mark.when, place[mark.line]
        name = f"{mark.shape}-{mark.line}-{number}"
        axes.plot([x], [y], linestyle="none", gid=name, **_SHAPES[mark.shape])
        if count > 1:
            axes.annotate(str(count), (x, y), (5, 4), textcoords="offset points", fontsize=7)


def _label(line: int, timeline: Timeline) -> str:
    words = f"{line}. {' '.join(readable(timeline.labels[line - 1]).split())}"
    return words if len(words) <= _LABEL else words[: _LABEL - 1].rstrip() + "…"


def summary(timeline: Timeline) -> str:
    """What the marks mean, and how much is drawn."""
    hidden = len(timeline.labels) - MOST_LINES
    some = f" The first {MOST_LINES} of {len(timeline.labels):,} are drawn." if hidden > 0 else ""
    return (
        "A line for each group. Filled circle: asked, and marked complete. Ring: asked, and not "
        "marked complete. Square: the date of completion. A number counts marks in one place."
        f"{some}"
    )


def marks(table: Table, timeline: Timeline) -> Iterator[Mark]:
    """The marks of the first lines; a row without a date has none."""
    line, asked, completed, status = (
        table.index(name)
        for name in (timeline.line, timeline.asked, timeline.completed, timeline.status)
    )
    for row in table.rows:
        number = row[line]
        if not isinstance(number, int) or number > MOST_LINES:
            continue
        done = row[status] in timeline.done
        if (when := _in_years(row[asked])) is not None:
            yield Mark(number, when, "done" if done else "open")
        if done and (when := _in_years(row[completed])) is not None:
            yield Mark(number, when, "completed")


def _in_years(printed: object) -> float | None:
    """A date as a number of years, the middle of what it names."""
    if not isinstance(printed, str) or not is_date(printed):
        return None
    year, month, day = (*map(int, printed.split("-")), 0, 0)[:3]
    months = month - 1 + (day or 15) / 31 if month else 6.0
    return year + months / 12
