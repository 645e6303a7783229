"""Plans printed on their side: the fields down the first column, a recommendation a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.ingest.plans.header_rows import find_header
from kb.ingest.plans.headers import label_field
from kb.ingest.tables import Cell, Row, Table

_FEWEST_FIELDS = 3
_FEWEST_RECOMMENDATIONS = 2


def set_upright(table: Table, overrides: Mapping[str, str]) -> Table:
    """The table with a row for each recommendation, where it prints a column for each."""
    rows = [row for row in table.rows if row.filled]
    if table.records or not _lies_on_its_side(rows, overrides):
        return table
    width = max(cell.at for row in rows for cell in row.cells) + 1
    turned = [_turned(rows, at) for at in range(1, width)]
    header = Row(tuple(Cell(row.cells[0].text, n) for n, row in enumerate(rows)), "column 1")
    return Table(table.name, (header, *(row for row in turned if row.filled)), records=True)


def _lies_on_its_side(rows: Sequence[Row], overrides: Mapping[str, str]) -> bool:
    """Known labels down the first column, beside a recommendation several texts and no label."""
    if len(rows) < _FEWEST_FIELDS or any(c.span > 1 or c.tables for r in rows for c in r.cells):
        return False
    labels = [label_field(row.cells[0].text, overrides) for row in rows]
    if "recommendation" not in labels or None in labels or len({*labels}) < _FEWEST_FIELDS:
        return False
    texts = [cell.text for cell in rows[labels.index("recommendation")].filled[1:]]
    if len(texts) < _FEWEST_RECOMMENDATIONS or any(label_field(t, overrides) for t in texts):
        return False
    header = find_header(rows, overrides)
    return header is None or len(header.fields) < _FEWEST_FIELDS


def _turned(rows: Sequence[Row], at: int) -> Row:
    cells = []
    for number, row in enumerate(rows):
        text = next((cell.text for cell in row.cells if cell.at == at), "")
        cells.append(Cell(text, number))
    return Row(tuple(cells), f"column {at + 1}")
