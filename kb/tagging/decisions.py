"""What rules and classifier say of many texts, and what is decided, as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from kb.model import Evidence, Tag, TaggedBy
from kb.tagging.compiled import RuleName
from kb.tagging.judged import Tagged
from kb.tagging.rules import Fired

Marks = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PRIOR_PRECISION = 0.9
PRIOR_PRECISION_OF_SUGGESTIONS = 0.4
LEAST_PRECISION = 0.5
NEAR = 0.6
FAINT = 0.5
_BY: tuple[tuple[TaggedBy, ...], ...] = ((), ("rule",), ("classifier",), ("rule", "classifier"))


@dataclass(frozen=True)
class Decisions:
    """Which themes n texts get: bool[n, themes], and float64[n, themes].

    A theme ``holds``, is ``suggested``, or neither; where one of the two, ``confidence`` says how
    sure that is to four digits (else 0), and ``by_rule`` and ``by_classifier`` on whom it rests.
    """

    theme_ids: Sequence[str]
    holds: Marks
    suggested: Marks
    confidence: Floats
    by_rule: Marks
    by_classifier: Marks

    def __len__(self) -> int:
        return len(self.holds)

    @classmethod
    def joined(cls, theme_ids: Sequence[str], parts: Sequence[Decisions]) -> Decisions:
        """The decisions on several batches of texts, one after another."""
        none = np.zeros((0, len(theme_ids)), dtype=np.bool_)
        return cls(
            theme_ids,
            np.concatenate([none, *(part.holds for part in parts)]),
            np.concatenate([none, *(part.suggested for part in parts)]),
            np.concatenate([none.astype(np.float64), *(part.confidence for part in parts)]),
            np.concatenate([none, *(part.by_rule for part in parts)]),
            np.concatenate([none, *(part.by_classifier for part in parts)]),
        )

    def shown(self) -> Shown:
        """The themes that hold or are suggested, as they are to be told."""
        rows, themes = np.nonzero(self.holds | self.suggested)
        holds, confidence = self.holds[rows, themes], self.confidence[rows, themes]
        by_id = sorted(range(len(self.theme_ids)), key=self.theme_ids.__getitem__)
        rank = np.argsort(by_id)
        order = np.lexsort((rank[themes], -confidence, ~holds, rows))
        rows, themes = rows[order], themes[order]
        by = self.by_rule[rows, themes] + 2 * self.by_classifier[rows, themes]
        return Shown(self.theme_ids, len(self), rows, themes, holds[order], confidence[order], by)

    def tagged(self) -> list[Tagged]:
        """The same as tags and suggestions, without evidence."""
        shown = self.shown()
        return shown.tagged([()] * len(shown.rows))


@dataclass(frozen=True)
class Shown:
    """Themes of ``count`` texts, text by text: tags, then suggestions, of each the surest first.

    ``rows`` and ``themes`` int64[shown], ``holds`` bool[shown], ``confidence`` float64[shown];
    ``by`` int64[shown]: a rule (1), the classifier (2) or both (3).
    """

    theme_ids: Sequence[str]
    count: int
    rows: Ints
    themes: Ints
    holds: Marks
    confidence: Floats
    by: Ints

    @property
    def keys(self) -> Ints:
        """Text and theme as one number, ``text * themes + theme``."""
        return self.rows * len(self.theme_ids) + self.themes

    def tagged(self, evidence: Sequence[tuple[Evidence, ...]]) -> list[Tagged]:
        """The same as tags and suggestions, with the evidence for each."""
        names = [self.theme_ids[at] for at in self.themes.tolist()]
        by = [_BY[by] for by in self.by.tolist()]
        tags = list(map(Tag, names, by, self.confidence.tolist(), evidence))
        texts = np.arange(self.count + 1)
        bounds = np.searchsorted(self.rows, texts).tolist()
        tagged = np.bincount(self.rows, self.holds, self.count).astype(np.int64)
        middles = (bounds[:-1] + tagged).tolist()
        return [
            Tagged(tuple(tags[first:middle]), tuple(tags[middle:stop]))
            for (first, stop), middle in zip(pairwise(bounds), middles, strict=True)
        ]


@dataclass(frozen=True)
class Voices:
    """What rules or classifier say of n texts: bool[n, themes], and float64[n, themes].

    Of a theme of which it ``speaks``, ``holds`` makes a tag, else a suggestion.
    """

    speaks: Marks
    holds: Marks
    confidence: Floats


class RuleVoices:
    """How much the rules of a taxonomy are worth."""

    def __init__(
        self,
        theme_ids: Sequence[str],
        names: Sequence[RuleName],
        precisions: Mapping[str, float],
    ) -> None:
        """``precisions`` are the rules' own by key, a prior stands for any other."""
        place = {theme: at for at, theme in enumerate(theme_ids)}
        self._themes = np.asarray([place[name.theme] for name in names], dtype=np.int64)
        self._count = len(theme_ids)
        measured = [precisions.get(name.key, prior(suggest=name.suggest)) for name in names]
        aside = [PRIOR_PRECISION_OF_SUGGESTIONS] * len(names)
        self._precisions = np.asarray([measured, aside])
        tags = np.asarray([not name.suggest for name in names], dtype=np.bool_)
        self._holds = np.stack(
            [tags & (self._precisions[0] >= LEAST_PRECISION), np.zeros_like(tags)]
        )

    def keys(self, fired: Fired) -> Ints:
        """Text and theme of each firing as one number, ``text * themes + theme``."""
        return fired.rows * self._count + self._themes[fired.rules]

    def of(self, fired: Fired) -> Voices:
        """Each theme as its best rule has it; one that holds is better than any that does not."""
        size = fired.count * self._count
        keys, aside = self.keys(fired), fired.asides.astype(np.int64)
        holding, precision = self._holds[aside, fired.rules], self._precisions[aside, fired.rules]
        speaks, holds = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
        speaks[keys] = True
        holds[keys[holding]] = True
        best, best_holding = np.zeros(size), np.zeros(size)
        np.maximum.at(best, keys, precision)
        np.maximum.at(best_holding, keys[holding], precision[holding])
        shape = (fired.count, self._count)
        confidence = np.where(holds, best_holding, best).reshape(shape)
        return Voices(speaks.reshape(shape), holds.reshape(shape), confidence)


