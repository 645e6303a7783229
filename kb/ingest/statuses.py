"""Status, completion and scope, read from the words of a cell.

A word decides only at the head of its cell and only where it is the status itself: "Complete a
review" and "audit … to be completed by July" say nothing. "Not complete" and "incomplete" are
``in-progress``. Words beat colours: red, amber, green and blue decide only where no words do.
"Closed – not progressed" and "partially accepted" are words that give none of the statuses: their
value is null, and the reader says so. A local and national scope is ``national``: the widest
named counts.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kb.printed import PrintedDate, PrintedScope, PrintedStatus, ScopeValue, StatusValue
from kb.text.dates import date_at, leading_date, read_date
from kb.text.patterns import late

_LEAD_IN = late(
    r"[\s\W]*(?:(?:status|b?rag(?: rating)?|update|(?:this |the |all )?(?:actions?|"
    r"recommendations?|work)|this|now|fully|all|is|are|has|have|been|was)\b[\s:–-]*)*",
    re.IGNORECASE,
)
_DONE = r"(?:completed?|achieved|closed|done|implemented)"
_NOT_DONE = (
    r"not (?:been )?(?:progressed|implemented|completed?|achieved|pursued|delivered|done|actioned|"
    r"taken forward)"
)
_IN_WORK = r"(?:in[ -]progress|under ?-?way)"
_WORK_IS = r"(?:(?<=\bwork )|(?<=\bwork is )|(?<=\bwork still )|(?<=\bwork remains ))"
_AND_ON = r"[\s,;/&()–—-]*(?:and|but)?[\s,;/&()–—-]*on-?\s?going\b"
_HEADS: tuple[tuple[StatusValue | None, str], ...] = (
    (
        None,
        rf"closed?[\s,;:/()–—-]*(?:(?:but|and|as|was|has|were|action)\s+)*{_NOT_DONE}|"
        r"(?:(?:in part|part|partly|partially)[ -](?:accepted|agreed|adopted|supported))|"
        r"(?:accepted|agreed|adopted|supported) in part",
    ),
    ("not-accepted", r"not (?:accepted|agreed|adopted|supported)|rejected|declined|refused"),
    (
        "not-started",
        r"not (?:yet )?(?:been )?(?:started|begun|commenced)|yet to (?:start|begin|commence|"
        r"be started)|to be started|outstanding|no progress(?: (?:to date|yet|made|so far))*|"
        r"0 ?%(?: complete)?(?=\s*$)",
    ),
    (
        "in-progress",
        rf"{_IN_WORK}|on-?\s?going[\s,;:/&()–—-]*(?:and |but )?(?:still )?{_IN_WORK}|"
        rf"{_WORK_IS}on-?\s?going|(?:part|partly|partial|partially|mostly|nearly|almost)[ -]"
        rf"{_DONE}|not (?:yet )?(?:been )?(?:yet )?(?:fully )?{_DONE}|"
        r"incomplete|started|commenced|on[ -]?track|ongoing work|"
        rf"[1-9]\d? ?%(?: {_DONE})?(?=\s*$)",
    ),
    ("ongoing", rf"{_DONE}{_AND_ON}|on-?going and {_DONE}|on-?\s?going"),
    (
        "complete",
        rf"{_DONE}|signed[ -]off|discharged(?! (?:from|into|home|by|on|in)\b)|"
        rf"100 ?%(?: {_DONE}(?!\w)|(?=\s*$))",
    ),
)
_COLOURS: dict[str, StatusValue] = {
    "red": "not-started",
    "amber": "in-progress",
    "green": "complete",
    "blue": "complete",
}
_COLOUR = r"(?:red|ambers?|green|blue)"
_FOLLOWS = (
    r"(?=\s*$|[ \t]*\n|[ \t]*[.,:;()\[\]/!]|[ \t]*[–—-](?!\w)|"
    r"\s+(?:and|in|on|via|through|as|with|across|for|at|by|since|from)\b(?!\s+(?:a|the|all)\s+\w+\s+to\b)|\s+\d|\s+(?:jan|feb|mar|apr|may|jun|jul|"
    r"aug|sep|oct|nov|dec)\w*\s)"
)
_HEAD = [(v, late(rf"(?:{p})(?!\w){_FOLLOWS}", re.IGNORECASE)) for v, p in _HEADS]
_RAG = late(rf"{_COLOUR}\b{_FOLLOWS}", re.IGNORECASE)
_LETTER = late(r"\W*([RAGB])\W*", re.IGNORECASE)
_ONGOING = late(r"\bon-?going\b(?=\s*$|\s*[.,;)\n])", re.IGNORECASE)
_TO_DATE = late(r"[ \t]*[(:,–-]?[ \t]*(?:(?:in|on|by|since)[ \t]+)?", re.IGNORECASE)
_BETWEEN = late(r"[\s:;.,()\[\]/–—-]*")
_SCOPE = late(r"(?<!not )\b(local|regional|national)(?:ly)?\b", re.IGNORECASE)
_WITH_SCOPE = frozenset(
    "local regional national locally regionally nationally recommendation recommendations action "
    "actions learning lessons policy level government multi single agency overview report panel "
    "review key section part for at and or with the scope of dhr imr".split()
)
_SCOPE_WORDS = 12  # a longer cell is not a scope
_WIDEST: tuple[ScopeValue, ...] = ("national", "regional", "local")


def read_status(cell: str | None) -> PrintedStatus:
    """The status of a status or RAG column: the whole cell, and what it means."""
    if not cell:
        return PrintedStatus()
    found = _head(cell, 0)
    return PrintedStatus(printed=cell, value=found.value if found else None)


def status_of(cell: str | None, outcome: str | None) -> tuple[PrintedStatus, list[str]]:
    """The status of a row with both a status or RAG column and an outcome, and what is doubted.

    The column's words come first, then the words at the outcome's head, then the column's colour
    (a letter R, A, G or B is one). What is printed is the column's cell.
    """
    if not cell:
        status, _ = read_outcome(outcome)
        return status, []
    letter = _LETTER.fullmatch(cell)
    found = _letter(letter) if letter else _head(cell, 0)
    if found is None or (found.value is None and not found.is_colour):
        return PrintedStatus(printed=cell), [f"the status “{cell}” was not understood"]
    said = _outcome_head(outcome)
    if said is None or said.is_colour or said.value == found.value:
        return PrintedStatus(printed=cell, value=found.value), []
    words = (outcome or "")[said.start : said.end]
    if not found.is_colour:
        doubt = f"the status says “{cell}” but the outcome “{words}”: the status was taken"
        return PrintedStatus(printed=cell, value=found.value), [doubt]
    meaning = said.value or "none of the statuses"
    doubt = f"the status “{cell}” is a colour; the outcome's words “{words}” decide: {meaning}"
    return PrintedStatus(printed=cell, value=said.value), [doubt]


def read_outcome(cell: str | None, *, dated: bool = False) -> tuple[PrintedStatus, PrintedDate]:
    """The status and the date of completion that an outcome cell begins with.

    ``dated`` says that the column's header names the completion, so that a date at the head of
    the cell is that of completion. The printed parts are the words of the cell that say it.
    """
    if not cell:
        return PrintedStatus(), PrintedDate()
    date = leading_date(cell)
    if date is not None:
        found = _head(cell, _after(cell, date.end))
        done = found is not None and found.value in ("complete", "ongoing")
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


def is_scope_alone(text: str) -> bool:
    """Whether a heading says a scope and names nobody: not "National Probation Service"."""
    words = re.findall(r"[^\W\d_]{2,}", text.casefold())
    return read_scope(text).value is not None and _WITH_SCOPE.issuperset(words)


class _Found(NamedTuple):
    """Where a cell says a status, and which; None for words that give none of them."""

    value: StatusValue | None
    start: int
    end: int
    is_colour: bool = False


def _head(cell: str, start: int) -> _Found | None:
    """The status that the words say here, else the words after a colour, else the colour."""
    first: _Found | None = None
    while True:
        lead_in = _LEAD_IN.match(cell, start)
        places = tuple(dict.fromkeys((lead_in.end() if lead_in else start, start)))
        for at in places:
            for value, pattern in _HEAD:
                match = pattern.match(cell, at)
                if match:
                    return _Found(value, match.start(), match.end())
        colour = next((match for at in places if (match := _RAG.match(cell, at))), None)
        if colour is None:
            return first
        meaning = _COLOURS[colour.group().casefold().rstrip("s")]
        first = first or _Found(meaning, colour.start(), colour.end(), is_colour=True)
        start = _after(cell, colour.end())
        if start == colour.end():
            return first


def _letter(match: re.Match[str]) -> _Found:
    initial = match.group(1).casefold()
    colour = next(name for name in _COLOURS if name.startswith(initial))
    return _Found(_COLOURS[colour], match.start(1), match.end(1), is_colour=True)


def _outcome_head(outcome: str | None) -> _Found | None:
    """What the head of an outcome says, also after a date."""
    if not outcome:
        return None
    date = leading_date(outcome)
    return _head(outcome, _after(outcome, date.end) if date else 0)


def _after(cell: str, end: int) -> int:
    between = _BETWEEN.match(cell, end)
    return between.end() if between else end


def _printed(cell: str, found: _Found | None) -> PrintedStatus:
    if found is None:
        return PrintedStatus()
    return PrintedStatus(printed=cell[found.start : found.end], value=found.value)


def _completion_after(cell: str, found: _Found | None) -> PrintedDate:
    """The date on the same line straight after "Complete": "Complete (November 2019)"."""
    if found is None or found.value not in ("complete", "ongoing"):
        return PrintedDate()
    gap = _TO_DATE.match(cell, found.end)
    at = gap.end() if gap else found.end
    date = date_at(cell, at)
    return read_date(cell[date.start : date.end]) if date else PrintedDate()
