"""The facts of a review that the front pages of its report print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.ingest.facts import case_in, fact_named, kind_in
from kb.ingest.prose.bodies import PLACE, body_named
from kb.ingest.prose.chapters import title_of
from kb.ingest.prose.labels import list_label
from kb.ingest.prose.lines import is_page_number, lines_of
from kb.ingest.tables import Paragraph
from kb.text.dates import find_dates, iso_date
from kb.text.normalise import fold, fold_space
from kb.text.patterns import late

_FRONT = 40  # paragraphs at most before the report begins
_OPENING = 120  # paragraphs in which the death and who commissioned the review are told
_BODY_WORDS = 35
_LABEL_WORDS = 6
_LONGEST_LINE = 400  # characters; a longer one is no line of a front page
_BODY = late(
    r"(?:(?:\d{1,2}|one|section \d|chapter \d)?[.:)\s]*)?(?:(?:table of )?contents(?: page)?|index|"
    r"introduction|preface|foreword|background|the review process|executive summary|"
    r"condolences?.*|tribute.*|pen portrait.*|glossary.*|terms of reference)",
    re.IGNORECASE,
)
_SUMMARY = late(r"executive summary", re.IGNORECASE)
_FOR = late(
    r"\b(?:on behalf of|commissioned by|prepared for|produced for|a report (?:for|to)|report for)"
    r"(?: the)?:? (?P<who>[^.;\n]{4,120})",
    re.IGNORECASE,
)
_NAME = (
    r"(?:(?:Mr|Mrs|Ms|Miss|Adult|Child|Person|Baby|Victim|Subject|Lady) )?[A-Z][\w-]*"
    r"(?: [A-Z]\w*)?"
    r"(?:(?:,| and| &) [A-Z][\w-]*)?"
)
_OF_WHOM = late(
    r"(?i:deaths? of|in respect of|homicides? of|murder of|(?:in the )?case of|in relation to|"
    r"regarding|concerning|relating to|known as|subject:)\s+"
    r"(?i:the (?:death|homicide|murder) of\s+)?"
    rf"(?:[‘'“\"](?P<quoted>[^‘’“”'\"\n]{{1,40}})[’'”\"]|(?P<name>{_NAME}))",
)
_OF_REVIEW = late(
    r"\b(?:DHR|DARDR|SAR|CSPR|SCR|MHHR|OWHR|Review)\s*[:–-]?\s*(?:[‘“'\"](?P<quoted>[^‘’“”'\"\n]{1,40})"
    r"[’”'\"]|(?P<name>[A-Z]{1,2}\b|[A-Z][a-z]+)(?=\s*(?:$|[(,–-])))"
)
_LETTERED = late(r"\b(?P<name>(?:Adult|Child|Person|ADULT|CHILD|PERSON) [A-Z]{1,2}\d{0,2})\b")
_NUMBERED = late(r"\breview\s+(?:no\.?\s*|number\s*)?(\d{1,3})\b(?![./]\d)", re.IGNORECASE)
_TITLE_BEGINS = late(
    r"(?:(?:dhr|dardr|final|draft|the|independent) )*(?:overview report|executive summary)\b", re.I
)
_SAYS_NOTHING = late(r"|(?:(?:final|overview|executive|report|summary|action|plan) ?)+", re.I)
_ALONE = late(r"[‘“'\"](?P<quoted>[A-Z][^‘’“”'\"\n]{0,40})[’”'\"]")
_NO_NAME = late(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"domestic|homicide|review|report|overview|executive|summary|action|plan|final|draft|panel|"
    r"chair|author|woman|man|the|circumstances|recommendations|process|version|published|"
    r"under|section|safeguarding|combined|learning|team|group)\b",
    re.IGNORECASE,
)
_NO_PLACE = late(rf"{_NO_NAME.pattern}|\b(?:community|safety|partnership)\b", re.I)
_DIED = late(
    r"(?:\bdeaths? of\b[^.;]{1,80}?|\b(?:who|she|he|they|victim|[A-Z]\w+[’'”]?) "
    r"(?:sadly |tragically )?(?:died|was (?:murdered|killed|found dead))\b[^.;]{0,40}?|"
    r"\bwhose death (?:was|occurred)|"
    r"\b(?:his|her|their) deaths?|\w[’']s death)"
    r",? (?:in|on|during)(?: or around| or about)?\s+(?=\S*\d|[A-Z])",
)
_DIED_IN_SHORT = late(
    r"\b(?:died|murdered|killed)\b,?(?: (?:in|on|during))?(?: or around)?\s+(?=\d|[A-Z])"
)
_OTHERS = late(r"\b(?:perpetrator|offender|mother|father|parents?|brother|sister)\b", re.I)
_SHORT_LINE = 12  # words
_DATED = {
    "death_month": late(
        r"(?:(?:date|month) of )?(?:(?:the|his|her|their|.{1,40}['’]s?) )?"
        r"(?:death|homicide|murder|fatal incident)|(?:date )?(?:died|killed)"
    ),
    "report_date": late(
        r"(?:completed|finalised|signed off)(?: (?:on|in))?|(?:final|overview|full) report"
    ),
}
_EVENT = late(
    r"\b(?:died|death|dead|killed|murder|murdered|manslaughter|homicide|convicted|sentenced|trial|"
    r"arrested|charged|pleaded|guilty|inquest|panel met|met on|commissioned)\b",
    re.IGNORECASE,
)
_VERSION = late(
    r"(?:final |draft )?(?:version|v)\.? ?(?P<n>\d+(?:\.\d+)*)?\s*[:,–|(-]*\s*(?P<date>.+?)\)?",
    re.IGNORECASE,
)
_TITLE_GOES_ON = late(
    r"(?:into|in respect|in relation|concerning|regarding|relating|following|on the|of the|"
    r"the deaths?|and the|for the|about|final|overview|executive|combined|joint|independent|"
    r"report|summary|action plan|case|dhr|[‘“'\"])",
    re.IGNORECASE,
)
_NO_TITLE = late(
    r"\b(?:act \d{4}|chair|author|written by|prepared by|commissioned by|on behalf of|draft|"
    r"confidential|official|restricted|version|page \d|(?:report|prepared|produced) (?:for|to))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Front:
    """Facts by field as ``facts_of`` takes them, the paragraphs that say them, and notes.

    ``contradicted`` are the fields of which two different things are said, so that none is taken.
    """

    facts: dict[str, str]
    used: tuple[Paragraph, ...] = ()
    notes: tuple[str, ...] = ()
    contradicted: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Said:
    """One thing that a line says: its field and value; the lowest ``rank`` counts."""

    field: str
    value: str
    rank: int
    by: Paragraph


def review_facts(paragraphs: Sequence[Paragraph]) -> Front:
    """What the front pages, the page headers and the opening of a report say of its review.

    A date is that of the report where its line says so, where it stands alone on the front page,
    or beside the version. Straight below "… the death of Anna" a bare date may be either's: it is
    part of the title. A fact that the document gives differently in two places of the same rank
    is not taken, and noted.
    """
    inside = [p for p in paragraphs if p.aside in (None, "text box") and p.text.strip()]
    flow = [p for p in inside if not is_page_number(p)]
    front = _front(flow)
    lines = [(line, p) for p in front for line in p.text.splitlines()
             if line.strip() and len(line) <= _LONGEST_LINE]  # fmt: skip
    title, title_lines = _title(lines)
    said = [*_labelled(lines)]
    alone = _Alone()
    if title or any(kind_in(line) for line, _ in lines):
        alone = _alone(lines, title_lines, flow)
        said += [*alone.said, *_versions(lines)]
    said += _deaths(lines)
    wrapped = [(fold_space(p.text), p) for p in front if "\n" in p.text.strip()]
    said += [*(list(_areas(wrapped)) or _areas(lines)), *_names(lines), *_kinds(lines, title, flow)]
    said += _opening(flow[:_OPENING])
    headers = [p for p in paragraphs if p.aside in ("page header", "page footer")]
    said += [
        _Said(s.field, s.value, s.rank + 4, s.by) for s in _areas([(p.text, p) for p in headers])
    ]
    if title:
        said.append(_Said("title", title, 1, title_lines[0][1]))
    agreed = _agreed(said, [p for _, p in title_lines] if title else [])
    return replace(agreed, notes=(*alone.notes, *agreed.notes))


def _front(flow: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs before the contents, the introduction or the first long paragraph."""
    front: list[Paragraph] = []
    for at, paragraph in enumerate(flow[:_FRONT]):
        text = fold_space(paragraph.text)
        below = flow[at + 1].text if at + 1 < len(flow) else ""
        if front and _SUMMARY.fullmatch(text) and len(below.split()) <= _BODY_WORDS:
            front.append(paragraph)  # what the report is, and no chapter of it
            continue
        label = list_label(text)
        numbered = paragraph.label or (label and label.kind in ("decimal", "number"))
        begins = (_BODY.fullmatch(text.strip(" :")) and len(front) > 1) or (front and numbered)
        if begins or title_of(lines_of([paragraph])[0]) or len(text.split()) > _BODY_WORDS:
            break
        front.append(paragraph)
    return front


