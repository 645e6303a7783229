"""The words of a generation as printed, in lower case, and which recommendations hold each.

Files: ``words.txt`` (one word a line, sorted; a word's number is its line), ``words_indptr.npy``
(int64, words + 1) and ``words_rows.npy`` (int32) by word.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.index.manifest import unreadable

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


class WordsWriter:
    """Gathers the words of each recommendation, then sorts and writes them."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._held, self._rows = array("i"), array("i")
        self._row = 0

    def add(self, words: Iterable[str]) -> None:
        """Add the words of the next recommendation, each once."""
        for word in words:
            self._held.append(self._numbers.setdefault(word, len(self._numbers)))
            self._rows.append(self._row)
        self._row += 1

    def write(self, folder: Path) -> None:
        """Write the files."""
        listed = sorted(self._numbers)
        places = np.empty(len(listed), dtype=np.int64)
        places[[self._numbers[word] for word in listed]] = np.arange(len(listed))
        held = places[np.array(self._held, dtype=np.int64)]
        indptr = np.concatenate(([0], np.cumsum(np.bincount(held, minlength=len(listed)))))
        rows = np.array(self._rows, dtype=np.int32)[np.argsort(held, kind="stable")]
        np.save(folder / "words_indptr.npy", indptr.astype(np.int64))
        np.save(folder / "words_rows.npy", rows)
        (folder / WORDS).write_text("".join(f"{word}\n" for word in listed), "utf-8")
