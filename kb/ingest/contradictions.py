"""What a newer version of a document says of what a person has set right."""

from __future__ import annotations

from collections.abc import Iterator

from kb.errors import WrongUsage
from kb.ingest.corrections import DISAGREES, parsed, printed_text, quoted, standing_field
from kb.ingest.parts import part_of
from kb.printed import Correction, PrintedDate, PrintedScope, PrintedStatus, Recommendation
from kb.text.normalise import fold


def disagreements(old: Recommendation, new: Recommendation) -> list[str]:
    """In words: corrections of the stored row that the newer document contradicts.

    One that was said before is said again while the document has not changed there.
    """
    said = []
    for correction in old.corrections:
        before, after = (standing_field(one, correction) for one in (old, new))
        if after is None:
            continue
        was = printed_text(old, before) if before else None
        now, stands = printed_text(new, after), _stands(new, after, correction)
        if before and fold(was or "") == fold(now or ""):
            known = _stands(old, before, correction)
            again = [f for f in old.flags if f.startswith(DISAGREES) and f.endswith(known)]
            said += [flag.removesuffix(known) + stands for flag in again]
        elif not means_the_same(after, now, correction.value):
            is_out = after.startswith("other.") and correction.value is None
            said.append(f"{DISAGREES}{'something else' if is_out else quoted(now)} {stands}")
    return said


def _stands(recommendation: Recommendation, field: str, correction: Correction) -> str:
    part = part_of(field)
    if part is None:
        name = field.replace("_", " ")
    elif part.field:
        name = f"{part.field.replace('_', ' ')} of action {part.number}"
    else:
        name = f"cell “{recommendation.other[part.number - 1].header}”"
    return f"for the {name}; the correction {quoted(correction.value)} stands"


def agreements(old: Recommendation, new: Recommendation) -> Iterator[str]:
    """The corrected parts where a newer document has changed, and now says the correction too."""
    for correction in new.corrections:
        before, after = (standing_field(one, correction) for one in (old, new))
        if before and after and part_of(after):
            was, now = printed_text(old, before), printed_text(new, after)
            has_changed = fold(was or "") != fold(now or "")
            if has_changed and means_the_same(after, now, correction.value):
                yield after


def unplaced(old: Recommendation, new: Recommendation) -> Iterator[str]:
    """The corrected parts, as numbered before, that do not stand in a newer document."""
    for correction in new.corrections:
        before, after = (standing_field(one, correction) for one in (old, new))
        if before and not after:
            yield before


def means_the_same(field: str, printed: str | None, value: str | None) -> bool:
    """Whether a printed cell says what a correction says: the same words, status, scope or day."""
    if fold(printed or "") == fold(value or ""):
        return True
    try:
        one, other = parsed(field, printed), parsed(field, value)
    except WrongUsage:
        return False
    if isinstance(one, PrintedDate) and isinstance(other, PrintedDate):
        return one.date is not None and one.date == other.date
    if isinstance(one, PrintedStatus | PrintedScope) and type(one) is type(other):
        return one.value is not None and one.value == getattr(other, "value", None)
    return False
