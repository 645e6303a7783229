"""A rule tried on the corpus: what it meets, and how often judgements say it is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.model import Entry, Evidence, Group, Rule, Taxonomy, Theme
from kb.tagging.judged import Settled
from kb.tagging.rules import RuleSet
from kb.tagging.scores import Score
from kb.text.abbreviations import Abbreviations


@dataclass(frozen=True)
class RuleMatch:
    """A recommendation that a rule met; ``judged`` is None where nobody judged the theme there."""

    id: str
    text: str
    evidence: tuple[Evidence, ...]
    judged: bool | None


@dataclass(frozen=True)
class RuleTrial:
    """A rule's hits; ``score`` counts judged recommendations only."""

    theme: str
    rule: int
    suggest: bool
    hits: tuple[RuleMatch, ...]
    score: Score

    def as_json(self) -> dict[str, object]:
        """``{theme, rule, suggest, hits, judged, precision, recall}``."""
        return {
            "theme": self.theme,
            "rule": self.rule,
            "suggest": self.suggest,
            "hits": len(self.hits),
            "judged": self.score.given,
            "precision": self.score.precision.as_json(),
            "recall": self.score.recall.as_json(),
        }


def try_rule(
    rule: Rule,
    theme: str,
    entries: Sequence[Entry],
    verdicts: Mapping[str, Settled],
    abbreviations: Abbreviations,
) -> RuleTrial:
    """Try one rule, written or not yet written, for a theme; raises TaxonomyError."""
    alone = Taxonomy(
        groups=(
            Group(id="trial", name="Trial", themes=(Theme(id=theme, name=theme, rules=(rule,)),)),
        )
    )
    return try_rules(alone, entries, verdicts, abbreviations)[0]


def try_rules(
    taxonomy: Taxonomy,
    entries: Sequence[Entry],
    verdicts: Mapping[str, Settled],
    abbreviations: Abbreviations,
) -> list[RuleTrial]:
    """Try every rule of a taxonomy, in its order; ``verdicts`` go by recommendation id.

    What a rule meets only in the setting of an ask is no hit of it.
    """
    rules = RuleSet.of(taxonomy, abbreviations)
    met: dict[tuple[str, int], list[RuleMatch]] = {}
    wanted: dict[str, int] = {}
    hits = rules.of_many([entry.recommendation.text for entry in entries])
    for entry, fired in zip(entries, hits, strict=True):
        text, verdict = entry.recommendation.text, verdicts.get(entry.id)
        for theme in verdict.yes if verdict else ():
            wanted[theme] = wanted.get(theme, 0) + 1
        for hit in fired:
            if hit.aside:
                continue
            judged = verdict.says(hit.theme) if verdict else None
            match = RuleMatch(entry.id, text, hit.evidence, judged)
            met.setdefault((hit.theme, hit.rule), []).append(match)
    return [
        _trial(theme.id, number, rule, met.get((theme.id, number), []), wanted.get(theme.id, 0))
        for theme in taxonomy.themes()
        for number, rule in enumerate(theme.rules, start=1)
    ]


def _trial(
    theme: str, number: int, rule: Rule, hits: Sequence[RuleMatch], wanted: int
) -> RuleTrial:
    right = sum(hit.judged is True for hit in hits)
    judged = sum(hit.judged is not None for hit in hits)
    return RuleTrial(theme, number, rule.suggest, tuple(hits), Score(wanted, judged, right))
