"""Repeated learning: what several reviews keep recommending."""

from __future__ import annotations

from starlette.responses import Response

from kb.library.reporting import repeated_json
from kb.web.narrowing import Narrowing
from kb.web.paging import Paging
from kb.web.visit import Visit

PER_PAGE = 20


def repeated(visit: Visit) -> Response:
    """Groups of the same ask, those of most reviews first."""
    base, narrowing = visit.base, Narrowing.of(visit)
    pair_key = ("repeated", repr(narrowing.filters))
    groups = visit.site.remembered(
        base, pair_key, lambda: repeated_json(base, base.repeated(**narrowing.filters))
    )
    page = visit.number("page", 1, 100_000)
    paging = Paging(page, PER_PAGE, len(groups), "/repeated", narrowing.query)
    return visit.page(
        "repeated.html",
        groups=groups[paging.start - 1 : paging.end],
        narrowing=narrowing,
        chips=narrowing.chips(base),
        choices={name: base.values(name) for name in ("theme", "sector", "area", "kind")},
        paging=paging,
    )
