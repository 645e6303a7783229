"""The rules of a taxonomy, run over texts: which themes, and because of which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kb.model import Evidence, Taxonomy
from kb.tagging.asks import Span, may_tell_settings, settings
from kb.tagging.compiled import CompiledRules, Pairs, RuleName
from kb.tagging.joins import spread
from kb.tagging.patterns import PatternSet
from kb.tagging.phrase_set import PhraseSet, Spots
from kb.tagging.tokens import Ints, Tokens
from kb.text.abbreviations import Abbreviations, load_abbreviations

_AT_ONCE = 8192  # texts; more would only take more memory


@dataclass(frozen=True)
class Fired:
    """Which of the rules ``names`` fire on ``count`` texts, by text and then by rule.

    ``rows`` of texts and ``rules``, places in ``names``, int64[fired]; ``asides`` bool[fired];
    ``starts`` and ``ends`` int64[stretches] in the text: those that firing i met are
    ``bounds[i]:bounds[i + 1]``.
    """

    names: Sequence[RuleName]
    count: int
    rows: Ints
    rules: Ints
    asides: npt.NDArray[np.bool_]
    bounds: Ints
    starts: Ints
    ends: Ints

    def __len__(self) -> int:
        return len(self.rows)

    def told_by(self, other: Fired, places: Ints) -> Fired:
        """The same, but that those at ``places`` are told as the firings of ``other`` are."""
        asides = self.asides.copy()
        asides[places] = other.asides
        owners = np.repeat(np.arange(len(self)), np.diff(self.bounds))
        kept = ~np.isin(owners, places)
        owners = np.append(owners[kept], np.repeat(places, np.diff(other.bounds)))
        order = np.argsort(owners, kind="stable")
        return replace(
            self,
            asides=asides,
            bounds=np.searchsorted(owners[order], np.arange(len(self) + 1)),
            starts=np.append(self.starts[kept], other.starts)[order],
            ends=np.append(self.ends[kept], other.ends)[order],
        )


class RuleHit(NamedTuple):
    """A rule that fired: its theme, its number in that theme (from 1) and the words it met.

    ``spans`` are the stretches of ``text`` that the rule met, in order; ``aside`` tells that each
    of them begins or ends in what only sets the scene.
    """

    theme: str
    rule: int
    key: str
    suggest: bool
    aside: bool
    text: str
    spans: tuple[Span, ...]

    @property
    def tags(self) -> bool:
        """Whether the hit makes a tag by itself: its rule does, and it met what is asked."""
        return not (self.suggest or self.aside)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The stretches that the rule met, made when asked for: most hits are only counted."""
        why = f"rule {self.rule} of {self.theme}"
        return tuple(
            Evidence(start=start, end=end, text=self.text[start:end], why=why)
            for start, end in self.spans
        )


class RuleSet:
    """Every rule of a taxonomy, compiled once and run over many texts together."""

    def __init__(self, compiled: CompiledRules) -> None:
        """Lay out what was compiled."""
        self.compiled = compiled
        self.names = tuple(compiled.names)
        self.digest = compiled.digest
        self._phrases = PhraseSet(compiled.phrases)
        self._patterns = PatternSet(compiled.patterns)
        self._first_pattern = len(compiled.phrases.phrases)
        members = self._first_pattern + len(compiled.patterns)
        self._any, self._all, self._none = (
            _Holders.of(pairs, members, len(self.names))
            for pairs in (compiled.any, compiled.all, compiled.none)
        )

    @classmethod
    def of(cls, taxonomy: Taxonomy, abbreviations: Abbreviations | None = None) -> RuleSet:
        """Compile the rules; raises TaxonomyError naming theme, rule and phrase."""
        return cls(CompiledRules.of(taxonomy, abbreviations or load_abbreviations()))

    def themes(self, text: str) -> list[RuleHit]:
        """Every rule that fires on a text, in the order of the taxonomy, with its evidence."""
        return self.of_many([text])[0]

    def of_many(self, texts: Sequence[str]) -> list[list[RuleHit]]:
        """For each text every rule that fires on it, in the order of the taxonomy."""
        hits: list[list[RuleHit]] = []
        for first in range(0, len(texts), _AT_ONCE):
            batch = texts[first : first + _AT_ONCE]
            hits += _hits(self.fire(Tokens.of(batch)), batch)
        return hits

    def fire(self, tokens: Tokens) -> Fired:
        """Which rules fire on these texts and what they met there, as arrays."""
        spots = self._spots(tokens)
        fired = self._told(tokens, spots, self._fired(spots))
        rows = np.unique(fired.rows[fired.asides])
        if not len(rows):
            return fired
        asked = self._asked([tokens.texts[row] for row in rows.tolist()])
        return fired.told_by(asked, np.flatnonzero(np.isin(fired.rows, rows)))

    def _asked(self, texts: Sequence[str]) -> Fired:
        """The same of a few texts, where each member is met in what is asked if it stands there."""
        tokens = Tokens.of(texts)
        spots = self._spots(tokens)
        asked = self._spots(Tokens.of(list(map(_without_settings, texts))))
        return self._told(tokens, spots.rather(asked), self._fired(spots))

    def _told(self, tokens: Tokens, spots: Spots, fired: Ints) -> Fired:
        """The rules that fire, by their keys, with what they met at these spots."""
        keys, at = self._met(spots, fired)
        rows, rules = np.divmod(fired, max(len(self.names), 1))
        bounds = np.append(np.searchsorted(keys, fired), len(keys))
        starts, ends = spots.starts[at], spots.ends[at]
        asides = _asides(tokens, rows, bounds, (starts, ends))
        return Fired(self.names, len(tokens.texts), rows, rules, asides, bounds, starts, ends)

    def _spots(self, tokens: Tokens) -> Spots:
        """The first place of each member in each text."""
        phrases = self._phrases.find(tokens)
        patterns = self._patterns.find(tokens.texts)
        return Spots(
            np.append(phrases.phrases, patterns.phrases + self._first_pattern),
            np.append(phrases.rows, patterns.rows),
            np.append(phrases.starts, patterns.starts),
            np.append(phrases.ends, patterns.ends),
        )

    def _keys(self, holders: _Holders, spots: Spots) -> tuple[Ints, Ints]:
        """Text and rule of each spot as one number (text × rules + rule), and the spot."""
        source, rules = holders.of_members(spots.phrases)
        return spots.rows[source] * len(self.names) + rules, source

    def _fired(self, spots: Spots) -> Ints:
        """The keys of texts and the rules that fire on them, rising."""
        every = max(len(self.names), 1)
        chosen = np.unique(self._keys(self._any, spots)[0])
        met, times = np.unique(self._keys(self._all, spots)[0], return_counts=True)
        full = met[times == self._all.sizes[met % every]]
        fired = np.concatenate(
            [
                chosen[self._all.sizes[chosen % every] == 0],
                full[self._any.sizes[full % every] == 0],
                np.intersect1d(chosen, full, assume_unique=True),
            ]
        )
        return np.setdiff1d(fired, self._keys(self._none, spots)[0])

    def _met(self, spots: Spots, fired: Ints) -> tuple[Ints, Ints]:
        """The keys of ``fired`` with each different stretch that they met, as a spot of it."""
        parts = [self._keys(holders, spots) for holders in (self._any, self._all)]
        keys, at = (np.concatenate(both) for both in zip(*parts, strict=True))
        kept = np.isin(keys, fired)
        keys, at = keys[kept], at[kept]
        order = np.lexsort((spots.ends[at], spots.starts[at], keys))
        keys, at = keys[order], at[order]
        told = np.stack([keys, spots.starts[at], spots.ends[at]])
        is_new = np.append(True, (told[:, 1:] != told[:, :-1]).any(axis=0))[: len(keys)]
        return keys[is_new], at[is_new]


