"""Rules and classifier together: the themes of a text, how sure, and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from kb.errors import IndexUnreadable
from kb.files import write_atomically
from kb.model import Taxonomy
from kb.tagging.classifier import Classifier, LearningSettings
from kb.tagging.decisions import Decisions, RuleVoices, Shown, Voices, decided, prior, unlearnt
from kb.tagging.explaining import Reasons, explained, learnt_reasons, rule_reasons
from kb.tagging.judged import Tagged
from kb.tagging.latent import Vectors, latent_vectors
from kb.tagging.learning import LearningText, Lesson
from kb.tagging.reading import Reading
from kb.tagging.rules import Fired, RuleSet
from kb.tagging.tokens import Ints, Tokens
from kb.text.abbreviations import Abbreviations

Progress = Callable[[int, int], None]

PRIOR_WEIGHT = 5.0
PRECISIONS = "rules.json"
BATCH = 8192


def rule_precisions(texts: Sequence[LearningText], fired: Fired) -> dict[str, float]:
    """Each rule's precision on judged texts, drawn to its prior by five imagined hits.

    ``fired`` is what the rules find on ``texts``. Only texts that judge the rule's theme count;
    worked examples do not (rules are written for them), nor does what only sets the scene. A rule
    that met none of them is left out.
    """
    hits: dict[str, tuple[int, int, bool]] = {}
    told = (fired.rows.tolist(), fired.rules.tolist(), fired.asides.tolist())
    for row, at, aside in zip(*told, strict=True):
        rule, text = fired.names[at], texts[row]
        said = text.says(rule.theme) if text.is_judged and not aside else None
        if said is not None:
            right, all_hits, _ = hits.get(rule.key, (0, 0, False))
            hits[rule.key] = (right + said, all_hits + 1, rule.suggest)
    return {
        key: (right + PRIOR_WEIGHT * prior(suggest=suggest)) / (all_hits + PRIOR_WEIGHT)
        for key, (right, all_hits, suggest) in sorted(hits.items())
    }


def _batches(texts: Sequence[str]) -> list[Sequence[str]]:
    return [texts[first : first + BATCH] for first in range(0, len(texts), BATCH)]


@dataclass(frozen=True)
class _Batch:
    """Texts on which is decided, with everything that it rests on."""

    decisions: Decisions
    fired: Fired
    keys: Ints
    reading: Reading | None

    @property
    def latent(self) -> Vectors:
        """The texts' latent vectors, float32[n, learnt themes]."""
        if self.reading is None:
            return np.zeros((len(self.decisions), 0), dtype=np.float32)
        return latent_vectors(self.reading.probabilities)


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
        self.rules = rules or RuleSet.of(taxonomy, abbreviations)
        self.classifier = classifier
        self.precisions = dict(precisions or {})
        self._theme_ids = [theme.id for theme in taxonomy.themes()]

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
        lesson = Lesson.of(texts, tagger.rules)
        tagger.classifier = Classifier.learn_from(
            lesson, tagger._theme_ids, abbreviations, settings, progress
        )
        if lesson.fired is not None:
            tagger.precisions = rule_precisions(lesson.texts, lesson.fired)
        return tagger

    def save(self, folder: Path) -> None:
        """Write classifier and precisions into a folder; raises StorageError."""
        if self.classifier is not None:
            self.classifier.save(folder)
        stored = dict(sorted(self.precisions.items()))
        write_atomically(folder / PRECISIONS, json.dumps(stored, ensure_ascii=False).encode())

    @classmethod
    def load(
        cls,
        folder: Path,
        taxonomy: Taxonomy,
        abbreviations: Abbreviations,
        *,
        rules: RuleSet | None = None,
    ) -> Tagger:
        """Read what ``save`` wrote; a rule that has changed since is read as one never measured.

        ``rules`` are the taxonomy's where they are compiled already. Raises IndexMissing or
        IndexUnreadable.
        """
        classifier = Classifier.load(folder, abbreviations)
        tagger = cls(taxonomy, abbreviations, classifier, rules=rules)
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

    def decide(self, texts: Sequence[str]) -> Decisions:
        """The themes and suggestions of each text, without the evidence for them."""
        return self.decide_and_place(texts)[0]

    def decide_and_place(self, texts: Sequence[str]) -> tuple[Decisions, Vectors]:
        """The same, and the latent vector of each text: float32[n, learnt themes]."""
        voices = self._voices
        batches = [self._batch(some, voices) for some in _batches(texts)]
        decisions = Decisions.joined(self._theme_ids, [batch.decisions for batch in batches])
        return decisions, self._placed([batch.latent for batch in batches])

    def tag(self, texts: Sequence[str], progress: Progress | None = None) -> list[Tagged]:
        """The themes and suggestions of each text; ``progress`` is told (done, of how many)."""
        return self.tag_and_place(texts, progress)[0]

    def tag_and_place(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> tuple[list[Tagged], Vectors]:
        """The same, and the latent vector of each text: float32[n, learnt themes]."""
        voices = self._voices
        tagged: list[Tagged] = []
        placed: list[Vectors] = []
        for some in _batches(texts):
            shown, reasons, latent = self._explained(some, voices)
            tagged += explained(shown, reasons, some)
            placed.append(latent)
            if progress:
                progress(len(tagged), len(texts))
        return tagged, self._placed(placed)

    def _placed(self, batches: Sequence[Vectors]) -> Vectors:
        none = np.zeros((0, len(self._learnt)), dtype=np.float32)
        return np.concatenate([none, *batches])

    @cached_property
    def _voices(self) -> RuleVoices:
        return RuleVoices(self._theme_ids, self.rules.names, self.precisions)

    def _batch(self, texts: Sequence[str], voices: RuleVoices) -> _Batch:
        """Read some texts and decide on them."""
        tokens = Tokens.of(texts)
        fired = self.rules.fire(tokens)
        reading, decisions = self._decided(tokens, fired, voices.of(fired))
        return _Batch(decisions, fired, voices.keys(fired), reading)

    def _explained(
        self, texts: Sequence[str], voices: RuleVoices
    ) -> tuple[Shown, Reasons, Vectors]:
        """What is shown of some texts, why, and where they lie."""
        batch = self._batch(texts, voices)
        return batch.decisions.shown(), self._reasons(batch), batch.latent

    def _decided(
        self, tokens: Tokens, fired: Fired, ruled: Voices
    ) -> tuple[Reading | None, Decisions]:
        """What the classifier reads where one is learnt, and what is decided."""
        if self.classifier is None or not self.classifier.theme_ids:
            return None, unlearnt(self._theme_ids, ruled)
        reading = self.classifier.read(tokens, fired)
        known = self._learnt >= 0
        probabilities, thresholds = reading.probabilities[:, known], self.classifier.thresholds
        return reading, decided(
            self._theme_ids, ruled, self._learnt[known], probabilities, thresholds[known]
        )

    @property
    def _learnt(self) -> Ints:
        """The place in the taxonomy of each theme that the classifier has learnt, or -1."""
        place = {theme: at for at, theme in enumerate(self._theme_ids)}
        learnt = self.classifier.theme_ids if self.classifier else ()
        return np.asarray([place.get(theme, -1) for theme in learnt], dtype=np.int64)

    def _reasons(self, batch: _Batch) -> Reasons:
        """Why each theme that is shown is: first its rules, then its classifier."""
        parts = [rule_reasons(batch.decisions, batch.fired, batch.keys)]
        if self.classifier is not None and batch.reading is not None:
            parts += learnt_reasons(batch.decisions, batch.reading, self.classifier, self._learnt)
        return Reasons.joined(parts)
