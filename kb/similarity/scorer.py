"""From features of a pair to a score and a verdict: a logistic model that can be read.

The weights are set by hand for now, on pairs of our own wording (tests/similarity/pairs.json);
they are data, so that weights learnt from judged pairs take their place without other change.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from kb.errors import IndexUnreadable, StorageError
from kb.similarity.features import FEATURES

Verdict = Literal["duplicate", "overlapping", "related", "new"]
VERDICTS: tuple[Verdict, ...] = ("duplicate", "overlapping", "related", "new")

_UNDER = 0.01


@dataclass(frozen=True)
class Scorer:
    """Two models, each ``1 / (1 + exp(-(bias + Σ weight · feature)))``, and the verdicts' edges.

    ``weights`` say how likely the pair asks the same, ``subject_weights`` how likely it is about
    the same subject. The score is the greater of the two, the subject's scaled to stay under
    ``overlapping``: another ask on the same subject is ``related``, never ``new``. A text with the
    same words scores 1 whatever the weights. Where a feature of ``conflicts`` is 1 the pair is
    never a duplicate: its score stays just under that threshold, in the same order.
    """

    bias: float
    weights: Mapping[str, float]
    subject_bias: float
    subject_weights: Mapping[str, float]
    duplicate: float = 0.75
    overlapping: float = 0.45
    related: float = 0.12
    conflicts: tuple[str, ...] = (
        "other_ask",
        "other_direction",
        "other_polarity",
        "other_addressee",
        "swapped_words",
    )

    def score(self, features: Mapping[str, float]) -> float:
        """How likely the pair asks the same, in [0, 1]."""
        if features.get("same_words") == 1.0:
            return 1.0
        subject = _logistic(self.subject_bias, self.subject_weights, features)
        same = _logistic(self.bias, self.weights, features)
        score = max(same, (self.overlapping - _UNDER) * subject)
        if any(features.get(name, 0.0) >= 1 for name in self.conflicts):
            return min(score, self.duplicate - _UNDER * (2 - score))
        return score

    def verdict(self, score: float) -> Verdict:
        """The verdict for a score."""
        if score >= self.duplicate:
            return "duplicate"
        if score >= self.overlapping:
            return "overlapping"
        return "related" if score >= self.related else "new"

    def save(self, path: Path) -> None:
        """Write the model as JSON, whole or not at all."""
        temporary = path.with_name(path.name + ".tmp")
        try:
            with temporary.open("w", encoding="utf-8") as file:
                json.dump(asdict(self), file, indent=2, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise StorageError(
                f"this cannot be written: {error.strerror or error}",
                place=str(path),
                hint="Free some space, or choose another place, and run `kb build` again.",
            ) from error

    @classmethod
    def load(cls, path: Path) -> Scorer:
        """Read a model; raises IndexUnreadable where it is damaged or knows other features."""
        try:
            data = json.loads(path.read_text("utf-8"))
            scorer = cls(**{**data, "conflicts": tuple(data["conflicts"])})
            unknown = {*scorer.weights, *scorer.subject_weights, *scorer.conflicts}
            unknown -= set(FEATURES)
            numbers = (
                scorer.bias,
                scorer.subject_bias,
                scorer.duplicate,
                scorer.overlapping,
                scorer.related,
            )
            good = not unknown and all(
                math.isfinite(number)
                for number in (*numbers, *scorer.weights.values(), *scorer.subject_weights.values())
            )
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise _unreadable(path) from error
        if not good:
            raise _unreadable(path)
        return scorer


def _logistic(bias: float, weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    total = bias + sum(weight * features.get(name, 0.0) for name, weight in weights.items())
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def _unreadable(path: Path) -> IndexUnreadable:
    return IndexUnreadable(
        "the model of the duplicate check is damaged or from another version",
        place=str(path),
        hint="Run `kb build` to make it again.",
    )


DEFAULT_SCORER = Scorer(
    bias=-5.9,
    weights={
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
    subject_bias=-3.5,
    subject_weights={
        "shared_words": 2.5,
        "word_cosine": 3.0,
        "character_cosine": 4.0,
        "contained": 2.0,
        "latent_cosine": 2.0,
        "rare_shared": 1.5,
        "same_object": 0.5,
        "same_themes": 0.5,
    },
)
