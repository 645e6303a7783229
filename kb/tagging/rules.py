"""The rules of a taxonomy, run over a text: which themes, and because of which words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import re2

from kb.errors import TaxonomyError
from kb.model import Evidence, Rule, Taxonomy
from kb.tagging.phrases import Phrase, Step, Words
from kb.text.abbreviations import Abbreviations, load_abbreviations

Span = tuple[int, int]
_REMEMBERED = 200_000
_REMEMBERED_TEXTS = 20_000


@dataclass(frozen=True)
class RuleHit:
    """A rule that fired: its theme, its number in that theme (from 1) and the words it met.

    ``key`` names the rule by what it says, so that it stays the same where rules are reordered.
    """

    theme: str
    rule: int
    key: str
    suggest: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class _Compiled:
    """A rule whose phrases are numbers into the set's phrases."""

    theme: str
    number: int
    key: str
    rule: Rule
    any: tuple[int, ...]
    all: tuple[int, ...]
    none: tuple[int, ...]
    pattern: Any


class RuleSet:
    """Every rule of a taxonomy, compiled once and run over many texts.

    A phrase is looked for only where each of its places can be filled by a word of the text:
    every word has a bit mask of the places it fills, so that most phrases cost nothing.
    """

    def __init__(self, taxonomy: Taxonomy, abbreviations: Abbreviations | None = None) -> None:
        """Compile the rules; raises TaxonomyError naming theme, rule and phrase."""
        self._abbreviations = abbreviations or load_abbreviations()
        self._phrases: list[Phrase] = []
        self._number: dict[str, int] = {}
        self._rules: list[_Compiled] = []
        for theme in taxonomy.themes():
            for number, rule in enumerate(theme.rules, start=1):
                try:
                    self._rules.append(self._compile(theme.id, number, rule))
                except TaxonomyError as error:
                    raise TaxonomyError(
                        error.message, place=f"theme {theme.id}, rule {number}", hint=error.hint
                    ) from error
        self.digest = _digest(repr([rule.key for rule in self._rules]))
        self._index = _PlaceIndex([phrase.steps for phrase in self._phrases])
        self._by_phrase, self._always = self._who_wants()
        self._heard: dict[str, tuple[RuleHit, ...]] = {}

    def _compile(self, theme: str, number: int, rule: Rule) -> _Compiled:
        return _Compiled(
            theme=theme,
            number=number,
            key=f"{theme}:{_digest(rule.model_dump_json())}",
            rule=rule,
            any=self._numbers(rule.any),
            all=self._numbers(rule.all),
            none=self._numbers(rule.none),
            pattern=None if rule.pattern is None else compile_pattern(rule.pattern),
        )

    def _numbers(self, phrases: Iterable[str]) -> tuple[int, ...]:
        return tuple(self._phrase(phrase) for phrase in phrases)

    def _phrase(self, text: str) -> int:
        if text not in self._number:
            self._phrases.append(Phrase(text, self._abbreviations))
            self._number[text] = len(self._phrases) - 1
        return self._number[text]

    def _who_wants(self) -> tuple[dict[int, list[int]], list[int]]:
        """For each phrase the rules that it may make fire, and the rules of a pattern alone."""
        by_phrase: dict[int, list[int]] = {}
        always = []
        for at, rule in enumerate(self._rules):
            starters = rule.any or rule.all[:1]
            for phrase in starters:
                by_phrase.setdefault(phrase, []).append(at)
            if not starters:
                always.append(at)
        return by_phrase, always

    def themes(self, text: str) -> list[RuleHit]:
        """Every rule that fires on a text, in the order of the taxonomy, with its evidence.

        The last texts are remembered, since learning and measuring ask for each several times.
        """
        if text not in self._heard:
            if len(self._heard) >= _REMEMBERED_TEXTS:
                self._heard.clear()
            self._heard[text] = tuple(self._run(text))
        return list(self._heard[text])

    def _run(self, text: str) -> list[RuleHit]:
        words = Words(text)
        spans = _Spans(self._phrases, words, self._index.candidates(words))
        candidates = {rule for phrase in spans.possible for rule in self._by_phrase.get(phrase, ())}
        hits = []
        for at in sorted(candidates.union(self._always)):
            evidence = self._fires(self._rules[at], spans, text)
            if evidence is not None:
                rule = self._rules[at]
                hits.append(RuleHit(rule.theme, rule.number, rule.key, rule.rule.suggest, evidence))
        return hits

    def _fires(self, rule: _Compiled, spans: _Spans, text: str) -> tuple[Evidence, ...] | None:
        wanted = [spans.of(phrase) for phrase in rule.all]
        if any(span is None for span in wanted):
            return None
        chosen = [spans.of(phrase) for phrase in rule.any]
        if rule.any and all(span is None for span in chosen):
            return None
        if any(spans.of(phrase) is not None for phrase in rule.none):
            return None
        found = {span for span in (*wanted, *chosen) if span is not None}
        if rule.pattern is not None:
            match = rule.pattern.search(text)
            if match is None:
                return None
            found.add(match.span())
        why = f"rule {rule.number} of {rule.theme}"
        return tuple(
            Evidence(start=start, end=end, text=text[start:end], why=why)
            for start, end in sorted(found)
        )


