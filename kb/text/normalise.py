"""Folding of text for comparison, and the digest by which a changed text is noticed."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_SAME_CHARACTER = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"'}
    | {"–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "\u00ad": ""}
)
_SPACE = re.compile(r"\s+")


def fold_space(text: str) -> str:
    """Every run of white space as one space, and none at the ends."""
    return _SPACE.sub(" ", text).strip()


def fold(text: str) -> str:
    """Text in the form in which two texts are compared.

    Compatibility characters, quotation marks and dashes of one kind, lower case, single spaces.
    """
    folded = unicodedata.normalize("NFKC", text).translate(_SAME_CHARACTER)
    return fold_space(folded).casefold()


def digest(text: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the folded text."""
    return hashlib.sha256(fold(text).encode()).hexdigest()[:16]
