"""The text of a web page as a browser lays it out: lines, paragraphs and list labels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_FOLDED = re.compile(r"[ \t\n\r\f]+")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
_BULLETS = {
    "·": "•",
    "§": "▪",
    "o": "○",
    "Ø": "➢",
    "ü": "✓",
    "v": "❖",
    "q": "❑",
    "n": "■",
    "l": "●",
}
_SYMBOLS = str.maketrans({"ü": "✓", "û": "✗", "þ": "☑", "ý": "☒", "¨": "☐", "o": "☐", "à": "→"})
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """How the text inside an element looks; elements inherit it from those around them."""

    strong: bool = False
    hidden: bool = False
    struck: bool = False
    kept_space: bool = False
    symbols: bool = False
    is_label: bool = False
    aside: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Printed:
    """One paragraph as it is laid out; ``line`` is that of its source, where it is known."""

    text: str
    label: str | None = None
    level: int = 0
    strong: bool = False
    aside: str | None = None
    line: int | None = None

    @property
    def printed(self) -> str:
        """The text with its label."""
        return f"{self.label} {self.text}" if self.label else self.text


@dataclass
class Numbering:
    """An ordered or unordered list while its items are read."""

    style: str
    number: int = 1
    step: int = 1
    end: str = "."

    def next_label(self, value: int | None) -> str | None:
        """The label that a browser prints before the next item; None where it prints none."""
        number = self.number if value is None else value
        self.number = number + self.step
        if self.style == "none":
            return None
        if self.style in _MARKS:
            return _MARKS[self.style]
        return f"{counted(number, self.style)}{self.end}"


_MARKS = {"disc": "•", "circle": "○", "square": "▪"}


def counted(number: int, style: str) -> str:
    """A number as a list prints it: ``4``, ``d``, ``D``, ``iv`` or ``IV``."""
    is_capital = style in ("A", "I") or style.startswith("upper")
    word = str(number)
    if style in ("a", "A") or style.endswith(("alpha", "latin")):
        word = _letters(number)
    elif style in ("i", "I") or style.endswith("roman"):
        word = _roman(number)
    elif style == "decimal-leading-zero":
        word = f"{number:02}"
    return word.upper() if is_capital else word


def _letters(number: int) -> str:
    if number < 1:
        return str(number)
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(97 + rest) + letters
    return letters


def _roman(number: int) -> str:
    if not 1 <= number <= 3999:
        return str(number)
    word = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        word += letters * count
    return word


@dataclass
class Flow:
    """The running text of the page or of one cell: what is printed, and the line being written.

    ``blocks`` holds Printed paragraphs and, between them, the tables that stand there; ``images``
    the words that stand for the images of the paragraph.
    """

    blocks: list[Any] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    pending: str | None = None
    level: int = 0
    _parts: list[str] = field(default_factory=list)
    _label: list[str] = field(default_factory=list)
    _hidden: list[str] = field(default_factory=list)
    _has_text: bool = False
    _plain: bool = False
    _look: Look = Look()

    def write(self, text: str, look: Look) -> None:
        """Add text inside an element that looks so."""
        text = text.translate(_UNSEEN)
        if look.is_label:
            self._label.append(_BULLETS.get(text.strip(" \xa0"), text))
            return
        if look.symbols and len(text.strip()) <= 2:
            text = text.translate(_SYMBOLS)
        if not look.kept_space:
            text = _FOLDED.sub(" ", text)
        if look.hidden:
            self._hidden.append(text)
            return
        if not look.kept_space and (not self._parts or self._parts[-1].endswith((" ", "\n"))):
            text = text.lstrip(" ")
        if not text:
            return
        if text.strip():
            self._note(text, look)
        self._parts.append(text)

    def _note(self, text: str, look: Look) -> None:
        if not self._has_text:
            self._look, self._has_text = look, True
        self._plain = self._plain or not look.strong
        if look.struck:
            self.struck.append(text.strip())

    def break_line(self) -> None:
        """Go on in a new line of the same paragraph."""
        self._parts.append("\n")

    def begin_item(self, label: str | None) -> None:
        """The next paragraph is the first of a list item with this label."""
        self.end_paragraph()
        if label:
            self.pending = f"{self.pending} {label}" if self.pending else label

    def end_item(self) -> None:
        """A label without text is not carried beyond its item."""
        self.end_paragraph()
        self.pending = None

    def end_paragraph(self) -> None:
        """Close the paragraph being written; nothing is kept of an empty one."""
        lines = [line.strip(" \t") for line in "".join(self._parts).split("\n")]
        if self._look.kept_space:
            lines = [line.rstrip() for line in "".join(self._parts).split("\n")]
        text = "\n".join(lines).strip("\n")
        text = text if self._look.kept_space else text.strip()
        look = self._look
        if text.strip():
            label = _FOLDED.sub(" ", "".join(self._label).replace("\xa0", " ")).strip()
            label = label or self.pending or ""
            self.blocks.append(
                Printed(text, label or None, self.level, not self._plain, look.aside, look.line)
            )
            self.pending = None
        hidden = "".join(self._hidden).strip()
        if hidden:
            self.blocks.append(Printed(hidden, aside="hidden text", line=look.line))
        self.blocks += [Printed(words, aside="image", line=look.line) for words in self.images]
        self.images = []
        if text.strip() or hidden:
            self._label = []
        self._parts, self._hidden = [], []
        self._has_text, self._plain, self._look = False, False, Look()
