"""What stands beside the flow of the text: footnotes at a page's foot, tables of contents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kb.ingest.readers.pdf.lines import Line, is_note_mark

_SMALLER = 0.95  # of the body's size: footnotes are printed smaller
_LEADERS = re.compile(
    r"\s*(?:\.{4,}|…{2,}|(?:[.·_] ){4,}[.·_]?|·{4,}|_{4,})\s*(?=[0-9ivxlc]{1,5}\s*$)"
)
_PAGE = re.compile(r"[0-9]{1,3}|[ivxlc]{1,6}")
_FAR = 1.5  # of the size: a page number stands so far from its entry
_FEWEST_ENTRIES = 3


def footnotes_apart(
    regions: Sequence[list[Line]], size: float
) -> tuple[list[list[Line]], list[list[Line]]]:
    """The regions of a page without its footnotes, and the lines of each footnote.

    Footnotes are the small print at the foot of the page that begins with a mark which also
    stands raised in the text above; ``size`` is that of the body text.
    """
    lines = [line for region in regions for line in region]
    small = len(lines)
    while small and lines[small - 1].size < _SMALLER * size:
        small -= 1
    marks = _raised_in(lines[:small])
    starts = [n for n in range(small, len(lines)) if _mark(lines[n]) in marks]
    if not starts:
        return [*regions], []
    notes = [lines[a:b] for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
    taken = {id(line) for note in notes for line in note}
    return [[line for line in region if id(line) not in taken] for region in regions], notes


def marks_of(notes: Iterable[Sequence[Line]]) -> frozenset[str]:
    """The marks of these footnotes."""
    return frozenset(_mark(note[0]) for note in notes)


def _mark(line: Line) -> str:
    """The mark that a footnote begins with, or nothing."""
    first = line.words[0].text
    return first if len(line.words) > 1 and is_note_mark(first) else ""


def _raised_in(lines: Iterable[Line]) -> frozenset[str]:
    found = set()
    for line in lines:
        for word in line.words:
            if word.raised:
                found.add(word.text[-word.raised :])
            elif line.is_raised(word):
                found.add(word.text)
    return frozenset(found)


def contents_in(lines: Sequence[Line]) -> set[int]:
    """The numbers of the lines that are entries of a table of contents.

    Each has leaders before the number of a page; or several in a row have such a number far to
    the right of their text, and the numbers grow.
    """
    led = {n for n, line in enumerate(lines) if _LEADERS.search(line.text)}
    run: list[int] = []
    for n, line in enumerate([*lines, None]):
        page = _page_apart(line) if line else None
        if page is not None and (not run or page >= (_page_apart(lines[run[-1]]) or 0)):
            run.append(n)
            continue
        if len(run) >= _FEWEST_ENTRIES:
            led |= set(run)
        run = [n] if page is not None else []
    return led


def contents_entry(text: str) -> str:
    """An entry of a table of contents with a tab in place of its leaders."""
    return _LEADERS.sub("\t", text)


def _page_apart(line: Line) -> int | None:
    """The page number at the end of a line, far from the text before it."""
    if len(line.words) < 2 or not line.words[-1].text.isdecimal():
        return None
    last, before = line.words[-1], line.words[-2]
    far = last.x0 - before.x1 > _FAR * line.size
    return int(last.text) if far and _PAGE.fullmatch(last.text) else None
