"""The lines of a narrative: paragraphs with their labels apart, wrapped ones joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kb.ingest.prose.asks import asks, leads_on, obliges
from kb.ingest.prose.labels import (
    Label,
    as_letter,
    end_of_label,
    follows,
    given_label,
    list_label,
    recommendation_label,
)
from kb.ingest.tables import Paragraph
from kb.text.normalise import fold, fold_space
from kb.text.patterns import late

_LINE = late(r"line (\d+)")
_WRAPPED_AT = 120  # characters; a text with a longer line is not wrapped by hand
_FULL = 0.6  # of the longest line: a shorter line ends its paragraph
_HEADING_WORDS = 14
_PLAIN_WORDS = 20
_LONGEST_ENTRY = 400  # characters, leaders included
_INLINE_PART = late(r"(?:(?<=[:;,.])|(?<=\band)|(?<=\bor))\s+(?=\(?(?:[a-z]|[ivx]{1,4})\)\s)")
_SENTENCE_END = late(
    r"(?<=[.;!?])[ ](?=(?:[A-Z][\w-]* ){0,3}(?:Recommendation|RECOMMENDATION|Rec) \d|"
    r"[A-Z][\w ]{2,20}:)"
)
_RUN_ON_FIELD = late(
    r"(?:Timescale|Target date|Lead(?: agency| officer)?|Owner(?:ship)?|Rationale|By when|"
    r"Intended outcome|Desired outcome|Responsib\w+|Action): "
)
_TOC_ENTRY = late(r"(?:\.{3,}|…+|(?:\. ){3,}|\t| {2,})\s*\d{1,3}\s*$")
_PAGE_AT_END = late(r"[\s.…]*\b\d{1,3}\s*$")
_PAGE = late(r"(?:page\s*)?[-–|]?\s*\d{1,3}\s*(?:of \d{1,3}|[-–|])?|page \d+.{0,3}", re.I)
_CONTENTS = late(r"(?:table of )?contents(?: page)?|index", re.IGNORECASE)
_FIELD_LINE = late(
    r"(?P<name>(?:intended |desired |expected |anticipated )?outcomes?|rationale(?: for .{1,40}?)?|"
    r"reasons?|background|context|(?:key )?learning(?: points?)?(?: \d+)?|evidence|"
    r"ownership|owners?|"
    r"(?:proposed |suggested )?(?:lead|responsible|owning)(?: (?:agency|agencies|organisation|"
    r"officer|person|body|for .{1,30}?))?|(?:lead )?(?:agency|agencies)|responsibility|"
    r"person responsible|responsible|addressed to|directed to|audience|"
    r"(?:target |completion |due )?(?:dates?|timescales?|timeframe|timeline|deadline)"
    r"(?: for .{1,30}?)?|by when|when|priority|scope|level|measures?(?: of success)?|"
    r"success (?:measures?|criteria)|how .{3,60}?|impact|issue(?: identified)?|"
    r"what will .{3,60}?|why .{3,60}?|"
    r"(?:key )?(?:actions?|milestones?)(?: (?:required|to be taken|taken))?|"
    r"(?:links? to|linked) .{3,40}?|finding|lesson|theme|agency response|response|"
    r"status|progress)(?: \d+)?"
    r"\s*(?P<mark>:|\s[–—-](?=\s)|$)\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Line:
    """One paragraph, or a part of one, with its words apart from its labels.

    ``printed`` is what it prints, label included; ``text`` its words alone. ``label`` is that of
    its list, ``rec`` "Recommendation 4:". ``sources`` are the paragraphs that it was made from,
    cut to its part of them.
    """

    printed: str
    text: str
    sources: tuple[Paragraph, ...]
    label: Label | None = None
    rec: Label | None = None

    @property
    def place(self) -> str:
        """Where it begins, in words."""
        return self.sources[0].place

    @property
    def level(self) -> int:
        """The level of the heading that its writer made it, 0 for body text."""
        return self.sources[0].level

    @property
    def strong(self) -> bool:
        """Whether all of it is bold or underlined."""
        return all(source.strong for source in self.sources)

    @property
    def stands_out(self) -> bool:
        """Whether it is set as headings are: a level, bold, or capitals."""
        return bool(self.level) or self.strong or (self.text.isupper() and len(self.text) > 3)


def lines_of(paragraphs: Sequence[Paragraph]) -> list[Line]:
    """The lines of a document's flow, in order, each with its labels."""
    printed = [p for p in paragraphs if not is_page_number(p)]
    return _labels_that_follow([_line(piece) for piece in _pieces(_unwrapped(printed))])


