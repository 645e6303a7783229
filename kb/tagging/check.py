"""Faults of a taxonomy beyond its shape: rules that cannot work, examples that contradict them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kb.errors import TaxonomyError
from kb.model import Group, Rule, Taxonomy, Theme
from kb.tagging.patterns import compile_pattern
from kb.tagging.phrase_set import CompiledPhrases, PhraseSet
from kb.tagging.phrases import Phrase
from kb.tagging.rules import RuleHit, RuleSet
from kb.tagging.tokens import Tokens
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
    phrases = _Phrases(taxonomy, abbreviations)
    numbers = {theme.id: _sound(theme, phrases) for theme in taxonomy.themes()}
    hits = _hits(taxonomy, abbreviations, numbers)
    for theme in taxonomy.themes():
        for number, rule in enumerate(theme.rules, start=1):
            faults += _rule_faults(theme.id, f"rule {number}", rule, phrases)
        faults += _example_faults(theme, numbers[theme.id], hits)
        faults += _doubled(theme, texts)
    return faults


class _Phrases:
    """The phrases of a taxonomy: which have a fault, and which match what another asks for."""

    def __init__(self, taxonomy: Taxonomy, abbreviations: Abbreviations) -> None:
        self.faults: dict[str, TaxonomyError] = {}
        sound: dict[str, Phrase] = {}
        rules = [rule for theme in taxonomy.themes() for rule in theme.rules]
        for text in dict.fromkeys(t for r in rules for t in (*r.any, *r.all, *r.none)):
            try:
                sound[text] = Phrase(text, abbreviations)
            except TaxonomyError as error:
                self.faults[text] = error
        samples = Tokens.of([phrase.sample for phrase in sound.values()])
        spots = PhraseSet(CompiledPhrases.of(list(sound.values()))).find(samples)
        self._met = set(zip(spots.phrases.tolist(), spots.rows.tolist(), strict=True))
        self._number = {text: at for at, text in enumerate(sound)}

    def faults_of(self, rule: Rule) -> Iterator[TaxonomyError]:
        """What keeps a rule from being compiled."""
        for text in (*rule.any, *rule.all, *rule.none):
            if text in self.faults:
                yield self.faults[text]
        if rule.pattern is not None:
            try:
                compile_pattern(rule.pattern)
            except TaxonomyError as error:
                yield error

    def matches(self, phrase: str, asked: str) -> bool:
        """Whether one phrase is found in the sample of another."""
        return (self._number[phrase], self._number[asked]) in self._met


def _rule_faults(theme: str, where: str, rule: Rule, phrases: _Phrases) -> Iterator[Fault]:
    for error in phrases.faults_of(rule):
        yield Fault(theme, where, str(error), "fault")
    for text in (*rule.any, *rule.all, *rule.none):
        if text not in phrases.faults and not phrases.matches(text, text):
            yield Fault(theme, where, f"the phrase {text!r} can never match", "fault")
    yield from _silenced(theme, where, rule, phrases)


def _silenced(theme: str, where: str, rule: Rule, phrases: _Phrases) -> Iterator[Fault]:
    """A ``none`` phrase that is found in what ``all`` or every ``any`` asks for."""
    wanted = [one for one in rule.all if one not in phrases.faults]
    choices = [one for one in rule.any if one not in phrases.faults]
    for text in rule.none:
        if text in phrases.faults:
            continue
        hits = [one for one in choices if phrases.matches(text, one)]
        if any(phrases.matches(text, one) for one in wanted) or (hits and hits == choices):
            message = f"the rule can never fire: its 'none' {text!r} is part of what it asks for"
            yield Fault(theme, where, message, "fault")
            continue
        for one in hits:
            message = f"the phrase {one!r} can never count: 'none' has {text!r}"
            yield Fault(theme, where, message, "warning")


def _sound(theme: Theme, phrases: _Phrases) -> list[int]:
    """The numbers of the rules that compile and are no suggestion."""
    return [
        number
        for number, rule in enumerate(theme.rules, start=1)
        if not rule.suggest and not any(phrases.faults_of(rule))
    ]


def _hits(
    taxonomy: Taxonomy, abbreviations: Abbreviations, numbers: dict[str, list[int]]
) -> dict[str, list[RuleHit]]:
    """For each example of a taxonomy the hits of these rules, which count them alone."""
    kept = tuple(
        theme.model_copy(update={"rules": tuple(theme.rules[n - 1] for n in numbers[theme.id])})
        for theme in taxonomy.themes()
    )
    rules = RuleSet.of(
        Taxonomy(groups=(Group(id="check", name="Check", themes=kept),)), abbreviations
    )
    texts = [text for theme in kept for text in (*theme.examples, *theme.counter_examples)]
    return dict(zip(texts, rules.of_many(texts), strict=True))


def _example_faults(
    theme: Theme, numbers: list[int], hits: dict[str, list[RuleHit]]
) -> Iterator[Fault]:
    for number, text in enumerate(theme.examples, start=1):
        if numbers and not any(hit.theme == theme.id for hit in hits[text]):
            message = f"no rule of the theme fires on {text!r}"
            yield Fault(theme.id, f"example {number}", message, "warning")
    for number, text in enumerate(theme.counter_examples, start=1):
        for hit in (hit for hit in hits[text] if hit.theme == theme.id and hit.tags):
            words = ", ".join(repr(evidence.text) for evidence in hit.evidence)
            message = f"rule {numbers[hit.rule - 1]} fires on {text!r} because of {words}"
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
