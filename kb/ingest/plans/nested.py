"""Tables that stand inside a cell: layout, actions of a recommendation, or plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from kb.ingest.drafts import action_values
from kb.ingest.plans.header_rows import find_header
from kb.ingest.plans.headers import Header
from kb.ingest.tables import Cell, Paragraph, Row, Table
from kb.printed import OtherCell

_DEEPEST = 8  # tables within tables; a deeper one is read as text

NestedAction = tuple[dict[str, str], list[OtherCell]]


def has_nested(table: Table) -> bool:
    """Whether a table stands in a cell of this one."""
    return any(cell.tables for row in table.rows for cell in row.cells)


def unwrapped(table: Table, depth: int = 0) -> Iterator[Table | Paragraph]:
    """What stands in the cells of a table that only lays out the page, in reading order."""
    for row in table.rows:
        place = f"{table.name}, {row.place}"
        for cell in row.cells:
            if cell.text:
                yield Paragraph(cell.text, place)
            for number, inner in enumerate(cell.tables, start=1):
                named = replace(inner, name=f"{place}, inner table {number}")
                if depth < _DEEPEST and has_nested(inner) and not _is_plan(inner):
                    yield from unwrapped(named, depth + 1)
                else:
                    yield named


def with_text(row: Row, overrides: Mapping[str, str]) -> tuple[Row, list[NestedAction], list[str]]:
    """The row without its inner tables: their text in their cells, their actions apart.

    The last are the headers of the inner tables of actions.
    """
    if not any(cell.tables for cell in row.cells):
        return row, [], []
    actions: list[NestedAction] = []
    headers: list[str] = []
    cells = []
    for cell in row.cells:
        texts = [cell.text]
        for inner in cell.tables:
            header = actions_header(inner, overrides)
            if header is None:
                texts.append(text_of(inner))
                continue
            headers += [column.header for column in header.columns]
            texts += [r.printed for r in inner.rows[: header.row] if r.filled]
            actions += _actions(inner, header)
        cells.append(replace(cell, text="\n".join(filter(None, texts)), tables=()))
    return replace(row, cells=tuple(cells)), actions, headers


def text_of(table: Table) -> str:
    """All text of a table, a line for each cell, with that of the tables inside it."""
    return "\n".join(text for row in table.rows for cell in row.cells for text in _texts(cell))


def _texts(cell: Cell) -> Iterator[str]:
    if cell.text:
        yield cell.text
    for inner in cell.tables:
        if text := text_of(inner):
            yield text


def _is_plan(table: Table) -> bool:
    header = find_header(table.rows, {})
    return header is not None and len(header.fields) > 1


def actions_header(table: Table, overrides: Mapping[str, str]) -> Header | None:
    """The header of an inner table of actions: an action and one more field of it."""
    header = find_header(table.rows, overrides, needs="action")
    if header is None or "recommendation" in header.fields:
        return None
    return header if len(action_values(dict.fromkeys(header.fields, ""))) > 1 else None


def _actions(table: Table, header: Header) -> Iterator[NestedAction]:
    for row in table.rows[header.end :]:
        values: dict[str, str] = {}
        other = []
        for cell in row.cells:
            text = "\n".join(_texts(cell))
            column = header.by_grid.get(cell.at)
            if not text:
                continue
            if column is None or column.field is None or column.field == "number":
                name = column.header if column else f"column {cell.at + 1}"
                other.append(OtherCell(header=name, text=text))
            else:
                before = values.get(column.field)
                values[column.field] = f"{before}\n{text}" if before else text
        if values or other:
            yield values, other
