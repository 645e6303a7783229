"""What the classifier learns from: labelled texts, folds that keep reviews whole, and weights.

Labels are partial. A worked example says "yes" to its own theme only and a counter example "no";
a complete judgement says yes or no to every theme. *Not judged is not "no"*: an unjudged text
serves as background for a theme, at a weight below 1, only as far as the theme's judged "no" are
too few, and never where a rule of that theme fires on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from kb.model import Taxonomy, ThemeJudgement
from kb.tagging.judged import settled
from kb.tagging.rules import Fired, RuleSet
from kb.tagging.tokens import Tokens
from kb.text.tokens import STOP_WORDS, stem, words_in

Floats = npt.NDArray[np.float64]

# About one recommendation in twenty carries a theme; the background tops the "no" up to that.
NEGATIVES_PER_POSITIVE = 20.0
HIGHEST_BACKGROUND_WEIGHT = 0.5
EXAMPLE, PRACTICE = "example", "practice"


@dataclass(frozen=True)
class LearningText:
    """A text with its labels. ``group`` (a review's id) is never split between folds.

    ``source`` says where the text stands, for whoever is shown it.
    """

    text: str
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    complete: bool = False
    group: str = ""
    who: str = ""
    source: str = ""

    def says(self, theme: str) -> bool | None:
        """True or False where the theme is judged, None where it is not."""
        if theme in self.yes:
            return True
        return False if self.complete or theme in self.no else None

    def only(self, themes: frozenset[str]) -> LearningText:
        """The same text judged for these themes at most; to any other it says nothing."""
        no = themes - self.yes if self.complete else self.no & themes
        return replace(self, yes=self.yes & themes, no=no, complete=False)

    @property
    def is_judged(self) -> bool:
        """Whether this is a judged recommendation, no example and no practice text."""
        return self.who not in (EXAMPLE, PRACTICE)


def example_texts(taxonomy: Taxonomy) -> list[LearningText]:
    """The worked examples of a taxonomy, each judged for its own theme only."""
    texts = []
    for theme in taxonomy.themes():
        own = frozenset({theme.id})
        for sign, written in (("+", theme.examples), ("-", theme.counter_examples)):
            yes, no = (own, frozenset[str]()) if sign == "+" else (frozenset[str](), own)
            for number, text in enumerate(written, start=1):
                group, source = f"{theme.id}{sign}{number}", f"example {number} of {theme.id}"
                texts.append(LearningText(text, yes, no, group=group, who=EXAMPLE, source=source))
    return texts


def practice_texts(rows: Iterable[tuple[str, Collection[str]]]) -> list[LearningText]:
    """Texts of no review, each with all its themes; they judge the themes met among them only."""
    told = list(rows)
    judged = frozenset(theme for _, themes in told for theme in themes)
    return [
        LearningText(
            text,
            yes=frozenset(themes),
            no=judged - frozenset(themes),
            group=f"practice+{number}",
            who=PRACTICE,
            source=f"practice text {number}",
        )
        for number, (text, themes) in enumerate(told, start=1)
    ]


def judged_texts(
    texts: Mapping[str, str], judgements: Mapping[str, Sequence[ThemeJudgement]]
) -> list[LearningText]:
    """The judged recommendations; both mappings go by recommendation id (``review/position``)."""
    learnt = []
    for recommendation_id in sorted(set(texts) & set(judgements)):
        verdict = settled(judgements[recommendation_id])
        said_by = {*verdict.by.values(), verdict.complete_by}
        judges_all = verdict.complete and not verdict.themes
        learnt.append(
            LearningText(
                texts[recommendation_id],
                yes=verdict.yes,
                no=verdict.no | (verdict.themes - verdict.yes),
                complete=judges_all,
                group=recommendation_id.rpartition("/")[0],
                who="person" if "person" in said_by else "starter",
                source=recommendation_id,
            )
        )
    return learnt


@dataclass(frozen=True)
class Lesson:
    """Texts to learn from, parted into words and run through the rules once.

    They stand in an order that does not hang on how they were given; ``fired`` is None without
    rules.
    """

    texts: Sequence[LearningText]
    tokens: Tokens
    rules: RuleSet | None
    fired: Fired | None

    @classmethod
    def of(cls, texts: Sequence[LearningText], rules: RuleSet | None) -> Lesson:
        """Put in order and read."""
        ordered = sorted(texts, key=sort_key)
        tokens = Tokens.of([text.text for text in ordered])
        return cls(ordered, tokens, rules, rules.fire(tokens) if rules else None)


def sort_key(text: LearningText) -> tuple[str, ...]:
    """By what texts are sorted before anything is learnt from them."""
    return (text.group, text.text, *sorted(text.yes), "/", *sorted(text.no), text.source)


@lru_cache(maxsize=50_000)  # the same texts are learnt from again and again in an evaluation
def same_text_key(text: str) -> str:
    """What two texts share that differ only in case, punctuation, endings or function words."""
    return " ".join([stem(word) for word in words_in(text) if word not in STOP_WORDS])


@dataclass(frozen=True)
class Targets:
    """Labels and weights of n texts for each theme.

    ``label`` bool[n, themes]; ``weight`` float64[n, themes]: 1 judged, 0 not used, between them
    background; ``positives`` int64[themes] counts the judged "yes"; ``ruled`` bool[n, themes]:
    a rule of the theme fires.
    """

    label: npt.NDArray[np.bool_]
    weight: Floats
    positives: npt.NDArray[np.int64]
    ruled: npt.NDArray[np.bool_]


def targets(
    texts: Sequence[LearningText], theme_ids: Sequence[str], fired: Fired | None
) -> Targets:
    """Labels and weights for learning; see the module's head for the use of unjudged texts."""
    shape = (len(texts), len(theme_ids))
    judged = np.zeros(shape, dtype=np.bool_)
    label = np.zeros(shape, dtype=np.bool_)
    column = {theme: at for at, theme in enumerate(theme_ids)}
    for row, text in enumerate(texts):
        if text.complete:
            judged[row] = True
        for theme in (text.yes | text.no) & column.keys():
            judged[row, column[theme]] = True
            label[row, column[theme]] = theme in text.yes
    positives = label.sum(axis=0)
    ruled = _ruled(shape, column, fired)
    background = ~ruled & _may_be_background(texts, judged)
    missing = np.maximum((NEGATIVES_PER_POSITIVE + 1) * positives - judged.sum(axis=0), 0.0)
    share = missing / np.maximum(background.sum(axis=0), 1)
    weight = judged + background * np.minimum(share, HIGHEST_BACKGROUND_WEIGHT)
    return Targets(label, weight, positives.astype(np.int64), ruled)


def _may_be_background(
    texts: Sequence[LearningText], judged: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Where neither a text nor a copy of it is judged: bool[n, themes]."""
    is_background = ~judged
    by_key: dict[str, list[int]] = {}
    for at, text in enumerate(texts):
        by_key.setdefault(same_text_key(text.text), []).append(at)
    for rows in by_key.values():
        if len(rows) > 1:
            is_background[rows] &= ~judged[rows].any(axis=0)
    return is_background


def _ruled(
    shape: tuple[int, int], column: Mapping[str, int], fired: Fired | None
) -> npt.NDArray[np.bool_]:
    """Where a rule of the theme fires: bool[n, themes]."""
    ruled = np.zeros(shape, dtype=np.bool_)
    if fired is not None:
        of_rule = np.asarray([column.get(name.theme, -1) for name in fired.names], dtype=np.int64)
        columns = of_rule[fired.rules]
        ruled[fired.rows[columns >= 0], columns[columns >= 0]] = True
    return ruled


def fold_of(groups: Sequence[str], folds: int) -> npt.NDArray[np.int64]:
    """The fold of each text, int64[n]: whole groups, folds of nearly one size, no chance in it.

    Groups go to the smallest fold so far, the largest first, equals by their digest.
    """
    size: dict[str, int] = {}
    for group in groups:
        size[group] = size.get(group, 0) + 1
    order = sorted(size, key=lambda g: (-size[g], hashlib.sha256(g.encode()).hexdigest()))
    filled = [0] * folds
    place: dict[str, int] = {}
    for group in order:
        smallest = filled.index(min(filled))
        place[group] = smallest
        filled[smallest] += size[group]
    return np.asarray([place[group] for group in groups], dtype=np.int64)


def training_rows(
    folds: npt.NDArray[np.int64], held_out: int, keys: Sequence[str]
) -> npt.NDArray[np.bool_]:
    """The texts to learn from while a fold is held out: no other fold's copy of a held-out text."""
    hidden = {key for key, fold in zip(keys, folds, strict=True) if fold == held_out}
    return np.asarray(
        [fold != held_out and key not in hidden for key, fold in zip(keys, folds, strict=True)],
        dtype=np.bool_,
    )
