"""From what a page draws (lines, rectangles, paths) to its rules and filled areas."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kb.ingest.readers.pdf.layout import Area, Colour, Rule

_THIN = 3.0  # points: a filled rectangle no thicker is a rule
_LEVEL = 0.6  # points: how far the ends of a level or upright line may differ
_SAME = 0.8  # points: pieces of one rule lie no further apart across
_GAP = 2.5  # points: … and along
_DASH_GAP, _DASH = 6.0, 8.0  # points: gaps between, and length of, the dashes of a broken rule
_PAGE = 0.9  # of width and height: an area so large is the paper


def drawn_of(
    shapes: Sequence[Any], width: float, height: float
) -> tuple[tuple[Rule, ...], tuple[Area, ...]]:
    """The rules and the filled areas of pdfminer's shapes (LTCurve and below), in points.

    Each side of a drawn rectangle is a rule, a thin filled rectangle is one, and so are the edges
    of a filled area (``drawn`` False). Pieces in one line are joined, dashes too.
    """
    rules: list[Rule] = []
    areas: list[Area] = []
    for shape in shapes:
        rules += _rules(shape, height)
        area = _area(shape, height)
        if area is not None and not _is_paper(area, width, height):
            areas.append(area)
    rules += [rule for area in areas for rule in _edges(area)]
    return tuple(joined_rules(rules)), tuple(areas)


def _points(shape: Any, height: float) -> list[tuple[float, float]]:
    return [(x, height - y) for x, y in shape.pts]


def _rules(shape: Any, height: float) -> Iterator[Rule]:
    points = _points(shape, height)
    box = _box(points)
    if max(box[2] - box[0], box[3] - box[1]) <= _THIN:
        yield from _dot(box)
        return
    if shape.fill and min(box[2] - box[0], box[3] - box[1]) <= _THIN and len(points) > 2:
        yield from _thin(box)
        return
    if not shape.stroke:
        return
    thick = float(shape.linewidth or 0)
    closed = bool(shape.original_path) and shape.original_path[-1][0] == "h"
    commands = [part[0] for part in shape.original_path or ()]
    ends = [*points, points[0]] if closed and points[-1] != points[0] else points
    for index, ((x0, y0), (x1, y1)) in enumerate(itertools.pairwise(ends), start=1):
        curved = index < len(commands) and commands[index] not in "lh"
        if curved:
            continue
        if abs(y0 - y1) <= _LEVEL and abs(x0 - x1) > _LEVEL:
            yield Rule(False, (y0 + y1) / 2, min(x0, x1), max(x0, x1), thick)
        elif abs(x0 - x1) <= _LEVEL and abs(y0 - y1) > _LEVEL:
            yield Rule(True, (x0 + x1) / 2, min(y0, y1), max(y0, y1), thick)


def _box(points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _dot(box: tuple[float, float, float, float]) -> Iterator[Rule]:
    """A dot of a dotted rule, level or upright: its neighbours tell."""
    x0, top, x1, bottom = box
    yield Rule(False, (top + bottom) / 2, x0, x1, bottom - top)
    yield Rule(True, (x0 + x1) / 2, top, bottom, x1 - x0)


def _thin(box: tuple[float, float, float, float]) -> Iterator[Rule]:
    x0, top, x1, bottom = box
    if bottom - top <= x1 - x0:
        yield Rule(False, (top + bottom) / 2, x0, x1, bottom - top)
    else:
        yield Rule(True, (x0 + x1) / 2, top, bottom, x1 - x0)


def _area(shape: Any, height: float) -> Area | None:
    """The area that a shape fills where it is a rectangle (of any number of pieces)."""
    if not shape.fill or len(shape.pts) < 4:
        return None
    points = _points(shape, height)
    x0, top, x1, bottom = _box(points)
    if min(x1 - x0, bottom - top) <= _THIN:
        return None
    on_edge = all(
        min(abs(x - x0), abs(x - x1)) <= _LEVEL and min(abs(y - top), abs(y - bottom)) <= _LEVEL
        for x, y in points
    )
    return Area(x0, top, x1, bottom, colour_of(shape.non_stroking_color)) if on_edge else None


def _is_paper(area: Area, width: float, height: float) -> bool:
    return area.x1 - area.x0 > _PAGE * width and area.bottom - area.top > _PAGE * height


def _edges(area: Area) -> Iterator[Rule]:
    yield Rule(False, area.top, area.x0, area.x1, drawn=False)
    yield Rule(False, area.bottom, area.x0, area.x1, drawn=False)
    yield Rule(True, area.x0, area.top, area.bottom, drawn=False)
    yield Rule(True, area.x1, area.top, area.bottom, drawn=False)


def colour_of(value: Any) -> Colour | None:
    """Red, green and blue (0 to 1) of a colour in grey, RGB or CMYK; None for a pattern."""
    parts = value if isinstance(value, (tuple, list)) else (value,)
    try:
        numbers = [min(max(float(part), 0.0), 1.0) for part in parts]
    except (TypeError, ValueError):
        return None
    if len(numbers) == 1:
        return (numbers[0],) * 3
    if len(numbers) == 3:
        return numbers[0], numbers[1], numbers[2]
    if len(numbers) == 4:
        cyan, magenta, yellow, black = numbers
        return (1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black)
    return None


def joined_rules(rules: Iterable[Rule]) -> list[Rule]:
    """The rules with pieces in one line joined; drawn rules and edges of areas apart."""
    lines: dict[tuple[bool, bool], list[Rule]] = defaultdict(list)
    for rule in rules:
        lines[rule.upright, rule.drawn].append(rule)
    return [rule for group in lines.values() for rule in _joined_in(group)]


def _joined_in(rules: list[Rule]) -> Iterator[Rule]:
    rules.sort(key=lambda rule: rule.at)
    band: list[Rule] = []
    for rule in rules:
        if band and rule.at - band[-1].at > _SAME:
            yield from _joined_along(band)
            band = []
        band.append(rule)
    yield from _joined_along(band)


def _joined_along(band: list[Rule]) -> Iterator[Rule]:
    """One rule for pieces that touch, and for the dashes of a broken rule."""
    band.sort(key=lambda rule: rule.start)
    whole: Rule | None = None
    for rule in band:
        if whole is None:
            whole = rule
            continue
        dashes = rule.length <= _DASH and (whole.length <= _DASH or whole.thick == rule.thick)
        if rule.start - whole.end <= (_DASH_GAP if dashes else _GAP):
            heavier = whole if whole.length >= rule.length else rule
            whole = Rule(
                rule.upright,
                heavier.at,
                whole.start,
                max(whole.end, rule.end),
                max(whole.thick, rule.thick),
                rule.drawn,
            )
        else:
            yield whole
            whole = rule
    if whole is not None:
        yield whole
