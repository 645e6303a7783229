"""What the starter corpus brings: test set, labelling, judged pairs and texts for practice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from pydantic import ValidationError

from kb.errors import CorpusError
from kb.model import STARTER, Plain, ThemeJudgement

LABELLING, PAIRS, PRACTICE = "labelling.jsonl", "pairs.jsonl", "practice.jsonl"
PRACTICE_PAIRS = "practice_pairs.jsonl"
ELSEWHERE = "elsewhere.jsonl"
_PARTS = 5
_SALT = "test set 815"  # no review that rule writers had seen is in it; every kind is

Judged = dict[str, list[ThemeJudgement]]
PairKind = Literal["repeat", "near-miss", "related", "unrelated"]


class Labelling(Plain):
    """How a recommendation came by its labels: two blind passes, and what was settled and why."""

    recommendation: str
    digest: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    settled: tuple[str, ...]
    reason: str | None = None


class JudgedPair(Plain):
    """Two asks and whether they are the same, judged in two blind passes and settled.

    ``b`` is a recommendation's id; ``a`` another's, or None where ``text`` is a draft that stands
    in no review. ``strength`` tells how far a repeat is reworded, ``difference`` in what a
    near-miss differs, both as its writer meant it.
    """

    a: str | None = None
    text: str | None = None
    b: str
    kind: PairKind
    first: PairKind
    second: PairKind
    strength: Literal["light", "medium", "heavy"] | None = None
    difference: str | None = None
    reason: str | None = None

    @property
    def is_test(self) -> bool:
        """Whether one of the two stands in the test set."""
        return any(is_test_review(one.rpartition("/")[0]) for one in (self.a, self.b) if one)


class PracticeText(Plain):
    """A recommendation of no review, written to teach the classifier, with all its themes."""

    text: str
    themes: tuple[str, ...]


class PracticePair(Plain):
    """Two recommendations of no review, written to teach the duplicate check; judged by no one."""

    a_text: str
    b_text: str
    kind: PairKind
    strength: Literal["light", "medium", "heavy"] | None = None
    difference: str | None = None


class Elsewhere(Plain):
    """A text that asks for something of another field: for learning, or for measuring alone."""

    text: str
    subject: str
    used: Literal["learning", "measuring"]


class Parts(NamedTuple):
    """Judgements by recommendation: what may be learnt from, and the starter's test set."""

    training: Judged
    test: Judged


def is_test_review(review_id: str) -> bool:
    """Whether a review of the starter corpus is in its test set: about a fifth are, by digest."""
    digest = hashlib.sha256(f"{_SALT}:{review_id}".encode()).digest()
    return int.from_bytes(digest) % _PARTS == 0


def untouched_reviews(judged: Mapping[str, list[ThemeJudgement]]) -> frozenset[str]:
    """The reviews of the test set; one of which the starter judged nothing is not of it."""
    by_starter = {
        recommendation.rpartition("/")[0]
        for recommendation, judgements in judged.items()
        if any(judgement.who == STARTER for judgement in judgements)
    }
    return frozenset(filter(is_test_review, by_starter))


def parts(judged: Mapping[str, list[ThemeJudgement]]) -> Parts:
    """Part the judgements by whether their review is in the test set."""
    untouched = untouched_reviews(judged)
    found = Parts({}, {})
    for recommendation, judgements in judged.items():
        is_test = recommendation.rpartition("/")[0] in untouched
        (found.test if is_test else found.training)[recommendation] = judgements
    return found


def labelling(corpus: Path) -> list[Labelling]:
    """How the starter's labels came about; empty where no such file is; raises CorpusError."""
    return list(_lines(corpus / LABELLING, Labelling))


def judged_pairs(corpus: Path) -> list[JudgedPair]:
    """The starter's judged pairs; empty where no such file is; raises CorpusError."""
    return list(_lines(corpus / PAIRS, JudgedPair))


def practice_rows(corpus: Path) -> list[PracticeText]:
    """The practice texts beside a corpus; empty where no such file is; raises CorpusError."""
    return list(_lines(corpus / PRACTICE, PracticeText))


def practice_pairs(corpus: Path) -> list[PracticePair]:
    """The practice pairs beside a corpus; empty where no such file is; raises CorpusError."""
    return list(_lines(corpus / PRACTICE_PAIRS, PracticePair))


def elsewhere(corpus: Path) -> list[Elsewhere]:
    """Texts of other fields beside a corpus; empty where no such file is; raises CorpusError."""
    return list(_lines(corpus / ELSEWHERE, Elsewhere))


_Line = TypeVar("_Line", bound=Plain)


def _lines(path: Path, shape: type[_Line]) -> Iterator[_Line]:
    if not path.is_file():
        return
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            yield shape.model_validate_json(line)
        except ValidationError as error:
            raise CorpusError(
                f"this line cannot be read: {error.errors()[0]['msg']}",
                place=f"{path}, line {number}",
                hint="Take the file from the starter corpus again: kb init DIR --starter",
            ) from error
