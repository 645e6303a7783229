"""What the actions of one recommendation say together: its joined view."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kb.printed import Action, LeadAgency, PrintedDate, PrintedStatus
from kb.text.agencies import Agencies

ACTION_FIELDS = (
    "text",
    "lead_agency",
    "milestones",
    "target_date",
    "outcome",
    "status",
    "completed",
)


def joined(actions: Sequence[Action], field: str) -> PrintedDate | PrintedStatus | str | None:
    """One of ``ACTION_FIELDS`` of all actions together."""
    if field == "status":
        return joined_status(actions)
    if field in ("target_date", "completed"):
        return joined_date(actions, field)
    return joined_text(actions, field)


def joined_text(actions: Sequence[Action], field: str) -> str | None:
    """What the actions print there, each text once."""
    return each_once(getattr(action, field) for action in actions)


def each_once(texts: Iterable[str | None]) -> str | None:
    """Texts as paragraphs of one, each once; None where there is none."""
    return "\n\n".join(dict.fromkeys(text for text in texts if text)) or None


def joined_date(actions: Sequence[Action], field: str) -> PrintedDate:
    """The dates of all actions together; the first that is understood is the date."""
    dates: list[PrintedDate] = [getattr(action, field) for action in actions]
    by_printed = {date.printed: date for date in dates if date.printed}
    every = tuple(iso for date in by_printed.values() for iso in date.all)
    first = next((date for date in by_printed.values() if date.date), PrintedDate())
    return PrintedDate(
        printed=each_once(by_printed), date=first.date, precision=first.precision, all=every
    )


def joined_status(actions: Sequence[Action]) -> PrintedStatus:
    """The status of all actions together: the same one, or what the least advanced leaves."""
    printed = each_once(action.status.printed for action in actions)
    values = {action.status.value for action in actions}
    if len(values) == 1:
        return PrintedStatus(printed=printed, value=values.pop())
    if values == {"complete", "ongoing"}:
        return PrintedStatus(printed=printed, value="ongoing")
    if None in values or not values:
        return PrintedStatus(printed=printed)
    return PrintedStatus(printed=printed, value="in-progress")


def joined_agencies(
    own: str | None, actions: Sequence[Action], agencies: Agencies
) -> tuple[LeadAgency, ...]:
    """All who are asked; where the recommendation names its own, no unknown ones of its actions."""
    asked = [a for x in actions for a in x.lead_agencies if not own or a.sector != "other"]
    return tuple({agency.name: agency for agency in (*agencies.read(own), *asked)}.values())


_DIFFERENT = re.compile(r"its \d+ actions have different statuses")


def different_statuses(actions: Sequence[Action]) -> list[str]:
    """The flag of actions that do not all have the same status."""
    if len({action.status.value for action in actions}) <= 1:
        return []
    return [f"its {len(actions)} actions have different statuses"]


def with_statuses_compared(flags: Iterable[str], actions: Sequence[Action]) -> list[str]:
    """Flags with that one as the actions are now."""
    others = [flag for flag in flags if not _DIFFERENT.fullmatch(flag)]
    return [*others, *different_statuses(actions)]
