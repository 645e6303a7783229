"""The practice pairs are of every kind, and copy no recommendation of a review."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from kb.corpus import Corpus
from kb.library.home import starter_home

NEAR_COPY = 0.7


@pytest.fixture(scope="module")
def pairs() -> list[dict[str, str]]:
    path = starter_home() / "corpus" / "practice_pairs.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_repeats_and_near_misses_are_many_and_of_every_sort(pairs: list[dict[str, str]]) -> None:
    kinds = Counter(pair["kind"] for pair in pairs)
    assert min(kinds["repeat"], kinds["near-miss"]) >= 600
    strengths = Counter(pair["strength"] for pair in pairs if pair["kind"] == "repeat")
    assert min(strengths[name] for name in ("light", "medium", "heavy")) >= 200
    differences = Counter(pair["difference"] for pair in pairs if pair["kind"] == "near-miss")
    assert len(differences) == 8
    assert min(differences.values()) >= 60


def test_no_text_is_a_near_copy_of_a_recommendation(pairs: list[dict[str, str]]) -> None:
    ours = [pair[side] for pair in pairs for side in ("a_text", "b_text")]
    reviews = Corpus(starter_home() / "corpus").reviews()
    printed = [one.text for review in reviews for one in review.recommendations]
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 4), sublinear_tf=True)
    matrix = vectors.fit_transform([*ours, *printed])
    cosines = (matrix[: len(ours)] @ matrix[len(ours) :].T).tocoo()
    near = cosines.data > NEAR_COPY
    found = {
        (ours[a], printed[b]) for a, b in zip(cosines.row[near], cosines.col[near], strict=True)
    }
    assert found == set()
