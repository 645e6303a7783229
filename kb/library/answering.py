"""What a check answers: each match with what its review says became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.library.showing import citation

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase
    from kb.similarity.check import CheckResult, Match


def answer_json(base: KnowledgeBase, found: CheckResult) -> dict[str, Any]:
    """The verdict and the matches in the shape that scripts may rely on."""
    return {**found.as_json(), "matches": [_match_json(base, match) for match in found.matches]}


def _match_json(base: KnowledgeBase, match: Match) -> dict[str, Any]:
    entry = base.index.records.entry(match.row)
    recommendation, review = entry.recommendation, entry.review
    return {
        **match.as_json(),
        "title": review.title,
        "publication": review.publication,
        "number": recommendation.number,
        "outcome": recommendation.outcome,
        "source": recommendation.source.model_dump(mode="json", exclude={"cells"}),
        "citation": citation(entry),
    }
