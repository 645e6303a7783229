"""From the characters that a page draws to its words, and from words to lines."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kb.ingest.readers.pdf.layout import Rule, Word
from kb.ingest.readers.pdf.letters import printed_letter

_SPACED = 0.05  # of all characters; a page with more spaces draws each of its spaces
_GAP_DRAWN, _GAP_UNDRAWN = 0.3, 0.15  # of the size: a wider gap parts words
_BACK = 0.35  # of the size: how far a character may reach into the one before
_TOUCH = 0.08  # of the size: pieces of words nearer than this are one word
_DOUBLE = 0.15  # of the size: the same letters so near are one letter, printed bold
_SAME_LINE = 0.3  # of the size: how far base lines of one line may differ
_SMALL, _RAISE = 0.8, 0.15  # of the size of a word: the size, and the height, of a raised mark
_RAISED_LINE = 0.45  # of the size: how far the base line of a small word may differ
_BOLD = ("bold", "black", "heavy", "demi")


@dataclass(slots=True)
class _Run:
    """Characters that follow one another, along (u) and across (v) the direction of reading."""

    texts: list[str]
    turned: int
    size: float
    base: float
    u0: float
    u1: float
    v0: float
    v1: float
    order: int
    bold: bool
    mark: int | None
    last: float  # where the last character begins, along
    first: float  # how wide the first character is
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    raised: int = 0  # how many of its last characters are small and raised


def words_of(characters: Sequence[Any], height: float, rules: Iterable[Rule]) -> tuple[Word, ...]:
    """The words of pdfminer's characters (LTChar) on a page of this height (points).

    A space, a gap or an upright rule in a gap parts words. Letters that are printed twice to
    look bold are given once.
    """
    walls = _Walls(rules)
    spaces = sum(1 for c in characters if c._text.isspace())
    gap = _GAP_DRAWN if spaces > _SPACED * len(characters) else _GAP_UNDRAWN
    runs = _runs(characters, height, gap, walls)
    words = [_word(run, height) for run in _touching_joined(_doubles_dropped(runs), walls)]
    return tuple(sorted(words, key=lambda word: word.order))


class _Walls:
    """Upright rules, asked whether one stands between two characters of a line."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        upright = sorted((r for r in rules if r.upright), key=lambda rule: rule.at)
        self._at = [rule.at for rule in upright]
        self._rules = upright

    def between(self, left: float, right: float, across: float) -> bool:
        """Whether a rule crosses the height ``across`` between two places along a line."""
        for rule in self._rules[bisect_left(self._at, left) :]:
            if rule.at > right:
                return False
            if rule.start <= across <= rule.end:
                return True
        return False


def _runs(characters: Sequence[Any], height: float, gap: float, walls: _Walls) -> list[_Run]:
    runs: list[_Run] = []
    run: _Run | None = None
    for order, character in enumerate(characters):
        text = printed_letter(character._text, character.fontname)
        if text.isspace():
            run = None
            continue
        if not text:
            continue
        turned, size, base, u0, u1, v0, v1 = _placed(character, height)
        if run is not None and size > run.size and _is_mark_before(run, size, base):
            run = None
        if run is not None and _goes_on(run, turned, size, u0, v0, v1, gap):
            if text == run.texts[-1] and abs(u0 - run.last) < _DOUBLE * size:
                run.bold = True
                continue
            step = u0 - run.u1
            wall = step > 0.05 * size and not turned and walls.between(run.u1, u0, base)
            if not wall:
                is_raised = size <= _SMALL * run.size and base < run.base - _RAISE * run.size
                run.raised = run.raised + len(text) if is_raised else 0
                _extend(run, text, u0, u1, v0, v1, character)
                continue
        run = _run(character, text, order, (turned, size, base, u0, u1, v0, v1))
        runs.append(run)
    return runs


