"""Plain text files: the flattened text of a Word table, or paragraphs and drawn tables.

In the flattened text of a table every cell starts with a tab, and may hold many lines.
"""

from __future__ import annotations

from itertools import pairwise

from kb.ingest.plans.headers import is_known
from kb.ingest.readers.delimited import tables_of_text
from kb.ingest.readers.encoding import decoded
from kb.ingest.readers.plain_text import PlainText
from kb.ingest.tables import CellRun, Document, LooseCell, Table

_HEADERS_SEARCHED = 60  # cells
_FEWEST_HEADERS = 2


def read_flattened(data: bytes, name: str) -> Document:
    """Paragraphs before the first cell, then one run of cells; else paragraphs and tables."""
    text, notes = decoded(data, name)
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if line.startswith("\t")]
    if starts and _are_cells(lines, starts):
        bounds = [*starts, len(lines)]
        cells = [_cell(lines, start, end) for start, end in pairwise(bounds)]
        run = CellRun("table 1", tuple(cells))
        return Document((*PlainText(lines[: starts[0]], name).blocks(), run), notes)
    if _is_one_table(lines):
        tables: list[Table] = tables_of_text(text, "\t")
        return Document(tuple(tables), notes)
    return Document(tuple(PlainText(lines, name).blocks()), notes)


def _are_cells(lines: list[str], starts: list[int]) -> bool:
    """Whether lines that begin with a tab are cells, and not paragraphs that are indented."""
    printed = sum(bool(line.strip()) for line in lines)
    if len(starts) * 3 > printed:
        return True
    heads = [lines[start].strip() for start in starts[:_HEADERS_SEARCHED]]
    return sum(is_known(head, {}) for head in heads if head) >= _FEWEST_HEADERS


def _is_one_table(lines: list[str]) -> bool:
    """Whether most lines are rows of three cells or more: a sheet saved as text."""
    printed = [line for line in lines if line.strip()]
    wide = [line for line in printed if line.count("\t") >= 2]
    return len(wide) * 2 > len(printed)


def _cell(lines: list[str], start: int, end: int) -> LooseCell:
    text = "\n".join(lines[start:end]).strip()
    printed = [number for number in range(start, end) if lines[number].strip()]
    last = printed[-1] if printed else start
    return LooseCell(text, start + 1, last + 1, start > 0 and not lines[start - 1].strip())
