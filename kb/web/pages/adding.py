"""Adding a document: sent, read and shown, and stored once somebody has confirmed it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from kb.errors import DocumentError, KnowledgeBaseError, WrongUsage
from kb.library.adding import Added, AddRequest
from kb.library.showing import printed
from kb.library.telling import account_lines, change_lines
from kb.web.pages.recommending import CORRECTABLE
from kb.web.pages.reviewing import LABELS
from kb.web.problems import Problem, status_of
from kb.web.uploads import Waiting
from kb.web.visit import Visit, address

SUFFIXES = (
    ".docx", ".doc", ".odt", ".rtf", ".pdf", ".xlsx", ".xls", ".ods", ".csv", ".tsv", ".html",
    ".htm", ".md", ".txt", ".json", ".jsonl",
)  # fmt: skip
_WAIT = 20.0  # seconds for which a page waits for the build before it says that it is running
_MOST_LEFT_OUT = 200
_OWN = re.compile(r"/(?:[^/\\\s\x00-\x1f][^\\\s\x00-\x1f]*)?")  # an address of these pages
_PERSONAL = " may stand in "
_NAMES = {"id": "review-id"}  # fields of the form that are called otherwise than the fact
_OUTCOMES = {
    "added": "A new review",
    "read-again": "A newer version of a stored review",
    "also": "A further document of a stored review",
    "unchanged": "Nothing new: it is stored already",
}


def form(visit: Visit) -> Response:
    """The empty form."""
    return _form(visit)


def _refused(visit: Visit, error: KnowledgeBaseError) -> Response:
    """The form again; its problem leads to the field that cannot be, or to the document."""
    found = Problem.of(error, "file" if isinstance(error, DocumentError) else "")
    return _form(visit, [replace(found, field=_NAMES.get(found.field, found.field))])


def _form(visit: Visit, problems: Sequence[Problem] = ()) -> Response:
    said = {name: visit.one(name) for name in ("review-id", *LABELS)}
    return visit.page(
        "add.html",
        status=status_of(problems),
        said=said,
        also=visit.one("also"),
        labels=LABELS,
        suffixes=",".join(SUFFIXES),
        megabytes=visit.site.serving.largest_upload // 2**20,
        problems=problems,
        unlinked=[one.field for one in problems if one.field not in ("file", *said)],
    )


def send(visit: Visit) -> Response:
    """Keep the document until it is confirmed, and show what was read of it."""
    upload = visit.upload("file")
    if upload is None:
        return _form(visit, [Problem("file", "Choose a document.")])
    said = {name: visit.one(name) for name in ("review-id", "also", *LABELS) if visit.one(name)}
    token = visit.site.uploads.keep(upload, visit.who, said)
    waiting = visit.site.uploads.waiting(token, visit.who)
    try:
        added = _read(visit, waiting, dry_run=True)
    except KnowledgeBaseError as error:
        visit.site.uploads.forget(token)
        return _refused(visit, error)
    return _preview(visit, waiting, added)


def _read(visit: Visit, waiting: Waiting, *, dry_run: bool) -> list[Added]:
    said = dict(waiting.said)
    request = AddRequest(
        review_id=said.pop("review-id", None),
        also=said.pop("also", "") == "yes",
        facts=said,
    )
    with visit.site.reading():
        return visit.base.add([waiting.path], request, who=visit.who, dry_run=dry_run)


def _preview(visit: Visit, waiting: Waiting, added: list[Added]) -> Response:
    return visit.page(
        "preview.html",
        token=waiting.token,
        name=waiting.path.name,
        previews=[_told(one) for one in added],
        is_changing=any(one.outcome != "unchanged" or one.judged for one in added),
        labels={**LABELS, **CORRECTABLE},
    )


def _told(one: Added) -> dict[str, Any]:
    """What storing a review would come to, for the page."""
    standing = [r for r in one.review.recommendations if not r.removed]
    notes = [*one.notes, *one.reading.notes]
    flags = [(r, flag) for r in standing for flag in r.flags]
    return {
        "review": one.review,
        "outcome": _OUTCOMES[one.outcome],
        "account": list(account_lines(one.reading.account)),
        "columns": one.reading.columns,
        "personal": [note for note in notes if _PERSONAL in note]
        + [f"Recommendation {r.number or r.position}: {f}" for r, f in flags if _PERSONAL in f],
        "notes": [note for note in notes if _PERSONAL not in note],
        "doubts": sum(bool(r.flags) for r in standing),
        "changes": list(change_lines(one)) if one.before else [],
        "left_out": one.reading.left_out[:_MOST_LEFT_OUT],
        "left_out_count": len(one.reading.left_out),
        "left_out_cells": len(one.reading.account.left_out_cells),
        "judged": len(one.judged),
        "recommendations": [
            (r, [(label, printed(r, f)) for f, label in CORRECTABLE.items() if f != "text"])
            for r in standing
        ],
    }


def confirm(visit: Visit) -> Response:
    """Store what was shown, then build so that it is found."""
    token = visit.one("document", 64)
    waiting = visit.site.uploads.waiting(token, visit.who)
    if visit.one("do") == "discard":
        visit.site.uploads.forget(token)
        return visit.to("/add")
    try:
        added = _read(visit, waiting, dry_run=False)
    except KnowledgeBaseError as error:
        return _refused(visit, error)
    visit.site.uploads.forget(token)
    return _built(visit, f"/review/{added[0].review.id}?done=added")


# Building -------------------------------------------------------------------------------------


def build(visit: Visit) -> Response:
    """Build the index, and go where the person came from."""
    back = visit.one("back")
    return _built(visit, back if _OWN.fullmatch(back) else "/")


def _built(visit: Visit, then: str) -> Response:
    visit.site.builds.start()
    state = visit.site.builds.wait(_WAIT)
    return visit.to(then if state.stage == "done" else address("/build", {"then": then}))


def building(visit: Visit) -> Response:
    """How the build goes."""
    then = visit.one("then")
    if then and not _OWN.fullmatch(then):
        raise WrongUsage("this address is none of these pages")
    return visit.page("build.html", state=visit.site.builds.state(), then=then or "/")
