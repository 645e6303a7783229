"""Tables of any shape: built as the readers yield them, or printed to Word and read again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx

from kb.ingest import Reading, read_document
from kb.ingest.plans.blocks import BlocksRead, read_blocks
from kb.ingest.records import recommendation_of
from kb.ingest.tables import Cell, Document, Paragraph, Row, Table
from kb.model import Recommendation, Source
from kb.text.agencies import Agencies

ASK = "The Partnership should review its pathway for families who move between counties."
BRIEF = "Fellside Constabulary should brief all officers on the new form."
RECORD = "GP practices should record who lives in the house at registration."

Spec = str | None | tuple[str, int] | Table
"""A cell: its text; None where the cell above goes on; (text, columns); a table inside it."""


def table(
    rows: Sequence[Sequence[Spec]],
    name: str = "table 1",
    *,
    breaks: Sequence[int] = (),
    feet: Sequence[tuple[int, int]] = (),
    cut: bool | None = None,
) -> Table:
    """A table of these rows; ``breaks`` are rows (from 0) that are the first of a page.

    ``feet`` are the (row, grid column) of cells at the foot of their page; ``cut`` is what the
    rules on the page say of the rows at ``breaks``.
    """
    built = []
    for number, row in enumerate(rows):
        cells, at = [], 0
        for spec in row:
            text, span = spec if isinstance(spec, tuple) else (spec, 1)
            foot = (number, at) in feet
            if isinstance(text, Table):
                cells.append(Cell("", at, span, tables=(text,), at_foot=foot))
            else:
                cells.append(Cell(text or "", at, span, goes_on=text is None, at_foot=foot))
            at += span
        first = number in breaks
        place = f"row {number + 1}"
        built.append(Row(tuple(cells), place, after_break=first, cut=cut if first else None))
    return Table(name, tuple(built))


def blocks_read(agencies: Agencies, *blocks: Table | Paragraph | str) -> BlocksRead:
    """What the shared table reader gathers from these blocks; a text is a paragraph."""
    made = [
        Paragraph(block, f"paragraph {number}") if isinstance(block, str) else block
        for number, block in enumerate(blocks, start=1)
    ]
    return read_blocks(Document(tuple(made)), {}, agencies)


def recommendations(agencies: Agencies, *blocks: Table | Paragraph | str) -> list[Recommendation]:
    """The recommendations of these blocks."""
    source = Source(file="plan", sha256="0" * 64, place="table 1")
    drafts = blocks_read(agencies, *blocks).drafts
    return [recommendation_of(d, n, source, agencies) for n, d in enumerate(drafts, start=1)]


def from_word(tmp_path: Path, agencies: Agencies, *blocks: Table | str) -> Reading:
    """The same blocks printed to a Word document and read from it; no text of it may be lost."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
        else:
            _print(document, block)
    document.save(str(tmp_path / "plan.docx"))
    (reading,) = read_document(tmp_path / "plan.docx", agencies=agencies)
    assert reading.account.unaccounted == ()
    return reading


def _print(holder: Any, printed: Table) -> None:
    width = max(cell.at + cell.span for row in printed.rows for cell in row.cells)
    made = holder.add_table(len(printed.rows), width)
    grid = [list(row.cells) for row in made.rows]
    tops: dict[int, int] = {}
    for number, row in enumerate(printed.rows):
        for cell in row.cells:
            last = cell.at + cell.span - 1
            if cell.goes_on:
                grid[tops[cell.at]][cell.at].merge(grid[number][last])
                continue
            tops[cell.at] = number
            target = grid[number][cell.at].merge(grid[number][last])
            target.text = cell.text
            for inner in cell.tables:
                _print(target, inner)
