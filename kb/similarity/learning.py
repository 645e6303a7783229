"""Learning the scorer of the duplicate check from judged pairs.

Two models of one pair: a logistic one whose signs are given (likeness never counts against a
repeat, a difference never for it; fitted with bounds), and small boosted trees, which see what
parts two texts that share almost every word. Both must say so: the lower of the two counts. Edges
and calibration rest on pairs that the models had not seen; pairs that share a text are never on
both sides.

Texts on something else altogether, each beside the nearest that are stored (``ELSEWHERE``), teach
the model of the subject alone: they are too easily told to teach what parts near-misses.

Practice pairs are written so that likeness alone cannot tell: among them a likely pair is oftener
a near-miss than elsewhere. So the logistic model learns what likeness is worth among them apart,
and forgets that part again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.similarity.features import FEATURES
from kb.similarity.field import Field
from kb.similarity.leftovers import LEFTOVERS
from kb.similarity.logits import OVER, Linear, Tree, Trees, table_of, values_of
from kb.similarity.scorer import Scorer
from kb.similarity.traits import GROUPS

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]
Bounds = tuple[float | None, float | None]

FOLDS = 5
FALSE_ALARMS = 0.02  # of near-misses, that may be called duplicate
LEAST_LESSONS = 100
ELSEWHERE = "elsewhere"
_PARTING = (
    "unmatched_draft",
    "unmatched_stored",
    "both_unmatched",
    "swapped_words",
    "replaced",
    "replaced_much",
    "measured_or_done",
    "turned_roles",
)
_NEVER_SAME = ("same_words", "same_themes", "other_themes", "in_field")
_LIKENESS = (
    *("word_cosine", "character_cosine", "shared_words", "contained", "edit", "in_order"),
    *("long_run", "word_set", "best_sentence", "same_object", "rare_shared"),
    *("unmatched_draft", "unmatched_stored", "both_unmatched", "replaced", "replaced_much"),
)
_EDGES = {
    "edit": (0.6, 0.7, 0.8),
    "word_cosine": (0.4, 0.6, 0.8),
    "in_order": (0.4, 0.6, 0.8),
    "same_concepts": (0.4, 0.6),
    "best_sentence": (0.5, 0.7),
    "latent_cosine": (0.6, 0.8),
    "same_subject": (0.3, 0.5),
}
_SAME = (
    *(name for name in FEATURES if name not in (*_NEVER_SAME, *LEFTOVERS)),
    *(f"{name}{OVER}{edge}" for name, edges in _EDGES.items() for edge in edges),
)
_SUBJECT = (
    *("word_cosine", "character_cosine", "shared_words", "rare_shared", "latent_cosine"),
    *("sentence_cosine", "in_field"),
    *("same_concepts", "same_subject", "best_sentence", "same_object", "same_themes"),
    *(f"same_{group}" for group in GROUPS),
)
_GROWN = tuple(name for name in FEATURES if name != "in_field")
_PENALTY = 40.0
_TREES = {
    "n_estimators": 150,
    "max_depth": 2,
    "learning_rate": 0.06,
    "subsample": 0.7,
    "max_features": 0.3,
    "min_samples_leaf": 12,
    "random_state": 0,
}
_VETOES = ("turned_roles", "other_direction")
_ROUNDED = 6
_UNSPREAD = 1e-6
_EVEN = 0.5
_Z = 1.959963984540054  # the 97.5 % point of the normal distribution


@dataclass(frozen=True)
class Lesson:
    """The features of a judged pair, its kind and weight, and the two texts (``ends``).

    The ends of a text from elsewhere are that text alone.
    """

    features: Mapping[str, float]
    kind: str
    weight: float
    ends: tuple[str, str]
    is_practice: bool = False


def learn_scorer(
    lessons: Sequence[Lesson], version: str = "", field: Field | None = None
) -> Scorer | None:
    """The scorer that these pairs teach; None where they are too few, or all of one sort.

    ``field`` is what told their ``in_field``. The order of the lessons counts, and should not
    depend on chance.
    """
    pairs = _pairs(lessons)
    same = _same(pairs)
    if len(pairs) < LEAST_LESSONS or min(same.sum(), (~same).sum()) < LEAST_LESSONS // 4:
        return None
    held_out = _held_out(lessons, folds_of(lessons))
    scorer, probabilities = _calibrated(_fitted(lessons), held_out, same, _weights(pairs))
    return _with_edges(replace(scorer, field=field, version=version), probabilities, pairs)


def _pairs(lessons: Sequence[Lesson]) -> list[Lesson]:
    """The lessons but for texts from elsewhere."""
    return [lesson for lesson in lessons if lesson.kind != ELSEWHERE]


def _same(lessons: Sequence[Lesson]) -> Marks:
    return np.array([lesson.kind == "repeat" for lesson in lessons], dtype=bool)


def folds_of(lessons: Sequence[Lesson]) -> NDArray[np.int64]:
    """A fold for each lesson; those joined by a text, even over others, have the same."""
    parent: dict[str, str] = {}

    def root(text: str) -> str:
        while parent.setdefault(text, text) != text:
            text = parent[text]
        return text

    for lesson in lessons:
        first, second = map(root, lesson.ends)
        parent[max(first, second)] = min(first, second)
    roots = [root(lesson.ends[0]) for lesson in lessons]
    sizes: dict[str, int] = {}
    for one in roots:
        sizes[one] = sizes.get(one, 0) + 1
    filled = [0] * FOLDS
    fold: dict[str, int] = {}
    elsewhere = {lesson.ends[0] for lesson in lessons if lesson.kind == ELSEWHERE}
    for one in sorted(sizes, key=lambda text: (text in elsewhere, -sizes[text], text)):
        fold[one] = filled.index(min(filled))
        filled[fold[one]] += sizes[one]
    return np.array([fold[one] for one in roots], dtype=np.int64)


def held_out_scores(
    lessons: Sequence[Lesson], tell: Callable[[int, int], None]
) -> tuple[list[float], list[Scorer]]:
    """The score of each lesson by a scorer that saw neither text, and the scorer of each fold.

    Each fold's scorer is calibrated, and its edges set, without that fold. ``tell`` hears (folds
    done, of how many).
    """
    folds = folds_of(lessons)
    scores, scorers = np.zeros(len(lessons)), []
    for fold in range(FOLDS):
        tell(fold, FOLDS)
        seen = [lesson for lesson, at in zip(lessons, folds, strict=True) if at != fold]
        scorer = learn_scorer(seen)
        if scorer is None:
            return [], []
        scorers.append(scorer)
        unseen = np.flatnonzero(folds == fold).tolist()
        scores[unseen] = scorer.scores(table_of([lessons[at].features for at in unseen]))
    return scores.tolist(), scorers


def _weights(lessons: Sequence[Lesson]) -> Floats:
    return np.array([lesson.weight for lesson in lessons], dtype=np.float64)


def _table(lessons: Sequence[Lesson], names: Sequence[str]) -> Floats:
    return np.array(values_of(names, table_of([one.features for one in lessons]))).T.copy()


def _fitted(lessons: Sequence[Lesson]) -> Scorer:
    pairs = _pairs(lessons)
    on_subject = np.array([lesson.kind in ("repeat", "near-miss") for lesson in lessons])
    same, weights = _same(pairs), _weights(pairs)
    return Scorer(
        same=_linear(_table(pairs, _SAME), same, weights, _SAME, _practised(pairs)),
        subject=_linear(
            *(_table(lessons, _SUBJECT), on_subject, _weights(lessons), _SUBJECT),
            _practised(lessons),
        ),
        trees=_boosted(_table(pairs, _GROWN), same, weights),
        conflicts=_VETOES,
    )


def _practised(lessons: Sequence[Lesson]) -> Marks:
    return np.array([lesson.is_practice for lesson in lessons], dtype=bool)


def _linear(
    table: Floats, labels: Marks, weights: Floats, names: Sequence[str], practice: Marks
) -> Linear:
    """Logistic regression with a quadratic penalty, the sign of each weight given by its name.

    Practice pairs have weights of their own beside these for likeness, which are left out after.
    """
    mean, spread = table.mean(axis=0), table.std(axis=0) + _UNSPREAD
    scaled = (table - mean) / spread
    alike = [at for at, name in enumerate(names) if name.partition(OVER)[0] in _LIKENESS]
    own = np.column_stack([scaled[:, alike], np.ones(len(table))]) * practice[:, None]
    bounds: list[Bounds] = [(None, 0.0) if _parts(name) else (0.0, None) for name in names]
    bounds += [(None, None)] * own.shape[1]
    chosen = _descended(np.hstack([scaled, own]), labels, weights, bounds)
    raw = chosen[: len(names)] / spread
    kept = {n: round(float(w), _ROUNDED) for n, w in zip(names, raw, strict=True) if abs(w) > 1e-4}
    return Linear(round(float(chosen[-1] - raw @ mean), _ROUNDED), kept)


def _descended(table: Floats, labels: Marks, weights: Floats, bounds: Sequence[Bounds]) -> Floats:
    """The weights within bounds, and the bias after them, at which the logistic loss is least."""
    from scipy.optimize import minimize
    from threadpoolctl import threadpool_limits

    sign, share = np.where(labels, 1.0, -1.0), weights / weights.mean()

    def loss(chosen: Floats) -> tuple[float, Floats]:
        margin = sign * (table @ chosen[:-1] + chosen[-1])
        pull = -share * sign / (1 + np.exp(np.clip(margin, -50, 50)))
        value = (share * np.logaddexp(0, -margin)).sum()
        value += _PENALTY / 2 * (chosen[:-1] ** 2).sum()
        return value, np.append(table.T @ pull + _PENALTY * chosen[:-1], pull.sum())

    start = np.zeros(table.shape[1] + 1)
    bounded = [*bounds, (None, None)]
    with threadpool_limits(1, "blas"):  # threads cost such small sums ten times what they save
        return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounded).x)


def _parts(name: str) -> bool:
    """Whether a feature speaks against a repeat."""
    return name.startswith("other_") or name in _PARTING


def _boosted(table: Floats, labels: Marks, weights: Floats) -> Trees:
    from sklearn.ensemble import GradientBoostingClassifier

    model = GradientBoostingClassifier(**_TREES)
    model.fit(table, labels, sample_weight=weights)
    share = float(weights[labels].sum() / weights.sum())
    trees = [_tree(grown.tree_, 0, _TREES["learning_rate"]) for grown in model.estimators_[:, 0]]
    return Trees(round(float(np.log(share / (1 - share))), _ROUNDED), tuple(trees))


def _tree(grown: Any, node: int, rate: float) -> Tree:
    left, right = int(grown.children_left[node]), int(grown.children_right[node])
    if left < 0:
        return round(rate * float(grown.value[node, 0, 0]), _ROUNDED)
    name = _GROWN[int(grown.feature[node])]
    edge = round(float(grown.threshold[node]), _ROUNDED)
    return (name, edge, _tree(grown, left, rate), _tree(grown, right, rate))


@dataclass(frozen=True)
class _Told:
    """What models that had not seen the texts say of pairs: two logits, and how likely on one
    subject; float64[n] each.
    """

    same: Floats
    trees: Floats
    subject: Floats


def _held_out(lessons: Sequence[Lesson], folds: NDArray[np.int64]) -> _Told:
    pairs = _pairs(lessons)
    fold_of = [at for lesson, at in zip(lessons, folds, strict=True) if lesson.kind != ELSEWHERE]
    told = _Told(*(np.zeros(len(pairs)) for _ in range(3)))
    for fold in range(FOLDS):
        model = _fitted([one for one, at in zip(lessons, folds, strict=True) if at != fold])
        unseen = np.flatnonzero(np.array(fold_of) == fold)
        table = table_of([pairs[at].features for at in unseen])
        told.same[unseen] = model.same.highest(table, table)
        told.trees[unseen] = model.trees.highest(table, table) if model.trees else 0.0
        told.subject[unseen] = model.on_subject(table)
    return told


def _calibrated(
    scorer: Scorer, held_out: _Told, same: Marks, weights: Floats
) -> tuple[Scorer, Floats]:
    """Both models in one measure, and the probabilities that this makes of unseen pairs."""
    logits = (held_out.same, held_out.trees)
    lines = [_platt(one, same, weights) for one in logits]
    lower = np.minimum(
        *(slope * one + offset for (slope, offset), one in zip(lines, logits, strict=True))
    )
    slope, offset = _platt(lower, same, weights)
    (by_words, words_offset), (by_trees, trees_offset) = lines
    linear = {name: weight * by_words for name, weight in scorer.same.weights.items()}
    trees = scorer.trees or Trees(0.0, ())
    calibrated = replace(
        scorer,
        same=Linear(scorer.same.bias * by_words + words_offset, linear),
        trees=Trees(
            trees.bias * by_trees + trees_offset,
            tuple(_scaled(tree, by_trees) for tree in trees.trees),
        ),
        slope=slope,
        offset=offset,
    )
    likely = 1 / (1 + np.exp(-(slope * lower + offset)))
    return calibrated, np.minimum(likely, held_out.subject)


def _scaled(tree: Tree, factor: float) -> Tree:
    if isinstance(tree, float | int):
        return tree * factor
    return (tree[0], tree[1], _scaled(tree[2], factor), _scaled(tree[3], factor))


def _platt(logits: Floats, same: Marks, weights: Floats) -> tuple[float, float]:
    """Slope and offset of the line that makes probabilities of logits."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):
        model = LogisticRegression(C=1e3).fit(logits[:, None], same, sample_weight=weights)
    slope, offset = float(model.coef_[0, 0]), float(model.intercept_[0])
    return round(max(slope, 1e-3), _ROUNDED), round(offset, _ROUNDED)


