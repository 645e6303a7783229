"""How good the tags are, measured on judgements of reviews that were held out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb.errors import NotFound, WrongUsage
from kb.model import Taxonomy
from kb.tagging.combine import Tagger
from kb.tagging.judged import Tagged
from kb.tagging.learning import (
    LearningText,
    example_texts,
    fold_of,
    same_text_key,
    training_rows,
)
from kb.tagging.rules import RuleSet
from kb.tagging.scores import MethodScores, score
from kb.text.abbreviations import Abbreviations

Progress = Callable[[int, int], None]
COMBINED, RULES, CLASSIFIER, MOST_FREQUENT = "combined", "rules", "classifier", "most-frequent"
METHODS = (COMBINED, RULES, CLASSIFIER, MOST_FREQUENT)


@dataclass(frozen=True)
class Evaluation:
    """Scores of each way of tagging.

    ``reviews`` and ``folds`` are 0 for a gold file; ``folds`` is 1 for a test set.

    ``not_learnt`` are themes that got no model in at least one fold.
    """

    texts: int
    reviews: int
    folds: int
    methods: Mapping[str, MethodScores]
    not_learnt: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """``{texts, reviews, folds, not_learnt, methods: {name: {micro, macro_f1, themes}}}``."""
        return {
            "texts": self.texts,
            "reviews": self.reviews,
            "folds": self.folds,
            "not_learnt": list(self.not_learnt),
            "methods": {name: scores.as_json() for name, scores in self.methods.items()},
        }

    def rows(self, method: str = COMBINED) -> list[dict[str, object]]:
        """One flat row a theme, for a table: theme, n, precision, recall (each low, high), f1."""
        rows: list[dict[str, object]] = []
        for theme, one in self.methods[method].themes.items():
            row: dict[str, object] = {"theme": theme, "n": one.wanted}
            for name, share in (("precision", one.precision), ("recall", one.recall)):
                row |= {name: share.value, f"{name}_low": share.low, f"{name}_high": share.high}
            rows.append(row | {"f1": one.f1})
        return rows


def evaluate(
    taxonomy: Taxonomy,
    abbreviations: Abbreviations,
    judged: Sequence[LearningText],
    *,
    folds: int = 5,
    progress: Progress | None = None,
) -> Evaluation:
    """Tag each judged text by a model that saw neither its review nor a copy of it.

    ``judged`` texts carry their review's id in ``group``; the taxonomy's examples join every
    learning. Everything learnt (vocabulary, thresholds, the rules' precisions) is learnt inside
    the fold. Raises WrongUsage where fewer than two reviews are judged.
    """
    groups = {text.group for text in judged}
    folds = min(folds, len(groups))
    if folds < 2:
        raise WrongUsage(
            f"an evaluation needs judgements on at least 2 reviews, and there are {len(groups)}",
            hint="Judge more with 'kb queue' and 'kb judge', or give a file with --gold.",
        )
    theme_ids = [theme.id for theme in taxonomy.themes()]
    ordered = sorted(judged, key=lambda text: (text.group, text.text))
    fold = fold_of([text.group for text in ordered], folds)
    found: dict[str, list[frozenset[str]]] = {
        name: [frozenset()] * len(ordered) for name in METHODS
    }
    not_learnt: set[str] = set()
    rules = RuleSet(taxonomy, abbreviations)
    for number in range(folds):
        learnt = _learnt_meanwhile(ordered, fold, number, taxonomy)
        tagger = Tagger.learn(taxonomy, abbreviations, learnt, rules=rules)
        out = np.flatnonzero(fold == number).tolist()
        by_method = _by_method(tagger, [ordered[row].text for row in out], _usual(learnt))
        for name, tags in by_method.items():
            for row, themes in zip(out, tags, strict=True):
                found[name][row] = themes
        not_learnt |= set(tagger.classifier.not_learnt if tagger.classifier else theme_ids)
        if progress:
            progress(number + 1, folds)
    gold = [_gold(text, theme_ids) for text in ordered]
    methods = {name: score(theme_ids, found[name], gold) for name in METHODS}
    missing = tuple(theme for theme in theme_ids if theme in not_learnt)
    return Evaluation(len(ordered), len(groups), folds, methods, missing)


def evaluate_test_set(
    taxonomy: Taxonomy,
    abbreviations: Abbreviations,
    training: Sequence[LearningText],
    test: Sequence[LearningText],
) -> Evaluation:
    """Tag the test set by a model learnt from all training texts but copies of what it tags.

    Raises WrongUsage where no text of the test set is judged.
    """
    if not test:
        raise WrongUsage(
            "no recommendation of the starter's test set is stored and judged here",
            hint="Make a knowledge base that has them: kb init DIR --starter",
        )
    theme_ids = [theme.id for theme in taxonomy.themes()]
    hidden = {same_text_key(text.text) for text in test}
    learnt = [
        text
        for text in (*training, *example_texts(taxonomy))
        if same_text_key(text.text) not in hidden
    ]
    tagger = Tagger.learn(taxonomy, abbreviations, learnt, rules=RuleSet(taxonomy, abbreviations))
    given = _by_method(tagger, [text.text for text in test], _usual(learnt))
    gold = [_gold(text, theme_ids) for text in test]
    methods = {name: score(theme_ids, tags, gold) for name, tags in given.items()}
    missing = tuple(tagger.classifier.not_learnt if tagger.classifier else theme_ids)
    return Evaluation(len(test), len({text.group for text in test}), 1, methods, missing)


def _learnt_meanwhile(
    judged: Sequence[LearningText],
    fold: npt.NDArray[np.int64],
    held_out: int,
    taxonomy: Taxonomy,
) -> list[LearningText]:
    """Judged texts of the other folds and all examples, without copies of what is held out."""
    keys = [same_text_key(text.text) for text in judged]
    hidden = {key for key, number in zip(keys, fold.tolist(), strict=True) if number == held_out}
    rows = np.flatnonzero(training_rows(fold, held_out, keys)).tolist()
    examples = example_texts(taxonomy)
    return [judged[row] for row in rows] + [
        text for text in examples if same_text_key(text.text) not in hidden
    ]


def evaluate_gold(
    tagger: Tagger,
    taxonomy: Taxonomy,
    rows: Iterable[Mapping[str, object]],
    progress: Progress | None = None,
) -> Evaluation:
    """Score a tagger as it is on rows ``{id, text, themes}``; ``themes`` null is not judged.

    Raises WrongUsage for a row of another shape and NotFound for an unknown theme.
    """
    theme_ids = [theme.id for theme in taxonomy.themes()]
    texts: list[LearningText] = []
    for number, row in enumerate(rows, start=1):
        text = _gold_row(row, number, frozenset(theme_ids))
        if text is not None:
            texts.append(text)
    tagged = tagger.tag([text.text for text in texts], progress)
    given = _combined(tagged) | _alone(tagger, [text.text for text in texts])
    gold = [_gold(text, theme_ids) for text in texts]
    methods = {name: score(theme_ids, tags, gold) for name, tags in given.items()}
    return Evaluation(len(texts), 0, 0, methods)


def _gold_row(row: Mapping[str, object], number: int, known: frozenset[str]) -> LearningText | None:
    text, themes = row.get("text"), row.get("themes")
    place = f"gold row {number} ({row.get('id')})"
    shape = 'Each line is {"id": …, "text": …, "themes": [theme ids] or null}.'
    if not isinstance(text, str) or not (themes is None or isinstance(themes, list)):
        raise WrongUsage("a gold row needs a text and a list of themes", place=place, hint=shape)
    if themes is None:
        return None
    unknown = sorted({str(theme) for theme in themes} - known)
    if unknown:
        raise NotFound(
            f"no theme has the id {unknown[0]!r}",
            place=place,
            hint="Run 'kb taxonomy list' for the ids.",
        )
    return LearningText(text, yes=frozenset(themes), complete=True)


def _by_method(
    tagger: Tagger, texts: Sequence[str], usual: frozenset[str]
) -> dict[str, list[frozenset[str]]]:
    return (
        _combined(tagger.tag(texts)) | _alone(tagger, texts) | {MOST_FREQUENT: [usual] * len(texts)}
    )


def _combined(tagged: Sequence[Tagged]) -> dict[str, list[frozenset[str]]]:
    return {COMBINED: [frozenset(tag.id for tag in one.themes) for one in tagged]}


def _alone(tagger: Tagger, texts: Sequence[str]) -> dict[str, list[frozenset[str]]]:
    """Rules alone (every rule that is no suggestion), and classifier alone over its thresholds."""
    hits = tagger.rules.of_many(texts)
    rules = [frozenset(hit.theme for hit in met if hit.tags) for met in hits]
    classifier = tagger.classifier
    if classifier is None:
        return {RULES: rules, CLASSIFIER: [frozenset()] * len(texts)}
    over = classifier.probabilities(texts, hits) >= classifier.thresholds
    alone = [frozenset(classifier.theme_ids[at] for at in np.flatnonzero(row)) for row in over]
    return {RULES: rules, CLASSIFIER: alone}


def _usual(learnt: Sequence[LearningText]) -> frozenset[str]:
    """The theme that holds most often among judged texts, first by id of equals."""
    counts = Counter(theme for text in learnt if text.is_judged for theme in text.yes)
    return frozenset(sorted(counts, key=lambda theme: (-counts[theme], theme))[:1])


def _gold(text: LearningText, theme_ids: Sequence[str]) -> dict[str, bool]:
    said = {theme: text.says(theme) for theme in theme_ids}
    return {theme: holds for theme, holds in said.items() if holds is not None}
