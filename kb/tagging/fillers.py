"""Which places of phrases a word can fill: looked up once a word, then read as bits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from kb.tagging.phrases import Alternative
from kb.tagging.tokens import Ints, lowered

_REMEMBERED = 200_000
_BITS: npt.NDArray[np.uint8] = np.left_shift(1, np.arange(8)).astype(np.uint8)
_BEGUN_WITH = 64  # rows made at once


# For each word of a place: whether it counts only in capitals (0 or 1), and the place's number.
Table = dict[str, list[list[int]]]


class Places:
    """The different places of phrases, numbered, and by which words each is filled.

    A place is the set of alternatives that may stand there. ``whole`` are words as they are,
    ``beginnings`` those that a word may go on from.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[Alternative, ...], int] = {}
        self.whole: Table = {}
        self.beginnings: Table = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, alternatives: tuple[Alternative, ...]) -> int:
        """The number of a place."""
        number = self._numbers.get(alternatives)
        if number is None:
            number = self._numbers[alternatives] = len(self._numbers)
            # In order, so that the same phrases always come to the same tables.
            for pattern in sorted({words[0] for words in alternatives if len(words) == 1}):
                table = self.beginnings if pattern.is_prefix else self.whole
                table.setdefault(pattern.word, []).append([int(pattern.capitals), number])
        return number


class Fillers:
    """For each word or compound the places that it fills.

    What fills the same places shares a row: row r's places are ``places[r]`` in rising order, and
    the same as bits in ``bits[r]``. Row 0 fills none.
    """

    def __init__(self, count: int, whole: Table, beginnings: Table) -> None:
        """Fill so many places by these words and beginnings of words, as ``Places`` has them."""
        self._count = count
        self._whole = whole
        self._beginnings = beginnings
        self._rows: dict[tuple[int, ...], int] = {(): 0}
        self._row_of: dict[str, int] = {}
        self.places: list[Ints] = [np.zeros(0, dtype=np.int64)]
        self.bits: npt.NDArray[np.uint8] = np.zeros((0, 1), dtype=np.uint8)

    def __len__(self) -> int:
        return self._count

    def rows(self, words: Sequence[str]) -> Ints:
        """The row of each printed word."""
        if len(self._row_of) > _REMEMBERED:
            self._row_of.clear()
        known = self._row_of
        for word in words:
            if word not in known:
                known[word] = self.row(self._filled(word))
        return np.fromiter(map(known.__getitem__, words), np.int64, len(words))

    def row(self, places: Iterable[int]) -> int:
        """The row of what fills these places."""
        key = tuple(sorted(set(places)))
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = len(self.places)
            self.places.append(np.asarray(key, dtype=np.int64))
            if row >= len(self.bits):
                bits = np.zeros((2 * row + _BEGUN_WITH, len(self) // 8 + 1), dtype=np.uint8)
                bits[: len(self.bits)] = self.bits
                self.bits = bits
            np.bitwise_or.at(self.bits[row], self.places[row] >> 3, _bit(self.places[row]))
        return row

    def fill(self, rows: Ints, places: Ints) -> npt.NDArray[np.bool_]:
        """Whether each row fills the place beside it."""
        if not len(self.bits):
            return np.zeros(len(rows), dtype=np.bool_)
        return np.asarray((self.bits[rows, places >> 3] & _bit(places)) > 0)

    def _filled(self, printed: str) -> set[int]:
        word = lowered(printed)
        met = [(form, self._whole.get(form, ())) for form in _singulars(word)]
        begun = (word[:length] for length in range(1, len(word) + 1))
        met += [(form, self._beginnings.get(form, ())) for form in begun]
        return {
            number
            for form, places in met
            for capitals, number in places
            if not capitals or printed.startswith(form.upper())
        }


def _singulars(word: str) -> set[str]:
    return {word, word.removesuffix("s"), word.removesuffix("'s")}


def _bit(places: Ints) -> npt.NDArray[np.uint8]:
    return np.asarray(_BITS[places & 7])
