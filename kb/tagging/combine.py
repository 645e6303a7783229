"""Rules and classifier together: the themes of a text, how sure, and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.errors import IndexUnreadable
from kb.files import write_atomically
from kb.model import Evidence, Tag, TaggedBy, Taxonomy
from kb.tagging.classifier import Classifier, LearningSettings
from kb.tagging.judged import Tagged, in_order
from kb.tagging.learning import LearningText
from kb.tagging.rules import RuleHit, RuleSet
from kb.text.abbreviations import Abbreviations

Progress = Callable[[int, int], None]

PRIOR_PRECISION = 0.9
PRIOR_PRECISION_OF_SUGGESTIONS = 0.4
PRIOR_WEIGHT = 5.0
LEAST_PRECISION = 0.5
NEAR = 0.6
PRECISIONS = "rules.json"
BATCH = 4096


def rule_precisions(rules: RuleSet, texts: Sequence[LearningText]) -> dict[str, float]:
    """Each rule's precision on judged texts, drawn to its prior by five imagined hits.

    Only texts that judge the rule's theme count; worked examples do not (rules are written for
    them). A rule that met none of them is left out.
    """
    hits: dict[str, tuple[int, int, bool]] = {}
    for text in texts:
        if not text.is_judged:
            continue
        for hit in rules.themes(text.text):
            said = text.says(hit.theme)
            if said is not None:
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
        tagged: list[Tagged] = []
        for first in range(0, len(texts), BATCH):
            batch = texts[first : first + BATCH]
            ruled = [self._rule_voices(self.rules.themes(text)) for text in batch]
            for voices, learnt in zip(ruled, self._classifier_voices(batch, ruled), strict=True):
                for theme, voice in learnt.items():
                    voices.setdefault(theme, []).append(voice)
                tagged.append(_combined(voices))
            if progress:
                progress(len(tagged), len(texts))
        return tagged

    def _rule_voices(self, hits: Sequence[RuleHit]) -> dict[str, list[_Voice]]:
        """The best rule of each theme, with the evidence of all that fired."""
        voices: dict[str, list[_Voice]] = {}
        for hit in hits:
            prior = _prior(suggest=hit.suggest)
            precision = self.precisions.get(hit.key, prior)
            holds = not hit.suggest and precision >= LEAST_PRECISION
            voice = _Voice("rule", precision, holds, hit.evidence)
            if hit.theme in voices:
                voice = _louder(voices[hit.theme][0], voice)
            voices[hit.theme] = [voice]
        return voices

    def _classifier_voices(
        self, batch: Sequence[str], ruled: Sequence[Mapping[str, object]]
    ) -> list[dict[str, _Voice]]:
        """For each text the learnt themes over or near their threshold.

        A theme that no rule supports holds only from the classifier's gate on.
        """
        classifier = self.classifier
        voices: list[dict[str, _Voice]] = [{} for _ in batch]
        if classifier is None:
            return voices
        reading = classifier.read(batch)
        rows, places = (reading.probabilities >= NEAR * classifier.thresholds).nonzero()
        for row, place in zip(rows.tolist(), places.tolist(), strict=True):
            theme = classifier.theme_ids[place]
            if theme in self._themes:
                probability = float(reading.probabilities[row, place])
                wanted = classifier.thresholds if theme in ruled[row] else classifier.gates
                holds = probability >= float(wanted[place])
                evidence = reading.evidence(row, place)
                voices[row][theme] = _Voice("classifier", probability, holds, evidence)
        return voices


def _louder(first: _Voice, second: _Voice) -> _Voice:
    best = max((first, second), key=lambda voice: (voice.holds, voice.confidence))
    evidence = tuple(dict.fromkeys(first.evidence + second.evidence))
    return _Voice(best.by, best.confidence, best.holds, evidence)


def _combined(voices: Mapping[str, Sequence[_Voice]]) -> Tagged:
    themes: list[Tag] = []
    suggestions: list[Tag] = []
    for theme, said in voices.items():
        holds = any(voice.holds for voice in said)
        (themes if holds else suggestions).append(_tag(theme, said))
    return Tagged(in_order(themes), in_order(suggestions))


def _tag(theme: str, voices: Sequence[_Voice]) -> Tag:
    """One tag of several voices: two that agree are surer than each, as if independent."""
    doubt = 1.0
    for voice in voices:
        doubt *= 1.0 - voice.confidence
    return Tag(
        id=theme,
        by=tuple(voice.by for voice in voices),
        confidence=round(1.0 - doubt, 4),
        evidence=tuple(evidence for voice in voices for evidence in voice.evidence),
    )
