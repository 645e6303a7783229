"""Status, completion and scope, read from the words of a cell.

A word decides only at the head of its cell and only where it is the status itself: "Complete a
review" and "audit … to be completed by July" say nothing. "Not complete" and "incomplete" are
``in-progress``. A local and national scope is ``national``: the widest named counts.
"""

from __future__ import annotations

import re

from kb.model import PrintedDate, PrintedScope, PrintedStatus, ScopeValue, StatusValue
from kb.text.dates import find_dates, leading_date, read_date

_LEAD_IN = re.compile(
    r"[\s\W]*(?:(?:status|b?rag(?: rating)?|update|(?:this |the |all )?(?:actions?|"
    r"recommendations?|work)|this|now|fully|all|is|are|has|have|been|was)\b[\s:–-]*)*",
    re.IGNORECASE,
)
_DONE = r"(?:completed?|achieved|closed|done|implemented)"
_AND_ON = r"[\s,;/&()–—-]*(?:and|but)?[\s,;/&()–—-]*on-?\s?going\b"
_HEADS: tuple[tuple[StatusValue, str], ...] = (
    ("not-accepted", r"not (?:accepted|agreed|adopted|supported)|rejected|declined|refused"),
    (
        "not-started",
        r"not (?:yet )?(?:been )?(?:started|begun|commenced)|yet to (?:start|begin|commence|"
        r"be started)|to be started|outstanding|red",
    ),
    (
        "in-progress",
        r"in[ -]progress|(?:part|partly|partial|partially|mostly|nearly|almost)[ -]"
        rf"{_DONE}|under ?-?way|ambers?|not (?:yet )?(?:been )?(?:yet )?(?:fully )?{_DONE}|"
        r"incomplete|started|commenced|on[ -]?track|ongoing work",
    ),
    ("ongoing", rf"{_DONE}{_AND_ON}|on-?going and {_DONE}|on-?\s?going"),
    ("complete", rf"{_DONE}|green|blue"),
)
_FOLLOWS = (
    r"(?=\s*$|[ \t]*\n|[ \t]*[.,:;()\[\]/!]|[ \t]*[–—-](?!\w)|"
    r"\s+(?:and|in|on|via|through|as|with|across|for|at|by|since|from)\b(?!\s+(?:a|the|all)\s+\w+\s+to\b)|\s+\d|\s+(?:jan|feb|mar|apr|may|jun|jul|"
    r"aug|sep|oct|nov|dec)\w*\s)"
)
_HEAD = [(v, re.compile(rf"(?:{p})\b{_FOLLOWS}", re.IGNORECASE)) for v, p in _HEADS]
_ONGOING = re.compile(r"\bon-?going\b(?=\s*$|\s*[.,;)\n])", re.IGNORECASE)
_TO_DATE = re.compile(r"[ \t]*[(:,–-]?[ \t]*(?:(?:in|on|by|since)[ \t]+)?", re.IGNORECASE)
_AFTER_DATE = re.compile(r"[\s:.,()–—-]*")
_SCOPE = re.compile(r"(?<!not )\b(local|regional|national)(?:ly)?\b", re.IGNORECASE)
_SCOPE_WORDS = 12  # a longer cell is not a scope
_WIDEST: tuple[ScopeValue, ...] = ("national", "regional", "local")


def read_status(cell: str | None) -> PrintedStatus:
    """The status of a status or RAG column: the whole cell, and what it means."""
    if not cell:
        return PrintedStatus()
    found = _head(cell, 0)
    return PrintedStatus(printed=cell, value=found[0] if found else None)


def read_outcome(cell: str | None, *, dated: bool = False) -> tuple[PrintedStatus, PrintedDate]:
    """The status and the date of completion that an outcome cell begins with.

    ``dated`` says that the column's header names the completion, so that a date at the head of
    the cell is that of completion. The printed parts are the words of the cell that say it.
    """
    if not cell:
        return PrintedStatus(), PrintedDate()
    date = leading_date(cell)
    if date is not None:
        after = _AFTER_DATE.match(cell, date.end)
        found = _head(cell, after.end() if after else date.end)
        done = found is not None and found[0] in ("complete", "ongoing")
        completed = read_date(cell[date.start : date.end]) if dated or done else PrintedDate()
        if found is None and dated:
            kept_up = _ONGOING.search(cell, date.end)
            if kept_up:
                return PrintedStatus(printed=kept_up.group(), value="ongoing"), completed
            return PrintedStatus(printed=cell[date.start : date.end], value="complete"), completed
        return _printed(cell, found), completed
    found = _head(cell, 0)
    return _printed(cell, found), _completion_after(cell, found)


def read_scope(cell: str | None) -> PrintedScope:
    """The scope of a cell, the widest where it names several."""
    if not cell:
        return PrintedScope()
    named = {match.group(1).lower() for match in _SCOPE.finditer(cell)}
    if not named or len(cell.split()) > _SCOPE_WORDS:
        return PrintedScope(printed=cell)
    return PrintedScope(printed=cell, value=next(scope for scope in _WIDEST if scope in named))


def _head(cell: str, start: int) -> tuple[StatusValue, int, int] | None:
    lead_in = _LEAD_IN.match(cell, start)
    for at in dict.fromkeys((lead_in.end() if lead_in else start, start)):
        for value, pattern in _HEAD:
            match = pattern.match(cell, at)
            if match:
                return value, match.start(), match.end()
    return None


def _printed(cell: str, found: tuple[StatusValue, int, int] | None) -> PrintedStatus:
    if found is None:
        return PrintedStatus()
    value, start, end = found
    return PrintedStatus(printed=cell[start:end], value=value)


def _completion_after(cell: str, found: tuple[StatusValue, int, int] | None) -> PrintedDate:
    """The date on the same line straight after "Complete": "Complete (November 2019)"."""
    if found is None or found[0] not in ("complete", "ongoing"):
        return PrintedDate()
    gap = _TO_DATE.match(cell, found[2])
    at = gap.end() if gap else found[2]
    for date in find_dates(cell):
        if date.start == at and date.iso:
            return read_date(cell[date.start : date.end])
    return PrintedDate()
