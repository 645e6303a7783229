"""The chapters of a narrative that hold its recommendations: where each begins and ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kb.ingest.prose.asks import asks, introduces, is_name, known_agency, obliges
from kb.ingest.prose.labels import Label
from kb.ingest.prose.lines import Line, is_heading
from kb.text.agencies import Agencies
from kb.text.normalise import fold
from kb.text.patterns import late

Title = Literal["recommendations", "mixed", "earlier"]

_PREFIX = late(
    r"(?:section|chapter|part|appendix|annex|schedule)\s+(?P<n>\d{1,2}|[a-z]|[ivx]{1,4}|one|two|"
    r"three|four|five|six|seven|eight|nine|ten)\b\s*[:.–-]*\s*",
)
_QUALIFIER = (
    r"(?:the|key|overview|reports?|single|individual|multi|agency|agencies|imrs?|national|local|"
    r"regional|dhr|dardr|sar|panel|review|review's|panel's|final|strategic|thematic|summary|list|of|"
    r"all|independent|specific|joint|further|additional|internal|smart|overarching|executive|"
    r"chair's|author's|conclusions?|concluding|remarks|lessons?|learn(?:ed|t)|to be|learning|"
    r"points?|findings?|analysis|themes?|and|system|partnership|organisational|main|"
    r"management|cross|wide|proposed|csp)"
)
_QUALIFIED = late(
    r"\b(?:single|individual|imrs?|national|local|regional|internal|multi|overview|organisational|"
    r"strategic|agency|agencies)\b"
)
_TAIL = (
    r"(?: (?:for|to|from|of|by|in|arising from|made by|made to|resulting from|relating to|"
    r"identified by) .{2,90}|(?: and| &|/) ?(?:action plans?|actions?|next steps|conclusions?|"
    r"learning|lessons.*|implementation))?"
)
_TITLE = late(
    rf"(?:{_QUALIFIER}[ ,&/-]*)*(?:recommendations|recommendation\(s\)){_TAIL}(?:\s*\([^()]*\))?"
)
_EARLIER = late(
    r"\b(?:earlier|previous(?:ly)?|past|prior|historic(?:al)?|preceding|other)\b.*"
    r"\b(?:reviews?|dhrs?|dardrs?|reports?|homicides?|cases?|inquir\w+|sars?|scrs?|inquests?)\b|"
    r"\b(?:earlier|previous|past|prior) (?:\w+ ){0,2}recommendations|"
    r"\brecommendations (?:from|in|of|made in) (?:the )?(?:19|20)\d\d\b"
)
_NOT_THE_CHAPTER = late(
    r"\b(?:implement\w*|monitor\w*|progress\w*|disseminat\w*|track\w*|oversight|status|respon\w+|"
    r"updates?|deliver\w*|govern\w*|approach|how|why|what|were|has|have|is|are|acceptance|rationale)\b"
)
_MIXED = late(r"\b(?:conclu\w+|lessons?|learning|findings?|analysis|themes?)\b")
_SAYS_RECOMMEND = late(
    r"what (?:do )?(?:we|(?:this|the) (?:\w+ )?(?:panel|review|reviewers?|authors?|chair)) "
    r"(?:are |is |has |have )?recommend(?:s|ed|ing)?\??"
)
_APPENDIX = late(
    r"(?:appendi(?:x|ces)|annex(?:es)?|schedule)\b.*|(?:glossary|bibliography|references|"
    r"end ?notes|footnotes|abbreviations|acronyms|list of (?:abbreviations|acronyms|references)|"
    r"dear [^.]{2,40})"
    r"(?: (?:of|and|&) .{2,50})?"
)
_OTHER_CHAPTER = late(
    r"(?:(?:final|overall|key|concluding|closing|post|the|independent|chair's|panel's) )*"
    r"(?:conclusions?|remarks|comments|thoughts|introduction|background|preface|foreword|"
    r"acknowledgements?|terms of reference|(?:integrated |combined |composite |multi-agency |dhr )*"
    r"action plans?|chronology|methodology|timescales?|confidentiality|dissemination|"
    r"distribution(?: list)?|equality(?: and diversity)?|involvement of .{2,60}|"
    r"circumstances .{2,60}|summary|the facts|good practice|statement of independence|"
    r"(?:the )?(?:review )?panel(?: members(?:hip)?)?|members(?:hip)? of .{2,60}|"
    r"next steps|author(?: of the .{2,40})?|parallel reviews|overview|"
    r"(?:home office )?(?:feedback|letter|quality assurance).{0,60}|(?:combined )?chronology|"
    r"contributors.{0,40}|sign-?off|statement|version control|monitoring.{0,60}|"
    r"implementation.{0,60}|post-?script|"
    r"afterword|epilogue|governance.{0,40}|publication|analysis|key findings)"
)
_SCOPES = late(
    r"(?:for |at (?:a )?)?(?:national|regional|local)(?:ly)?(?:(?: ?/ ?|, | and | & )(?:national|"
    r"regional|local))*(?: level| government)?(?: recommendations?| actions?)?"
)
_THEMES_TOO = frozenset(
    "housing|health|education|early help|public health|health and social care|social care|schools|"
    "maternity|midwifery|primary care|mental health|mental health services|employers|probation|"
    "policing|domestic abuse services|substance misuse services|health and housing".split("|")
)
_BARE_NUMBER = late(r"(\d{1,2})\s+(?=[A-Z])")
_LONGEST_HEADING = 300  # characters
_NUMBER_WORDS = "one two three four five six seven eight nine ten".split()


@dataclass(frozen=True)
class Chapter:
    """One chapter: its heading, its lines, what its title says, and the agency over it.

    ``kind`` "mixed" is one of conclusions or lessons too, in which much is no recommendation;
    "earlier" lists those of other reviews.
    """

    heading: Line
    lines: tuple[Line, ...]
    kind: Title
    under: str | None = None


def find_chapters(lines: Sequence[Line], skipped: set[int], agencies: Agencies) -> list[Chapter]:
    """The chapters of recommendations, in order; ``skipped`` are lines of a table of contents.

    A section on earlier reviews may stand inside a chapter, which goes on after it.
    """
    finder = _Finder(agencies)
    for at, line in enumerate(lines):
        if at not in skipped:
            finder.take(line)
    return [chapter for chapter in finder.chapters() if chapter.lines]


class _Finder:
    """The chapters found so far, and the one that stands open."""

    def __init__(self, agencies: Agencies) -> None:
        self._agencies = agencies
        self._found: list[tuple[Line, Title, list[Line], str | None]] = []
        self._open: list[tuple[Line, Title]] = []
        self._above: list[Line] = []
        self._listed: tuple[int, ...] = ()
        self._before: tuple[int, ...] = ()

    def take(self, line: Line) -> None:
        self._place(line)
        self._count(line)

    def _place(self, line: Line) -> None:
        title = title_of(line)
        if self._open:
            heading, kind = self._open[-1]
            if title and not _begins_anew(heading, line, kind, title, self._before):
                title = None
            while title is None and self._open and self._ends(line):
                self._open.pop()
                if self._open:
                    self._begin(*self._open[-1])
        if title:
            inside = title == "earlier" and self._open and not ends(
                self._open[-1][0], line, self._agencies
            )  # fmt: skip
            self._open = [*(self._open if inside else []), (line, title)]
            self._begin(line, title)
        elif self._open and fold(line.text) == fold(self._open[-1][0].text):
            return  # the title again, at the head of a page
        elif self._open:
            self._found[-1][2].append(line)
        elif is_heading(line):
            self._above.append(line)

    def _ends(self, line: Line) -> bool:
        """Whether a line ends the open chapter, also by the numbers before it."""
        heading = self._open[-1][0]
        if ends(heading, line, self._agencies):
            return True
        if line.rec or line.label is None or not is_name(line.text) or asks(line.text):
            return False
        theirs, ours = numbers(line), numbers(heading) or self._before
        if not ours or line.level or heading.level:
            return False
        if line.label.kind == "number":  # the next chapter, not the next of a list
            return theirs == (ours[0] + 1,) and self._listed != (theirs[0] - 1,)
        above = len(theirs) < len(ours) and theirs[:-1] == ours[: len(theirs) - 1]
        return above and theirs[-1:] == (ours[len(theirs) - 1] + 1,)

    def _count(self, line: Line) -> None:
        """Keep the last number in the open chapter, and the last before any chapter."""
        if (
            line.label
            and line.label.kind == "number"
            and self._open
            and self._open[-1][0] is not line
        ):
            self._listed = line.label.parts
        elif line.label and not self._open and _numbers_a_chapter(line, line.label):
            self._before = line.label.parts

    def chapters(self) -> list[Chapter]:
        return [Chapter(line, tuple(body), kind, under) for line, kind, body, under in self._found]

    def _begin(self, line: Line, title: Title) -> None:
        self._listed = ()
        self._found.append(
            (line, title, [], _agency_above(line, self._above, self._before, self._agencies))
        )


def title_of(line: Line) -> Title | None:
    """What chapter a line is the title of: of recommendations, of mixed matter, of earlier ones."""
    text = bare_title(line.text) if len(line.text) <= _LONGEST_HEADING else ""
    words = len(text.split())
    if _SAYS_RECOMMEND.fullmatch(text) and line.stands_out:
        return "recommendations"
    if "recommendation" not in text or words > 16 or line.rec or line.text.rstrip()[-1:] in ".;,":
        return None
    in_a_list = line.label and line.label.kind in ("bullet", "roman", "letter")
    if (
        obliges(line.text)
        or (in_a_list and not line.stands_out)
        or not _is_title(line, text, words)
    ):
        return None
    if _EARLIER.search(text):
        return "earlier"
    head = re.sub(r"\b(?:for|to|from|of|by) .*", "", text)
    if introduces(line.text) or _NOT_THE_CHAPTER.search(head):
        return None
    return "mixed" if _MIXED.search(text.partition("recommendation")[0]) else "recommendations"


def _is_title(line: Line, text: str, words: int) -> bool:
    """Whether it is worded as a title; one that stands out or is numbered may be in other words."""
    numbered = line.label or _PREFIX.match(fold(line.text)) or _BARE_NUMBER.match(line.text)
    stands_out = line.stands_out or numbered
    if stands_out and re.search(r"\brecommendations\b|recommendation\(s\)", text):
        return True
    return words <= 12 and _TITLE.fullmatch(text) is not None


def bare_title(text: str) -> str:
    """A title folded, without "Section 8:" or a number before it and marks around it."""
    return re.sub(r"^\d{1,2}\s+", "", _PREFIX.sub("", fold(text))).strip(" :.–-*_#")


def is_plain_title(text: str) -> bool:
    """Whether a chapter's title says no more than that recommendations follow."""
    words = re.sub(
        rf"\b{_QUALIFIER}\b|recommendations?(?:\(s\))?|action plans?|[^\w]", "", bare_title(text)
    )
    return not words.strip() and not _QUALIFIED.search(bare_title(text))


