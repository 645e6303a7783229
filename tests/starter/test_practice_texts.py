"""The practice texts teach every theme in many words, and copy no recommendation and no source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from kb.corpus import Corpus
from kb.library.home import starter_home
from kb.library.starter import PracticeText, practice_rows
from kb.taxonomy import load_taxonomy

NEAR_COPY = 0.6


@pytest.fixture(scope="module")
def rows() -> list[PracticeText]:
    return practice_rows(starter_home() / "corpus")


@pytest.fixture(scope="module")
def printed() -> list[str]:
    reviews = Corpus(starter_home() / "corpus").reviews()
    return [one.text for review in reviews for one in review.recommendations]


def test_every_theme_is_practised_often_and_no_other(rows: list[PracticeText]) -> None:
    known = {theme.id for theme in load_taxonomy(starter_home() / "taxonomy.yaml").model.themes()}
    counts = Counter(theme for row in rows for theme in row.themes)
    assert set(counts) == known
    assert min(counts.values()) >= 100
    assert sum(not row.themes for row in rows) >= 100
    assert sum(len(row.themes) > 4 for row in rows) / len(rows) < 0.05


def test_lengths_and_openings_vary(rows: list[PracticeText]) -> None:
    words = np.array([len(row.text.split()) for row in rows])
    assert words.min() >= 4
    assert words.max() <= 100
    assert (words < 15).mean() > 0.1
    assert (words > 30).mean() > 0.2
    openings = Counter(" ".join(row.text.split()[:2]).casefold() for row in rows)
    assert openings.most_common(1)[0][1] / len(rows) < 0.05


def test_no_practice_text_is_a_near_copy_of_a_recommendation_or_of_another(
    rows: list[PracticeText], printed: list[str]
) -> None:
    texts = [*(row.text for row in rows), *printed]
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 4), sublinear_tf=True)
    matrix = vectors.fit_transform(texts).astype(np.float32)
    close = []
    for first in range(0, len(rows), 1000):
        block = (matrix[first : min(first + 1000, len(rows))] @ matrix.T).tocoo()
        near = block.data > NEAR_COPY
        pairs = zip(block.row[near] + first, block.col[near], strict=True)
        close += [(texts[i], texts[j]) for i, j in pairs if i < j]
    assert close == []


def test_no_eight_words_stand_in_a_real_document_or_a_test_collection(
    rows: list[PracticeText], shared_documents: Path
) -> None:
    ours = {shingle: row.text for row in rows for shingle in shingles(row.text)}
    files = [path for path in shared_documents.parent.rglob("*") if path.suffix in {".txt", ".csv"}]
    assert files
    for path in files:
        found = {ours[s] for s in shingles(path.read_text("utf-8", "replace")) if s in ours}
        assert not found, path.name


def shingles(text: str, size: int = 8) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return zip(*(words[at:] for at in range(size)), strict=False)
