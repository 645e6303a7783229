"""What stands beside the text of the pages: page headers and footers, watermarks, turned text."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb.ingest.readers.pdf.layout import Page, Rule, Word
from kb.ingest.readers.pdf.words import lines_of
from kb.ingest.tables import Paragraph

_ZONE = 0.14  # of the height: page headers and footers stand no further in
_SAME = 4.0  # points: how far the same header may move between pages
_SHARE = 0.25  # of the pages: a header stands on so many, and on two at least
_NUMBERED = re.compile(r"\W*(?:page|p\.?)?\s*#(?:\s*(?:of|/|\|)\s*#)?\W*(?:page)?\W*|.*\bpage #.*")
_ITEM = re.compile(
    r"\W*(?:#[.#]*\W*)?(?:[\w-]+ ){0,3}?(?:recommendations?|actions?|lessons?|learning|findings?|"
    r"objectives?|points?|rec?)\W*(?:no\.?|number)?\W*#.*"
)
"""What heads a recommendation: where each stands on a page of its own only its number varies."""
_HUGE = 3.0  # times the usual size: a word so large over others is a watermark
_APART = 2.0  # sizes: words further apart stand in different columns
_FEWEST_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words and rules of a page outside its tables; ``tables`` are (top, bottom) of those."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    tables: tuple[tuple[float, float], ...] = ()
    rules: tuple[Rule, ...] = ()
    marked_rows: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _MarginLine:
    page: int
    footer: bool
    key: str
    text: str
    at: float
    ids: frozenset[int]


def beside_text(page: Page) -> tuple[list[Word], list[Word]]:
    """The words of a page that are read with it, and those of its watermarks."""
    sizes = [word.size for word in page.words if not word.turned]
    usual = statistics.median(sizes) if sizes else 0.0
    read: list[Word] = []
    marks: list[Word] = []
    for word in page.words:
        huge = word.size > max(_HUGE * usual, 36.0) and _lies_over(word, page.words)
        (marks if word.turned % 90 or huge else read).append(word)
    return read, marks


def _lies_over(word: Word, others: Sequence[Word]) -> bool:
    under = 0
    for other in others:
        x, y = other.middle
        if other is not word and word.x0 < x < word.x1 and word.top < y < word.bottom:
            under += 1
    return under >= 3


def without_margins(
    pages: Sequence[PageWords],
) -> tuple[list[PageWords], list[Paragraph], list[Paragraph]]:
    """The pages without their page headers and footers, and these: each once, with its pages.

    A line is one of them where it stands at the edge of the page, outside any table, at the same
    place and with the same words (but for page numbers) on several pages.
    """
    lines = [line for page in pages for line in _edge_lines(page)]
    found = _repeated(lines, len(pages))
    gone: dict[int, set[int]] = defaultdict(set)
    for line in found:
        gone[line.page] |= line.ids
    rest = [
        replace(page, words=tuple(w for w in page.words if id(w) not in gone[page.number]))
        for page in pages
    ]
    headers = _told([line for line in found if not line.footer], "page header")
    return rest, headers, _told([line for line in found if line.footer], "page footer")


def _edge_lines(page: PageWords) -> list[_MarginLine]:
    """The lines at the upper and the lower edge of a page, from the edge inwards."""
    lines = lines_of([word for word in page.words if not word.turned])
    first = min((top for top, _ in page.tables), default=page.height)
    last = max((bottom for _, bottom in page.tables), default=0.0)
    found: list[_MarginLine] = []
    for number, line in enumerate(lines):
        near = lines[number + 1 : number + 2]
        if line[0].bottom > _ZONE * page.height or line[0].bottom > first + 2:
            break
        if _heads_columns(line, near):
            break
        found.append(_margin_line(page, line, footer=False))
    for number, line in reversed(list(enumerate(lines))):
        if line[0].top < (1 - _ZONE) * page.height or line[0].top < last - 2:
            break
        if _heads_columns(line, lines[max(number - 1, 0) : number]):
            break
        found.append(_margin_line(page, line, footer=True))
    return found


def _margin_line(page: PageWords, line: Sequence[Word], *, footer: bool) -> _MarginLine:
    text = " ".join(word.text for word in line)
    at = page.height - line[0].base if footer else line[0].base
    return _MarginLine(page.number, footer, _key(text), text, at, frozenset(id(w) for w in line))


def _heads_columns(line: Sequence[Word], near: Sequence[Sequence[Word]]) -> bool:
    """Whether a line looks like a row of a table: several columns, the next line close by."""
    parts = 1 + sum(1 for a, b in itertools.pairwise(line) if b.x0 - a.x1 > _APART * a.size)
    close = any(abs(other[0].base - line[0].base) < 2.2 * line[0].size for other in near)
    return parts >= _FEWEST_COLUMNS and close


def _repeated(lines: Sequence[_MarginLine], pages: int) -> list[_MarginLine]:
    """The lines that stand on several pages, as far in as all lines before them do."""
    groups: dict[tuple[bool, str], list[_MarginLine]] = defaultdict(list)
    for line in lines:
        groups[line.footer, line.key].append(line)
    fewest = max(2, min(round(_SHARE * pages), 10))
    found: list[_MarginLine] = []
    stopped: set[tuple[int, bool]] = set()
    for line in lines:
        same = [o for o in groups[line.footer, line.key] if abs(o.at - line.at) <= _SAME]
        if (line.page, line.footer) in stopped or not _is_running(same, fewest):
            stopped.add((line.page, line.footer))
        else:
            found.append(line)
    return found


def _is_running(same: Sequence[_MarginLine], fewest: int) -> bool:
    """Whether lines at one place, alike but for numbers, stand on pages enough to be no text."""
    on, texts = {line.page for line in same}, {line.text for line in same}
    if _NUMBERED.fullmatch(same[0].key):
        return len(on) >= 2
    if _are_items(same[0].key, texts):
        return False
    return len(on) >= (max(fewest, 3) if len(texts) > 1 else fewest)


def _are_items(key: str, texts: Collection[str]) -> bool:
    """Whether different texts that are alike but for numbers head recommendations."""
    return len(texts) > 1 and _ITEM.fullmatch(key) is not None


def _key(text: str) -> str:
    """What is the same on all pages."""
    return re.sub(r"\d+", "#", " ".join(text.casefold().split()))


def _told(lines: Sequence[_MarginLine], aside: str) -> list[Paragraph]:
    return told_once([(line.page, line.text) for line in lines], aside)


def told_once(texts: Sequence[tuple[int, str]], aside: str) -> list[Paragraph]:
    """Each text once with the pages that it stands on; those alike but for a page number too."""
    alike: dict[str, list[tuple[int, str]]] = {}
    for page, text in texts:
        alike.setdefault(_key(text), []).append((page, text))
    told: dict[str, list[int]] = {}
    for key, same in alike.items():
        items = _are_items(key, {text for _, text in same})
        counts = _NUMBERED.fullmatch(key) is not None or (not items and _count_pages(same))
        for page, text in same:
            told.setdefault(same[0][1] if counts else text, []).append(page)
    return [Paragraph(text, pages_told(pages), aside=aside) for text, pages in told.items()]


def _count_pages(texts: Sequence[tuple[int, str]]) -> bool:
    """Whether the numbers that differ between texts (page, text) go up with the pages."""
    numbers = [[int(n[:9]) for n in re.findall(r"\d+", text)] for _, text in texts]
    pages = [page for page, _ in texts]
    for column in zip(*numbers, strict=True):
        steps = {number - page for number, page in zip(column, pages, strict=True)}
        if len(set(column)) > 1 and len(steps) > 1:
            return False
    return True


def pages_told(numbers: Sequence[int]) -> str:
    """Page numbers in words: "page 3", "pages 1–4, 7"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs)
    return f"page{'' if len(runs) == 1 and len(runs[0]) == 1 else 's'} {told}"
