"""Is this recommendation a repeat of a stored one?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import WrongUsage
from kb.similarity.facts import Facts
from kb.similarity.features import Comparison, Side
from kb.similarity.history import history_line, told
from kb.similarity.latent import Vector
from kb.similarity.looks import CLOSER_LOOKS, Candidates, Look, shown
from kb.similarity.nearest import Sought, nearest
from kb.similarity.reading import Reading
from kb.similarity.reasons import addressees, reasons
from kb.similarity.scorer import Verdict
from kb.similarity.store import Similarity
from kb.similarity.stretches import Stretches, stretches
from kb.text.tokens import tokenise

VERDICT_WORDS: dict[Verdict, str] = {
    "duplicate": "This has been asked before.",
    "overlapping": "Part of this has been asked before.",
    "related": "Nothing asks the same; these are about the same subject.",
    "new": "Nothing like this is stored.",
}
_LONG = 400
_KNOWN_SHARE = 0.3


@dataclass(frozen=True)
class Likeness:
    """Another recommendation laid beside the text: how alike, and why.

    ``facts`` are those of the other one; what is said of the two is made when it is asked for.
    """

    facts: Facts
    score: float
    verdict: Verdict
    comparison: Comparison
    theme_names: Mapping[str, str]

    @property
    def features(self) -> Mapping[str, float]:
        """What the score was made of."""
        return self.comparison.features

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """What joins the two, then what parts them, in words."""
        return reasons(self.comparison, self.theme_names)

    @cached_property
    def stretches(self) -> Stretches:
        """The stretches that both have, and those of one alone."""
        return stretches(self.comparison)

    def as_json(self) -> dict[str, Any]:
        """The other one in the shape that scripts may rely on (see DESIGN, ``kb check``)."""
        return {
            "id": self.facts.id,
            "score": round(self.score, 4),
            "verdict": self.verdict,
            "reasons": list(self.reasons),
            "text": self.facts.text,
            **self.stretches.as_json(),
            "addressee": addressees(self.comparison),
        }


@dataclass(frozen=True)
class Match(Likeness):
    """A stored recommendation beside the text; ``row`` is its row in the arrays.

    ``is_asked`` says whether the history counts it as having asked the same before, ``judged``
    what a person said of the two, None where nobody did.
    """

    row: int
    is_asked: bool
    judged: bool | None = None

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """What a person said, then what joins the two, and what parts them, in words."""
        if self.judged is None:
            return super().reasons
        said = "the same ask" if self.judged else "different asks"
        return (f"a person judged them {said}", *super().reasons)

    def as_json(self) -> dict[str, Any]:
        """The match with the facts of its review."""
        return {
            **super().as_json(),
            "review_id": self.facts.review_id,
            "area": self.facts.area,
            "year": self.facts.year,
            "status": self.facts.status,
            "completed": self.facts.completed,
            "says": told(self.facts),
            "counted": self.is_asked,
        }


@dataclass(frozen=True)
class CheckResult:
    """The verdict on a text (that of the match which scores highest) and the matches, best first.

    ``history`` says how often the same was asked before, or None: by ``asked``, the ids of all that
    are so near that it counts them, also of those that are no match for want of room. ``notes`` are
    doubts about the text.
    """

    verdict: Verdict
    matches: tuple[Match, ...]
    history: str | None = None
    asked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The verdict, its matches, and what was said in words."""
        return {
            "verdict": self.verdict,
            "says": VERDICT_WORDS[self.verdict],
            "matches": [match.as_json() for match in self.matches],
            "history": self.history,
            "counted": list(self.asked),
            "notes": list(self.notes),
        }


def check(
    similarity: Similarity,
    text: str,
    *,
    sectors: Iterable[str] = (),
    themes: Iterable[str] = (),
    latent: Vector | None = None,
    sentence: Vector | None = None,
    notes: Iterable[str] = (),
    exclude_review: str | None = None,
    allowed: NDArray[np.bool_] | None = None,
    judged: Mapping[int, bool] | None = None,
    theme_names: Mapping[str, str] | None = None,
    limit: int = 5,
) -> CheckResult:
    """Compare a text with everything stored.

    ``sectors``, ``themes``, ``latent`` and ``sentence`` (vectors, float32[d]) are those of the text
    where known, ``notes`` what is to be said of them; ``allowed`` is ``bool[n]``, the rows that may
    be shown. ``judged`` says of rows whether a person called them the same ask as this very text;
    that is obeyed. ``theme_names`` are what reasons call themes. At least ``limit`` matches
    come back where the base has them: duplicates, then by score and cosines together; the one that
    scores highest is among them. Raises WrongUsage for a text without a word and for a limit under
    1.
    """
    if limit < 1:
        raise WrongUsage(f"the limit is {limit}", hint="Ask for at least 1 match.")
    if not tokenise(text):
        raise WrongUsage(
            "there is nothing to check: the text has no word",
            hint="Give the wording of a recommendation.",
        )
    reading = similarity.reader.read(text)
    in_field = similarity.in_field(reading)
    draft = Side(reading, frozenset(sectors), frozenset(themes), in_field)
    rows = _rows(similarity, exclude_review, allowed)
    told = judged or {}
    sought = Sought(reading, latent, sentence)
    near = nearest(similarity, sought, rows, max(CLOSER_LOOKS, limit), told)
    looks = Candidates(similarity, draft, near, told).closer_looks(limit)
    names = theme_names or {}
    matches = [_match(similarity, look, told.get(look.row), names) for look in shown(looks, limit)]
    counted = [look.row for look in looks if look.score >= similarity.scorer.asked]
    asked = [similarity.facts(row) for row in counted]
    return CheckResult(
        verdict=similarity.scorer.verdict(max((look.score for look in looks), default=0.0)),
        matches=tuple(matches),
        history=history_line(asked),
        asked=tuple(facts.id for facts in asked),
        notes=(*_notes(similarity, reading), *notes),
    )


def _rows(
    similarity: Similarity, exclude_review: str | None, allowed: NDArray[np.bool_] | None
) -> NDArray[np.int64]:
    mask = (
        np.ones(len(similarity), dtype=bool) if allowed is None else np.array(allowed, dtype=bool)
    )
    if mask.shape != (len(similarity),):
        raise WrongUsage(
            f"the mask has {len(mask)} rows and the index {len(similarity)}",
            hint="Open the index again: it was built anew.",
        )
    if exclude_review is not None:
        mask &= ~similarity.rows_of_review(exclude_review)
    return np.flatnonzero(mask)


def _match(
    similarity: Similarity, look: Look, judged: bool | None, names: Mapping[str, str]
) -> Match:
    scorer = similarity.scorer
    return Match(
        facts=similarity.facts(look.row),
        score=look.score,
        verdict=scorer.verdict(look.score),
        comparison=look.comparison,
        theme_names=names,
        row=look.row,
        is_asked=look.score >= scorer.asked,
        judged=judged,
    )


def _notes(similarity: Similarity, reading: Reading) -> tuple[str, ...]:
    notes: list[str] = []
    if len(reading.words) > _LONG:
        notes.append(
            f"the text has {len(reading.words):,} words, far more than one recommendation:"
            " check its recommendations one by one"
        )
    keys: Sequence[str] = list(reading.keys)[:_LONG]
    known = sum(1 for key in keys if similarity.knows(key))
    if len(similarity) >= CLOSER_LOOKS and known < _KNOWN_SHARE * len(keys):
        notes.append("few of its words are known to this knowledge base: is it English?")
    return tuple(notes)
