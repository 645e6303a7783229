"""Word documents: paragraphs and tables in document order, cells as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from kb.errors import DamagedDocument
from kb.ingest.tables import Cell, Document, Paragraph, Row, Table

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _TBL, _TR, _TC = f"{_W}p", f"{_W}tbl", f"{_W}tr", f"{_W}tc"
_WIDEST = 1_000  # grid columns; Word itself allows 63
_PRINTED = {
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}
_UNPRINTED = {
    f"{_W}del",
    f"{_W}moveFrom",
    f"{_W}pPr",
    f"{_W}rPr",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}


def read_word(data: bytes, name: str) -> Document:
    """Every paragraph and table of the body; deleted (tracked) text is not printed text."""
    import docx

    try:
        body = docx.Document(BytesIO(data)).element.body
    except Exception as error:
        raise DamagedDocument(
            f"the Word document is damaged: {error}",
            place=name,
            hint="Open it in Word, save it again and add that.",
        ) from error
    blocks: list[Table | Paragraph] = []
    paragraphs = tables = 0
    for element in _found(body, {_P, _TBL}):
        if element.tag == _P:
            paragraphs += 1
            text = _text(element).strip()
            if text:
                blocks.append(Paragraph(text, f"paragraph {paragraphs}"))
        else:
            tables += 1
            blocks.append(_table(element, f"table {tables}"))
    return Document(tuple(blocks))


def _found(parent: Any, tags: set[str]) -> Iterator[Any]:
    """The nearest elements with these tags, also inside content controls and insertions."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag not in _UNPRINTED and isinstance(child.tag, str):
            yield from _found(child, tags)


def _table(table: Any, name: str) -> Table:
    return Table(
        name,
        tuple(
            Row(tuple(_cells(row)), f"row {number}")
            for number, row in enumerate(_found(table, {_TR}), start=1)
        ),
    )


def _cells(row: Any) -> Iterator[Cell]:
    """The cells of a row by grid column; a cell that goes on from the row above is empty."""
    at = _number(row, f"{_W}trPr/{_W}gridBefore")
    for cell in _found(row, {_TC}):
        span = max(_number(cell, f"{_W}tcPr/{_W}gridSpan"), 1)
        merged = cell.find(f"{_W}tcPr/{_W}vMerge")
        goes_on = merged is not None and merged.get(f"{_W}val") != "restart"
        yield Cell("" if goes_on else _cell_text(cell), at, span, goes_on)
        at += span


def _number(element: Any, path: str) -> int:
    found = element.find(path)
    value = found.get(f"{_W}val") if found is not None else None
    return min(int(value), _WIDEST) if value and re.fullmatch("[0-9]{1,9}", value) else 0


def _cell_text(cell: Any) -> str:
    """Paragraphs on a line each; of a nested table, each of its paragraphs in order."""
    return "\n".join(_text(paragraph) for paragraph in _paragraphs(cell)).strip()


def _paragraphs(parent: Any) -> Iterator[Any]:
    for element in _found(parent, {_P, _TBL}):
        if element.tag == _P:
            yield element
        else:
            yield from _paragraphs(element)


def _text(paragraph: Any) -> str:
    parts: list[str] = []
    _collect(paragraph, parts)
    return "".join(parts)


def _collect(element: Any, parts: list[str]) -> None:
    for child in element:
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag in _PRINTED:
            parts.append(_PRINTED[child.tag])
        elif child.tag not in _UNPRINTED and isinstance(child.tag, str):
            if child.tag == _P and parts:
                parts.append("\n")
            _collect(child, parts)
