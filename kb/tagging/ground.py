"""What an evaluation stands on: the texts that are measured, and those that may teach meanwhile."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kb.model import Taxonomy
from kb.tagging.classifier import Classifier, LearningSettings, model_version
from kb.tagging.combine import Tagger
from kb.tagging.copies import near_copies
from kb.tagging.evaluation import CLASSIFIER, COMBINED, MOST_FREQUENT, RULES, KeptOut
from kb.tagging.judged import Tagged
from kb.tagging.learning import LearningText
from kb.tagging.rules import RuleSet
from kb.tagging.tokens import Tokens
from kb.text.abbreviations import Abbreviations

Rows = npt.NDArray[np.intp]
Marks = npt.NDArray[np.bool_]
Answer = list[frozenset[str]]
_ALONE = replace(LearningSettings(), with_rules=False)


@dataclass(frozen=True)
class Ground:
    """Texts ``measured``, and ``teachers`` of which any that copies what is held out is left out.

    The teachers are judged texts first, then the background (worked examples, practice texts).
    """

    taxonomy: Taxonomy
    abbreviations: Abbreviations
    measured: Sequence[LearningText]
    judged: Sequence[LearningText]
    background: Sequence[LearningText]

    @cached_property
    def rules(self) -> RuleSet:
        """The rules, compiled once for every learning."""
        return RuleSet.of(self.taxonomy, self.abbreviations)

    @cached_property
    def theme_ids(self) -> list[str]:
        """Every theme of the taxonomy, in its order."""
        return [theme.id for theme in self.taxonomy.themes()]

    @cached_property
    def gold(self) -> list[dict[str, bool]]:
        """What is judged of each measured text."""
        return [gold(text, self.theme_ids) for text in self.measured]

    @cached_property
    def teachers(self) -> list[LearningText]:
        """Everything that may teach."""
        return [*self.judged, *self.background]

    @cached_property
    def positives(self) -> dict[str, int]:
        """How many teachers are known to hold each theme."""
        counts = Counter(theme for text in self.teachers for theme in text.yes)
        return {theme: counts[theme] for theme in self.theme_ids}

    @cached_property
    def inputs(self) -> str:
        """The digest of everything measured and learnt from."""
        texts = [*self.measured, *self.teachers]
        return model_version(texts, self.theme_ids, self.abbreviations, self.rules)

    @cached_property
    def _copies(self) -> Marks:
        """Which teacher nearly copies which measured text: bool[measured, teachers]."""
        texts = [text.text for text in self.measured]
        return near_copies(texts, [text.text for text in self.teachers])

    def copies_of(self, out: Rows) -> Marks:
        """Which teachers nearly copy one of these measured texts: bool[teachers]."""
        return np.asarray(self._copies[out].any(axis=0))

    def learnt_without(self, out: Rows, may_teach: Marks) -> list[LearningText]:
        """The teachers that may teach while these measured texts are held out."""
        return [self.teachers[at] for at in np.flatnonzero(may_teach & ~self.copies_of(out))]

    def kept_out(self, marks: Marks) -> KeptOut:
        """How many of the marked teachers are judged texts, and how many background."""
        judged = int(marks[: len(self.judged)].sum())
        return KeptOut(judged, int(marks.sum()) - judged)


@dataclass(frozen=True)
class Answers:
    """What ways of tagging give to texts, and what the combination says beside its tags."""

    methods: Mapping[str, Answer]
    tagged: Sequence[Tagged] = ()
    not_learnt: frozenset[str] = frozenset()


def by_combination(ground: Ground, learnt: Sequence[LearningText], texts: Sequence[str]) -> Answers:
    """The tags of a combination learnt from these texts, and those of its rules alone."""
    tagger = Tagger.learn(ground.taxonomy, ground.abbreviations, learnt, rules=ground.rules)
    tagged = tagger.decide(texts).tagged()
    methods = {COMBINED: combined(tagged), RULES: ruled(ground.rules, texts)}
    return Answers(methods, tagged, frozenset(not_learnt(tagger, ground.theme_ids)))


def without_rules(ground: Ground, learnt: Sequence[LearningText], texts: Sequence[str]) -> Answers:
    """The tags of a model that does not hear the rules, and the most frequent theme.

    The rules do no more for this model than keep unjudged texts on which they fire from serving
    as "no".
    """
    alone = Classifier.learn(
        learnt, ground.theme_ids, ground.abbreviations, rules=ground.rules, settings=_ALONE
    )
    usual = [_usual(learnt)] * len(texts)
    return Answers({CLASSIFIER: classified(alone, texts), MOST_FREQUENT: usual})


def not_learnt(tagger: Tagger, theme_ids: Sequence[str]) -> list[str]:
    """The themes of which a tagger has no model."""
    return list(tagger.classifier.not_learnt if tagger.classifier else theme_ids)


def combined(tagged: Sequence[Tagged]) -> Answer:
    """The tags of the combination, without its suggestions."""
    return [frozenset(tag.id for tag in one.themes) for one in tagged]


def ruled(rules: RuleSet, texts: Sequence[str]) -> Answer:
    """The tags of rules alone: of every rule that is no suggestion."""
    fired = rules.fire(Tokens.of(texts))
    found: list[set[str]] = [set() for _ in texts]
    for row, rule, aside in zip(fired.rows, fired.rules, fired.asides, strict=True):
        if not (aside or fired.names[rule].suggest):
            found[row].add(fired.names[rule].theme)
    return [frozenset(one) for one in found]


def classified(classifier: Classifier, texts: Sequence[str]) -> Answer:
    """The tags of a model that hears no rules: each theme from its threshold on."""
    over = classifier.probabilities(texts) >= classifier.thresholds
    return [frozenset(classifier.theme_ids[at] for at in np.flatnonzero(row)) for row in over]


def _usual(learnt: Sequence[LearningText]) -> frozenset[str]:
    """The theme that holds most often among judged texts, first by id of equals."""
    counts = Counter(theme for text in learnt if text.is_judged for theme in text.yes)
    return frozenset(sorted(counts, key=lambda theme: (-counts[theme], theme))[:1])


def gold(text: LearningText, theme_ids: Sequence[str]) -> dict[str, bool]:
    """What is judged of a text: yes or no for each theme judged."""
    said = {theme: text.says(theme) for theme in theme_ids}
    return {theme: holds for theme, holds in said.items() if holds is not None}


def first_reviews(reviews: Sequence[str], share: float) -> frozenset[str]:
    """A part of the reviews, at least one; a smaller part lies within a greater one."""
    order = sorted(set(reviews), key=lambda one: hashlib.sha256(f"curve:{one}".encode()).digest())
    return frozenset(order[: max(1, math.ceil(share * len(order)))])