def is_page_number(paragraph: Paragraph) -> bool:
    """Whether a paragraph is the number of a page and nothing else ("12", "Page 3 of 40")."""
    return _PAGE.fullmatch(paragraph.text.strip()) is not None and not paragraph.label


def is_heading(line: Line) -> bool:
    """Whether a line is set and worded as a heading: short, no sentence, standing out or numbered.

    A paragraph of a heading's style that is a whole sentence is none: many writers number their
    paragraphs with heading styles.
    """
    is_numbered = line.label is not None and line.label.kind == "decimal"
    if not line.stands_out and not is_numbered:
        return False
    words = len(line.text.split())
    if (
        not words
        or line.rec
        or words > _HEADING_WORDS
        or line.text.rstrip().endswith((".", ";", ","))
    ):
        return False
    if line.label and line.label.kind in ("bullet", "roman"):
        return False
    if leads_on(line.text) or obliges(line.text) or not re.match(r"[\W\d]*[A-Z]", line.text):
        return False
    return words <= 6 or bool(line.level) or not asks(line.text)


def field_line(text: str) -> tuple[str, str] | None:
    """Name and value of a line like "Rationale: …" or "Timescale – June 2024"; else None."""
    match = _FIELD_LINE.match(text)
    if match is None or not text[:1].isupper():
        return None
    name = fold_space(match["name"])
    return name, text[match.end() :].strip()


def contents(lines: Sequence[Line]) -> set[int]:
    """The numbers of the lines that make up a table of contents."""
    found = {at for at, line in enumerate(lines) if _is_entry(line)}
    for at, line in enumerate(lines):
        if _CONTENTS.fullmatch(line.text.strip(" :")) and at not in found:
            found |= {at, *_entries(lines, at + 1)}
    return found


def _is_entry(line: Line) -> bool:
    return len(line.printed) <= _LONGEST_ENTRY and bool(_TOC_ENTRY.search(line.printed))


def _entries(lines: Sequence[Line], start: int) -> Iterator[int]:
    """Short lines from here on, up to the first that prints an entry again or is a sentence."""
    seen: set[str] = set()
    for at in range(start, len(lines)):
        line = lines[at]
        title = _PAGE_AT_END.sub("", fold(line.text[:_LONGEST_ENTRY])) or fold(line.text)
        is_short = len(line.text.split()) <= _PLAIN_WORDS and not line.text.endswith((".", ";"))
        if title in seen or (not is_short and not _is_entry(line)):
            return
        seen.add(title)
        yield at


def _unwrapped(paragraphs: Sequence[Paragraph]) -> list[list[Paragraph]]:
    """Paragraphs in groups: lines that were wrapped, or cut by a page, stand together."""
    numbers = [int(m[1]) if (m := _LINE.fullmatch(p.place)) else None for p in paragraphs]
    longest = max((len(p.text) for p, n in zip(paragraphs, numbers, strict=True) if n), default=0)
    by_hand = longest <= _WRAPPED_AT
    groups: list[list[Paragraph]] = []
    for at, paragraph in enumerate(paragraphs):
        before = paragraphs[at - 1] if at else None
        number, last = numbers[at], numbers[at - 1] if at else None
        wrapped = (
            by_hand and number is not None and last == number - 1
            and before is not None and len(before.text) >= _FULL * longest
        )  # fmt: skip
        if before and not _begins(paragraph) and (wrapped or _is_cut(before, paragraph)):
            groups[-1].append(paragraph)
        else:
            groups.append([paragraph])
    return groups


