"""The facts of a review that its document prints; nothing is invented."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kb.errors import WrongUsage
from kb.text.dates import find_dates

_KINDS = (
    ("DARDR", r"domestic abuse[- ]related death review|\bDARDR\b"),
    ("MHHR", r"mental health homicide review|\bMHHR\b"),
    ("SAR", r"safeguarding adults? reviews?|\bSAR\b"),
    ("CSPR", r"child safeguarding practice review|\bCSPR\b"),
    ("SCR", r"serious case review|\bSCR\b"),
    ("DHR", r"domestic homicide reviews?|\bDHR\b"),
)
_ANY_KIND = re.compile("|".join(f"(?:{pattern})" for _, pattern in _KINDS), re.IGNORECASE)
_PLAN = re.compile(r"\baction plan\b|\brecommendations\b|\breview\b", re.IGNORECASE)
_CASE = re.compile(
    r"[(\[#]\s*(?:case\s*)?([A-Z]{0,6}[ \-/]?\d[\w/ -]*)\s*[)\]]|\b(?:DHR|case)"
    r"\s*(?:no\.?|number)?\s*[:#]?\s*(\d[\w/-]*)",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\s*(?:,|–|-|:)?\s*(?:community safety partnership|CSP|community safety|"
    r"(?:city|county|borough|district|metropolitan borough) council|council|partnership)?"
    r"\s*[,:–-]?\s*$",
    re.IGNORECASE,
)
_NOT_AN_AREA = re.compile(
    r"\b(?:the|a|an|overview|report|executive|summary|action|plan|multi-agency|review|into|of|"
    r"final|draft|confidential|official|combined|joint|updated?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ReviewFactsRead:
    """What a document prints about its review; None where it does not say."""

    title: str | None = None
    kind: str | None = None
    area: str | None = None
    region: str | None = None
    published: str | None = None
    report_date: str | None = None
    publication: str | None = None
    url: str | None = None
    death_month: str | None = None
    case: str | None = None


def is_title(text: str) -> bool:
    """Whether a line names a review or a plan, as a title does."""
    return len(text.split()) <= 30 and bool(_ANY_KIND.search(text) or _PLAN.search(text))


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
    """The kind of review that a title names: DHR, DARDR, SAR, CSPR, SCR or MHHR."""
    for kind, pattern in _KINDS:
        if title and re.search(pattern, title, re.IGNORECASE):
            return kind
    return None


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
    match = _CASE.search(title or "")
    return (match.group(1) or match.group(2)).strip() if match else None


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
