from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from engines import engine_over_texts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.index.postings import Postings
from kb.index.wording import FIELDS
from kb.search.query import Term
from kb.search.ranking import NEAR, NEARNESS, Ranker
from kb.text.abbreviations import Abbreviations

WORDS = ("arm", "bed", "cup", "dog")
TEXTS = [
    "arm bed",
    "bed arm cup dog arm",
    "arm the the bed",
    "arm cup bed",
    "dog dog cup",
    "arm arm bed bed cup",
    "cup",
]


@pytest.fixture(scope="module")
def ranker(tmp_path_factory: pytest.TempPathFactory) -> Ranker:
    folder = tmp_path_factory.mktemp("index")
    engine_over_texts(folder, TEXTS).close()
    return Ranker(Postings.open(folder, len(FIELDS)), Abbreviations([], {}))


def expected(ranker: Ranker, words: Sequence[str], text: str) -> float:
    """Pair by pair and place by place."""
    held = text.split()
    frequency = {word: sum(word in one.split() for one in TEXTS) for word in WORDS}
    gained = 0.0
    for pair in dict.fromkeys(pair for pair in pairwise(words) if pair[0] != pair[1]):
        distances = [
            abs(there - here)
            for here, first in enumerate(held)
            for there, second in enumerate(held)
            if (first, second) == pair and abs(there - here) <= NEAR
        ]
        if distances:
            weight = min(ranker.idf(frequency[word]) for word in pair)
            gained += NEARNESS * weight / min(distances)
    return gained


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6))
def test_each_pair_of_neighbours_counts_once_by_its_closest_occurrence(
    ranker: Ranker, words: list[str]
) -> None:
    gained = ranker.nearness([Term(word, word) for word in words], np.arange(len(TEXTS)))
    assert gained.tolist() == pytest.approx([expected(ranker, words, one) for one in TEXTS])


def test_a_word_that_nothing_holds_is_passed_over(ranker: Ranker) -> None:
    words = [Term(word, word) for word in ("arm", "xylophone", "bed")]
    assert ranker.nearness(words, np.arange(len(TEXTS))).tolist() == [0.0] * len(TEXTS)
