from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import IndexUnreadable
from kb.model import Group, Rule, Tag, Taxonomy, Theme
from kb.tagging.combine import BATCH, Tagger, rule_precisions
from kb.tagging.decisions import to_four_digits
from kb.tagging.judged import Tagged
from kb.tagging.learning import LearningText, example_texts
from kb.tagging.rules import Fired, RuleSet
from kb.tagging.tokens import Tokens
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


def fired_on(texts: Sequence[LearningText]) -> Fired:
    return RuleSet.of(taxonomy(), ABBREVIATIONS).fire(Tokens.of([text.text for text in texts]))


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
    rules = RuleSet.of(taxonomy(), ABBREVIATIONS)
    precisions = rule_precisions(texts, fired_on(texts))
    assert precisions == {rules.themes("shotgun")[0].key: pytest.approx(4.5 / 25)}
    (tagged,) = Tagger(taxonomy(), ABBREVIATIONS, None, precisions).tag(["a shotgun"])
    assert tagged.themes == ()
    assert by(tagged.suggestions) == {"firearms": ("rule",)}


def test_precision_counts_neither_examples_nor_what_nobody_judged() -> None:
    texts = [
        LearningText("shotgun", no=frozenset({"firearms"}), who="example"),
        LearningText("shotgun", yes=frozenset({"audit"}), who="person"),
    ]
    assert rule_precisions(texts, fired_on(texts)) == {}


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


def test_many_texts_are_tagged_as_few(tagger: Tagger) -> None:
    few = [*(text.text for text in judged()), "", "Dip-sample files", "shotgun " * 9]
    times = BATCH // len(few) + 1
    told: list[tuple[int, int]] = []
    tagged = tagger.tag(few * times, lambda done, total: told.append((done, total)))
    assert tagged == tagger.tag(few) * times
    assert told[-1] == (len(tagged), len(tagged))
    assert len(told) == 2
    assert gc.isenabled()


def test_examples_join_the_learning() -> None:
    base = taxonomy()
    theme = Theme(id="audit", name="Audit", examples=("Sample files",), counter_examples=("Read",))
    group = Group(id="h", name="H", themes=(theme,))
    texts = example_texts(Taxonomy(groups=(*base.groups, group)))
    assert [(text.says("audit"), text.says("firearms")) for text in texts] == [
        (True, None),
        (False, None),
    ]


@given(st.lists(st.one_of(st.floats(0, 1), st.integers(0, 10**5).map(lambda n: n / 10**5))))
def test_digits_shown_are_those_of_round(values: list[float]) -> None:
    assert to_four_digits(np.asarray(values, dtype=np.float64)).tolist() == [
        round(value, 4) for value in values
    ]


WORDS = ["draw", "genograms", "weapon", "shotguns", "audit", "the", "ward", "files", "because", "."]


def bare(tagged: Tagged) -> Tagged:
    """Tags without what tells why."""
    themes, suggestions = (
        tuple(tag.model_copy(update={"evidence": ()}) for tag in tags)
        for tags in (tagged.themes, tagged.suggestions)
    )
    return Tagged(themes, suggestions)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), max_size=5))
def test_deciding_and_tagging_agree_on_one_text_and_on_many(
    tagger: Tagger, many: list[str]
) -> None:
    for one in (tagger, Tagger(taxonomy(), ABBREVIATIONS)):
        decisions = one.decide(many)
        assert decisions.tagged() == [bare(tagged) for tagged in one.tag(many)]
        assert decisions.tagged() == [one.decide([text]).tagged()[0] for text in many]
        assert decisions.holds.shape == (len(many), 3)
        assert not (decisions.holds & decisions.suggested).any()


def test_saved_tagger_decides_the_same(tagger: Tagger, tmp_path: Path) -> None:
    tagger.save(tmp_path)
    loaded = Tagger.load(tmp_path, taxonomy(), ABBREVIATIONS)
    texts = [text.text for text in judged()]
    for name in ("holds", "suggested", "confidence", "by_rule", "by_classifier"):
        assert np.array_equal(
            getattr(loaded.decide(texts), name), getattr(tagger.decide(texts), name)
        )


def test_theme_that_left_the_taxonomy_is_decided_no_more(tagger: Tagger) -> None:
    themes = tuple(theme for theme in taxonomy().themes() if theme.id != "genograms")
    less = Taxonomy(groups=(Group(id="g", name="G", themes=themes),))
    one = Tagger(less, ABBREVIATIONS, tagger.classifier, tagger.precisions)
    texts = [text.text for text in judged()]
    assert list(one.decide(texts).theme_ids) == ["firearms", "audit"]
    assert one.decide(texts).tagged() == [bare(tagged) for tagged in one.tag(texts)]
    assert any(tag.id == "audit" for tagged in one.tag(texts) for tag in tagged.themes)
