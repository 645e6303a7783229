"""The columns of a table without rules: the white that runs down between them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.ingest.readers.pdf.header_band import Piece
from kb.ingest.readers.pdf.layout import Word
from kb.ingest.readers.pdf.lines import Line, is_number

_SPACE = 0.34  # of the size: a wider white is no space between words of one text
_BESIDE = 2.0  # points
_MOST_NUMBER = 12  # characters
_MARGIN = 3.0  # points that the outer edges lie beside the text


@dataclass(frozen=True)
class Gutters:
    """The edges of the columns (points from the left, one more than columns) and their fields."""

    edges: tuple[float, ...]
    fields: tuple[str | None, ...]

    def column(self, word: Word) -> int:
        """The column that the centre of a word stands in."""
        at = bisect_right(self.edges, word.middle[0]) - 1
        return min(max(at, 0), len(self.fields) - 1)

    def columns(self, words: Iterable[Word]) -> dict[int, list[Word]]:
        """The words of each column."""
        found: dict[int, list[Word]] = {}
        for word in words:
            found.setdefault(self.column(word), []).append(word)
        return found

    def runs_across(self, line: Line) -> bool:
        """Whether a line is one text that takes no notice of most gutters that it reaches."""
        inner = [edge for edge in self.edges[1:-1] if line.x0 < edge < line.x1]
        spans = list(texts_of(line))
        crossed = sum(any(x0 < edge < x1 for x0, x1 in spans) for edge in inner)
        return crossed > 0 and 2 * crossed >= len(inner)


def gutters_of(
    pieces: Sequence[Piece], fields: Sequence[str | None], below: Sequence[Line]
) -> Gutters:
    """The gutters between these headers that the fewest lines below cross, the widest of those.

    Numbers that stand left of the first header are a column of their own.
    """
    spans = [span for line in below for span in texts_of(line)]
    edges = [_gutter(a.x1, b.x0, spans) for a, b in pairwise(pieces)]
    words = [word for line in below for word in line.words]
    named = list(fields)
    number_edge = None if "number" in named else _unnamed_numbers(pieces[0].x0, below)
    if number_edge is not None:
        edges.insert(0, number_edge)
        named.insert(0, "number")
    left = min([piece.x0 for piece in pieces] + [word.x0 for word in words])
    right = max([piece.x1 for piece in pieces] + [word.x1 for word in words])
    return Gutters((left - _MARGIN, *edges, right + _MARGIN), tuple(named))


def texts_of(line: Line) -> Iterable[tuple[float, float]]:
    """The ends of the texts of a line: words that only spaces part."""
    start, end = line.words[0].x0, line.words[0].x1
    for word in line.words[1:]:
        if word.x0 - end > _SPACE * line.size:
            yield start, end
            start = word.x0
        end = max(end, word.x1)
    yield start, end


def _gutter(left: float, right: float, spans: Sequence[tuple[float, float]]) -> float:
    """The middle of the widest stretch between two places that the fewest texts cover."""
    inside = [(x0, x1) for x0, x1 in spans if x0 < right and x1 > left]
    places = sorted({left, right, *(x for span in inside for x in span if left < x < right)})
    stretches: list[tuple[int, float, float]] = []
    for a, b in pairwise(places):
        covered = sum(x0 <= a and x1 >= b for x0, x1 in inside)
        if stretches and stretches[-1][0] == covered and stretches[-1][2] == a:
            stretches[-1] = (covered, stretches[-1][1], b)
        else:
            stretches.append((covered, a, b))
    _, a, b = min(stretches, key=lambda s: (s[0], s[1] - s[2]), default=(0, left, right))
    return (a + b) / 2


def _unnamed_numbers(header: float, below: Sequence[Line]) -> float | None:
    """The gutter right of a column of numbers left of the first header; None without one."""
    firsts = [line for line in below if line.x0 < header - _BESIDE and len(line.words) > 1]
    numbers = [line for line in firsts if is_row_number(line.words[0].text)]
    if len(numbers) < 2 or 2 * len(numbers) < len(firsts):
        return None
    right = max(line.words[0].x1 for line in numbers)
    after = min(line.words[1].x0 for line in numbers)
    return (right + after) / 2 if right < after <= header + _BESIDE else None


def is_row_number(text: str) -> bool:
    """Whether a text is such as the first column of a plan has ("1", "2a", "R3", "3.140(a)")."""
    short = len(text) <= _MOST_NUMBER and any(c.isdigit() for c in text)
    return short or is_number(text)
