"""The forms that ask for reports: all of them, or one again with what cannot be as it was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

from starlette.responses import Response

from kb.errors import KnowledgeBaseError, NotFound, QueryError
from kb.web.choices import offered
from kb.web.narrowing import FIELDS, LABELS, Narrowing, problem_of
from kb.web.problems import Problem, status_of
from kb.web.visit import Visit

TITLES = {
    "themes": "Theme frequency",
    "progress": "Progress",
    "review": "One review",
    "agency": "One agency",
    "briefing": "Briefing on a theme",
    "repeated": "Repeated learning",
}
BY = ("year", "sector", "agency", "area", "kind", "status")
CROSSED = (*BY, *(",".join(pair) for pair in permutations(BY, 2)))
COMPARED = {"year": "Year", **LABELS}
_FIELDS = {  # of each form, the first of them what its report is about
    "themes": ("by", "area", "from", "to"),
    "compare": ("of",),
    "sides": ("one", "other"),
    "progress": ("at", "area", "asked-again"),
    "agency": ("agency", "all"),
    "review": ("id",),
    "briefing": ("theme",),
    "repeated": ("since",),
}
_LISTED = ("themes", "compare", "progress", "agency", "review", "briefing", "repeated")
_VALUES = ("theme", "review", "agency", "area")


def reports(visit: Visit) -> Response:
    """The reports to choose from."""
    return _page(visit, _LISTED)


def compare(visit: Visit) -> Response:
    """The sides of a comparison to choose from, once it is known what they are sides of."""
    field = visit.one("of", 40)
    is_asked = "of" in visit.request.query_params
    wrong = [_no_field(field)] if is_asked and field not in COMPARED else []
    return _page(visit, [_compared(visit)], wrong)


def again(visit: Visit, name: str, error: KnowledgeBaseError) -> Response:
    """The form of a report that cannot be made, with everything that was typed."""
    form = _compared(visit) if name == "themes" and is_compared(visit) else name
    sides = _wrong_sides(visit) if form == "sides" else []
    subject = _FIELDS[form][0]
    problems = [*Narrowing.of(visit).without({subject}).problems(visit.base), *sides]
    about = Problem.of(error, subject)
    if isinstance(error, NotFound):
        about = replace(about, hint="Choose another.")
    if not problems or not isinstance(error, QueryError):
        problems.insert(0, about)
    return _page(visit, [form], problems)


def is_compared(visit: Visit) -> bool:
    """Whether two sides are asked for."""
    return any(visit.one(name, 300) for name in ("of", "one", "other", "compare"))


def _compared(visit: Visit) -> str:
    return "sides" if visit.one("of", 40) in COMPARED else "compare"


def _no_field(typed: str) -> Problem:
    if typed:
        return Problem("of", f"Nothing can be compared by {typed!r}.", "Choose one of the list.")
    return Problem("of", "It was not said by what to compare.", "Choose one of the list.")


def _wrong_sides(visit: Visit) -> list[Problem]:
    """Each of two sides that no recommendation has."""
    typed = {name: value for name in ("one", "other") if (value := visit.one(name, 250))}
    field = visit.one("of", 40)
    found = (problem_of(visit.base, field, value, name) for name, value in typed.items())
    return list(filter(None, found))


def _page(visit: Visit, forms: Sequence[str], problems: Sequence[Problem] = ()) -> Response:
    compared = visit.one("of", 40)
    is_one = len(forms) == 1
    narrowing = Narrowing.of(visit) if is_one else Narrowing()
    fields = _FIELDS[forms[0]] if is_one else ()
    wrong = {problem.field for problem in problems}
    kept = {
        name: held
        for name, held in narrowing.query.items()
        if held and name not in fields and name not in wrong
    }
    typed = [*fields, "of", "one", "other", *FIELDS] if is_one else []
    return visit.page(
        "reports.html",
        status=status_of(problems),
        forms=forms,
        problems=problems,
        unlinked=[name for name in wrong if name not in fields],
        kept=kept,
        typed={name: visit.many(name, 300) for name in typed},
        choices={name: offered(visit, name) for name in _VALUES},
        sides=offered(visit, compared) if forms[0] == "sides" else (),
        titles=TITLES,
        by=[(one, LABELS.get(one, one.capitalize())) for one in BY],
        compared=COMPARED,
    )
