"""How good the tags are, measured on judgements of reviews that were held out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import cycle
from typing import TypeVar

import numpy as np

from kb.errors import NotFound, WrongUsage
from kb.model import Taxonomy
from kb.tagging.at_once import done_at_once
from kb.tagging.combine import Tagger
from kb.tagging.evaluation import (
    COMBINED,
    METHODS,
    RULES,
    CurvePoint,
    Evaluation,
    KeptOut,
)
from kb.tagging.ground import (
    Answer,
    Answers,
    Ground,
    Marks,
    Rows,
    by_combination,
    combined,
    first_reviews,
    gold,
    not_learnt,
    ruled,
    without_rules,
)
from kb.tagging.judged import Tagged
from kb.tagging.learning import LearningText, fold_of
from kb.tagging.reliability import reliability
from kb.tagging.scores import MethodScores, score
from kb.text.abbreviations import Abbreviations

Progress = Callable[[str, int, int], None]  # step in words, done, of how many
Others = Callable[[Sequence[str]], Mapping[str, Answer]]  # texts to tags by method
CURVE = (1 / 8, 1 / 4, 1 / 2)
Way = Callable[[Ground, Sequence[LearningText], Sequence[str]], Answers]
_Value = TypeVar("_Value")
_GOLD_SHAPE = 'Each line is {"id": …, "text": …, "themes": [theme ids] or null}.'


FOLDS = 5


def evaluate(
    taxonomy: Taxonomy,
    abbreviations: Abbreviations,
    judged: Sequence[LearningText],
    *,
    background: Sequence[LearningText] = (),
    folds: int = FOLDS,
    curve: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Tag each judged text by a model that saw neither its review nor a near copy of it.

    ``judged`` texts carry their review's id in ``group``; the ``background`` (worked examples,
    practice texts) joins every learning and is never scored. Everything learnt (vocabulary,
    thresholds, the rules' precisions) is learnt inside the fold. With ``curve`` the combination
    also learns from parts of the training reviews. Raises WrongUsage where fewer than two reviews
    are judged.
    """
    groups = {text.group for text in judged}
    folds = min(folds, len(groups))
    if folds < 2:
        raise WrongUsage(
            f"an evaluation needs judgements on at least 2 reviews, and there are {len(groups)}",
            hint="Judge more with 'kb queue' and 'kb judge', or give a file with --gold.",
        )
    ordered = sorted(judged, key=lambda text: (text.group, text.text, text.source))
    ground = Ground(taxonomy, abbreviations, ordered, ordered, background)
    held_out = _HeldOut(ground, folds, progress or (lambda *_: None))
    evaluation = held_out.evaluation()
    if not curve:
        return evaluation
    points = [held_out.point(share) for share in CURVE]
    points.append(held_out.whole(evaluation.methods[COMBINED]))
    return replace(evaluation, curve=tuple(points))


class _HeldOut:
    """An evaluation in folds of whole reviews."""

    def __init__(self, ground: Ground, folds: int, tell: Progress) -> None:
        self._ground = ground
        self._tell = tell
        self._folds = folds
        self._reviews = [text.group for text in ground.measured]
        self._fold = fold_of(self._reviews, folds)

    def evaluation(self) -> Evaluation:
        ground = self._ground
        answers = self._answers("evaluating", (by_combination, without_rules))
        found: dict[str, Answer] = {name: [frozenset()] * len(self._fold) for name in METHODS}
        tagged = [Tagged()] * len(self._fold)
        for out, one in answers:
            for name, tags in one.methods.items():
                _put(found[name], out, tags)
            if one.tagged:
                _put(tagged, out, one.tagged)
        without_model = frozenset().union(*(one.not_learnt for _, one in answers))
        return Evaluation(
            texts=len(self._fold),
            reviews=len(set(self._reviews)),
            folds=self._folds,
            methods={name: self._score(found[name]) for name in METHODS},
            reliability=reliability(tagged, ground.gold),
            not_learnt=_counted(ground, without_model),
            kept_out=self._kept_out(),
            inputs=ground.inputs,
        )

    def point(self, share: float) -> CurvePoint:
        """What the combination reaches when it learns from a part of each fold's reviews."""
        found: Answer = [frozenset()] * len(self._fold)
        for out, one in self._answers(f"learning from {share:g}", (by_combination,), share):
            _put(found, out, one.methods[COMBINED])
        return self._point(share, self._score(found))

    def whole(self, scores: MethodScores) -> CurvePoint:
        """The last point of the curve, which the evaluation has measured already."""
        return self._point(1, scores)

    def _answers(
        self, step: str, ways: Sequence[Way], share: float = 1
    ) -> list[tuple[Rows, Answers]]:
        """What each way of tagging gives to the rows held out in each fold."""
        parts = [self._parts(number, share) for number in range(self._folds) for _ in ways]
        jobs = [
            partial(way, self._ground, self._ground.learnt_without(*part), self._texts(part[0]))
            for part, way in zip(parts, cycle(ways), strict=False)
        ]
        shape = f"{step}, {self._folds} folds"
        answers = done_at_once(jobs, lambda done, of: self._tell(shape, done, of))
        return [(out, one) for (out, _), one in zip(parts, answers, strict=True)]

    def _point(self, share: float, scores: MethodScores) -> CurvePoint:
        learnt = [self._judged_reviews(number, share) for number in range(self._folds)]
        reviews = sum(len(set(one)) for one in learnt) / self._folds
        return CurvePoint(share, reviews, sum(map(len, learnt)) / self._folds, scores)

    def _judged_reviews(self, number: int, share: float) -> list[str]:
        """The review of each judged text that teaches while a fold is held out."""
        out, may_teach = self._parts(number, share)
        teaches = may_teach & ~self._ground.copies_of(out)
        return [self._reviews[at] for at in np.flatnonzero(teaches[: len(self._reviews)])]

    def _kept_out(self) -> KeptOut:
        marks = np.zeros(len(self._ground.teachers), dtype=np.bool_)
        for number in range(self._folds):
            out, may_teach = self._parts(number)
            marks |= may_teach & self._ground.copies_of(out)
        return self._ground.kept_out(marks)

    def _parts(self, number: int, share: float = 1) -> tuple[Rows, Marks]:
        """The rows held out in a fold, and which teachers may teach meanwhile but for copies."""
        others = [
            review
            for review, fold in zip(self._reviews, self._fold.tolist(), strict=True)
            if fold != number
        ]
        chosen = first_reviews(others, share)
        may_teach = np.ones(len(self._ground.teachers), dtype=np.bool_)
        may_teach[: len(self._fold)] = [review in chosen for review in self._reviews]
        return np.flatnonzero(self._fold == number), may_teach

    def _texts(self, out: Rows) -> list[str]:
        return [self._ground.measured[row].text for row in out]

    def _score(self, given: Answer) -> MethodScores:
        return score(self._ground.theme_ids, given, self._ground.gold, self._reviews)


