"""Bullets that a page draws as discs instead of printing them, as browsers do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from kb.ingest.readers.pdf.layout import Word

_SMALLEST, _LARGEST = 1.5, 7.0  # points across
_ROUND = 0.5  # points: how far width and height may differ
_MOST = 300  # discs of a page; more are a drawing
_NEAREST, _FURTHEST = 3.0, 24.0  # points from the disc to the first word of its item


def with_bullets(words: Sequence[Word], shapes: Sequence[Any], height: float) -> list[Word]:
    """The words with a "•" before each that a small filled disc stands left of, on its line."""
    discs = list(_discs(shapes, height))
    if len(discs) > _MOST:
        return list(words)
    before: dict[int, Word] = {}
    for x0, top, x1, bottom in discs:
        middle = (top + bottom) / 2
        beside = [w for w in words if w.top < middle < w.bottom and w.turned == 0]
        first = min((w for w in beside if w.x0 > x0), key=lambda w: w.x0, default=None)
        last = max((w.x1 for w in beside if w.x0 <= x0), default=x0 - _FURTHEST)
        if first and _NEAREST <= first.x0 - x1 <= _FURTHEST and x0 - last >= _FURTHEST / 2:
            drawn = replace(
                first, text="•", x0=x0, x1=x1, bold=False, underlined=False, first=x1 - x0, raised=0
            )
            before[id(first)] = drawn
    return [each for word in words for each in (*_given(before, word), word)]


def _given(before: dict[int, Word], word: Word) -> tuple[Word, ...]:
    bullet = before.get(id(word))
    return (bullet,) if bullet else ()


def _discs(shapes: Sequence[Any], height: float) -> Iterator[tuple[float, float, float, float]]:
    for shape in shapes:
        across, down = shape.x1 - shape.x0, shape.y1 - shape.y0
        curved = any(part[0] in "cvy" for part in shape.original_path or ())
        if (
            shape.fill
            and curved
            and abs(across - down) <= _ROUND
            and _SMALLEST <= across <= _LARGEST
        ):
            yield shape.x0, height - shape.y1, shape.x1, height - shape.y0