def is_scope_heading(text: str) -> bool:
    """Whether a heading says how wide the recommendations below it reach ("National")."""
    return bool(_SCOPES.fullmatch(bare_title(text)))


def names_other_chapter(text: str) -> bool:
    """Whether a title is that of an appendix, or of another chapter that reviews have."""
    title = bare_title(text)
    return any(p.fullmatch(t) for p in (_APPENDIX, _OTHER_CHAPTER) for t in (title, fold(text)))


def agency_of_heading(text: str, agencies: Agencies) -> str | None:
    """The agency of "For the Police:", "Recommendations for X", "X recommendations" as printed.

    A bare "Housing" or "Health" is the name of a theme as often as of an agency: it is none.
    """
    if (
        len(text) > _LONGEST_HEADING
        or fold(text).strip(" .") in _THEMES_TOO
        or "multi" in fold(text)
    ):
        return None
    name = text.strip(" :.–-")
    name = re.sub(r"^(?:section|appendix|part) \w+\s*[:–-]\s*", "", name, flags=re.IGNORECASE)
    name = re.sub(
        r"^(?:.{0,40}?recommendations?\s+(?:for|to|from|made by|made to|by)|for|to|imr\s*[:–-])\s+",
        "",
        name,
        flags=re.IGNORECASE,
    )
    name = re.sub(
        r"[\s:–-]+(?:imr|single agency|agency|individual|internal|\(imr\)|'s|’s)*\s*"
        r"(?:recommendations?|imr|actions?)$",
        "",
        name,
        flags=re.IGNORECASE,
    )
    return known_agency(name, agencies)


