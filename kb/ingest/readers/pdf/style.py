"""How a document sets its text: the size of its body, its lines' distance, margins and headings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kb.ingest.readers.pdf.lines import Line

_USUAL = 1.22  # of the size: the distance between lines where the document does not tell
_WIDEST = 2.8  # of the size: lines further apart are never one paragraph
_SAME = 0.35  # points: sizes nearer than this are one
_LARGER = 1.06  # of the body's size: headings are larger
_LONGEST_HEADING, _MOST_LINES = 200, 3  # characters, lines
_FEWEST = 4  # lines that tell where a column ends
_NARROW = 0.6  # of the width of the text: a group of lines that is narrower tells nothing
_WITHIN = 1.2  # points: how far ends of justified lines differ
_CENTRED = 4.0  # points
_APART = 1.22  # of the usual distance of lines: blocks lie further apart
_INDENT = 60.0  # points: lines that begin further in may be of another column
_JUSTIFIED = 0.6  # of the long lines end at the margin


@dataclass(frozen=True)
class Margins:
    """Where the text of one part of a page begins and ends; lines that begin alike end alike."""

    left: float
    right: float
    ends: dict[int, float] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Sequence[Line], around: Margins | None = None) -> Margins:
        """The margins of these lines; ``around`` are those of the text that they stand in."""
        left = min(line.x0 for line in lines)
        right = _end([line.x1 for line in lines])
        if around and abs(left - around.left) < 3 and right < around.right:
            right = around.right
        groups: dict[int, list[float]] = defaultdict(list)
        for line in lines:
            groups[round(line.x0)].append(line.x1)
        ends = {
            x0: _end(found)
            for x0, found in groups.items()
            if len(found) >= _FEWEST and _end(found) - x0 > _NARROW * (right - left)
        }
        return cls(left, right, ends)

    def end_of(self, line: Line) -> float:
        """Where a line that begins here would end if it were full."""
        x0 = round(line.x0)
        found = [self.ends[x] for x in (x0, x0 - 1, x0 + 1) if x in self.ends]
        return found[0] if found else max(self.right, line.x1)

    @property
    def width(self) -> float:
        """The width of the text, in points."""
        return self.right - self.left


@dataclass(frozen=True)
class Style:
    """What most of the body text has in common.

    ``distances`` gives the usual distance from line to line for a size in points (rounded).
    """

    size: float
    margins: Margins | None = None
    distances: dict[int, float] = field(default_factory=dict)
    justified: bool = False

    @classmethod
    def of(cls, parts: Iterable[Sequence[Line]]) -> Style:
        """The style of a document, from the lines of each of its parts that hang together."""
        found = [part for part in parts if part]
        lines = [line for part in found for line in part]
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[line.size] += len(line.text)
        size = max(sizes, key=lambda s: (sizes[s], s)) if sizes else 11.0
        body = [line for line in lines if abs(line.size - size) <= _SAME]
        margins = _margins(body)
        return cls(
            size,
            margins,
            _distances(found),
            justified=_is_justified(body, margins),
        )

    def distance(self, size: float) -> float:
        """The usual distance between lines of this size."""
        known = self.distances.get(round(size))
        if known is not None:
            return known
        body = self.distances.get(round(self.size), _USUAL * self.size)
        return max(body / self.size, _USUAL) * size

    def is_heading(self, lines: Sequence[Line], text: str) -> bool:
        """Whether these lines are large and few enough to be a heading."""
        return (
            min(line.size for line in lines) > _LARGER * self.size
            and len(lines) <= _MOST_LINES
            and len(text) <= _LONGEST_HEADING
            and any(c.isalpha() for c in text)
        )


def levels_of(sizes: Iterable[float]) -> dict[float, int]:
    """The level of each size of heading, 1 for the largest; sizes that hardly differ are one."""
    levels: dict[float, int] = {}
    before = None
    level = 0
    for size in sorted(set(sizes), reverse=True):
        if before is None or before - size > _SAME:
            level += 1
        levels[size] = level
        before = size
    return levels


def is_centred(lines: Sequence[Line], margins: Margins) -> bool:
    """Whether lines stand in the middle between the margins, clear of the left one."""
    middle = (margins.left + margins.right) / 2
    return all(
        abs(line.middle - middle) <= _CENTRED and line.x0 > margins.left + _CENTRED
        for line in lines
    )


def narrow_ends(lines: Sequence[Line], distance: float) -> dict[int, float]:
    """Where lines end (by ``id``) that are of a block narrower than the text around it.

    Such a block stands apart by more than ``distance`` (points from line to line), and each of
    its lines but the last is full by the measure of its widest.
    """
    ends: dict[int, float] = {}
    for block in _blocks(lines, distance):
        right = max(line.x1 for line in block)
        full = all(a.x1 + a.space + b.first_chunk > right - 1 for a, b in pairwise(block))
        flows = any(line.text[0].islower() for line in block[1:])
        if len(block) > 2 and full and flows:
            ends |= {id(line): right for line in block}
    return ends


def _blocks(lines: Sequence[Line], distance: float) -> list[list[Line]]:
    blocks: list[list[Line]] = []
    for line in lines:
        before = blocks[-1][-1] if blocks else None
        if before and line.size == before.size and line.base - before.base <= _APART * distance:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def distance_within(lines: Sequence[Line]) -> float | None:
    """The usual distance between full lines of one part of a page; None where too few tell."""
    distances = _counted([lines]).values()
    most = max(distances, key=lambda c: c.total(), default=None)
    return most.most_common(1)[0][0] if most and most.total() >= _FEWEST else None


def _margins(body: Sequence[Line]) -> Margins | None:
    if not body:
        return None
    lefts = Counter(round(line.x0) for line in body)
    left = min(lefts, key=lambda x: (-lefts[x], x))
    near = [line.x1 for line in body if left - 1 <= line.x0 <= left + _INDENT]
    return Margins(left, _end(near))


def _end(ends: Sequence[float]) -> float:
    """Where lines end that are full: of many, a few may run out further."""
    ordered = sorted(ends, reverse=True)
    return ordered[len(ordered) // 12]


def _distances(parts: Iterable[Sequence[Line]]) -> dict[int, float]:
    return {
        size: counter.most_common(1)[0][0]
        for size, counter in _counted(parts).items()
        if counter.total() >= _FEWEST
    }


def _counted(parts: Iterable[Sequence[Line]]) -> dict[int, Counter[float]]:
    """For each size, how often each distance to the line below stands under a full line."""
    counted: dict[int, Counter[float]] = defaultdict(Counter)
    for part in parts:
        if len(part) < 2:
            continue
        left, right = min(line.x0 for line in part), _end([line.x1 for line in part])
        for line, below in pairwise(part):
            apart = below.base - line.base
            full = line.x1 > right - 0.15 * (right - left)
            if full and abs(line.size - below.size) <= _SAME and 0 < apart < _WIDEST * line.size:
                counted[round(line.size)][round(apart * 2) / 2] += 1
    return counted


def _is_justified(body: Sequence[Line], margins: Margins | None) -> bool:
    long = [line for line in body if margins and line.x1 - line.x0 > 0.75 * margins.width]
    if not long:
        return False
    common = Counter(round(line.x1) for line in long).most_common(1)[0][0]
    return sum(abs(line.x1 - common) <= _WITHIN for line in long) > _JUSTIFIED * len(long)
