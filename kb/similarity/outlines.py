"""What many stored texts say, as arrays: enough to tell what pairs of them score at most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from kb.index.ragged import bounds_of
from kb.similarity.features import PREFIX, SLIPS_FROM, is_slip
from kb.similarity.named import Bits, concepts_named, stem_number
from kb.similarity.store import Similarity
from kb.similarity.vectors import Ints, are_stops, content_of, said_in, words_read


@dataclass(frozen=True)
class Outlines:
    """Some rows by what they say.

    ``counts`` is a csr matrix (rows × keys) of how often each content key stands there, ``keys``
    numbers the keys; ``named`` are the concepts of each row as bits (rows × 64-bit words).
    """

    keys: dict[str, int]
    counts: Any
    named: Bits

    @classmethod
    def of(cls, similarity: Similarity, rows: Ints) -> Outlines:
        """Those of some rows of an index; raises IndexUnreadable where its wording is gone."""
        from scipy.sparse import csr_array

        wording = similarity.wording
        read = words_read(wording, similarity.reader)
        of_rows, words = said_in(wording, rows)
        stems = np.array([stem_number(word.form) for word in read], dtype=np.int64)
        named = concepts_named(of_rows, stems[words], len(rows))
        of_rows, words = content_of(of_rows, words, are_stops(read))
        keys: dict[str, int] = {}
        key_of = np.array([keys.setdefault(word.key, len(keys)) for word in read], dtype=np.int64)
        bounds = bounds_of(np.bincount(of_rows, minlength=len(rows)))
        counts = csr_array(
            (np.ones(len(words)), key_of[words], bounds), shape=(len(rows), len(keys))
        )
        counts.sum_duplicates()
        return cls(keys, counts, named)

    def kin(self) -> Any:
        """Which keys are slips or beginnings of one another: a csr matrix (keys × keys)."""
        from scipy.sparse import csr_array

        found = sorted({*_beginnings(self.keys), *_slips(self.keys)})
        pairs = [(self.keys[a], self.keys[b]) for a, b in found]
        places = np.array(pairs + [(b, a) for a, b in pairs], dtype=np.int64).reshape(-1, 2)
        size = (len(self.keys), len(self.keys))
        return csr_array((np.ones(len(places)), (places[:, 0], places[:, 1])), shape=size)


def _beginnings(keys: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Keys that other keys begin with."""
    known = set(keys)
    for key in known:
        for length in range(PREFIX, len(key)):
            if key[:length] in known:
                yield key[:length], key


def _slips(keys: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Keys that are one slip of typing apart: without one letter each they are the same."""
    shortened: defaultdict[str, list[str]] = defaultdict(list)
    for key in keys:
        if len(key) >= SLIPS_FROM:
            for short in {key, *(key[:at] + key[at + 1 :] for at in range(len(key)))}:
                shortened[short].append(key)
    for like in shortened.values():
        yield from (pair for pair in combinations(sorted(like), 2) if is_slip(*pair))
