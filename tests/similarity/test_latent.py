from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kb import KnowledgeBase
from kb.errors import IndexUnreadable
from kb.similarity.check import check
from kb.similarity.facts import Facts
from kb.similarity.latent import join_latent, open_latent, save_latent
from kb.similarity.store import Similarity
from kb.similarity.writing import build_similarity
from kb.tagging.latent import LEAST, latent_vectors
from kb.text.abbreviations import Abbreviations

MEETING = "Practices should tell the MARAC what they hold on each person on its list."


def test_a_text_leans_to_its_likely_themes_and_not_to_those_of_chance() -> None:
    vectors = latent_vectors(np.array([[0.9, 0.1, LEAST, 0.0], [0.0, LEAST, 0.0, 0.0]]))
    assert vectors[0, 0] > vectors[0, 1] > 0
    assert vectors[0, 2:].tolist() == [0.0, 0.0]
    assert np.linalg.norm(vectors[0]) == pytest.approx(1, abs=1e-6)
    assert vectors[1].tolist() == [0.0] * 4


def test_cosines_are_those_of_the_vectors_that_were_saved(tmp_path: Path) -> None:
    rows = np.array([[1, 0], [0, 1], [0.6, 0.8], [0, 0]], dtype=np.float32)
    save_latent(tmp_path, [rows[:3], rows[3:]])
    latent = open_latent(tmp_path)
    found = latent.cosines(np.array([0.6, 0.8], dtype=np.float32))
    assert found == pytest.approx([0.6, 0.8, 1.0, 0.0], abs=0.01)
    assert latent.cosine(0, 2) == pytest.approx(0.6, abs=0.01)
    assert latent.of(1) == pytest.approx([0, 1])


def test_parts_are_joined_in_the_order_of_the_wanted_rows(tmp_path: Path) -> None:
    parts = [tmp_path / name for name in ("one", "none", "two")]
    for part, rows in zip(parts, ([[1, 0], [0, 1]], [], [[0.6, 0.8]]), strict=True):
        part.mkdir()
        save_latent(part, [np.array(rows, dtype=np.float32)] if rows else [])
    join_latent(tmp_path, parts, np.array([2, 0]))
    assert open_latent(tmp_path).rows.tolist() == [[76, 102], [127, 0]]


def test_a_vector_of_another_model_is_refused(tmp_path: Path) -> None:
    save_latent(tmp_path, [np.eye(2, dtype=np.float32)])
    with pytest.raises(IndexUnreadable, match="do not fit together"):
        open_latent(tmp_path).cosines(np.ones(3, dtype=np.float32))


def test_nothing_stored_is_near_to_nothing(tmp_path: Path) -> None:
    save_latent(tmp_path, [])
    latent = open_latent(tmp_path)
    assert latent.cosines(np.ones(3, dtype=np.float32)).tolist() == []


def test_an_original_that_shares_no_word_is_looked_at(
    tmp_path: Path, abbreviations: Abbreviations
) -> None:
    other = [f"Practices should tell the clinic what they hold on list {n}." for n in range(80)]
    facts = [Facts(f"r{n}/1", f"r{n}", text) for n, text in enumerate([*other, MEETING])]
    latent = np.zeros((len(facts), 2), dtype=np.float32)
    latent[:-1, 0] = latent[-1, 1] = 1
    build_similarity(tmp_path, facts, abbreviations, latent=latent)
    draft = "Doctors bring to the conference their notes about whoever is discussed"
    base = Similarity.open(tmp_path)
    found = check(base, draft, latent=np.array([0, 1], dtype=np.float32), limit=50)
    assert facts[-1].id in [match.facts.id for match in found.matches]
    assert found.matches[0].features["latent_cosine"] == pytest.approx(1)
    assert facts[-1].id not in [m.facts.id for m in check(base, draft, limit=50).matches]


def test_the_index_holds_the_vectors_that_its_model_gives(built: Path) -> None:
    base = KnowledgeBase.open(built)
    similarity = base.index.similarity
    texts = [similarity.facts(row).text for row in range(len(similarity))]
    _, latent = base.tagger.decide_and_place(texts)
    stored = np.array([similarity.latent.of(row) for row in range(len(similarity))])
    assert latent.any()
    assert stored == pytest.approx(latent, abs=0.5 / 127 + 1e-6)
