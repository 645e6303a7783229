from __future__ import annotations

from pathlib import Path

import pytest
from bases import TAXONOMY, kb, make_home

from kb.errors import WrongUsage
from kb.library import KnowledgeBase
from kb.library.learning import learning_texts
from kb.library.sources import Sources
from kb.tagging.learning import LearningText


def labels(home: Path) -> list[LearningText]:
    """What a knowledge base without a review of its own learns from judgements."""
    base = KnowledgeBase.open(home)
    sources = Sources(
        base.corpus, base.taxonomy_file, base.settings, base.abbreviations, base.agencies
    )
    return [text for text in learning_texts(sources, [], {}) if text.is_judged]


def test_starter_labels_of_shared_themes_are_learnt_and_others_are_not_judged(
    tmp_path: Path,
) -> None:
    learnt = labels(make_home(tmp_path / "home"))
    assert len(learnt) > 100
    assert {text.says("genograms") for text in learnt} == {True, False}
    assert {text.says("training") for text in learnt} == {True, False}
    assert {text.says("call-handling") for text in learnt} == {None}
    assert {text.complete for text in learnt} == {False}


def test_taxonomy_that_shares_no_theme_learns_nothing_of_the_starter(tmp_path: Path) -> None:
    own = TAXONOMY.replace("id: genograms", "id: family-trees").replace(
        "id: training\n", "id: lessons\n"
    )
    assert labels(make_home(tmp_path / "home", own)) == []


@pytest.mark.parametrize("text", ["", " ", "— !"])
def test_text_without_a_word_is_not_tagged(home: Path, text: str) -> None:
    with pytest.raises(WrongUsage, match="has no word"):
        KnowledgeBase.open(home).tag(["Draw a genogram", text])
    ran = kb("tag", text, home=home)
    assert ran.code != 0
    assert "nothing to tag" in ran.err
