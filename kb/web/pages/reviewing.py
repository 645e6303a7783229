"""The page of one review, and the form that sets its facts right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from kb.errors import ChangedMeanwhile, WrongUsage
from kb.library.showing import corrected_recommendations, sorted_by_number
from kb.printed import REVIEW_FACTS
from kb.web.problems import Problem, status_of
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


def _page(
    visit: Visit, problems: Sequence[Problem] = (), typed: Mapping[str, str] | None = None
) -> Response:
    """The page; with ``typed`` its form again as it was filled in."""
    stored = visit.base.review(visit.review_id)
    filled = typed or {}
    return visit.page(
        "review.html",
        status=status_of(problems),
        review=stored,
        recommendations=sorted_by_number(corrected_recommendations(visit.base, stored)),
        facts=[
            (name, LABELS[name], filled.get(name, getattr(stored, name))) for name in REVIEW_FACTS
        ],
        seen=visit.one("seen") if typed is not None else _seen(visit, stored.id),
        notice=_notice(visit),
        problems=problems,
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


def _seen(visit: Visit, review_id: str) -> str:
    return "" if visit.read_only else visit.base.mark(review_id)


def correct(visit: Visit) -> Response:
    """Set facts of a review right."""
    stored = visit.base.review(visit.review_id)
    typed = {name: visit.one(name) for name in REVIEW_FACTS if name in visit.form}
    changes = {
        name: value or None
        for name, value in typed.items()
        if value != (getattr(stored, name) or "")
    }
    if not changes:
        return _page(visit, [Problem("title", "Nothing was changed in the form.")], typed)
    try:
        visit.base.correct(stored.id, changes, who=visit.who, seen=visit.one("seen"))
    except ChangedMeanwhile as error:
        return _page(visit, [Problem.of(error, "")])
    except WrongUsage as error:
        return _page(visit, [Problem.of(error, "title")], typed)
    return visit.to(f"/review/{stored.id}?done=corrected")
