from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import IndexMissing, IndexUnreadable
from kb.model import Group, Rule, Taxonomy, Theme
from kb.tagging.calibration import best_threshold, platt, sigmoid
from kb.tagging.classifier import Classifier
from kb.tagging.features import Features
from kb.tagging.learning import (
    LearningText,
    example_texts,
    fold_of,
    same_text_key,
    targets,
    training_rows,
)
from kb.tagging.rules import RuleSet
from kb.tagging.tokens import Tokens
from kb.tagging.words import word_table
from kb.text.abbreviations import load_abbreviations

ABBREVIATIONS = load_abbreviations()
WHO = ("GPs", "Officers", "Midwives", "Housing staff", "Social workers", "The Trust", "Nurses")
ASKS = {
    "genograms": ("should draw a genogram of {}", "should map the family of {} in a genogram"),
    "firearms": ("should check the shotgun licence of {}", "should seize the firearms of {}"),
    "interpreters": ("should book an interpreter for {}", "should use interpreters, not {}"),
}
OBJECTS = ("every patient", "each new client", "the whole household")


def judged_texts() -> list[LearningText]:
    """126 texts of 7 reviews, each carrying exactly one of three themes."""
    return [
        LearningText(
            f"{who} {ask.format(whom)}",
            yes=frozenset({theme}),
            complete=True,
            group=f"review-{number}",
            who="person",
        )
        for theme, asks in ASKS.items()
        for ask in asks
        for number, who in enumerate(WHO)
        for whom in OBJECTS
    ]


def learnt(texts: list[LearningText] | None = None) -> Classifier:
    return Classifier.learn(judged_texts() if texts is None else texts, list(ASKS), ABBREVIATIONS)


def only_theme(classifier: Classifier, text: str) -> list[str]:
    over = classifier.probabilities([text])[0] >= classifier.thresholds
    return [theme for theme, is_over in zip(classifier.theme_ids, over, strict=True) if is_over]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return learnt()


def test_judgements_alone_teach_the_themes(classifier: Classifier) -> None:
    assert only_theme(classifier, "Teachers to record a genogram for a pupil") == ["genograms"]
    assert only_theme(classifier, "Remove the shotgun at once") == ["firearms"]


def test_a_word_never_seen_is_read_through_its_letters(classifier: Classifier) -> None:
    (probabilities,) = classifier.probabilities(["Intepretters"])
    assert classifier.theme_ids[int(probabilities.argmax())] == "interpreters"
    assert classifier.evidence("Intepretters", "interpreters")[0].text == "Intepretters"


def test_a_text_without_words_has_a_probability_of_every_theme(classifier: Classifier) -> None:
    probabilities = classifier.probabilities(["", "—", "🙂"])
    assert probabilities.shape == (3, 3)
    assert np.isfinite(probabilities).all()


def test_examples_alone_teach_the_themes() -> None:
    groups = tuple(
        Group(
            id=theme,
            name=theme,
            themes=(
                Theme(
                    id=theme,
                    name=theme,
                    examples=tuple(f"{who} {asks[0].format('all')}" for who in WHO),
                ),
            ),
        )
        for theme, asks in ASKS.items()
    )
    classifier = learnt(example_texts(Taxonomy(groups=groups)))
    assert classifier.not_learnt == ()
    assert only_theme(classifier, "Schools should draw a genogram of all") == ["genograms"]


def test_partial_judgements_without_any_no_teach_the_themes() -> None:
    texts = [LearningText(t.text, yes=t.yes, group=t.group, who="person") for t in judged_texts()]
    assert only_theme(learnt(texts), "Ask about the firearms of anyone") == ["firearms"]


def test_theme_with_too_few_positives_is_not_learnt() -> None:
    seen = 0
    texts = []
    for text in judged_texts():
        seen += "firearms" in text.yes
        if "firearms" not in text.yes or seen <= 4:
            texts.append(text)
    classifier = learnt(texts)
    assert classifier.not_learnt == ("firearms",)
    assert classifier.theme_ids == ("genograms", "interpreters")


def test_nothing_to_learn_from_is_a_model_without_themes() -> None:
    classifier = learnt([])
    assert classifier.not_learnt == tuple(ASKS)
    assert classifier.probabilities(["Draw a genogram"]).shape == (1, 0)


def test_texts_without_a_word_teach_nothing() -> None:
    yes = frozenset({"genograms"})
    texts = [LearningText("—", yes=yes if n % 2 else frozenset(), complete=True) for n in range(20)]
    assert learnt(texts).not_learnt == tuple(ASKS)


def test_theme_of_one_review_only_is_learnt_and_stays_calm() -> None:
    yes = frozenset({"genograms"})
    texts = [LearningText(f"map kin {n}", yes=yes, complete=True, group="a") for n in range(6)]
    texts += [LearningText(f"audit {n}", complete=True, group=f"b{n}") for n in range(20)]
    probabilities = learnt(texts).probabilities(["map kin", "audit"])
    assert np.isfinite(probabilities).all()
    assert probabilities[0, 0] >= probabilities[1, 0]


