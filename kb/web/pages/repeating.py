"""Repeated learning: what several reviews keep recommending."""

from __future__ import annotations

from starlette.responses import Response

from kb.library.reporting import repeated_json
from kb.web.narrowing import Narrowing
from kb.web.paging import Paging
from kb.web.visit import Visit

PER_PAGE = 20
_MOST_MEMBERS = 8  # of a group, in order of time; its report has all


def repeated(visit: Visit) -> Response:
    """Groups of the same ask, those of most reviews first."""
    base, narrowing = visit.base, Narrowing.of(visit)
    since = visit.one("since", 20)
    groups = visit.site.remembered(
        base,
        ("repeated", since, repr(narrowing.filters)),
        lambda: repeated_json(base, base.repeated(since=since or None, **narrowing.filters)),
    )
    page = visit.number("page", 1, max(1, -(-len(groups) // PER_PAGE)))
    query = {**narrowing.query, "since": since}
    paging = Paging(page, PER_PAGE, len(groups), "/repeated", query)
    return visit.page(
        "repeated.html",
        groups=groups[paging.start - 1 : paging.end],
        most_members=_MOST_MEMBERS,
        narrowing=narrowing,
        since=since,
        query=query,
        chips=narrowing.chips(base),
        choices={name: base.values(name) for name in ("theme", "sector", "area", "kind")},
        paging=paging,
    )
