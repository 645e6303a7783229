"""Tables that go on as a new table: without a header, or with the same header again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb.ingest.facts import is_table_heading, names_a_plan
from kb.ingest.plans.alignment import Aligner, is_number
from kb.ingest.plans.cuts import below_header
from kb.ingest.plans.header_rows import find_header
from kb.ingest.plans.headers import Header
from kb.ingest.plans.nested import has_nested
from kb.ingest.plans.numbering import head_number
from kb.ingest.prose.chapters import names_other_chapter
from kb.ingest.tables import Cell, CellRun, Paragraph, Row, Table
from kb.text.agencies import Agencies
from kb.text.patterns import late

Block = Table | CellRun | Paragraph

_CONTINUED = late(
    r"\W*(?:(?:table|action plan|plan|recommendations?)\b[\w\s.:–-]{0,40})?\W*"
    r"(?:cont(?:inued|inues|['’]?d|\.)?|continued (?:overleaf|from .*))\W*|\W*(?:page )?\d*(?: of "
    r"\d+)?\W*",
    re.IGNORECASE,
)
_MONTH = late(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE)
_LONGEST_CONTINUED = 120  # characters
_MOST_BETWEEN = 1  # paragraphs of other text that a table may go on over
_WORST_FIT = 1.0  # mean cost of a cell, by the aligner, up to which rows fit a header
_FEWEST_WORDS = 4.0  # mean words of the recommendations of a table without a header


@dataclass
class _Open:
    """A table that may go on: where it stands among the blocks, its header, what came since.

    ``passed`` says that another table has come since; then only a heading leads back to it.
    """

    at: int
    table: Table
    header: Header
    since: list[Paragraph] = field(default_factory=list)
    passed: bool = False


@dataclass
class Joined:
    """The blocks with each continued table as one, and what to say of it."""

    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def with_tables_joined(
    blocks: Sequence[Block], overrides: Mapping[str, str], agencies: Agencies
) -> Joined:
    """The blocks with every table that goes on from another as one table with it."""
    joined, open_ = Joined(), None
    for block in blocks:
        if isinstance(block, Paragraph):
            if open_ is not None:
                open_.since.append(block)
        elif isinstance(block, CellRun) or block.records or has_nested(block):
            open_ = None
        else:
            header = find_header(block.rows, overrides)
            if open_ is not None and _take(open_, block, header, joined, agencies):
                continue
            if header is not None:
                open_ = _Open(len(joined.blocks), block, header)
            elif open_ is not None:
                open_.passed, open_.since = True, []
        joined.blocks.append(block)
    return joined


def _take(
    open_: _Open, table: Table, header: Header | None, joined: Joined, agencies: Agencies
) -> bool:
    """Add the table to the one that is open, where it goes on from it."""
    between = [p for p in open_.since if not p.aside and not _says_continued(p.text)]
    headings = [p for p in between if is_table_heading(p.text)]
    flags: tuple[str, ...] = ()
    first = table.rows[0] if table.rows else None
    rest = below_header(first, open_.header) if first and len(between) <= _MOST_BETWEEN else None
    if rest is not None:
        table = replace(table, rows=(replace(table.rows[0], after_break=True), *table.rows[1:]))
    elif header is not None:
        if between or not _goes_on_under_its_header(open_, table, header):
            return False
    else:
        if len(between) > _MOST_BETWEEN or (open_.passed and not headings):
            return False
        if any(names_other_chapter(p.text) and not names_a_plan(p.text) for p in between):
            return False
        if not _fits(open_, table, agencies):
            return False
        said = f"{table.name} has no header of its own: read under that of {open_.table.name}"
        joined.notes.append(said)
        flags = (said,) if between else ()
    rows = [_heading_row(p, open_) for p in headings]
    rows += [_placed(row, table, flags) for row in table.rows]
    if headings:
        joined.blocks[:] = [b for b in joined.blocks if b not in headings]
    open_.table = replace(open_.table, rows=(*open_.table.rows, *rows))
    joined.blocks[open_.at] = open_.table
    open_.since.clear()
    return True


def _says_continued(text: str) -> bool:
    """Whether a line says that its table goes on, or is the number of a page."""
    return len(text) <= _LONGEST_CONTINUED and _CONTINUED.fullmatch(text) is not None


def _goes_on_under_its_header(open_: _Open, table: Table, header: Header) -> bool:
    """Whether a table with the same header begins in the midst of a recommendation."""
    below = next((row for row in table.rows[header.end :] if row.filled), None)
    if below is None or header.row or not open_.header.repeats(table.rows[0]):
        return False
    at = [column.at for column in header.columns if column.field in ("recommendation", "number")]
    return not any(cell.at in at for cell in below.filled) and len(below.filled) > 1


def _fits(open_: _Open, table: Table, agencies: Agencies) -> bool:
    """Whether the rows of a table without a header fit the columns of the one above."""
    columns = open_.header.columns
    at = [column.at for column in columns]
    rows = [row for row in table.rows if len(row.filled) > 1]
    if not rows or len(columns) < 2 or _width(table.rows) != _width(open_.table.rows):
        return False
    aligner = Aligner(columns, agencies)
    costs = [
        aligner.fit(cell.text, at.index(cell.at))
        for row in rows
        for cell in row.filled
        if cell.at in at
    ]
    if not costs or sum(costs) / len(costs) > _WORST_FIT:
        return False
    return _is_numbered_alike(open_.header, rows) and _reads_like(open_.header, rows)


def _is_numbered_alike(header: Header, rows: Sequence[Row]) -> bool:
    """Whether most of what stands in the column of numbers is a number, and no name or date."""
    at = {column.at for column in header.columns if column.field == "number"}
    texts = [cell.text for row in rows for cell in row.filled if cell.at in at]
    return sum(is_number(text) and not _MONTH.search(text) for text in texts) * 2 >= len(texts)


def _reads_like(header: Header, rows: Sequence[Row]) -> bool:
    """Whether what stands in the column of recommendations is as long as such texts are."""
    at = next(column.at for column in header.columns if column.field == "recommendation")
    texts = [cell.text for row in rows for cell in row.filled if cell.at == at]
    if not texts:
        return len(rows) == 1 or any(cell.goes_on for row in rows for cell in row.cells)
    words = sum(len(text.split()) for text in texts) / len(texts)
    return words >= _FEWEST_WORDS or all(head_number(text) for text in texts)


def _width(rows: Sequence[Row]) -> int:
    return max((cell.at + cell.span for row in rows for cell in row.cells), default=0)


def _heading_row(paragraph: Paragraph, open_: _Open) -> Row:
    """A heading between the two tables, as a row across the one that they make."""
    width = _width(open_.table.rows)
    return Row((Cell(paragraph.text.strip(), 0, width),), paragraph.place)


def _placed(row: Row, table: Table, flags: tuple[str, ...]) -> Row:
    return replace(row, place=f"{table.name}, {row.place}", flags=(*row.flags, *flags))
