"""The labelled text that is most like a text, shown as a tag's precedent."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from kb.tagging.learning import LearningText
from kb.tagging.precedents import LEAST_LIKENESS, Precedents

THEMES = ["dash", "training"]


def learning_text(text: str, *yes: str) -> LearningText:
    return LearningText(text, yes=frozenset(yes), group="a", source=text)


def precedents() -> Precedents:
    """Three texts over three words; the last column stands for none of them."""
    texts = [
        learning_text("one", "dash"),
        learning_text("two", "dash"),
        learning_text("three", "training"),
    ]
    vectors = sparse.csr_matrix(np.array([[0.5, 0.0, 0], [0.3, 0.3, 0], [0.9, 0.1, 0]]))
    return Precedents.of(texts, THEMES, vectors)


def nearest(*row: float, theme: int = 0) -> str | None:
    vectors = sparse.csr_matrix(np.array([row]))
    found = precedents().nearest(vectors, np.array([0]), np.array([theme]))
    return found.whys[0] if len(found.pairs) else None


def test_the_nearest_text_of_the_theme_is_told_with_its_cosine() -> None:
    assert nearest(1.0, 0.2, 0) == "most like one (0.98): “one”"
    assert nearest(1.0, 0.2, 0, theme=1) == "most like three (1.00): “three”"


def test_a_text_is_no_precedent_of_itself_however_long_its_vector() -> None:
    assert nearest(0.1, 0.0, 0) == "most like two (0.71): “two”"


def test_what_is_hardly_like_it_is_no_precedent() -> None:
    assert LEAST_LIKENESS > 0
    assert nearest(0.0, 0.0, 1.0) is None
    assert nearest(0.0, 0.0, 0.0) is None


def test_texts_and_themes_asked_for_together_get_what_each_gets_alone() -> None:
    rows = [(1.0, 0.2, 0.0), (0.0, 0.0, 1.0), (0.1, 0.0, 0.0)]
    asked = [(row, theme) for theme in (0, 1) for row in range(3)]
    found = precedents().nearest(
        sparse.csr_matrix(np.array(rows)), *(np.array(part) for part in zip(*asked, strict=True))
    )
    alone = [nearest(*rows[row], theme=theme) for row, theme in asked]
    assert dict(zip(found.pairs.tolist(), found.whys, strict=True)) == {
        at: why for at, why in enumerate(alone) if why is not None
    }