def _title(
    lines: Sequence[tuple[str, Paragraph]],
) -> tuple[str | None, list[tuple[str, Paragraph]]]:
    """The lines of the title, joined by spaces: from the first that names a review."""
    taken: list[tuple[str, Paragraph]] = []
    for line, paragraph in lines:
        text = line.strip()
        if any(fold(text) == fold(other) for other, _ in taken) or _NO_TITLE.search(text):
            continue
        ended_in_death = bool(taken) and _OF_WHOM.search(taken[-1][0]) is not None
        goes_on = bool(taken) and bool(_TITLE_GOES_ON.match(text) or _names_a_review(text))
        if iso_date(text.strip("()")):
            goes_on = ended_in_death and paragraph is _after(lines, taken[-1][1])
        elif body_named(text) or _names_fact(text) or len(text.split()) > 25:
            continue
        if goes_on or (not taken and _names_a_review(text)):
            taken.append((text, paragraph))
        elif len(taken) > 4:
            break
    title = " ".join(text for text, _ in taken)
    return (None, []) if _SAYS_NOTHING.fullmatch(title) else (title, taken)


def _names_a_review(text: str) -> bool:
    if text.endswith((".", ":", ";")) or list_label(text):
        return False
    return bool(
        kind_in(text) or _TITLE_BEGINS.match(text) or re.search(r"\baction plan\b", text, re.I)
    )


