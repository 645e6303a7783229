"""Lines of body text to paragraphs, as they were before they were printed in lines and pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from kb.ingest.readers.pdf.asides import contents_entry, contents_in, footnotes_apart, marks_of
from kb.ingest.readers.pdf.breaks import Seams
from kb.ingest.readers.pdf.columns import in_reading_order
from kb.ingest.readers.pdf.layout import Word
from kb.ingest.readers.pdf.lines import Line, is_bullet
from kb.ingest.readers.pdf.running import Vocabulary, joined
from kb.ingest.readers.pdf.style import Margins, Style, distance_within, levels_of, narrow_ends
from kb.ingest.tables import Paragraph

_TAB, _HANGING_TAB = 0.9, 0.4  # of the size: what parts a label from its text, alone and hanging
_ALIGNED = 3.0  # points


@dataclass(frozen=True)
class Box:
    """An area of a page whose text stands apart from the text around it, in points."""

    x0: float
    top: float
    x1: float
    bottom: float

    def holds(self, word: Word) -> bool:
        """Whether the centre of a word lies in it."""
        x, y = word.middle
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom


@dataclass(frozen=True)
class PageText:
    """The words that a page prints outside its tables, page headers and page numbers.

    ``tables`` are the heights (top, bottom) at which tables interrupt the text; ``boxes`` hold
    text that stands apart.
    """

    number: int
    words: tuple[Word, ...]
    tables: tuple[tuple[float, float], ...] = ()
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Placed:
    """A paragraph, the page that it begins on, and how many of that page's tables come before."""

    paragraph: Paragraph
    page: int
    after: int


@dataclass(frozen=True)
class _Region:
    """Lines that are read one after another; whether text may come in from before or go on.

    ``after`` counts the tables of the page that come before.
    """

    lines: list[Line]
    after: int
    opens: bool = True
    goes_on: bool = True


@dataclass
class _Draft:
    """The lines of one paragraph, and whether the next region may go on with it."""

    lines: list[Line]
    margins: Margins
    after: int
    aside: str | None = None
    opens: bool = False
    goes_on: bool = False


def paragraphs_of(pages: Sequence[PageText], vocabulary: Vocabulary | None = None) -> list[Placed]:
    """The paragraphs of a document in reading order, whole again over lines, columns and pages.

    Footnotes and entries of a table of contents are asides. The mark of a footnote is its label,
    and goes from the text that it stood raised in. A number or bullet that stands in a column of
    its own is the paragraph's label.
    """
    found = [_regions(page) for page in pages]
    style = Style.of(region.lines for page in found for region in page)
    if vocabulary is None:
        every = (line.words for page in found for region in page for line in region.lines)
        vocabulary = Vocabulary.of(every)
    drafts: list[_Draft] = []
    marks: dict[int, frozenset[str]] = {}
    notes: list[_Draft] = []
    for page, regions in zip(pages, found, strict=True):
        body, small = footnotes_apart([region.lines for region in regions], style.size)
        marks[page.number] = marks_of(small)
        kept = [replace(r, lines=b) for b, r in zip(body, regions, strict=True) if b]
        count = len(page.tables)
        notes += [_Draft(note, Margins.of(note), count, "footnote") for note in small]
        for region in kept:
            _append(drafts, _drafts_in(region, style), style)
    return _placed(_with_notes(drafts, notes), style, vocabulary, marks)


def _with_notes(drafts: list[_Draft], notes: list[_Draft]) -> list[_Draft]:
    """Footnotes after the text that begins on their page."""
    return sorted(
        [*drafts, *notes], key=lambda draft: (draft.lines[0].page, bool(draft.aside == "footnote"))
    )


def _regions(page: PageText) -> list[_Region]:
    """The parts of a page that its tables and boxes leave, each in reading order."""
    boxed = [[w for w in page.words if box.holds(w)] for box in page.boxes]
    taken = {id(word) for words in boxed for word in words}
    free = [word for word in page.words if id(word) not in taken]
    walls: list[tuple[float, float, list[Word] | None]] = [(*t, None) for t in page.tables]
    walls += [(b.top, b.bottom, words) for b, words in zip(page.boxes, boxed, strict=True) if words]
    walls.sort(key=lambda wall: wall[0])
    bands: list[list[Word]] = [[] for _ in range(len(walls) + 1)]
    for word in free:
        bands[sum(wall[0] <= word.middle[1] for wall in walls)].append(word)
    regions = list(_flowing(bands[0], page.number, 0, opens=True, goes_on=not walls))
    after = 0
    for number, (wall, band) in enumerate(zip(walls, bands[1:], strict=True), start=1):
        after += wall[2] is None
        inside = in_reading_order(wall[2] or [], page.number)
        regions += [_Region(lines, after, opens=False, goes_on=False) for lines in inside]
        goes_on = number == len(walls)
        regions += _flowing(band, page.number, after, opens=False, goes_on=goes_on)
    return regions