def _begins(paragraph: Paragraph) -> bool:
    text = paragraph.text
    label = list_label(text)
    return bool(
        paragraph.label
        or paragraph.level
        or recommendation_label(text)
        or (label and not label.bare and not re.match(r"[a-zA-Z]\.", text))
        or field_line(text)
    )


def _is_cut(before: Paragraph, paragraph: Paragraph) -> bool:
    """Whether a paragraph goes on in mid-sentence from the one before it."""
    return (
        bool(re.match(r"[a-z]", paragraph.text))
        and len(before.text) > 40
        and not re.search(r"[.:;?!…)][\"”’]?\s*$|[;,] (?:and|or)\s*$", before.text)
        and not before.level
    )


def _pieces(
    groups: Sequence[Sequence[Paragraph]],
) -> Iterator[tuple[Paragraph, tuple[Paragraph, ...]]]:
    """The printed pieces that lines are made of, each with the paragraphs it comes from."""
    for group in groups:
        first, whole = group[0], tuple(group)
        if len(group) > 1:
            text = " ".join(paragraph.text.strip() for paragraph in group)
            first = replace(first, text=text, strong=all(p.strong for p in group))
        for number, text in enumerate(parts := _parts(first.text.strip())):
            if len(parts) == 1:
                yield first, whole
                break
            piece = replace(first, text=text, label=first.label if number == 0 else None)
            yield piece, (piece,)


def _parts(text: str) -> list[str]:
    """A text parted where a line of it, or an inline "(a)" behind a lead-in, begins a list."""
    parts: list[str] = []
    for line in text.split("\n"):
        label = list_label(line.strip())
        starts = bool(recommendation_label(line.strip())) or field_line(line.strip()) is not None
        if not parts or starts or (label and not label.bare):
            parts.append(line.strip())
        else:
            parts[-1] += "\n" + line.strip()
    whole = [piece for part in parts if part for piece in _run_on(part)]
    return [piece for part in whole for piece in _inline_parts(part)]


def _run_on(text: str) -> list[str]:
    """A text parted where a label stands behind a sentence, as when a page loses its spacing."""
    starts = [
        mark.end()
        for mark in _SENTENCE_END.finditer(text)
        if _RUN_ON_FIELD.match(text, mark.end()) or recommendation_label(text[mark.end() :])
    ]
    return [text[a:b].strip() for a, b in pairwise([0, *starts, len(text)])]


def _inline_parts(text: str) -> list[str]:
    marks = [0, *(m.end() for m in _INLINE_PART.finditer(text)), len(text)]
    pieces = [text[a:b].strip() for a, b in pairwise(marks)]
    labels = [list_label(piece) for piece in pieces[1:]]
    if len(labels) < 2 or not pieces[0].endswith(":") or not leads_on(pieces[0]):
        return [text]
    first = labels[0]
    return pieces if first and first.parts == (1,) else [text]


def _line(piece: tuple[Paragraph, tuple[Paragraph, ...]]) -> Line:
    whole, sources = piece
    text = whole.text
    given = given_label(whole.label) if whole.label and whole.label.strip() else None
    rec = given if given and given.kind == "recommendation" else None
    label = given if rec is None else None
    if rec is None:
        rec = recommendation_label(text)
        if rec is None and label is None:
            label = list_label(text)
            text = text[end_of_label(text, label) :] if label else text
            rec = recommendation_label(text) if label else None
        if rec:
            text = text[end_of_label(text, rec) :]
    return Line(whole.printed, text.strip(), sources, label, rec)


def _labels_that_follow(lines: Sequence[Line]) -> list[Line]:
    """Labels that only their neighbours decide: "1 The …" and "(i)"; others are words."""
    kept: list[Line] = []
    bare: Label | None = None
    letter: Label | None = None
    for line in lines:
        label = line.label
        if label and label.kind == "roman" and letter and follows(as_letter(label), letter):
            label = as_letter(label)
        if label and label.bare:
            if line.level or label.parts == (1,) or (bare and follows(label, bare)):
                bare = bare if line.level else label
            else:
                kept.append(replace(line, label=None, text=line.printed))
                continue
        if label and label.kind == "letter":
            letter = label
        kept.append(replace(line, label=label))
    return kept
