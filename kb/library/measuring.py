"""How good the tags are, asked of one knowledge base."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import kb
from kb.errors import IndexUnreadable, WrongUsage
from kb.library.learning import background_texts, judged_learning_texts, learning_texts
from kb.library.sources import by_recommendation, shown_reviews
from kb.library.starter import judged_pairs, labelling, parts

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase
    from kb.library.building import Progress
    from kb.reports import Measured, Report
    from kb.tagging.agreement import Agreement
    from kb.tagging.evaluation import Evaluation
    from kb.tagging.ground import Answer
    from kb.tagging.learning import LearningText
    from kb.tagging.scores import MethodScores

FICTION = "fiction written for this project"
_TUNED_HERE = (
    "The rules were written, and the way of learning was chosen, on these same reviews of the "
    "starter (not on its test set), so the figures are kinder than new reviews would be."
)
_TUNED_FOR_TEST = (
    "The rules were written, and the way of learning was chosen, on the starter's training reviews "
    "alone; nothing was tuned on these test reviews, and nothing is learnt from them."
)
_TUNED_ELSEWHERE = (
    "The shipped rules were written, and the way of learning was chosen, on the starter's training "
    "reviews; rules that you have written while looking at your own are kinder to them."
)
_TUNED_FOR_GOLD = (
    "The shipped rules were written, and the way of learning was chosen, on the starter's training "
    "reviews; the model has learnt from every judgement here, so a text of the file that is "
    "stored and judged here too was learnt from."
)


@dataclass(frozen=True)
class Agreements:
    """How far the starter's two blind passes agree, on themes and on pairs."""

    themes: Agreement
    pairs: Agreement

    def as_json(self) -> dict[str, object]:
        """``{themes: agreement, pairs: agreement}``."""
        return {"themes": self.themes.as_json(), "pairs": self.pairs.as_json()}


def held_out(
    base: KnowledgeBase, *, folds: int | None = None, curve: bool = False, progress: Any = None
) -> Evaluation:
    """Each judged review tagged by a model that has not seen it; the test set is left alone."""
    from kb.tagging.evaluate import FOLDS, evaluate

    training, _ = _judged(base)
    found = evaluate(
        base.taxonomy,
        base.abbreviations,
        training,
        background=background_texts(base.sources),
        folds=folds or FOLDS,
        curve=curve,
        progress=progress,
    )
    fictional = _fictional(base, [text.group for text in training])
    tuned = _TUNED_HERE if fictional else _TUNED_ELSEWHERE
    return _told(base, found, {text.group for text in training}, fictional, tuned)


def on_test_set(base: KnowledgeBase, progress: Any = None) -> Evaluation:
    """The starter's test set tagged by a model that learnt from every other judgement."""
    from kb.tagging.evaluate import evaluate_test_set

    training, test = _judged(base)
    found = evaluate_test_set(
        base.taxonomy,
        base.abbreviations,
        training,
        test,
        background=background_texts(base.sources),
        progress=progress,
    )
    return _told(base, found, {text.group for text in test}, FICTION, _TUNED_FOR_TEST)


def on_gold(
    base: KnowledgeBase, rows: Iterable[Mapping[str, object]], progress: Any = None
) -> Evaluation:
    """Rows ``{id, text, themes}`` tagged by the model as it is, and by a model alone."""
    from kb.tagging.evaluate import evaluate_gold
    from kb.tagging.ground import Ground, without_rules

    reviews = shown_reviews(base.corpus, base.settings)
    learnt = learning_texts(base.sources, reviews, by_recommendation(base.corpus))

    def others(texts: Sequence[str]) -> Mapping[str, Answer]:
        ground = Ground(base.taxonomy, base.abbreviations, (), learnt, ())
        return without_rules(ground, learnt, texts).methods

    found = evaluate_gold(base.tagger, base.taxonomy, rows, others=others, progress=progress)
    return replace(found, tuned=_TUNED_FOR_GOLD)


def _judged(base: KnowledgeBase) -> tuple[list[LearningText], list[LearningText]]:
    reviews = shown_reviews(base.corpus, base.settings)
    parted = parts(by_recommendation(base.corpus))
    training, test = (judged_learning_texts(reviews, part, base.agencies) for part in parted)
    return training, test


