"""The facts of a review that its document prints; nothing is invented."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kb.errors import WrongUsage
from kb.ingest.readings import ReviewFactsRead
from kb.ingest.tables import Cell, Row
from kb.text.dates import find_dates, iso_date
from kb.text.normalise import fold, fold_space
from kb.text.patterns import late

_KINDS = (
    ("DARDR", r"domestic abuse[- ]related death review|\bDARDR\b"),
    ("MHHR", r"mental health homicide review|\bMHHR\b"),
    ("SAR", r"safeguarding adults? reviews?|\bSAR\b"),
    ("OWHR", r"offensive weapons? homicide review|\bOWHR\b"),
    ("CSPR", r"child safeguarding practice review|\bL?CSPR\b"),
    ("SCR", r"serious case review|\bSCR\b"),
    ("SUSR", r"single unified safeguarding review|\bSUSR\b"),
    ("DHR", r"domestic homicide reviews?|\bDHR\b"),
)
_ANY_KIND = late("|".join(f"(?:{pattern})" for _, pattern in _KINDS), re.IGNORECASE)
_PLAN = late(r"\baction plan\b|\brecommendations\b|\breview\b", re.IGNORECASE)
_ACTION_PLAN = late(r"\b(?:action|improvement|implementation) (?:plan|tracker)\b", re.IGNORECASE)
_CASE = late(
    r"[(\[#]\s*(?:case\s*)?([A-Z]{0,6}[ \-/]?\d[\w/ -]*)\s*[)\]]|\b(?:DHR|case)"
    r"\s*(?:no\.?|number)?\s*[:#]?\s*(\d[\w/-]*)",
    re.IGNORECASE,
)
_NO_CASE = late(
    r"(?:draft|version|ver|rev|v|issue|page|part|annex|append|table|update|copy|final)[ \-/.]?\d",
    re.IGNORECASE,
)
_BODY = late(
    r"\s*(?:,|–|-|:)?\s*(?:community safety partnership|CSP|community safety|"
    r"(?:city|county|borough|district|metropolitan borough) council|council|partnership)?"
    r"\s*[,:–-]?\s*$",
    re.IGNORECASE,
)
_NOT_AN_AREA = late(
    r"\b(?:the|a|an|overview|report|executive|summary|action|plan|multi-agency|review|into|of|"
    r"final|draft|confidential|official|combined|joint|updated?|response|responses|from|to|for|by|on)\b",
    re.IGNORECASE,
)

_LONGEST_FACT = 160  # characters

_FACT_LINES = (
    (
        "report_date",
        r"(?:date of (?:the |this )?(?:\w+ )?report(?: completion)?|(?:\w+ )?report (?:date|dated)|"
        r"(?:the |\w+ )?report (?:was )?(?:completed|finalised|signed off)(?: on| in)?|"
        r"date (?:the )?(?:\w+ )?report (?:was )?(?:completed|finalised|signed off))",
    ),
    ("published", r"(?:date of publication|date published|publication date|published(?: on| in)?)"),
    ("death_month", r"(?:date|month) of (?:the )?death"),
)
_FACT_LINE = [
    (name, re.compile(rf"{label}\s*[:|–-]?\s*(?P<value>.+?)[\s.;]*", re.IGNORECASE))
    for name, label in _FACT_LINES
]
_LABELS = (
    (
        "title",
        r"(?:report |review )?title(?: of (?:the )?(?:report|review))?|name of (?:the )?review",
    ),
    ("kind", r"(?:type|kind) of (?:the )?review|review (?:type|kind)"),
    (
        "area",
        r"area|local authority(?: area)?|(?:name of )?(?:the )?(?:responsible )?"
        r"(?:community safety partnership|csp)|commissioned by|"
        r"commissioning (?:body|partnership|authority)",
    ),
    ("region", r"region"),
    (
        "case",
        r"(?:case|dhr|dardr|review)(?: (?:no\.?|number|name|ref\.?|reference|id|code))+|case|"
        r"(?:our )?reference(?: (?:no\.?|number))?|pseudonym(?: (?:of|for) .{2,40})?",
    ),
    *_FACT_LINES,
    ("report_date", r"date|date (?:of completion|completed)"),
)
_LABELS_OF_AREA = dict(_LABELS[:4])["area"]
_TABLE_HEADING = late(
    r"(?:[\dA-Z]{1,2}[.)]\s*)?(?:(?:national|regional|local)(?:(?: and |/| ?& ?)(?:national|"
    r"regional|local))*(?: level)? recommendations?|(?:[\w-]+ )?agency recommendations?|"
    r"recommendations? (?:for|to) .+?)\s*:?",
    re.IGNORECASE,
)


def is_title(text: str) -> bool:
    """Whether a line names a review or a plan, as a title does."""
    return len(text.split()) <= 30 and bool(_ANY_KIND.search(text) or _PLAN.search(text))


def names_a_plan(text: str) -> bool:
    """Whether a line names a kind of review or an action plan, whoever's it is."""
    return bool(_ANY_KIND.search(text) or _ACTION_PLAN.search(text))


