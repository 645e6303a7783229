"""Typical wordings: the recommendations that say what the others of their kind say."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import log, sqrt

import numpy as np

from kb.model import Entry
from kb.reports.rows import Rows

_WORD = re.compile(r"[^\W\d_]{3,}")
_TOO_ALIKE = 0.6  # Jaccard overlap of words


def typical_wordings(chosen: Sequence[Entry], everything: Rows, limit: int = 5) -> list[Entry]:
    """The entries of ``chosen`` nearest to their centre, unlike each other, one a review.

    Texts are sets of words weighted by their rarity in ``everything`` (inverse document
    frequency, K. Spärck Jones 1972); near is the cosine to the sum of all chosen texts.
    """
    rarity = _rarity(everything)
    texts = [_words(entry.recommendation.text) for entry in chosen]
    centre: defaultdict[str, float] = defaultdict(float)
    for words in texts:
        length = _length(words, rarity)
        for word in words:
            centre[word] += rarity[word] / length
    nearness = [
        sum(centre[word] * rarity[word] for word in sorted(words)) / _length(words, rarity)
        for words in texts
    ]
    order = sorted(range(len(chosen)), key=lambda at: (-nearness[at], chosen[at].id))
    picked: list[int] = []
    for at in order:
        if len(picked) == limit:
            break
        same_review = any(chosen[at].review.id == chosen[other].review.id for other in picked)
        if not same_review and all(_alike(texts[at], texts[o]) < _TOO_ALIKE for o in picked):
            picked.append(at)
    return [chosen[at] for at in picked]


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def _rarity(rows: Rows) -> dict[str, float]:
    texts = rows.texts(np.arange(len(rows)))
    found = Counter(word for text in texts for word in _words(text))
    return {word: log((1 + len(rows)) / many) for word, many in found.items()}


def _length(words: Iterable[str], rarity: dict[str, float]) -> float:
    return sqrt(sum(rarity[word] ** 2 for word in sorted(words))) or 1.0


def _alike(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 1.0
