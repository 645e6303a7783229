"""What is told of stored texts one after another beside a draft, without reading them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kb.index.ragged import bounds_of
from kb.similarity.alignment import Alignment, features_of
from kb.similarity.bounds import Floats
from kb.similarity.features import FRAME_WEIGHT, Side, asked_of, edit
from kb.similarity.reading import Reading, has_inner_mark
from kb.similarity.store import Similarity
from kb.similarity.traits import apart, best_sentence, word_set
from kb.similarity.vectors import Ints

Features = dict[str, float]


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
        bounds = bounds_of(np.bincount(of_text, minlength=len(self._rows))).tolist()
        words = spoken.words_of(said)
        for at, (row, counts) in enumerate(
            zip(self._rows.tolist(), counting.tolist(), strict=True)
        ):
            known = self._similarity.known(row)
            reading = Reading("", tuple(words[bounds[at] : bounds[at + 1]]), draft.language)
            is_one = not has_inner_mark(known["text"])
            if reading.is_passive or not is_one:  # for these it counts where the words stand
                reading = self._similarity.reader.read(known["text"])
            theirs = Side(
                reading, *(frozenset(known.get(name, ())) for name in ("sectors", "themes"))
            )
            yield {
                **asked_of(self._draft, theirs),
                "edit": edit(draft.sorted_words, reading.sorted_words),
                "word_set": word_set(draft.sorted_words, reading.sorted_words),
                "other_counts": apart(draft.counts, reading.counts if counts else frozenset()),
                "best_sentence": np.nan if is_one else self._likest_sentence(reading),
            }

    def _likest_sentence(self, reading: Reading) -> float:
        ours = self._draft.reading.sentences
        return best_sentence(ours, reading.sentences, self._spoken.weight)

    def _aligned(self, of_text: Ints, words: Ints) -> Iterator[Features]:
        """What stands in both in the same order, and what takes whose place."""
        draft, spoken = self._draft.reading, self._spoken
        weight, frame = spoken.weight, draft.language.frame
        ours = [weight(key) * (FRAME_WEIGHT if key in frame else 1) for key in draft.in_order]
        keys, mass = (
            column[words].tolist() for column in (spoken.columns.key, spoken.columns.mass)
        )
        unknown: dict[str, int] = {}
        known = spoken.keys
        here = [
            known[key] if key in known else unknown.setdefault(key, -1 - len(unknown))
            for key in draft.in_order
        ]
        bounds = bounds_of(np.bincount(of_text, minlength=len(self._rows))).tolist()
        for start, end in zip(bounds, bounds[1:], strict=False):
            alignment = Alignment.of(here, keys[start:end])
            yield features_of(alignment, ours, mass[start:end])