def prior(*, suggest: bool) -> float:
    """The precision of a rule that was never measured."""
    return PRIOR_PRECISION_OF_SUGGESTIONS if suggest else PRIOR_PRECISION


def unlearnt(theme_ids: Sequence[str], rules: Voices) -> Decisions:
    """What the rules say, where there is no classifier."""
    silent = np.zeros(rules.speaks.shape, dtype=np.bool_)
    return _decided(theme_ids, rules, Voices(silent, silent, rules.confidence), silent)


def decided(
    theme_ids: Sequence[str], rules: Voices, learnt: Ints, probabilities: Floats, thresholds: Floats
) -> Decisions:
    """What the classifier, which has heard the rules, decides of the themes that it has learnt.

    ``learnt`` int64[learnt] are their places among ``theme_ids``; ``probabilities``
    float64[n, learnt]. It speaks of every theme that a rule tags, of one that a rule suggests from
    ``FAINT`` its threshold on, and of any other from ``NEAR`` it on. A rule that it finds wholly
    unlikely (below ``FAINT`` its threshold) only suggests.
    """
    floors = np.where(rules.holds, 0.0, np.where(rules.speaks, FAINT, NEAR))[:, learnt]
    shares = probabilities / thresholds
    spoken = shares >= floors
    shape = rules.speaks.shape
    speaks, holds, faint = (np.zeros(shape, dtype=np.bool_) for _ in range(3))
    speaks[:, learnt], holds[:, learnt] = spoken, spoken & (shares >= 1)
    faint[:, learnt] = spoken & (shares < FAINT)
    confidence = np.zeros(shape)
    confidence[:, learnt] = probabilities
    heard = rules.speaks.copy()
    heard[:, learnt] &= spoken
    heard_rules = Voices(heard, rules.holds & heard, rules.confidence)
    return _decided(theme_ids, heard_rules, Voices(speaks, holds, confidence), faint)


def _decided(
    theme_ids: Sequence[str], rules: Voices, classifier: Voices, faint: Marks
) -> Decisions:
    """As sure as the classifier is, or the rule where the classifier does not speak."""
    shown = rules.speaks | classifier.speaks
    any_holds = rules.holds | classifier.holds
    holds = any_holds & ~(rules.holds & faint)
    confidence = np.where(classifier.speaks, classifier.confidence, rules.confidence)
    rounded = np.zeros(shown.shape)
    rounded[shown] = to_four_digits(confidence[shown])
    return Decisions(
        theme_ids=theme_ids,
        holds=holds,
        suggested=shown & ~holds,
        confidence=rounded,
        by_rule=rules.speaks & (rules.holds | ~any_holds),
        by_classifier=classifier.speaks & (classifier.holds | ~any_holds),
    )


def to_four_digits(values: Floats) -> Floats:
    """Each value as ``round(value, 4)`` gives it.

    numpy rounds another way, but only where a value is next to the middle of two others.
    """
    scaled = values * 1e4
    rounded = np.rint(scaled) / 1e4
    middles = np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) < 1e-6)
    rounded[middles] = [round(value, 4) for value in values[middles].tolist()]
    return rounded
