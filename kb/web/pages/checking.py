"""Checking a draft: pasted text or a document, answered in words, with a report to take away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from starlette.responses import Response

from kb.errors import KnowledgeBaseError, WrongUsage
from kb.library.drafts import Draft, check_drafts, digest_of, draft_report, read_drafts
from kb.model import SECTOR_NAMES
from kb.web.files import MEDIA_TYPES
from kb.web.narrowing import command
from kb.web.pages.searching import theme_names
from kb.web.paging import Paging
from kb.web.told import told
from kb.web.visit import Visit

if TYPE_CHECKING:
    from kb.library import KnowledgeBase
    from kb.library.drafts import CheckedDraft

PER_PAGE = 12
MOST_DRAFTS = 200
LONGEST_TEXT = 400_000
_LONGEST_AGAIN = 900_000
_FORMATS = {"docx": "Word", "xlsx": "Excel", "csv": "CSV", "html": "Web page", "json": "JSON"}
_VERDICT_TAGS = {
    "duplicate": "Asked before",
    "overlapping": "Partly asked before",
    "related": "Same subject",
    "new": "New",
}
_A_TEXT = "a text"
_SENT = TypeAdapter(list[Draft])


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
        drafts, said_of = _drafts(visit, text)
        return _answer(visit, drafts, said_of)
    except KnowledgeBaseError as error:
        said = told(error)
        return _form(visit, text=text, problem=said.message, hint=said.hint, status=said.status)


def _drafts(visit: Visit, text: str) -> tuple[list[Draft], str]:
    """The drafts of a document, of a text, or of a page that shows answers; and what they are."""
    upload, again = visit.upload("file"), visit.one("drafts", _LONGEST_AGAIN)
    if upload is not None and text:
        raise WrongUsage("both a text and a file were given", hint="Give one of them.")
    said_of = visit.one("of", 400) or _A_TEXT
    if upload is not None:
        with visit.site.uploads.passing(upload) as path, visit.site.reading():
            drafts = read_drafts(visit.base, path)
            said_of = f"{path.name}, digest {digest_of(path)[:16]}"
    else:
        drafts = _sent_again(again) if again else _pasted(text)
    if not drafts:
        raise WrongUsage(
            "there is nothing to check", hint="Paste a recommendation, or choose a document."
        )
    if len(drafts) > MOST_DRAFTS:
        raise WrongUsage(
            f"these are {len(drafts)} recommendations, and {MOST_DRAFTS} are checked at once",
            hint="Check them in several parts.",
        )
    return drafts, said_of


def _pasted(text: str) -> list[Draft]:
    """A text whose blank lines part its recommendations."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n"))]
    return [Draft(str(n), part) for n, part in enumerate(filter(None, parts), start=1)]


def _sent_again(sent: str) -> list[Draft]:
    """The drafts of a page that shows answers, which come back with what their plan prints."""
    try:
        drafts = _SENT.validate_json(sent)
    except ValueError:
        drafts = []
    if not drafts or not all(sector in SECTOR_NAMES for one in drafts for sector in one.sectors):
        raise WrongUsage("the drafts did not come back as they were sent", hint="Check them again.")
    return drafts


def _answer(visit: Visit, drafts: Sequence[Draft], said_of: str) -> Response:
    base, leave_out = visit.base, visit.one("except", 100) or None
    checked = list(check_drafts(base, drafts, except_review=leave_out))
    wanted = visit.one("format")
    if wanted in _FORMATS:
        words = command("check", "…", "--advice", *([f"--except={leave_out}"] if leave_out else []))
        about = [("Checked", said_of), *([("Review left out", leave_out)] if leave_out else [])]
        rows = [one.as_json(base, advice=True) for one in checked]
        report = draft_report(base, rows, about, command=words)
        return visit.file(report.render(wanted), f"check.{wanted}", MEDIA_TYPES[wanted])
    page = visit.number("page", 1, -(-len(checked) // PER_PAGE))
    paging = Paging(page, PER_PAGE, len(checked), "/check", {})
    counts = Counter[str](one.found.verdict for one in checked)
    return visit.page(
        "checked.html",
        drafted=[_shown(base, one) for one in checked[paging.start - 1 : paging.end]],
        paging=paging,
        counts=[(_VERDICT_TAGS[v], counts[v]) for v in _VERDICT_TAGS if counts[v]],
        leave_out=leave_out or "",
        tags=_VERDICT_TAGS,
        themes=theme_names(visit),
        formats=_FORMATS,
        said_of=said_of,
        whole=_SENT.dump_json(list(drafts)).decode(),
    )


def _shown(base: KnowledgeBase, checked: CheckedDraft) -> dict[str, Any]:
    """An answer for the page: the matches that are any, and what is marked in the two texts."""
    row = checked.as_json(base, advice=True)
    alike = [
        {**match, "marks": sorted(there for _, there in match["shared"])}
        for match in row["matches"]
        if match["verdict"] != "new"
    ]
    marks = [here for here, _ in alike[0]["shared"]] if alike else []
    return {**row, "matches": alike, "marks": marks}
