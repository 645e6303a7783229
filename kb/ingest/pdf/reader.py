"""Reading a PDF: page by page into paragraphs and tables, then tables over pages."""

from __future__ import annotations

from dataclasses import dataclass, field

from kb.ingest.pdf.grid import PrintedTable
from kb.ingest.pdf.joining import TablePart, goes_on_with, part_of, table_of
from kb.ingest.pdf.layout import Page, Word
from kb.ingest.pdf.pages import pages_of
from kb.ingest.pdf.ruled import ruled_tables
from kb.ingest.pdf.running import Vocabulary
from kb.ingest.pdf.words import lines_of
from kb.ingest.tables import Document, Paragraph, Table


@dataclass
class _Read:
    """What has been read of a document so far, in reading order."""

    items: list[TablePart | Paragraph] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def read_pdf(data: bytes, name: str) -> Document:
    """Every table and paragraph of a PDF, each with its page.

    Raises DamagedDocument for a broken file, DocumentError for one that asks for a password.
    """
    read = _Read()
    for page in pages_of(data, name):
        _read_page(page, read)
    vocabulary = Vocabulary(read.known)
    return Document(tuple(_blocks(read, vocabulary)), tuple(read.notes))


def _read_page(page: Page, read: _Read) -> None:
    if page.fault:
        read.notes.append(page.fault)
    tables, left = ruled_tables(page)
    items: list[tuple[float, TablePart | Paragraph]] = []
    for table in tables:
        part = part_of(table, page.height)
        read.known.update(part.trusted_words())
        items.append((table.top, part))
    for line in lines_of([word for word in left if not word.turned]):
        text = " ".join(word.text for word in line)
        items.append((line[0].top, Paragraph(text, f"page {page.number}")))
    read.items += [item for _, item in sorted(items, key=lambda item: item[0])]


def _blocks(read: _Read, vocabulary: Vocabulary) -> list[Table | Paragraph]:
    blocks: list[Table | Paragraph] = []
    parts: list[TablePart] = []
    count = 0
    for item in [*read.items, None]:
        if isinstance(item, TablePart) and parts and goes_on_with(parts[-1], item):
            parts.append(item)
            continue
        if parts:
            count += 1
            blocks.append(table_of(parts, f"table {count}", vocabulary))
            parts = []
        if isinstance(item, TablePart):
            parts = [item]
        elif item is not None:
            blocks.append(item)
    return blocks
