"""Pages that tell: the start, what this is, how accessible it is, what it keeps of whom."""

from __future__ import annotations

from starlette.responses import Response

import kb
from kb.errors import IndexMissing, IndexUnreadable
from kb.web.visit import Visit


def start(visit: Visit) -> Response:
    """The start page: a search, and the ways to everything else."""
    return visit.page("start.html", manifest=_manifest(visit))


def _manifest(visit: Visit) -> object | None:
    try:
        return visit.base.index.generation.manifest
    except (IndexMissing, IndexUnreadable):
        return None


def about(visit: Visit) -> Response:
    """What this is, what it does not do, and how good it is."""
    return visit.page(
        "about.html",
        manifest=_manifest(visit),
        version=kb.__version__,
        taxonomy=visit.base.taxonomy,
    )


def accessibility(visit: Visit) -> Response:
    """The accessibility statement, for whoever runs the site to complete."""
    return visit.page("accessibility.html")


def privacy(visit: Visit) -> Response:
    """What is kept of whom."""
    return visit.page("privacy.html")
