"""Faults of a taxonomy beyond its shape: rules that cannot work, examples that contradict them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kb.errors import TaxonomyError
from kb.model import Group, Rule, Taxonomy, Theme
from kb.tagging.phrases import Phrase, Words
from kb.tagging.rules import RuleSet, compile_pattern
from kb.text.abbreviations import Abbreviations
from kb.text.normalise import fold


@dataclass(frozen=True)
class Fault:
    """Something wrong with a theme; ``where`` names its rule or example ("rule 2", "example 3")."""

    theme: str
    where: str
    message: str
    severity: Literal["fault", "warning"]


def check_taxonomy(taxonomy: Taxonomy, abbreviations: Abbreviations) -> list[Fault]:
    """Every fault and warning, in the order of the file.

    A counter example on which a rule fires is a fault; an example on which none fires is a
    warning, since the classifier learns from it all the same.
    """
    faults: list[Fault] = []
    texts: dict[str, tuple[str, str]] = {}
    for theme in taxonomy.themes():
        for number, rule in enumerate(theme.rules, start=1):
            faults += _rule_faults(theme.id, f"rule {number}", rule, abbreviations)
        faults += _example_faults(theme, _sound(theme, abbreviations))
        faults += _doubled(theme, texts)
    return faults


def _rule_faults(
    theme: str, where: str, rule: Rule, abbreviations: Abbreviations
) -> Iterator[Fault]:
    phrases: dict[str, Phrase] = {}
    for text in (*rule.any, *rule.all, *rule.none):
        try:
            phrases[text] = Phrase(text, abbreviations)
            if not _matches(phrases[text], phrases[text].sample):
                yield Fault(theme, where, f"the phrase {text!r} can never match", "fault")
        except TaxonomyError as error:
            yield Fault(theme, where, str(error), "fault")
    if rule.pattern is not None:
        try:
            compile_pattern(rule.pattern)
        except TaxonomyError as error:
            yield Fault(theme, where, str(error), "fault")
    yield from _silenced(theme, where, rule, phrases)


def _silenced(theme: str, where: str, rule: Rule, phrases: dict[str, Phrase]) -> Iterator[Fault]:
    """A ``none`` phrase that is found in what ``all`` or every ``any`` asks for."""
    for text in rule.none:
        if text not in phrases:
            continue
        silencer = phrases[text]
        wanted = [phrases[one].sample for one in rule.all if one in phrases]
        choices = [phrases[one].sample for one in rule.any if one in phrases]
        hits = [_matches(silencer, sample) for sample in choices]
        if any(_matches(silencer, sample) for sample in wanted) or (hits and all(hits)):
            message = f"the rule can never fire: its 'none' {text!r} is part of what it asks for"
            yield Fault(theme, where, message, "fault")
            continue
        for one, hit in zip(rule.any, hits, strict=False):
            if hit:
                message = f"the phrase {one!r} can never count: 'none' has {text!r}"
                yield Fault(theme, where, message, "warning")


def _sound(theme: Theme, abbreviations: Abbreviations) -> list[tuple[int, RuleSet]]:
    """The rules that compile and are no suggestion, each alone with its number."""
    sound = []
    for number, rule in enumerate(theme.rules, start=1):
        alone = theme.model_copy(update={"rules": (rule,)})
        group = Group(id="check", name="Check", themes=(alone,))
        try:
            if not rule.suggest:
                sound.append((number, RuleSet(Taxonomy(groups=(group,)), abbreviations)))
        except TaxonomyError:
            continue
    return sound


def _example_faults(theme: Theme, rules: list[tuple[int, RuleSet]]) -> Iterator[Fault]:
    for number, text in enumerate(theme.examples, start=1):
        if rules and not any(rule.themes(text) for _, rule in rules):
            message = f"no rule of the theme fires on {text!r}"
            yield Fault(theme.id, f"example {number}", message, "warning")
    for number, text in enumerate(theme.counter_examples, start=1):
        for rule_number, rule in rules:
            for hit in rule.themes(text):
                words = ", ".join(repr(evidence.text) for evidence in hit.evidence)
                message = f"rule {rule_number} fires on {text!r} because of {words}"
                yield Fault(theme.id, f"counter example {number}", message, "fault")


def _doubled(theme: Theme, texts: dict[str, tuple[str, str]]) -> Iterator[Fault]:
    for kind, examples in (
        ("example", theme.examples),
        ("counter example", theme.counter_examples),
    ):
        for number, text in enumerate(examples, start=1):
            where = f"{kind} {number}"
            if not fold(text):
                yield Fault(theme.id, where, "it is empty", "fault")
                continue
            first = texts.setdefault(fold(text), (theme.id, where))
            if first == (theme.id, where):
                continue
            is_same_theme = first[0] == theme.id
            message = f"the same text is {first[1]} of {first[0]}"
            yield Fault(theme.id, where, message, "fault" if is_same_theme else "warning")


def _matches(phrase: Phrase, sample: str) -> bool:
    return phrase.find(Words(sample)) is not None
