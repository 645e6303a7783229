"""Typical wordings: the recommendations that say what the others of their kind say."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from math import log, sqrt

import numpy as np

from kb.model import Entry
from kb.reports.rows import Places, Rows

_WORD = re.compile(r"[^\W\d_]{3,}")
_TOO_ALIKE = 0.6  # Jaccard overlap of words


def typical_wordings(rows: Rows, chosen: Places, limit: int = 5) -> list[Entry]:
    """The recommendations at places nearest to their centre, unlike each other, one a review.

    Texts are sets of words weighted by their rarity in all rows (inverse document frequency,
    K. Spärck Jones 1972); near is the cosine to the sum of all chosen texts.
    """
    rarity = _rarity(rows.texts(np.arange(len(rows))))
    texts = [_words(text) for text in rows.texts(chosen)]
    ids, reviews = rows.ids(chosen), rows.values("review").firsts(chosen)
    centre: defaultdict[str, float] = defaultdict(float)
    for words in texts:
        length = _length(words, rarity)
        for word in words:
            centre[word] += rarity[word] / length
    nearness = [
        sum(centre[word] * rarity[word] for word in sorted(words)) / _length(words, rarity)
        for words in texts
    ]
    order = sorted(range(len(ids)), key=lambda at: (-nearness[at], ids[at]))
    picked: list[int] = []
    for at in order:
        if len(picked) == limit:
            break
        same_review = any(reviews[at] == reviews[other] for other in picked)
        if not same_review and all(_alike(texts[at], texts[o]) < _TOO_ALIKE for o in picked):
            picked.append(at)
    return [rows.entry(int(chosen[at])) for at in picked]


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def _rarity(texts: Sequence[str]) -> dict[str, float]:
    found = Counter(chain.from_iterable(map(_words, texts)))
    return {word: log((1 + len(texts)) / many) for word, many in found.items()}


def _length(words: Iterable[str], rarity: dict[str, float]) -> float:
    return sqrt(sum(rarity[word] ** 2 for word in sorted(words))) or 1.0


def _alike(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 1.0
