"""The tree of themes with their counts, and the page of one theme."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from kb.web.narrowing import command
from kb.web.visit import Visit

_NEWEST = 10
_FACETS = ("year", "sector", "agency", "area", "status")
_SHOWN = 10


def counted_themes(visit: Visit) -> dict[str, Any]:
    """The theme frequency of everything, as the report's data."""
    base = visit.base
    words = command("report", "themes")
    report = visit.site.remembered(base, "themes", lambda: base.report("themes", command=words))
    return report.data


def themes(visit: Visit) -> Response:
    """All groups and themes with how many recommendations and reviews carry each."""
    data = counted_themes(visit)
    return visit.page(
        "themes.html",
        groups=visit.base.taxonomy.groups,
        counts={theme["id"]: theme for theme in data["themes"]},
        group_counts={group["id"]: group for group in data["groups"]},
        denominators=data["denominators"],
        most=max((theme["recommendations"] for theme in data["themes"]), default=0),
    )


def theme(visit: Visit) -> Response:
    """One theme: what it covers, how often it stands where, and its newest recommendations."""
    base = visit.base
    wanted = base.theme(str(visit.request.path_params["theme"]))
    data = counted_themes(visit)
    counts = next(one for one in data["themes"] if one["id"] == wanted.id)
    result = None
    if counts["recommendations"]:
        result = base.search("", limit=_NEWEST, sort="newest", facets=_FACETS, theme=[wanted.id])
    facets = {} if result is None else dict(result.facets)
    years = sorted(facets.pop("year", ()), key=lambda one: one.value)
    return visit.page(
        "theme.html",
        theme=wanted,
        group=next(g for g in base.taxonomy.groups if wanted in g.themes),
        counts=counts,
        denominators=data["denominators"],
        result=result,
        years=years,
        most=max((one.count for one in years), default=0),
        facets={name: held[:_SHOWN] for name, held in facets.items()},
    )
