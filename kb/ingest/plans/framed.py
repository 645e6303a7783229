"""Tables that only lay out text: a frame around a recommendation, numbers beside paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Set

from kb.ingest.plans.blocks import placed
from kb.ingest.prose.labels import list_label, recommendation_label
from kb.ingest.prose.lines import field_line
from kb.ingest.tables import Document, Paragraph, Row, Table


def flow_of(document: Document, left_out: Set[tuple[str, str]]) -> list[Paragraph]:
    """The paragraphs of a document in order, with the text of the tables that only lay it out.

    ``left_out`` are the rows, by place and text, that no plan has: only a table of which all rows
    are among them is one of text. A single row straight below a table that is read may be what a
    page break left of its last row, and is none.
    """
    flow: list[Paragraph] = []
    below_table = False
    for block in document.blocks:
        if isinstance(block, Paragraph):
            flow.append(block)
            below_table = False
            continue
        found = list(_text_of(block)) if isinstance(block, Table) else []
        is_whole = all((paragraph.place, printed) in left_out for printed, paragraph in found)
        if found and is_whole and not (len(found) == 1 and below_table):
            flow += [paragraph for _, paragraph in found]
        else:
            below_table = True
    return flow


def _text_of(table: Table) -> Iterator[tuple[str, Paragraph]]:
    """Its rows, as printed and as paragraphs: one cell each, or a number or label and a text.

    None of any other table.
    """
    rows = [row for row in table.rows if row.filled]
    if table.records or any(cell.tables for row in rows for cell in row.cells):
        return
    if not all(len(row.filled) == 1 or _is_numbered(row) or _is_named(row) for row in rows):
        return
    if any(_is_named(row) for row in rows) and not any(_is_numbered(row) for row in rows):
        return
    if len({row.filled[0].at for row in rows if len(row.filled) == 1}) > 1:
        return
    for row in rows:
        *label, text = (cell.text for cell in row.filled)
        place = placed(table.name, [row.place])
        if label and _is_named(row):
            yield row.printed, Paragraph(f"{label[0].rstrip(' :')}: {text}", place)
        else:
            yield row.printed, Paragraph(text, place, label=label[0] if label else None)


def _is_numbered(row: Row) -> bool:
    if len(row.filled) != 2:
        return False
    number = row.filled[0].text.strip()
    found = recommendation_label(number) or list_label(f"{number} ") or list_label(f"{number} A")
    return found is not None and len(found.printed.strip()) >= len(number) - 1


def _is_named(row: Row) -> bool:
    """Whether its first cell names what the second says of a recommendation ("Lesson 1")."""
    if len(row.filled) != 2 or _is_numbered(row):
        return False
    named = field_line(f"{row.filled[0].text.strip().rstrip(':')}: x")
    return named is not None and named[1] == "x"
