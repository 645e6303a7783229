"""Pages that print no text that can be read, and those whose text was found by OCR."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from kb.errors import ScannedDocument
from kb.ingest.readers.pdf.layout import Page, Picture, Word
from kb.ingest.readers.pdf.margins import pages_told
from kb.ingest.readers.pdf.words import lines_of
from kb.ingest.recognition import NOT_INSTALLED, PICTURE

_FEW = 40  # characters; a page with no more prints no text of its own
_MOST = 0.5  # of the page: so much of it is a picture
_UNKNOWN = "\ufffd"
_UNKNOWN_SHARE = 0.25  # of the characters
_OUTLINES = 300  # shapes: letters drawn as outlines take so many
_FEWEST_TOKENS = 120  # words that would hold one of the commonest
_TOKEN = re.compile(r"[^\W\d_]+")
_COMMONEST = frozenset(
    "the of and to in a is for was that be on with as by this at are from not it or "
    "y yr a o i yn ar ei eu wedi oedd sydd bod".split()
)
"""The words that English and Welsh text cannot do without."""
_OCR_FONTS = ("glyphless", "hiddenhorzocr", "invisibleocr")
_STRETCH, _OCR_SPACE = 0.95, 0.27  # of the size: white after a word of an OCR layer, a space
ADVICE = "Have its text recognised: ocrmypdf in.pdf out.pdf, then add out.pdf."
BY_OCR = "the text was recognised in a picture (OCR): check it against the document"


def unreadable(page: Page) -> str | None:
    """Why the text of a page cannot be read, in words; None of a page that can, or is empty."""
    printed = "".join(word.text for word in page.words)
    if len(printed) <= _FEW:
        if _covered(page.pictures, page) >= _MOST:
            return PICTURE
        return "drawn, without letters" if page.shapes >= _OUTLINES else None
    if printed.count(_UNKNOWN) > _UNKNOWN_SHARE * len(printed):
        return "in a font that does not say which letters it has"
    tokens = [t.lower() for word in page.words for t in _TOKEN.findall(word.text)]
    if len(tokens) >= _FEWEST_TOKENS and not _COMMONEST & set(tokens):
        return "in a font that says wrong letters"
    return None


def is_recognised(page: Page) -> bool:
    """Whether the text of a page is a layer that OCR laid under or over its picture."""
    return any(part in font.lower() for font in page.fonts for part in _OCR_FONTS)


def stretched(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words of an OCR layer as wide as they are printed.

    OCR sets its letters narrower than those of the picture and begins each word at its place, so
    that the white after a word is too wide by up to a letter's width.
    """
    ends: dict[int, float] = {}
    for line in lines_of(words):
        for word, after in pairwise(line):
            if 0 < after.x0 - word.x1 < _STRETCH * word.size:
                ends[id(word)] = max(word.x1, after.x0 - _OCR_SPACE * word.size)
    return tuple(replace(w, x1=ends[id(w)]) if id(w) in ends else w for w in words)


def is_worth_recognising(pages: Mapping[int, str], of: int) -> bool:
    """Whether unreadable pages are more than a cover (the first page, the last) of a document."""
    return bool(pages) and (len(pages) == of or any(1 < number < of for number in pages))


def scanned(name: str, pages: Mapping[int, str], why: str) -> ScannedDocument:
    """The refusal of a document none of whose pages can be read, or ``why`` OCR did not help."""
    reasons = " or ".join(dict.fromkeys(pages[number] for number in sorted(pages)))
    failed = "" if why in ("", NOT_INSTALLED) else f"; {why}"
    return ScannedDocument(
        f"it prints no text that can be read: its pages are {reasons}{failed}",
        place=name,
        hint=ADVICE,
    )


def asking(name: str, pages: Mapping[int, str]) -> ScannedDocument:
    """The question whether somebody can have the text of these pages recognised."""
    reasons = " or ".join(dict.fromkeys(pages[number] for number in sorted(pages)))
    return ScannedDocument(
        f"{pages_told(sorted(pages))} cannot be read: {reasons}",
        place=name,
        hint=ADVICE,
        pages=pages,
    )


def told(unread: Mapping[int, str], recognised: Collection[int]) -> list[str]:
    """For notes: which pages could not be read, and which only by OCR."""
    notes = []
    for why in dict.fromkeys(unread.values()):
        numbers = [number for number in sorted(unread) if unread[number] == why]
        notes.append(f"{pages_told(numbers)} could not be read: {why}. {ADVICE}")
    if recognised:
        notes.append(f"{pages_told(sorted(recognised))}: {BY_OCR}")
    return notes


def _covered(pictures: Sequence[Picture], page: Page) -> float:
    """The share of a page that its pictures cover, the same place counted once at most."""
    area = 0.0
    for picture in pictures:
        wide = min(picture.x1, page.width) - max(picture.x0, 0.0)
        high = min(picture.bottom, page.height) - max(picture.top, 0.0)
        area += max(wide, 0.0) * max(high, 0.0)
    return min(area / (page.width * page.height), 1.0) if page.width * page.height else 0.0
