"""Checking a draft: pasted text or a document, answered in words, with a report to take away."""

from __future__ import annotations

import base64
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from starlette.responses import Response

from kb.errors import KnowledgeBaseError, WrongUsage
from kb.library.drafts import Draft, check_drafts, digest_of, draft_report, read_drafts
from kb.model import SECTOR_NAMES
from kb.web.choices import offered
from kb.web.files import MEDIA_TYPES
from kb.web.narrowing import command
from kb.web.paging import Paging
from kb.web.problems import Problem, status_of
from kb.web.visit import Visit

if TYPE_CHECKING:
    from kb.library import KnowledgeBase
    from kb.library.drafts import CheckedDraft

PER_PAGE = 12
MOST_DRAFTS = 200
_OF_DRAFT, _OF_MATCH = 1_500, 700  # characters of a text that are shown; reports have all
LONGEST_DRAFT = 20_000  # characters of one recommendation; the reading of more takes minutes
LONGEST_TEXT = 200_000  # characters of all
_OF_WORDS = 300  # characters of the words that one of two texts has alone
_OF_ANSWER = 750  # bytes of a match beside its text and words
_ROOM = 70_000  # bytes of the answers of a page
_LONGEST_AGAIN = 900_000  # characters of what a page of answers sends along, packed
_LARGEST_AGAIN = 4 * 2**20  # bytes of the same, unpacked
_FORMATS = {"docx": "Word", "xlsx": "Excel", "csv": "CSV", "html": "Web page", "json": "JSON"}
_VERDICT_TAGS = {
    "duplicate": "Asked before",
    "overlapping": "Partly asked before",
    "related": "Same subject",
    "new": "New",
}
Span = tuple[int, int]
_A_TEXT = "a text"
_SENT = TypeAdapter(list[Draft])


def form(visit: Visit) -> Response:
    """The empty form, or one that holds a text to begin with."""
    return _form(visit, visit.one("text", LONGEST_DRAFT))


def _form(visit: Visit, text: str, problems: Sequence[Problem] = ()) -> Response:
    return visit.page(
        "check.html",
        status=status_of(problems),
        text=text,
        leave_out=visit.one("except", 100),
        reviews=offered(visit, "review"),
        problems=problems,
    )


def check(visit: Visit) -> Response:
    """The answers to what was pasted or uploaded; as a file where one is asked for."""
    text = visit.one("text", 2 * LONGEST_TEXT)
    try:
        drafts, said_of = _drafts(visit, text)
        return _answer(visit, drafts, said_of)
    except KnowledgeBaseError as error:
        of_file = "file" if visit.upload("file") is not None else "text"
        leave_out = visit.one("except", 100)
        is_known = not leave_out or leave_out in dict(visit.base.values("review"))
        return _form(visit, text, [Problem.of(error, of_file if is_known else "except")])


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
    _refuse_long(drafts)
    return drafts, said_of


def _refuse_long(drafts: Sequence[Draft]) -> None:
    """Raise WrongUsage for what would keep everybody else waiting."""
    long = next((one for one in drafts if len(one.text) > LONGEST_DRAFT), None)
    if long is not None:
        raise WrongUsage(
            f"recommendation {long.number} has {len(long.text):,} characters,"
            f" and up to {LONGEST_DRAFT:,} are checked",
            hint="Part recommendations by blank lines.",
        )
    whole = sum(len(one.text) for one in drafts)
    if whole > LONGEST_TEXT:
        raise WrongUsage(
            f"these are {whole:,} characters, and {LONGEST_TEXT:,} are checked at once",
            hint="Check them in several parts.",
        )


def _pasted(text: str) -> list[Draft]:
    """A text whose blank lines part its recommendations."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n"))]
    return [Draft(str(n), part) for n, part in enumerate(filter(None, parts), start=1)]


def _sent_again(sent: str) -> list[Draft]:
    """The drafts of a page that shows answers, which come back with what their plan prints."""
    try:
        packed = base64.b64decode(sent, validate=True)
        drafts = _SENT.validate_json(zlib.decompressobj().decompress(packed, _LARGEST_AGAIN))
    except (ValueError, zlib.error):
        drafts = []
    if not drafts or not all(sector in SECTOR_NAMES for one in drafts for sector in one.sectors):
        raise WrongUsage("the drafts did not come back as they were sent", hint="Check them again.")
    return drafts


def packed(drafts: Sequence[Draft]) -> str:
    """Drafts as a page of answers sends them along: a long plan weighs a third of its text so."""
    return base64.b64encode(zlib.compress(_SENT.dump_json(list(drafts)))).decode()


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
    page_of = checked[paging.start - 1 : paging.end]
    counts = Counter[str](one.found.verdict for one in checked)
    return visit.page(
        "checked.html",
        drafted=[_shown(base, one, _ROOM // len(page_of)) for one in page_of],
        paging=paging,
        counts=[(_VERDICT_TAGS[v], counts[v]) for v in _VERDICT_TAGS if counts[v]],
        leave_out=leave_out or "",
        tags=_VERDICT_TAGS,
        formats=_FORMATS,
        said_of=said_of,
        most_words=_OF_WORDS,
        whole=packed(drafts),
    )


def _shown(base: KnowledgeBase, checked: CheckedDraft, room: int) -> dict[str, Any]:
    """An answer for the page: what is marked in the texts, and the matches that there is room for.

    ``room`` is in bytes; the first match always has some.
    """
    row = checked.as_json(base, advice=True)
    found = [match for match in row["matches"] if match["verdict"] != "new"]
    marks = [here for here, _ in found[0]["shared"]] if found else []
    shown = _shown_of(row["draft"], marks, _OF_DRAFT)
    alike: list[dict[str, Any]] = []
    left = room - len(shown[0])
    for match in found:
        there = _shown_of(match["text"], sorted(t for _, t in match["shared"]), _OF_MATCH)
        left -= _OF_ANSWER + len(there[0]) + _lone(match["only_text"]) + _lone(match["only_stored"])
        if alike and left < 0:
            break
        alike.append({**match, "shown": there})
    named = {match["id"] for match in alike}
    unshown = [identity for identity in row["counted"] if identity not in named]
    more = len(found) - len(alike)
    return {**row, "matches": alike, "more": more, "unshown": unshown, "shown": shown}


def _lone(spans: Sequence[Span]) -> int:
    """How many characters the page shows of the words that one of two texts has alone."""
    return min(_OF_WORDS, sum(end - start for start, end in spans))


def _shown_of(text: str, marks: Sequence[Span], most: int) -> tuple[str, list[Span]]:
    """A text with its marks as the page shows them: of a very long one the beginning."""
    if len(text) <= most:
        return text, list(marks)
    return f"{text[:most]} …", [(start, min(end, most)) for start, end in marks if start < most]
