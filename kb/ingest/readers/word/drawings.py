"""Drawings: the text boxes, signs, charts and diagrams in them that hold text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kb.ingest.readers.word.tags import (
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
_LARGE = (12, 5)  # centimetres, wide and high: enough to be a table that was pasted in
_LENGTH = re.compile(r"(?<![\w-])(width|height):\s*([0-9.]{1,9})(pt|in|cm|mm)")
_IN_CENTIMETRES = {"pt": 2.54 / 72, "in": 2.54, "cm": 1.0, "mm": 0.1}
_OLD_PICTURE = f"{VML}imagedata"
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
            elif (tag == f"{A}blip" and is_large) or (tag == _OLD_PICTURE and _is_large_old(child)):
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
    return width >= _LARGE[0] * _CENTIMETRE and height >= _LARGE[1] * _CENTIMETRE


def _is_large_old(picture: Any) -> bool:
    """The same of a picture in a shape of VML, whose size stands in its style."""
    found = _LENGTH.findall(picture.getparent().get("style") or "")
    sizes = {name: _number(number) * _IN_CENTIMETRES[unit] for name, number, unit in found}
    return sizes.get("width", 0) >= _LARGE[0] and sizes.get("height", 0) >= _LARGE[1]


def _number(text: str) -> float:
    return float(text) if text.count(".") < 2 and text != "." else 0.0
