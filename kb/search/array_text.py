"""The words of a generation in order and as printed, from arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.index.postings import Postings
from kb.index.wording import FIELDS
from kb.index.words import Words


class ArrayText:
    """Phrases and beginnings of one generation; each answer is rows, ascending."""

    def __init__(self, folder: Path, postings: Postings) -> None:
        """Answer from these postings and the words in this folder."""
        self._folder = folder
        self._postings = postings

    @cached_property
    def words(self) -> Words:
        """The words as printed; raises IndexUnreadable if they are damaged."""
        return Words.open(self._folder)

    def phrase(self, stems: Sequence[str], field: str | None = None) -> NDArray[np.int64]:
        """The rows where these stems follow each other, in any field or in this one."""
        number = None if field is None else FIELDS.index(field)
        return self._postings.following(stems, number)

    def beginning(self, start: str) -> NDArray[np.int32]:
        """The rows with a word that begins so."""
        return np.unique(self.words.beginning(start))