def test_same_inputs_in_any_order_give_the_same_model_to_the_last_digit(
    classifier: Classifier,
) -> None:
    again = learnt(judged_texts()[::-1])
    assert again.version == classifier.version
    assert np.array_equal(again.weights, classifier.weights)
    assert np.array_equal(again.thresholds, classifier.thresholds)
    assert np.array_equal(again.slopes, classifier.slopes)


def test_other_inputs_give_another_version(classifier: Classifier) -> None:
    assert learnt(judged_texts()[1:]).version != classifier.version


def test_saved_model_answers_the_same_to_the_last_digit(
    classifier: Classifier, tmp_path: Path
) -> None:
    classifier.save(tmp_path / "model")
    loaded = Classifier.load(tmp_path / "model", ABBREVIATIONS)
    texts = ["Draw a genogram", "Check shotguns", "Nothing of the kind"]
    assert np.array_equal(loaded.probabilities(texts), classifier.probabilities(texts))
    assert loaded.version == classifier.version
    assert sorted(path.name for path in (tmp_path / "model").iterdir()) == [
        "classifier.json",
        "classifier.npz",
    ]


def test_missing_or_damaged_model_is_told_in_words(classifier: Classifier, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="--relearn"):
        Classifier.load(tmp_path, ABBREVIATIONS)
    classifier.save(tmp_path)
    (tmp_path / "classifier.npz").write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(IndexUnreadable):
        Classifier.load(tmp_path, ABBREVIATIONS)
    (tmp_path / "classifier.json").write_text("{}")
    with pytest.raises(IndexUnreadable):
        Classifier.load(tmp_path, ABBREVIATIONS)


def test_a_model_without_a_part_is_told_in_words(classifier: Classifier, tmp_path: Path) -> None:
    classifier.save(tmp_path)
    stored = json.loads((tmp_path / "classifier.json").read_text())
    del stored["precedents"]
    (tmp_path / "classifier.json").write_text(json.dumps(stored))
    with pytest.raises(IndexUnreadable, match="lacks 'precedents'"):
        Classifier.load(tmp_path, ABBREVIATIONS)


def test_tagging_one_text_or_many_gives_the_same(classifier: Classifier) -> None:
    texts = [text.text for text in judged_texts()[:20]]
    alone = np.vstack([classifier.probabilities([text]) for text in texts])
    assert np.allclose(classifier.probabilities(texts), alone, rtol=0, atol=1e-12)


def test_fast_scores_equal_those_of_the_feature_matrix(classifier: Classifier) -> None:
    texts = [text.text for text in judged_texts()[:9]]
    table = word_table(Tokens.of(texts), ABBREVIATIONS)
    scores = classifier.features.matrix(table) @ classifier.weights[
        : classifier.features.size
    ].astype(np.float64)
    wanted = sigmoid(scores + classifier.intercepts, classifier.slopes, classifier.offsets)
    assert np.allclose(classifier.probabilities(texts), wanted, atol=1e-9)


def test_evidence_points_at_the_words_as_printed(classifier: Classifier) -> None:
    text = "Where needed,  draw the GENOGRAM again."
    evidence = classifier.evidence(text, "genograms")
    assert "GENOGRAM" in [one.text for one in evidence]
    assert all(text[one.start : one.end] == one.text for one in evidence)
    assert all(one.why.startswith("classifier, +") for one in evidence)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_evidence_of_any_text_is_a_stretch_of_it(text: str) -> None:
    classifier = _shared()
    for theme in classifier.theme_ids:
        for evidence in classifier.evidence(text, theme):
            assert text[evidence.start : evidence.end] == evidence.text


_SHARED: list[Classifier] = []


def _shared() -> Classifier:
    if not _SHARED:
        _SHARED.append(learnt())
    return _SHARED[0]


def test_long_form_is_read_as_its_abbreviation_and_a_successor_stays_apart() -> None:
    table = word_table(
        Tokens.of(["refer to the multi-agency risk assessment conference"]), ABBREVIATIONS
    )
    assert "MARAC" in table.vocabulary
    successors = word_table(
        Tokens.of(["clinical commissioning group", "ICB"]), ABBREVIATIONS
    ).vocabulary
    assert successors == ("CCG", "ICB")


def test_unjudged_text_is_background_only_while_judged_no_are_few() -> None:
    yes = [LearningText(f"genogram {n}", yes=frozenset({"genograms"})) for n in range(2)]
    other = [LearningText(f"licence {n}", yes=frozenset({"firearms"})) for n in range(200)]
    few = targets([*yes, *other], ["genograms"], None)
    assert few.weight[:2, 0].tolist() == [1, 1]
    assert few.weight[2:, 0].sum() == pytest.approx(40)
    no = [LearningText(f"audit {n}", complete=True) for n in range(40)]
    enough = targets([*yes, *other, *no], ["genograms"], None)
    assert enough.weight[2:202].sum() == 0


