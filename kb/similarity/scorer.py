"""From features of a pair to a score and a verdict: a model that can be read.

``DEFAULT_SCORER`` has weights set by hand and serves where nothing is learnt; ``kb build`` learns
another from judged pairs (``kb/similarity/learning.py``). Both are data.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kb.errors import IndexUnreadable
from kb.files import write_atomically
from kb.similarity.features import FEATURES
from kb.similarity.field import Field
from kb.similarity.logits import OVER, PLACE, Linear, Table, Trees, names_in, read_tree, table_of

Verdict = Literal["duplicate", "overlapping", "related", "new"]
VERDICTS: tuple[Verdict, ...] = ("duplicate", "overlapping", "related", "new")

_UNDER = 0.01
_LIKE = 0.8
_WHOLE = 0.9
_FOUR_TO_ONE = 0.8
_PARTED = (
    "other_ask",
    "other_direction",
    "other_polarity",
    "other_addressee",
    "other_figures",
    "swapped_words",
    "turned_roles",
)
_CONTAINED, _WORD_COSINE, _OTHER_POLARITY, _SAME_WORDS = (
    PLACE[name] for name in ("contained", "word_cosine", "other_polarity", "same_words")
)


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
    the pair is no duplicate nor joined: its score stays just under that edge, in the same order.
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
        return float(self.scores(table_of([features]))[0])

    def scores(self, table: Table) -> NDArray[np.float64]:
        """The score of each pair of a table."""
        return self.highest(table, table)

    def highest(self, low: Table, high: Table) -> NDArray[np.float64]:
        """The greatest score of each pair whose features lie between two tables."""
        subject = _logistic(self.subject.highest(low, high))
        same = self._asks_the_same(low, high, subject)
        scores = np.maximum(same, (self.overlapping - _UNDER) * subject)
        whole = (high[_CONTAINED] >= _WHOLE) & ~_any(low, _PARTED)
        scores[whole] = np.maximum(scores[whole], self.overlapping)
        parted = self.are_parted(low)
        under = self.joined - _UNDER * (2 - scores[parted])
        scores[parted] = np.minimum(scores[parted], under)
        scores[high[_SAME_WORDS] >= 1] = 1.0
        return scores

    def are_parted(self, table: Table) -> NDArray[np.bool_]:
        """Whether something says that a pair cannot be a duplicate.

        A conflict does, and that of two texts of nearly the same words one says no.
        """
        denied: NDArray[np.bool_] = table[_WORD_COSINE] >= _LIKE
        denied &= table[_OTHER_POLARITY] >= 1
        return _any(table, self.conflicts) | denied

    def probabilities(self, table: Table) -> NDArray[np.float64]:
        """How likely each pair of a table asks the same, as far as its features tell."""
        return self._asks_the_same(table, table, self.on_subject(table))

    def on_subject(self, table: Table) -> NDArray[np.float64]:
        """How likely each pair of a table is on one subject."""
        return _logistic(self.subject.highest(table, table))

    def _asks_the_same(
        self, low: Table, high: Table, subject: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        logit = self.same.highest(low, high)
        if self.trees is None:
            return _logistic(self.slope * logit + self.offset)
        logit = np.minimum(logit, self.trees.highest(low, high))
        return np.minimum(_logistic(self.slope * logit + self.offset), subject)

    def may_reach(self, edge: float, low: Table, high: Table) -> NDArray[np.bool_]:
        """Whether the score of each pair may come to an edge; trees, the dearer, are asked last."""
        may = replace(self, trees=None).highest(low, high) >= edge
        may[may] = self.highest(low[:, may], high[:, may]) >= edge
        return may

    @property
    def joined(self) -> float:
        """The score from which on ``kb repeated`` takes two for the same ask: four to one."""
        return min(self.duplicate, _FOUR_TO_ONE)

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
            grown = Trees(trees["bias"], tuple(map(read_tree, trees["trees"]))) if trees else None
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
                names |= names_in(tree)
        if not names <= set(FEATURES) or not all(map(math.isfinite, numbers)) or self.slope <= 0:
            raise ValueError


def _any(table: Table, names: Sequence[str]) -> NDArray[np.bool_]:
    """Whether any of these features is 1, for each pair."""
    marked: NDArray[np.bool_] = np.any(table[[PLACE[name] for name in names]] >= 1, axis=0)
    return marked


def _logistic(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    chances: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(logits, -50.0, 50.0)))
    return chances


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
