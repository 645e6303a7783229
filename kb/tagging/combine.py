"""Rules and classifier together: the themes of a text, how sure, and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb.errors import IndexUnreadable
from kb.files import write_atomically
from kb.model import Evidence, Tag, TaggedBy, Taxonomy
from kb.tagging.classifier import Classifier, LearningSettings
from kb.tagging.judged import Tagged, in_order
from kb.tagging.learning import LearningText
from kb.tagging.rule_columns import Hits
from kb.tagging.rules import RuleHit, RuleSet
from kb.text.abbreviations import Abbreviations

Progress = Callable[[int, int], None]

PRIOR_PRECISION = 0.9
PRIOR_PRECISION_OF_SUGGESTIONS = 0.4
PRIOR_WEIGHT = 5.0
LEAST_PRECISION = 0.5
NEAR = 0.6
FAINT = 0.5
PRECISIONS = "rules.json"
BATCH = 4096


def rule_precisions(rules: RuleSet, texts: Sequence[LearningText]) -> dict[str, float]:
    """Each rule's precision on judged texts, drawn to its prior by five imagined hits.

    Only texts that judge the rule's theme count; worked examples do not (rules are written for
    them), nor does what only sets the scene. A rule that met none of them is left out.
    """
    hits: dict[str, tuple[int, int, bool]] = {}
    judged = [text for text in texts if text.is_judged]
    for text, met in zip(judged, rules.of_many([text.text for text in judged]), strict=True):
        for hit in met:
            said = text.says(hit.theme)
            if said is not None and not hit.aside:
                right, all_hits, _ = hits.get(hit.key, (0, 0, False))
                hits[hit.key] = (right + said, all_hits + 1, hit.suggest)
    return {
        key: (right + PRIOR_WEIGHT * _prior(suggest=suggest)) / (all_hits + PRIOR_WEIGHT)
        for key, (right, all_hits, suggest) in sorted(hits.items())
    }


def _prior(*, suggest: bool) -> float:
    return PRIOR_PRECISION_OF_SUGGESTIONS if suggest else PRIOR_PRECISION


@dataclass(frozen=True)
class _Voice:
    """What rules or classifier say about one theme: ``holds`` makes a tag, else a suggestion."""

    by: TaggedBy
    confidence: float
    holds: bool
    evidence: tuple[Evidence, ...]
    is_faint: bool = False


class Tagger:
    """Tags texts by the rules of a taxonomy and, where one is learnt, by a classifier."""

    def __init__(
        self,
        taxonomy: Taxonomy,
        abbreviations: Abbreviations,
        classifier: Classifier | None = None,
        precisions: Mapping[str, float] | None = None,
        *,
        rules: RuleSet | None = None,
    ) -> None:
        """Compile the rules; ``precisions`` are the rules' own, a prior stands for any other.

        ``rules`` are the taxonomy's where they are compiled already.
        Raises TaxonomyError where a rule has a fault.
        """
        self.rules = rules or RuleSet(taxonomy, abbreviations)
        self.classifier = classifier
        self.precisions = dict(precisions or {})
        self._themes = {theme.id for theme in taxonomy.themes()}

    @classmethod
    def learn(
        cls,
        taxonomy: Taxonomy,
        abbreviations: Abbreviations,
        texts: Sequence[LearningText],
        *,
        rules: RuleSet | None = None,
        settings: LearningSettings | None = None,
        progress: Progress | None = None,
    ) -> Tagger:
        """Learn the classifier and the rules' precisions from examples and judgements."""
        tagger = cls(taxonomy, abbreviations, rules=rules)
        theme_ids = [theme.id for theme in taxonomy.themes()]
        tagger.classifier = Classifier.learn(
            texts,
            theme_ids,
            abbreviations,
            rules=tagger.rules,
            settings=settings,
            progress=progress,
        )
        tagger.precisions = rule_precisions(tagger.rules, texts)
        return tagger

    def save(self, folder: Path) -> None:
        """Write classifier and precisions into a folder; raises StorageError."""
        if self.classifier is not None:
            self.classifier.save(folder)
        stored = dict(sorted(self.precisions.items()))
        write_atomically(folder / PRECISIONS, json.dumps(stored, ensure_ascii=False).encode())

    @classmethod
    def load(cls, folder: Path, taxonomy: Taxonomy, abbreviations: Abbreviations) -> Tagger:
        """Read what ``save`` wrote; a rule that has changed since is read as one never measured.

        Raises IndexMissing or IndexUnreadable.
        """
        tagger = cls(taxonomy, abbreviations, Classifier.load(folder, abbreviations))
        try:
            stored = json.loads((folder / PRECISIONS).read_bytes())
            tagger.precisions = {str(key): float(value) for key, value in stored.items()}
        except (OSError, ValueError, AttributeError, TypeError) as error:
            raise IndexUnreadable(
                f"the rules' precisions cannot be read: {error}",
                place=str(folder / PRECISIONS),
                hint="Run 'kb build --relearn' to measure them again.",
            ) from error
        return tagger

    def tag(self, texts: Sequence[str], progress: Progress | None = None) -> list[Tagged]:
        """The themes and suggestions of each text; ``progress`` is told (done, of how many)."""
        known = self._themes.intersection(self.classifier.theme_ids if self.classifier else ())
        tagged: list[Tagged] = []
        for first in range(0, len(texts), BATCH):
            batch = texts[first : first + BATCH]
            hits = self.rules.of_many(batch)
            ruled = [self._rule_voices(one) for one in hits]
            learnt = self._learnt_voices(batch, hits, ruled)
            tagged += [
                _combined(rules, voices, known) for rules, voices in zip(ruled, learnt, strict=True)
            ]
            if progress:
                progress(len(tagged), len(texts))
        return tagged

    def _rule_voices(self, hits: Sequence[RuleHit]) -> dict[str, _Voice]:
        """The best rule of each theme, with the evidence of all that fired."""
        voices: dict[str, _Voice] = {}
        for hit in hits:
            precision = PRIOR_PRECISION_OF_SUGGESTIONS
            if not hit.aside:
                precision = self.precisions.get(hit.key, _prior(suggest=hit.suggest))
            holds = hit.tags and precision >= LEAST_PRECISION
            voice = _Voice("rule", precision, holds, hit.evidence)
            if hit.theme in voices:
                voice = _louder(voices[hit.theme], voice)
            voices[hit.theme] = voice
        return voices

    def _learnt_voices(
        self, batch: Sequence[str], hits: Hits, ruled: Sequence[Mapping[str, _Voice]]
    ) -> list[dict[str, _Voice]]:
        """For each text what the classifier, which has heard the rules, says of learnt themes.

        It speaks of every theme that a rule tags, of one that a rule suggests from ``FAINT`` its
        threshold on, and of any other from ``NEAR`` it on.
        """
        voices: list[dict[str, _Voice]] = [{} for _ in batch]
        classifier = self.classifier
        if classifier is None or not classifier.theme_ids:
            return voices
        reading = classifier.read(batch, hits)
        shares = reading.probabilities / classifier.thresholds
        spoken = shares >= _floors(ruled, classifier.theme_ids, shares.shape)
        vectors = classifier.features.plain(reading.weighted)
        for place, theme in enumerate(classifier.theme_ids):
            rows = np.flatnonzero(spoken[:, place]).tolist() if theme in self._themes else []
            clear = [row for row in rows if shares[row, place] >= FAINT]
            precedents = classifier.precedents.nearest(vectors, clear, place) if clear else {}
            for row in rows:
                evidence: tuple[Evidence, ...] = ()
                if shares[row, place] >= FAINT:
                    evidence = reading.evidence(row, place)
                if row in precedents:
                    evidence += (Evidence(start=0, end=0, text="", why=precedents[row]),)
                voices[row][theme] = _Voice(
                    "classifier",
                    float(reading.probabilities[row, place]),
                    holds=bool(shares[row, place] >= 1),
                    evidence=evidence,
                    is_faint=bool(shares[row, place] < FAINT),
                )
        return voices


