"""Parts of a recommendation by number: a field of one of its actions, or a cell without a field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kb.ingest.joining import ACTION_FIELDS
from kb.ingest.matching import unspaced
from kb.printed import (
    Action,
    Correction,
    MadeOn,
    Mark,
    OtherCell,
    PrintedDate,
    PrintedScope,
    PrintedStatus,
    Recommendation,
)

_ACTION = re.compile(rf"actions\.([1-9][0-9]{{0,3}})\.({'|'.join(ACTION_FIELDS)})")
_CELL = re.compile(r"other\.([1-9][0-9]{0,3})")
# What a part is known again by in a newer document: as many of these as tell it from the others.
_ACTION_MARKS: tuple[Mark, ...] = ("text", "lead_agency", "milestones", "target_date")
_CELL_MARKS: tuple[Mark, ...] = ("header", "text")


@dataclass(frozen=True)
class Part:
    """A field of the action with this number, from 1; ``field`` is None of a cell."""

    number: int
    field: str | None

    def __str__(self) -> str:
        """As people type it: ``actions.2.status``, ``other.1``."""
        return f"actions.{self.number}.{self.field}" if self.field else f"other.{self.number}"

    @property
    def whole(self) -> str:
        """The field of the recommendation that is read in the same way."""
        return "action" if self.field in (None, "text") else str(self.field)

    def among(self, recommendation: Recommendation) -> Sequence[Action] | Sequence[OtherCell]:
        """All that the number counts: the actions of a recommendation, or its other cells."""
        return recommendation.actions if self.field else recommendation.other


def part_of(name: str) -> Part | None:
    """The part with this name; None for another name."""
    action, cell = _ACTION.fullmatch(name), _CELL.fullmatch(name)
    if action:
        return Part(int(action[1]), action[2])
    return Part(int(cell[1]), None) if cell else None


def part_text(recommendation: Recommendation, part: Part) -> str | None:
    """A part as text, None where it is empty or the number is out of range."""
    among = part.among(recommendation)
    if part.number > len(among):
        return None
    return as_text(getattr(among[part.number - 1], part.field or "text")) or None


def as_text(value: PrintedDate | PrintedScope | PrintedStatus | str | None) -> str | None:
    """A field as text: of a status, scope or date, its printed words."""
    if isinstance(value, PrintedStatus | PrintedScope):
        return value.printed or value.value
    return value.printed if isinstance(value, PrintedDate) else value


def made_on(recommendation: Recommendation, part: Part) -> MadeOn:
    """What is to be remembered of a part as printed, so that it is known in a newer document."""
    among = part.among(recommendation)
    here = among[part.number - 1]
    names = _ACTION_MARKS if part.field else _CELL_MARKS
    for count in range(1, len(names) + 1):
        printed = {name: as_text(getattr(here, name)) for name in names[:count]}
        alike = _alike(among, {name: {text} for name, text in printed.items()})
        if len(alike) == 1 and any(printed.values()):
            break
    return MadeOn(printed=printed, nth=alike.index(part.number) + 1, of=len(alike))


def standing_part(recommendation: Recommendation, correction: Correction) -> Part | None:
    """The part of this version that a correction was made on; None where it no longer stands.

    It is known by what it printed, or by what a person has put in the place of that. Where more
    parts print that than did when it was corrected, none is taken for it.
    """
    part, made = part_of(correction.field), correction.made_on
    if part is None or made is None:
        return None
    printed: _Forms = {name: {text} for name, text in made.printed.items()}
    for forms in (printed, _with_corrected(recommendation, made, printed)):
        alike = _alike(part.among(recommendation), forms)
        if len(alike) == made.of >= made.nth:
            return replace(part, number=alike[made.nth - 1])
    return None


_Forms = Mapping[Mark, set[str | None]]


def _with_corrected(recommendation: Recommendation, made: MadeOn, printed: _Forms) -> _Forms:
    """The forms of a part with those that a person has corrected them to."""
    corrected = {name: set(texts) for name, texts in printed.items()}
    for correction in recommendation.corrections:
        part = part_of(correction.field)
        for name in corrected if part and correction.made_on == made else ():
            if part and name == (part.field or "text"):
                corrected[name].add(correction.value)
    return corrected


def _alike(among: Sequence[Action] | Sequence[OtherCell], forms: _Forms) -> list[int]:
    """The numbers of those that print one of these forms in each of these fields."""
    wanted = {name: {unspaced(text or "") for text in texts} for name, texts in forms.items()}
    return [
        number
        for number, one in enumerate(among, start=1)
        if all(
            unspaced(as_text(getattr(one, name, None)) or "") in texts
            for name, texts in wanted.items()
        )
    ]
