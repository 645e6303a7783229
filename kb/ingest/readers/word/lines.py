"""Paragraphs of Word as the lines that they print, with what is anchored in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from kb.ingest.readers.word import remarks
from kb.ingest.readers.word.drawings import drawn
from kb.ingest.readers.word.fields import FIELD_CHAR, INSTRUCTION, Fields
from kb.ingest.readers.word.looks import Look, look_in, look_of
from kb.ingest.readers.word.numbering import Counters, Numbering
from kb.ingest.readers.word.styles import Style, Styles
from kb.ingest.readers.word.symbols import in_symbols, is_unknown, symbol
from kb.ingest.readers.word.tags import (
    ALTERNATE,
    CONTROL,
    DELETED,
    FALLBACK,
    INSERTED,
    PPR,
    RPR,
    RUN,
    TBL,
    TEXT,
    VAL,
    P,
    W,
    child_of,
    chosen,
    is_on,
    nearest,
    whole,
)

_PRINTED = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_MATHS_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_REFERENCES = {
    f"{W}footnoteReference": "footnote",
    f"{W}endnoteReference": "endnote",
    f"{W}commentReference": "comment",
}
_DRAWN = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_UNPRINTED = frozenset({PPR, RPR, FALLBACK, f"{W}sdtPr", f"{W}sdtEndPr"})
_GALLERY = "Table of Contents"
_SOFT_HYPHEN = "\u00ad"
_BLACK_BAR = "███"
_SPACED = str.maketrans({"\n": " ", "\r": None, _SOFT_HYPHEN: None})


@dataclass(frozen=True)
class Anchored:
    """What stands beside the text and hangs on a place in it: an element or the id of a note."""

    kind: str
    element: Any = None
    identity: str | None = None


@dataclass
class Line:
    """What one paragraph prints; ``struck`` are the stretches struck through, as they stand.

    ``goes_on`` says that its mark was deleted, so that the next paragraph goes on from it.
    """

    parts: list[str] = field(default_factory=list)
    label: str | None = None
    level: int = 0
    looks_strong: bool = True
    is_contents: bool = False
    goes_on: bool = False
    struck: list[str] = field(default_factory=list)
    anchored: list[Anchored] = field(default_factory=list)
    remarks: dict[str, None] = field(default_factory=dict)
    was_struck: bool = False

    @property
    def text(self) -> str:
        """The text as printed, without the label."""
        return "".join(self.parts)

    def remark(self, said: str) -> None:
        """Remember once what is to be said of how it was read."""
        self.remarks[said] = None

    @property
    def is_strong(self) -> bool:
        """Whether all of its text is bold or underlined."""
        return self.looks_strong and any(part.strip() for part in self.parts)

    @property
    def printed(self) -> str:
        """The text with the label before it."""
        text = self.text
        return f"{self.label} {text.lstrip()}".rstrip(" ") if self.label else text


class Story:
    """One flow of text of the document (the body, the footnotes, one header), read in order."""

    def __init__(self, root: Any, styles: Styles, numbering: Numbering) -> None:
        """``root`` is the part that it stands in."""
        self._styles = styles
        self._counters = Counters(numbering)
        self._fields = Fields(root)
        self._contents = _in_contents(root)

    def content(self, parent: Any) -> Iterator[Line | Any]:
        """The lines and the tables (as elements) in it, in order."""
        going_on: Line | None = None
        for element in nearest(parent, (P, TBL, f"{W}altChunk")):
            if element.tag == P:
                line = self.line(element, going_on)
                going_on = line if line.goes_on else None
                if going_on is None:
                    yield line
                continue
            if going_on is not None:
                yield going_on
                going_on = None
            yield element if element.tag == TBL else Line(remarks={remarks.CHUNK: None})
        if going_on is not None:
            yield going_on

    def lines(self, parent: Any) -> Iterator[Line]:
        """The lines in it, those of its tables too."""
        for element in nearest(parent, (P,)):
            yield self.line(element)

    def line(self, paragraph: Any, before: Line | None = None) -> Line:
        """The line of one paragraph; ``before`` is one that goes on into it."""
        line = before or Line()
        properties = child_of(paragraph, PPR)
        style = self._styles.of_paragraph(_value(properties, "pStyle"))
        self._read_inline(paragraph, style, line)
        line.level = _level(properties, style)
        listed = style.is_contents or paragraph in self._contents
        line.is_contents = line.is_contents or listed
        line.goes_on, is_hidden = _mark(properties)
        unprinted = not line.parts and (line.goes_on or (is_hidden and line.remarks))
        if not unprinted and not line.goes_on:
            line.label = self._label(properties, style)
        return line

    def _label(self, properties: Any | None, style: Style) -> str | None:
        listed = child_of(properties, f"{W}numPr")
        if listed is None and style.numbered[0] is None:
            return None
        number, depth = whole(_value(listed, "numId")), whole(_value(listed, "ilvl"))
        return self._counters.label(style, number, depth)

    def _read_inline(self, paragraph: Any, style: Style, line: Line) -> None:
        plain = look_of(style)
        stack = [iter(paragraph)]
        while stack:
            for child in stack[-1]:
                tag = child.tag
                if tag == RUN:
                    self._read_run(child, style, plain, line)
                elif tag in DELETED:
                    line.remark(remarks.TRACKED)
                elif tag == _MATHS_TEXT:
                    self._put(child.text or "", plain, line)
                elif tag not in _UNPRINTED and len(child):
                    if tag in INSERTED:
                        line.remark(remarks.TRACKED)
                    stack.append(iter(chosen(child) if tag == ALTERNATE else child))
                    break
            else:
                stack.pop()

    def _read_run(self, run: Any, style: Style, plain: Look, line: Line) -> None:
        properties = child_of(run, RPR)
        look = None if properties is None else look_in(properties, style, self._styles)
        if look and look.is_placeholder and next(run.iterancestors(CONTROL), None) is None:
            look = replace(look, is_placeholder=False)
        self._read_pieces(run, look or plain, line)

    def _read_pieces(self, pieces: Iterable[Any], look: Look, line: Line) -> None:
        for piece in pieces:
            tag = piece.tag
            if tag == TEXT:
                self._put_text(piece, look, line)
            elif tag in _PRINTED:
                self._put(_PRINTED[tag], look, line)
            elif tag in _REFERENCES:
                anchored = Anchored(_REFERENCES[tag], identity=piece.get(f"{W}id"))
                line.anchored.append(anchored)
            elif tag in _DRAWN:
                self._take_drawn(piece, line)
            elif tag != RPR:
                self._read_rarer(piece, look, line)

    def _read_rarer(self, piece: Any, look: Look, line: Line) -> None:
        if piece.tag == FIELD_CHAR:
            self._put(self._fields.mark(piece), look, line)
        elif piece.tag == INSTRUCTION:
            self._fields.instruct(piece.text or "")
        elif piece.tag == f"{W}sym":
            self._put(symbol(piece.get(f"{W}font"), piece.get(f"{W}char")), look, line)
        elif piece.tag == ALTERNATE:
            self._read_pieces(chosen(piece), look, line)
        else:
            for inner in piece.iter(TEXT):
                self._put_text(inner, look, line)

    def _put_text(self, element: Any, look: Look, line: Line) -> None:
        text = (element.text or "").translate(_SPACED)
        self._put(in_symbols(look.font, text) if look.font else text, look, line)

    def _take_drawn(self, element: Any, line: Line) -> None:
        if self._fields.is_silent:
            return
        for kind, found in drawn(element):
            if kind in ("picture", "object"):
                line.remark(remarks.PICTURE if kind == "picture" else remarks.OBJECT)
            else:
                line.anchored.append(Anchored(kind, found))

    def _put(self, text: str, look: Look, line: Line) -> None:
        """Add printed text to the line, or remark why it is not printed."""
        if not text or self._fields.is_silent:
            return
        if look.is_hidden or look.is_placeholder or (look.is_black and text.strip()):
            if text.strip():
                line.remark(_why_unprinted(look))
            if look.is_black and not look.is_hidden and line.parts[-1:] != [_BLACK_BAR]:
                line.parts.append(_BLACK_BAR)
            return
        if is_unknown(text):
            line.remark(remarks.UNKNOWN_SIGN)
        line.parts.append(text)
        line.is_contents = line.is_contents or self._fields.is_contents
        if text.strip():
            line.looks_strong = line.looks_strong and look.is_strong
        self._strike(text, look, line)

    @staticmethod
    def _strike(text: str, look: Look, line: Line) -> None:
        if look.is_struck and line.was_struck:
            line.struck[-1] += text
        elif look.is_struck and text.strip():
            line.struck.append(text)
            line.remark(remarks.STRUCK)
        elif not look.is_struck and not text.strip():
            return
        line.was_struck = look.is_struck


def _in_contents(root: Any) -> dict[Any, None]:
    """The paragraphs of tables of contents that stand in a control made for them."""
    galleries = [g for g in root.iter(f"{W}docPartGallery") if g.get(VAL) == _GALLERY]
    controls = [next(gallery.iterancestors(CONTROL), ()) for gallery in galleries]
    return {found: None for control in controls for found in nearest(control, (P,))}


def _why_unprinted(look: Look) -> str:
    if look.is_hidden:
        return remarks.HIDDEN
    return remarks.PLACEHOLDER if look.is_placeholder else remarks.BLACKED_OUT


def _value(properties: Any | None, name: str) -> str | None:
    found = child_of(properties, f"{W}{name}")
    return found.get(VAL) if found is not None else None


def _level(properties: Any | None, style: Style) -> int:
    outline = whole(_value(properties, "outlineLvl"))
    if outline is None:
        return style.level
    return outline + 1 if outline < 9 else 0


def _mark(properties: Any | None) -> tuple[bool, bool]:
    """Whether the mark at a paragraph's end was deleted, and whether it is hidden."""
    mark = child_of(properties, RPR)
    if mark is None:
        return False, False
    hidden = mark.find(f"{W}vanish")
    deleted = any(mark.find(tag) is not None for tag in DELETED)
    return deleted, hidden is not None and is_on(hidden)
