"""One word of a recommendation as it is compared."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Word(NamedTuple):
    """A word or an abbreviation's long form, and its character offsets in the text.

    ``form`` is in lower case with abbreviations short; ``key`` is its stem, synonyms as one.
    """

    key: str
    form: str
    is_stop: bool
    start: int
    end: int


def grams(normal: str) -> NDArray[np.uint32]:
    """Four-byte n-grams inside the words of a text, blanks at a word's ends counted.

    Each n-gram is its four UTF-8 bytes as one number, ``uint32[n]``, repeated ones repeated.
    """
    raw = np.frombuffer(f" {normal} ".encode("utf-8", "replace"), dtype=np.uint8).astype(np.uint32)
    if len(raw) < 4:
        return np.zeros(0, dtype=np.uint32)
    windows = (raw[:-3] << 24) | (raw[1:-2] << 16) | (raw[2:-1] << 8) | raw[3:]
    inside = (raw[1:-2] != 32) & (raw[2:-1] != 32)
    kept: NDArray[np.uint32] = windows[inside]
    return kept
