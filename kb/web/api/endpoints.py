"""The endpoints of the API: each a function, with what it may be asked beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kb.errors import WrongUsage
from kb.library.drafts import Draft, check_drafts
from kb.library.showing import citation, corrections_json, review_json
from kb.web.api.parameters import Parameter
from kb.web.narrowing import FACETS, LABELS, Narrowing
from kb.web.pages.checking import LONGEST_DRAFT
from kb.web.pages.report_forms import CROSSED, TITLES
from kb.web.pages.reporting import made_report, report_name
from kb.web.visit import Visit

_NEAR = 10
_LISTED = 5
_YEAR = r"[0-9]{4}(\.\.([0-9]{4})?)?|\.\.[0-9]{4}"
_FILTERS = (
    *(Parameter(name, f"Only this: {label.lower()}.", "texts", 300)
      for name, label in LABELS.items()),
    Parameter("review", "Only this review.", "texts", 300),
    Parameter("year", "Only these years: 2021 or 2019..2022.", pattern=_YEAR, most=10),
)  # fmt: skip
_DRAFT: dict[str, Any] = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "maxLength": 200},
        "text": {"type": "string", "minLength": 1, "maxLength": LONGEST_DRAFT},
        "except": {"type": "string", "maxLength": 80, "description": "Leave this review out."},
        "limit": {"type": "integer", "minimum": 5, "maximum": 100, "default": 5},
        "advice": {"type": "boolean", "default": False, "description": "With hints on wording."},
    },
}


@dataclass(frozen=True)
class Endpoint:
    """One address of the API; its answer is an instance of the schema named."""

    path: str
    about: str
    answer: Callable[..., dict[str, Any]]
    schema: str
    parameters: tuple[Parameter, ...] = ()
    body: dict[str, Any] | None = None

    def asked(self, visit: Visit) -> dict[str, Any]:
        """Its parameters as they were sent; raises WrongUsage for one that cannot be."""
        known = {parameter.name for parameter in self.parameters}
        for name in visit.request.query_params:
            if name not in known:
                told = ", ".join(sorted(known)) or "none"
                raise WrongUsage(f"{name!r} is no parameter here", hint=f"There are: {told}.")
        return {parameter.name: parameter.value(visit) for parameter in self.parameters}


def _narrowing(asked: dict[str, Any]) -> Narrowing:
    values = {name: asked[name] for name in (*FACETS, "review") if asked[name]}
    first, dots, last = asked["year"].partition("..")
    return Narrowing(values, first, last if dots else first)


def search(visit: Visit, asked: dict[str, Any]) -> dict[str, Any]:
    """Recommendations by words, best first."""
    limit = asked["limit"]
    facets = (*FACETS, "year") if asked["facets"] else ()
    result = visit.base.search(
        asked["q"],
        limit=limit,
        offset=(asked["page"] - 1) * limit,
        sort=asked["sort"],
        facets=facets,
        **_narrowing(asked).filters,
    )
    return result.as_json() | visit.base.help_with(result).as_json()


def recommendation(visit: Visit, _: dict[str, Any]) -> dict[str, Any]:
    """One recommendation, whole."""
    base, entry = visit.base, visit.base.entry(visit.identity)
    found = base.repeats_of(entry.id, limit=_NEAR)
    near = found.matches if found else ()
    repeats = [one for one in near if one.verdict in ("duplicate", "overlapping")][:_LISTED]
    return {
        **entry.as_json(),
        "review": entry.review.model_dump(mode="json"),
        "repeats": [match.as_json() for match in repeats],
        "more_like_this": [m.facts.id for m in near if m.verdict == "related"][:_LISTED],
        "citation": citation(entry),
        "removed": entry.recommendation.removed,
        "corrections": corrections_json(base, entry.id),
    }


def review(visit: Visit, _: dict[str, Any]) -> dict[str, Any]:
    """One review with its recommendations."""
    return review_json(visit.base, visit.base.review(visit.review_id))


def themes(visit: Visit, _: dict[str, Any]) -> dict[str, Any]:
    """Every theme with its counts, shares and intervals."""
    return _report(visit, "themes", Narrowing())


def report(visit: Visit, asked: dict[str, Any]) -> dict[str, Any]:
    """A report's data."""
    return _report(visit, report_name(visit), _narrowing(asked))


