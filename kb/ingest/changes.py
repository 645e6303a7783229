"""What a further reading of a review changes, field by field, and its place in the history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Literal

from kb.ingest.corrections import CORRECTABLE, printed_text
from kb.ingest.matching import unspaced
from kb.ingest.readings import Reading
from kb.model import Event, FieldChange, Review, SourceFile
from kb.printed import Recommendation

READ_FROM_OUTCOME = ("status", "completed")
_KEPT_FACTS = ("kind", "area", "region", "published", "report_date", "url", "death_month")


def recorded(
    review: Review,
    reading: Reading,
    stored: Sequence[Recommendation],
    *,
    what: Literal["read-again", "also"],
    moved: Iterable[FieldChange] = (),
    when: datetime,
    who: str,
) -> tuple[Review, tuple[FieldChange, ...]]:
    """The review with these recommendations, its source and its history, and what changed."""
    facts = _facts_found(review, reading)
    found = (change_of(None, name, None, value) for name, value in facts.items())
    changes = (*found, *changes_between(review.recommendations, stored), *moved)
    source = source_file(reading, when, also=what == "also")
    event = Event(
        when=when, who=who, what=what, file=source.file, sha256=source.sha256, changes=changes
    )
    return review.model_copy(
        update={
            **facts,
            "sources": (*review.sources, source),
            "history": (*review.history, event),
            "next_position": max(
                review.next_position, 1 + max((one.position for one in stored), default=0)
            ),
            "recommendations": tuple(stored),
        }
    ), changes


def changes_between(
    before: Sequence[Recommendation], after: Sequence[Recommendation]
) -> Iterator[FieldChange]:
    """Every field that changed, row by row; a row that came or went has its text."""
    old_ones = {old.position: old for old in before}
    for new in after:
        old = old_ones.get(new.position)
        if old is None:
            yield change_of(new.position, "added", None, new.text)
            continue
        if old.removed != new.removed:
            shown = (new.text, None) if new.removed else (None, new.text)
            yield change_of(new.position, "removed", *shown)
        for field in CORRECTABLE:
            was, now = printed_text(old, field), printed_text(new, field)
            if differs(was, now) and not is_read_alike(old, new, field):
                yield change_of(new.position, field, was, now)
        was, now = _other(old), _other(new)
        if differs(was, now):
            yield change_of(new.position, "other", was, now)


def differs(was: str | None, now: str | None) -> bool:
    """Whether two printed texts are more than another layout of the same one."""
    return was != now and unspaced(was or "") != unspaced(now or "")


def is_read_alike(old: Recommendation, new: Recommendation, field: str) -> bool:
    """Whether a status or a completion was read from one outcome, printed in other lines."""
    if field not in READ_FROM_OUTCOME or not old.outcome or differs(old.outcome, new.outcome):
        return False
    outcome = unspaced(old.outcome)
    return all(unspaced(getattr(one, field).printed or "") in outcome for one in (old, new))


def change_of(
    position: int | None, field: str, before: str | None, after: str | None
) -> FieldChange:
    """One field's change, of a recommendation or of the review's facts."""
    return FieldChange(recommendation=position, field=field, before=before, after=after)


def _other(recommendation: Recommendation) -> str | None:
    return "\n".join(f"{cell.header}: {cell.text}" for cell in recommendation.other) or None


def _facts_found(review: Review, reading: Reading) -> dict[str, str]:
    """Facts that a document prints and the review did not have."""
    found = asdict(reading.facts)
    return {
        name: found[name] for name in _KEPT_FACTS if getattr(review, name) is None and found[name]
    }


def source_file(reading: Reading, when: datetime, *, also: bool = False) -> SourceFile:
    """The document of a reading, as the review remembers it."""
    source = reading.source
    return SourceFile(
        file=source.file, sha256=source.sha256, url=source.url, read_at=when, also=also
    )
