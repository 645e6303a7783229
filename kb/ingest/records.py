"""From drafts to recommendations, each with its actions and its doubts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kb.ingest.joining import (
    different_statuses,
    joined_agencies,
    joined_date,
    joined_status,
    joined_text,
)
from kb.ingest.statuses import read_outcome, read_scope, status_of
from kb.printed import Action, PrintedDate, Recommendation, Source
from kb.text.agencies import Agencies
from kb.text.dates import impossible_dates, read_date, serial_day
from kb.text.normalise import fold

if TYPE_CHECKING:
    from kb.ingest.drafts import Draft


def recommendation_of(
    draft: Draft, position: int, source: Source, agencies: Agencies
) -> Recommendation:
    """The recommendation that a draft has become."""
    actions = [_action(values, agencies, draft.dated) for values in draft.actions if values]
    flags = [*draft.flags, *_doubts(draft, actions)]
    own = draft.values.get("lead_agency")
    return Recommendation(
        position=position,
        number=draft.values.get("number"),
        text=draft.text,
        heading=draft.heading,
        scope=read_scope(draft.values.get("scope")),
        status=joined_status(actions),
        lead_agency=own or joined_text(actions, "lead_agency"),
        lead_agencies=joined_agencies(own, actions, agencies),
        action=joined_text(actions, "text"),
        milestones=joined_text(actions, "milestones"),
        outcome=joined_text(actions, "outcome"),
        target_date=joined_date(actions, "target_date"),
        completed=joined_date(actions, "completed"),
        actions=tuple(actions),
        other=tuple(draft.other),
        flags=tuple(dict.fromkeys(flags)),
        source=source,
    )


def _action(values: dict[str, str], agencies: Agencies, dated: bool) -> Action:
    status, completed = read_outcome(values.get("outcome"), dated=dated)
    if "status" in values:
        status, _ = status_of(values["status"], values.get("outcome"))
    if "completed" in values:
        said, _ = read_outcome(values["completed"])
        completed = _read_date(values["completed"])
        is_silent = status.value is None and status.printed is None
        status = said if is_silent and said.printed else status
    return Action(
        text=values.get("action"),
        lead_agency=values.get("lead_agency"),
        lead_agencies=agencies.read(values.get("lead_agency")),
        milestones=values.get("milestones"),
        target_date=_read_date(values.get("target_date")),
        outcome=values.get("outcome"),
        status=status,
        completed=completed,
    )


def _doubts(draft: Draft, actions: Sequence[Action]) -> list[str]:
    flags = []
    printed = [values for values in draft.actions if values]
    for values, action in zip(printed, actions, strict=True):
        for name in ("target_date", "completed"):
            flags += [f"“{text}” is not a day" for text in impossible_dates(values.get(name))]
            day = serial_day(values.get(name))
            if day:
                flags.append(f"“{values[name]}” was read as Excel's number of the day {day}")
        if "status" in values:
            flags += status_of(values["status"], values.get("outcome"))[1]
        elif action.status.printed and action.status.value is None:
            flags.append(f"the status “{action.status.printed}” was not understood")
    return flags + different_statuses(actions)


def _read_date(cell: str | None) -> PrintedDate:
    """A date cell, Excel's number of a day included."""
    day = serial_day(cell)
    if day is None:
        return read_date(cell)
    return PrintedDate(printed=cell, date=day, precision="day", all=(day,))


_REPEATED = "the same text stands at "
_NAMED = 5  # a text that stands more often is not listed in full


def with_repeats_flagged(recommendations: Sequence[Recommendation]) -> list[Recommendation]:
    """The same recommendations; each whose text stands elsewhere among them says where."""
    places: dict[str, list[int]] = {}
    for recommendation in recommendations:
        places.setdefault(fold(recommendation.text), []).append(recommendation.position)
    flagged = []
    for recommendation in recommendations:
        same = places[fold(recommendation.text)]
        others = [p for p in same[: _NAMED + 1] if p != recommendation.position][:_NAMED]
        more = len(same) - 1 - _NAMED
        flags = [flag for flag in recommendation.flags if not flag.startswith(_REPEATED)]
        if others:
            where = ", ".join(map(str, others))
            where += f" and {more} more" if more > 0 else ""
            word = "position" if len(others) == 1 else "positions"
            flags.append(f"{_REPEATED}{word} {where}")
        flagged.append(recommendation.model_copy(update={"flags": tuple(flags)}))
    return flagged
