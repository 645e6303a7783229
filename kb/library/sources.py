"""The people's files that a build reads, and what stands in them now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.model import ThemeJudgement

if TYPE_CHECKING:
    from kb.corpus import Corpus
    from kb.model import Recommendation, Review
    from kb.settings import Settings
    from kb.taxonomy import TaxonomyFile
    from kb.text.abbreviations import Abbreviations
    from kb.text.agencies import Agencies


@dataclass(frozen=True)
class Sources:
    """Everything that a build reads."""

    corpus: Corpus
    taxonomy: TaxonomyFile
    settings: Settings
    abbreviations: Abbreviations
    agencies: Agencies


def shown_reviews(corpus: Corpus, settings: Settings) -> list[Review]:
    """The reviews that an index is made of, and learns from: all, or those published alone.

    An index for a shared audience is as if the others were not stored: no count, weight or rank
    tells of them.
    """
    return [review for review in corpus.reviews() if is_shown(review, settings)]


def is_shown(review: Review, settings: Settings) -> bool:
    """Whether an index holds a review: for a shared audience, one that is published."""
    return settings.audience != "shared" or review.publication == "published"


def corrected_rows(review: Review, agencies: Agencies) -> list[tuple[Review, Recommendation]]:
    """The recommendations that stand in a review now, with their corrections applied."""
    from kb.ingest.corrections import corrected

    return [
        (review, corrected(recommendation, agencies))
        for recommendation in review.recommendations
        if not recommendation.removed
    ]


def by_recommendation(corpus: Corpus) -> dict[str, list[ThemeJudgement]]:
    """The judgements on themes, by recommendation id, in the order they were made."""
    judged: dict[str, list[ThemeJudgement]] = {}
    for judgement in corpus.judgements():
        if isinstance(judgement, ThemeJudgement):
            judged.setdefault(judgement.recommendation, []).append(judgement)
    return judged