def _floors(
    ruled: Sequence[Mapping[str, _Voice]], theme_ids: Sequence[str], shape: tuple[int, ...]
) -> npt.NDArray[np.float64]:
    """From which share of its threshold on each theme is spoken of: float64[texts, themes]."""
    floors = np.full(shape, NEAR)
    place_of = {theme: at for at, theme in enumerate(theme_ids)}
    for row, rules in enumerate(ruled):
        for theme, rule in rules.items():
            if theme in place_of:
                floors[row, place_of[theme]] = 0.0 if rule.holds else FAINT
    return floors


def _louder(first: _Voice, second: _Voice) -> _Voice:
    best = max((first, second), key=lambda voice: (voice.holds, voice.confidence))
    evidence = tuple(dict.fromkeys(first.evidence + second.evidence))
    return _Voice(best.by, best.confidence, best.holds, evidence)


def _combined(
    ruled: Mapping[str, _Voice], learnt: Mapping[str, _Voice], known: Collection[str]
) -> Tagged:
    """The tags of a text; ``known`` are the themes that the classifier has learnt.

    Of these it decides, since it has heard the rules: a rule that it finds wholly unlikely (below
    ``FAINT`` its threshold) only suggests.
    """
    themes: list[Tag] = []
    suggestions: list[Tag] = []
    for theme in ruled.keys() | learnt.keys():
        rule, classifier = ruled.get(theme), learnt.get(theme)
        if classifier is None and theme in known:
            continue
        holds = any(voice.holds for voice in (rule, classifier) if voice)
        if rule and rule.holds and classifier and classifier.is_faint:
            holds = False
        (themes if holds else suggestions).append(_tag(theme, rule, classifier))
    return Tagged(in_order(themes), in_order(suggestions))


def _tag(theme: str, rule: _Voice | None, classifier: _Voice | None) -> Tag:
    """A tag by whom it rests on, as sure as the classifier is, or its rule where none is learnt."""
    voices = [voice for voice in (rule, classifier) if voice is not None]
    speaking = [voice for voice in voices if voice.holds] or voices
    return Tag(
        id=theme,
        by=tuple(voice.by for voice in speaking),
        confidence=round(voices[-1].confidence, 4),
        evidence=tuple(evidence for voice in voices for evidence in voice.evidence),
    )
