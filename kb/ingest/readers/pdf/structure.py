"""The table rows that a tagged PDF itself names, as Word and Chromium write them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_DEEPEST, _MOST = 60, 400_000  # levels, elements; a plan of 100 pages has about 20,000
_SEEN_IN_VAIN = 5_000  # elements without a table row: give up


def marked_rows(pdf: Any) -> dict[int, dict[int, int]]:
    """For each page (by the number of its object) the table row that each marked content is in.

    Rows are numbered through the document, so that a row over two pages has one number. Empty
    where the file is not tagged or its tags are broken (ISO 32000-1, 14.7).
    """
    try:
        return _rows(pdf)
    except Exception:  # noqa: BLE001 - tags of a foreign file; the page stands without them
        return {}


def _rows(pdf: Any) -> dict[int, dict[int, int]]:
    from pdfminer.pdftypes import resolve1

    root = resolve1(pdf.doc.catalog.get("StructTreeRoot"))
    rows: dict[int, dict[int, int]] = {}
    if not isinstance(root, dict):
        return rows
    roles = resolve1(root.get("RoleMap")) or {}
    for row, page, mark in _marks(root, roles):
        rows.setdefault(page, {}).setdefault(mark, row)
    return rows


def _marks(root: dict[str, Any], roles: dict[str, Any]) -> Iterator[tuple[int, int, int]]:
    """(row, page, mark) of every marked content in a table row, outermost rows counted."""
    from pdfminer.pdftypes import resolve1

    seen = rows = 0
    stack: list[tuple[Any, int, int | None, int]] = [(root, 0, None, 0)]
    while stack:
        element, row, page, depth = stack.pop()
        seen += 1
        if seen > _MOST or depth > _DEEPEST or (seen > _SEEN_IN_VAIN and not rows):
            return
        if isinstance(element, int):
            if row and page is not None:
                yield row, page, element
            continue
        if not isinstance(element, dict) or element.get("Stm") is not None:
            continue
        own = element.get("Pg")
        page = own.objid if own is not None and hasattr(own, "objid") else page
        if "MCID" in element:
            stack.append((resolve1(element["MCID"]), row, page, depth + 1))
            continue
        kind = element.get("S")
        name = getattr(kind, "name", kind)
        mapped = roles.get(name) if isinstance(name, str) else None
        if not row and "TR" in (name, getattr(mapped, "name", None)):
            rows += 1
            row = rows
        children = resolve1(element.get("K"))
        below = children if isinstance(children, list) else [children]
        stack += [(resolve1(child), row, page, depth + 1) for child in reversed(below)]
