"""A newer version of a plan over the stored one: nothing that people did is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from kb.ingest.corrections import CORRECTABLE, printed_text
from kb.ingest.reading import Reading
from kb.ingest.records import with_repeats_flagged
from kb.model import Event, FieldChange, Recommendation, Review, SourceFile
from kb.text.normalise import fold

SIMILAR = 85.0  # rapidfuzz ratio of folded texts, 0–100
SIMILAR_WITH_NUMBER = 60.0
_KEPT_FACTS = ("kind", "area", "region", "published", "report_date", "url", "death_month")


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
            "sources": (_source_file(reading, when),),
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
    rows that are gone are marked ``removed``. A file that was read before changes nothing.
    """
    if any(source.sha256 == reading.source.sha256 for source in review.sources):
        return review, ()
    pairs = matched(review.recommendations, reading.recommendations)
    merged: dict[int, Recommendation] = {}
    position = review.next_position
    for number, new in enumerate(reading.recommendations):
        old = pairs.get(number)
        update = {"position": old.position if old else position}
        if old:
            merged[old.position] = new.model_copy(update={**update, "corrections": old.corrections})
        else:
            merged[position] = new.model_copy(update=update)
            position += 1
    present = with_repeats_flagged([merged[key] for key in sorted(merged)])
    gone = [
        old.model_copy(update={"removed": True})
        for old in review.recommendations
        if old.position not in merged
    ]
    stored = sorted([*present, *gone], key=lambda recommendation: recommendation.position)
    facts = _facts_found(review, reading)
    changes = (*_fact_changes(facts), *_changes(review.recommendations, stored))
    event = Event(
        when=when,
        who=who,
        what="read-again",
        file=reading.source.file,
        sha256=reading.source.sha256,
        changes=changes,
    )
    return review.model_copy(
        update={
            **facts,
            "sources": (*review.sources, _source_file(reading, when)),
            "history": (*review.history, event),
            "next_position": position,
            "recommendations": tuple(stored),
        }
    ), changes


def matched(
    stored: Sequence[Recommendation], read: Sequence[Recommendation]
) -> dict[int, Recommendation]:
    """Which stored recommendation each row read is: {index in ``read``: stored}.

    Same folded text first, then same number with similar text, then similar text; each stored
    one is used once, document order breaks ties, and one marked removed comes last.
    """
    pairs: dict[int, Recommendation] = {}
    free = sorted(stored, key=lambda old: (old.removed, old.position))
    for number, new in enumerate(read):
        same = [old for old in free if fold(old.text) == fold(new.text)]
        if same:
            best = min(same, key=lambda old: (old.removed, old.number != new.number))
            pairs[number] = best
            free.remove(best)
    for _, number, old in sorted(_likenesses(free, read, pairs), key=lambda found: found[0]):
        if number not in pairs and old in free:
            pairs[number] = old
            free.remove(old)
    return pairs


def _likenesses(
    free: Sequence[Recommendation],
    read: Sequence[Recommendation],
    pairs: Mapping[int, Recommendation],
) -> Iterator[tuple[tuple[int, float, int], int, Recommendation]]:
    """(rank, index in ``read``, stored) of every pair that is similar enough; best rank first."""
    from rapidfuzz import fuzz

    for number, new in enumerate(read):
        if number in pairs:
            continue
        for old in free:
            score = fuzz.ratio(fold(new.text), fold(old.text))
            same_number = new.number is not None and new.number == old.number
            if score >= (SIMILAR_WITH_NUMBER if same_number else SIMILAR):
                far = abs(old.position - number - 1)
                yield (0 if same_number else 1, -score, far), number, old


def _changes(
    before: Sequence[Recommendation], after: Sequence[Recommendation]
) -> Iterator[FieldChange]:
    old_ones = {old.position: old for old in before}
    for new in after:
        old = old_ones.get(new.position)
        if old is None:
            yield _change(new.position, "added", None, new.text)
            continue
        if old.removed != new.removed:
            shown = (new.text, None) if new.removed else (None, new.text)
            yield _change(new.position, "removed", *shown)
        for field in CORRECTABLE:
            was, now = printed_text(old, field), printed_text(new, field)
            if was != now:
                yield _change(new.position, field, was, now)
        was, now = _other(old), _other(new)
        if was != now:
            yield _change(new.position, "other", was, now)


def _change(position: int | None, field: str, before: str | None, after: str | None) -> FieldChange:
    return FieldChange(recommendation=position, field=field, before=before, after=after)


def _other(recommendation: Recommendation) -> str | None:
    return "\n".join(f"{cell.header}: {cell.text}" for cell in recommendation.other) or None


def _facts_found(review: Review, reading: Reading) -> dict[str, str]:
    """Facts that the newer document prints and the review did not have."""
    found = asdict(reading.facts)
    return {
        name: found[name] for name in _KEPT_FACTS if getattr(review, name) is None and found[name]
    }


def _fact_changes(facts: Mapping[str, str]) -> Iterator[FieldChange]:
    for name, value in facts.items():
        yield _change(None, name, None, value)


def _source_file(reading: Reading, when: datetime) -> SourceFile:
    source = reading.source
    return SourceFile(file=source.file, sha256=source.sha256, url=source.url, read_at=when)
