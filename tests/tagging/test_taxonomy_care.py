from __future__ import annotations

from kb.model import Entry, Group, Recommendation, ReviewFacts, Rule, Source, Tag, Taxonomy, Theme
from kb.tagging.check import Fault, check_taxonomy
from kb.tagging.judged import Settled
from kb.tagging.queue import queue
from kb.tagging.scores import Score
from kb.tagging.trial import try_rule, try_rules
from kb.text.abbreviations import load_abbreviations

ABBREVIATIONS = load_abbreviations()


def faults(*themes: Theme) -> list[Fault]:
    taxonomy = Taxonomy(groups=(Group(id="g", name="G", themes=themes),))
    return check_taxonomy(taxonomy, ABBREVIATIONS)


def theme(
    *rules: Rule,
    theme_id: str = "dash",
    examples: tuple[str, ...] = (),
    counter_examples: tuple[str, ...] = (),
) -> Theme:
    return Theme(
        id=theme_id,
        name=theme_id,
        rules=rules,
        examples=examples,
        counter_examples=counter_examples,
    )


def entry(
    entry_id: str, text: str, themes: tuple[Tag, ...] = (), suggestions: tuple[Tag, ...] = ()
) -> Entry:
    review, _, position = entry_id.partition("/")
    source = Source(file="plan.csv", sha256="0" * 64, place="row 1")
    recommendation = Recommendation(position=int(position), text=text, source=source)
    return Entry(
        id=entry_id,
        recommendation=recommendation,
        review=ReviewFacts(id=review, title=review),
        themes=themes,
        suggestions=suggestions,
    )


def test_sound_theme_has_no_fault() -> None:
    assert faults(theme(Rule(any=("DASH",)), examples=("Use the DASH",))) == []


def test_theme_without_rules_or_examples_is_sound() -> None:
    assert faults(theme()) == []
    assert faults(theme(examples=("Anything",))) == []


def test_phrase_that_can_never_match_is_named_with_its_rule() -> None:
    (fault,) = faults(theme(Rule(any=("DASH",)), Rule(any=("(dash)",))))
    assert (fault.theme, fault.where, fault.severity) == ("dash", "rule 2", "fault")
    assert "(dash)" in fault.message


def test_pattern_that_is_no_re2_is_a_fault() -> None:
    (fault,) = faults(theme(Rule(pattern="(?=dash)")))
    assert "RE2" in fault.message


def test_none_that_silences_its_own_rule_is_a_fault() -> None:
    (fault,) = faults(theme(Rule(any=("risk checklist", "checklists"), none=("checklist*",))))
    assert "never fire" in fault.message
    (fault,) = faults(theme(Rule(all=("risk",), any=("tool",), none=("risk*",))))
    assert "never fire" in fault.message


def test_none_that_silences_one_phrase_of_several_is_a_warning() -> None:
    (fault,) = faults(theme(Rule(any=("risk checklist", "DASH"), none=("risk*",))))
    assert fault.severity == "warning"
    assert "risk checklist" in fault.message


def test_counter_example_on_which_a_rule_fires_is_a_fault() -> None:
    (fault,) = faults(theme(Rule(any=("DASH",)), counter_examples=("Dash to the DASH board",)))
    assert (fault.where, fault.severity) == ("counter example 1", "fault")
    assert "rule 1" in fault.message


def test_rule_that_only_suggests_may_fire_on_a_counter_example() -> None:
    assert faults(theme(Rule(any=("DASH",), suggest=True), counter_examples=("A DASH",))) == []


def test_example_that_no_rule_meets_is_a_warning() -> None:
    (fault,) = faults(theme(Rule(any=("DASH",)), examples=("Use the checklist",)))
    assert (fault.where, fault.severity) == ("example 1", "warning")


def test_same_example_twice_is_found_across_themes() -> None:
    found = faults(
        theme(examples=("Use it.", "use  it.")), theme(theme_id="risk", examples=("Use it.",))
    )
    assert [(fault.theme, fault.severity) for fault in found] == [
        ("dash", "fault"),
        ("risk", "warning"),
    ]


def test_rule_is_tried_on_the_corpus_and_scored_on_judgements_only() -> None:
    entries = [
        entry("a/1", "Use the DASH"),
        entry("a/2", "Use the DASH again"),
        entry("a/3", "A DASH for all"),
        entry("a/4", "The checklist"),
    ]
    verdicts = {
        "a/1": Settled(yes=frozenset({"dash"})),
        "a/2": Settled(complete=True),
        "a/4": Settled(yes=frozenset({"dash"})),
    }
    trial = try_rule(Rule(any=("DASH",)), "dash", entries, verdicts, ABBREVIATIONS)
    assert [(hit.id, hit.judged) for hit in trial.hits] == [
        ("a/1", True),
        ("a/2", False),
        ("a/3", None),
    ]
    assert trial.score == Score(wanted=2, given=2, right=1)
    assert trial.hits[0].evidence[0].text == "DASH"
    assert trial.as_json()["hits"] == 3


def test_every_rule_is_tried_even_one_that_meets_nothing() -> None:
    taxonomy = Taxonomy(
        groups=(Group(id="g", name="G", themes=(theme(Rule(any=("DASH",)), Rule(any=("SARA",))),)),)
    )
    trials = try_rules(taxonomy, [entry("a/1", "A DASH")], {}, ABBREVIATIONS)
    assert [(trial.rule, len(trial.hits)) for trial in trials] == [(1, 1), (2, 0)]


def tag(theme_id: str, confidence: float, *by: str) -> Tag:
    return Tag.model_validate(
        {"id": theme_id, "by": by or ("classifier",), "confidence": confidence}
    )


def test_closest_to_the_threshold_is_asked_first() -> None:
    entries = [
        entry("a/1", "x", (tag("dash", 0.99),)),
        entry("b/1", "y", (), (tag("risk", 0.38),)),
        entry("c/1", "z", (tag("policy", 0.6),)),
    ]
    thresholds = {"dash": 0.4, "risk": 0.4, "policy": 0.4}
    found = queue(entries, {}, thresholds, 10)
    assert [one for one, _ in found] == ["b/1", "c/1", "a/1"]
    assert "just under" in found[0][1]


def test_queue_spreads_over_themes_and_reviews() -> None:
    same = [entry(f"a/{n}", "x", (), (tag("dash", 0.39),)) for n in range(1, 6)]
    other = entry("b/1", "y", (), (tag("risk", 0.30),))
    found = queue([*same, other], {}, {"dash": 0.4, "risk": 0.4}, 2)
    assert [one for one, _ in found] == ["a/1", "b/1"]


def test_rule_against_classifier_is_doubtful() -> None:
    entries = [
        entry("a/1", "x", (tag("dash", 0.9, "rule"),)),
        entry("b/1", "y", (tag("dash", 0.97, "rule", "classifier"),)),
    ]
    found = queue(entries, {}, {"dash": 0.4}, 1)
    assert found == [("a/1", "dash: a rule finds it, the classifier does not")]
