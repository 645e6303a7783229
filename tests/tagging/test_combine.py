from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kb.errors import IndexUnreadable, NotFound, WrongUsage
from kb.model import Group, Rule, Tag, Taxonomy, Theme
from kb.tagging.combine import Tagger, rule_precisions
from kb.tagging.evaluate import COMBINED, METHODS, MOST_FREQUENT, RULES, evaluate, evaluate_gold
from kb.tagging.learning import LearningText, example_texts
from kb.tagging.rules import RuleSet
from kb.tagging.scores import Score, Share, score
from kb.text.abbreviations import load_abbreviations

ABBREVIATIONS = load_abbreviations()
REVIEWS = ("alder", "birch", "cedar", "damson", "elder", "fir")


def taxonomy(*, rules: bool = True) -> Taxonomy:
    def theme(theme_id: str, *theme_rules: Rule) -> Theme:
        return Theme(id=theme_id, name=theme_id, rules=theme_rules if rules else ())

    themes = (
        theme("genograms", Rule(any=("genogram*",))),
        theme("firearms", Rule(any=("shotgun*",)), Rule(any=("weapon*",), suggest=True)),
        theme("audit"),
    )
    return Taxonomy(groups=(Group(id="g", name="G", themes=themes),))


def judged() -> list[LearningText]:
    asks = {
        "genograms": ("Draw genograms at {}", "Map the relatives of patients at {}"),
        "firearms": ("Ask {} about shotguns", "Check the gun licence at {}"),
        "audit": ("Audit the case files of {}", "Dip-sample records at {} monthly"),
    }
    return [
        LearningText(
            ask.format(f"{place} {review}"),
            yes=frozenset({theme}),
            complete=True,
            group=review,
            who="person",
        )
        for review in REVIEWS
        for theme, two in asks.items()
        for ask in two
        for place in ("clinic", "ward")
    ]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.learn(taxonomy(), ABBREVIATIONS, judged())


def by(tags: tuple[Tag, ...]) -> dict[str, tuple[str, ...]]:
    return {tag.id: tag.by for tag in tags}


def test_rules_work_without_a_classifier() -> None:
    (tagged,) = Tagger(taxonomy(), ABBREVIATIONS).tag(["Ask about genograms and weapons"])
    assert by(tagged.themes) == {"genograms": ("rule",)}
    assert by(tagged.suggestions) == {"firearms": ("rule",)}
    assert tagged.themes[0].confidence == 0.9
    assert tagged.themes[0].evidence[0].text == "genograms"


def test_tag_of_rule_and_classifier_names_both(tagger: Tagger) -> None:
    (both,) = tagger.tag(["Draw genograms at the surgery"])
    tag = both.themes[0]
    assert tag.by == ("rule", "classifier")
    assert {one.why.split()[0] for one in tag.evidence} == {"rule", "classifier,", "most"}


def test_classifier_finds_what_no_rule_names(tagger: Tagger) -> None:
    (tagged,) = tagger.tag(["Dip-sample the records of the clinic"])
    assert by(tagged.themes) == {"audit": ("classifier",)}


def test_rule_that_the_classifier_does_not_believe_only_suggests(tagger: Tagger) -> None:
    learnt = tagger.classifier
    assert learnt is not None
    deaf = replace(learnt, offsets=np.full(len(learnt.theme_ids), -30.0))
    (tagged,) = Tagger(taxonomy(), ABBREVIATIONS, deaf).tag(["Draw genograms at the clinic"])
    assert tagged.themes == ()
    assert "rule" in by(tagged.suggestions)["genograms"]


def test_text_of_no_theme_gets_none(tagger: Tagger) -> None:
    (tagged, empty) = tagger.tag(["The bus timetable should be reprinted", ""])
    assert tagged.themes == ()
    assert empty.themes == ()


def test_tags_stand_surest_first(tagger: Tagger) -> None:
    (tagged,) = tagger.tag(["Draw genograms for patients; ask the ward about shotguns"])
    confidences = [tag.confidence for tag in tagged.themes]
    assert len(confidences) >= 2
    assert confidences == sorted(confidences, reverse=True)


def test_rule_that_is_mostly_wrong_only_suggests() -> None:
    texts = [LearningText(f"shotgun {n}", complete=True, who="person") for n in range(20)]
    rules = RuleSet(taxonomy(), ABBREVIATIONS)
    precisions = rule_precisions(rules, texts)
    assert precisions == {rules.themes("shotgun")[0].key: pytest.approx(4.5 / 25)}
    (tagged,) = Tagger(taxonomy(), ABBREVIATIONS, None, precisions).tag(["a shotgun"])
    assert tagged.themes == ()
    assert by(tagged.suggestions) == {"firearms": ("rule",)}


def test_precision_counts_neither_examples_nor_what_nobody_judged() -> None:
    texts = [
        LearningText("shotgun", no=frozenset({"firearms"}), who="example"),
        LearningText("shotgun", yes=frozenset({"audit"}), who="person"),
    ]
    assert rule_precisions(RuleSet(taxonomy(), ABBREVIATIONS), texts) == {}


