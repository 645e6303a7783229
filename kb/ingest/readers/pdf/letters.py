"""What a drawn character is as text: ligatures taken apart, signs of bullet fonts as seen."""

from __future__ import annotations

import unicodedata

_LIGATURES = {
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "ﬅ": "st",
    "ﬆ": "st",
}
_UNPRINTED = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u200e", "\u200f", "\x00"}
# Code points of Wingdings and Symbol, as Word writes them into the private use area (U+F0xx)
_WINGDINGS = {
    0x6C: "●",
    0x6E: "■",
    0x6F: "□",
    0x71: "❑",
    0x76: "❖",
    0x9F: "•",
    0xA7: "▪",
    0xA8: "□",
    0xD8: "➢",
    0xE0: "→",
    0xE8: "➔",
    0xF0: "⇨",
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
}
_SYMBOL = {0xB7: "•", 0xD6: "√", 0xDE: "⇒", 0xAE: "→", 0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0x2D: "−"}

# Codes without a letter in WinAnsiEncoding stand for the bullet (ISO 32000-1, annex D, note 3)
_UNASSIGNED = {f"(cid:{code})" for code in (127, 129, 141, 143, 144, 157)}


def printed_letter(text: str, font: str) -> str:
    """The text of one drawn character; empty where it prints nothing.

    A character whose font does not say what it is becomes U+FFFD (a bullet in a font of symbols).
    """
    if text.isascii() and text.isprintable():
        return _of_ascii(text, font)
    if text in _LIGATURES or text in _UNPRINTED:
        return _LIGATURES.get(text, "")
    if len(text) == 1 and "\uf000" <= text <= "\uf0ff":
        code = ord(text) - 0xF000
        table = _SYMBOL if "ymbol" in font else _WINGDINGS
        return table.get(code) or _SYMBOL.get(code) or "•"
    if len(text) == 1 and unicodedata.category(text) == "Cc" and not text.isspace():
        return ""
    return text


def _of_ascii(text: str, font: str) -> str:
    if len(text) == 1:
        return _of_dingbats(text, font) if "ingdings" in font else text
    if not text.startswith("(cid:"):
        return text
    if text in _UNASSIGNED or "ymbol" in font or "ingdings" in font:
        return "•"
    return "\ufffd"


def _of_dingbats(text: str, font: str) -> str:
    """A letter drawn in Wingdings is not that letter but the sign in its place."""
    if text.isspace() or "ingdings2" in font.replace(" ", "").lower():
        return text
    return _WINGDINGS.get(ord(text), text)
