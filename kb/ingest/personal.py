"""Personal data on the way in: flagged with its field and place, and never repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from kb.ingest.joining import ACTION_FIELDS
from kb.printed import PrintedDate, PrintedScope, PrintedStatus, Recommendation
from kb.text.personal import PersonalDatum, find_personal, masked

if TYPE_CHECKING:
    from kb.ingest.readings import Reading

_FIELDS = (
    "number",
    "text",
    "heading",
    "scope",
    "lead_agency",
    "action",
    "milestones",
    "target_date",
    "status",
    "outcome",
    "completed",
)
_FLAG = re.compile(r"^an? .+? may stand in .+ \(characters? \d+(?:–\d+)?\)$")
_ONE_BY_ONE = 3  # stretches of left-out text with data of one kind that have a line each
_LISTED = 10  # … and places named where there are more


def personal_flags(recommendation: Recommendation) -> Iterator[str]:
    """In words, for each field: what kind of personal data may stand in it, and where."""
    seen: dict[str, None] = {}
    for name in _FIELDS:
        value = _printed(getattr(recommendation, name))
        if value and value not in seen:
            yield from _told(value, f"the {name.replace('_', ' ')}")
            seen[value] = None
    for cell in recommendation.other:
        yield from _told(cell.text, f"the cell “{cell.header}”")
    # where the joined view of the same field, set right by a person, does not hold them
    for row, action in enumerate(recommendation.actions, start=1):
        for name in ACTION_FIELDS:
            value = _printed(getattr(action, name))
            if value and not any(value in whole for whole in seen):
                yield from _told(value, f"the {name.replace('_', ' ')} of action {row}")


def _printed(value: PrintedDate | PrintedScope | PrintedStatus | str | None) -> str | None:
    return value if value is None or isinstance(value, str) else value.printed


def is_personal_flag(flag: str) -> bool:
    """Whether a flag of a recommendation is about personal data."""
    return bool(_FLAG.match(flag))


def with_personal_flags(recommendation: Recommendation) -> Recommendation:
    """The recommendation with these flags as its fields are now, before its other flags.

    The others, which may quote a cell, do not repeat what these are about.
    """
    others = [masked(flag) for flag in recommendation.flags if not is_personal_flag(flag)]
    flags = tuple(dict.fromkeys([*personal_flags(recommendation), *others]))
    if flags == recommendation.flags:
        return recommendation
    return recommendation.model_copy(update={"flags": flags})


def checked(readings: Sequence[Reading]) -> list[Reading]:
    """The readings with flags on their recommendations, and notes on facts and left-out text."""
    return [
        replace(
            reading,
            recommendations=tuple(map(with_personal_flags, reading.recommendations)),
            notes=(*_notes(reading), *reading.notes),
        )
        for reading in readings
    ]


def _notes(reading: Reading) -> Iterator[str]:
    facts = {name: value for name, value in asdict(reading.facts).items() if value}
    for name, value in facts.items():
        if name != "url":
            yield from _told(value, f"the review's {name.replace('_', ' ')}")
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for left in reading.left_out:
        for datum in find_personal(left.text):
            where = (left.place, _characters(datum))
            by_kind.setdefault(datum.kind, []).append(where)
    for kind, found in by_kind.items():
        if len(found) <= _ONE_BY_ONE:
            yield from (f"{kind} may stand in text left out, {p} ({where})" for p, where in found)
            continue
        places = list(dict.fromkeys(place for place, _ in found))
        more = f"; and {len(places) - _LISTED} more" if len(places) > _LISTED else ""
        listed = "; ".join(places[:_LISTED])
        yield f"{kind} may stand in text left out {len(found)} times: {listed}{more}"


def _told(text: str, where: str) -> Iterator[str]:
    for datum in find_personal(text):
        yield f"{datum.kind} may stand in {where} ({_characters(datum)})"


def _characters(datum: PersonalDatum) -> str:
    """Characters counted from 1, the last included."""
    if datum.end - datum.start == 1:
        return f"character {datum.end}"
    return f"characters {datum.start + 1}–{datum.end}"
