"""The page of one recommendation, and the forms on it: judging, pairing, setting right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.responses import Response

from kb.errors import ChangedMeanwhile, IndexMissing, IndexUnreadable, NotFound, WrongUsage
from kb.library.meanwhile import mark_of_pair, refuse_changed
from kb.library.pairing import judged_pairs
from kb.library.showing import (
    citation,
    corrections_json,
    is_said_by_actions,
    numbered_parts,
    printed,
    source_of,
    wording,
)
from kb.library.votes import Vote, peoples_judgements, votes
from kb.model import Entry
from kb.web.ballots import ballots, marked
from kb.web.pages.searching import theme_names
from kb.web.problems import Problem, status_of
from kb.web.told import told
from kb.web.visit import Visit

_NEAR = 12
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


def recommendation(visit: Visit) -> Response:
    """One recommendation, whole."""
    return _page(visit)


def _page(
    visit: Visit,
    *,
    status: int = 200,
    problem: str = "",
    hint: str = "",
    problems: Sequence[Problem] = (),
) -> Response:
    """The page; with ``problems`` its form of corrections as it was filled in."""
    base = visit.base
    entry = base.entry(visit.identity)
    near = _near(visit, entry)
    seen = "" if visit.read_only else base.mark(entry.id)
    return visit.page(
        "recommendation.html",
        status=status_of(problems) if problems else status,
        entry=entry,
        fields=_fields(entry),
        parts=numbered_parts(base, entry.id),
        ballots=ballots(entry, base.taxonomy, _votes(entry, visit)),
        judgements=peoples_judgements(base, entry.id),
        groups=base.taxonomy.groups,
        seen=seen,
        seen_of_form=visit.one("seen") if problems else seen,
        source=source_of(base, entry.id),
        corrections=corrections_json(base, entry.id),
        citation=citation(entry),
        editable=_editable(visit, entry, is_again=bool(problems)),
        long_fields=LONG_FIELDS,
        labels=CORRECTABLE,
        themes=theme_names(visit),
        done=visit.one("done"),
        problem=problem,
        hint=hint,
        problems=problems,
        **near,
    )


def _editable(visit: Visit, entry: Entry, *, is_again: bool) -> list[tuple[str, str, str | None]]:
    """What can be set right, under its label: as it stands, or again as it was filled in."""
    typed = {f: _typed(visit, f) for f in CORRECTABLE if is_again and f in visit.form}
    return [
        (field, label, typed.get(field, printed(entry.recommendation, field)))
        for field, label in CORRECTABLE.items()
    ]


def _typed(visit: Visit, field: str) -> str:
    return visit.one(field, _LONGEST_FIELD).replace("\r\n", "\n")


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


def _votes(entry: Entry, visit: Visit) -> dict[str, Vote]:
    return votes(visit.base, entry.id, entry.recommendation.text)


def _near(visit: Visit, entry: Entry) -> dict[str, Any]:
    """Earlier and later repeats in order of time with this one among them, and what is alike.

    What people said of this one and another stands by itself, whatever the machine says of the two.
    """
    try:
        found = visit.base.repeats_of(entry.id, limit=_NEAR)
    except (IndexMissing, IndexUnreadable):
        found = None
    near = found.matches if found else ()
    repeats = [one for one in near if one.verdict in ("duplicate", "overlapping")]
    judged = judged_pairs(visit.base, entry.id)
    known = {one.other for one in judged}
    like_this = [one for one in near if one.verdict == "related" and one.facts.id not in known][:5]
    shown = {
        one.facts.id: _stands(visit, one.facts.id, one.facts.text) for one in (*repeats, *like_this)
    }
    shown |= {one.other: one.text for one in judged}
    return {
        "history": found.history if found else None,
        "timeline": sorted(repeats, key=lambda one: one.facts.when or "9999"),
        "like_this": like_this,
        "own_time": entry.review.published or str(entry.review.year.value or ""),
        "judged": judged,
        "wordings": shown,
        "marks": {} if visit.read_only else _marks(visit, entry, shown),
    }


def _stands(visit: Visit, identity: str, built: str) -> str:
    """How another is worded now: since it was ``built`` it may have been set right, or removed."""
    if not visit.site.has_changed(visit.base):
        return built
    try:
        return wording(visit.base, identity)
    except NotFound:
        return built


def _marks(visit: Visit, entry: Entry, shown: Mapping[str, str]) -> dict[str, str]:
    """For each other recommendation that is shown, the mark of it beside this one."""
    own = {entry.id: entry.recommendation.text}
    return {other: mark_of_pair(visit.base, {**own, other: text}) for other, text in shown.items()}


# Forms ----------------------------------------------------------------------------------------


def judge(visit: Visit) -> Response:
    """Store what a person decided about the themes."""
    base, identity = visit.base, visit.identity
    said = marked(visit, _votes(base.entry(identity), visit))
    seen = visit.one("seen")
    try:
        if said.says_nothing:
            refuse_changed(base, (identity,), seen)  # another may have said the same meanwhile
            return _page(visit, status=400, problem="Say yes or no to at least one theme.")
        base.judge_themes(
            identity, yes=said.yes, no=said.no, complete=said.complete, who=visit.who, seen=seen
        )
    except ChangedMeanwhile as error:
        return _changed(visit, error)
    return visit.to(f"/recommendation/{identity}?done=judged", "#themes")


def take_back(visit: Visit) -> Response:
    """Take back a judgement of this person: on a pair, or on the themes the one made at a time."""
    base, identity, other = visit.base, visit.identity, visit.one("other", 200)
    if not other:
        base.take_back(identity, who=visit.who, made=_moment(visit.one("made", 40)))
        return visit.to(f"/recommendation/{identity}?done=taken-back", "#themes")
    try:
        base.take_back_pair(identity, other, who=visit.who, seen=visit.one("seen"))
    except ChangedMeanwhile as error:
        return _changed(visit, error)
    return visit.to(f"/recommendation/{identity}?done=taken-back", "#repeats")


def _moment(made: str) -> datetime | None:
    try:
        return datetime.fromisoformat(made) if made else None
    except ValueError as error:
        raise WrongUsage(f"{made!r} is not the time of a judgement") from error


def pair(visit: Visit) -> Response:
    """Store whether two recommendations ask the same."""
    said = visit.one("same")
    if said not in ("yes", "no"):
        raise WrongUsage("nothing was said of the two", hint="Choose same or different.")
    other, seen = visit.one("other", 200), visit.one("seen")
    try:
        visit.base.judge_pair(visit.identity, other, same=said == "yes", who=visit.who, seen=seen)
    except ChangedMeanwhile as error:
        return _changed(visit, error)
    return visit.to(f"/recommendation/{visit.identity}?done=paired", "#repeats")


def _changed(visit: Visit, error: ChangedMeanwhile) -> Response:
    """The page as it stands now, to a person who answered what stood there before."""
    said = told(error)
    return _page(visit, status=said.status, problem=said.message, hint=said.hint)


def correct(visit: Visit) -> Response:
    """Set fields right that were misread or have moved on."""
    stands = visit.base.entry(visit.identity).recommendation
    changes: dict[str, str | None] = {}
    for field in CORRECTABLE:
        if field not in visit.form:
            continue
        value = _typed(visit, field)
        if value != (printed(stands, field) or "").strip():
            changes[field] = value or None
    if not changes:
        return _page(visit, status=400, problem="Nothing was changed in the form.")
    try:
        visit.base.correct(visit.identity, changes, who=visit.who, seen=visit.one("seen"))
    except ChangedMeanwhile as error:
        return _changed(visit, error)
    except WrongUsage as error:
        return _page(visit, problems=[Problem.of(error, next(iter(changes)))])
    return visit.to(f"/recommendation/{visit.identity}?done=corrected")
