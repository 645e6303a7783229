"""Reading a PDF: page by page into words and tables, then both over the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from kb.ingest.pdf.banded import banded_tables
from kb.ingest.pdf.joining import TablePart, goes_on_with, part_of, table_of
from kb.ingest.pdf.layout import Page, Word
from kb.ingest.pdf.margins import PageWords, beside_text, pages_told, without_margins
from kb.ingest.pdf.pages import pages_of
from kb.ingest.pdf.paragraphs import PageText, paragraphs_of
from kb.ingest.pdf.ruled import ruled_tables
from kb.ingest.pdf.running import Vocabulary
from kb.ingest.pdf.unruled import Carried, unruled_tables
from kb.ingest.pdf.words import lines_of
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


def read_pdf(data: bytes, name: str) -> Document:
    """Every table and paragraph of a PDF, each with its page.

    Raises DamagedDocument for a broken file, DocumentError for one that asks for a password.
    """
    read = _Read()
    for page in pages_of(data, name):
        _read_page(page, read)
    pages, headers, footers = without_margins(read.pages)
    pages = list(_without_open_tables(pages, read))
    read.known.update(_trusted(pages))
    vocabulary = Vocabulary(read.known)
    flow = list(_in_order(pages, read.parts, vocabulary))
    marks = [
        Paragraph(text, pages_told(numbers), aside="watermark")
        for text, numbers in read.marks.items()
    ]
    blocks = [*headers, *_blocks(flow, vocabulary), *footers, *marks, *read.asides]
    return Document(tuple(blocks), tuple(read.notes))


def _read_page(page: Page, read: _Read) -> None:
    if page.fault:
        read.notes.append(page.fault)
    words, marks = beside_text(page)
    tables, left, loose = ruled_tables(replace(page, words=tuple(words)))
    for table in tables:
        part = part_of(table, page.height)
        read.known.update(part.trusted_words())
        read.parts.append(part)
    upright = tuple(word for word in left if not word.turned)
    spans = tuple((table.top, table.bottom) for table in tables)
    read.pages.append(PageWords(page.number, page.height, upright, spans, tuple(loose)))
    _read_asides(page, marks, left, read)


def _without_open_tables(pages: Sequence[PageWords], read: _Read) -> Iterator[PageWords]:
    """The pages without the tables that no upright rules show; these are added to what was read.

    First the tables whose header is known, then those that level rules or bands of colour show.
    """
    carried: Carried | None = None
    for page in pages:
        tables, left, carried = unruled_tables(page.number, page.words, page.rules, carried)
        rules = [
            rule for rule in page.rules if not any(t.top <= rule.at <= t.bottom for t in tables)
        ]
        banded, left = banded_tables(page.number, rules, left)
        for table in (*tables, *banded):
            part = part_of(table, page.height)
            read.known.update(part.trusted_words())
            read.parts.append(part)
        spans = ((table.top, table.bottom) for table in (*tables, *banded))
        yield replace(page, words=tuple(left), tables=(*page.tables, *spans))


def _read_asides(page: Page, marks: Sequence[Word], left: Sequence[Word], read: _Read) -> None:
    place = f"page {page.number}"
    if marks:
        text = " ".join(word.text for word in marks)
        read.marks.setdefault(text, []).append(page.number)
    for turned in sorted({word.turned for word in left if word.turned}):
        lines = lines_of([word for word in left if word.turned == turned])
        text = "\n".join(" ".join(word.text for word in line) for line in lines)
        read.asides.append(Paragraph(text, place, aside="turned text"))
    for note in page.annotations:
        read.asides.append(Paragraph(note.text, place, aside=note.kind))


def _trusted(pages: Sequence[PageWords]) -> Iterator[str]:
    """The words outside tables that no end of a line can have cut."""
    for page in pages:
        for line in lines_of(page.words):
            yield from (word.text for word in line[1:-1])


def _in_order(
    pages: Sequence[PageWords], parts: Sequence[TablePart], vocabulary: Vocabulary
) -> Iterator[Paragraph | TablePart]:
    """Paragraphs and parts of tables in reading order."""
    texts = [PageText(page.number, page.words, page.tables) for page in pages]
    items: list[tuple[int, float, int, Paragraph | TablePart]] = [
        (placed.page, placed.top, number, placed.paragraph)
        for number, placed in enumerate(paragraphs_of(texts, vocabulary))
    ]
    items += [(part.page, part.top, number, part) for number, part in enumerate(parts)]
    items.sort(key=lambda item: item[:3])
    return (item for *_, item in items)


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
