"""From features of a pair to a score and a verdict: a model that can be read.

``DEFAULT_SCORER`` has weights set by hand and serves where nothing is learnt; ``kb build`` learns
another from judged pairs (``kb/similarity/learning.py``). Both are data.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kb.errors import IndexUnreadable
from kb.files import write_atomically
from kb.similarity.features import FEATURES
from kb.similarity.field import Field

Verdict = Literal["duplicate", "overlapping", "related", "new"]
VERDICTS: tuple[Verdict, ...] = ("duplicate", "overlapping", "related", "new")
# A tree is a number, or (feature, edge, tree up to the edge, tree beyond it).
Tree = float | tuple[str, float, Any, Any]

OVER = " over "
_UNDER = 0.01
_LIKE = 0.8
_WHOLE = 0.9
_PARTED = (
    "other_ask",
    "other_direction",
    "other_polarity",
    "other_addressee",
    "other_figures",
    "swapped_words",
    "turned_roles",
)


@dataclass(frozen=True)
class Linear:
    """``bias + Σ weight · value``; the value of "edit over 0.6" is what ``edit`` has beyond 0.6."""

    bias: float
    weights: Mapping[str, float]

    def logit(self, features: Mapping[str, float]) -> float:
        """The sum for a pair; a feature that is not given counts as 0."""
        total = self.bias
        for name, edge, weight in self._terms:
            value = features.get(name, 0.0) - edge
            total += weight * (value if value > 0 or not edge else 0.0)
        return total

    @cached_property
    def _terms(self) -> tuple[tuple[str, float, float], ...]:
        """Feature, edge (0 where the whole value counts) and weight."""
        parted = ((name.partition(OVER), weight) for name, weight in self.weights.items())
        return tuple((bare, float(edge or 0), weight) for (bare, _, edge), weight in parted)


def value_of(name: str, features: Mapping[str, float]) -> float:
    """The value of a feature, or of what it has beyond an edge."""
    bare, over, edge = name.partition(OVER)
    value = features.get(bare, 0.0)
    return max(0.0, value - float(edge)) if over else value


@dataclass(frozen=True)
class Trees:
    """``bias + Σ tree``: small decision trees, each of which sees what those before it missed."""

    bias: float
    trees: tuple[Tree, ...]

    def logit(self, features: Mapping[str, float]) -> float:
        """The sum for a pair; a feature that is not given counts as 0."""
        nodes = self._nodes
        values = np.array([features.get(name, 0.0) for name in nodes.names])
        at = nodes.roots
        for _ in range(nodes.depth):
            goes_on = values[nodes.feature[at]] > nodes.edge[at]
            at = np.where(goes_on, nodes.higher[at], nodes.lower[at])
        return self.bias + float(nodes.value[at].sum())

    @cached_property
    def _nodes(self) -> _Nodes:
        """All trees as arrays, so that all are walked at once."""
        return _Nodes.of(self.trees)


@dataclass(frozen=True)
class _Nodes:
    """Nodes of many trees one after another; both ways from a leaf lead to itself."""

    names: tuple[str, ...]
    roots: NDArray[np.int64]
    depth: int
    feature: NDArray[np.int64]
    edge: NDArray[np.float64]
    lower: NDArray[np.int64]
    higher: NDArray[np.int64]
    value: NDArray[np.float64]

    @classmethod
    def of(cls, trees: Sequence[Tree]) -> _Nodes:
        names = tuple(sorted({name for tree in trees for name in _names(tree)})) or FEATURES[:1]
        number = {name: at for at, name in enumerate(names)}
        rows: list[tuple[int, float, int, int, float]] = []

        def add(tree: Tree) -> int:
            at = len(rows)
            if isinstance(tree, float | int):
                rows.append((0, math.inf, at, at, float(tree)))
                return at
            rows.append((0, 0.0, at, at, 0.0))
            name, edge, lower, higher = tree
            rows[at] = (number[name], edge, add(lower), add(higher), 0.0)
            return at

        roots = np.array([add(tree) for tree in trees], dtype=np.int64)
        columns = [np.array(column) for column in zip(*rows, strict=True)] or [np.zeros(0)] * 5
        whole = (column.astype(np.int64) for column in (columns[0], columns[2], columns[3]))
        feature, lower, higher = whole
        depth = max(map(_depth, trees), default=0)
        return cls(names, roots, depth, feature, columns[1], lower, higher, columns[4])


def _depth(tree: Tree) -> int:
    return 0 if isinstance(tree, float | int) else 1 + max(_depth(tree[2]), _depth(tree[3]))


def is_denied(features: Mapping[str, float]) -> bool:
    """Whether two texts of nearly the same words differ in that one of them says no."""
    is_like = features.get("word_cosine", 0.0) >= _LIKE
    return is_like and features.get("other_polarity", 0.0) >= 1


@dataclass(frozen=True)
class Scorer:
    """How likely a pair asks the same (``same``), is on one subject (``subject``), and the edges.

    Where there are ``trees``, both they and ``same`` must find the pair the same: the lower logit
    counts, and ``slope`` and ``offset`` make a probability of it; a pair is then no likelier to ask
    the same than to be on one subject. The score is that, or the
    subject's scaled to stay under ``overlapping``, whichever is greater: another ask on the same
    subject is ``related``, never ``new``. A text with the same words scores 1 whatever the weights,
    and one that stands almost whole in the other is ``overlapping`` at least.
    Where a feature of ``conflicts`` is 1, or one of two like texts says no to what the other asks,
    the pair is never a duplicate: its score stays just under that edge, in the same order.
    ``field`` tells how surely a draft is of the field at all, which the subject's model weighs.
    ``version`` is the digest of what it was learnt from.
    """

    same: Linear
    subject: Linear
    trees: Trees | None = None
    slope: float = 1.0
    offset: float = 0.0
    duplicate: float = 0.75
    overlapping: float = 0.45
    related: float = 0.12
    conflicts: tuple[str, ...] = ()
    field: Field | None = None
    version: str = ""

    def score(self, features: Mapping[str, float]) -> float:
        """How likely the pair asks the same, in [0, 1]."""
        if features.get("same_words") == 1.0:
            return 1.0
        subject = self.on_subject(features)
        score = max(self.probability(features), (self.overlapping - _UNDER) * subject)
        if stands_whole(features):
            score = max(score, self.overlapping)
        if any(features.get(name, 0.0) >= 1 for name in self.conflicts) or is_denied(features):
            return min(score, self.duplicate - _UNDER * (2 - score))
        return score

    def probability(self, features: Mapping[str, float]) -> float:
        """How likely the pair asks the same, as far as its features tell."""
        logit = self.same.logit(features)
        if self.trees is None:
            return _logistic(self.slope * logit + self.offset)
        logit = min(logit, self.trees.logit(features))
        return min(_logistic(self.slope * logit + self.offset), self.on_subject(features))

    def on_subject(self, features: Mapping[str, float]) -> float:
        """How likely the pair is on one subject."""
        return _logistic(self.subject.logit(features))

    @property
    def asked(self) -> float:
        """The score from which on a stored one is counted as asked before: a near duplicate."""
        return (self.overlapping + self.duplicate) / 2

    def obeying(self, judged: bool | None, score: float) -> float:
        """The score once a person has said whether the two ask the same; None where nobody did."""
        if judged is None:
            return score
        return 1.0 if judged else min(score, self.overlapping - _UNDER)

    def verdict(self, score: float) -> Verdict:
        """The verdict for a score."""
        if score >= self.duplicate:
            return "duplicate"
        if score >= self.overlapping:
            return "overlapping"
        return "related" if score >= self.related else "new"

    def save(self, path: Path) -> None:
        """Write the model as JSON, whole or not at all; raises StorageError."""
        write_atomically(path, json.dumps(asdict(self), indent=1, sort_keys=True).encode())

    @classmethod
    def load(cls, path: Path) -> Scorer:
        """Read a model; raises IndexUnreadable where it is damaged or knows other features."""
        try:
            data = json.loads(path.read_bytes())
            same, subject = (Linear(**data.pop(name)) for name in ("same", "subject"))
            trees = data.pop("trees")
            grown = Trees(trees["bias"], tuple(map(_tree, trees["trees"]))) if trees else None
            conflicts, told = tuple(data.pop("conflicts")), data.pop("field")
            field = Field(**told) if told else None
            scorer = cls(
                same=same, subject=subject, trees=grown, conflicts=conflicts, field=field, **data
            )
            scorer._check()
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise IndexUnreadable(
                "the model of the duplicate check is damaged or from another version",
                place=str(path),
                hint="Run `kb build` to make it again.",
            ) from error
        return scorer

    def _check(self) -> None:
        """Raise ValueError where a feature is unknown or a number is none."""
        linear = {**self.same.weights, **self.subject.weights}
        names = {name.partition(OVER)[0] for name in linear} | set(self.conflicts)
        numbers = [*linear.values(), self.same.bias, self.subject.bias, self.slope, self.offset]
        numbers += [self.duplicate, self.overlapping, self.related]
        if self.field:
            numbers += [self.field.bias, *self.field.weights.values()]
        if self.trees:
            numbers.append(self.trees.bias)
            for tree in self.trees.trees:
                names |= _names(tree)
        if not names <= set(FEATURES) or not all(map(math.isfinite, numbers)):
            raise ValueError


def _tree(stored: Any) -> Tree:
    if isinstance(stored, float | int):
        return float(stored)
    name, edge, lower, higher = stored
    return (str(name), float(edge), _tree(lower), _tree(higher))


def _names(tree: Tree) -> set[str]:
    if isinstance(tree, float | int):
        return set()
    return {tree[0]} | _names(tree[2]) | _names(tree[3])


def stands_whole(features: Mapping[str, float]) -> bool:
    """Whether one text stands almost whole in the other and nothing parts the two."""
    return features.get("contained", 0.0) >= _WHOLE and not any(
        features.get(name, 0.0) >= 1 for name in _PARTED
    )


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))


DEFAULT_SCORER = Scorer(
    same=Linear(
        -5.9,
        {
            "word_cosine": 1.5,
            "character_cosine": 3.0,
            "shared_words": 4.0,
            "contained": 1.5,
            "edit": 2.0,
            "rare_shared": 0.8,
            "same_ask": 0.6,
            "other_ask": -2.5,
            "same_object": 0.5,
            "other_object": -2.0,
            "unmatched_draft": -0.5,
            "unmatched_stored": -0.5,
            "swapped_words": -0.5,
            "other_direction": -4.0,
            "other_polarity": -3.0,
            "other_figures": -1.0,
            "same_addressee": 0.3,
            "other_addressee": -1.5,
            "other_themes": -0.5,
        },
    ),
    subject=Linear(
        -3.5,
        {
            "shared_words": 2.5,
            "word_cosine": 3.0,
            "character_cosine": 4.0,
            "contained": 2.0,
            "latent_cosine": 2.0,
            "sentence_cosine": 3.0,
            "rare_shared": 1.5,
            "same_object": 0.5,
            "same_themes": 0.5,
        },
    ),
    conflicts=(
        "other_ask",
        "other_direction",
        "other_polarity",
        "other_addressee",
        "swapped_words",
    ),
)