def _after(lines: Sequence[tuple[str, Paragraph]], before: Paragraph) -> Paragraph | None:
    """The paragraph of the line after the last line of a paragraph."""
    last = max(at for at, (_, paragraph) in enumerate(lines) if paragraph is before)
    return lines[last + 1][1] if last + 1 < len(lines) else None


def _labelled(lines: Sequence[tuple[str, Paragraph]]) -> Iterator[_Said]:
    for line, paragraph in lines:
        found = _names_fact(line)
        if found:
            field, value = found
            area = body_named(value) if field == "area" else None
            yield _Said(field, area[0] if area else value, 0, paragraph)


def _names_fact(line: str) -> tuple[str, str] | None:
    parts = re.split(r"\s*(?::|\t|\s[–|-]\s)\s*", line.strip(), maxsplit=1)
    found = (fact_named(*parts) or _dated(*parts)) if len(parts) == 2 else None
    return found or _fact_without_mark(line)


def _dated(label: str, value: str) -> tuple[str, str] | None:
    """What a label and a date say that only a front page prints so ("Died: 9 July 2020")."""
    date = iso_date(value.strip(" ."))
    names = [field for field, pattern in _DATED.items() if pattern.fullmatch(fold(label))]
    return (names[0], value.strip(" .")) if names and date and len(date) >= 7 else None


def _fact_without_mark(line: str) -> tuple[str, str] | None:
    """ "Report completed 14 March 2021": a label and a date with nothing between them."""
    dates = [found for found in find_dates(line) if found.iso]
    if len(dates) != 1 or line[dates[0].end :].strip(" .)"):
        return None
    label, date = line[: dates[0].start].strip(" (,"), line[dates[0].start : dates[0].end]
    return fact_named(label, date) or _dated(label, date)


