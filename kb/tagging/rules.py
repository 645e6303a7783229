"""The rules of a taxonomy, run over a text: which themes, and because of which words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import re2

from kb.errors import TaxonomyError
from kb.model import Evidence, Rule, Taxonomy
from kb.tagging.phrases import Phrase
from kb.text.abbreviations import Abbreviations, load_abbreviations


@dataclass(frozen=True)
class RuleHit:
    """A rule that fired: its theme, its number in that theme (from 1) and the words it met."""

    theme: str
    rule: int
    suggest: bool
    evidence: tuple[Evidence, ...]


class RuleSet:
    """Every rule of a taxonomy, compiled once and run over many texts."""

    def __init__(self, taxonomy: Taxonomy, abbreviations: Abbreviations | None = None) -> None:
        """Compile the rules; raises TaxonomyError naming theme, rule and phrase."""
        self._abbreviations = abbreviations or load_abbreviations()
        self._patterns: list[Any] = []
        self._number: dict[str, int] = {}
        self._rules: list[tuple[str, int, Rule, _Compiled]] = []
        for theme in taxonomy.themes():
            for number, rule in enumerate(theme.rules, start=1):
                try:
                    self._rules.append((theme.id, number, rule, self._compile(rule)))
                except TaxonomyError as error:
                    raise TaxonomyError(
                        error.message, place=f"theme {theme.id}, rule {number}", hint=error.hint
                    ) from error
        dumped = [(theme, rule.model_dump_json()) for theme, _, rule, _ in self._rules]
        self.digest = hashlib.sha256(repr(dumped).encode()).hexdigest()[:16]
        self._set = re2.Set.SearchSet(_options())
        for pattern in self._number:
            self._set.Add(pattern)
        if self._number:
            self._set.Compile()

    def _compile(self, rule: Rule) -> _Compiled:
        return _Compiled(
            any=self._numbers(rule.any),
            all=self._numbers(rule.all),
            none=self._numbers(rule.none),
            pattern=None if rule.pattern is None else self._pattern(f"(?:{rule.pattern})"),
        )

    def _numbers(self, phrases: Iterable[str]) -> tuple[int, ...]:
        return tuple(self._pattern(Phrase(p, self._abbreviations).pattern) for p in phrases)

    def _pattern(self, pattern: str) -> int:
        if pattern not in self._number:
            try:
                self._patterns.append(re2.compile(pattern, _options()))
            except re2.error as error:
                raise TaxonomyError(
                    f"the pattern {pattern!r} is not an RE2 pattern: {error}",
                    hint="RE2 knows no look-around and no back references.",
                ) from error
            self._number[pattern] = len(self._patterns) - 1
        return self._number[pattern]

    def themes(self, text: str) -> list[RuleHit]:
        """Every rule that fires on a text, in the order of the taxonomy, with its evidence."""
        found = set(self._set.Match(text) or ()) if self._number else set()
        return [
            RuleHit(
                theme, number, rule.suggest, self._evidence(text, theme, number, compiled, found)
            )
            for theme, number, rule, compiled in self._rules
            if compiled.fires(found)
        ]

    def _evidence(
        self, text: str, theme: str, number: int, compiled: _Compiled, found: set[int]
    ) -> tuple[Evidence, ...]:
        why = f"rule {number} of {theme}"
        spans: set[tuple[int, int]] = set()
        for at in compiled.wanted():
            if at in found:
                match = self._patterns[at].search(text)
                if match is not None:
                    spans.add(match.span(1) if match.re.groups else match.span())
        return tuple(
            Evidence(start=start, end=end, text=text[start:end], why=why)
            for start, end in sorted(spans)
        )


@dataclass(frozen=True)
class _Compiled:
    """A rule whose phrases are numbers of patterns."""

    any: tuple[int, ...]
    all: tuple[int, ...]
    none: tuple[int, ...]
    pattern: int | None

    def wanted(self) -> list[int]:
        return [*self.any, *self.all, *(() if self.pattern is None else (self.pattern,))]

    def fires(self, found: set[int]) -> bool:
        return (
            all(at in found for at in self.all)
            and (not self.any or any(at in found for at in self.any))
            and (self.pattern is None or self.pattern in found)
            and not any(at in found for at in self.none)
        )


def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 256 << 20
    return options