def _hits(fired: Fired, texts: Sequence[str]) -> list[list[RuleHit]]:
    """The same, one hit after another, for each text."""
    hits: list[list[RuleHit]] = [[] for _ in texts]
    met = list(zip(fired.starts.tolist(), fired.ends.tolist(), strict=True))
    told = (fired.rows.tolist(), fired.rules.tolist(), fired.asides.tolist())
    spans = pairwise(fired.bounds.tolist())
    for row, rule, aside, (first, stop) in zip(*told, spans, strict=True):
        theme, number, key, suggest = fired.names[rule]
        hit = RuleHit(theme, number, key, suggest, aside, texts[row], tuple(met[first:stop]))
        hits[row].append(hit)
    return hits


def _asides(
    tokens: Tokens, rows: Ints, bounds: Ints, stretches: tuple[Ints, Ints]
) -> npt.NDArray[np.bool_]:
    """Whether all that was met begins or ends in what only sets the scene: bool[fired]."""
    asides = np.zeros(len(rows), dtype=np.bool_)
    firsts = np.searchsorted(rows, np.arange(len(tokens.texts) + 1)).tolist()
    starts, ends = (part.tolist() for part in stretches)
    for row in np.unique(rows[may_tell_settings(tokens)[rows]]).tolist():
        scenes = settings(tokens.texts[row])
        for at in range(firsts[row], firsts[row + 1]) if scenes else ():
            met = range(bounds[at], bounds[at + 1])
            asides[at] = all(_is_in(scenes, starts[one], ends[one]) for one in met)
    return asides


def _without_settings(text: str) -> str:
    """A text with ends of sentences in the place of what only sets the scene."""
    for first, last in settings(text):
        text = text[:first] + ("." * (last - first - 1) + " ")[: last - first] + text[last:]
    return text


def _is_in(scenes: Sequence[Span], start: int, end: int) -> bool:
    """Whether a stretch begins or ends in one of these."""
    return any(first <= start < last or first < end <= last for first, last in scenes)


@dataclass(frozen=True)
class _Holders:
    """The rules that hold each member: ``rules[bounds[m]:bounds[m + 1]]``; ``sizes`` int64[rules]
    counts each rule's different members."""

    rules: Ints
    bounds: Ints
    sizes: Ints

    @classmethod
    def of(cls, pairs: Pairs, members: int, rules: int) -> _Holders:
        """From pairs (member, rule), rising."""
        member, rule = np.asarray(pairs, dtype=np.int64).reshape(-1, 2).T
        bounds = np.searchsorted(member, np.arange(members + 1))
        return cls(rule, bounds, np.bincount(rule, minlength=rules))

    def of_members(self, members: Ints) -> tuple[Ints, Ints]:
        """The place of a member and a rule that holds it, for each such pair."""
        source, at = spread(self.bounds[members], self.bounds[members + 1])
        return source, self.rules[at]
