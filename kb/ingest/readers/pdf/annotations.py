"""Comments, typed notes and filled-in form fields of a page."""

from __future__ import annotations

from typing import Any

from kb.ingest.readers.pdf.layout import Word

_COMMENTS = frozenset(
    "Text Highlight Underline StrikeOut Squiggly Caret Ink Stamp Line Square Circle Polygon"
    " PolyLine FileAttachment Redact".split()
)
_HIDDEN = 2 | 32  # flags Hidden and NoView (ISO 32000-1, table 165)
_LINE = 1.2  # height of a line in sizes
_WIDTH = 0.5  # width of a character in sizes
_SIZE = 10.0  # points, where a field does not say


def annotations_of(page: Any) -> tuple[tuple[str, ...], tuple[Word, ...]]:
    """The comments of pdfplumber's page, and the words of its form fields and typed notes.

    Fields and typed notes (FreeText) are printed with the page; their words are placed in their
    boxes, from the upper left corner on.
    """
    comments: list[str] = []
    words: list[Word] = []
    for annot in _annots(page):
        data = annot["data"]
        kind = _name(data.get("Subtype"))
        if _number(data.get("F")) & _HIDDEN:
            continue
        if kind == "Widget":
            words += _words(_field_text(data), annot)
        elif kind == "FreeText":
            words += _words(_text(data.get("Contents")), annot)
        elif kind in _COMMENTS and (said := _text(data.get("Contents")).strip()):
            comments.append(said)
    return tuple(comments), tuple(words)


def _annots(page: Any) -> list[Any]:
    try:
        return [annot for annot in page.annots if isinstance(annot.get("data"), dict)]
    except Exception:  # noqa: BLE001 - any fault of a foreign file; the page itself stands
        return []


def _field_text(data: dict[str, Any]) -> str:
    """What a form field shows: its text, or a box where it is ticked."""
    kind, value, up = _name(data.get("FT")), data.get("V"), data.get("Parent")
    for _ in range(8):
        if not isinstance(up, dict) or (kind and value is not None):
            break
        kind = kind or _name(up.get("FT"))
        value = up.get("V") if value is None else value
        up = up.get("Parent")
    if kind == "Btn":
        state = _name(data.get("AS"))
        return "☒" if state and state != "Off" else ""
    if kind not in ("Tx", "Ch"):
        return ""
    values = value if isinstance(value, list) else [value]
    return "\n".join(_text(part) for part in values if part is not None)


def _words(text: str, box: dict[str, Any]) -> list[Word]:
    """The words of a text laid out in a box, lines broken where the box ends."""
    size = min(_SIZE, max(box["bottom"] - box["top"], 4.0) / _LINE)
    words: list[Word] = []
    base = box["top"] + size
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        x = box["x0"] + 2.0
        for part in line.split():
            wide = len(part) * size * _WIDTH
            if x > box["x0"] + 2.0 and x + wide > box["x1"]:
                x, base = box["x0"] + 2.0, base + size * _LINE
            bottom = min(base + 0.2 * size, box["bottom"])
            top = min(base - 0.8 * size, bottom - 1.0)
            words.append(Word(part, x, top, x + wide, bottom, size, base, order=1_000_000))
            x += wide + size * 0.3
        base += size * _LINE
    return words


def _text(value: Any) -> str:
    """A text string of the file (PDFDocEncoding, UTF-16 or UTF-8)."""
    if isinstance(value, bytes):
        from pdfminer.utils import decode_text

        if value.startswith(b"\xef\xbb\xbf"):
            return value[3:].decode("utf-8", "replace")
        return str(decode_text(value))
    return value if isinstance(value, str) else _name(value)


def _name(value: Any) -> str:
    """The name that a PDF name object holds, empty for anything else."""
    name = getattr(value, "name", value)
    return name if isinstance(name, str) else ""


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
