"""The taxonomy as read and compiled, kept beside the model: used for what it was made from only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.index.generations import current
from kb.library import KnowledgeBase
from kb.library.compiled import MODEL, RULES, TAXONOMY, kept_rules, kept_taxonomy
from kb.tagging.rules import RuleSet
from kb.taxonomy import load_taxonomy

TEXTS = [
    "Draw a genogram for every family and share information with the police.",
    "The GP surgery should train ward staff; see the DASH risk checklist.",
]


def kept(home: Path, name: str) -> Path:
    return current(home / "index").folder / MODEL / name


def test_kept_rules_fire_as_compiled_ones(home: Path) -> None:
    sources = KnowledgeBase.open(home).sources
    folder = kept(home, RULES).parent
    stored = kept_rules(folder, sources.taxonomy, sources.settings, sources.abbreviations)
    compiled = RuleSet.of(sources.taxonomy.model, sources.abbreviations)
    assert stored.digest == compiled.digest
    assert stored.of_many(TEXTS) == compiled.of_many(TEXTS)
    assert any(stored.of_many(TEXTS))


def test_the_kept_taxonomy_is_the_one_that_the_file_gives(home: Path) -> None:
    path = home / "taxonomy.yaml"
    assert kept_taxonomy(home / "index", path).model == load_taxonomy(path).model


def test_a_changed_taxonomy_is_read_from_its_file(home: Path) -> None:
    path = home / "taxonomy.yaml"
    path.write_text(path.read_text().replace('"test-1"', "changed"))
    assert kept_taxonomy(home / "index", path).model.version == "changed"


def test_rules_kept_for_other_abbreviations_are_compiled_again(home: Path) -> None:
    texts = ["Ask the SIDAS to call back."]
    assert not any(KnowledgeBase.open(home).tagger.rules.of_many(texts))
    with (home / "kb.toml").open("a") as file:
        file.write('\n[abbreviations]\nSIDAS = "switchboard"\n')
    assert any(KnowledgeBase.open(home).tagger.rules.of_many(texts))


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"made_from": 1}', None])
def test_damaged_kept_files_are_made_again(home: Path, damage: str | None) -> None:
    said = KnowledgeBase.open(home).tag(TEXTS)
    for name in (RULES, TAXONOMY):
        path = kept(home, name)
        content = {**json.loads(path.read_bytes()), "content": {"digest": "x", "groups": 1}}
        path.write_text(json.dumps(content) if damage is None else damage)
    base = KnowledgeBase.open(home)
    assert base.taxonomy == load_taxonomy(home / "taxonomy.yaml").model
    assert base.tag(TEXTS) == said