@dataclass(frozen=True)
class _Alone:
    """The dates that stand alone on the front page, and notes on those that were not taken."""

    said: tuple[_Said, ...] = ()
    notes: tuple[str, ...] = ()


def _alone(
    lines: Sequence[tuple[str, Paragraph]],
    title: Sequence[tuple[str, Paragraph]],
    flow: Sequence[Paragraph],
) -> _Alone:
    """Dates alone that may be the report's: no report is older than what its text tells of."""
    told = max(_months_told(flow[:_OPENING]), default="")
    dates = list(_dates_alone(lines, title))
    taken = [one for one in dates if (iso_date(one.value) or "")[:7] >= told]
    notes = [
        f"“{one.value}” ({one.by.place}) stands alone on the front, but the text tells of {told}:"
        " it was not taken for the date of the report"
        for one in dates
        if one not in taken
    ]
    return _Alone(tuple(taken), tuple(notes))


def _months_told(flow: Sequence[Paragraph]) -> Iterator[str]:
    """The months in which a text says that something befell, as ISO."""
    for paragraph in flow:
        for sentence in re.split(r"(?<=[.;])\s+", fold_space(paragraph.text)):
            if _EVENT.search(sentence) and re.search(r"\b(?:was|were|had|died|met)\b", sentence):
                yield from (d.iso[:7] for d in find_dates(sentence) if d.iso and len(d.iso) >= 7)


def _deaths(lines: Sequence[tuple[str, Paragraph]]) -> Iterator[_Said]:
    """The month in a short line of the front page such as "Helen – died September 2015"."""
    for line, paragraph in lines:
        found = _DIED_IN_SHORT.search(line)
        if found is None or len(line.split()) > _SHORT_LINE or _OTHERS.search(line):
            continue
        date = next((d for d in find_dates(line) if d.start == found.end()), None)
        if date and date.iso and len(date.iso) >= 7:
            yield _Said("death_month", line[date.start : date.end], 1, paragraph)


def _dates_alone(
    lines: Sequence[tuple[str, Paragraph]], title: Sequence[tuple[str, Paragraph]]
) -> Iterator[_Said]:
    for line, paragraph in lines:
        text = line.strip().strip("()")
        date = iso_date(text)
        if date and len(date) >= 7 and not any(line.strip() == other for other, _ in title):
            yield _Said("report_date", text, 1, paragraph)


def _versions(lines: Sequence[tuple[str, Paragraph]]) -> list[_Said]:
    """The date beside the highest version."""
    found = []
    for line, paragraph in lines:
        match = _VERSION.fullmatch(line.strip())
        if match and iso_date(match["date"].strip("()")):
            number = tuple(int(part) for part in (match["n"] or "0").split("."))
            found.append((number, _Said("report_date", match["date"].strip("()"), 2, paragraph)))
    highest = max((number for number, _ in found), default=None)
    return [said for number, said in found if number == highest]


def _areas(lines: Sequence[tuple[str, Paragraph]]) -> Iterator[_Said]:
    for at, (line, paragraph) in enumerate(lines):
        text = fold_space(line)
        named = _FOR.search(text)
        found = body_named(named["who"]) if named else body_named(text)
        below = fold_space(lines[at + 1][0]) if at + 1 < len(lines) else ""
        if found and text.isupper() and below.isupper() and not _NO_PLACE.search(below):
            found = body_named(f"{text} {below}") or found  # a name over two lines of capitals
        if found:
            yield _Said("area", found[0], 1 + found[1], paragraph)