def test_saved_tagger_tags_the_same(tagger: Tagger, tmp_path: Path) -> None:
    tagger.save(tmp_path)
    loaded = Tagger.load(tmp_path, taxonomy(), ABBREVIATIONS)
    texts = [text.text for text in judged()]
    assert loaded.tag(texts) == tagger.tag(texts)
    (tmp_path / "rules.json").write_text("[")
    with pytest.raises(IndexUnreadable, match=r"rules\.json"):
        Tagger.load(tmp_path, taxonomy(), ABBREVIATIONS)


def test_precision_of_a_rule_stays_with_what_it_says(tagger: Tagger, tmp_path: Path) -> None:
    tagger.save(tmp_path)
    firearms = Theme(
        id="firearms", name="Firearms", rules=(Rule(any=("gun*",)), Rule(any=("shotgun*",)))
    )
    changed = Taxonomy(groups=(Group(id="g", name="G", themes=(firearms,)),))
    loaded = Tagger.load(tmp_path, changed, ABBREVIATIONS)
    moved, new = loaded.rules.themes("a shotgun")[0], loaded.rules.themes("a gun")[0]
    assert loaded.precisions[moved.key] == tagger.precisions[moved.key]
    assert new.key not in loaded.precisions


def test_same_learning_twice_tags_to_the_last_digit(tagger: Tagger) -> None:
    again = Tagger.learn(taxonomy(), ABBREVIATIONS, judged()[::-1])
    texts = [text.text for text in judged()]
    assert again.tag(texts) == tagger.tag(texts)


def test_progress_is_told(tagger: Tagger) -> None:
    told: list[tuple[int, int]] = []
    tagger.tag(["a", "b"], lambda done, total: told.append((done, total)))
    assert told == [(2, 2)]


def test_evaluation_holds_reviews_out_and_beats_the_most_frequent_theme() -> None:
    result = evaluate(taxonomy(), ABBREVIATIONS, judged(), folds=3)
    assert (result.texts, result.reviews, result.folds) == (72, 6, 3)
    assert tuple(result.methods) == METHODS
    combined = result.methods[COMBINED]
    assert combined.micro.f1 is not None
    assert combined.micro.f1 > 0.9
    # The rules name half of two themes in three, and nothing wrongly.
    assert result.methods[RULES].micro == Score(wanted=72, given=24, right=24)
    assert result.methods[MOST_FREQUENT].micro.given == 72


def test_own_taxonomy_with_labelled_data_only_evaluates_too() -> None:
    result = evaluate(taxonomy(rules=False), ABBREVIATIONS, judged(), folds=3)
    assert result.methods[RULES].micro.given == 0
    assert result.methods[COMBINED].themes["audit"].f1 == pytest.approx(1.0, abs=0.1)


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
    assert result.not_learnt == ("genograms", "firearms", "audit")


def test_evaluation_of_one_review_is_refused() -> None:
    with pytest.raises(WrongUsage, match="at least 2 reviews"):
        evaluate(taxonomy(), ABBREVIATIONS, judged()[:3])


def test_theme_that_was_not_judged_is_left_out_of_the_score() -> None:
    scores = score(["a", "b"], [{"a", "b"}, {"a"}], [{"a": True}, {"a": False, "b": True}])
    assert scores.themes == {"a": Score(1, 2, 1), "b": Score(1, 0, 0)}
    assert scores.micro == Score(2, 2, 1)
    assert scores.macro_f1 == pytest.approx((2 / 3 + 0) / 2)


def test_wilson_interval_of_nine_in_ten() -> None:
    share = Share.of(9, 10)
    assert share.value == 0.9
    assert share.low == pytest.approx(0.5958, abs=1e-4)
    assert share.high == pytest.approx(0.9821, abs=1e-4)
    assert Share.of(0, 0).value is None


def test_gold_file_is_scored_and_null_is_not_judged(tagger: Tagger) -> None:
    rows: list[dict[str, object]] = [
        {"id": "1", "text": "Ask about shotguns", "themes": ["firearms"]},
        {"id": "2", "text": "Anything", "themes": None},
        {"id": "3", "text": "Bus timetables", "themes": []},
    ]
    result = evaluate_gold(tagger, taxonomy(), rows)
    assert result.texts == 2
    assert result.methods[COMBINED].themes["firearms"] == Score(1, 1, 1)
    assert result.rows()[1]["f1"] == 1.0
    assert result.as_json()["texts"] == 2


def test_unknown_theme_in_a_gold_file_is_named(tagger: Tagger) -> None:
    with pytest.raises(NotFound, match="'gems'"):
        evaluate_gold(tagger, taxonomy(), [{"id": "7", "text": "x", "themes": ["gems"]}])
    with pytest.raises(WrongUsage, match="gold row 1"):
        evaluate_gold(tagger, taxonomy(), [{"id": "7", "themes": ["gems"]}])


def test_examples_join_the_learning() -> None:
    base = taxonomy()
    theme = Theme(id="audit", name="Audit", examples=("Sample files",), counter_examples=("Read",))
    group = Group(id="h", name="H", themes=(theme,))
    texts = example_texts(Taxonomy(groups=(*base.groups, group)))
    assert [(text.says("audit"), text.says("firearms")) for text in texts] == [
        (True, None),
        (False, None),
    ]
