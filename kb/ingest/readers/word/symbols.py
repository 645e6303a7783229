"""Symbol fonts: what the characters of Wingdings and Symbol print, as Unicode.

The codes are those of the fonts; Word stores them as F020–F0FF or as the plain character.
"""

from __future__ import annotations

_UNKNOWN = "\N{REPLACEMENT CHARACTER}"

_WINGDINGS = {
    0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x46: "☞", 0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0x6C: "●",
    0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x77: "◆",
    0x9E: "·", 0x9F: "•", 0xA0: "▪", 0xA1: "○", 0xA4: "◉", 0xA6: "○", 0xA7: "▪", 0xA8: "◻",
    0xAB: "★", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xEF: "⇦",
    0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {
    0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x55: "⊗", 0x96: "•",
    0x97: "•", 0x98: "●", 0xA0: "▪", 0xA2: "■", 0xA3: "□", 0xAE: "◆",
}  # fmt: skip
_WINGDINGS_3 = {
    0x66: "←", 0x67: "→", 0x68: "↑", 0x69: "↓", 0x7D: "▶", 0x84: "◀", 0xC6: "▶",
}  # fmt: skip
_WEBDINGS = {0x61: "✓", 0x63: "□", 0x67: "■", 0x6E: "●", 0x72: "✗"}
_GREEK = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
_SYMBOL = {
    **{0x41 + n: letter for n, letter in enumerate(_GREEK)},
    **{0x61 + n: letter for n, letter in enumerate("αβχδεφγηιϕκλμνοπθρστυϖωξψζ")},
    **{code: chr(code) for code in (*range(0x20, 0x41), 0x5B, 0x5D, 0x5F, 0x7B, 0x7C, 0x7D)},
    0x22: "∀", 0x24: "∃", 0x27: "∋", 0x2A: "∗", 0x2D: "−", 0x40: "≅", 0x7E: "∼", 0xA3: "≤",
    0xA5: "∞", 0xA8: "♦", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°",
    0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xBC: "…",
    0xD0: "∠", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD6: "√", 0xDB: "⇔", 0xDC: "⇐", 0xDE: "⇒",
    0xE2: "®", 0xE3: "©", 0xE4: "™",
}  # fmt: skip
_FONTS = {
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "wingdings 3": _WINGDINGS_3,
    "webdings": _WEBDINGS,
    "symbol": _SYMBOL,
}


def is_symbol_font(font: str | None) -> bool:
    """Whether a font prints signs in the place of letters."""
    return (font or "").lower() in _FONTS


def symbol(font: str | None, code: str | None) -> str:
    """What ``<w:sym>`` prints: the sign, or U+FFFD where it has no known equal in Unicode."""
    try:
        number = int(code or "", 16)
    except ValueError:
        return _UNKNOWN
    if not is_symbol_font(font) and not 0xF000 <= number <= 0xF0FF:
        return chr(number) if 0x20 <= number <= 0x10FFFF else _UNKNOWN
    return _FONTS.get((font or "").lower(), {}).get(number & 0xFF, _UNKNOWN)


def in_symbols(font: str | None, text: str) -> str:
    """A text set in a symbol font, as it is printed; other fonts' private signs stay."""
    signs = _FONTS.get((font or "").lower())
    if signs is None:
        return text
    return "".join(signs.get(ord(c) & 0xFF, _UNKNOWN) if _is_code(c) else c for c in text)


def _is_code(character: str) -> bool:
    """Whether a symbol font has it at all; Word prints others in another font."""
    number = ord(character)
    return not character.isspace() and (number < 0x100 or 0xF000 <= number <= 0xF0FF)


def is_unknown(text: str) -> bool:
    """Whether a sign in it could not be told."""
    return _UNKNOWN in text
