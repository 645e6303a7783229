"""The names of the elements of WordprocessingML (ECMA-376, part 1) that print something."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
VML = "{urn:schemas-microsoft-com:vml}"
OFFICE = "{urn:schemas-microsoft-com:office:office}"

VAL = f"{W}val"
BODY, P, PPR = f"{W}body", f"{W}p", f"{W}pPr"
RUN, RPR, TEXT = f"{W}r", f"{W}rPr", f"{W}t"
TBL, TR, TRPR, TC, TCPR = f"{W}tbl", f"{W}tr", f"{W}trPr", f"{W}tc", f"{W}tcPr"
CONTROL = f"{W}sdt"
TEXT_BOX = f"{W}txbxContent"
DELETED = frozenset({f"{W}del", f"{W}moveFrom"})
INSERTED = frozenset({f"{W}ins", f"{W}moveTo"})
ALTERNATE, CHOICE, FALLBACK = f"{MC}AlternateContent", f"{MC}Choice", f"{MC}Fallback"

_OFF = frozenset({"0", "false", "off"})
_SILENT = DELETED | {PPR, RPR, f"{W}sdtPr", f"{W}sdtEndPr", f"{W}tblPr", f"{W}tblGrid"}


def is_on(element: Any) -> bool:
    """Whether a switch such as ``<w:b/>`` or ``<w:b w:val="false"/>`` is on."""
    return element.get(VAL) not in _OFF


def whole(text: str | None) -> int | None:
    """The whole number that an attribute holds; None where it holds none."""
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def child_of(parent: Any | None, tag: str) -> Any | None:
    """The first child with a tag; None where there is none."""
    return None if parent is None else next(parent.iterchildren(tag), None)


def nearest(parent: Any, tags: Collection[str]) -> Iterator[Any]:
    """The nearest elements with these tags, also inside content controls and insertions."""
    stack = [iter(parent)]
    while stack:
        for child in stack[-1]:
            tag = child.tag
            if tag in tags:
                yield child
            elif tag == ALTERNATE:
                stack.append(iter(chosen(child)))
                break
            elif tag not in _SILENT:
                stack.append(iter(child))
                break
        else:
            stack.pop()


def chosen(alternate: Any) -> Any:
    """The one alternative that holds something we know; never both of them."""
    for choice in alternate.findall(CHOICE):
        known = choice.iter(P, TEXT, f"{DIAGRAM}relIds", f"{CHART}chart", f"{A}blip")
        if next(known, None) is not None:
            return choice
    fallback = alternate.find(FALLBACK)
    return () if fallback is None else fallback