class _Spans:
    """Where each phrase stands in one text, looked for when first asked."""

    def __init__(self, phrases: list[Phrase], words: Words, possible: set[int]) -> None:
        self.possible = possible
        self._phrases = phrases
        self._words = words
        self._found: dict[int, Span | None] = {}

    def of(self, phrase: int) -> Span | None:
        if phrase not in self.possible:
            return None
        if phrase not in self._found:
            self._found[phrase] = self._phrases[phrase].find(self._words)
        return self._found[phrase]


class _PlaceIndex:
    """Which phrases a text's words can fill: one bit for each place of each phrase.

    A phrase is considered only for a word that fills its narrowest place, its anchor.
    """

    def __init__(self, phrases: list[tuple[Step, ...]]) -> None:
        self._whole: dict[str, tuple[int, list[int]]] = {}
        self._beginnings: dict[str, tuple[int, list[int]]] = {}
        self._known: dict[str, tuple[int, tuple[int, ...]]] = {}
        self._needs: list[tuple[int, int]] = []
        bit = 0
        for phrase, steps in enumerate(phrases):
            self._needs.append((bit, (1 << len(steps)) - 1))
            anchor = min(range(len(steps)), key=lambda at: len(steps[at].alternatives))
            for at, step in enumerate(steps):
                self._put(step, 1 << bit, [phrase] if at == anchor else [])
                bit += 1

    def _put(self, step: Step, mask: int, anchored: list[int]) -> None:
        for alternative in step.alternatives:
            first = alternative[0]
            table = self._beginnings if first.is_prefix else self._whole
            before, phrases = table.get(first.word, (0, []))
            table[first.word] = before | mask, phrases + anchored

    def candidates(self, words: Words) -> set[int]:
        """The phrases all of whose places some word of the text can fill."""
        filled = 0
        anchored: set[int] = set()
        for word in words.places:
            mask, phrases = self._of(word)
            filled |= mask
            anchored.update(phrases)
        return {phrase for phrase in anchored if self._is_filled(phrase, filled)}

    def _is_filled(self, phrase: int, filled: int) -> bool:
        bit, need = self._needs[phrase]
        return (filled >> bit) & need == need

    def _of(self, word: str) -> tuple[int, tuple[int, ...]]:
        """The bits of the places that a word fills, and the phrases that it is an anchor of."""
        if word not in self._known:
            forms = {word, word.removesuffix("s"), word.removesuffix("'s")}
            found = [self._whole[form] for form in forms if form in self._whole]
            starts = (word[:length] for length in range(1, len(word) + 1))
            found += [self._beginnings[start] for start in starts if start in self._beginnings]
            mask = 0
            for bits, _ in found:
                mask |= bits
            phrases = tuple({phrase for _, anchored in found for phrase in anchored})
            if len(self._known) >= _REMEMBERED:
                return mask, phrases
            self._known[word] = mask, phrases
        return self._known[word]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def compile_pattern(pattern: str) -> Any:
    """An RE2 pattern, compiled; raises TaxonomyError where it is none."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise TaxonomyError(
            f"the pattern {pattern!r} is not an RE2 pattern: {error}",
            hint="RE2 knows no look-around and no back references.",
        ) from error
