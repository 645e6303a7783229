"""The words of a generation as printed, in lower case, and which recommendations hold each.

Files: ``words.txt`` (that of ``wording.py``: sorted, one a line; a word's number is its line),
``words_indptr.npy`` (int64, words + 1) and ``words_rows.npy`` (int32) by word.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.index.manifest import unreadable
from kb.index.ragged import bounds_of

WORDS = "words.txt"
_ARRAYS = ("words_indptr", "words_rows")
_LAST = chr(0x10FFFF)


@dataclass(frozen=True)
class Words:
    """The vocabulary as printed, sorted, with the rows of each word, memory-mapped."""

    listed: list[str]
    indptr: NDArray[np.int64]
    rows: NDArray[np.int32]

    @classmethod
    def open(cls, folder: Path) -> Words:
        """Open the words of a generation's folder; raises IndexUnreadable if damaged."""
        try:
            listed = (folder / WORDS).read_text("utf-8").split("\n")[:-1]
            arrays = [
                np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray) for name in _ARRAYS
            ]
        except (OSError, ValueError, EOFError) as error:
            raise unreadable(f"the words cannot be read ({error})", folder) from error
        words = cls(listed, *arrays)
        if len(words.indptr) != len(listed) + 1 or int(words.indptr[-1]) != len(words.rows):
            raise unreadable("the words' files do not belong together", folder)
        return words

    def beginning(self, start: str) -> NDArray[np.int32]:
        """The rows with a word that begins so; one row stands as often as it has such words."""
        first = bisect_left(self.listed, start)
        end = bisect_left(self.listed, start + _LAST)
        return self.rows[self.indptr[first] : self.indptr[end]]


def write_words(
    folder: Path, size: int, held: NDArray[np.integer], rows: NDArray[np.integer]
) -> None:
    """Write which rows hold each of so many words: parallel arrays of words and rows."""
    of_all = max(int(rows.max(initial=0)), 0) + 1
    words, of_word = np.divmod(np.unique(held.astype(np.int64) * of_all + rows), of_all)
    np.save(folder / "words_indptr.npy", bounds_of(np.bincount(words, minlength=size)))
    np.save(folder / "words_rows.npy", of_word.astype(np.int32))
