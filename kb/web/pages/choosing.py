"""A page that finds a value among too many for a form, and leads back to it."""

from __future__ import annotations

from starlette.responses import Response

from kb.errors import QueryError
from kb.web.narrowing import LABELS
from kb.web.paging import Paging
from kb.web.visit import Visit, address

PER_PAGE = 200
_TO = (
    "/reports/themes", "/reports/compare", "/reports/progress", "/reports/agency",
    "/reports/review", "/reports/briefing", "/repeated", "/check",
)  # fmt: skip
_AS = ("theme", "area", "sector", "agency", "id", "except", "one", "other")
_KEPT = ("of", "one", "other")


def choose(visit: Visit) -> Response:
    """The values that hold the words looked for, each a link to where it is wanted."""
    field, to, name = visit.one("field", 40), visit.one("to", 100), visit.one("as", 40)
    if field not in (*LABELS, "review") or to not in _TO or name not in _AS:
        raise QueryError("there is nothing to choose here", hint="Begin at the reports.")
    words = visit.one("words", 200)
    kept = {one: held for one in _KEPT if (held := visit.one(one, 300))}
    values = visit.base.values(field, holding=words)
    found = sorted(values, key=lambda one: one[1].casefold())
    query = {"field": field, "to": to, "as": name, **kept}
    page = visit.number("page", 1, max(1, -(-len(found) // PER_PAGE)))
    paging = Paging(page, PER_PAGE, len(found), "/choose", {**query, "words": words})
    return visit.page(
        "choose.html",
        label=LABELS.get(field, "Review"),
        words=words,
        query=query,
        links=[
            (value, shown, address(to, {**kept, name: value}))
            for value, shown in found[paging.start - 1 : paging.end]
        ],
        paging=paging,
    )
