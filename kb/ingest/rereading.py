"""A newer version of a plan over the stored one: nothing that people did is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import PurePath

from kb.ingest.changes import (
    READ_FROM_OUTCOME,
    change_of,
    changes_between,
    differs,
    is_read_alike,
    recorded,
    source_file,
)
from kb.ingest.contradictions import disagreements
from kb.ingest.corrections import with_fields
from kb.ingest.further import carried, from_further
from kb.ingest.matching import is_part, matched
from kb.ingest.readings import Reading
from kb.ingest.records import with_repeats_flagged
from kb.model import Event, FieldChange, Review
from kb.printed import Recommendation

_TEXTS = ("text", "heading", "action", "milestones", "outcome", "lead_agency")
_WORSE = {".pdf": 2, ".txt": 1}  # formats that do not keep lines and cells as they were written


def first_reading(
    reading: Reading,
    review_id: str,
    *,
    when: datetime,
    who: str,
    facts: Mapping[str, str | None] | None = None,
) -> Review:
    """A new review from a reading; ``facts`` stand over those that the document prints."""
    read = {name: value for name, value in asdict(reading.facts).items() if name != "case"}
    given = {name: value for name, value in (facts or {}).items() if value is not None}
    known = {name: value for name, value in (read | given).items() if value is not None}
    source = reading.source
    return Review.model_validate(
        {"title": reading.name or review_id}
        | known
        | {
            "id": review_id,
            "sources": (source_file(reading, when),),
            "history": (
                Event(when=when, who=who, what="added", file=source.file, sha256=source.sha256),
            ),
            "next_position": len(reading.recommendations) + 1,
            "recommendations": reading.recommendations,
        }
    )


def reread(
    review: Review, reading: Reading, *, when: datetime, who: str
) -> tuple[Review, tuple[FieldChange, ...]]:
    """The review as the newer document has it, and every field that changed.

    Stored recommendations keep their positions and corrections; new rows get fresh positions;
    rows that are gone are marked ``removed``, but for those of a further document. White space
    and hyphens alone are no change. A file that was read before changes nothing.
    """
    if any(source.sha256 == reading.source.sha256 for source in review.sources):
        return review, ()
    merged = _merged(review, reading)
    present = with_repeats_flagged([merged[key] for key in sorted(merged)])
    kept = from_further(review)
    gone = [
        old if old.position in kept else old.model_copy(update={"removed": True})
        for old in review.recommendations
        if old.position not in merged
    ]
    stored = sorted([*present, *gone], key=lambda recommendation: recommendation.position)
    moved = _moved_parts(review, stored)
    return recorded(review, reading, stored, what="read-again", moved=moved, when=when, who=who)


def _merged(review: Review, reading: Reading) -> dict[int, Recommendation]:
    """Position → recommendation for every row read."""
    pairs = matched(review.recommendations, reading.recommendations)
    further = carried(review)
    merged: dict[int, Recommendation] = {}
    position = review.next_position
    for number, new in enumerate(reading.recommendations):
        old = pairs.get(number)
        if old is None:
            merged[position] = new.model_copy(update={"position": position})
            position += 1
        else:
            merged[old.position] = _newer(old, further.over(old, new))
    return merged


def _newer(old: Recommendation, new: Recommendation) -> Recommendation:
    """The newer row in the place of the stored one; the better copy of what is the same."""
    is_worse = _rank(new) > _rank(old)
    if is_worse and not any(changes_between([old], [_at(new, old)])):
        return old.model_copy(update={"removed": False})
    better = _at(new, old)
    if is_worse:
        same = [f for f in _TEXTS if not differs(getattr(old, f), getattr(new, f))]
        better = better.model_copy(update={name: getattr(old, name) for name in same})
    lost = [
        name
        for name in READ_FROM_OUTCOME
        if getattr(new, name).printed is None and is_read_alike(old, new, name)
    ]
    better = with_fields(better, {name: getattr(old, name) for name in lost}, of=old)
    flags = (*better.flags, *disagreements(old, better))
    return better.model_copy(update={"flags": tuple(dict.fromkeys(flags))})


def _at(new: Recommendation, old: Recommendation) -> Recommendation:
    return new.model_copy(update={"position": old.position, "corrections": old.corrections})


def _rank(recommendation: Recommendation) -> int:
    return _WORSE.get(PurePath(recommendation.source.file).suffix.lower(), 0)


def share_known(review: Review, reading: Reading) -> tuple[int, float]:
    """How many rows of a reading a review has, and their share of the shorter of the two."""
    count = len(matched(review.recommendations, reading.recommendations))
    return count, count / max(1, min(len(review.recommendations), len(reading.recommendations)))


def _moved_parts(review: Review, after: Sequence[Recommendation]) -> Iterator[FieldChange]:
    """New rows that were part of a stored one, and rows gone that stand in another one now.

    "split-from": ``before`` is the id it was part of; "merged-into": ``after`` is the id.
    """
    before = {old.position: old for old in review.recommendations}
    standing = [new for new in after if not new.removed]
    reworded = [
        (before[new.position], new)
        for new in standing
        if new.position in before and differs(before[new.position].text, new.text)
    ]
    for new in after:
        old = before.get(new.position)
        if old is None:
            for was, now in reworded:
                if is_part(new.text, was.text) and not is_part(new.text, now.text):
                    whole = review.recommendation_id(was.position)
                    yield change_of(new.position, "split-from", whole, new.text)
                    break
        elif new.removed and not old.removed:
            for was, now in reworded:
                if is_part(old.text, now.text) and not is_part(old.text, was.text):
                    whole = review.recommendation_id(now.position)
                    yield change_of(new.position, "merged-into", old.text, whole)
                    break
