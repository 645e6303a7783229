"""Automatic numbering: the label that Word prints before a paragraph of a list.

Levels come from numbering.xml as ECMA-376, 17.9 has it: a list (``num``) is a use of an abstract
one, whose levels it may override; all lists of one abstract list count on from one another unless
a start of their own is given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from kb.ingest.readers.word.numerals import numeral
from kb.ingest.readers.word.styles import Style, Styles
from kb.ingest.readers.word.tags import RPR, VAL, W, is_on, whole

_DEEPEST = 8
_PLACE = re.compile(r"%([1-9])")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
BULLET = "•"


@dataclass(frozen=True)
class Level:
    """One level of a list; ``restarts`` is lvlRestart (None: after every higher level)."""

    start: int = 0
    form: str = "decimal"
    pattern: str | None = None
    text: str = ""
    is_legal: bool = False
    restarts: int | None = None
    style: str | None = None
    is_hidden: bool = False


@dataclass(frozen=True)
class NumberedList:
    """A list that paragraphs refer to: ``counted_with`` is the abstract list it counts on in."""

    number: int
    counted_with: str
    levels: dict[int, Level]
    starts: dict[int, int]

    def start(self, depth: int) -> int:
        """Where a level starts that no paragraph has counted yet."""
        return self.starts.get(depth, self.levels.get(depth, Level()).start)


class Numbering:
    """The numbering part: its lists by number."""

    def __init__(self, root: Any | None, styles: Styles) -> None:
        """``root`` is its root element; None where the file has none."""
        self._styles = styles
        self._abstract: dict[str, Any] = {}
        self._lists: dict[int, Any] = {}
        self._known: dict[int, NumberedList | None] = {}
        for element in () if root is None else root.iterfind(f"{W}abstractNum"):
            self._abstract.setdefault(element.get(f"{W}abstractNumId") or "", element)
        for element in () if root is None else root.iterfind(f"{W}num"):
            number = whole(element.get(f"{W}numId"))
            if number is not None:
                self._lists.setdefault(number, element)

    def list_of(self, number: int) -> NumberedList | None:
        """The list with this number; None where there is none (0 is "no list")."""
        if number not in self._known:
            element = self._lists.get(number)
            self._known[number] = None if element is None else self._read(number, element)
        return self._known[number]

    def _read(self, number: int, element: Any) -> NumberedList | None:
        abstract, identity = self._abstract_of(element, 0)
        if abstract is None:
            return None
        levels = dict(_level(e) for e in abstract.iterfind(f"{W}lvl"))
        starts: dict[int, int] = {}
        for override in element.iterfind(f"{W}lvlOverride"):
            at = whole(override.get(f"{W}ilvl")) or 0
            own = override.find(f"{W}lvl")
            if own is not None:
                levels[at] = _level(own)[1]
                starts[at] = levels[at].start
            start = _value(override, "startOverride")
            if start is not None:
                starts[at] = start
        return NumberedList(number, identity, levels, starts)

    def _abstract_of(self, element: Any, links: int) -> tuple[Any | None, str]:
        """The abstract list of a list, through the numbering style that it may be linked to."""
        found = element.find(f"{W}abstractNumId")
        identity = (found.get(VAL) if found is not None else None) or ""
        abstract = self._abstract.get(identity)
        link = abstract.find(f"{W}numStyleLink") if abstract is not None else None
        if link is None or links > _DEEPEST:
            return abstract, identity
        linked = self._lists.get(self._styles.list_of(link.get(VAL) or "") or 0)
        return (abstract, identity) if linked is None else self._abstract_of(linked, links + 1)


class Counters:
    """How far each list of one story has counted."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._counts: dict[str, dict[int, int]] = {}
        self._started: set[tuple[int, int]] = set()

    def label(self, style: Style, number: int | None, depth: int | None) -> str | None:
        """The label of the next paragraph of a list; None where it prints none.

        ``number`` and ``depth`` are what the paragraph itself says (None: what its style says).
        """
        number = style.numbered[0] if number is None else number
        listed = self._numbering.list_of(number) if number else None
        if listed is None:
            return None
        if depth is None:
            depth = _depth_of(style, listed)
        depth = min(depth, _DEEPEST)
        counts = self._count(listed, depth)
        return _label(listed, depth, counts)

    def _count(self, listed: NumberedList, depth: int) -> dict[int, int]:
        counts = self._counts.setdefault(listed.counted_with, {})
        level = listed.levels.get(depth, Level())
        key = (listed.number, depth)
        for higher in range(depth):
            counts.setdefault(higher, listed.start(higher))
        if depth in listed.starts and key not in self._started:
            counts[depth] = listed.starts[depth]
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else level.start
        self._started.add(key)
        for lower in [at for at in counts if at > depth]:
            restarts = listed.levels.get(lower, Level()).restarts
            if restarts is None or depth < restarts:
                del counts[lower]
        return counts


def _label(listed: NumberedList, depth: int, counts: dict[int, int]) -> str | None:
    level = listed.levels.get(depth)
    if level is None or level.is_hidden:
        return None
    if level.form == "bullet":
        return BULLET if level.text.strip() else None

    def count(match: re.Match[str]) -> str:
        at = int(match.group(1)) - 1
        own = listed.levels.get(at, Level())
        value = counts.get(at, listed.start(at))
        form = "decimal" if level.is_legal and own.form != "none" else own.form
        return numeral(value, form, own.pattern)

    return _PRIVATE.sub(BULLET, _PLACE.sub(count, level.text)).strip() or None


def _depth_of(style: Style, listed: NumberedList) -> int:
    """The level that is linked to the style, else the one that the style names, else the first."""
    for name in style.names:
        for at, level in listed.levels.items():
            if level.style == name:
                return at
    return style.numbered[1] or 0


def _level(element: Any) -> tuple[int, Level]:
    form = _form(element)
    text = element.find(f"{W}lvlText")
    hidden = element.find(f"{RPR}/{W}vanish")
    legal = element.find(f"{W}isLgl")
    style = element.find(f"{W}pStyle")
    level = Level(
        start=_value(element, "start") or 0,
        text=(text.get(VAL) or "") if text is not None else "",
        is_legal=legal is not None and is_on(legal),
        restarts=_value(element, "lvlRestart"),
        style=style.get(VAL) if style is not None else None,
        is_hidden=hidden is not None and is_on(hidden),
    )
    at = whole(element.get(f"{W}ilvl")) or 0
    if form is None:
        return at, level
    return at, replace(level, form=form.get(VAL) or "decimal", pattern=form.get(f"{W}format"))


def _form(element: Any) -> Any | None:
    """The numFmt of a level; a custom one stands in the first of two alternatives."""
    own = element.find(f"{W}numFmt")
    return own if own is not None else next(element.iter(f"{W}numFmt"), None)


def _value(element: Any, name: str) -> int | None:
    found = element.find(f"{W}{name}")
    return whole(found.get(VAL)) if found is not None else None