def _with_edges(scorer: Scorer, probabilities: Floats, lessons: Sequence[Lesson]) -> Scorer:
    """The edges: false alarms for ``duplicate``, even odds for the others.

    From ``overlapping`` on it is as likely as not that the pair asks the same, from ``related`` on
    that it is on one subject.
    """
    near = np.array([lesson.kind == "near-miss" for lesson in lessons], dtype=bool)
    vetoed = scorer.are_parted(table_of([lesson.features for lesson in lessons]))
    if not near.any():
        return scorer
    reached = np.where(vetoed, 0.0, probabilities)[near]
    edge = min(1.0, math.ceil(border(reached) * 1e4) / 1e4)
    return replace(scorer, duplicate=max(_EVEN + 0.05, edge), overlapping=_EVEN, related=_EVEN / 2)


def border(scores: Floats, share: float = FALSE_ALARMS) -> float:
    """The lowest score that surely no more than a share of near-misses reach, judged by these.

    Sure means that Wilson's 95 % interval of the share stays under it; practice pairs count in
    full, since they are near-misses of the hardest sort. Where there are too few near-misses to be
    sure, it is over the score of every one.
    """
    fewest_first = np.sort(scores)[::-1]
    reached = np.arange(len(scores) + 1)
    allowed = reached[[_upper(int(part), len(scores)) <= share for part in reached]]
    most = int(allowed[-1]) if len(allowed) else 0
    return float(np.nextafter(fewest_first[min(most, len(scores) - 1)], np.inf))


def _upper(part: int, whole: int) -> float:
    """The upper end of Wilson's 95 % interval of a share."""
    middle = part / whole + _Z * _Z / (2 * whole)
    spread = part * (whole - part) / whole**3 + _Z * _Z / (4 * whole * whole)
    return float((middle + _Z * math.sqrt(spread)) / (1 + _Z * _Z / whole))
