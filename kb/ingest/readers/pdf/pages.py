"""The pages of a PDF file, one after another."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

from kb.errors import DamagedDocument, DocumentError
from kb.ingest.readers.pdf.annotations import annotations_of
from kb.ingest.readers.pdf.bullets import with_bullets
from kb.ingest.readers.pdf.drawing import drawn_of
from kb.ingest.readers.pdf.layout import Page, Picture
from kb.ingest.readers.pdf.structure import marked_rows
from kb.ingest.readers.pdf.turning import turned_upright
from kb.ingest.readers.pdf.words import underlines_told, words_of

_DEEPEST = 20  # forms inside forms
_SLICING = ("Skia", "Qt ", "wkhtml")  # browsers: they cut the rules of a row with the row
_OPEN_AGAIN = "Open it in a PDF reader, print it to a new PDF and add that."


def pages_of(data: bytes, name: str) -> Iterator[Page]:
    """Each page once; only one is held in memory at a time.

    Raises DamagedDocument for a file that is no PDF or is broken, DocumentError for one that
    asks for a password.
    """
    pdf = _opened(data, name)
    try:
        pages = list(pdf.pages)
    except Exception as error:
        raise _damaged(name, error) from error
    if not pages:
        raise DamagedDocument("the PDF has no pages", place=name, hint=_OPEN_AGAIN)
    rows, slices = marked_rows(pdf), any(mark in _producer(pdf) for mark in _SLICING)
    for number, page in enumerate(pages, start=1):
        try:
            read = _page(page, number, rows.pop(page.page_obj.pageid, {}))
            yield replace(turned_upright(read), slices=slices)
        finally:
            _let_go(page)


def _opened(data: bytes, name: str) -> Any:
    import pdfplumber

    for noisy in ("pdfminer", "pdfplumber"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    try:
        return pdfplumber.open(BytesIO(data), raise_unicode_errors=False)
    except Exception as error:
        cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
        if "Password" in type(cause).__name__ or "Encryption" in type(cause).__name__:
            raise DocumentError(
                "the PDF is locked with a password",
                place=name,
                hint="Open it with the password, save or print it without one, and add that.",
            ) from error
        raise _damaged(name, error) from error


def _producer(pdf: Any) -> str:
    """The program that made the file, as it names itself."""
    return str(pdf.metadata.get("Producer", ""))


def _damaged(name: str, error: Exception) -> DamagedDocument:
    return DamagedDocument(f"the PDF is damaged: {_told(error)}", place=name, hint=_OPEN_AGAIN)


def _told(error: Exception) -> str:
    """What an error says in one line, without its Python wrapping."""
    inner = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
    return " ".join(str(inner).split())[:200] or type(inner).__name__


def _page(page: Any, number: int, rows: Mapping[int, int]) -> Page:
    try:
        layout = page.layout
    except Exception as error:  # noqa: BLE001 - a broken page; the others are still read
        size = (float(page.width), float(page.height))
        return Page(number, *size, fault=f"page {number} could not be read: {_told(error)}")
    characters: list[Any] = []
    shapes: list[Any] = []
    pictures: list[Any] = []
    _sort_out(layout, characters, shapes, pictures, 0)
    width, height = layout.width, layout.height
    rules, areas = drawn_of(shapes, width, height)
    words = with_bullets(words_of(characters, height, rules), shapes, height)
    told, left = underlines_told(words, rules)
    comments, fields = annotations_of(page)
    return Page(
        number,
        width,
        height,
        (*told, *fields),
        left,
        areas,
        tuple(Picture(p.x0, height - p.y1, p.x1, height - p.y0) for p in pictures),
        comments,
        rows,
        len(shapes),
        frozenset(character.fontname for character in characters),
    )


def _sort_out(
    container: Any, characters: list[Any], shapes: list[Any], pictures: list[Any], depth: int
) -> None:
    """Characters, shapes and pictures of a page, also inside forms that it draws."""
    from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage

    for item in container:
        if isinstance(item, LTChar):
            characters.append(item)
        elif isinstance(item, LTCurve):
            shapes.append(item)
        elif isinstance(item, LTImage):
            pictures.append(item)
        elif isinstance(item, LTContainer) and depth < _DEEPEST:
            _sort_out(item, characters, shapes, pictures, depth + 1)


def _let_go(page: Any) -> None:
    """Free what was read of a page: its layout and its unpacked content."""
    page.close()
    page.page_obj.contents = []
    page.page_obj.resources = {}