def _told(
    base: KnowledgeBase,
    found: Evaluation,
    reviews: Collection[str],
    measured_on: str | None,
    tuned: str,
) -> Evaluation:
    """An evaluation with the labelling passes of the same reviews, and what has to be said."""
    passes = _passes(base, reviews)
    return replace(found, passes=passes, measured_on=measured_on, tuned=tuned)


def _fictional(base: KnowledgeBase, reviews: Sequence[str]) -> str | None:
    """That these judged recommendations are fiction, or how many of them; None where none is.

    A recommendation is fiction where it stands in a review that the starter judged.
    """
    from kb.model import STARTER

    by_starter = {
        recommendation.rpartition("/")[0]
        for recommendation, judgements in by_recommendation(base.corpus).items()
        if any(judgement.who == STARTER for judgement in judgements)
    }
    fictional = sum(review in by_starter for review in reviews)
    if not fictional:
        return None
    whole = fictional == len(reviews)
    return FICTION if whole else f"{FICTION} in {fictional} of {len(reviews)} recommendations"


def _passes(base: KnowledgeBase, reviews: Collection[str]) -> MethodScores | None:
    """The second labelling pass over these reviews scored against the first; None without both."""
    from kb.tagging.scores import score

    theme_ids = [theme.id for theme in base.taxonomy.themes()]
    labelled = [
        one
        for one in labelling(base.corpus.folder)
        if one.recommendation.rpartition("/")[0] in reviews
    ]
    if not labelled:
        return None
    return score(
        theme_ids,
        [one.second for one in labelled],
        [{theme: theme in one.first for theme in theme_ids} for one in labelled],
        [one.recommendation.rpartition("/")[0] for one in labelled],
    )


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


MEASURED = "measured.json"


def keep_measured(base: KnowledgeBase, found: Evaluation) -> None:
    """Keep what was measured beside the index, so that reports can show it beside their counts.

    Nothing is kept where there is no index yet: without one there are no reports.
    """
    from kb.errors import IndexMissing
    from kb.files import write_atomically

    try:
        model_version = base.index.generation.manifest.model_version
    except IndexMissing:
        return
    themes = found.methods["combined"].as_json()["themes"]
    kept = {"model_version": model_version, "themes": themes}
    write_atomically(base.index_dir / MEASURED, (json.dumps(kept, indent=1) + "\n").encode())


def measured_here(base: KnowledgeBase) -> dict[str, Measured]:
    """How good the tags of each theme are, where that was measured with the model of the index."""
    from kb.reports import measured_from

    try:
        kept = json.loads((base.index_dir / MEASURED).read_text("utf-8"))
        if kept["model_version"] != base.index.generation.manifest.model_version:
            return {}
        return measured_from(kept["themes"])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnreadable(
            f"what was measured cannot be read ({error})",
            place=str(base.index_dir / MEASURED),
            hint="Measure again with: kb evaluate",
        ) from error


def evaluation_report(base: KnowledgeBase, found: Evaluation, *, command: str) -> Report:
    """An evaluation as a report, to be rendered in any format."""
    from kb.reports import tag_quality

    return tag_quality(found.as_json()).with_head(_head(base, command))


def agreement_report(base: KnowledgeBase, found: Agreements, *, command: str) -> Report:
    """How far the two passes agree as a report, to be rendered in any format."""
    from kb.reports import passes_agreement

    data = {**found.as_json(), "measured_on": FICTION}
    return passes_agreement(data).with_head(_head(base, command))


def pairs_report(base: KnowledgeBase, progress: Progress | None, *, command: str) -> Report:
    """How good the duplicate check is, as a report; raises WrongUsage where nothing is learnt."""
    from kb.library.pair_quality import pair_scores, quality_json
    from kb.reports import pair_quality

    return pair_quality(quality_json(pair_scores(base, progress))).with_head(_head(base, command))


def _head(base: KnowledgeBase, command: str) -> list[tuple[str, str]]:
    """What a reader needs to make the figures again."""
    return [
        ("Taxonomy", f"version {base.taxonomy.version}"),
        ("Program", f"version {kb.__version__}"),
        ("Date", date.today().isoformat()),
        ("Made with", command),
    ]
