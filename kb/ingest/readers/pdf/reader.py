"""Reading a PDF: page by page into words and tables, then both over the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb.ingest.readers.pdf.banded import banded_tables
from kb.ingest.readers.pdf.boxes import boxes_of
from kb.ingest.readers.pdf.grid import PrintedTable
from kb.ingest.readers.pdf.joining import TablePart, goes_on_with, part_of, table_of
from kb.ingest.readers.pdf.layout import Page, Rule, Word
from kb.ingest.readers.pdf.margins import PageWords, beside_text, pages_told, without_margins
from kb.ingest.readers.pdf.pages import pages_of
from kb.ingest.readers.pdf.paragraphs import PageText, Placed, paragraphs_of
from kb.ingest.readers.pdf.repeated import without_repeated
from kb.ingest.readers.pdf.ruled import coloured_tables, ruled_tables
from kb.ingest.readers.pdf.running import Vocabulary
from kb.ingest.readers.pdf.scanned import (
    BY_OCR,
    asking,
    is_recognised,
    is_worth_recognising,
    scanned,
    stretched,
    told,
    unreadable,
)
from kb.ingest.readers.pdf.unruled import Carried, unruled_tables
from kb.ingest.readers.pdf.words import lines_of
from kb.ingest.recognition import Recognition
from kb.ingest.tables import Document, Paragraph, Table


@dataclass
class _Read:
    """What has been read of the pages so far."""

    pages: list[PageWords] = field(default_factory=list)
    parts: list[TablePart] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    marks: dict[str, list[int]] = field(default_factory=dict)
    asides: list[Paragraph] = field(default_factory=list)
    unread: dict[int, str] = field(default_factory=dict)
    recognised: set[int] = field(default_factory=set)
    slices: bool = False


def read_pdf(data: bytes, name: str, recognition: Recognition | None = None) -> Document:
    """Every table and paragraph of a PDF, each with its page.

    ``recognition`` is what came of OCR for these bytes, None where it was not tried. Raises
    DamagedDocument for a broken file, DocumentError for one that asks for a password,
    ScannedDocument where no page has text that can be read, and with ``pages`` where OCR was not
    tried and would find more.
    """
    read = _pages_read(data, name)
    _check_pages(name, read, recognition)
    pages, headers, footers = without_margins(read.pages)
    read.parts, above, below = without_repeated(read.parts, len(pages))
    headers, footers = [*headers, *above], [*footers, *below]
    pages = list(_without_open_tables(pages, read))
    read.known.update(_trusted(pages))
    vocabulary = Vocabulary(read.known)
    for part in read.parts:
        if part.page in read.recognised:
            for row in part.rows:
                row.flags = (*row.flags, BY_OCR)
    flow = list(_in_order(pages, read, vocabulary))
    marks = [
        Paragraph(text, pages_told(numbers), aside="watermark")
        for text, numbers in read.marks.items()
    ]
    blocks = [*headers, *_blocks(flow, vocabulary), *footers, *marks, *read.asides]
    return Document(tuple(blocks), tuple(read.notes))


def _pages_read(data: bytes, name: str) -> _Read:
    read = _Read()
    for page in pages_of(data, name):
        _read_page(page, read)
    return read


def _check_pages(name: str, read: _Read, tried: Recognition | None) -> None:
    """Say which pages cannot be read; ask for their text where OCR was not ``tried``."""
    others = [page for page in read.pages if page.number not in read.unread]
    is_all = bool(read.unread) and not any(page.words or page.tables for page in others)
    if tried is None and (is_all or is_worth_recognising(read.unread, len(read.pages))):
        raise asking(name, read.unread)
    tried = tried or Recognition()
    read.recognised |= set(tried.pages) - read.unread.keys()
    if is_all:
        raise scanned(
            name, read.unread, tried.why or ("ocrmypdf found none" if tried.pages else "")
        )
    read.notes += told(read.unread, read.recognised)
    for number, reason in read.unread.items():
        text = f"{reason}, with no text that can be read"
        read.asides.append(Paragraph(text, f"page {number}", aside="picture"))


def _read_page(page: Page, read: _Read) -> None:
    read.slices = page.slices
    if page.fault:
        read.notes.append(page.fault)
    if why := unreadable(page):
        read.unread[page.number] = why
    if is_recognised(page):
        read.recognised.add(page.number)
        page = replace(page, words=stretched(page.words))
    words, marks = beside_text(page)
    tables, left, loose = ruled_tables(replace(page, words=tuple(words)))
    for table in tables:
        _take(table, page.height, page.marked_rows, read)
    upright = tuple(word for word in left if not word.turned)
    spans = tuple((table.top, table.bottom) for table in tables)
    size = (page.width, page.height)
    rest = PageWords(page.number, *size, upright, spans, tuple(loose), page.marked_rows)
    read.pages.append(rest)
    _read_asides(page, marks, left, read)


def _take(table: PrintedTable, height: float, marked: Mapping[int, int], read: _Read) -> None:
    part = part_of(table, height, marked)
    part.slices = read.slices
    read.known.update(part.trusted_words())
    read.parts.append(part)


def _without_open_tables(pages: Sequence[PageWords], read: _Read) -> Iterator[PageWords]:
    """The pages without the tables that no upright rules show; these are added to what was read.

    First those whose header is known, then those that colours or level rules show.
    """
    carried: Carried | None = None
    for page in pages:
        known, left, carried = unruled_tables(page.number, page.words, page.rules, carried)
        rules = [rule for rule in page.rules if not any(_runs_in(rule, table) for table in known)]
        coloured, left, rules = coloured_tables(page, rules, left)
        banded, left = banded_tables(page.number, rules, left)
        tables = [*known, *coloured, *banded]
        for table in tables:
            _take(table, page.height, page.marked_rows, read)
        spans = ((table.top, table.bottom) for table in tables)
        yield replace(page, words=tuple(left), tables=(*page.tables, *spans))


def _runs_in(rule: Rule, table: PrintedTable) -> bool:
    """Whether a rule, or a part of it, lies beside the rows of a table."""
    top, bottom = (rule.start, rule.end) if rule.upright else (rule.at, rule.at)
    return top <= table.bottom and bottom >= table.top


def _read_asides(page: Page, marks: Sequence[Word], left: Sequence[Word], read: _Read) -> None:
    place = f"page {page.number}"
    if marks:
        text = " ".join(word.text for word in marks)
        read.marks.setdefault(text, []).append(page.number)
    for turned in sorted({word.turned for word in left if word.turned}):
        lines = lines_of([word for word in left if word.turned == turned])
        text = "\n".join(" ".join(word.text for word in line) for line in lines)
        read.asides.append(Paragraph(text, place, aside="turned text"))
    for comment in page.comments:
        read.asides.append(Paragraph(comment, place, aside="comment"))


def _trusted(pages: Sequence[PageWords]) -> Iterator[str]:
    """The words outside tables that no end of a line can have cut."""
    for page in pages:
        for line in lines_of(page.words):
            yield from (word.text for word in line[1:-1])


def _in_order(
    pages: Sequence[PageWords], read: _Read, vocabulary: Vocabulary
) -> Iterator[Paragraph | TablePart]:
    """Paragraphs and parts of tables in reading order."""
    texts = [
        PageText(
            page.number, page.words, page.tables, boxes_of(page.rules, page.width, page.height)
        )
        for page in pages
    ]
    items: list[tuple[int, int, int, Paragraph | TablePart]] = [
        (placed.page, placed.after, number, _doubted(placed, read))
        for number, placed in enumerate(paragraphs_of(texts, vocabulary))
    ]
    count: Counter[int] = Counter()
    for part in sorted(read.parts, key=lambda part: (part.page, part.top)):
        count[part.page] += 1
        items.append((part.page, count[part.page], -1, part))
    items.sort(key=lambda item: item[:3])
    return (item for *_, item in items)


def _doubted(placed: Placed, read: _Read) -> Paragraph:
    """A paragraph, flagged where its text comes from OCR."""
    if placed.page not in read.recognised:
        return placed.paragraph
    return replace(placed.paragraph, flags=(BY_OCR,))


def _blocks(
    flow: Sequence[Paragraph | TablePart], vocabulary: Vocabulary
) -> Iterator[Table | Paragraph]:
    """The same with the parts of each table joined over the pages."""
    parts: list[TablePart] = []
    count = 0
    for item in [*flow, None]:
        if isinstance(item, TablePart) and parts and goes_on_with(parts[-1], item):
            parts.append(item)
            continue
        if parts:
            count += 1
            yield table_of(parts, f"table {count}", vocabulary)
            parts = []
        if isinstance(item, TablePart):
            parts = [item]
        elif item is not None:
            yield item
