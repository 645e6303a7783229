"""ISO dates to their own precision: a day, a month or a year."""

from __future__ import annotations

from datetime import date, timedelta

from kb.printed import is_date

MONTHS = "January February March April May June July August September October November December"


def is_past(printed: str, today: date) -> bool:
    """Whether the day, month or year is over on a day."""
    return printed < today.isoformat()[: len(printed)]


def last_day(printed: str) -> date:
    """The last day of the day, month or year."""
    year, month, day = (*(int(part) for part in printed.split("-")), 0, 0)[:3]
    if day:
        return date(year, month, day)
    if month in (0, 12):
        return date(year, 12, 31)
    return date(year, month + 1, 1) - timedelta(days=1)


def in_words(printed: str) -> str:
    """``31 July 2022``, ``July 2022`` or ``2022``; a text that is no date stays as it is."""
    if not is_date(printed):
        return printed
    year, _, rest = printed.partition("-")
    month, _, day = rest.partition("-")
    if not month:
        return year
    named = f"{MONTHS.split()[int(month) - 1]} {year}"
    return f"{int(day)} {named}" if day else named
