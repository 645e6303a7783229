"""The page of one review, and the form that sets its facts right."""

from __future__ import annotations

from starlette.responses import Response

from kb.library.showing import corrected_recommendations, sorted_by_number
from kb.printed import REVIEW_FACTS
from kb.web.visit import Visit

LABELS = {
    "title": "Title",
    "kind": "Kind",
    "area": "Area",
    "region": "Region",
    "published": "Published",
    "report_date": "Date of the report",
    "publication": "Publication",
    "url": "Address",
    "death_month": "Month of death",
}


def review(visit: Visit) -> Response:
    """One review with its recommendations."""
    return _page(visit)


def _page(visit: Visit, *, status: int = 200, problem: str = "") -> Response:
    stored = visit.base.review(visit.review_id)
    return visit.page(
        "review.html",
        status=status,
        review=stored,
        recommendations=sorted_by_number(corrected_recommendations(visit.base, stored)),
        facts=[(name, LABELS[name], getattr(stored, name)) for name in REVIEW_FACTS],
        seen="" if visit.read_only else visit.base.mark(stored.id),
        notice=_notice(visit),
        problem=problem,
    )


def _notice(visit: Visit) -> str:
    """What was done, in words that are true now."""
    done = visit.one("done")
    if done == "corrected":
        return "It was set right, with its history."
    if done != "added":
        return ""
    is_found = not visit.base.has_changed()
    return f"It was stored, and {'can be found' if is_found else 'waits for the next build'}."


def correct(visit: Visit) -> Response:
    """Set facts of a review right."""
    stored = visit.base.review(visit.review_id)
    changes = {
        name: visit.one(name) or None
        for name in REVIEW_FACTS
        if name in visit.form and visit.one(name) != (getattr(stored, name) or "")
    }
    if not changes:
        return _page(visit, status=400, problem="Nothing was changed in the form.")
    visit.base.correct(stored.id, changes, who=visit.who, seen=visit.one("seen"))
    return visit.to(f"/review/{stored.id}?done=corrected")
