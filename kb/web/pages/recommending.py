"""The page of one recommendation, and the forms on it: judging, pairing, setting right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from kb.errors import IndexMissing, IndexUnreadable, WrongUsage
from kb.library.showing import (
    citation,
    corrections_json,
    is_said_by_actions,
    leading_evidence,
    numbered_parts,
    printed,
    source_of,
)
from kb.model import Entry, Tag, Taxonomy
from kb.web.pages.searching import theme_names
from kb.web.visit import Visit

_NEAR = 12
_BY = {
    "person": "a person",
    "starter": "the starter corpus",
    "rule": "a rule",
    "classifier": "the classifier",
}
CORRECTABLE = {
    "text": "Recommendation",
    "number": "Number",
    "heading": "Heading",
    "scope": "Scope",
    "status": "Status",
    "lead_agency": "Lead agency",
    "action": "Action",
    "milestones": "Milestones",
    "outcome": "Outcome",
    "target_date": "Target date",
    "completed": "Completed",
}
LONG_FIELDS = ("text", "action", "milestones", "outcome")
_LONGEST_FIELD = 50_000


@dataclass(frozen=True)
class Ballot:
    """One theme in the form of judging, and how it came there."""

    id: str
    name: str
    said: str
    evidence: list[str]
    is_tag: bool
    is_judged: bool


def ballots(entry: Entry, taxonomy: Taxonomy) -> list[Ballot]:
    """The themes and suggestions of a recommendation, each with who says so and why."""
    named = {theme.id: theme.name for theme in taxonomy.themes()}
    return [
        _ballot(tag, named.get(tag.id, tag.id), is_tag=is_tag)
        for tags, is_tag in ((entry.themes, True), (entry.suggestions, False))
        for tag in tags
    ]


def _ballot(tag: Tag, name: str, *, is_tag: bool) -> Ballot:
    said = " and ".join(filter(None, [", ".join(_BY[by] for by in tag.by[:-1]), _BY[tag.by[-1]]]))
    evidence = [
        f"“{' '.join(one.text.split())}”: {one.why}" if one.text else one.why
        for one in leading_evidence(tag)
    ]
    is_judged = "person" in tag.by
    sure = "" if is_judged or "starter" in tag.by else f", {tag.confidence:.0%} sure"
    return Ballot(tag.id, name, f"{said}{sure}", evidence, is_tag, is_judged)


def recommendation(visit: Visit) -> Response:
    """One recommendation, whole."""
    return _page(visit)


def _page(visit: Visit, *, status: int = 200, problem: str = "") -> Response:
    base = visit.base
    entry = base.entry(visit.identity)
    near = _near(visit, entry)
    return visit.page(
        "recommendation.html",
        status=status,
        entry=entry,
        fields=_fields(entry),
        parts=numbered_parts(base, entry.id),
        ballots=ballots(entry, base.taxonomy),
        groups=base.taxonomy.groups,
        seen="" if visit.read_only else base.mark(entry.id),
        source=source_of(base, entry.id),
        corrections=corrections_json(base, entry.id),
        citation=citation(entry),
        editable=[(f, label, printed(entry.recommendation, f)) for f, label in CORRECTABLE.items()],
        long_fields=LONG_FIELDS,
        labels=CORRECTABLE,
        themes=theme_names(visit),
        done=visit.one("done"),
        problem=problem,
        **near,
    )


def _fields(entry: Entry) -> list[tuple[str, str]]:
    """The printed fields that say something, under their labels."""
    recommendation = entry.recommendation
    told = [
        ("Heading", recommendation.heading),
        ("Action", _own(entry, "action")),
        ("Milestones", _own(entry, "milestones")),
        ("Outcome", _own(entry, "outcome")),
        ("Target date", recommendation.target_date.printed),
        ("Completed", recommendation.completed.printed or recommendation.completed.date),
    ]
    return [(label, text) for label, text in told if text]


def _own(entry: Entry, field: str) -> str | None:
    recommendation = entry.recommendation
    return None if is_said_by_actions(recommendation, field) else printed(recommendation, field)


def _near(visit: Visit, entry: Entry) -> dict[str, Any]:
    """Earlier and later repeats in order of time with this one among them, and what is alike."""
    try:
        found = visit.base.repeats_of(entry.id, limit=_NEAR)
    except (IndexMissing, IndexUnreadable):
        found = None
    near = found.matches if found else ()
    repeats = [one for one in near if one.verdict in ("duplicate", "overlapping")]
    return {
        "history": found.history if found else None,
        "timeline": sorted(repeats, key=lambda one: one.facts.when or "9999"),
        "like_this": [one for one in near if one.verdict == "related"][:5],
        "own_time": entry.review.published or str(entry.review.year.value or ""),
    }


# Forms ----------------------------------------------------------------------------------------


def judged(visit: Visit) -> tuple[list[str], list[str], bool]:
    """The themes said yes and no in a form, and whether all were judged."""
    themes = list(visit.base.taxonomy.theme_ids())
    yes = [theme for theme in themes if visit.one(f"theme-{theme}") == "yes"]
    yes += [theme for theme in visit.many("more") if theme not in yes]
    no = [theme for theme in themes if visit.one(f"theme-{theme}") == "no"]
    return yes, [theme for theme in no if theme not in yes], visit.one("complete") == "yes"


def judge(visit: Visit) -> Response:
    """Store what a person decided about the themes."""
    yes, no, complete = judged(visit)
    if not (yes or no or complete):
        return _page(visit, status=400, problem="Say yes or no to at least one theme.")
    visit.base.judge_themes(
        visit.identity, yes=yes, no=no, complete=complete, who=visit.who, seen=visit.one("seen")
    )
    return visit.to(f"/recommendation/{visit.identity}?done=judged", "#themes")


def take_back(visit: Visit) -> Response:
    """Take back this person's last judgement."""
    visit.base.take_back(visit.identity, who=visit.who)
    return visit.to(f"/recommendation/{visit.identity}?done=taken-back", "#themes")


def pair(visit: Visit) -> Response:
    """Store whether two recommendations ask the same."""
    said = visit.one("same")
    if said not in ("yes", "no"):
        raise WrongUsage("nothing was said of the two", hint="Choose same or different.")
    other = visit.one("other", 200)
    visit.base.judge_pair(visit.identity, other, same=said == "yes", who=visit.who)
    return visit.to(f"/recommendation/{visit.identity}?done=paired", "#repeats")


def correct(visit: Visit) -> Response:
    """Set fields right that were misread or have moved on."""
    stands = visit.base.entry(visit.identity).recommendation
    changes: dict[str, str | None] = {}
    for field in CORRECTABLE:
        if field not in visit.form:
            continue
        value = visit.one(field, _LONGEST_FIELD).replace("\r\n", "\n")
        if value != (printed(stands, field) or "").strip():
            changes[field] = value or None
    if not changes:
        return _page(visit, status=400, problem="Nothing was changed in the form.")
    visit.base.correct(visit.identity, changes, who=visit.who, seen=visit.one("seen"))
    return visit.to(f"/recommendation/{visit.identity}?done=corrected")
