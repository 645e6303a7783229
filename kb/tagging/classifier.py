"""The classifier: TF-IDF features, what the rules say, and one regularised linear model a theme.

It learns from labelled texts only: the taxonomy's examples, practice texts and judgements. Scores
become probabilities by Platt's sigmoid on scores that were held out by review, and each theme has
its own threshold, drawn towards a common one where its examples are few. The same inputs give the
same model to the last digit.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kb.errors import IndexUnreadable
from kb.model import Evidence
from kb.tagging.calibration import HeldOut, best_threshold, platt, sigmoid
from kb.tagging.features import Features, product
from kb.tagging.learning import (
    LearningText,
    Lesson,
    Targets,
    fold_of,
    same_text_key,
    sort_key,
    targets,
    training_rows,
)
from kb.tagging.model_files import AGAIN, read_model, write_model
from kb.tagging.precedents import Precedents
from kb.tagging.reading import Reading
from kb.tagging.rule_columns import RuleColumns
from kb.tagging.rules import Fired, RuleSet
from kb.tagging.tokens import Tokens
from kb.tagging.words import word_table
from kb.text.abbreviations import Abbreviations

Floats = npt.NDArray[np.float64]
Progress = Callable[[int, int], None]
FORMAT = 3


@dataclass(frozen=True)
class LearningSettings:
    """How to learn.

    ``strength``: inverse of the regularisation (C of scikit-learn); ``least_positives``: themes
    with fewer judged "yes" get no model; ``folds``: for held-out scores; ``shrinkage``: how many
    positives a theme needs for its own threshold to weigh as much as the common one;
    ``least_threshold``: no tag below this probability, so that a theme whose few examples taught
    nothing stays silent; ``with_rules``: whether the model hears what the rules say.
    """

    strength: float = 10.0
    least_positives: int = 5
    folds: int = 3
    shrinkage: float = 20.0
    least_threshold: float = 0.25
    with_rules: bool = True


@dataclass(frozen=True)
class Classifier:
    """A learnt model: features, and for each learnt theme weights, calibration and threshold.

    ``weights`` float32[features + rule columns, themes]; ``intercepts``, ``slopes``, ``offsets``
    and ``thresholds`` float64[themes]. ``theme_ids`` are the learnt themes, ``not_learnt`` those
    with too few positives, ``version`` the digest of everything that was learnt from.
    """

    theme_ids: tuple[str, ...]
    not_learnt: tuple[str, ...]
    features: Features
    rule_columns: RuleColumns
    weights: npt.NDArray[np.float32]
    intercepts: Floats
    slopes: Floats
    offsets: Floats
    thresholds: Floats
    precedents: Precedents
    version: str
    abbreviations: Abbreviations

    @classmethod
    def learn(
        cls,
        texts: Sequence[LearningText],
        theme_ids: Sequence[str],
        abbreviations: Abbreviations,
        *,
        rules: RuleSet | None = None,
        settings: LearningSettings | None = None,
        progress: Progress | None = None,
    ) -> Classifier:
        """Learn a model; the order of ``texts`` does not matter.

        ``rules`` are heard, and keep texts on which a theme's rule fires out of its background.
        ``progress`` is told (themes done, of how many).
        """
        lesson = Lesson.of(texts, rules)
        return cls.learn_from(lesson, theme_ids, abbreviations, settings, progress)

    @classmethod
    def learn_from(
        cls,
        lesson: Lesson,
        theme_ids: Sequence[str],
        abbreviations: Abbreviations,
        settings: LearningSettings | None = None,
        progress: Progress | None = None,
    ) -> Classifier:
        """Learn a model from texts that were read already; otherwise as ``learn``."""
        from scipy import sparse

        chosen = settings or LearningSettings()
        ordered, fired = lesson.texts, lesson.fired
        version = model_version(ordered, theme_ids, abbreviations, lesson.rules, chosen)
        wanted = targets(ordered, theme_ids, fired)
        table = word_table(lesson.tokens, abbreviations)
        learnable = [
            at
            for at in range(len(theme_ids))
            if table.vocabulary and _can_learn(wanted, at, chosen.least_positives)
        ]
        features = Features.learn(table, _groups(ordered))
        read = matrix = features.matrix(table)
        columns = RuleColumns()
        if fired is not None and chosen.with_rules:
            columns = RuleColumns.learn(fired)
            matrix = sparse.hstack([read, columns.matrix(fired)], "csr")
        weights = np.zeros((matrix.shape[1], len(learnable)), dtype=np.float32)
        intercepts = np.zeros(len(learnable))
        parts = _parts(matrix, ordered, chosen.folds)
        held_out = np.full((len(ordered), len(learnable)), np.nan)
        for place, at in enumerate(learnable):
            label, weight = wanted.label[:, at], wanted.weight[:, at]
            weights[:, place], intercepts[place] = _fit(matrix, label, weight, chosen)
            for part in parts:
                held_out[part.out, place] = part.held_out(label, weight, chosen)
            if progress:
                progress(place + 1, len(learnable))
        judged = np.array([text.is_judged for text in ordered])
        slopes, offsets, thresholds = _calibrate(held_out, wanted, judged, learnable, chosen)
        learnt = tuple(theme_ids[at] for at in learnable)
        return cls(
            theme_ids=learnt,
            not_learnt=tuple(t for at, t in enumerate(theme_ids) if at not in set(learnable)),
            features=features,
            rule_columns=columns,
            weights=weights,
            intercepts=intercepts,
            slopes=slopes,
            offsets=offsets,
            thresholds=thresholds,
            precedents=Precedents.of(ordered, learnt, read[:, : features.plain_size]),
            version=version,
            abbreviations=abbreviations,
        )

    def read(self, tokens: Tokens, fired: Fired | None = None) -> Reading:
        """Read texts once, for probabilities and evidence; ``fired`` is what their rules found."""
        table = word_table(tokens, self.abbreviations)
        weighted = self.features.read(table)
        effects = self.features.effects(table.vocabulary, self.weights)
        first_pair = len(self.features.words)
        pair_effects = self.weights[first_pair : first_pair + len(self.features.pairs)]
        scores = weighted.words @ effects + product(weighted.pairs, pair_effects) + self.intercepts
        if fired is not None:
            columns = self.rule_columns.matrix(fired)
            scores += product(columns, self.weights[self.features.size :])
        probabilities = sigmoid(scores, self.slopes, self.offsets)
        return Reading(
            tokens,
            table,
            weighted,
            effects,
            pair_effects,
            probabilities,
            self.features.pair_places,
        )

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """The calibrated probability of each learnt theme, no rule heard: float64[n, themes]."""
        return self.read(Tokens.of(texts)).probabilities

    def evidence(self, text: str, theme: str) -> tuple[Evidence, ...]:
        """The stretches of a text that speak for a theme, strongest first."""
        if theme not in self.theme_ids:
            return ()
        theme_at = np.asarray([self.theme_ids.index(theme)])
        found = self.read(Tokens.of([text])).stretches(np.zeros(1, dtype=np.int64), theme_at)
        told = zip(found.starts.tolist(), found.ends.tolist(), found.whys(), strict=True)
        return tuple(Evidence(start, end, text[start:end], why) for start, end, why in told)

    def save(self, folder: Path) -> None:
        """Write the model as plain arrays and JSON; raises StorageError."""
        features = self.features
        arrays: dict[str, npt.NDArray[Any]] = {
            "word_idf": features.word_idf,
            "pairs": features.pairs,
            "pair_idf": features.pair_idf,
            "gram_idf": features.gram_idf,
            "weights": self.weights,
            "intercepts": self.intercepts,
            "slopes": self.slopes,
            "offsets": self.offsets,
            "thresholds": self.thresholds,
            **self.precedents.arrays(),
        }
        words = {
            "format": FORMAT,
            "version": self.version,
            "theme_ids": self.theme_ids,
            "not_learnt": self.not_learnt,
            "words": features.words,
            "grams": features.grams,
            "rule_columns": self.rule_columns.names,
            "precedents": self.precedents.texts,
            "precedent_names": self.precedents.names,
            "unknown_idf": features.unknown_idf,
        }
        write_model(folder, arrays, words)

    @classmethod
    def load(cls, folder: Path, abbreviations: Abbreviations) -> Classifier:
        """Read a saved model; raises IndexMissing or IndexUnreadable."""
        arrays, words = read_model(folder, FORMAT)
        try:
            return cls._stored(arrays, words, abbreviations)
        except (KeyError, TypeError) as error:
            raise IndexUnreadable(
                f"the classifier lacks {error}", place=str(folder), hint=AGAIN
            ) from error

    @classmethod
    def _stored(
        cls,
        arrays: Mapping[str, npt.NDArray[Any]],
        words: Mapping[str, Any],
        abbreviations: Abbreviations,
    ) -> Classifier:
        features = Features(
            words=tuple(words["words"]),
            word_idf=arrays["word_idf"],
            pairs=arrays["pairs"],
            pair_idf=arrays["pair_idf"],
            grams=tuple(words["grams"]),
            gram_idf=arrays["gram_idf"],
            unknown_idf=words["unknown_idf"],
        )
        return cls(
            theme_ids=tuple(words["theme_ids"]),
            not_learnt=tuple(words["not_learnt"]),
            features=features,
            rule_columns=RuleColumns(tuple(words["rule_columns"])),
            weights=arrays["weights"],
            intercepts=arrays["intercepts"],
            slopes=arrays["slopes"],
            offsets=arrays["offsets"],
            thresholds=arrays["thresholds"],
            precedents=Precedents.stored(
                words["precedents"], words["precedent_names"], arrays, features.plain_size
            ),
            version=words["version"],
            abbreviations=abbreviations,
        )


def model_version(
    texts: Sequence[LearningText],
    theme_ids: Sequence[str],
    abbreviations: Abbreviations,
    rules: RuleSet | None = None,
    settings: LearningSettings | None = None,
) -> str:
    """The digest of everything that a model is learnt from, in 16 hexadecimal digits."""
    ordered = sorted(texts, key=sort_key)
    settings = settings or LearningSettings()
    inputs = [
        FORMAT,
        [
            (t.text, sorted(t.yes), sorted(t.no), t.complete, t.group, t.who, t.source)
            for t in ordered
        ],
        list(theme_ids),
        sorted(astuple(a) for a in abbreviations.by_short.values()),
        None if rules is None else rules.digest,
        asdict(settings),
    ]
    dumped = json.dumps(inputs, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(dumped.encode()).hexdigest()[:16]


def _can_learn(wanted: Targets, at: int, least: int) -> bool:
    has_negatives = bool(((wanted.weight[:, at] > 0) & ~wanted.label[:, at]).any())
    return has_negatives and int(wanted.positives[at]) >= least


def _fit(
    matrix: Any, label: npt.NDArray[np.bool_], weight: Floats, settings: LearningSettings
) -> tuple[npt.NDArray[np.float32], float]:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    # liblinear runs on one thread with a fixed seed: the same inputs give the same digits. Its dual
    # is some twenty times as fast as its primal where features outnumber texts.
    model = LogisticRegression(
        C=settings.strength, solver="liblinear", dual=True, tol=0.1, max_iter=1000, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(matrix, label, sample_weight=weight)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


@dataclass(frozen=True)
class _Part:
    """One fold: the rows held out, and the rows to learn from meanwhile."""

    out: npt.NDArray[np.intp]
    learnt: npt.NDArray[np.intp]
    out_matrix: Any
    learnt_matrix: Any

    def held_out(
        self, label: npt.NDArray[np.bool_], weight: Floats, settings: LearningSettings
    ) -> Floats | float:
        """Scores of the held-out rows, or NaN where the rest cannot teach the theme."""
        label, weight = label[self.learnt], weight[self.learnt]
        used = weight > 0
        if not (label[used].any() and (~label[used]).any()):
            return np.nan
        coefficients, intercept = _fit(self.learnt_matrix, label, weight, settings)
        return np.asarray(self.out_matrix @ coefficients.astype(np.float64) + intercept)


def _groups(texts: Sequence[LearningText]) -> list[str]:
    return [text.group or f"#{row}" for row, text in enumerate(texts)]


def _parts(matrix: Any, texts: Sequence[LearningText], folds: int) -> list[_Part]:
    fold = fold_of(_groups(texts), folds)
    keys = [same_text_key(text.text) for text in texts]
    parts = []
    for number in range(folds):
        out = np.flatnonzero(fold == number)
        learnt = np.flatnonzero(training_rows(fold, number, keys))
        parts.append(_Part(out, learnt, matrix[out], matrix[learnt]))
    return parts


def _calibrate(
    held_out: Floats,
    wanted: Targets,
    judged: npt.NDArray[np.bool_],
    learnable: Sequence[int],
    settings: LearningSettings,
) -> tuple[Floats, Floats, Floats]:
    """Slopes, offsets and thresholds of the learnt themes, from held-out scores only.

    Judged recommendations alone are asked where they hold a theme often enough: examples and
    practice texts are written theme by theme, so that each theme is commoner there than in life.
    """
    count = len(learnable)
    slopes, offsets, thresholds = np.ones(count), np.zeros(count), np.full(count, 0.5)
    pooled: list[HeldOut] = []
    for place, at in enumerate(learnable):
        used = (wanted.weight[:, at] > 0) & ~np.isnan(held_out[:, place])
        if int((wanted.label[:, at] & used & judged).sum()) >= settings.least_positives:
            used &= judged
        scores = held_out[used, place]
        label, weight = wanted.label[used, at], wanted.weight[used, at]
        slopes[place], offsets[place] = platt(scores, label, weight)
        pooled.append((sigmoid(scores, slopes[place], offsets[place]), label, weight))
        thresholds[place] = best_threshold(*pooled[-1])
    if pooled:
        common = best_threshold(*(np.concatenate(parts) for parts in zip(*pooled, strict=True)))
        positives = wanted.positives[list(learnable)]
        own = positives / (positives + settings.shrinkage)
        thresholds = own * thresholds + (1 - own) * common
    return slopes, offsets, np.maximum(thresholds, settings.least_threshold)