def _names(lines: Sequence[tuple[str, Paragraph]]) -> Iterator[_Said]:
    """Case numbers, then names of the review or of whom it is about."""
    for line, paragraph in lines:
        text = fold_space(line)
        numbered = _NUMBERED.search(text)
        number = case_in(text) or (numbered[1] if numbered else None)
        if number and not iso_date(number):
            bare = re.sub(r"^(?:DHR|DARDR|SAR|CSPR|case)\s*(?=\d)", "", number, flags=re.IGNORECASE)
            yield _Said("case", bare, 1, paragraph)
        for pattern in (_OF_REVIEW, _OF_WHOM, _LETTERED, _ALONE):
            match = pattern.fullmatch(text) if pattern is _ALONE else pattern.search(text)
            groups = match.groupdict() if match else {}
            name = (groups.get("quoted") or groups.get("name") or "").strip()
            if name and not _NO_NAME.search(name):
                yield _Said("case", name, 2, paragraph)


def _kinds(
    lines: Sequence[tuple[str, Paragraph]], title: str | None, flow: Sequence[Paragraph]
) -> Iterator[_Said]:
    """The kind that the title names, else the first line, else "this … Review" in the opening."""
    kinds = [(kind_in(line), paragraph) for line, paragraph in lines]
    if title and kind_in(title):
        return
    for kind, paragraph in kinds:
        if kind:
            yield _Said("kind", kind, 1, paragraph)
            return
    for paragraph in flow[:_OPENING]:
        match = re.search(
            r"\b[Tt]his ((?:\w+ ){1,6}[Rr]eview|DHR|DARDR|SAR|CSPR)\b", paragraph.text
        )
        if match and (kind := kind_in(match[1])):
            yield _Said("kind", kind, 2, paragraph)
            return


def _opening(flow: Sequence[Paragraph]) -> Iterator[_Said]:
    """The month of death and who commissioned the review, as its first pages tell them."""
    for paragraph in flow:
        text = fold_space(paragraph.text)
        told = re.search(
            r"\breview\b|\breport\b|^(?:who|death|the death)|\b(?:deaths?|case) of\b", text, re.I
        )
        if told is None:
            continue
        for match in _DIED.finditer(text):
            date = next((d for d in find_dates(text) if d.start >= match.end()), None)
            if date and date.iso and date.start - match.end() <= 4 and len(date.iso) >= 7:
                yield _Said("death_month", text[date.start : date.end], 1, paragraph)
        named = "commissioned by" in text and re.search(
            rf"\bcommissioned by (?:the )?(?P<who>{PLACE} (?:Partnership|CSP|Board))", text
        )
        if named and (found := body_named(named["who"])):
            yield _Said("area", found[0], 3 + found[1], paragraph)


def _agreed(said: Sequence[_Said], title_lines: Sequence[Paragraph]) -> Front:
    """One value for each field that all of the best rank agree on."""
    facts: dict[str, str] = {}
    used: list[Paragraph] = list(title_lines)
    notes: list[str] = []
    contradicted: set[str] = set()
    for field in dict.fromkeys(one.field for one in said):
        mine = [one for one in said if one.field == field]
        best = [one for one in mine if one.rank == min(other.rank for other in mine)]
        values = {_compared(field, one.value): one for one in best}
        fullest = max(values, key=len)
        if all(fullest.startswith(value) for value in values):
            facts[field] = values[fullest].value
            used += [one.by for one in best]
        else:
            contradicted.add(field)
            listed = "; ".join(f"“{one.value}” ({one.by.place})" for one in values.values())
            notes.append(f"the document gives {field} differently, and none was taken: {listed}")
    said_whole = [p for p in dict.fromkeys(used) if _says_no_more(p, facts)]
    return Front(facts, tuple(said_whole), tuple(notes), frozenset(contradicted))


def _says_no_more(paragraph: Paragraph, facts: Mapping[str, str]) -> bool:
    """Whether a paragraph holds little beside its facts: their labels, "who died in"."""
    words = set(fold(" ".join(facts.values())).split())
    return sum(word not in words for word in fold(paragraph.text).split()) <= _LABEL_WORDS


def _compared(field: str, value: str) -> str:
    """A value as two of them are compared: dates as ISO, a death by its month."""
    if field in ("report_date", "published", "death_month"):
        date = iso_date(value) or value
        return date[:7] if field == "death_month" else date
    return fold(value).strip("'\" ")
