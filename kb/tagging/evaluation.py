"""What an evaluation came to: the scores of each way of tagging, and all that goes with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kb.tagging.reliability import Reliability
from kb.tagging.scores import MethodScores

COMBINED, RULES, CLASSIFIER, MOST_FREQUENT = "combined", "rules", "classifier", "most-frequent"
METHODS = (COMBINED, RULES, CLASSIFIER, MOST_FREQUENT)


@dataclass(frozen=True)
class KeptOut:
    """How many texts were kept out of some learning, since they nearly copy what was measured."""

    judged: int
    background: int

    def as_json(self) -> dict[str, int]:
        """``{judged, background}``."""
        return {"judged": self.judged, "background": self.background}


@dataclass(frozen=True)
class CurvePoint:
    """What the combination reaches when it learns from a part of the training reviews.

    ``reviews`` and ``texts`` are the mean numbers learnt from over the folds, worked examples and
    practice texts not counted: these always teach.
    """

    share: float
    reviews: float
    texts: float
    scores: MethodScores

    def as_json(self) -> dict[str, object]:
        """``{share, reviews, texts, scores: {micro, macro_f1, macro_f1_interval, themes}}``."""
        return {
            "share": self.share,
            "reviews": self.reviews,
            "texts": self.texts,
            "scores": self.scores.as_json(),
        }


@dataclass(frozen=True)
class Evaluation:
    """Scores of each way of tagging.

    ``reviews`` and ``folds`` are 0 for a gold file; ``folds`` is 1 for a test set.

    ``not_learnt`` are themes that got no model in at least one fold, with the number of texts that
    are known to hold them (None where that is not asked). ``passes`` scores the second of two
    labelling passes against the first, ``inputs`` is the digest of everything measured and learnt
    from, ``measured_on`` says what kind of texts these are where it has to be said, and ``tuned``
    what rules and settings were made on.
    """

    texts: int
    reviews: int
    folds: int
    methods: Mapping[str, MethodScores]
    reliability: Reliability
    not_learnt: Mapping[str, int | None]
    kept_out: KeptOut | None = None
    curve: tuple[CurvePoint, ...] = ()
    passes: MethodScores | None = None
    inputs: str | None = None
    measured_on: str | None = None
    tuned: str | None = None

    def as_json(self) -> dict[str, object]:
        """The figures as scripts read them; ``methods`` is {name: scores}."""
        return {
            "texts": self.texts,
            "reviews": self.reviews,
            "folds": self.folds,
            "measured_on": self.measured_on,
            "tuned": self.tuned,
            "inputs": self.inputs,
            "not_learnt": list(self.not_learnt),
            "positives_of_not_learnt": dict(self.not_learnt),
            "kept_out": self.kept_out.as_json() if self.kept_out else None,
            "methods": {name: scores.as_json() for name, scores in self.methods.items()},
            "passes": self.passes.as_json() if self.passes else None,
            "calibration": self.reliability.as_json(),
            "learning_curve": [point.as_json() for point in self.curve],
        }
