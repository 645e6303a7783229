"""What stands on a page: words, rules, filled areas and pictures, each with its place.

Lengths are in points (1/72 inch). ``x0`` and ``x1`` count from the left edge, ``top`` and
``bottom`` from the upper edge of the page as it is read: a turned page is turned back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Word:
    """Characters without a space between them, in the order in which they are read.

    ``base`` is the line they stand on (distance from the upper edge; for turned words from the
    edge that is above when they are read). ``turned`` is the direction of reading in degrees
    against the clock: 0 left to right, 90 upwards, 270 downwards; anything else is slanted.
    ``order`` counts the characters that the file draws before it.
    ``mark`` is the number of the marked content that it is part of, None where there is none.
    ``first`` is the width of its first character.
    ``raised`` is how many of its last characters are small and raised (the mark of a footnote).
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    base: float
    bold: bool = False
    underlined: bool = False
    turned: int = 0
    order: int = 0
    mark: int | None = None
    first: float = 0.0
    raised: int = 0

    @property
    def middle(self) -> tuple[float, float]:
        """The centre of the word (x, distance from the upper edge)."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, level or upright, from ``start`` to ``end`` at ``at`` across it.

    A level rule lies at the distance ``at`` from the upper edge and runs from left to right, an
    upright one lies at ``at`` from the left edge and runs down. ``drawn`` is False where it is
    only the edge of a filled area.
    """

    upright: bool
    at: float
    start: float
    end: float
    thick: float = 0.0
    drawn: bool = True

    @property
    def length(self) -> float:
        """How long it is, in points."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Area:
    """A filled rectangle; ``colour`` is red, green and blue from 0 to 1, None where unknown."""

    x0: float
    top: float
    x1: float
    bottom: float
    colour: Colour | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture; where one covers most of a page without words, the page is a scan."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page (``number`` from 1), its words in the order in which the file has them.

    ``rules`` are joined from their pieces, without the underlines of words. ``comments`` stand on
    the page without being printed with it. ``marked_rows`` gives
    for a word's ``mark`` the table row that the file itself puts it in, numbered through the
    document. ``shapes`` counts the lines and curves that it draws, ``fonts`` are the names of its
    fonts. ``fault`` says in words why a page, or a part of it, could not be read.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...] = ()
    rules: tuple[Rule, ...] = ()
    areas: tuple[Area, ...] = ()
    pictures: tuple[Picture, ...] = ()
    comments: tuple[str, ...] = ()
    marked_rows: Mapping[int, int] = field(default_factory=dict)
    shapes: int = 0
    fonts: frozenset[str] = frozenset()
    slices: bool = False
    fault: str | None = None
