"""The concepts that many texts name, found for all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kb.similarity.concepts import Concepts, load_concepts
from kb.similarity.vectors import Ints
from kb.text.tokens import stem

Bits = NDArray[np.uint64]


def stem_number(form: str) -> int:
    """The number of a word among those that concepts are named by, -1 where it is none."""
    return _steps().stems.get(stem(form), -1)


def concepts_named(rows: Ints, stems: Ints, count: int) -> Bits:
    """The concepts that each of so many rows names, as ``Concepts.named_in`` has them.

    ``rows`` and ``stems`` (by ``stem_number``) are those of each word of the texts in order.
    """
    steps = _steps()
    named = np.zeros((count, steps.bits.shape[1]), dtype=np.uint64)
    at, node = np.arange(len(stems)), np.zeros(len(stems), dtype=np.int64)
    for length in range(steps.longest):
        inside = at + length < len(stems)
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


@lru_cache(maxsize=1)
def _steps() -> _Steps:
    return _Steps(load_concepts())


def bits_of(numbers: Sequence[int], bits: int) -> Bits:
    """Numbers of many bits as rows of 64-bit words."""
    words = bits // 64 + 1
    parts = [[number >> 64 * at & (1 << 64) - 1 for at in range(words)] for number in numbers]
    return np.array(parts, dtype=np.uint64).reshape(-1, words)
