"""How good the tags are, asked of one knowledge base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.errors import WrongUsage
from kb.library.building import by_recommendation, judged_learning_texts, shown_reviews
from kb.library.starter import judged_pairs, labelling, parts

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase
    from kb.tagging.agreement import Agreement
    from kb.tagging.evaluate import Evaluation
    from kb.tagging.learning import LearningText


@dataclass(frozen=True)
class Agreements:
    """How far the starter's two blind passes agree, on themes and on pairs."""

    themes: Agreement
    pairs: Agreement

    def as_json(self) -> dict[str, object]:
        """``{themes: agreement, pairs: agreement}``."""
        return {"themes": self.themes.as_json(), "pairs": self.pairs.as_json()}


def held_out(base: KnowledgeBase, progress: Any = None) -> Evaluation:
    """Each judged review tagged by a model that has not seen it; the test set is left alone."""
    from kb.tagging.evaluate import evaluate

    training, _ = _judged(base)
    return evaluate(base.taxonomy, base.abbreviations, training, progress=progress)


def on_test_set(base: KnowledgeBase) -> Evaluation:
    """The starter's test set tagged by a model that learnt from every other judgement."""
    from kb.tagging.evaluate import evaluate_test_set

    training, test = _judged(base)
    return evaluate_test_set(base.taxonomy, base.abbreviations, training, test)


def on_gold(
    base: KnowledgeBase, rows: Iterable[Mapping[str, object]], progress: Any = None
) -> Evaluation:
    """Rows ``{id, text, themes}`` tagged by the model as it is."""
    from kb.tagging.evaluate import evaluate_gold

    return evaluate_gold(base.tagger, base.taxonomy, rows, progress)


def _judged(base: KnowledgeBase) -> tuple[list[LearningText], list[LearningText]]:
    reviews = shown_reviews(base.corpus, base.settings)
    parted = parts(by_recommendation(base.corpus))
    training, test = (judged_learning_texts(reviews, part, base.agencies) for part in parted)
    return training, test


def agreements(base: KnowledgeBase) -> Agreements:
    """How far the two passes that labelled the starter corpus agree; raises WrongUsage."""
    from kb.tagging.agreement import agreement

    labelled = labelling(base.corpus.folder)
    pairs = judged_pairs(base.corpus.folder)
    if not labelled:
        raise WrongUsage(
            "no record of two labelling passes is stored here",
            hint="The starter corpus has one: kb init DIR --starter",
        )
    theme_ids = [theme.id for theme in base.taxonomy.themes()]
    kinds = ("repeat", "near-miss", "related", "unrelated")
    return Agreements(
        agreement(theme_ids, [(one.first, one.second) for one in labelled]),
        agreement(kinds, [((one.first,), (one.second,)) for one in pairs]),
    )


def is_judged_by_starter_alone(base: KnowledgeBase) -> bool:
    """Whether every judgement on themes here is the fictional starter's own."""
    from kb.tagging.judged import STARTER

    shown = {review.id for review in shown_reviews(base.corpus, base.settings)}
    judged = by_recommendation(base.corpus).items()
    judgements = [j for i, js in judged if i.rpartition("/")[0] in shown for j in js]
    return bool(judgements) and all(j.who == STARTER for j in judgements)