def ends(heading: Line, line: Line, agencies: Agencies) -> bool:
    """Whether a line stands beyond the chapter that a heading opened.

    An appendix always does. Of two headings with levels the same or a higher level does, unless
    it names an agency or a scope; numbering that leaves the chapter does ("6", "6.1" after "5");
    of headings without either, those that are known as other chapters of a review.
    """
    if line.rec:
        return False
    heads = is_heading(line)
    plain = len(line.text.split()) <= 8 and re.match(r"(?:\d{1,2}\s+)?[A-Z]", line.text) is not None
    titled = heads or (plain and (line.label is None or line.label.kind in ("decimal", "number")))
    ours, theirs = numbers(heading), numbers(line)
    if titled and _APPENDIX.fullmatch(fold(_BARE_NUMBER.sub("", line.text)).strip(" :.")):
        left = True
    elif ours and theirs and line.label and line.label.kind == "decimal":
        left = _leaves(ours, theirs, heads=heads)
    elif titled and _OTHER_CHAPTER.fullmatch(bare_title(line.text)):
        left = not (heading.level and line.level > heading.level)
    elif heads and heading.level and line.level:
        is_same = line.level == heading.level and _is_subordinate(line, agencies)
        left = line.level <= heading.level and not is_same
    elif (heads or (titled and line.label is None)) and ours and len(theirs) == 1:
        left = theirs[0] == ours[0] + 1
    else:
        above = heads and line.level == 1 and not heading.level
        left = above and not _is_subordinate(line, agencies)
    return left


