"""Dates as British documents print them, each to its own precision.

Read are day dates (``31.7.22``, ``16/12/21``, ``31st July 2022``, ``September 26th 2022``,
``2022-07-31``), months (``December 2020``, ``Dec-20``, ``07/2022``, ``2020-12``), quarters
(``Q3 2021`` is its last month, September; ``Q3 2021/22`` counts from April) and years (``2021``,
``end of 2021``; ``2021/22`` gives both years). Two figures for a year mean 1970–2069. A day and
month without a year ("14th June") is no date, nor is the year of an Act.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kb.printed import Precision, PrintedDate
from kb.text.patterns import late

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    "ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr"
)
_MONTH_NUMBER = {
    name: number
    for names in (
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        ["ion", "chw", "maw", "ebr", "mai", "meh", "gor", "aws", "med", "hyd", "tac", "rha"],
    )
    for number, name in enumerate(names, 1)
}
_YEAR4 = r"(?:19|20)\d\d"
_RANGE_TO = r"\d\d?[./]\d\d?[./]\d"  # "10.12.21-15.12.21" is two dates
_START = rf"(?<![\w£$])(?:(?<!/)|(?=[a-z]))(?<!\d[.,:])(?:(?<!\d[\-–])|(?={_RANGE_TO}))"
_END = rf"(?!\w|[./:]\d|[\-–](?!{_RANGE_TO})\d)"
_PATTERN = late(
    rf"""
    {_START}(?:
      (?P<iso_y>{_YEAR4})(?P<iso_s>[-/.])(?P<iso_m>\d\d?)(?P=iso_s)(?P<iso_d>\d\d?)(?:T[\d:.]+Z?)?
    | (?P<num_d>\d\d?)[ ]?(?P<num_s>[./\-])[ ]?(?P<num_m>\d\d?)[ ]?(?P=num_s)[ ]?
      (?P<num_y>\d{{4}}|\d\d)
    | (?P<day_d>\d\d?)(?:st|nd|rd|th)?[\s./\-]*(?:of\s+)?(?P<day_m>{_MONTHS})\b\.?,?
      (?:\s+(?P<day_y4>\d{{4}})|[^\S\n]*[./\-'’ ][^\S\n]*['’]?(?P<day_y>\d{{4}}|\d\d))
    | (?P<us_m>{_MONTHS})\b\.?\s+(?P<us_d>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<us_y>{_YEAR4})
    | (?P<mon_m>{_MONTHS})\b\.?,?(?:\s+(?:of\s+)?|\s?[./\-–]\s?)(?P<mon_y>{_YEAR4})
    | (?P<short_m>{_MONTHS})\b\.?(?:[^\S\n]?[\-./–'’][^\S\n]?|[^\S\n]+['’]?)(?P<short_y>[1-4]\d)
      (?![^\S\n]*(?:am|pm|st|nd|rd|th|%)\b)
    | (?P<isom_y>{_YEAR4})-(?P<isom_m>0[1-9]|1[0-2])
    | (?P<nmon_m>0?[1-9]|1[0-2])[/.](?P<nmon_y>{_YEAR4})
    | q(?:uarter|tr)?[ ]?(?P<quarter>[1-4])[ ,]+(?:of[ ])?(?P<quarter_y>{_YEAR4})
      (?P<quarter_fy>[ ]?[/\-–][ ]?(?:20)?\d\d)?
    | (?P<fy_y>{_YEAR4})[ ]?[/\-–][ ]?(?P<fy_next>(?:20)?\d\d)
    | (?<!act[ ])(?<!act,[ ])(?<!regulations[ ])(?<!order[ ])(?P<year>{_YEAR4})
    ){_END}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DIGIT = late(r"\d")


@dataclass(frozen=True)
class FoundDate:
    """One date in a text: ISO to its precision, and its character offsets.

    ``iso`` is None where the text is printed like a date and is no day of the calendar.
    """

    iso: str | None
    precision: Precision
    start: int
    end: int


def find_dates(text: str) -> list[FoundDate]:
    """Every date in a text, in order; also those that no calendar has (``iso`` None)."""
    if not _DIGIT.search(text):
        return []
    return [found for match in _PATTERN.finditer(text) for found in _read(match)]