def _put(into: list[_Value], rows: Rows, values: Sequence[_Value]) -> None:
    for row, value in zip(rows.tolist(), values, strict=True):
        into[row] = value


def _counted(ground: Ground, themes: Iterable[str]) -> dict[str, int]:
    chosen = frozenset(themes)
    return {theme: count for theme, count in ground.positives.items() if theme in chosen}


def evaluate_test_set(
    taxonomy: Taxonomy,
    abbreviations: Abbreviations,
    training: Sequence[LearningText],
    test: Sequence[LearningText],
    *,
    background: Sequence[LearningText] = (),
    progress: Progress | None = None,
) -> Evaluation:
    """Tag the test set by a model learnt from all training texts but near copies of what it tags.

    Raises WrongUsage where no text of the test set is judged.
    """
    if not test:
        raise WrongUsage(
            "no recommendation of the starter's test set is stored and judged here",
            hint="Make a knowledge base that has them: kb init DIR --starter",
        )
    ground = Ground(taxonomy, abbreviations, test, training, background)
    out, printed = np.arange(len(test)), [text.text for text in test]
    learnt = ground.learnt_without(out, np.ones(len(ground.teachers), dtype=np.bool_))
    tell = progress or (lambda *_: None)
    whole, alone = done_at_once(
        [partial(way, ground, learnt, printed) for way in (by_combination, without_rules)],
        lambda done, of: tell("evaluating", done, of),
    )
    methods = {**whole.methods, **alone.methods}
    reviews = [text.group for text in test]
    return Evaluation(
        texts=len(test),
        reviews=len(set(reviews)),
        folds=1,
        methods={
            name: score(ground.theme_ids, methods[name], ground.gold, reviews) for name in METHODS
        },
        reliability=reliability(whole.tagged, ground.gold),
        not_learnt=_counted(ground, whole.not_learnt),
        kept_out=ground.kept_out(ground.copies_of(out)),
        inputs=ground.inputs,
    )


def evaluate_gold(
    tagger: Tagger,
    taxonomy: Taxonomy,
    rows: Iterable[Mapping[str, object]],
    *,
    others: Others | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Score a tagger as it is on rows ``{id, text, themes}``; ``themes`` null is not judged.

    Beside it stand the rules alone, and what ``others`` make of the texts. Rows whose ids share a
    review (``review/position``) hang together. Raises WrongUsage for a row of another shape or
    where none is judged, and NotFound for an unknown theme.
    """
    theme_ids = [theme.id for theme in taxonomy.themes()]
    texts: list[LearningText] = []
    for number, row in enumerate(rows, start=1):
        text = _gold_row(row, number, frozenset(theme_ids))
        if text is not None:
            texts.append(text)
    if not texts:
        raise WrongUsage("no text of the gold file is judged", hint=_GOLD_SHAPE)
    tell = progress or (lambda *_: None)
    tell("tagging", 0, len(texts))
    printed = [text.text for text in texts]
    tagged = tagger.decide(printed).tagged()
    given = {COMBINED: combined(tagged), RULES: ruled(tagger.rules, printed)}
    given |= others(printed) if others else {}
    judged = [gold(text, theme_ids) for text in texts]
    reviews = [text.group for text in texts]
    return Evaluation(
        texts=len(texts),
        reviews=0,
        folds=0,
        methods={name: score(theme_ids, tags, judged, reviews) for name, tags in given.items()},
        reliability=reliability(tagged, judged),
        not_learnt=dict.fromkeys(not_learnt(tagger, theme_ids)),
    )


def _gold_row(row: Mapping[str, object], number: int, known: frozenset[str]) -> LearningText | None:
    text, themes = row.get("text"), row.get("themes")
    place = f"gold row {number} ({row.get('id')})"
    if not isinstance(text, str) or not (themes is None or isinstance(themes, list)):
        raise WrongUsage(
            "a gold row needs a text and a list of themes", place=place, hint=_GOLD_SHAPE
        )
    if themes is None:
        return None
    unknown = sorted({str(theme) for theme in themes} - known)
    if unknown:
        raise NotFound(
            f"no theme has the id {unknown[0]!r}",
            place=place,
            hint="Run 'kb taxonomy list' for the ids.",
        )
    review = str(row.get("id") or "").rpartition("/")[0]
    return LearningText(text, yes=frozenset(themes), complete=True, group=review or f"#{number}")
