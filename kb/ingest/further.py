"""A further document of a stored review, such as the overview report beside the action plan.

It takes nothing away: a row that is stored keeps what it has and gets what it lacked; what the
further document says otherwise is kept beside it under "status in overview.docx".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kb.ingest.changes import READ_FROM_OUTCOME, recorded
from kb.ingest.corrections import CORRECTABLE, printed_text, with_fields
from kb.ingest.matching import matched, unspaced
from kb.ingest.personal import with_personal_flags
from kb.model import FieldChange, Review
from kb.printed import OtherCell, Recommendation

if TYPE_CHECKING:
    from kb.ingest.readings import Reading


def add_further(
    review: Review, reading: Reading, *, when: datetime, who: str
) -> tuple[Review, tuple[FieldChange, ...]]:
    """The review with a further document's rows and what it says more, and what that changed.

    A file that was read before changes nothing.
    """
    from kb.ingest.records import with_repeats_flagged

    if any(source.sha256 == reading.source.sha256 for source in review.sources):
        return review, ()
    pairs = matched(review.recommendations, reading.recommendations)
    merged = {old.position: old for old in review.recommendations}
    position = review.next_position
    for number, new in enumerate(reading.recommendations):
        old = pairs.get(number)
        if old is not None:
            merged[old.position] = _completed(old, new)
        else:
            merged[position] = new.model_copy(update={"position": position})
            position += 1
    stored = _flagged(merged, with_repeats_flagged)
    return recorded(review, reading, stored, what="also", when=when, who=who)


def _flagged(merged: Mapping[int, Recommendation], flagged: Any) -> tuple[Recommendation, ...]:
    standing = flagged([merged[p] for p in sorted(merged) if not merged[p].removed])
    removed = [one for one in merged.values() if one.removed]
    return tuple(sorted([*standing, *removed], key=lambda one: one.position))


def _completed(old: Recommendation, new: Recommendation) -> Recommendation:
    """A stored row with what a further document says more of it."""
    lacked = {f for f in CORRECTABLE if printed_text(old, f) is None and printed_text(new, f)}
    completed = with_fields(old, {field: getattr(new, field) for field in lacked}, of=new)
    known = {(cell.header, unspaced(cell.text)) for cell in old.other}
    other = [c for c in (*_differing(old, new), *new.other) if _key(c) not in known]
    update: dict[str, Any] = {"other": (*old.other, *other)}
    if old.removed:
        update |= {"removed": False, "source": new.source}
    return with_personal_flags(completed.model_copy(update=update))


def _key(cell: OtherCell) -> tuple[str, str]:
    return cell.header, unspaced(cell.text)


def _differing(old: Recommendation, new: Recommendation) -> Iterator[OtherCell]:
    for field in CORRECTABLE:
        was, now = printed_text(old, field), printed_text(new, field)
        if was and now and unspaced(was) != unspaced(now) and not _only_in_outcome(new, field):
            yield OtherCell(header=_header(field, new.source.file), text=now)


def _only_in_outcome(new: Recommendation, field: str) -> bool:
    """Whether a status or a completion has no cell of its own but was read from the outcome."""
    if field not in READ_FROM_OUTCOME or not new.outcome:
        return False
    printed, outcome = unspaced(printed_text(new, field) or ""), unspaced(new.outcome)
    cells = [unspaced(cell.text) for cell in new.source.cells]
    return printed in outcome and cells.count(printed) <= (printed == outcome)


def _header(field: str, file: str) -> str:
    return f"{field.replace('_', ' ')} in {file}"


def from_further(review: Review) -> set[int]:
    """The positions of rows read from a further document, which no newer plan removes."""
    also = {source.sha256 for source in review.sources if source.also}
    return {r.position for r in review.recommendations if r.source.sha256 in also}


@dataclass(frozen=True)
class Carried:
    """What further documents gave the rows of a review, to be kept over a newer plan."""

    fields: Mapping[int, frozenset[str]]
    headers: frozenset[str]

    def over(self, old: Recommendation, new: Recommendation) -> Recommendation:
        """The newer row with what a further document gave the stored one, where it says nothing."""
        given = self.fields.get(old.position, frozenset())
        kept = {f: getattr(old, f) for f in CORRECTABLE if f in given and not printed_text(new, f)}
        kept = {field: value for field, value in kept.items() if printed_text(old, field)}
        cells = [c for c in old.other if c.header in self.headers and c not in new.other]
        whole = with_fields(new, kept, of=old)
        if not kept and not cells:
            return new
        return with_personal_flags(whole.model_copy(update={"other": (*new.other, *cells)}))


def carried(review: Review) -> Carried:
    """What further documents gave, from the history of a review."""
    given: dict[int, set[str]] = {}
    for event in review.history:
        for change in event.changes if event.what == "also" else ():
            if change.recommendation is not None and change.before is None:
                given.setdefault(change.recommendation, set()).add(change.field)
    files = [source.file for source in review.sources if source.also]
    headers = frozenset(_header(field, file) for field in CORRECTABLE for file in files)
    return Carried({position: frozenset(fields) for position, fields in given.items()}, headers)
