"""How good the duplicate check is on the pairs that it learns from, each held out in turn."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.errors import WrongUsage
from kb.intervals import Share, wilson
from kb.library.compiled import MODEL
from kb.library.lessons import PERSON_WEIGHT, PRACTICE_WEIGHT, Taught, TaughtPair, can_learn
from kb.similarity.learning import FOLDS, Lesson, folds_of, held_out_scores

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase

Progress = Callable[[str, int, int], None]

_BY = {PERSON_WEIGHT: "people", PRACTICE_WEIGHT: "practice"}


@dataclass(frozen=True)
class PairScores:
    """What was called ``duplicate`` of pairs judged by the same sort of judge."""

    pairs: int
    repeats: int
    near_misses: int
    average_precision: float | None
    precision: Share
    recall: Share
    near_misses_called: Share

    @classmethod
    def of(
        cls, kinds: Sequence[str], scores: Sequence[float], called: Sequence[bool]
    ) -> PairScores:
        """From the kind and score of each pair, and whether it is called ``duplicate``."""
        from sklearn.metrics import average_precision_score

        same, near = (
            np.array([kind == name for kind in kinds]) for name in ("repeat", "near-miss")
        )
        marked = np.array(called, dtype=bool)
        hits, repeats, near_misses = int((marked & same).sum()), int(same.sum()), int(near.sum())
        return cls(
            pairs=len(kinds),
            repeats=repeats,
            near_misses=near_misses,
            average_precision=float(average_precision_score(same, scores)) if repeats else None,
            precision=wilson(hits, int(marked.sum())),
            recall=wilson(hits, repeats),
            near_misses_called=wilson(int((marked & near).sum()), near_misses),
        )

    def as_json(self) -> dict[str, object]:
        """The numbers, each share as ``{value, low, high}``."""
        shown = {name: one for name, one in vars(self).items() if not isinstance(one, Share)}
        shares = {name: one for name, one in vars(self).items() if isinstance(one, Share)}
        return shown | {name: share.as_json() for name, share in shares.items()}


def pair_scores(base: KnowledgeBase, progress: Progress | None = None) -> dict[str, PairScores]:
    """The check's own quality by who judged the pairs; raises WrongUsage without enough.

    ``progress`` hears (step in words, done, of how many).
    """
    from kb.library.laying import lessons
    from kb.similarity.sentences import Sentences

    tell = progress or (lambda *_: None)
    taught = Taught.by(base.sources)
    if not can_learn(base.tagger):
        raise _too_little("too few themes are learnt here for the duplicate check to learn")
    sentences = Sentences.open(base.index.generation.folder / MODEL)
    if sentences is not None and len(sentences.vectors) != len(taught.texts):
        sentences = None
    with tempfile.TemporaryDirectory() as folder:
        laid = partial(tell, "comparing judged pairs")
        read, _ = lessons(Path(folder), base.sources, base.tagger, taught, sentences, tell=laid)
    scores, called = _held_out(read, partial(tell, "learning without a part of them"))
    if not scores:
        raise _too_little(f"{len(taught.pairs)} judged pairs are too few to learn from")
    return _by_judge(taught.pairs, scores, called)


def _held_out(
    read: Sequence[Lesson], tell: Callable[[int, int], None]
) -> tuple[list[float], list[bool]]:
    """The score of each lesson by a model that saw neither text, and whether it is a duplicate."""
    scores, scorers = held_out_scores(read, tell)
    told = zip(scores, folds_of(read).tolist(), strict=True) if scorers else ()
    return scores, [scorers[fold].verdict(score) == "duplicate" for score, fold in told]


def _by_judge(
    pairs: Sequence[TaughtPair], scores: Sequence[float], called: Sequence[bool]
) -> dict[str, PairScores]:
    found = {}
    for name in ("people", "judged", "practice"):
        at = [i for i, pair in enumerate(pairs) if _BY.get(pair.weight, "judged") == name]
        if at:
            kinds = [pairs[i].kind for i in at]
            found[name] = PairScores.of(kinds, [scores[i] for i in at], [called[i] for i in at])
    return found


def quality_json(found: dict[str, PairScores]) -> dict[str, object]:
    """``{pairs, folds, by: {people|judged|practice: scores}}``."""
    by = {name: one.as_json() for name, one in found.items()}
    return {"pairs": sum(one.pairs for one in found.values()), "folds": FOLDS, "by": by}


def _too_little(message: str) -> WrongUsage:
    return WrongUsage(
        message,
        hint="Judge more pairs with kb judge A B --same/--different, or let the starter's teach: "
        "learn_from_starter = true in kb.toml",
    )
