"""What the duplicate check learns from judged pairs, on lessons whose right answer is plain."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kb.similarity.features import FEATURES
from kb.similarity.learning import FALSE_ALARMS, Lesson, border, folds_of, learn_scorer
from kb.similarity.logits import Linear, Trees
from kb.similarity.scorer import Scorer
from kb.similarity.traits import TRAITS

NONE = dict.fromkeys(FEATURES, 0.0)


def lesson(at: int, *, alike: float, swapped: float, kind: str, practice: bool = False) -> Lesson:
    features = {**NONE, "edit": alike, "latent_cosine": alike, "swapped_words": swapped}
    ends = (f"text {at}", f"other {at}")
    return Lesson(features, kind, 0.3 if practice else 1.0, ends, is_practice=practice)


def lessons() -> list[Lesson]:
    """Repeats are alike, near-misses alike with a thing swapped, the rest are not alike."""
    found = []
    for at in range(0, 240, 3):
        alike = 0.55 + (at % 40) / 100
        found += [
            lesson(at, alike=alike, swapped=0.0, kind="repeat"),
            lesson(at + 1, alike=alike, swapped=1.0, kind="near-miss", practice=at % 2 == 0),
            lesson(at + 2, alike=0.1 + (at % 30) / 100, swapped=0.0, kind="unrelated"),
        ]
    return found


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    learnt = learn_scorer(lessons(), "v")
    assert learnt is not None
    return learnt


def test_repeats_near_misses_and_the_rest_are_told_apart(scorer: Scorer) -> None:
    verdicts = [(one.kind, scorer.verdict(scorer.score(one.features))) for one in lessons()]
    near = [verdict for kind, verdict in verdicts if kind == "near-miss"]
    same = [verdict for kind, verdict in verdicts if kind == "repeat"]
    rest = {verdict for kind, verdict in verdicts if kind == "unrelated"}
    assert near.count("duplicate") <= FALSE_ALARMS * len(near)
    assert same.count("duplicate") > 0.9 * len(same)
    assert rest <= {"related", "new"}


def test_the_same_lessons_teach_the_same_to_the_last_digit(scorer: Scorer) -> None:
    assert learn_scorer(lessons(), "v") == scorer


def test_likeness_never_counts_against_a_repeat_nor_a_difference_for_it(scorer: Scorer) -> None:
    assert scorer.same.weights["latent_cosine"] >= 0
    assert scorer.same.weights["swapped_words"] <= 0


def test_turned_roles_are_never_a_duplicate(scorer: Scorer) -> None:
    alike = {**NONE, "edit": 0.95, "latent_cosine": 0.95}
    assert scorer.verdict(scorer.score(alike)) == "duplicate"
    assert scorer.verdict(scorer.score({**alike, "turned_roles": 1.0})) != "duplicate"


def test_a_text_that_says_no_to_the_other_is_never_a_duplicate() -> None:
    sure = Scorer(Linear(9.0, {}), Linear(9.0, {}))
    alike = {**NONE, "word_cosine": 0.95}
    assert sure.verdict(sure.score(alike)) == "duplicate"
    assert sure.verdict(sure.score({**alike, "other_polarity": 1.0})) == "overlapping"


def test_few_lessons_or_one_sort_alone_teach_nothing() -> None:
    assert learn_scorer(lessons()[:60]) is None
    assert learn_scorer([one for one in lessons() * 2 if one.kind == "repeat"]) is None


def test_lessons_joined_by_a_text_are_on_one_side() -> None:
    pairs = [("a", "b"), ("c", "d"), ("b", "c"), ("e", "f"), ("g", "h")]
    folds = folds_of([Lesson(NONE, "repeat", 1.0, ends) for ends in pairs]).tolist()
    assert folds[0] == folds[1] == folds[2]
    assert len({folds[0], folds[3], folds[4]}) == 3


def test_surely_no_more_than_two_near_misses_in_a_hundred_reach_the_border() -> None:
    scores = np.linspace(0, 1, 1000)
    reached = int((scores >= border(scores)).sum())
    assert reached == 11  # of which Wilson's interval goes up to 1.96 %; of 12, to 2.09 %
    assert border(scores, 0.1) < border(scores, 0.05) < border(scores)


def test_a_few_near_misses_are_all_kept_out() -> None:
    scores = np.linspace(0, 1, 50)
    assert border(scores) > 1


def test_a_learnt_scorer_is_saved_and_loaded_without_loss(scorer: Scorer, tmp_path: Path) -> None:
    scorer.save(tmp_path / "scorer.json")
    assert Scorer.load(tmp_path / "scorer.json") == scorer


def test_a_tree_is_followed_from_edge_to_edge() -> None:
    tree = ("edit", 0.5, -1.0, ("swapped_words", 0.5, 2.0, -3.0))
    trees = Trees(0.25, (tree, 1.0))
    assert trees.logit({"edit": 0.5}) == 0.25
    assert trees.logit({"edit": 0.6}) == 3.25
    assert trees.logit({"edit": 0.6, "swapped_words": 1.0}) == -1.75


def test_what_a_feature_has_beyond_an_edge_weighs_apart() -> None:
    model = Linear(1.0, {"edit": 1.0, "edit over 0.6": 10.0})
    assert model.logit({"edit": 0.5}) == 1.5
    assert model.logit({"edit": 0.8}) == pytest.approx(1.0 + 0.8 + 2.0)


def test_what_stands_whole_in_another_overlaps_at_least_unless_something_parts_them() -> None:
    scorer = Scorer(Linear(-9.0, {}), Linear(-9.0, {}))
    whole = {**NONE, "contained": 0.95}
    assert scorer.verdict(scorer.score(whole)) == "overlapping"
    assert scorer.verdict(scorer.score({**whole, "other_ask": 1.0})) == "new"


def test_what_a_person_said_is_obeyed(scorer: Scorer) -> None:
    assert scorer.verdict(scorer.obeying(True, 0.1)) == "duplicate"
    assert scorer.verdict(scorer.obeying(False, 0.99)) == "related"
    assert scorer.obeying(None, 0.3) == 0.3


def test_every_trait_is_a_feature() -> None:
    assert set(TRAITS) <= set(FEATURES)
