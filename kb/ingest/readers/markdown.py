"""Markdown: read as the page that it makes, with the line of its source as the place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from kb.ingest.plans.synonyms import FACT_FIELDS
from kb.ingest.readers.encoding import decoded
from kb.ingest.readers.html import LINE, LIST_END, blocks_of_page
from kb.ingest.tables import Document, Paragraph, Table
from kb.text.dates import iso_date

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_LONGEST_FRONT = 100_000  # characters
_FACTS_ALSO = {"date": "report_date", "csp": "area", "partnership": "area", "case_number": "case"}
_DATES = ("published", "report_date", "death_month")
_NOTHING = ("null", "Null", "NULL", "~")
_DELIMITER_ROW = re.compile(r"\|?:?-+:?(?:\|:?-+:?)*\|?")
_BAR = re.compile(r"(?<!\\)\|")
_WIDEST = 1_000  # columns that are added to a header
_TAG = re.compile(r"</?([A-Za-z][\w-]*)")
_KNOWN_TAGS = frozenset(
    "a abbr b big blockquote br caption center cite code col colgroup dd del details div dl dt em"
    " font h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q s script section small span"
    " strike strong style sub summary sup table tbody td tfoot th thead tr tt u ul".split()
)


def read_markdown(data: bytes, name: str) -> Document:
    """Headings, lists, paragraphs and pipe tables; facts from a YAML head, where it has one."""
    text, notes = decoded(data, name)
    facts, kept, first_line = _front_matter(text)
    text = "\n".join(text.split("\n")[first_line:])
    return Document((*kept, *blocks_of_markdown(text, name, first_line)), notes, facts)


def blocks_of_markdown(
    text: str, name: str, lines_before: int = 0
) -> tuple[Table | Paragraph, ...]:
    """The blocks of a Markdown text that begins after so many lines of its file."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    named: dict[str, Any] = {}
    tokens = parser.parse(_widened(text), named)
    for token in tokens:
        if token.map and token.nesting >= 0:
            token.attrSet(LINE, str(token.map[0] + lines_before + 1))
        if token.type == "ordered_list_open":
            token.attrSet(LIST_END, token.markup)
        for inline in (token, *(token.children or ())):
            if inline.type in ("html_inline", "html_block"):
                inline.content = _TAG.sub(_shown, inline.content)
    blocks = blocks_of_page(str(parser.renderer.render(tokens, parser.options, named)), name)
    found = (*named.get("references", {}).values(), *named.get("duplicate_refs", ()))
    return (*blocks, *_definitions(found, text, lines_before))


def _definitions(
    found: Iterable[Mapping[str, Any]], text: str, lines_before: int
) -> Iterator[Paragraph]:
    """The lines that a page does not show: addresses of links, and notes that look like them."""
    lines = text.split("\n")
    for first, end in (definition["map"] for definition in found):
        said = " ".join(line.strip() for line in lines[first:end])
        yield Paragraph(said, f"line {first + lines_before + 1}", aside="link")


def _widened(text: str) -> str:
    """The same lines; a header with fewer cells than its rows gets empty ones, lest those be lost.

    (A parser drops the cells of a row that go beyond the header.)
    """
    lines = text.split("\n")
    for number, line in enumerate(lines[1:], start=1):
        if not (_DELIMITER_ROW.fullmatch("".join(line.split())) and "|" in lines[number - 1]):
            continue
        columns, widest = _columns(line), 0
        for below in lines[number + 1 :]:
            if not below.strip():
                break
            widest = max(widest, _columns(below))
        missing = min(widest - columns, _WIDEST)
        if missing > 0 and columns == _columns(lines[number - 1]):
            for at, filler in ((number - 1, " |"), (number, "---|")):
                end = "" if lines[at].rstrip().endswith("|") else " |"
                lines[at] = lines[at].rstrip() + end + filler * missing
    return "\n".join(lines)


def _columns(line: str) -> int:
    return len(_BAR.findall(line.strip().removeprefix("|").removesuffix("|"))) + 1


def _shown(match: re.Match[str]) -> str:
    """A tag as it is; what only looks like one ("<name of the agency>") as text."""
    return match[0] if match[1].lower() in _KNOWN_TAGS else escape(match[0])


def _front_matter(text: str) -> tuple[dict[str, str], list[Paragraph], int]:
    """Facts of a YAML head, its other lines as they stand, and how many lines it takes."""
    match = _FRONT_MATTER.match(text[:_LONGEST_FRONT])
    if match is None:
        return {}, [], 0
    named = _mapping(match[1])
    if named is None:
        return {}, [], 0
    facts, used = {}, set()
    for key, value in named.items():
        field = re.sub(r"[\s-]+", "_", str(key).strip().lower())
        field = _FACTS_ALSO.get(field, field)
        printed = value if isinstance(value, str) and value not in _NOTHING else ""
        if field in (*FACT_FIELDS, "case") and _can_be(field, printed) and field not in facts:
            facts[field] = printed
            used.add(str(key))
    lines = match[1].split("\n")
    kept = [
        Paragraph(line.strip(), f"line {number}", aside="front matter")
        for number, line in enumerate(lines, start=2)
        if line.strip() and line.partition(":")[0].strip(" \"'") not in used
    ]
    return facts, kept, match[0].count("\n")


def _can_be(field: str, printed: str) -> bool:
    if field in _DATES:
        return iso_date(printed) is not None
    if field == "publication":
        return printed.casefold() in ("published", "unpublished", "unknown")
    return bool(printed)


def _mapping(text: str) -> Mapping[Any, Any] | None:
    import yaml

    try:
        named = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - it makes texts, lists, mappings
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return named if isinstance(named, Mapping) else None
