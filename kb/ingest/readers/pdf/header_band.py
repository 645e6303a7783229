"""The header of a table without rules: lines whose pieces are the names of columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.ingest.plans.headers import is_known, name_columns
from kb.ingest.readers.pdf.layout import Word
from kb.ingest.readers.pdf.lines import Line
from kb.ingest.readers.pdf.words import lines_of
from kb.ingest.tables import Cell

_MOST_LINES = 6
_APART = 2.2  # of the size: lines of one header are no further apart
_GAPS = (0.55, 0.34)  # of the size: what parts two headers that stand beside one another
_WIDE = 0.55  # of the size: a line of a header has such a gap
_FEWEST = 3  # headers known, of a table with more than two columns
_TWO_GAP = 1.5  # of the size: what parts the headers of a table of two columns
_LONGEST = 120  # characters of one header
_NAMES = re.compile(r"(?i)recommend|learning|lesson|change|text")


@dataclass(frozen=True)
class Piece:
    """The words of one header, and how far they reach."""

    words: tuple[Word, ...]
    x0: float
    x1: float


@dataclass(frozen=True)
class HeaderBand:
    """The header of a table: the numbers of its first and last line, and its pieces.

    ``fields`` are what the pieces name, None for a header that is not known.
    """

    first: int
    last: int
    pieces: tuple[Piece, ...]
    fields: tuple[str | None, ...]

    @property
    def score(self) -> tuple[int, int, int]:
        """Better the more headers are known, the fewer are not, the more lines it takes."""
        known = sum(field is not None for field in self.fields)
        return known, known - len(self.fields), self.last - self.first


def header_bands(lines: Sequence[Line]) -> list[HeaderBand]:
    """The headers among these lines, from above to below; each names the recommendation."""
    found = [
        band
        for first in range(len(lines))
        for last in _ends(lines, first)
        if (band := _band(lines, first, last)) is not None
    ]
    chosen: list[HeaderBand] = []
    for band in sorted(found, key=lambda band: band.score, reverse=True):
        if all(band.last < other.first or band.first > other.last for other in chosen):
            chosen.append(band)
    return sorted(chosen, key=lambda band: band.first)


def _ends(lines: Sequence[Line], first: int) -> list[int]:
    """The last lines that a header beginning at ``first`` may have."""
    ends: list[int] = []
    gapped = names = False
    for last in range(first, min(first + _MOST_LINES, len(lines))):
        line = lines[last]
        if last > first:
            before = lines[last - 1]
            if line.base - before.base > _APART * max(line.size, before.size):
                break
            if lines[first].bold and not line.bold:
                break
        gapped = gapped or line.widest_gap > _WIDE * line.size
        names = names or any(_NAMES.search(word.text) for word in line.words)
        if gapped and names:
            ends.append(last)
    return ends


def _band(lines: Sequence[Line], first: int, last: int) -> HeaderBand | None:
    words = [word for line in lines[first : last + 1] for word in line.words]
    size = max(line.size for line in lines[first : last + 1])
    bands = [band for gap in _GAPS if (band := _named(words, gap * size, size, (first, last)))]
    return max(bands, key=lambda band: band.score, default=None)


def _named(
    words: Sequence[Word], gap: float, size: float, at: tuple[int, int]
) -> HeaderBand | None:
    pieces = _pieces(words, gap)
    if len(pieces) < 2:
        return None
    texts = [_text(piece) for piece in pieces]
    if max(map(len, texts)) > _LONGEST or not any(map(_NAMES.search, texts)):
        return None
    columns = name_columns([Cell(text, n) for n, text in enumerate(texts)], {})
    fields = tuple(column.field for column in columns)
    known = sum(field is not None for field in fields)
    apart = min(b.x0 - a.x1 for a, b in pairwise(pieces))
    enough = known >= _FEWEST or (known == len(pieces) == 2 and apart > _TWO_GAP * size)
    if "recommendation" not in fields or not enough or 2 * known < len(pieces):
        return None
    return HeaderBand(*at, tuple(pieces), fields)


def _text(piece: Piece) -> str:
    """The text of a header; a word that its column was too narrow for is whole again."""
    lines = [" ".join(word.text for word in line) for line in lines_of(piece.words)]
    text = " ".join(lines)
    if len(lines) == 1 or len(text) > _LONGEST or is_known(text, {}):
        return text
    for n in range(1, len(lines)):
        mended = " ".join([*lines[: n - 1], lines[n - 1] + lines[n], *lines[n + 1 :]])
        if is_known(mended, {}):
            return mended
    return text


def _pieces(words: Sequence[Word], gap: float) -> list[Piece]:
    """Words over one another or close beside one another, from left to right."""
    groups: list[list[Word]] = []
    right = 0.0
    for word in sorted(words, key=lambda word: word.x0):
        if groups and word.x0 - right <= gap:
            groups[-1].append(word)
            right = max(right, word.x1)
        else:
            groups.append([word])
            right = word.x1
    return [
        Piece(
            tuple(sorted(group, key=lambda word: (round(word.base), word.x0))),
            min(word.x0 for word in group),
            max(word.x1 for word in group),
        )
        for group in groups
    ]
