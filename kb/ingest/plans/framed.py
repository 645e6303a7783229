"""Tables that only lay out text: a frame around a recommendation, numbers beside paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from statistics import mean

from kb.ingest.plans.blocks import placed
from kb.ingest.prose.labels import list_label, recommendation_label
from kb.ingest.prose.lines import field_line
from kb.ingest.statuses import read_scope, read_status
from kb.ingest.tables import Document, Paragraph, Row, Table
from kb.text.agencies import Agencies

_ASK_WORDS = 6  # of an ask, on average
_NAME_WORDS = 14  # of those whom it is for, at most


def flow_of(
    document: Document, left_out: Set[tuple[str, str]], agencies: Agencies
) -> list[Paragraph]:
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
        found = list(_text_of(block, agencies)) if isinstance(block, Table) else []
        is_whole = all((paragraph.place, printed) in left_out for printed, paragraph in found)
        if found and is_whole and not (len(found) == 1 and below_table):
            flow += [paragraph for _, paragraph in found]
        else:
            below_table = True
    return flow


def _text_of(table: Table, agencies: Agencies) -> Iterator[tuple[str, Paragraph]]:
    """Its rows, as printed and as paragraphs: one cell each, or a number or label and a text.

    A third cell throughout says who it is for, or how far it is. None of any other table.
    """
    rows = [row for row in table.rows if row.filled]
    if table.records or any(cell.tables for row in rows for cell in row.cells):
        return
    if _is_addressed(rows):
        name = _third_field([row.filled[2].text for row in rows], agencies)
        yield from _addressed(table, rows, name) if name else ()
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


def _is_addressed(rows: Sequence[Row]) -> bool:
    """Whether every row has a number, a longer text and a few words more."""
    if len(rows) < 2 or not all(len(row.filled) == 3 and _has_number(row) for row in rows):
        return False
    asks = [len(row.filled[1].text.split()) for row in rows]
    names = [row.filled[2].text for row in rows]
    return (
        mean(asks) >= _ASK_WORDS
        and all(len(name.split()) <= _NAME_WORDS and name[:1].isupper() for name in names)
        and not any(re.search(r"\d{2}", name) for name in names)
    )


def _third_field(texts: Sequence[str], agencies: Agencies) -> str | None:
    """What the third cells say without a header: a name only where half of them are agencies."""
    if all(read_status(text).value for text in texts):
        return "Status"
    if all(read_scope(text).value for text in texts):
        return "Scope"
    known = sum(
        agencies.knows(text) or any(one.sector != "other" for one in agencies.read(text))
        for text in texts
    )
    return "Lead agency" if 2 * known >= len(texts) else None


def _addressed(table: Table, rows: Sequence[Row], name: str) -> Iterator[tuple[str, Paragraph]]:
    for row in rows:
        number, text, third = (cell.text for cell in row.filled)
        place = placed(table.name, [row.place])
        yield row.printed, Paragraph(text, place, label=number)
        yield row.printed, Paragraph(f"{name}: {third}", place)


def _is_numbered(row: Row) -> bool:
    return len(row.filled) == 2 and _has_number(row)


def _has_number(row: Row) -> bool:
    number = row.filled[0].text.strip()
    found = recommendation_label(number) or list_label(f"{number} ") or list_label(f"{number} A")
    return found is not None and len(found.printed.strip()) >= len(number) - 1


def _is_named(row: Row) -> bool:
    """Whether its first cell names what the second says of a recommendation ("Lesson 1")."""
    if len(row.filled) != 2 or _is_numbered(row):
        return False
    named = field_line(f"{row.filled[0].text.strip().rstrip(':')}: x")
    return named is not None and named[1] == "x"