def facts_in_line(text: str) -> dict[str, str]:
    """What lines like "Date of report: March 2021" say, and nothing else: {field: date printed}.

    Empty where any line of the text is something else.
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        matches = [(name, p.fullmatch(line.strip())) for name, p in _FACT_LINE]
        values = {name: m["value"] for name, m in matches if m and iso_date(m["value"])}
        if line.strip() and not values:
            return {}
        found |= {name: value for name, value in values.items() if name not in found}
    return found


def fact_named(label: str, value: str) -> tuple[str, str] | None:
    """The field that a label names, and its value as ``facts_of`` takes it; None for other labels.

    A date that cannot be read, or more than the value of a fact could hold, is none.
    """
    name = fold(label).strip(" :|–-")
    value = fold_space(value).strip(" .;")
    for field, pattern in _LABELS:
        if re.fullmatch(pattern, name) and 0 < len(value) <= _LONGEST_FACT:
            if field in ("report_date", "published", "death_month"):
                date = iso_date(value)
                is_whole = date and (field != "death_month" or len(date) >= 7)
                return (field, value) if is_whole else None
            if field == "area" and re.fullmatch(_LABELS_OF_AREA, fold(value)):
                return None  # "CSP | Community Safety Partnership" is a line of a glossary
            return field, kind_in(value) or value if field == "kind" else value
    return None


def fact_in_row(cells: Sequence[Cell]) -> tuple[str, str] | None:
    """What a row of a label and a value says; a bare "Date" is as often that of a version."""
    if len(cells) != 2 or fold(cells[0].text).strip(" :") == "date":
        return None
    return fact_named(cells[0].text, cells[1].text)


def facts_in_table(rows: Sequence[Row]) -> dict[str, str]:
    """What a table of facts at the top says ("Area | Tarnmoor"): {field: value}, else empty.

    It is one where each row has a label and at most one value, and at least one label names a
    fact. A fact given twice with different values is left out.
    """
    contradicted = contradicted_in_table(rows)
    filled = [row.filled for row in rows if row.filled]
    if not filled or any(len(cells) > 2 for cells in filled):
        return {}
    said = [found for cells in filled if (found := fact_in_row(cells))]
    return {field: value for field, value in reversed(said) if field not in contradicted}


def contradicted_in_table(rows: Sequence[Row]) -> dict[str, list[str]]:
    """The facts that a table of facts gives differently: {field: what it gives}."""
    values: dict[str, dict[str, str]] = {}
    for row in rows:
        if said := fact_in_row(row.filled):
            values.setdefault(said[0], {}).setdefault(fold(said[1]), said[1])
    return {field: [*found.values()] for field, found in values.items() if len(found) > 1}


def is_table_heading(text: str) -> bool:
    """Whether a line is a heading over a table of recommendations ("National recommendations")."""
    return (
        len(text.split()) <= 12
        and bool(_TABLE_HEADING.fullmatch(text.strip()))
        and not _ANY_KIND.search(text)
    )


def facts_of(named: Mapping[str, str], title: str | None, url: str | None) -> ReviewFactsRead:
    """Facts from named values (columns, JSON), and for the rest from the title line.

    ``year`` counts as the year of publication where no ``published`` stands (``year_of``
    "report": as that of the report). Raises WrongUsage where a date, a month or a publication
    cannot be understood.
    """
    line = named.get("title") or title
    of_report = named.get("year_of") == "report"
    year = {"report_date" if of_report else "published": named.get("year")}
    return ReviewFactsRead(
        title=line,
        kind=named.get("kind") or kind_in(line),
        area=named.get("area") or area_in(line),
        region=named.get("region"),
        published=_date(named.get("published") or year.get("published"), "published"),
        report_date=_date(named.get("report_date") or year.get("report_date"), "report_date"),
        publication=_publication(named.get("publication")),
        url=url or named.get("url"),
        death_month=_month(named.get("death_month")),
        case=named.get("case") or case_in(line),
    )


def kind_in(title: str | None) -> str | None:
    """The kind of review that a title names first, in letters ("DHR", "SAR", "SUSR")."""
    found = [
        (match.start(), kind)
        for kind, pattern in _KINDS
        if title and (match := re.search(pattern, title, re.IGNORECASE))
    ]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def area_in(title: str | None) -> str | None:
    """The area that stands before the kind of review in a title ("Somerset Domestic …")."""
    match = _ANY_KIND.search(title or "")
    if match is None or not title:
        return None
    area = _BODY.sub("", title[: match.start()]).strip()
    area = re.sub(r"^safer\s+", "", area, flags=re.IGNORECASE)
    if not area or len(area.split()) > 5 or _NOT_AN_AREA.search(area) or not area[0].isupper():
        return None
    return area if re.fullmatch(r"[\w'’ &.,-]+", area) and not re.search(r"\d", area) else None


def case_in(title: str | None) -> str | None:
    """The case number that a title prints: "(024)", "DHR 7"."""
    for match in _CASE.finditer(title or ""):
        number = (match.group(1) or match.group(2)).strip()
        if not _NO_CASE.match(number) and not iso_date(number):
            return number
    return None


def _date(text: str | None, field: str) -> str | None:
    if not text:
        return None
    dates = [found.iso for found in find_dates(text) if found.iso]
    if not dates:
        raise WrongUsage(
            f"{field} is {text!r}, which is not a date",
            hint="Give a day, a month or a year: 31/07/2022, July 2022 or 2022.",
        )
    return dates[0]


def _month(text: str | None) -> str | None:
    date = _date(text, "death_month")
    return date[:7] if date and len(date) >= 7 else None


def _publication(text: str | None) -> str | None:
    if not text:
        return None
    value = text.strip().casefold()
    if value not in ("published", "unpublished", "unknown"):
        raise WrongUsage(
            f"publication is {text!r}", hint="It is published, unpublished or unknown."
        )
    return value
