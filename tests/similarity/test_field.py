"""A text on something else is told by its words, and is not of one subject with what is stored."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kb.library.home import starter_home
from kb.similarity.features import FEATURES
from kb.similarity.field import Field, held_out, learn_field
from kb.similarity.learning import ELSEWHERE, Lesson, folds_of, learn_scorer
from kb.similarity.scorer import DEFAULT_SCORER
from kb.similarity.store import Similarity

INSIDE = [{"victim", "police", "ask"}, {"victim", "gp"}, {"abus", "train", "staff"}] * 10
OUTSIDE = [{"bread", "bake"}, {"road", "council", "ask"}, {"bread", "staff"}] * 4


def test_a_text_of_unknown_words_is_between_both() -> None:
    field = learn_field(INSIDE, OUTSIDE)
    known, unknown, other = (field.holds(keys) for keys in ({"victim"}, {"moon"}, {"bread"}))
    assert known > unknown > other
    assert learn_field(INSIDE, OUTSIDE) == field


def test_each_is_told_by_a_field_that_was_learnt_without_it() -> None:
    alone = [{"bread"}, {"road"}, {"chess"}, {"bus"}, {"canal"}, {"tune"}]
    told = held_out(INSIDE, alone)
    assert min(told) > max(learn_field(INSIDE, alone).holds(keys) for keys in alone)


def test_stored_texts_are_the_measure_of_what_is_of_their_field(pairs_base: Similarity) -> None:
    field = Field(0.0, {"bread": -9.0})
    base = replace(pairs_base, scorer=replace(DEFAULT_SCORER, field=field))
    read = base.reader.read
    assert base.in_field(read("Ask the victim")) == 1.0
    assert base.in_field(read("bread")) < 0.6
    strange = replace(base, scorer=replace(base.scorer, field=Field(-9.0, {"bread": -9.0})))
    assert strange.in_field(read("bread")) > 0.99


def test_what_is_of_another_field_is_new_however_it_leans() -> None:
    base = dict.fromkeys(FEATURES, 0.0) | {"latent_cosine": 0.9, "in_field": 1.0}
    lessons = []
    for at in range(80):
        ends = (f"a {at}", f"b {at}")
        alike = {**base, "edit": 0.6 + at % 40 / 100}
        lessons += [
            Lesson(alike, "repeat", 1.0, ends),
            Lesson({**alike, "swapped_words": 1.0}, "near-miss", 1.0, ends),
            Lesson({**base, "latent_cosine": 0.3}, "unrelated", 1.0, ends),
            Lesson({**base, "in_field": at % 40 / 100}, ELSEWHERE, 1.0, (f"c {at}",) * 2),
        ]
    scorer = learn_scorer(lessons)
    assert scorer is not None
    assert scorer.verdict(scorer.score(base)) != "new"
    assert scorer.verdict(scorer.score({**base, "in_field": 0.1})) == "new"


def test_texts_from_elsewhere_leave_the_folds_of_pairs_as_they_are() -> None:
    pairs = [Lesson({}, "repeat", 1.0, (f"a {at}", f"b {at}")) for at in range(50)]
    others = [Lesson({}, ELSEWHERE, 1.0, (f"c {at // 3}",) * 2) for at in range(60)]
    assert folds_of([*pairs, *others])[: len(pairs)].tolist() == folds_of(pairs).tolist()


@pytest.fixture(scope="module")
def elsewhere() -> list[dict[str, str]]:
    path = starter_home() / "corpus" / "elsewhere.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_subjects_that_are_learnt_from_are_not_measured_on(elsewhere: list[dict[str, str]]) -> None:
    learnt, measured = (
        {one["subject"] for one in elsewhere if one["used"] == use}
        for use in ("learning", "measuring")
    )
    assert not learnt & measured
    assert len({one["text"] for one in elsewhere}) == len(elsewhere) > 200
