"""The vocabulary of a generation and which recommendations hold each word: what ``word*`` reads.

Files: ``vocabulary.txt`` (one form a line, sorted), ``vocabulary_words.npy`` (int32, the word of
each form, by its number in ``words.txt``), ``word_indptr.npy`` (int64, words + 1) and
``word_rows.npy`` (int32) by word. A word has the form in which it is printed, in lower case, and
whatever other forms the search engine gives it.
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
from kb.index.ragged import are_bounds, bounds_of, distinct, places_of
from kb.index.splicing import Change, Held, Terms, change_terms, splice_rows
from kb.index.wording import FIELDS, Wording

VOCABULARY = "vocabulary.txt"
_WORDS, _INDPTR, _ROWS = "vocabulary_words.npy", "word_indptr.npy", "word_rows.npy"
_LAST = chr(0x10FFFF)


@dataclass(frozen=True)
class Words:
    """The forms in order of their characters, the word of each, and the rows of each word."""

    listed: list[str]
    words: NDArray[np.int32]
    indptr: NDArray[np.int64]
    rows: NDArray[np.int32]

    @classmethod
    def open(cls, folder: Path) -> Words:
        """Open the words of a generation's folder; raises IndexUnreadable if damaged."""
        with reading("the vocabulary", folder):
            listed = (folder / VOCABULARY).read_text("utf-8").split("\n")[:-1]
            words, indptr, rows = (
                np.load(folder / name, mmap_mode="r").view(np.ndarray)
                for name in (_WORDS, _INDPTR, _ROWS)
            )
            fits = len(words) == len(listed) and are_bounds(indptr, len(rows))
            are_known = bool(((words >= 0) & (words < len(indptr) - 1)).all())
        if not (fits and are_known):
            raise unreadable("the vocabulary's files do not belong together", folder)
        return cls(listed, words, indptr, rows)

    def beginning(self, start: str) -> slice:
        """The forms that begin so, as a stretch of ``listed``."""
        return slice(bisect_left(self.listed, start), bisect_left(self.listed, start + _LAST))

    def number(self, word: str) -> int:
        """The number of a word as printed; -1 where no row holds it."""
        at = bisect_left(self.listed, word)
        return int(self.words[at]) if at < len(self.listed) and self.listed[at] == word else -1

    def rows_of(self, forms: slice) -> NDArray[np.int32]:
        """The rows with any form of a stretch; a row stands as often as it has such words."""
        words = self.words[forms]
        if not len(words):
            return self.rows[:0]
        if (np.diff(words) == 1).all():  # as printed: what follows each other is one stretch
            return self.rows[self.indptr[words[0]] : self.indptr[words[-1] + 1]]
        return self.rows[places_of(self.indptr, words)]


Forms = Callable[[str], Iterable[str]]


def write_words(folder: Path, wording: Wording, forms: Forms) -> None:
    """Write the vocabulary of these words; ``forms`` gives all under which a word is listed."""
    listed = [(form, number) for number, word in enumerate(wording.words) for form in forms(word)]
    _write(folder, rows_by_word(wording), listed)


def splice_words(folder: Path, change: Change, forms: Forms) -> Terms:
    """The same after a change, from the words of the generation before; how words are numbered."""
    before = Words.open(change.folder)
    stood = Held(before.indptr, before.rows)
    gone, come = rows_by_word(change.gone), rows_by_word(change.come)
    names = (change.stood.words, change.gone.words, change.come.words)
    terms = change_terms(names, stood, gone, come)
    pairs = zip(before.listed, terms.of_old[before.words].tolist(), strict=True)
    listed = [(form, number) for form, number in pairs if number >= 0]
    listed += [
        (form, number)
        for word, number in zip(change.come.words, terms.of_come.tolist(), strict=True)
        if not terms.stood[number]
        for form in forms(word)
    ]
    _write(folder, splice_rows(stood, terms, gone, come, change.rows), listed)
    return terms


def rows_by_word(wording: Wording) -> Held:
    """The rows that hold each word, in whatever field."""
    cells = np.repeat(np.arange(len(wording.bounds) - 1), np.diff(wording.bounds))
    many = max(len(wording), 1)
    words, rows = np.divmod(distinct(wording.flat * np.int64(many) + cells // len(FIELDS)), many)
    bounds = bounds_of(np.bincount(words, minlength=len(wording.words)))
    return Held(bounds, rows.astype(np.int32))


def _write(folder: Path, held: Held, listed: list[tuple[str, int]]) -> None:
    listed.sort()
    np.save(folder / _WORDS, np.array([number for _, number in listed], dtype=np.int32))
    np.save(folder / _INDPTR, held.bounds)
    np.save(folder / _ROWS, held.values)
    (folder / VOCABULARY).write_text("".join(f"{form}\n" for form, _ in listed), "utf-8")
