"""What is told of stored texts one after another beside a draft, without reading them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from kb.index.ragged import bounds_of
from kb.similarity.alignment import Alignment, features_of
from kb.similarity.bounds import Floats
from kb.similarity.features import Side, asked_of, edit, weigh_each
from kb.similarity.reading import Reading, has_inner_mark
from kb.similarity.store import Similarity
from kb.similarity.traits import apart, best_sentence, word_set
from kb.similarity.vectors import Ints
from kb.similarity.words import Word

Features = dict[str, float]
_NONE: frozenset[str] = frozenset()


class TextsBeside:
    """Some rows of an index beside a draft, each for itself."""

    def __init__(self, similarity: Similarity, draft: Side, rows: Ints) -> None:
        self._similarity, self._draft, self._rows = similarity, draft, rows
        self._spoken = similarity.spoken

    def features(self, of_text: Ints, said: Ints, content: tuple[Ints, Ints]) -> dict[str, Floats]:
        """Verbs, addressees, themes, figures, order and likeness; ``best_sentence`` is none (NaN)
        where the whole text is one sentence.

        ``of_text`` and ``said`` are the texts and words of the rows in order, ``content`` those
        that carry the subject.
        """
        told = zip(self._read(of_text, said), self._aligned(*content), strict=True)
        each = [{**read, **aligned} for read, aligned in told]
        return {name: np.array([one[name] for one in each], dtype=np.float64) for name in each[0]}

    def _read(self, of_text: Ints, said: Ints) -> Iterator[Features]:
        """What is asked, as words tell it and what is known of the rows beside their words."""
        draft, spoken = self._draft.reading, self._spoken
        counting = np.zeros(len(self._rows), dtype=bool)
        counting[of_text[spoken.columns.is_count[said]]] = True
        words = spoken.words_of(said)
        for at, (start, end) in enumerate(self._spans(of_text)):
            known = self._similarity.known(int(self._rows[at]))
            reading = self._reading(tuple(words[start:end]), known["text"])
            stored = Side(reading, frozenset(known["sectors"]), frozenset(known["themes"]))
            yield {
                **asked_of(self._draft, stored),
                "edit": edit(draft.sorted_words, reading.sorted_words),
                "word_set": word_set(draft.sorted_words, reading.sorted_words),
                "other_counts": apart(draft.counts, reading.counts if counting[at] else _NONE),
                "best_sentence": self._likest_sentence(reading),
            }

    def _reading(self, words: tuple[Word, ...], text: str) -> Reading:
        """A text from its words, or read in full where it counts at what places they stand."""
        reading = Reading("", words, self._draft.reading.language)
        if reading.is_passive or has_inner_mark(text):
            return self._similarity.reader.read(text)
        return reading

    def _spans(self, of_text: Ints) -> Iterator[tuple[int, int]]:
        return pairwise(bounds_of(np.bincount(of_text, minlength=len(self._rows))).tolist())

    def _likest_sentence(self, reading: Reading) -> float:
        if not has_inner_mark(reading.text):
            return math.nan
        ours = self._draft.reading.sentences
        return best_sentence(ours, reading.sentences, self._spoken.weight)

    def _aligned(self, of_text: Ints, words: Ints) -> Iterator[Features]:
        """What stands in both in the same order, and what takes whose place."""
        draft, spoken = self._draft.reading, self._spoken
        ours = weigh_each(draft.in_order, spoken.weight, draft.language.frame)
        keys, mass = (
            column[words].tolist() for column in (spoken.columns.key, spoken.columns.mass)
        )
        unknown: dict[str, int] = {}
        known = spoken.keys
        here = [
            known[key] if key in known else unknown.setdefault(key, -1 - len(unknown))
            for key in draft.in_order
        ]
        for start, end in self._spans(of_text):
            alignment = Alignment.of(here, keys[start:end])
            yield features_of(alignment, ours, mass[start:end])
