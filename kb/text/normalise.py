"""Folding of text for comparison, and the digest by which a changed text is noticed."""

from __future__ import annotations

import re
import unicodedata

_SAME_CHARACTER = {"‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"'} | {
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "−": "-",
    "\u00ad": "",
}
_OTHER_FORM = re.compile(f"[{''.join(_SAME_CHARACTER)}]")


def fold_space(text: str) -> str:
    """Every run of white space as one space, and none at the ends."""
    return " ".join(text.split())


def fold(text: str) -> str:
    """Text in the form in which two texts are compared.

    Compatibility characters, quotation marks and dashes of one kind, lower case, single spaces.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = _OTHER_FORM.sub(lambda found: _SAME_CHARACTER[found[0]], text)
    return fold_space(text).casefold()


def digest(text: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the folded text."""
    import hashlib

    return hashlib.sha256(fold(text).encode()).hexdigest()[:16]
