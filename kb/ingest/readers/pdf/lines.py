"""Lines of print: words that stand beside one another, measured as paragraphs need them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from kb.ingest.readers.pdf.layout import Word
from kb.ingest.readers.pdf.words import lines_of

_TOUCHING = 0.05  # of the size: words of different size nearer than this are one
_SMALL, _RAISE = 0.85, 0.15  # of the size of the line: the size, and the height, of a raised mark
_CHUNK = re.compile(r"^.*?[^\W\d_][-\u2010–](?=[^\W\d_])")
_BULLETS = "•●▪■□◦○❑❖➢➔‣⁃✓☐☑☒✗⇨→·∙\ufffd"
_NUMBERED = re.compile(
    r"\(?(?:[0-9]{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]|[0-9]{1,3}(?:\.[0-9]{1,3}){1,4}[a-z]?[.):]?|"
    r"[A-Z]{1,4}[0-9]{1,3}[.):]?|[0-9]{1,2}(?:\.[0-9]{1,3})*\([a-z]\)|[–—*-]|o"
)
_RAISED_MARK = re.compile(r"[0-9]{1,3}|[*†‡§]{1,3}|[ivx]{1,4}")


@dataclass(frozen=True)
class Line:
    """The words of one line from left to right, and the page that they stand on."""

    words: tuple[Word, ...]
    page: int

    @cached_property
    def x0(self) -> float:
        """Its left end."""
        return self.words[0].x0

    @cached_property
    def x1(self) -> float:
        """Its right end."""
        return max(word.x1 for word in self.words)

    @cached_property
    def size(self) -> float:
        """The size that most of its characters have."""
        sizes: Counter[float] = Counter()
        for word in self.words:
            sizes[round(word.size, 1)] += len(word.text)
        return max(sizes, key=lambda size: (sizes[size], size))

    @cached_property
    def base(self) -> float:
        """What most of its words stand on."""
        return max(self.words, key=lambda word: (round(word.size, 1), len(word.text))).base

    @cached_property
    def top(self) -> float:
        """Its upper edge."""
        return min(word.top for word in self.words)

    @cached_property
    def bottom(self) -> float:
        """Its lower edge."""
        return max(word.bottom for word in self.words)

    @cached_property
    def bold(self) -> bool:
        """Whether all that has letters is bold."""
        lettered = [word for word in self.words if any(c.isalpha() for c in word.text)]
        return bool(lettered) and all(word.bold for word in lettered)

    @cached_property
    def underlined(self) -> bool:
        """Whether all of it is underlined."""
        return all(word.underlined for word in self.words)

    @cached_property
    def widest_gap(self) -> float:
        """The widest white between two of its words, in points."""
        gaps = (after.x0 - word.x1 for word, after in pairwise(self.words))
        return max(gaps, default=0.0)

    @cached_property
    def middle(self) -> float:
        """The centre between its ends."""
        return (self.x0 + self.x1) / 2

    @cached_property
    def mark(self) -> int | None:
        """The marked content that all of it is part of, if it is one."""
        marks = {word.mark for word in self.words}
        return marks.pop() if len(marks) == 1 else None

    @cached_property
    def text(self) -> str:
        """Its words with a space between them."""
        return self.text_without(())

    def text_without(self, marks: Collection[str], start: int = 0) -> str:
        """The words from ``start`` on, without the raised footnote marks among ``marks``."""
        parts: list[str] = []
        before: Word | None = None
        for word in self.words[start:]:
            text = self._unmarked(word, marks) if marks else word.text
            if not text:
                continue
            if before is not None and not _touch(before, word):
                parts.append(" ")
            parts.append(text)
            before = word
        return "".join(parts)

    def _unmarked(self, word: Word, marks: Collection[str]) -> str:
        if word.raised and word.text[-word.raised :] in marks:
            return word.text[: -word.raised]
        return "" if word.text in marks and self.is_raised(word) else word.text

    def is_raised(self, word: Word) -> bool:
        """Whether a word stands above the line in small print, as the mark of a footnote does."""
        small = word.size <= _SMALL * self.size
        return small and word.base < self.base - _RAISE * self.size

    @cached_property
    def labelled(self) -> int:
        """How many of its first words are a label (a number, a letter, a bullet) before text."""
        if len(self.words) < 2:
            return 0
        return int(is_bullet(self.words[0].text) or is_number(self.words[0].text))

    @cached_property
    def label_gap(self) -> float:
        """The space between the label and the text, as a share of the size."""
        if not self.labelled:
            return 0.0
        return (self.words[1].x0 - self.words[0].x1) / max(self.size, 1.0)

    @cached_property
    def text_x0(self) -> float:
        """Where the text begins after the label."""
        return self.words[self.labelled].x0

    @cached_property
    def first_chunk(self) -> float:
        """The width of what would have had to fit on the line before: up to the first break."""
        word = self.words[0]
        found = _CHUNK.match(word.text)
        share = len(found.group()) / len(word.text) if found else 1.0
        return (word.x1 - word.x0) * share

    @cached_property
    def space(self) -> float:
        """The width of a usual space, in points."""
        return 0.26 * self.size


def lines_on(words: Iterable[Word], page: int) -> list[Line]:
    """The lines of the words that are read from left to right, from above to below."""
    return [Line(tuple(line), page) for line in lines_of(w for w in words if not w.turned)]


def is_bullet(text: str) -> bool:
    """Whether this is the sign before an item of a list."""
    return len(text) == 1 and text in _BULLETS


def is_number(text: str) -> bool:
    """Whether this may be the number or letter before a paragraph ("4.2", "(a)", "R1")."""
    return _NUMBERED.fullmatch(text) is not None


def is_note_mark(text: str) -> bool:
    """Whether this may be the mark of a footnote."""
    return _RAISED_MARK.fullmatch(text) is not None


def _touch(before: Word, word: Word) -> bool:
    return before.size != word.size and word.x0 - before.x1 <= _TOUCHING * before.size