def test_text_on_which_a_rule_fires_is_no_background_of_its_theme() -> None:
    theme = Theme(id="genograms", name="Genograms", rules=(Rule(any=("genogram*",)),))
    taxonomy = Taxonomy(groups=(Group(id="g", name="G", themes=(theme,)),))
    texts = [
        LearningText("map families", yes=frozenset({"genograms"})),
        LearningText("train staff in genograms", yes=frozenset({"training"})),
        LearningText("train staff in first aid", yes=frozenset({"training"})),
    ]
    fired = RuleSet.of(taxonomy, ABBREVIATIONS).fire(Tokens.of([text.text for text in texts]))
    weight = targets(texts, ["genograms"], fired).weight[:, 0]
    assert weight.tolist() == [1, 0, 0.5]


def test_copy_of_a_judged_text_is_no_background() -> None:
    texts = [
        LearningText("Draw genograms.", yes=frozenset({"genograms"})),
        LearningText("draw genograms", yes=frozenset({"training"})),
    ]
    assert targets(texts, ["genograms"], None).weight[:, 0].tolist() == [1, 0]


def test_fold_keeps_a_review_whole_and_hides_copies_of_what_is_held_out() -> None:
    groups = ["a", "a", "b", "c", "c", "d"]
    folds = fold_of(groups, 2)
    assert folds[0] == folds[1]
    assert folds[3] == folds[4]
    assert sorted(np.bincount(folds).tolist()) == [3, 3]
    keys = ["x", "y", "z", "y", "v", "w"]
    rows = training_rows(np.asarray([0, 0, 1, 1, 1, 1]), 0, keys)
    assert rows.tolist() == [False, False, True, False, True, True]


def test_texts_that_differ_in_endings_and_punctuation_only_are_the_same() -> None:
    assert same_text_key("Train the officers!") == same_text_key("training of officer")
    assert same_text_key("Train officers") != same_text_key("Train nurses")


def test_function_words_numbers_and_months_are_no_words_of_the_model() -> None:
    texts = ["Within 12 months, in May 2021, staff must tell the registrar"]
    table = word_table(Tokens.of(texts), ABBREVIATIONS)
    assert table.vocabulary == ("registrar", "staff")


def test_names_and_words_of_one_review_are_no_features() -> None:
    texts = [
        "Ask Windlass to draw a genogram.",
        "The staff of Windlass should draw a genogram. Windlass agreed; Police and police too.",
        "Talk to the police about the crossbow",
    ]
    table = word_table(Tokens.of(texts), ABBREVIATIONS)
    features = Features.learn(table, ["a", "b", "c"])
    assert set(features.words) == {"draw", "genogram", "polic"}
    assert "wind" not in features.grams
    assert "cros" in features.grams
    weighted = features.read(word_table(Tokens.of(["see Windlass"]), ABBREVIATIONS))
    assert weighted.words.sum(axis=1)[0, 0] == pytest.approx(1.0)
    assert weighted.words.count_nonzero() == 1


def test_capitalised_term_of_many_reviews_is_a_word_of_the_field() -> None:
    table = word_table(Tokens.of(["heed the Paris Principles"] * 8), ABBREVIATIONS)
    few = Features.learn(table, [f"review {n % 7}" for n in range(8)])
    many = Features.learn(table, [f"review {n}" for n in range(8)])
    assert few.words == ("heed",)
    assert many.words == ("heed", "pari", "principl")


def test_text_judged_for_some_themes_only_says_nothing_of_others() -> None:
    whole = LearningText("x", yes=frozenset({"a", "b"}), no=frozenset({"c"}), complete=True)
    part = whole.only(frozenset({"a", "d"}))
    assert [part.says(theme) for theme in "abcd"] == [True, None, None, False]


def test_platt_finds_the_sigmoid_that_made_the_labels() -> None:
    scores = np.repeat(np.linspace(-3, 3, 61), 200)
    chance = sigmoid(scores, 1.5, -0.5)
    labels = np.tile(np.arange(200) / 200, 61) < chance
    slope, offset = platt(scores, labels, np.ones(len(scores)))
    assert slope == pytest.approx(1.5, abs=0.05)
    assert offset == pytest.approx(-0.5, abs=0.05)


def test_scores_that_tell_the_wrong_way_round_all_mean_the_share_of_yes() -> None:
    scores = np.linspace(-4, -2, 100)
    labels = scores < -3.6
    slope, offset = platt(scores, labels, np.ones(len(scores)))
    assert slope == 0
    assert sigmoid(scores, slope, offset) == pytest.approx(labels.mean(), abs=0.02)


def test_threshold_lies_where_f1_is_highest() -> None:
    probabilities = np.array([0.9, 0.8, 0.6, 0.3, 0.2])
    labels = np.array([True, True, False, True, False])
    # F1: .5, .8, .67, .857 at the first four, so the best cut is between .3 and .2.
    assert best_threshold(probabilities, labels, np.ones(5)) == pytest.approx(0.25)
