"""From drafts to recommendations, each with its actions and its doubts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kb.ingest.statuses import read_outcome, read_scope, status_of
from kb.printed import Action, PrintedDate, PrintedStatus, Recommendation, Source
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
    asked = [a for x in actions for a in x.lead_agencies if not own or a.sector != "other"]
    return Recommendation(
        position=position,
        number=draft.values.get("number"),
        text=draft.text,
        heading=draft.heading,
        scope=read_scope(draft.values.get("scope")),
        status=_joined_status(actions),
        lead_agency=own or _joined(action.lead_agency for action in actions),
        lead_agencies=tuple({a.name: a for a in (*agencies.read(own), *asked)}.values()),
        action=_joined(action.text for action in actions),
        milestones=_joined(action.milestones for action in actions),
        outcome=_joined(action.outcome for action in actions),
        target_date=_joined_date([action.target_date for action in actions]),
        completed=_joined_date([action.completed for action in actions]),
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
    if len({action.status.value for action in actions}) > 1:
        flags.append(f"its {len(actions)} actions have different statuses")
    return flags


def _joined(texts: Iterable[str | None]) -> str | None:
    return "\n\n".join(dict.fromkeys(text for text in texts if text)) or None


def _joined_date(dates: Sequence[PrintedDate]) -> PrintedDate:
    by_printed = {date.printed: date for date in dates if date.printed}
    every = tuple(iso for date in by_printed.values() for iso in date.all)
    first = next((date for date in by_printed.values() if date.date), PrintedDate())
    return PrintedDate(
        printed=_joined(by_printed), date=first.date, precision=first.precision, all=every
    )


def _read_date(cell: str | None) -> PrintedDate:
    """A date cell, Excel's number of a day included."""
    day = serial_day(cell)
    if day is None:
        return read_date(cell)
    return PrintedDate(printed=cell, date=day, precision="day", all=(day,))


def _joined_status(actions: Sequence[Action]) -> PrintedStatus:
    """The status of all actions together: the same one, or what the least advanced leaves."""
    printed = _joined(action.status.printed for action in actions)
    values = {action.status.value for action in actions}
    if len(values) == 1:
        return PrintedStatus(printed=printed, value=values.pop())
    if values == {"complete", "ongoing"}:
        return PrintedStatus(printed=printed, value="ongoing")
    if None in values or not values:
        return PrintedStatus(printed=printed)
    return PrintedStatus(printed=printed, value="in-progress")


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
