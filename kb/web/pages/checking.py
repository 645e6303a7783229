"""Checking a draft: pasted text or a document, answered in words, with a report to take away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from kb.errors import KnowledgeBaseError, WrongUsage
from kb.library.telling import VERDICTS
from kb.web.files import MEDIA_TYPES
from kb.web.narrowing import command
from kb.web.told import told
from kb.web.visit import Visit

MOST_DRAFTS = 200
LONGEST_TEXT = 400_000
_FORMATS = ("docx", "xlsx", "csv", "html")
_VERDICT_TAGS = {
    "duplicate": "Asked before",
    "overlapping": "Partly asked before",
    "related": "Same subject",
    "new": "New",
}


@dataclass(frozen=True)
class Drafted:
    """A draft with what was found, each match beside what is stored of it."""

    number: str
    text: str
    found: Any
    matches: list[tuple[Any, dict[str, Any]]]


def form(visit: Visit) -> Response:
    """The empty form, or one that holds a text to begin with."""
    return _form(visit, text=visit.one("text", 20_000))


def _form(
    visit: Visit, *, text: str, problem: str = "", hint: str = "", status: int = 200
) -> Response:
    return visit.page(
        "check.html",
        status=status,
        text=text,
        leave_out=visit.one("except", 100),
        reviews=visit.base.values("review"),
        problem=problem,
        hint=hint,
    )


def check(visit: Visit) -> Response:
    """The answers to what was pasted or uploaded; as a file where one is asked for."""
    text = visit.one("text", LONGEST_TEXT)
    try:
        drafts = _drafts(visit, text)
        return _answer(visit, drafts)
    except KnowledgeBaseError as error:
        said = told(error)
        return _form(visit, text=text, problem=said.message, hint=said.hint, status=said.status)


def _drafts(visit: Visit, text: str) -> list[tuple[str, str]]:
    """Number and text of each draft: of a document, or of a text whose blank lines part them."""
    upload = visit.upload("file")
    if upload is not None and text:
        raise WrongUsage("both a text and a file were given", hint="Give one of them.")
    if upload is not None:
        with visit.site.uploads.passing(upload) as path, visit.site.reading():
            drafts = visit.base.drafts(path)
    else:
        parts = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n"))]
        drafts = [(str(n), part) for n, part in enumerate(filter(None, parts), start=1)]
    if not drafts:
        raise WrongUsage(
            "there is nothing to check", hint="Paste a recommendation, or choose a document."
        )
    if len(drafts) > MOST_DRAFTS:
        raise WrongUsage(
            f"these are {len(drafts)} recommendations, and {MOST_DRAFTS} are checked at once",
            hint="Check them in several parts.",
        )
    return drafts


def _answer(visit: Visit, drafts: list[tuple[str, str]]) -> Response:
    base, leave_out = visit.base, visit.one("except", 100) or None
    wanted = visit.one("format")
    if wanted in _FORMATS:
        words = command("check", "…", *([f"--except={leave_out}"] if leave_out else []))
        report = base.check_report(drafts, command=words, except_review=leave_out)
        return visit.file(report.render(wanted), f"check.{wanted}", MEDIA_TYPES[wanted])
    return visit.page(
        "checked.html",
        drafted=[_drafted(visit, number, text, leave_out) for number, text in drafts],
        leave_out=leave_out or "",
        verdicts=VERDICTS,
        tags=_VERDICT_TAGS,
        formats=_FORMATS,
        whole="\n\n".join(re.sub(r"\n\s*\n", "\n", text) for _, text in drafts),
    )


def _drafted(visit: Visit, number: str, text: str, leave_out: str | None) -> Drafted:
    base = visit.base
    found = base.check(text, except_review=leave_out)
    alike = [match for match in found.matches if match.verdict != "new"]
    return Drafted(
        number, text, found, [(match, base.index.records.json(match.row)) for match in alike]
    )
