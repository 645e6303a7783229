"""The order in which a page is read: prose in two or more columns goes down one, then the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf, isfinite

from kb.ingest.readers.pdf.layout import Word
from kb.ingest.readers.pdf.lines import Line, lines_on

_GUTTER = 9.0  # points: the narrowest white between columns of prose
_FEWEST_LINES = 4  # in each column
_FEWEST_WORDS = 2.5  # in a line of each column, on average
_STRIP = 0.5  # of the size: white from side to side that parts strips of a page
_DEEPEST = 6


def in_reading_order(words: Iterable[Word], page: int) -> list[list[Line]]:
    """The lines of a page (or a part of it), column after column where prose stands in columns."""
    lines = lines_on(words, page)
    return [region for region in _cut(lines, page, 0) if region]


def _cut(lines: list[Line], page: int, depth: int) -> list[list[Line]]:
    if len(lines) < _FEWEST_LINES or depth > _DEEPEST:
        return [lines]
    regions: list[list[Line]] = []
    plain: list[Line] = []
    for run, gutter in _runs(_strips(lines)):
        if gutter is None:
            plain += run
            continue
        regions += [plain, *_halves(run, gutter, page, depth)]
        plain = []
    return [*regions, plain]


def _halves(lines: Sequence[Line], gutter: float, page: int, depth: int) -> list[list[Line]]:
    words = [word for line in lines for word in line.words]
    left = lines_on((w for w in words if w.x1 <= gutter), page)
    right = lines_on((w for w in words if w.x1 > gutter), page)
    return [*_cut(left, page, depth + 1), *_cut(right, page, depth + 1)]


def _strips(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines in groups that white from side to side parts."""
    strips: list[list[Line]] = []
    bottom = 0.0
    for line in lines:
        if strips and line.top - bottom < _STRIP * line.size:
            strips[-1].append(line)
        else:
            strips.append([line])
        bottom = max(bottom, line.bottom) if len(strips[-1]) > 1 else line.bottom
    return strips


def _runs(strips: Sequence[list[Line]]) -> list[tuple[list[Line], float | None]]:
    """Strips that follow one another and share a gutter, with its place; None without one."""
    runs: list[tuple[list[Line], float | None]] = []
    at = 0
    while at < len(strips):
        taken, gutter = _longest_run(strips, at)
        runs.append(([line for strip in strips[at : at + taken] for line in strip], gutter))
        at += taken
    return runs


def _longest_run(strips: Sequence[list[Line]], at: int) -> tuple[int, float | None]:
    """How many strips from here on share a gutter, and where it is."""
    gutters = [white for white in _whites(strips[at]) if isfinite(white[1] - white[0])]
    if not gutters:
        return 1, None
    end = at + 1
    lines = [*strips[at]]
    while end < len(strips):
        common = _common(gutters, _whites(strips[end]))
        if not common:
            break
        gutters, end = common, end + 1
        lines += strips[end - 1]
    best = max(gutters, key=lambda white: white[1] - white[0])
    middle = (best[0] + best[1]) / 2
    return (end - at, middle) if _is_prose_in_columns(lines, middle) else (1, None)


def _whites(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """Upright white between and beside the words of these lines: its left and right edge."""
    spans = sorted((word.x0, word.x1) for line in lines for word in line.words)
    whites: list[tuple[float, float]] = []
    right = spans[0][1]
    for x0, x1 in spans[1:]:
        if x0 - right >= _GUTTER:
            whites.append((right, x0))
        right = max(right, x1)
    return [*whites, (right, inf), (-inf, spans[0][0])]


def _common(
    first: Sequence[tuple[float, float]], second: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Where two sets of white overlap by a gutter."""
    overlaps = [(max(a, c), min(b, d)) for a, b in first for c, d in second]
    return [(a, b) for a, b in overlaps if b - a >= _GUTTER]


def _is_prose_in_columns(lines: Sequence[Line], gutter: float) -> bool:
    """Whether each side of a gutter has several lines of several words."""
    for right in (False, True):
        side = [[w for w in line.words if (w.x0 > gutter) is right] for line in lines]
        filled = [words for words in side if words]
        if len(filled) < _FEWEST_LINES:
            return False
        if sum(map(len, filled)) < _FEWEST_WORDS * len(filled):
            return False
    return True
