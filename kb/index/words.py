"""The vocabulary of a generation and which recommendations hold each word: what ``word*`` reads.

Files: ``vocabulary.txt`` (one word a line, sorted; a word's number is its line),
``vocabulary_indptr.npy`` (int64, words + 1) and ``vocabulary_rows.npy`` (int32) by word. A word
stands there as printed, in lower case, and in whatever other forms the search engine gives it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.index.damage import reading
from kb.index.manifest import unreadable
from kb.index.ragged import are_bounds, bounds_of, distinct
from kb.index.wording import FIELDS, Wording

VOCABULARY = "vocabulary.txt"
_INDPTR, _ROWS = "vocabulary_indptr.npy", "vocabulary_rows.npy"
_LAST = chr(0x10FFFF)


@dataclass(frozen=True)
class Words:
    """The words in order of their characters, with the rows of each, memory-mapped."""

    listed: list[str]
    indptr: NDArray[np.int64]
    rows: NDArray[np.int32]

    @classmethod
    def open(cls, folder: Path) -> Words:
        """Open the words of a generation's folder; raises IndexUnreadable if damaged."""
        with reading("the vocabulary", folder):
            listed = (folder / VOCABULARY).read_text("utf-8").split("\n")[:-1]
            indptr, rows = (
                np.load(folder / name, mmap_mode="r").view(np.ndarray) for name in (_INDPTR, _ROWS)
            )
            fits = len(indptr) == len(listed) + 1 and are_bounds(indptr, len(rows))
        if not fits:
            raise unreadable("the vocabulary's files do not belong together", folder)
        return cls(listed, indptr, rows)

    def beginning(self, start: str) -> slice:
        """The words that begin so, as a stretch of ``listed``."""
        return slice(bisect_left(self.listed, start), bisect_left(self.listed, start + _LAST))

    def rows_of(self, words: slice) -> NDArray[np.int32]:
        """The rows with any word of a stretch; a row stands as often as it has such words."""
        return self.rows[self.indptr[words.start] : self.indptr[words.stop]]


def write_words(folder: Path, wording: Wording, forms: Callable[[str], Iterable[str]]) -> None:
    """Write the vocabulary of these words; ``forms`` gives all under which a word is listed."""
    cells = np.repeat(np.arange(len(wording.bounds) - 1), np.diff(wording.bounds))
    many = max(len(wording), 1)
    words, rows = np.divmod(distinct(wording.flat * np.int64(many) + cells // len(FIELDS)), many)
    starts = bounds_of(np.bincount(words, minlength=len(wording.words)))
    listed = sorted(
        (form, number) for number, word in enumerate(wording.words) for form in forms(word)
    )
    of_form = [rows[starts[number] : starts[number + 1]] for _, number in listed]
    np.save(folder / _INDPTR, bounds_of(np.array([len(one) for one in of_form], dtype=np.int64)))
    np.save(folder / _ROWS, np.concatenate([np.empty(0, np.int32), *of_form]).astype(np.int32))
    (folder / VOCABULARY).write_text("".join(f"{form}\n" for form, _ in listed), "utf-8")
