"""Held-out evaluation on judgements whose right answer is known."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from kb.errors import NotFound, WrongUsage
from kb.model import Group, Rule, Taxonomy, Theme
from kb.tagging.combine import Tagger
from kb.tagging.evaluate import CURVE, evaluate, evaluate_gold, evaluate_test_set
from kb.tagging.evaluation import CLASSIFIER, COMBINED, METHODS, MOST_FREQUENT, RULES, KeptOut
from kb.tagging.learning import PRACTICE, LearningText
from kb.tagging.scores import Score
from kb.text.abbreviations import load_abbreviations

ABBREVIATIONS = load_abbreviations()
REVIEWS = ("alder", "birch", "cedar", "damson", "elder", "fir", "gorse", "hazel", "ivy", "juniper")
ASKS = {
    "genograms": ("Draw genograms", "Map the relatives"),
    "firearms": ("Ask about shotguns", "Check the gun licence"),
    "audit": ("Audit the files", "Dip-sample records"),
}


def taxonomy(*, rules: bool = True) -> Taxonomy:
    def theme(theme_id: str, *theme_rules: Rule) -> Theme:
        return Theme(id=theme_id, name=theme_id, rules=theme_rules if rules else ())

    themes = (
        theme("genograms", Rule(any=("genogram*",))),
        theme("firearms", Rule(any=("shotgun*",)), Rule(any=("licence*",), suggest=True)),
        theme("audit"),
    )
    return Taxonomy(groups=(Group(id="g", name="G", themes=themes),))


def chatter(seed: str) -> str:
    """Words that stand in no other text, so that no two texts are near copies."""
    chance = random.Random(seed)
    letters = "bcdfghjklmnpqrstvwz"
    return " ".join(
        "".join(chance.choice(letters) + chance.choice("aeiou") for _ in range(3)) for _ in range(6)
    )


def judged(reviews: tuple[str, ...] = REVIEWS) -> list[LearningText]:
    return [
        LearningText(
            f"{ask} {chatter(f'{review} {ask} {time}')}",
            yes=frozenset({theme}),
            complete=True,
            group=review,
            who="person",
        )
        for review in reviews
        for theme, asks in ASKS.items()
        for ask in asks
        for time in range(2)
    ]


def test_evaluation_holds_reviews_out_and_beats_the_most_frequent_theme() -> None:
    result = evaluate(taxonomy(), ABBREVIATIONS, judged(), folds=3)
    assert (result.texts, result.reviews, result.folds) == (120, 10, 3)
    assert tuple(result.methods) == METHODS
    combined = result.methods[COMBINED]
    assert combined.micro.f1 is not None
    assert combined.micro.f1 > 0.9
    # The rules name half of two themes in three, and nothing wrongly.
    assert result.methods[RULES].micro == Score(wanted=120, given=40, right=40)
    assert result.methods[MOST_FREQUENT].micro.given == 120
    assert result.kept_out == KeptOut(0, 0)
    low, high = combined.micro_f1.low, combined.micro_f1.high
    assert low is not None
    assert high is not None
    assert low <= combined.micro.f1 <= high
    assert result.reliability.pairs >= combined.micro.given


def test_evaluation_gives_the_same_figures_again() -> None:
    first = evaluate(taxonomy(), ABBREVIATIONS, judged(), folds=2)
    again = evaluate(taxonomy(), ABBREVIATIONS, judged()[::-1], folds=2)
    assert first == again


def test_own_taxonomy_with_labelled_data_only_evaluates_too() -> None:
    result = evaluate(taxonomy(rules=False), ABBREVIATIONS, judged(), folds=3)
    assert result.methods[RULES].micro.given == 0
    assert result.methods[COMBINED].themes["audit"].f1 == pytest.approx(1.0, abs=0.1)


def test_model_alone_hears_no_rules() -> None:
    """Words that only a rule joins (each stands in one review alone) tell the model nothing."""
    words = ("genogram", "genograms", "genogrammed", "genogramming", "genogramic", "genogramish")
    texts = [
        LearningText(
            f"{word if holds else 'plan'} {chatter(f'{review} {holds} {time}')}",
            yes=frozenset({"genograms"} if holds else ()),
            complete=True,
            group=review,
            who="person",
        )
        for review, word in zip(REVIEWS, words, strict=False)
        for holds in (True, False)
        for time in range(3)
    ]
    with_rules = evaluate(taxonomy(), ABBREVIATIONS, texts, folds=3)
    without = evaluate(taxonomy(rules=False), ABBREVIATIONS, texts, folds=3)
    alone = with_rules.methods[CLASSIFIER].themes["genograms"]
    assert alone == without.methods[CLASSIFIER].themes["genograms"]


def test_copies_of_held_out_texts_are_not_learnt_from() -> None:
    texts = [
        LearningText(
            f"word{n} is wanted",
            yes=frozenset({"audit"} if n % 2 else ()),
            complete=True,
            group=review,
            who="person",
        )
        for review in REVIEWS
        for n in range(20)
    ]
    result = evaluate(taxonomy(), ABBREVIATIONS, texts, folds=3)
    assert list(result.not_learnt) == ["genograms", "firearms", "audit"]
    assert result.not_learnt["audit"] == 100
    assert result.kept_out == KeptOut(200, 0)


def test_near_copies_in_the_background_teach_nothing_and_the_others_do() -> None:
    texts = judged()
    practice = [
        LearningText(text.text + "!", yes=text.yes, complete=True, group=f"p{at}", who=PRACTICE)
        for at, text in enumerate(texts[:7])
    ]
    other = replace(practice[0], text=f"Count the files {chatter('other')}", group="p")
    result = evaluate(taxonomy(), ABBREVIATIONS, texts, background=[*practice, other], folds=2)
    assert result.texts == 120
    assert result.kept_out == KeptOut(0, 7)


def test_curve_learns_from_parts_of_the_training_reviews() -> None:
    heard: set[str] = set()
    result = evaluate(
        taxonomy(),
        ABBREVIATIONS,
        judged(),
        folds=2,
        curve=True,
        progress=lambda step, done, of: heard.add(f"{step}: {done}/{of}"),
    )
    assert [point.share for point in result.curve] == [*CURVE, 1]
    assert [point.reviews for point in result.curve] == [1, 2, 3, 5]
    assert [point.texts for point in result.curve] == [12, 24, 36, 60]
    assert result.curve[-1].scores == result.methods[COMBINED]
    first, last = (result.curve[at].scores.micro.f1 for at in (0, -1))
    assert first is not None
    assert last is not None
    assert first < last
    assert {"evaluating, 2 folds: 4/4", "learning from 0.125, 2 folds: 2/2"} <= heard


def test_test_set_is_measured_by_what_the_rest_teaches() -> None:
    training, test = judged(REVIEWS[:8]), judged(REVIEWS[8:])
    copy = replace(training[0], text=test[0].text.upper(), group="kale")
    result = evaluate_test_set(taxonomy(), ABBREVIATIONS, [*training, copy], test)
    assert (result.texts, result.reviews, result.folds) == (24, 2, 1)
    assert result.kept_out == KeptOut(1, 0)
    assert (result.methods[COMBINED].micro.f1 or 0) > 0.9


def test_evaluation_of_one_review_is_refused() -> None:
    with pytest.raises(WrongUsage, match="at least 2 reviews"):
        evaluate(taxonomy(), ABBREVIATIONS, judged()[:3])


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.learn(taxonomy(), ABBREVIATIONS, judged())


def test_gold_file_is_scored_and_null_is_not_judged(tagger: Tagger) -> None:
    rows: list[dict[str, object]] = [
        {"id": "1", "text": "Ask about shotguns", "themes": ["firearms"]},
        {"id": "2", "text": "Anything", "themes": None},
        {"id": "3", "text": "Bus timetables", "themes": []},
    ]
    result = evaluate_gold(tagger, taxonomy(), rows)
    assert result.texts == 2
    assert list(result.methods) == [COMBINED, RULES]
    assert result.methods[COMBINED].themes["firearms"] == Score(1, 1, 1)
    assert result.as_json()["texts"] == 2


@pytest.mark.parametrize("rows", [[], [{"id": "1", "text": "Anything", "themes": None}]])
def test_gold_file_that_judges_nothing_is_refused(
    tagger: Tagger, rows: list[dict[str, object]]
) -> None:
    with pytest.raises(WrongUsage, match="no text of the gold file is judged"):
        evaluate_gold(tagger, taxonomy(), rows)


def test_other_ways_of_tagging_stand_beside_a_gold_file(tagger: Tagger) -> None:
    result = evaluate_gold(
        tagger,
        taxonomy(),
        [{"id": "1", "text": "Ask about shotguns", "themes": ["firearms"]}],
        others=lambda texts: {CLASSIFIER: [frozenset({"audit"})] * len(texts)},
    )
    assert result.methods[CLASSIFIER].micro == Score(1, 1, 0)


def test_unknown_theme_in_a_gold_file_is_named(tagger: Tagger) -> None:
    with pytest.raises(NotFound, match="'gems'"):
        evaluate_gold(tagger, taxonomy(), [{"id": "7", "text": "x", "themes": ["gems"]}])
    with pytest.raises(WrongUsage, match="gold row 1"):
        evaluate_gold(tagger, taxonomy(), [{"id": "7", "themes": ["gems"]}])
