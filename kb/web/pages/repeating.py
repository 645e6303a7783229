"""Repeated learning: what several reviews keep recommending."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from kb.errors import QueryError, WrongUsage
from kb.library.reporting import repeated_json
from kb.web.choices import offered
from kb.web.narrowing import Narrowing
from kb.web.paging import Paging
from kb.web.problems import Problem, status_of
from kb.web.visit import Visit

PER_PAGE = 20
_FIELDS = ("theme", "sector", "area", "since")
_MOST_MEMBERS = 8  # of a group, in order of time; its report has all


def repeated(visit: Visit) -> Response:
    """Groups of the same ask, those of most reviews first."""
    base, narrowing = visit.base, Narrowing.of(visit)
    since = visit.one("since", 20)
    groups, problems = list[Any](), list[Problem]()
    try:
        groups = visit.site.remembered(
            base,
            ("repeated", since, repr(narrowing.filters)),
            lambda: repeated_json(base, base.repeated(since=since or None, **narrowing.filters)),
        )
    except (QueryError, WrongUsage) as error:
        problems = narrowing.problems(base)
        if isinstance(error, WrongUsage):
            problems.append(Problem.of(error, "since"))
    page = visit.number("page", 1, max(1, -(-len(groups) // PER_PAGE)))
    query = {**narrowing.query, "since": since}
    paging = Paging(page, PER_PAGE, len(groups), "/repeated", query)
    return visit.page(
        "repeated.html",
        status=status_of(problems),
        problems=problems,
        unlinked=[one.field for one in problems if one.field not in _FIELDS],
        groups=groups[paging.start - 1 : paging.end],
        most_members=_MOST_MEMBERS,
        narrowing=narrowing,
        since=since,
        query=query,
        chips=narrowing.chips(base),
        choices={name: offered(visit, name) for name in ("theme", "sector", "area")},
        paging=paging,
    )
