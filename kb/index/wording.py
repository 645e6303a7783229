"""The words of every recommendation, field by field and in order: what search and check count.

Files: ``words.txt`` (the words in lower case, sorted, one a line; a word's id is its line),
``wording_bounds.npy`` (int64, rows × fields + 1: where each *cell*, a field of a row, begins and
ends) and ``wording_words.npy`` (int32). Abbreviations that were found, in any form, stand in
``shorts.txt`` and ``mentions.npy`` (int32, mentions × 4: cell, first word in it, how many words,
line of the short form).
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.index.manifest import unreadable
from kb.index.ragged import are_bounds, are_within, bounds_of
from kb.text.abbreviations import Abbreviations
from kb.text.tokens import printed_words, words_in

FIELDS = ("text", "heading", "agency", "title", "action", "outcome")
_FILES = ("wording_bounds", "wording_words", "mentions")

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Wording:
    """The words of some rows; shapes as at the top of this file."""

    words: tuple[str, ...]
    bounds: Ints
    flat: NDArray[np.int32]
    shorts: tuple[str, ...]
    mentions: NDArray[np.int32]

    def __len__(self) -> int:
        return (len(self.bounds) - 1) // len(FIELDS)

    @classmethod
    def open(cls, folder: Path) -> Wording:
        """Open the wording of a generation's folder; raises IndexUnreadable if it is damaged."""
        try:
            bounds, flat, mentions = (np.load(folder / f"{name}.npy") for name in _FILES)
            words, shorts = (
                tuple((folder / name).read_text("utf-8").split("\n")[:-1])
                for name in ("words.txt", "shorts.txt")
            )
        except (OSError, ValueError, EOFError) as error:
            raise unreadable(f"the wording cannot be read ({error})", folder) from error
        return cls(words, bounds, flat, shorts, mentions)

    def is_whole(self) -> bool:
        """Whether bounds and mentions can be those of these words."""
        if not are_bounds(self.bounds, len(self.flat)) or not are_within(
            self.flat, len(self.words)
        ):
            return False
        cell, first, count, short = self.mentions.T
        return (
            are_within(cell, len(self.bounds) - 1)
            and are_within(short, len(self.shorts))
            and bool(((first >= 0) & (count > 0)).all())
            and bool((first + count <= np.diff(self.bounds)[cell]).all())
        )

    def save(self, folder: Path) -> None:
        """Write the files."""
        arrays: tuple[NDArray[Any], ...] = (self.bounds, self.flat, self.mentions)
        for name, values in zip(_FILES, arrays, strict=True):
            np.save(folder / f"{name}.npy", values)
        for name, lines in (("words.txt", self.words), ("shorts.txt", self.shorts)):
            (folder / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")

    @classmethod
    def joined(cls, parts: Sequence[Wording], rows: Ints) -> Wording:
        """The wanted rows, in order, of all parts put one after another."""
        runs = _runs([len(part) for part in parts], rows)
        taken = [(of, parts[of]._of_rows(first, stop)) for of, first, stop in runs]
        words, flat = _renamed(
            [part.words for part in parts], [(of, part.flat) for of, part in taken]
        )
        shorts, of_mentions = _renamed(
            [part.shorts for part in parts], [(of, part.mentions[:, 3]) for of, part in taken]
        )
        counts = [len(part.bounds) - 1 for _, part in taken]
        first_cells = np.cumsum([0, *counts])[:-1]
        mentions = np.concatenate([np.zeros((0, 4), np.int32), *(p.mentions for _, p in taken)])
        mentions[:, 0] += np.repeat(first_cells, [len(part.mentions) for _, part in taken])
        mentions[:, 3] = of_mentions
        lengths = [np.diff(part.bounds) for _, part in taken]
        bounds = bounds_of(np.concatenate([np.zeros(0, np.int64), *lengths]))
        return cls(words, bounds, flat, shorts, mentions)

    def _of_rows(self, first: int, stop: int) -> Wording:
        """The rows ``first:stop``, words and abbreviations numbered as here."""
        cells = np.array([first, stop]) * len(FIELDS)
        bounds = self.bounds[cells[0] : cells[1] + 1]
        start, end = self.mentions[:, 0].searchsorted(cells.astype(np.int32))
        mentions = self.mentions[start:end].copy()
        mentions[:, 0] -= cells[0]
        return Wording(self.words, bounds, self.flat[bounds[0] : bounds[-1]], self.shorts, mentions)

    def cells(self, field: str) -> Ints:
        """The cells of a field, by row."""
        return np.arange(FIELDS.index(field), len(self.bounds) - 1, len(FIELDS), dtype=np.int64)


class WordingWriter:
    """Gathers the words of recommendations, row by row."""

    def __init__(self, abbreviations: Abbreviations) -> None:
        """Find these abbreviations."""
        self._abbreviations = abbreviations
        self._words, self._shorts = _Numbers(), _Numbers()
        self._flat, self._lengths, self._mentions = array("i"), array("q"), array("i")
        # Titles, agencies and headings come again and again.
        self._read_again = lru_cache(maxsize=4_096)(self._read)

    def add(self, texts: Mapping[str, str]) -> None:
        """Add the texts of the next row by field; a field that is missing is empty."""
        for name in FIELDS:
            text = texts.get(name, "")
            words, mentions = self._read(text) if name == "text" else self._read_again(text)
            for mention in mentions:
                self._mentions.extend((len(self._lengths), *mention))
            self._lengths.append(len(words))
            self._flat.extend(words)

    def wording(self) -> Wording:
        """All that was added, words and abbreviations in order of the alphabet."""
        mentions = np.array(self._mentions, dtype=np.int32).reshape(-1, 4)
        unsorted = Wording(
            tuple(self._words),
            bounds_of(np.array(self._lengths, dtype=np.int64)),
            np.array(self._flat, dtype=np.int32),
            tuple(self._shorts),
            mentions,
        )
        return Wording.joined([unsorted], np.arange(len(unsorted), dtype=np.int64))

    def _read(self, text: str) -> tuple[array[int], list[tuple[int, int, int]]]:
        """The ids of a text's words; first word, count and short form of each mention."""
        shorts, words = self._shorts, words_in(text)
        as_printed: list[str] = []

        def printed(at: int) -> str:
            if not as_printed:
                as_printed.extend(printed_words(text))
            return as_printed[at]

        found = [
            (at, count, shorts[known.short])
            for at, count, known, _ in self._abbreviations.runs(words, printed)
        ]
        return array("i", map(self._words.__getitem__, words)), found


class _Numbers(dict[str, int]):
    """Names, numbered in the order in which they are first asked for."""

    def __missing__(self, name: str) -> int:
        self[name] = number = len(self)
        return number


def _runs(sizes: Sequence[int], rows: Ints) -> list[tuple[int, int, int]]:
    """The runs of rows that follow each other in one part: the part, its first and last row + 1."""
    bases = np.cumsum([0, *sizes])
    of_rows = np.searchsorted(bases, rows, side="right") - 1
    begins = (np.diff(rows, prepend=-2) != 1) | (np.diff(of_rows, prepend=-1) != 0)
    starts = np.flatnonzero(begins)
    firsts = (rows - bases[of_rows])[starts]
    stops = firsts + np.diff(starts, append=len(rows))
    return list(zip(of_rows[starts].tolist(), firsts.tolist(), stops.tolist(), strict=True))


def _renamed(
    names: Sequence[Sequence[str]], pieces: Sequence[tuple[int, NDArray[np.int32]]]
) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """One sorted vocabulary of what is used of several, and all codes in it, in order.

    A piece is the number of a vocabulary, and codes in it.
    """
    used = [np.zeros(len(part), dtype=bool) for part in names]
    for of, codes in pieces:
        used[of][codes] = True
    kept = [np.flatnonzero(mask) for mask in used]
    listed = [[part[at] for at in some.tolist()] for part, some in zip(names, kept, strict=True)]
    every = sorted(set().union(*listed))
    place = {name: at for at, name in enumerate(every)}
    maps = [np.zeros(len(part), dtype=np.int32) for part in names]
    for to, some, found in zip(maps, kept, listed, strict=True):
        to[some] = [place[name] for name in found]
    empty = np.zeros(0, dtype=np.int32)
    return tuple(every), np.concatenate([empty, *(maps[of][codes] for of, codes in pieces)])
