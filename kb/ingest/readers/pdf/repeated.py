"""Small tables that each page repeats at its edge: page headers and footers with rules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from kb.ingest.readers.pdf.joining import TablePart
from kb.ingest.readers.pdf.margins import told_once
from kb.ingest.readers.pdf.running import Vocabulary
from kb.ingest.tables import Paragraph

_MOST_ROWS = 3
_TOP, _FOOT = 0.2, 0.85  # of the height: page headers end above, footers begin below
_SAME = 4.0  # points
_SHARE = 0.4  # of the pages


def without_repeated(
    parts: Sequence[TablePart], pages: int
) -> tuple[list[TablePart], list[Paragraph], list[Paragraph]]:
    """The tables of all pages without those of page headers and footers, and these as text.

    Such a table is small, stands at the edge of most pages and says the same but for numbers.
    """
    groups: dict[tuple[str, bool], list[TablePart]] = defaultdict(list)
    for part in parts:
        at_top = part.bottom <= _TOP * part.height
        if len(part.rows) <= _MOST_ROWS and (at_top or part.top >= _FOOT * part.height):
            groups[re.sub(r"\d+", "#", _text(part)), at_top].append(part)
    gone: set[int] = set()
    told: dict[bool, list[Paragraph]] = {True: [], False: []}
    for (_, at_top), alike in groups.items():
        same = [part for part in alike if abs(part.top - alike[0].top) <= _SAME]
        numbers = {part.page for part in same}
        if len(numbers) >= max(2, _SHARE * pages) and not _heads_tables(same, parts):
            gone |= {id(part) for part in same}
            texts = [(part.page, _text(part)) for part in same]
            told[at_top] += told_once(texts, "page header" if at_top else "page footer")
    return [part for part in parts if id(part) not in gone], told[True], told[False]


def _heads_tables(same: Sequence[TablePart], parts: Sequence[TablePart]) -> bool:
    """Whether a repeated row is the header of the table that stands right below it."""
    return any(
        part.edges == other.edges and abs(other.top - part.bottom) <= _SAME
        for part in same
        for other in parts
        if other.page == part.page and other is not part
    )


def _text(part: TablePart) -> str:
    said = (cell.text.said(Vocabulary(())) for row in part.rows for cell in row.cells)
    return " | ".join(text for text in said if text)
