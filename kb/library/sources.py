"""The people's files that a build reads, and what stands in them now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kb.corpus import JUDGEMENTS
from kb.model import STARTER, ThemeJudgement

if TYPE_CHECKING:
    from kb.corpus import Corpus
    from kb.model import Judgement, Recommendation, Review
    from kb.settings import Settings
    from kb.similarity.semantic import SentenceModel
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

    @cached_property
    def sentence_model(self) -> SentenceModel | None:
        """The model of sentences that the settings choose; raises SettingsError."""
        from kb.similarity.semantic import SentenceModel

        return SentenceModel.chosen(self.settings.semantic, self.corpus.folder.parent)

    @property
    def sentence_digest(self) -> str:
        """The digest of that model, empty without one."""
        return self.sentence_model.digest if self.sentence_model else ""


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
    """The judgements on themes that stand, by recommendation id, in the order they were made.

    They are read once as long as their file is the same, and are not to be changed.
    """
    written = judgements_written(corpus)
    if written is None:
        return on_themes(corpus.judgements())
    return _by_recommendation(corpus.folder, written)


def judgements_written(corpus: Corpus) -> tuple[int, int, int] | None:
    """The size, time and place by which the file of judgements is known to be read already.

    None where there is none yet, or one that reading will tell of.
    """
    try:
        stat = (corpus.folder / JUDGEMENTS).stat()
    except OSError:
        return None
    return (stat.st_size, stat.st_mtime_ns, stat.st_ino)


@lru_cache(maxsize=2)  # those of a knowledge base, and of the starter it learns from
def _by_recommendation(
    folder: Path, written: tuple[int, int, int]
) -> dict[str, list[ThemeJudgement]]:
    from kb.corpus import Corpus

    del written
    return on_themes(Corpus(folder).judgements())


def on_themes(judgements: Iterable[Judgement]) -> dict[str, list[ThemeJudgement]]:
    """Those of these judgements that judge themes, by recommendation id.

    The starter's say nothing of a theme that none of them names: it was added since.
    """
    told_of = [one for one in judgements if isinstance(one, ThemeJudgement)]
    starter = {theme for one in told_of if one.who == STARTER for theme in one.yes}
    known = {"themes": tuple(sorted(starter))}
    judged: dict[str, list[ThemeJudgement]] = {}
    for one in told_of:
        if one.judges_nothing:
            continue
        told = one.model_copy(update=known) if one.who == STARTER and one.complete else one
        judged.setdefault(one.recommendation, []).append(told)
    return judged
