"""What a knowledge base learns its themes from: examples, practice texts and judgements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kb.corpus import Corpus
from kb.library.home import starter_home
from kb.library.sources import Sources, by_recommendation, corrected_rows, shown_reviews
from kb.library.starter import parts, practice_rows
from kb.model import Review, ThemeJudgement
from kb.tagging.learning import LearningText, example_texts, judged_texts, practice_texts
from kb.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from kb.text.agencies import Agencies


def learning_texts(
    sources: Sources, reviews: Sequence[Review], judgements: Mapping[str, list[ThemeJudgement]]
) -> list[LearningText]:
    """Everything that the classifier learns from; never the starter's test set."""
    judged = judged_learning_texts(reviews, parts(judgements).training, sources.agencies)
    return judged + background_texts(sources)


def background_texts(sources: Sources) -> list[LearningText]:
    """What is learnt from besides the judgements here: examples, practice texts, the starter's.

    A review of the starter that is stored here, shown or not, is not taken from there too.
    """
    learnt = example_texts(sources.taxonomy.model)
    own = practice_rows(sources.corpus.folder)
    learnt += practice_texts((row.text, row.themes) for row in own)
    if sources.settings.learn_from_starter:
        learnt += _starter_texts(sources, has_practice=bool(own))
    return learnt


def judged_learning_texts(
    reviews: Sequence[Review],
    judgements: Mapping[str, list[ThemeJudgement]],
    agencies: Agencies,
) -> list[LearningText]:
    """The judged recommendations of these reviews."""
    texts = {
        review.recommendation_id(recommendation.position): recommendation.text
        for review in reviews
        for _, recommendation in corrected_rows(review, agencies)
    }
    return judged_texts(texts, judgements)


def _starter_texts(sources: Sources, *, has_practice: bool) -> list[LearningText]:
    """The shipped starter's texts, with its labels of the themes that are known here."""
    home = starter_home()
    starter = Corpus(home / "corpus")
    if starter.folder.resolve() == sources.corpus.folder.resolve():
        return []
    known = {theme.id for theme in sources.taxonomy.model.themes()}
    judged = {theme.id for theme in load_taxonomy(home / "taxonomy.yaml").model.themes()}
    shared = frozenset(known & judged)
    if not shared:
        return []
    stored = set(sources.corpus.review_ids())
    reviews = [one for one in shown_reviews(starter, sources.settings) if one.id not in stored]
    training = parts(by_recommendation(starter)).training
    texts = judged_learning_texts(reviews, training, sources.agencies)
    if not has_practice:
        rows = practice_rows(starter.folder)
        texts += practice_texts((row.text, row.themes) for row in rows)
    return [
        replace(text.only(shared), source=f"{text.source} of the starter corpus") for text in texts
    ]
