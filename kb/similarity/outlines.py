"""What many stored texts say, as arrays: enough to tell what pairs of them score at most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.index.ragged import bounds_of
from kb.similarity.concepts import Concepts, load_concepts
from kb.similarity.features import PREFIX, SLIPS_FROM, is_slip
from kb.similarity.store import Similarity
from kb.similarity.vectors import Ints, content_of, said_in, words_read
from kb.text.tokens import stem

Bits = NDArray[np.uint64]


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
        of_rows, words = said_in(wording)
        named = _named(of_rows, words, [word.form for word in read], len(wording))
        of_rows, words = content_of(of_rows, words, read)
        keys: dict[str, int] = {}
        key_of = np.array([keys.setdefault(word.key, len(keys)) for word in read], dtype=np.int64)
        bounds = bounds_of(np.bincount(of_rows, minlength=len(wording)))
        counts = csr_array(
            (np.ones(len(words)), key_of[words], bounds), shape=(len(wording), len(keys))
        )
        counts.sum_duplicates()
        return cls(keys, counts[rows], named[rows])

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


def _named(rows: Ints, words: Ints, forms: Sequence[str], count: int) -> Bits:
    """The concepts that each of so many rows names, as ``Concepts.named_in`` has them."""
    steps = _Steps(load_concepts())
    stems = np.array([steps.stems.get(stem(form), -1) for form in forms], dtype=np.int64)[words]
    named = np.zeros((count, steps.bits.shape[1]), dtype=np.uint64)
    at, node = np.arange(len(words)), np.zeros(len(words), dtype=np.int64)
    for length in range(steps.longest):
        inside = at + length < len(words)
        at, node = at[inside], node[inside]
        inside = rows[at + length] == rows[at]
        at, node = at[inside], node[inside]
        node = steps.from_(node, stems[at + length])
        at, node = at[node > 0], node[node > 0]
        np.bitwise_or.at(named, rows[at], steps.bits[node])
    return named


class _Steps:
    """The phrases of all concepts as steps from word to word; what each node names as bits."""

    def __init__(self, concepts: Concepts) -> None:
        self.stems: dict[str, int] = {}
        nodes: dict[tuple[int, ...], int] = {(): 0}
        steps: dict[tuple[int, int], int] = {}
        named = [0]
        for phrase, bits in concepts.phrases.items():
            path: tuple[int, ...] = ()
            for word in phrase:
                number = self.stems.setdefault(word, len(self.stems))
                before, path = nodes[path], (*path, number)
                if path not in nodes:
                    nodes[path] = steps[before, number] = len(nodes)
                    named.append(0)
            named[nodes[path]] |= bits
        self.longest = max(map(len, concepts.phrases), default=0)
        self.bits = bits_of(named, len(concepts.numbers))
        codes = {before * len(self.stems) + word: to for (before, word), to in steps.items()}
        self._codes = np.array(sorted(codes), dtype=np.int64)
        self._to = np.array([codes[code] for code in sorted(codes)], dtype=np.int64)

    def from_(self, nodes: Ints, stems: Ints) -> Ints:
        """The nodes that these words lead to, 0 where they lead nowhere."""
        codes = nodes * len(self.stems) + stems
        places = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        is_step = (self._codes[places] == codes) & (stems >= 0)
        return np.where(is_step, self._to[places], 0)


def bits_of(numbers: Sequence[int], bits: int) -> Bits:
    """Numbers of many bits as rows of 64-bit words."""
    words = bits // 64 + 1
    parts = [[number >> 64 * at & (1 << 64) - 1 for at in range(words)] for number in numbers]
    return np.array(parts, dtype=np.uint64).reshape(-1, words)
