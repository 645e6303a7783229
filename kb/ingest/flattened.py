"""The flattened text of a Word table: every cell starts with a tab, and may hold many lines."""

from __future__ import annotations

from itertools import pairwise

from kb.ingest.delimited import tables_of_text
from kb.ingest.encoding import decoded
from kb.ingest.tables import CellRun, Document, LooseCell, Paragraph


def read_flattened(data: bytes, name: str) -> Document:
    """Paragraphs before the first cell, then one run of cells; a tab-separated text as a table."""
    text, notes = decoded(data, name)
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if line.startswith("\t")]
    if not starts:
        blocks = tables_of_text(text, "\t") if "\t" in text else _paragraphs(lines)
        return Document(tuple(blocks), notes)
    bounds = [*starts, len(lines)]
    cells = [_cell(lines, start, end) for start, end in pairwise(bounds)]
    run = CellRun("table 1", tuple(cells))
    return Document((*_paragraphs(lines[: starts[0]]), run), notes)


def _cell(lines: list[str], start: int, end: int) -> LooseCell:
    text = "\n".join(lines[start:end]).strip()
    printed = [number for number in range(start, end) if lines[number].strip()]
    last = printed[-1] if printed else start
    return LooseCell(text, start + 1, last + 1, start > 0 and not lines[start - 1].strip())


def _paragraphs(lines: list[str]) -> list[Paragraph]:
    return [
        Paragraph(line.strip(), f"line {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
