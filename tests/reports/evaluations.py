"""An evaluation of twelve small reviews, and the agreement of two passes, as scripts read them."""

from __future__ import annotations

from typing import Any

from kb.model import Tag
from kb.tagging.agreement import agreement
from kb.tagging.evaluation import METHODS, CurvePoint, Evaluation, KeptOut
from kb.tagging.judged import Tagged
from kb.tagging.reliability import reliability
from kb.tagging.scores import MethodScores, score

THEMES = ("dash", "training", "<rural>")
GOLD = [{"dash": at % 2 == 0, "training": at % 3 == 0, "<rural>": False} for at in range(36)]
REVIEWS = [f"review {at // 3}" for at in range(36)]
FICTION = "fiction written for this project"


def _scores(wrong_each: int) -> MethodScores:
    given = [
        {theme for theme, holds in said.items() if holds != (at % wrong_each == 0)}
        for at, said in enumerate(GOLD)
    ]
    return score(THEMES, given, GOLD, REVIEWS)


def _tagged(at: int) -> Tagged:
    def tag(theme: str, confidence: float) -> Tag:
        return Tag(id=theme, by=("classifier",), confidence=confidence)

    return Tagged((tag("dash", 0.5 + at / 100),), (tag("training", at / 100),))


def evaluation(*, curve: bool = True) -> dict[str, Any]:
    """A held-out evaluation with everything that one can have."""
    shares = (0.125, 0.25, 0.5, 1) if curve else ()
    points = [CurvePoint(s, s * 10, s * 30.5, _scores(2 + int(8 * s))) for s in shares]
    return Evaluation(
        texts=36,
        reviews=12,
        folds=5,
        methods={name: _scores(at + 3) for at, name in enumerate(METHODS)},
        reliability=reliability([_tagged(at) for at in range(36)], GOLD),
        not_learnt={"<rural>": 3},
        kept_out=KeptOut(4, 2),
        curve=tuple(points),
        passes=_scores(20),
        inputs="0123456789abcdef",
        measured_on=FICTION,
        tuned="The rules were written on other reviews.",
    ).as_json()


def passes() -> dict[str, Any]:
    """How far two passes over themes and pairs agree."""
    themes = agreement(THEMES, [(("dash",), ("dash", "training")), (("dash",), ())])
    pairs = agreement(
        ("repeat", "related"), [(("repeat",), ("repeat",)), (("related",), ("related",))]
    )
    return {"themes": themes.as_json(), "pairs": pairs.as_json(), "measured_on": FICTION}
