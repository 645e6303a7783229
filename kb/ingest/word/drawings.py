"""Drawings: the text boxes, signs, charts and diagrams in them that hold text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kb.ingest.word.tags import (
    ALTERNATE,
    CHART,
    DIAGRAM,
    DRAWING,
    FALLBACK,
    OFFICE,
    TEXT_BOX,
    VML,
    A,
    chosen,
    whole,
)

_CENTIMETRE = 360_000  # English Metric Units
_LARGE = (12 * _CENTIMETRE, 5 * _CENTIMETRE)  # wide enough to be a table that was pasted in
_KINDS = {
    TEXT_BOX: "text box",
    f"{VML}textpath": "sign",
    f"{DIAGRAM}relIds": "diagram",
    f"{CHART}chart": "chart",
    f"{OFFICE}OLEObject": "object",
}


def drawn(element: Any) -> Iterator[tuple[str, Any]]:
    """(kind, element) of all that a drawing shows: text box, sign, diagram, chart, object, picture.

    Of two alternatives for one thing only one is taken.
    """
    extent = next(element.iter(f"{DRAWING}extent"), None)
    is_large = extent is not None and _is_large(extent)
    stack = [iter((element,))]
    while stack:
        for child in stack[-1]:
            tag = child.tag
            if tag in _KINDS:
                yield _KINDS[tag], child
            elif tag == f"{A}blip" and is_large:
                yield "picture", child
            elif tag != FALLBACK:
                stack.append(iter(chosen(child) if tag == ALTERNATE else child))
                break
        else:
            stack.pop()


def drawing_text(element: Any) -> Iterator[str]:
    """The paragraphs of text inside a drawing, a chart or a diagram."""
    for paragraph in element.iter(f"{A}p"):
        text = "".join(t.text or "" for t in paragraph.iter(f"{A}t")).strip()
        if text:
            yield text


def _is_large(extent: Any) -> bool:
    width, height = whole(extent.get("cx")) or 0, whole(extent.get("cy")) or 0
    return width >= _LARGE[0] and height >= _LARGE[1]
