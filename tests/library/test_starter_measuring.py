"""Measuring on the starter: its test set is never learnt from or shown, its records are checked."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bases import FELLSIDE, done, make_home, refused, write_plan

from kb.corpus import Corpus
from kb.errors import CorpusError
from kb.library import KnowledgeBase
from kb.library.home import starter_home
from kb.library.learning import learning_texts
from kb.library.sources import Sources, by_recommendation, shown_reviews
from kb.library.starter import LABELLING, PAIRS, is_test_review, judged_pairs, labelling
from kb.model import STARTER, ThemeJudgement

LABELLED = {
    "recommendation": "a-1/1",
    "digest": "0" * 16,
    "first": ["dash", "training"],
    "second": ["dash"],
    "settled": ["dash"],
    "reason": "the course is the setting\u2028alone",
}


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge base with the starter corpus, not built."""
    folder = tmp_path_factory.mktemp("starter") / "home"
    done("init", folder, "--starter")
    return folder


def learnt(home: Path) -> dict[str, str]:
    """The review of each judged text that a knowledge base learns from, by where it stands."""
    base = KnowledgeBase.open(home)
    reviews = shown_reviews(base.corpus, base.settings)
    texts = learning_texts(base.sources, reviews, by_recommendation(base.corpus))
    return {text.source: text.group for text in texts if text.is_judged}


def learnt_reviews(home: Path) -> set[str]:
    """The reviews of these texts."""
    return set(learnt(home).values())


def test_a_shared_knowledge_base_learns_from_nothing_unpublished(
    starter: Path, tmp_path: Path
) -> None:
    hidden = {
        review.id
        for review in Corpus(starter_home() / "corpus").reviews()
        if review.publication != "published"
    }
    other = make_home(tmp_path / "other")
    assert hidden & learnt_reviews(starter)
    assert hidden & learnt_reviews(other)
    settings = starter / "kb.toml"
    before = settings.read_text("utf-8")
    try:
        for home in (starter, other):
            (home / "kb.toml").write_text('audience = "shared"\n', "utf-8")
            assert not hidden & learnt_reviews(home)
            assert learnt_reviews(home)
    finally:
        settings.write_text(before, "utf-8")


def test_a_text_that_is_not_stored_here_is_said_to_be_the_starters(
    starter: Path, tmp_path: Path
) -> None:
    told = learnt(make_home(tmp_path / "other"))
    assert told
    assert all(source.endswith(" of the starter corpus") for source in told)
    assert not [source for source in learnt(starter) if "starter" in source]


def test_no_review_of_the_test_set_is_learnt_from_here_or_elsewhere(
    starter: Path, tmp_path: Path
) -> None:
    known = set(KnowledgeBase.open(starter_home()).corpus.review_ids())
    for home in (starter, make_home(tmp_path / "other")):
        learnt = learnt_reviews(home) & known
        assert len(learnt) > 10
        assert not {review_id for review_id in learnt if is_test_review(review_id)}


def test_a_person_who_judges_in_the_test_set_teaches_nothing(starter: Path) -> None:
    base = KnowledgeBase.open(starter)
    judged = by_recommendation(base.corpus)
    one = next(i for i in judged if is_test_review(i.rpartition("/")[0]))
    judged[one].append(judged[one][0].model_copy(update={"who": "anna"}))
    assert STARTER in {judgement.who for judgement in judged[one]}
    sources = Sources(
        base.corpus, base.taxonomy_file, base.settings, base.abbreviations, base.agencies
    )
    texts = learning_texts(sources, list(base.corpus.reviews()), judged)
    assert one.rpartition("/")[0] not in {text.group for text in texts}


def test_whoever_writes_rules_or_judges_is_not_shown_the_test_set(home: Path) -> None:
    base = KnowledgeBase.open(home)
    kept = next(f"ousel-{n}" for n in range(100) if is_test_review(f"ousel-{n}"))
    plan = write_plan(home.parent / "ousel.csv", [*FELLSIDE[1:], FELLSIDE[0]])
    done("add", plan, "--review-id", kept, home=home)
    entry = ThemeJudgement(
        who=STARTER,
        when=datetime(2026, 1, 2, tzinfo=UTC),
        recommendation=f"{kept}/1",
        digest="0" * 16,
        yes=("genograms",),
        complete=True,
        taxonomy_version=base.taxonomy.version,
    )
    with (home / "corpus" / "judgements.jsonl").open("a", encoding="utf-8") as file:
        file.write(entry.model_dump_json(exclude_defaults=False) + "\n")
    done("build", home=home)
    assert kept in done("show", kept, home=home).out
    assert f"{kept}/" not in done("queue", "--limit", "500", home=home).out
    assert f"{kept}/" not in done("taxonomy", "try", "genograms", home=home).out


def test_only_one_thing_is_measured_at_once_and_only_where_there_is_something(home: Path) -> None:
    said = refused(2, "evaluate", "--test", "--agreement", home=home)
    assert "Give one of them" in said
    assert "kb init DIR --starter" in refused(2, "evaluate", "--test", home=home)
    assert "kb init DIR --starter" in refused(2, "evaluate", "--agreement", home=home)


def test_agreement_of_the_passes_is_counted_as_stored(home: Path) -> None:
    line = json.dumps({**LABELLED, "first": ["genograms", "training"], "second": ["genograms"]})
    (home / "corpus" / LABELLING).write_text(f"{line}\n\n", "utf-8")
    themes = done("evaluate", "--agreement", "--json", home=home).json["themes"]
    assert (themes["texts"], themes["micro"]["both"], themes["micro"]["first"]) == (1, 1, 2)
    said = done("evaluate", "--agreement", home=home).out
    assert "genograms" in said
    assert "pairs" not in said


def test_a_line_separator_in_a_text_and_an_empty_line_end_no_record(tmp_path: Path) -> None:
    line = json.dumps(LABELLED, ensure_ascii=False)
    (tmp_path / LABELLING).write_text(f"{line}\n\n{line}\n", "utf-8")
    assert [one.reason for one in labelling(tmp_path)] == [LABELLED["reason"]] * 2


@pytest.mark.parametrize("line", [b"xx", b"\xff\xfe{}", b"[]", b'{"b": "a-1/1", "kind": "same"}'])
def test_a_record_that_cannot_be_read_is_named_by_its_line(tmp_path: Path, line: bytes) -> None:
    (tmp_path / PAIRS).write_bytes(line + b"\n")
    with pytest.raises(CorpusError, match="cannot be read") as refusal:
        judged_pairs(tmp_path)
    assert str(refusal.value.place).endswith("pairs.jsonl, line 1")