def numbers(line: Line) -> tuple[int, ...]:
    """The figures of a heading's number: (5,) of "5. Recommendations", "5.0" or "Section 5:"."""
    if line.label and line.label.kind in ("decimal", "number"):
        parts = line.label.parts
        return parts[:-1] if len(parts) > 1 and parts[-1] == 0 else parts
    bare = _BARE_NUMBER.match(line.text)
    if bare and line.label is None and len(line.text.split()) <= 9:
        return (int(bare[1]),)
    match = _PREFIX.match(fold(line.text))
    if match is None or not fold(line.text).startswith(("section", "chapter", "part")):
        return ()
    number = match["n"]
    if number in _NUMBER_WORDS:
        return (_NUMBER_WORDS.index(number) + 1,)
    return (int(number),) if number.isdigit() else ()


def _leaves(ours: tuple[int, ...], theirs: tuple[int, ...], *, heads: bool) -> bool:
    if theirs[: len(ours)] == ours:
        return False
    depth = len(ours)
    is_next = theirs[: depth - 1] == ours[:-1] and theirs[depth - 1 : depth] == (ours[-1] + 1,)
    return is_next or theirs[0] == ours[0] + 1 or (heads and len(theirs) <= depth)


def _begins_anew(
    open_: Line, line: Line, kind: Title, title: Title, before: tuple[int, ...]
) -> bool:
    """Whether a title inside an open chapter opens another, and is no heading within it."""
    if fold(line.text) == fold(open_.text) and not line.level:
        return False
    if title == "earlier" or kind in ("earlier", "mixed") or _PREFIX.match(fold(line.text)):
        return True
    if open_.level and line.level:
        return line.level <= open_.level
    ours, theirs = numbers(open_) or before, numbers(line)
    return bool(ours and theirs) and theirs[: len(ours)] != ours


def _numbers_a_chapter(line: Line, label: Label) -> bool:
    """Whether a number is one of the report's: "4.2", or "4." before words that stand out."""
    return label.kind == "decimal" or (label.kind == "number" and line.stands_out)


def _is_subordinate(line: Line, agencies: Agencies) -> bool:
    return (
        is_scope_heading(line.text)
        or agency_of_heading(line.text, agencies) is not None
        or bool(re.match(r"(?:lesson|learning point|finding|theme) ?\d", fold(line.text)))
    )


def _agency_above(
    heading: Line, above: Sequence[Line], before: tuple[int, ...], agencies: Agencies
) -> str | None:
    """The agency whose section a chapter stands in: the nearest heading over it, if it is one."""
    ours = numbers(heading) or before
    for line in reversed(above):
        theirs = numbers(line)
        over = (
            line.level < heading.level
            if line.level and heading.level
            else bool(ours and theirs) and ours[: len(theirs)] == theirs and len(ours) > len(theirs)
        )
        if over:
            return agency_of_heading(line.text, agencies)
    return None
