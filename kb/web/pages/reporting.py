"""Reports: chosen, seen as a page, taken away in another format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from starlette.responses import Response

from kb.errors import NotFound, QueryError, WrongUsage
from kb.web.files import MEDIA_TYPES
from kb.web.narrowing import Narrowing, command
from kb.web.pages.report_forms import TITLES, again, is_compared
from kb.web.visit import Visit, address

MOST_ROWS, LEAST_ROWS = 40, 5  # of a table on the page; files have all
_WEIGHT = 60_000  # bytes of a page's tables, beyond which tables are shown in few rows
_OF_A_CELL = 28  # bytes of its tags
FORMATS = {"docx": "Word", "xlsx": "Excel", "csv": "CSV", "html": "Web page", "json": "JSON"}
_ENDINGS = {"text": "txt"}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def report(visit: Visit) -> Response:
    """One report as a page, or as a file where a format is asked for; else its form again."""
    name = report_name(visit)
    wanted = visit.one("format")
    try:
        made = made_report(visit, name, Narrowing.of(visit))
    except (QueryError, WrongUsage, NotFound) as error:
        return again(visit, name, error)
    if wanted:
        data = made.render(wanted)
        return visit.file(data, f"{name}.{_ENDINGS.get(wanted, wanted)}", MEDIA_TYPES[wanted])
    asked = visit.request.query_params
    query = {name: asked.getlist(name) for name in asked if name != "format"}
    return visit.page(
        "report.html",
        report=made,
        tables=list(_shown(made)),
        downloads=[
            (label, address(f"/reports/{name}", {**query, "format": format_name}))
            for format_name, label in FORMATS.items()
        ],
    )


def _shown(made: Any) -> Iterator[tuple[Any, list[list[str]]]]:
    """The tables of the page, each with the rows that it shows, in words."""
    left = _WEIGHT
    for table in made.printed_tables():
        rows: list[list[str]] = []
        for cells in table.in_words(MOST_ROWS):
            left -= sum(len(words.encode()) + _OF_A_CELL for words in cells)
            if left < 0 and len(rows) >= LEAST_ROWS:
                break
            rows.append(cells)
        yield table, rows


def report_name(visit: Visit) -> str:
    """The report that the address names; raises NotFound."""
    name = str(visit.request.path_params["name"])
    if name not in TITLES:
        raise NotFound(f"there is no report {name[:80]!r}", hint=f"There are: {', '.join(TITLES)}.")
    return name


def made_report(visit: Visit, name: str, narrowing: Narrowing) -> Any:
    """The report, remembered as long as it would be the same."""
    base, filters = visit.base, dict(narrowing.filters)
    options, words = _options(visit, name, filters)
    line = command("report", name, *words, *Narrowing(filters).options())
    if name == "repeated":
        line = command("repeated", *words, *narrowing.options())
    return visit.site.remembered(
        base, line, lambda: base.report(name, command=line, filters=filters, **options)
    )


def _options(visit: Visit, name: str, filters: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What a report is asked beside its filters, and the same as words of its command."""
    options: dict[str, Any] = {}
    words: list[str] = []
    match name:
        case "themes":
            by, compare = ",".join(visit.many("by", 40)), _sides(visit)
            options = {"by": by or None, "compare": compare}
            words = [*([f"--by={by}"] if by else []), *(f"--compare={side}" for side in compare)]
        case "progress":
            at, is_asked_again = _day(visit.one("at", 20)), visit.one("asked-again") == "yes"
            options = {"at": at, "asked_again": is_asked_again}
            words = [f"--at={at}", *(["--asked-again"] if is_asked_again else [])]
        case "review":
            review_id = _needed(visit, "id", "a review")
            options, words = {"review_id": review_id}, [review_id]
        case "agency":
            agency, is_with_all = _needed(visit, "agency", "an agency"), visit.one("all") == "yes"
            filters.pop("agency", None)
            options = {"agency": agency, "all_agencies": is_with_all}
            words = [agency, *(["--all-agencies"] if is_with_all else [])]
        case "briefing":
            theme = _needed(visit, "theme", "a theme")
            filters.pop("theme", None)
            options, words = {"theme": theme}, [f"--theme={theme}"]
        case "repeated":
            since = visit.one("since", 20)
            options, words = {"since": since or None}, [f"--since={since}"] if since else []
    return options, words


def _sides(visit: Visit) -> list[str]:
    """The sides to compare: ``field=value``, or a field with what stands in two boxes."""
    sides = visit.many("compare", 300)
    if sides or not is_compared(visit):
        return sides
    field = visit.one("of", 40)
    if not field:
        raise WrongUsage(
            "it was not said by what to compare", hint="Choose one of the list.", field="of"
        )
    if not visit.one("one", 250):
        raise WrongUsage("the first side is missing", hint="Choose one of its values.", field="one")
    return [f"{field}={value}" for name in ("one", "other") if (value := visit.one(name, 250))]


def _needed(visit: Visit, name: str, what: str) -> str:
    value = visit.one(name, 300)
    if not value:
        raise WrongUsage(
            f"this report is about {what}, and none was chosen", hint="Choose one.", field=name
        )
    return value


def _day(typed: str) -> date:
    if not typed:
        return date.today()
    try:
        if _DATE.fullmatch(typed):
            return date.fromisoformat(typed)
    except ValueError:
        pass
    raise WrongUsage(f"{typed!r} is not a day", hint="Write it like 2026-06-30.", field="at")