def leading_date(text: str) -> FoundDate | None:
    """The valid date that a text begins with (after white space), or None."""
    return date_at(text, len(text) - len(text.lstrip()))


def date_at(text: str, at: int) -> FoundDate | None:
    """The valid date that begins at this character of a text, or None."""
    match = _PATTERN.match(text, at)
    found = next(iter(_read(match)), None) if match else None
    return found if found and found.iso else None


def read_date(printed: str | None) -> PrintedDate:
    """A date cell: the whole cell as printed, and every valid date in it in order."""
    if not printed:
        return PrintedDate()
    dates = [found for found in find_dates(printed) if found.iso]
    if not dates:
        return PrintedDate(printed=printed)
    return PrintedDate(
        printed=printed,
        date=dates[0].iso,
        precision=dates[0].precision,
        all=tuple(found.iso for found in dates if found.iso),
    )


def impossible_dates(text: str | None) -> list[str]:
    """What a text prints like a date although no calendar has it ("31.2.22"), as printed."""
    return [text[f.start : f.end] for f in find_dates(text) if f.iso is None] if text else []


def serial_day(cell: str | None) -> str | None:
    """The ISO day of a cell that is Excel's bare number of a day of 1990–2049, or None.

    Day 1 is 1 January 1900, counted with a 29 February 1900 that never was (the 1900 date system
    of Excel), so that from March 1900 on the days count from 30 December 1899.
    """
    if not cell or not re.fullmatch(r"\d{5}(?:\.0+)?", cell.strip()):
        return None
    day = date(1899, 12, 30) + timedelta(days=int(float(cell)))
    return day.isoformat() if 1990 <= day.year < 2050 else None


def iso_date(text: str) -> str | None:
    """The ISO date of a text that holds one date and nothing else, or None."""
    found = leading_date(text)
    if found is None or text[found.end :].strip() or text[: found.start].strip():
        return None
    return found.iso


def _read(match: re.Match[str]) -> Iterator[FoundDate]:
    """The date (of a span of two years: both dates) that one match stands for."""
    group = match.groupdict()
    for iso, precision in _values(group):
        yield FoundDate(iso, precision, *match.span())


def _values(group: dict[str, str | None]) -> Iterator[tuple[str | None, Precision]]:
    for prefix in ("iso", "num", "day", "us"):
        if group[f"{prefix}_d"]:
            year = group[f"{prefix}_y"] or group.get(f"{prefix}_y4")
            yield _day(year, group[f"{prefix}_m"], group[f"{prefix}_d"]), "day"
            return
    for prefix in ("mon", "short", "isom", "nmon"):
        if group[f"{prefix}_m"]:
            month = _month(group[f"{prefix}_m"])
            yield f"{_year(group[f'{prefix}_y']):04}-{month:02}", "month"
            return
    if group["quarter"]:
        yield _quarter(group), "month"
    elif group["fy_y"]:
        yield from _two_years(int(group["fy_y"]), _year(group["fy_next"]))
    else:
        yield group["year"], "year"


def _day(year: str | None, month: str | None, day: str | None) -> str | None:
    number = _year(year)
    try:
        return date(number, _month(month), int(day or 0)).isoformat() if number > 1900 else None
    except ValueError:
        return None


def _quarter(group: dict[str, str | None]) -> str:
    year, quarter = _year(group["quarter_y"]), int(group["quarter"] or 1)
    if not group["quarter_fy"]:
        return f"{year:04}-{quarter * 3:02}"
    return f"{year + quarter // 4:04}-{(quarter * 3 + 2) % 12 + 1:02}"


def _two_years(first: int, second: int) -> Iterator[tuple[str | None, Precision]]:
    yield f"{first:04}", "year"
    if second > first:
        yield f"{second:04}", "year"


def _year(text: str | None) -> int:
    number = int(text or 0)
    if len(text or "") > 2:
        return number
    return number + (2000 if number < 70 else 1900)


def _month(text: str | None) -> int:
    name = (text or "").casefold()
    return int(name) if name.isdecimal() else _MONTH_NUMBER[name[:3]]
