"""Marks in time drawn from a table as an SVG picture; the table itself says the same in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from kb.printed import is_date
from kb.reports.formats.cells import readable
from kb.reports.report import Table, Timeline

MOST_LINES = 30
_WIDTH, _LEFT, _RIGHT = 760, 330, 24
_TOP, _LINE, _BOTTOM = 30, 26, 12
_LABEL = 40  # letters
_TICKS = 10
_INK, _GREY = "#0b0c0c", "#b1b4b6"
_BLUE, _GREEN = "#1d70b8", "#00703c"  # at least 4.5:1 on white; each mark has a shape of its own


class _Mark(NamedTuple):
    line: int
    when: float  # in years
    shape: str  # "done", "open" or "completed"


def drawn(table: Table, timeline: Timeline) -> str:
    """The picture as a figure: a line for each number, its marks, and what they mean in words."""
    marks = list(_marks(table, timeline))
    if not marks:
        return ""
    lines = sorted({mark.line for mark in marks})
    first = int(min(mark.when for mark in marks))
    last = int(max(mark.when for mark in marks)) + 1
    height = _TOP + _LINE * len(lines) + _BOTTOM
    title = escape(readable(f"Timeline of the table “{table.title}”"), quote=True)
    return "\n".join(
        [
            f'<figure><svg role="img" aria-label="{title}" viewBox="0 0 {_WIDTH} {height}" '
            f'width="{_WIDTH}" height="{height}" xmlns="http://www.w3.org/2000/svg">',
            *_years(first, last, height),
            *_labels(lines, timeline.labels),
            *_drawn_marks(marks, lines, first, last),
            "</svg>",
            f"<figcaption>{escape(_caption(table, timeline))}</figcaption></figure>",
        ]
    )


def _caption(table: Table, timeline: Timeline) -> str:
    hidden = len(timeline.labels) - MOST_LINES
    some = f" The first {MOST_LINES} of {len(timeline.labels):,} are drawn." if hidden > 0 else ""
    return (
        "A line for each group. Filled circle: asked, and marked complete. Ring: asked, and not "
        "marked complete. Square: the date of completion. A number counts marks in one place. "
        f"The table “{table.title}” says the same in words.{some}"
    )


def _marks(table: Table, timeline: Timeline) -> Iterator[_Mark]:
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
            yield _Mark(number, when, "done" if done else "open")
        if done and (when := _in_years(row[completed])) is not None:
            yield _Mark(number, when, "completed")


def _in_years(printed: object) -> float | None:
    """A date as a number of years, the middle of what it names."""
    if not isinstance(printed, str) or not is_date(printed):
        return None
    year, month, day = (*map(int, printed.split("-")), 0, 0)[:3]
    months = month - 1 + (day or 15) / 31 if month else 6.0
    return year + months / 12


def _across(when: float, first: int, last: int) -> float:
    return _LEFT + (when - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT)


def _height(place: int) -> float:
    return _TOP + _LINE * (place + 0.5)


def _years(first: int, last: int, height: int) -> Iterator[str]:
    step = -(-(last - first) // _TICKS)
    for year in range(first, last + 1, step):
        x = _across(year, first, last)
        yield f'<path d="M{x:.1f} {_TOP - 6}V{height - _BOTTOM}" stroke="{_GREY}"/>'
        yield _word(x, _TOP - 12, str(year), "middle")


def _labels(lines: Sequence[int], labels: Sequence[str]) -> Iterator[str]:
    for place, line in enumerate(lines):
        words = f"{line}. {' '.join(labels[line - 1].split())}"
        cut = words if len(words) <= _LABEL else words[: _LABEL - 1].rstrip() + "…"
        yield _word(_LEFT - 16, _height(place) + 5, cut, "end")


def _drawn_marks(
    marks: Sequence[_Mark], lines: Sequence[int], first: int, last: int
) -> Iterator[str]:
    places = {line: place for place, line in enumerate(lines)}
    right = _WIDTH - _RIGHT
    for place in places.values():
        yield f'<path d="M{_LEFT} {_height(place):.1f}H{right}" stroke="{_GREY}"/>'
    for mark, count in sorted(Counter(marks).items()):
        x, y = _across(mark.when, first, last), _height(places[mark.line])
        yield _shape(x, y, mark.shape)
        if count > 1:
            yield _word(x + 7, y - 5, str(count), "start")


def _shape(x: float, y: float, shape: str) -> str:
    if shape == "completed":
        return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{_GREEN}"/>'
    fill = _BLUE if shape == "done" else "#fff"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="{fill}" stroke="{_BLUE}" '
        'stroke-width="2"/>'
    )


def _word(x: float, y: float, text: str, anchor: str) -> str:
    words = escape(readable(text))
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{_INK}">{words}</text>'