def _placed(character: Any, height: float) -> tuple[int, float, float, float, float, float, float]:
    """Direction, size, base line, and the extent along and across the direction of reading."""
    a, b, _, _, e, f = character.matrix
    x0, x1 = character.x0, character.x1
    top, bottom = height - character.y1, height - character.y0
    if b == 0 and a >= 0:
        return 0, character.size, height - f, x0, x1, top, bottom
    turned = round(math.degrees(math.atan2(b, a))) % 360
    turned = next((t for t in (0, 90, 180, 270, 360) if abs(turned - t) <= 2), turned) % 360
    if turned == 0:
        return 0, character.size, height - f, x0, x1, top, bottom
    if turned == 90:
        return 90, x1 - x0, e, -bottom, -top, x0, x1
    if turned == 270:
        return 270, x1 - x0, -e, top, bottom, -x1, -x0
    if turned == 180:
        return 180, bottom - top, -(height - f), -x1, -x0, -bottom, -top
    return _slanted(character, turned, height)


def _slanted(
    character: Any, turned: int, height: float
) -> tuple[int, float, float, float, float, float, float]:
    a, b, _, _, e, f = character.matrix
    scale = math.hypot(a, b)
    cos, sin = a / scale, b / scale
    along, across = e * cos + f * sin, height - (f * cos - e * sin)
    size = max(character.height * 0.7, 1.0)
    return turned, size, across, along, along + character.adv * scale, across - size, across


def _goes_on(  # noqa: PLR0917 - called for every letter
    run: _Run, turned: int, size: float, u0: float, v0: float, v1: float, gap: float
) -> bool:
    """Whether a character stands right after the last one of a run, also raised or lowered."""
    if turned != run.turned:
        return False
    larger = max(size, run.size)
    step = u0 - run.u1
    if step > gap * larger or (step < -_BACK * larger and abs(u0 - run.last) > _DOUBLE * larger):
        return False
    shared = min(v1, run.v1) - max(v0, run.v0)
    return shared >= 0.4 * min(v1 - v0, run.v1 - run.v0)


def _is_mark_before(run: _Run, size: float, base: float) -> bool:
    """Whether a run is small and raised before text of this size, as the mark of a footnote is."""
    return run.size <= _SMALL * size and run.base < base - _RAISE * size


def _extend(  # noqa: PLR0917 - called for every letter
    run: _Run, text: str, u0: float, u1: float, v0: float, v1: float, character: Any
) -> None:
    run.texts.append(text)
    run.last = u0
    run.u1 = max(run.u1, u1)
    run.v0, run.v1 = min(run.v0, v0), max(run.v1, v1)
    if run.turned % 90:
        run.boxes.append(character.bbox)


def _run(
    character: Any,
    text: str,
    order: int,
    place: tuple[int, float, float, float, float, float, float],
) -> _Run:
    turned, size, base, u0, u1, v0, v1 = place
    bold = any(part in character.fontname.lower() for part in _BOLD)
    mark = getattr(character, "mcid", None)
    boxes = [character.bbox] if turned % 90 else []
    return _Run([text], turned, size, base, u0, u1, v0, v1, order, bold, mark, u0, u1 - u0, boxes)


def _doubles_dropped(runs: list[_Run]) -> list[_Run]:
    """The runs without those that repeat another one a hair's breadth beside it."""
    kept: list[_Run] = []
    seen: dict[tuple[int, tuple[str, ...]], list[_Run]] = {}
    for run in runs:
        same = seen.setdefault((run.turned, tuple(run.texts)), [])
        near = _DOUBLE * run.size
        first = next(
            (r for r in same if abs(r.u0 - run.u0) < near and abs(r.base - run.base) < near), None
        )
        if first is not None:
            first.bold = True
            continue
        same.append(run)
        kept.append(run)
    return kept


def _touching_joined(runs: list[_Run], walls: _Walls) -> list[_Run]:
    """Pieces of a word that the file draws at different times are one word."""
    runs = sorted(runs, key=lambda run: (run.turned, round(run.base, 1), run.u0))
    joined: list[_Run] = []
    for run in runs:
        before = joined[-1] if joined else None
        if before is not None and _touches(before, run, walls):
            before.texts += run.texts
            before.raised = run.raised
            before.u1 = max(before.u1, run.u1)
            before.v0, before.v1 = min(before.v0, run.v0), max(before.v1, run.v1)
            before.boxes += run.boxes
        else:
            joined.append(run)
    return joined


