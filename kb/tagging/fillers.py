"""Which places of phrases a word can fill: looked up once a word, then read as bits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from kb.tagging.phrases import Alternative, WordPattern
from kb.tagging.tokens import Ints, lowered

_REMEMBERED = 200_000
_BITS: npt.NDArray[np.uint8] = np.left_shift(1, np.arange(8)).astype(np.uint8)
_BEGUN_WITH = 64  # rows made at once


class Fillers:
    """The different places of phrases, and for each word or compound the places it fills.

    A place is the set of alternatives that may stand there; every different one has a number.
    What fills the same places shares a row: row r's places are ``places[r]`` in rising order, and
    the same as bits in ``bits[r]``. Row 0 fills none.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[Alternative, ...], int] = {}
        self._whole: dict[str, list[tuple[WordPattern, int]]] = {}
        self._beginnings: dict[str, list[tuple[WordPattern, int]]] = {}
        self._rows: dict[tuple[int, ...], int] = {(): 0}
        self._row_of: dict[str, int] = {}
        self.places: list[Ints] = [np.zeros(0, dtype=np.int64)]
        self.bits: npt.NDArray[np.uint8] = np.zeros((0, 1), dtype=np.uint8)

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, alternatives: tuple[Alternative, ...]) -> int:
        """The number of a place; all are to be numbered before the first word is read."""
        number = self._numbers.get(alternatives)
        if number is None:
            number = self._numbers[alternatives] = len(self._numbers)
            for pattern in {words[0] for words in alternatives if len(words) == 1}:
                table = self._beginnings if pattern.is_prefix else self._whole
                table.setdefault(pattern.word, []).append((pattern, number))
        return number

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
        met: list[tuple[WordPattern, int]] = []
        for form in {word, word.removesuffix("s"), word.removesuffix("'s")}:
            met += self._whole.get(form, ())
        for length in range(1, len(word) + 1):
            met += self._beginnings.get(word[:length], ())
        return {number for pattern, number in met if pattern.matches(word, printed)}


def _bit(places: Ints) -> npt.NDArray[np.uint8]:
    return np.asarray(_BITS[places & 7])
