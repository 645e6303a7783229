"""Recommendations that a report prints as paragraphs, in a chapter or under labels of their own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from kb.ingest.drafts import Draft
from kb.ingest.plans.numbering import head_number
from kb.ingest.prose.asks import announces, asks, is_name
from kb.ingest.prose.chapters import (
    Chapter,
    agency_of_heading,
    find_chapters,
    is_scope_heading,
    title_of,
)
from kb.ingest.prose.drafting import Drafted, draft_chapter
from kb.ingest.prose.front import review_facts
from kb.ingest.prose.labels import recommendation_label
from kb.ingest.prose.lines import Line, contents, field_line, is_heading, is_page_number, lines_of
from kb.ingest.readings import Shape
from kb.ingest.tables import Paragraph
from kb.text.agencies import Agencies
from kb.text.normalise import fold

ALIKE = 90.0  # rapidfuzz ratio of folded texts, 0–100: the same recommendation listed again
_STRAY_LINES = 12  # paragraphs after a label outside any chapter in which its text is looked for
_LISTED = 100  # paragraphs of a list below "The panel made the following recommendations:"
_HEAD_WORDS, _HEAD_TIMES = 14, 3  # a line of at most so many words, at least so often
_IN_THE_FLOW = frozenset({"text box"})
_ASKED = re.compile(r"(?P<who>[^.;:]{2,120}?) (?:should|must|shall|will|needs? to|to) ")
_NO_BODY = frozenset("the a an all each every and of for in its their it is that".split())
OUTSIDE = "outside the chapter of recommendations"


@dataclass(frozen=True)
class Narrative:
    """What the paragraphs of a report gave.

    ``left_out`` holds each paragraph, or the part of one, that went nowhere, and why; ``used``
    those that became fields or headings, in order. ``facts`` are review facts by field, as
    ``facts_of`` takes them, ``contradicted`` the fields of which the document says two things,
    ``notes`` what is to be said of them. ``shapes`` are the paragraphs
    used that stand in no field of one recommendation: headings, lead-ins, lines of facts.
    """

    drafts: tuple[Draft, ...] = ()
    left_out: tuple[tuple[Paragraph, str], ...] = ()
    used: tuple[Paragraph, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    contradicted: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    shapes: tuple[Shape, ...] = ()


def read_narrative(paragraphs: Sequence[Paragraph], agencies: Agencies) -> Narrative:
    """The recommendations of a report's paragraphs, given in reading order.

    Read are the chapters of recommendations (not those that list other reviews'), and outside
    them what is labelled "Recommendation N". Of a recommendation that is listed again in another
    chapter the fuller listing is kept. Without any there are no drafts.
    """
    flow = [p for p in paragraphs if p.text.strip() and p.aside in (None, *_IN_THE_FLOW)]
    heads = _running_heads(flow, agencies)
    lines = lines_of([p for p in flow if id(p) not in heads])
    toc = contents(lines)
    found = _Found({id(lines[at]): "it stands in the table of contents" for at in toc})
    chapters = find_chapters(lines, toc, agencies)
    for chapter in chapters:
        if chapter.kind == "earlier":
            why = "it lists recommendations of other reviews"
            found.leave([(line, why) for line in (chapter.heading, *chapter.lines)])
        else:
            found.take(draft_chapter(chapter, agencies), chapter.heading)
    for stray in _strays(lines, chapters, toc):
        found.take(draft_chapter(stray, agencies, strays=True), None)
        found.leave([(stray.heading, "it introduces the recommendations")])
    front = review_facts(paragraphs)
    read = _narrative(paragraphs, lines, found, {id(p) for p in front.used})
    running = tuple((p, "it stands at the head or foot of pages") for p in flow if id(p) in heads)
    left_out = (*read.left_out, *running)
    return replace(
        read,
        left_out=left_out,
        facts=front.facts,
        contradicted=front.contradicted,
        notes=front.notes,
    )


class _Found:
    """Listings of drafts, and what became of each line."""

    def __init__(self, whys: dict[int, str]) -> None:
        self.listings: list[list[tuple[Draft, tuple[Line, ...]]]] = []
        self.used: set[int] = set()
        self.shapes: dict[int, str] = {}
        self.whys = whys

    def take(self, drafted: Drafted, heading: Line | None) -> None:
        self.listings.append(drafted.drafts)
        self.used |= {id(line) for line in drafted.used}
        self.shapes |= {id(line): what for line, what in drafted.shapes}
        if heading and drafted.drafts:
            self.used.add(id(heading))
            self.shapes[id(heading)] = "heading"
        self.leave(drafted.left_out)

    def leave(self, lines: Sequence[tuple[Line, str]]) -> None:
        for line, why in lines:
            self.whys.setdefault(id(line), why)


def _running_heads(flow: Sequence[Paragraph], agencies: Agencies) -> set[int]:
    """Short lines that stand again and again and are no agency, label or field: by ``id``."""
    times = Counter(fold(p.text) for p in flow if len(p.text.split()) <= _HEAD_WORDS)
    return {
        id(p)
        for p in flow
        if times[fold(p.text)] >= _HEAD_TIMES
        and p.label is None
        and re.search(
            r"\breview\b|\breport\b|\bpage\b|confidential|official|dhr|draft", fold(p.text)
        )
        and not title_of(lines_of([p])[0])
        and not _is_often_printed(p.text, agencies)
    }


def _is_often_printed(text: str, agencies: Agencies) -> bool:
    """Whether a line may be a heading that a chapter has often: an agency, a scope or a field."""
    named = agency_of_heading(text, agencies) or is_scope_heading(text) or field_line(text)
    return bool(named) or recommendation_label(text) is not None


def _strays(lines: Sequence[Line], chapters: Sequence[Chapter], toc: set[int]) -> list[Chapter]:
    """Labelled recommendations outside the chapters, each with the lines that follow it."""
    inside = {id(line) for chapter in chapters for line in (chapter.heading, *chapter.lines)}
    free = {at for at, line in enumerate(lines) if at not in toc and id(line) not in inside}
    strays: list[Chapter] = []
    for at, line in enumerate(lines):
        if at not in free:
            continue
        if line.rec and (line.rec.number or asks(line.text) or not line.text):
            before = lines[at - 1 : at] if at - 1 in free else []
            before = [one for one in before if one.rec is None and field_line(one.text)]
            body = [*before, line, *_following(lines, at, free)]
            own = body[len(before) :] if not line.text or is_name(line.text) else [line]
            if any(asks(one.text) for one in own):
                strays.append(Chapter(line, tuple(body), "recommendations"))
        elif line.text.endswith(":") and announces(line.text):
            listed = takewhile(lambda one: one.label, _following(lines, at, free, _LISTED))
            body = [one for one in listed if _is_in_list(one, line)]
            strays.append(Chapter(line, tuple(body), "recommendations"))
    return strays


def _following(
    lines: Sequence[Line], at: int, free: set[int], most: int = _STRAY_LINES
) -> Iterator[Line]:
    """The lines after one, up to the next heading, label or chapter."""
    for after in range(at + 1, min(at + 1 + most, len(lines))):
        line = lines[after]
        if after not in free or line.rec or (is_heading(line) and not field_line(line.text)):
            return
        yield line


def _is_in_list(line: Line, over: Line) -> bool:
    """Whether a line is of the list below another, and not the next of the other's own list."""
    return not (line.label and over.label and line.label.key == over.label.key)


def _narrative(
    paragraphs: Sequence[Paragraph], lines: Sequence[Line], found: _Found, facts: set[int]
) -> Narrative:
    repeated = _repeated([[draft for draft, _ in listing] for listing in found.listings])
    every = [pair for listing in found.listings for pair in listing]
    drafts = [(draft, made_of) for draft, made_of in every if id(draft) not in repeated]
    kept = {id(line) for _, made_of in drafts for line in made_of}
    again = {id(line): repeated[id(draft)] for draft, made_of in every if id(draft) in repeated
             for line in made_of if id(line) not in kept}  # fmt: skip
    order = {id(line): at for at, line in enumerate(lines)}
    used: list[Paragraph] = []
    shapes: list[Shape] = []
    left_out: list[tuple[Paragraph, str]] = []
    for line in lines:
        if id(line) in again:
            left_out += [
                (source, f"it stands again at {again[id(line)]}") for source in line.sources
            ]
        elif id(line) in found.used:
            used += line.sources
            if what := found.shapes.get(id(line)):
                shapes += [Shape(source.place, source.printed, what) for source in line.sources]
        else:
            why = found.whys.get(id(line), OUTSIDE)
            used += [source for source in line.sources if id(source) in facts]
            left_out += [(source, why) for source in line.sources if id(source) not in facts]
    left_out += [(p, "it is the number of a page") for p in paragraphs
                 if is_page_number(p) and p.aside in (None, *_IN_THE_FLOW)]  # fmt: skip
    beside = [p for p in paragraphs if p.aside not in (None, *_IN_THE_FLOW) and p.text.strip()]
    used += [p for p in beside if id(p) in facts]
    left_out += [(p, f"it is a {p.aside}") for p in beside if id(p) not in facts]
    shapes += [Shape(p.place, p.printed, "fact") for p in paragraphs if id(p) in facts]
    drafts.sort(key=lambda pair: order[id(pair[1][0])])
    return Narrative(
        tuple(draft for draft, _ in drafts), tuple(left_out), tuple(used), shapes=tuple(shapes)
    )


def _repeated(listings: Sequence[Sequence[Draft]]) -> dict[int, str]:
    """Drafts that another listing has too, by ``id``, with the place of the fuller one."""
    repeated: dict[int, str] = {}
    for at, listing in enumerate(listings):
        for draft in listing:
            for other in (d for later in listings[at + 1 :] for d in later):
                if id(draft) in repeated or id(other) in repeated or not _is_same(draft, other):
                    continue
                less, more = (
                    (draft, other) if _fullness(other) > _fullness(draft) else (other, draft)
                )
                repeated[id(less)] = more.places[0]
    return repeated


def _is_same(draft: Draft, other: Draft) -> bool:
    """Whether two listings print one recommendation: texts alike, and nobody else is asked."""
    from rapidfuzz import fuzz

    a, b = _wording(draft), _wording(other)
    asked = [d.actions[0].get("lead_agency") for d in (draft, other)]
    if a == b:
        return True
    if all(asked) and fold(asked[0] or "") != fold(asked[1] or ""):
        return False
    return fuzz.ratio(a, b, score_cutoff=ALIKE) > 0 and not _ask_others(a, b)


def _ask_others(a: str, b: str) -> bool:
    """Whether two folded texts name different bodies before the word of duty of each."""
    found = [_ASKED.match(text) for text in (a, b)]
    named = [set(re.findall(r"\w+", match["who"])) - _NO_BODY for match in found if match]
    return len(named) == 2 and all(named) and named[0].isdisjoint(named[1])


def _wording(draft: Draft) -> str:
    """The folded text of a draft without the number at its head."""
    found = head_number(draft.text)
    return fold(found.rest if found and found.rest else draft.text)


def _fullness(draft: Draft) -> tuple[int, int]:
    fields = len(draft.values) + len(draft.actions[0]) + (draft.heading is not None)
    return len(fold(draft.text)), fields


def without_repeats(drafts: Sequence[Draft], others: Sequence[Draft]) -> list[tuple[Draft, Draft]]:
    """Of ``drafts`` those that ``others`` (of a table, say) hold too, each with the other."""
    found = ((d, next((o for o in others if _is_same(d, o)), None)) for d in drafts)
    return [(draft, other) for draft, other in found if other]
