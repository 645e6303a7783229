"""The sentences of a text, and which of them to show where a search met its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

Span = tuple[int, int]

LONG = 300  # characters; a shorter text is shown whole
# A full stop, with what closes after it, before white space and what may begin a sentence.
_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s+[\"'“‘(\[•–-]*[A-Z0-9])|\n")
_NO_END = re.compile(r"(?:\b(?:e\.g|i\.e|etc|cf|vs|no|nos|para|p|pp|Dr|Mr|Mrs|Ms|St))\.$")


def sentences(text: str) -> Iterator[Span]:
    """The stretches of a text that are sentences, or lines, without the space around them."""
    start = 0
    for match in _END.finditer(text):
        if match.group() != "\n" and _NO_END.search(text, start, match.start() + 1):
            continue
        yield from _stripped(text, start, match.end())
        start = match.end()
    yield from _stripped(text, start, len(text))


def shown_sentences(text: str, highlights: Sequence[Span]) -> tuple[Span, ...]:
    """What to show of a text: the sentences with a highlight, those side by side as one stretch.

    All of it where the text is short, or where nothing in it is highlighted.
    """
    if len(text) <= LONG or not highlights:
        return tuple(_stripped(text, 0, len(text)))
    found: list[Span] = []
    follows = False
    for start, end in sentences(text):
        is_met = any(first < end and start < last for first, last in highlights)
        if is_met and follows:
            found[-1] = found[-1][0], end
        elif is_met:
            found.append((start, end))
        follows = is_met
    return tuple(found)


def _stripped(text: str, start: int, end: int) -> Iterator[Span]:
    part = text[start:end]
    if part.strip():
        yield start + len(part) - len(part.lstrip()), start + len(part.rstrip())
