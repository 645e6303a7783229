"""The words of stored texts as the check compares them, taken from the index and not read again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.index.wording import Wording
from kb.similarity.features import FRAME_WEIGHT, VERB_OR_BODY
from kb.similarity.named import stem_number
from kb.similarity.reading import Reader
from kb.similarity.roles import CLAUSES, LESS, counts_of
from kb.similarity.vectors import Ints, said_in
from kb.similarity.words import Word

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]
_NONE = Word("", "", False, 0, 0)


@dataclass(frozen=True)
class _Columns:
    """What is known of each word, by its number.

    ``mass`` is its weight (little for a word of the frame), ``subject`` what it adds to the grounds
    of a subject, ``stem`` its number among the words that name concepts.
    """

    key: NDArray[np.int32]
    stem: NDArray[np.int32]
    weight: Floats
    mass: Floats
    subject: Floats
    is_stop: Marks
    is_frame: Marks
    is_rare: Marks
    is_count: Marks
    negates: Marks
    opens_clause: Marks

    @classmethod
    def of_size(cls, size: int) -> _Columns:
        kinds = {"key": np.int32, "stem": np.int32, "weight": float, "mass": float}
        kinds["subject"] = float
        return cls(*(np.zeros(size, kinds.get(name, bool)) for name in cls.__annotations__))


class Spoken:
    """The words of all stored texts; what a word is worth is looked up when it is first met.

    ``columns`` hold it for the words of rows that were asked for, ``words`` the words themselves;
    ``keys`` numbers the keys that were met. Threads may ask at once.
    """

    def __init__(
        self,
        wording: Wording,
        reader: Reader,
        weight: Callable[[str], float],
        is_rare: Callable[[str], bool],
    ) -> None:
        """``reader`` is the one that reads drafts; the two others tell of a key in this base."""
        self.weight = weight
        self._wording, self._reader, self._is_rare = wording, reader, is_rare
        size = len(wording.words) + len(wording.shorts)
        self.words = [_NONE] * size
        self.columns = _Columns.of_size(size)
        self.keys: dict[str, int] = {}
        self._is_known = np.zeros(size, dtype=bool)
        self._learning = threading.Lock()

    def said(self, rows: Ints) -> tuple[Ints, Ints]:
        """For each word of these rows in order: which of the rows, and the word's number."""
        of_row, numbers = said_in(self._wording, rows)
        if not self._is_known[numbers].all():
            with self._learning:
                for number in np.unique(numbers[~self._is_known[numbers]]).tolist():
                    self._learn(number)
        return of_row, numbers

    def words_of(self, numbers: Ints) -> Sequence[Word]:
        """These words, without the places at which they stand in a text."""
        return [self.words[number] for number in numbers.tolist()]

    def _learn(self, number: int) -> None:
        word, columns, language = self._word(number), self.columns, self._reader.language
        is_frame, verb = word.key in language.frame, bool(language.classes_of(word.form))
        is_rare = self._is_rare(word.key) and not is_frame and not verb
        weight = self.weight(word.key)
        columns.key[number] = self.keys.setdefault(word.key, len(self.keys))
        columns.stem[number] = stem_number(word.form)
        columns.weight[number] = weight
        columns.mass[number] = weight * FRAME_WEIGHT if is_frame else weight
        light = VERB_OR_BODY if verb or word.key in language.bodies else 1
        columns.subject[number] = 0.0 if is_frame else weight * light
        columns.is_stop[number], columns.is_frame[number] = word.is_stop, is_frame
        columns.is_rare[number] = is_rare
        columns.is_count[number] = bool(counts_of(frozenset([word.form])))
        columns.negates[number] = word.form in language.negations or word.form in LESS
        columns.opens_clause[number] = word.form in CLAUSES
        self.words[number] = word
        self._is_known[number] = True

    def _word(self, number: int) -> Word:
        listed = len(self._wording.words)
        if number < listed:
            return self._reader.word(self._wording.words[number])
        return self._reader.short_word(self._wording.shorts[number - listed])
