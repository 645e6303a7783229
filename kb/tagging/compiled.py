"""The rules of a taxonomy as compiling leaves them: plain numbers and words, to be kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from kb.errors import TaxonomyError
from kb.model import Rule, Taxonomy
from kb.tagging.patterns import compile_pattern
from kb.tagging.phrase_set import CompiledPhrases
from kb.tagging.phrases import Phrase
from kb.text.abbreviations import Abbreviations

Pairs = list[list[int]]


class RuleName(NamedTuple):
    """A rule: its theme, its number in that theme (from 1), its key, whether it only suggests.

    ``key`` names the rule by what it says, so that it stays the same where rules are reordered.
    """

    theme: str
    number: int
    key: str
    suggest: bool

    @property
    def told(self) -> str:
        """The rule in words, as evidence names it."""
        return f"rule {self.number} of {self.theme}" + (", suggesting" if self.suggest else "")


@dataclass(frozen=True)
class CompiledRules:
    """Every rule of a taxonomy; phrases and, after them, patterns are the members of rules.

    ``any``, ``all`` and ``none`` are pairs (member, rule), rising: what a rule asks for so. A
    pattern is one of ``all``.
    """

    digest: str
    names: list[RuleName]
    phrases: CompiledPhrases
    patterns: list[str]
    any: Pairs
    all: Pairs
    none: Pairs

    @classmethod
    def of(cls, taxonomy: Taxonomy, abbreviations: Abbreviations) -> CompiledRules:
        """Compile the rules; raises TaxonomyError naming theme, rule and phrase."""
        members = _Members(abbreviations)
        names: list[RuleName] = []
        for theme in taxonomy.themes():
            for number, rule in enumerate(theme.rules, start=1):
                members.add(rule, f"theme {theme.id}, rule {number}")
                key = f"{theme.id}:{_digest(rule.model_dump_json())}"
                names.append(RuleName(theme.id, number, key, rule.suggest))
        rules = [rule for theme in taxonomy.themes() for rule in theme.rules]
        return cls(
            digest=_digest(repr([name.key for name in names])),
            names=names,
            phrases=CompiledPhrases.of(list(members.phrases.values())),
            patterns=list(members.patterns),
            any=members.pairs([rule.any for rule in rules]),
            all=members.pairs([rule.all for rule in rules], [rule.pattern for rule in rules]),
            none=members.pairs([rule.none for rule in rules]),
        )

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON data."""
        return asdict(self)

    @classmethod
    def stored(cls, data: dict[str, Any]) -> CompiledRules:
        """What ``as_json`` gave; raises KeyError, TypeError or ValueError where it is none."""
        names = [RuleName(*name) for name in data["names"]]
        phrases = CompiledPhrases(**data["phrases"])
        return cls(**{**data, "names": names, "phrases": phrases})


class _Members:
    """The different phrases and patterns of rules, in the order of first sight."""

    def __init__(self, abbreviations: Abbreviations) -> None:
        self.phrases: dict[str, Phrase] = {}
        self.patterns: dict[str, None] = {}
        self._abbreviations = abbreviations

    def add(self, rule: Rule, place: str) -> None:
        try:
            for text in (*rule.any, *rule.all, *rule.none):
                if text not in self.phrases:
                    self.phrases[text] = Phrase(text, self._abbreviations)
            if rule.pattern is not None:
                compile_pattern(rule.pattern)
                self.patterns[rule.pattern] = None
        except TaxonomyError as error:
            raise TaxonomyError(error.message, place=place, hint=error.hint) from error

    def pairs(self, phrases: Sequence[Iterable[str]], patterns: Iterable[str | None] = ()) -> Pairs:
        """The members of each rule, by its phrases and its pattern."""
        number = {text: at for at, text in enumerate(self.phrases)}
        pairs = {(number[text], rule) for rule, texts in enumerate(phrases) for text in texts}
        number = {text: at for at, text in enumerate(self.patterns, start=len(number))}
        pairs |= {(number[text], rule) for rule, text in enumerate(patterns) if text is not None}
        return [list(pair) for pair in sorted(pairs)]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
