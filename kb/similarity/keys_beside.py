"""The content words of stored texts beside those of a draft, weighed for many texts at once."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator

import numpy as np
from numpy.typing import NDArray

from kb.similarity.bounds import Floats
from kb.similarity.features import (
    END,
    FULL_GROUNDS,
    NEAR_CREDIT,
    ONE_WORD,
    PREFIX,
    are_near,
    near_keys,
    weigh_each,
)
from kb.similarity.reading import Reading
from kb.similarity.spoken import Spoken
from kb.similarity.vectors import Ints

Marks = NDArray[np.bool_]


class KeysBeside:
    """Each key of each text once, with the first word that has it, beside a draft's keys.

    What is shared or stands in one text alone is ``float64[texts]``, as ``features._Mass`` and
    ``features._grounds`` have it.
    """

    def __init__(
        self, spoken: Spoken, draft: Reading, of_text: Ints, words: Ints, count: int
    ) -> None:
        """``of_text`` and ``words`` are the texts and numbers of their content words in order."""
        self._spoken, self._draft, self._count = spoken, draft, count
        keys = spoken.columns.key[words].astype(np.int64)
        self._size = int(keys.max(initial=-1)) + 1
        _, self._first = np.unique(of_text * self._size + keys, return_index=True)
        self._text, self._word = of_text[self._first], words[self._first]
        self._key = keys[self._first]
        self._is_shared = self._held(draft.keys)[self._key]
        self._weigh_all()

    def _weigh_all(self) -> None:
        columns, shared = self._spoken.columns, self._is_shared
        both, self.only_stored = (self._sum(columns.mass, marks) for marks in (shared, ~shared))
        self.only_draft = self._mass(self._draft.keys) - both
        subject = self._sum(columns.subject, shared)
        counted = self._sum((~columns.is_frame).astype(np.float64), shared)
        self.rare = np.minimum(1.0, self._sum(columns.is_rare.astype(np.float64), shared) / 2)
        slips = np.zeros(self._count)
        for text, ours, theirs in self._near():
            slips[text] = self._mass(ours)
            self.only_draft[text] -= slips[text]
            self.only_stored[text] -= columns.mass[theirs].sum()
            subject[text] += columns.subject[theirs].sum()
            counted[text] += (~columns.is_frame[theirs]).sum()
        self.lost = slips * (1 - NEAR_CREDIT)
        self.shared = both + slips * NEAR_CREDIT
        for alone in (self.only_draft, self.only_stored):
            np.maximum(alone, 0.0, out=alone)
        grounds = np.minimum(1.0, subject / (FULL_GROUNDS * self._spoken.weight("")))
        self.grounds = grounds * np.where(counted > 1, 1.0, ONE_WORD)

    def one_sentence(self) -> Floats:
        """The cosine of each text, as one sentence, and the draft's sentence most like it."""
        squares = self._spoken.columns.weight**2
        whole = self._sum(squares, np.ones(len(self._text), dtype=bool))
        best = np.zeros(self._count)
        for sentence in self._draft.sentences:
            own = math.fsum([self._spoken.weight(key) ** 2 for key in sentence])
            both = self._sum(squares, self._held(sentence)[self._key])
            best = np.maximum(best, both / np.sqrt(np.maximum(whole * own, 1e-12)))
        return best

    def _sum(self, column: Floats, marks: Marks) -> Floats:
        values = column[self._word[marks]]
        sums = np.bincount(self._text[marks], weights=values, minlength=self._count)
        return sums.astype(np.float64, copy=False)

    def _mass(self, keys: Collection[str]) -> float:
        return math.fsum(weigh_each(keys, self._spoken.weight, self._draft.language.frame))

    def _held(self, keys: Collection[str]) -> Marks:
        """Which of the numbered keys are among these."""
        held, known = np.zeros(self._size, dtype=bool), self._spoken.keys
        numbers = [known[key] for key in keys if key in known]
        held[[number for number in numbers if number < self._size]] = True
        return held

    def _near(self) -> Iterator[tuple[int, list[str], Ints]]:
        """The texts with slips and beginnings: the draft's keys, and the words that they are."""
        words = self._spoken.words
        kin = np.isin(self._word, self._kin()) & ~self._is_shared
        for text in np.unique(self._text[kin]).tolist():
            places = np.flatnonzero(self._text == text)
            places = places[np.argsort(self._first[places])]
            of_key = {words[at].key: at for at in self._word[places].tolist()}
            near = near_keys(self._draft.keys, of_key)
            yield text, [*near], np.array([of_key[key] for key in near.values()], dtype=np.int64)

    def _kin(self) -> list[int]:
        """The words of one text or another that may be a slip or beginning of a draft's key."""
        heads, tails = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
        for key in self._draft.keys:
            if len(key) >= PREFIX:
                heads[key[:END]].append(key)
                tails[key[-END:]].append(key)
        kin = []
        for word in np.unique(self._word[~self._is_shared]).tolist():
            other = self._spoken.words[word].key
            like = [*heads.get(other[:END], ()), *tails.get(other[-END:], ())]
            if like and len(other) >= PREFIX and any(are_near(key, other) for key in like):
                kin.append(word)
        return kin
