"""Rules that meet one another, and the edges of coloured cells where rules lack."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kb.ingest.readers.pdf.drawing import joined_rules
from kb.ingest.readers.pdf.layout import Area, Rule, Word

TOUCH = 3.0  # points: how near rules come to one another where they meet
SAME_EDGE = 3.0  # points: rules no further apart are one (double) edge
_HUG = 2.0  # points: an area that ends so near to its words is a marking of them
_MOST_AREAS = 1_000  # of a page; more is a drawing

Bounds = tuple[float, float, float, float]


@dataclass(slots=True, eq=False)
class Frame:
    """Rules that meet one another."""

    level: list[Rule] = field(default_factory=list)
    upright: list[Rule] = field(default_factory=list)

    @property
    def rules(self) -> list[Rule]:
        """All of them."""
        return self.level + self.upright


def striped(frames: Sequence[Frame]) -> list[Frame]:
    """Frames of filled areas alone that stand under one another: every other row of a table."""
    filled = [f for f in frames if f.upright and not any(rule.drawn for rule in f.upright)]
    extents = [bounds_of(frame.rules) for frame in filled]
    return [
        frame
        for frame, one in zip(filled, extents, strict=True)
        if sum(abs(one[0] - o[0]) <= TOUCH and abs(one[2] - o[2]) <= TOUCH for o in extents) > 1
    ]


def edges_of_cells(areas: Sequence[Area], words: Sequence[Word]) -> list[Rule]:
    """The edges of filled areas that may be cells: none that marks words or lies in its like."""
    if len(areas) > _MOST_AREAS:
        return []
    distinct = [area for area in dict.fromkeys(areas) if not _is_tiled(area, areas)]
    rules: list[Rule] = []
    for area in distinct:
        if _marks_words(area, words) or any(_within(area, other) for other in distinct):
            continue
        x0, top, x1, bottom = area.x0, area.top, area.x1, area.bottom
        rules += [Rule(False, at, x0, x1, drawn=False) for at in (top, bottom)]
        rules += [Rule(True, at, top, bottom, drawn=False) for at in (x0, x1)]
    return joined_rules(rules)


def _marks_words(area: Area, words: Sequence[Word]) -> bool:
    """Whether an area only colours a stretch of words, from the left of one to another's right."""
    if area.bottom - area.top > 40:
        return False
    inside = [w for w in words if holds(area.x0, area.top, area.x1, area.bottom, w)]
    return bool(inside) and (
        abs(min(w.x0 for w in inside) - area.x0) <= _HUG
        and abs(max(w.x1 for w in inside) - area.x1) <= _HUG
    )


def _is_tiled(area: Area, areas: Sequence[Area]) -> bool:
    """Whether smaller areas, several of them side by side, fill an area: cells on a ground."""
    inside = [o for o in areas if o != area and _lies_in(o, area) and _size(o) < 0.95 * _size(area)]
    beside = {round(other.x0) for other in inside}
    return len(beside) > 1 and sum(map(_size, dict.fromkeys(inside))) >= 0.9 * _size(area)


def _size(area: Area) -> float:
    return (area.x1 - area.x0) * (area.bottom - area.top)


def _within(area: Area, other: Area) -> bool:
    """Whether an area lies in a larger one of its own colour, as the lines of a shaded cell do."""
    larger = _size(other) > 1.05 * _size(area)
    return larger and other.colour == area.colour and _lies_in(area, other)


def _lies_in(area: Area, other: Area) -> bool:
    return (
        other.x0 - 1 <= area.x0
        and area.x1 <= other.x1 + 1
        and other.top - 1 <= area.top
        and area.bottom <= other.bottom + 1
    )


def where_rules_lack(edges: Sequence[Rule], drawn: Sequence[Rule]) -> list[Rule]:
    """The edges of areas that are not within a frame whose own rules show rows and columns."""
    complete = [
        bounds_of(frame.rules)
        for frame in frames_of(drawn)
        if len(clustered(rule.at for rule in frame.level)) > 2
        and len(clustered(rule.at for rule in frame.upright)) > 2
    ]
    return [rule for rule in edges if not any(meets(rule, bounds) for bounds in complete)]


def bounds_of(rules: Sequence[Rule]) -> Bounds:
    """The box around rules: left, top, right, bottom."""
    level = [rule for rule in rules if not rule.upright]
    upright = [rule for rule in rules if rule.upright]
    return (
        min([r.start for r in level] + [r.at for r in upright]),
        min([r.start for r in upright] + [r.at for r in level]),
        max([r.end for r in level] + [r.at for r in upright]),
        max([r.end for r in upright] + [r.at for r in level]),
    )


def meets(rule: Rule, bounds: Bounds) -> bool:
    """Whether a rule lies on a box or in it."""
    x0, top, x1, bottom = bounds
    if rule.upright:
        return x0 - TOUCH <= rule.at <= x1 + TOUCH and rule.start < bottom and rule.end > top
    return top - TOUCH <= rule.at <= bottom + TOUCH and rule.start < x1 and rule.end > x0


def frames_of(rules: Sequence[Rule]) -> list[Frame]:
    """Groups of rules that meet; upright ones of one extent meet too where nothing level does."""
    level = [rule for rule in rules if not rule.upright]
    upright = sorted((rule for rule in rules if rule.upright), key=lambda rule: rule.at)
    places = [rule.at for rule in upright]
    group = list(range(len(level) + len(upright)))
    for number, rule in enumerate(level):
        for other in range(bisect_left(places, rule.start - TOUCH), len(upright)):
            wall = upright[other]
            if wall.at > rule.end + TOUCH:
                break
            if wall.start - TOUCH <= rule.at <= wall.end + TOUCH:
                unite(group, number, len(level) + other)
    _unite_alike(group, upright, len(level))
    frames: dict[int, Frame] = {}
    for number, rule in enumerate([*level, *upright]):
        frame = frames.setdefault(root_of(group, number), Frame())
        (frame.upright if rule.upright else frame.level).append(rule)
    return list(frames.values())


def _unite_alike(group: list[int], upright: Sequence[Rule], offset: int) -> None:
    """Upright rules that begin and end together are of one table, with or without level rules."""
    first: dict[tuple[int, int], int] = {}
    for number, rule in enumerate(upright):
        key = (round(rule.start / 2), round(rule.end / 2))
        unite(group, offset + first.setdefault(key, number), offset + number)


def root_of(group: list[int], number: int) -> int:
    """The number by which the group of a number is called."""
    while group[number] != number:
        group[number] = group[group[number]]
        number = group[number]
    return number


def unite(group: list[int], one: int, other: int) -> None:
    """Make one group of two."""
    group[root_of(group, one)] = root_of(group, other)


def clustered(places: Iterable[float]) -> list[float]:
    """One place for each group of places that are hardly apart: the middle of the group."""
    groups: list[list[float]] = []
    for place in sorted(places):
        if groups and place - groups[-1][-1] <= SAME_EDGE and place - groups[-1][0] <= 6:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [(group[0] + group[-1]) / 2 for group in groups]


def holds(x0: float, top: float, x1: float, bottom: float, word: Word) -> bool:
    """Whether the centre of a word lies in a box."""
    x, y = word.middle
    return x0 <= x <= x1 and top <= y <= bottom