def _flowing(
    words: Sequence[Word], page: int, after: int, *, opens: bool, goes_on: bool
) -> Iterator[_Region]:
    found = in_reading_order(words, page)
    for number, lines in enumerate(found):
        yield _Region(lines, after, opens or number > 0, goes_on or number < len(found) - 1)


def _drafts_in(region: _Region, style: Style) -> list[_Draft]:
    """The paragraphs of one region; the first may go on with what came before, the last go on."""
    margins = Margins.of(region.lines, style.margins)
    distance = distance_within(region.lines)
    narrow = narrow_ends(region.lines, distance or style.distance(style.size))
    seams = Seams(style, margins, distance, narrow)
    contents = contents_in(region.lines)
    drafts: list[_Draft] = []
    for number, line in enumerate(region.lines):
        aside = "table of contents" if number in contents else None
        last = drafts[-1] if drafts else None
        if last is None or aside or last.aside or seams.part(last.lines, line):
            drafts.append(_Draft([line], margins, region.after, aside))
        else:
            last.lines.append(line)
    if drafts:
        drafts[0].opens, drafts[-1].goes_on = region.opens, region.goes_on
    return drafts


def _append(drafts: list[_Draft], found: list[_Draft], style: Style) -> None:
    """Add the paragraphs of the next region; its first may be the rest of the last before."""
    if not found:
        return
    last = drafts[-1] if drafts else None
    first = found[0]
    if last and last.goes_on and first.opens and not last.aside and not first.aside:
        seams = Seams(style, last.margins, None)
        if seams.goes_on_overleaf(last.lines, first.lines[0], first.margins):
            last.lines += first.lines
            last.goes_on, last.margins = first.goes_on, first.margins
            found = found[1:]
    drafts += found


def _placed(
    drafts: Sequence[_Draft],
    style: Style,
    vocabulary: Vocabulary,
    marks: Mapping[int, frozenset[str]],
) -> list[Placed]:
    hung = {round(d.lines[0].text_x0) for d in drafts if d.lines[0].labelled and _hangs(d)}
    texts = [_label_and_text(draft, hung, vocabulary, marks) for draft in drafts]
    headings = [
        draft.aside is None and style.is_heading(draft.lines, text)
        for draft, (_, text) in zip(drafts, texts, strict=True)
    ]
    levels = levels_of(d.lines[0].size for d, heads in zip(drafts, headings, strict=True) if heads)
    counts: Counter[int] = Counter()
    placed = []
    for draft, (label, text), heads in zip(drafts, texts, headings, strict=True):
        first = draft.lines[0]
        counts[first.page] += 1
        paragraph = Paragraph(
            text,
            f"page {first.page}, paragraph {counts[first.page]}",
            label,
            levels[first.size] if heads else 0,
            all(line.bold for line in draft.lines) or all(line.underlined for line in draft.lines),
            draft.aside,
        )
        placed.append(Placed(paragraph, first.page, draft.after))
    return placed


def _label_and_text(
    draft: _Draft,
    hung: Set[int],
    vocabulary: Vocabulary,
    marks: Mapping[int, frozenset[str]],
) -> tuple[str | None, str]:
    first, *rest = draft.lines
    label = first.words[0].text if _has_label(draft, hung) else None
    start = first.text_without(marks[first.page], 1 if label else 0)
    text = joined([start, *[line.text_without(marks[line.page]) for line in rest]], vocabulary)
    label = "•" if label == "\ufffd" else label
    return label, contents_entry(text) if draft.aside == "table of contents" else text


def _has_label(draft: _Draft, hung: Set[int]) -> bool:
    """Whether the paragraph begins with a number or bullet in a column of its own.

    ``hung`` are the places (points from the left) at which text hangs beside such a column.
    """
    first = draft.lines[0]
    if draft.aside == "footnote":
        return True
    if not first.labelled or draft.aside:
        return False
    if is_bullet(first.words[0].text):
        return True
    in_column = {round(first.text_x0) + n for n in (-1, 0, 1)} & hung
    return first.label_gap > (_HANGING_TAB if in_column else _TAB)


def _hangs(draft: _Draft) -> bool:
    """Whether the lines below the first begin under the text after the label."""
    first, *rest = draft.lines
    return bool(rest) and abs(rest[0].x0 - first.text_x0) <= _ALIGNED