def _report(visit: Visit, name: str, narrowing: Narrowing) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(made_report(visit, name, narrowing).render("json"))
    return told


def check(visit: Visit, draft: dict[str, Any]) -> dict[str, Any]:
    """Whether a draft is a repeat."""
    (checked,) = check_drafts(
        visit.base,
        [Draft(draft.get("id", "1"), draft["text"])],
        except_review=draft.get("except") or None,
        limit=draft.get("limit", 5),
    )
    return checked.as_json(visit.base, advice=draft.get("advice", False))


def read_draft(body: bytes) -> dict[str, Any]:
    """The draft that a request carries; raises WrongUsage where it is not of the shape."""
    try:
        sent = json.loads(body)
        json.dumps(sent, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise WrongUsage(
            "the body is not JSON in UTF-8", hint='Send {"text": "…"} as application/json.'
        ) from error
    if not isinstance(sent, dict):
        raise WrongUsage("the body is not an object", hint='Send {"text": "…"}.')
    for name, value in sent.items():
        rule = _DRAFT["properties"].get(name)
        if rule is None or not _fits(value, rule):
            raise WrongUsage(f"{name!r} is not as the API asks for", hint="See openapi.json.")
    if "text" not in sent:
        raise WrongUsage("text is missing", hint="Give the wording of a recommendation.")
    return sent


def _fits(value: object, rule: dict[str, Any]) -> bool:
    if rule["type"] == "string":
        return (
            isinstance(value, str) and rule.get("minLength", 0) <= len(value) <= rule["maxLength"]
        )
    if rule["type"] == "boolean":
        return isinstance(value, bool)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return is_number and rule["minimum"] <= value <= rule["maximum"]


_PAGE = (
    Parameter("limit", "How many on a page.", "number", 100, "20"),
    Parameter("page", "Which page.", "number", 10_000, "1"),
)
ENDPOINTS = (
    Endpoint(
        "/search",
        "Find recommendations by words, best match first; without words, all under the filters.",
        search,
        "Search",
        (
            Parameter("q", "Words, in the search language."),
            *_FILTERS,
            *_PAGE,
            Parameter("sort", "The order.", "choice", default="relevance",
                      choices=("relevance", "newest", "status")),
            Parameter("facets", "Whether each filter's values are counted.", "flag"),
        ),
    ),
    Endpoint(
        "/recommendations/{review}/{position}",
        "One recommendation with tags, evidence, source, repeats and citation.",
        recommendation,
        "Recommendation",
    ),
    Endpoint("/reviews/{review}", "One review with its recommendations.", review, "Review"),
    Endpoint("/themes", "How many recommendations and reviews carry each theme.", themes, "Themes"),
    Endpoint(
        "/check",
        "Has this been recommended before? Nothing is stored.",
        check,
        "Check",
        body=_DRAFT,
    ),
    Endpoint(
        "/reports/{name}",
        "The data of a report.",
        report,
        "Report",
        (
            *_FILTERS,
            Parameter("by", "themes: crossed with this, or with two.", "choice", choices=CROSSED),
            Parameter("compare", "themes: a side (area=Harrowdale), or two.", "texts", 300),
            Parameter("asked-again", "progress: with what was asked again after it was complete.",
                      "choice", choices=("yes", "no")),
            Parameter("since", "repeated: asked in this year or month, or later.",
                      pattern=r"[0-9]{4}(-(0[1-9]|1[0-2]))?", most=7),
            Parameter("at", "progress: overdue before this day.",
                      pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}", most=10),
            Parameter("id", "review: which one.", most=80),
            Parameter("all", "agency: with what is asked of all agencies.", "choice",
                      choices=("yes", "no")),
        ),
    ),
)  # fmt: skip
REPORT_NAMES = tuple(TITLES)