def _touches(before: _Run, run: _Run, walls: _Walls) -> bool:
    near = _TOUCH * min(run.size, before.size)
    return (
        run.turned == before.turned
        and abs(run.base - before.base) <= 0.1
        and -near <= run.u0 - before.u1 <= near
        and max(run.size, before.size) <= 1.4 * min(run.size, before.size)
        and not (not run.turned and walls.between(before.u1 - near, run.u0 + near, run.base))
    )


def _word(run: _Run, height: float) -> Word:
    x0, top, x1, bottom = run.u0, run.v0, run.u1, run.v1
    if run.turned == 90:
        x0, top, x1, bottom = run.v0, -run.u1, run.v1, -run.u0
    elif run.turned == 270:
        x0, top, x1, bottom = -run.v1, run.u0, -run.v0, run.u1
    elif run.turned == 180:
        x0, top, x1, bottom = -run.u1, -run.v1, -run.u0, -run.v0
    elif run.turned:
        x0, x1 = min(b[0] for b in run.boxes), max(b[2] for b in run.boxes)
        top = height - max(b[3] for b in run.boxes)
        bottom = height - min(b[1] for b in run.boxes)
    return Word(
        "".join(run.texts),
        x0,
        top,
        x1,
        bottom,
        run.size,
        run.base,
        bold=run.bold,
        turned=run.turned,
        order=run.order,
        mark=run.mark,
        first=run.first,
        raised=run.raised,
    )


def lines_of(words: Iterable[Word]) -> list[list[Word]]:
    """Words that are read in one direction as lines, from the first line on, each in order.

    A word belongs to a line where its base line is that of the line's other words, or where it is
    raised or lowered beside them.
    """
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.base):
        if lines and _same_line(lines[-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=_along) for line in lines]


def _same_line(line: list[Word], word: Word) -> bool:
    largest = max(line, key=lambda other: other.size)
    larger, smaller = max(word.size, largest.size), min(word.size, largest.size)
    share = _RAISED_LINE if smaller <= _SMALL * larger else _SAME_LINE
    return abs(word.base - largest.base) <= share * larger


def _along(word: Word) -> float:
    """Where a word begins along its direction of reading."""
    return {90: -word.bottom, 180: -word.x1, 270: word.top}.get(word.turned, word.x0)


def underlines_told(
    words: Sequence[Word], rules: Sequence[Rule]
) -> tuple[tuple[Word, ...], tuple[Rule, ...]]:
    """The words with ``underlined`` set, and the rules that are no underline."""
    level = sorted((rule for rule in rules if not rule.upright), key=lambda rule: rule.at)
    places = [rule.at for rule in level]
    under: set[Rule] = set()
    told: list[Word] = []
    lefts = {(round(word.base), round(word.x0)) for word in words if not word.turned}
    rights = {(round(word.base), round(word.x1)) for word in words if not word.turned}
    for word in words:
        rule = None if word.turned else _underline(word, level, places, lefts, rights)
        if rule is not None:
            under.add(rule)
        told.append(replace(word, underlined=True) if rule is not None else word)
    return tuple(told), tuple(rule for rule in rules if rule not in under)


def _underline(
    word: Word,
    level: Sequence[Rule],
    places: Sequence[float],
    lefts: set[tuple[int, int]],
    rights: set[tuple[int, int]],
) -> Rule | None:
    """The rule right under a word that begins and ends with words of its line, if any."""
    for rule in level[bisect_left(places, word.base) :]:
        if rule.at > word.base + 0.25 * word.size:
            return None
        holds = rule.start <= word.x0 + 1.5 and word.x1 - 1.5 <= rule.end
        if holds and rule.drawn and rule.thick <= 0.15 * word.size:
            base = round(word.base)
            begins = any((base, round(rule.start) + d) in lefts for d in (-1, 0, 1))
            ends = any((base, round(rule.end) + d) in rights for d in (-2, -1, 0, 1))
            if begins and ends:
                return rule
    return None
