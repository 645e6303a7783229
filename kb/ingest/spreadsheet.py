"""Excel and OpenDocument sheets: one table a sheet, typed cells as people would print them."""

from __future__ import annotations

import datetime
from io import BytesIO
from typing import Any

from kb.errors import DamagedDocument
from kb.ingest.tables import Cell, Document, Row, Table

_TALLEST = 1_000  # rows that one merged cell may take


def read_spreadsheet(data: bytes, name: str) -> Document:
    """Every sheet that holds text, hidden ones too (noted)."""
    import python_calamine

    blocks: list[Table] = []
    notes: list[str] = []
    try:
        with python_calamine.CalamineWorkbook.from_filelike(BytesIO(data)) as workbook:
            for meta in workbook.sheets_metadata:
                if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
                    continue
                sheet = workbook.get_sheet_by_name(meta.name)
                table = _table(sheet, meta.name)
                if table.rows:
                    blocks.append(table)
                    if meta.visible != python_calamine.SheetVisibleEnum.Visible:
                        notes.append(f"hidden sheet '{meta.name}' was read too")
    except python_calamine.PasswordError as error:
        raise DamagedDocument(
            "the workbook is locked with a password",
            place=name,
            hint="Save it without a password and add that.",
        ) from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise DamagedDocument(
            f"the workbook is damaged: {error}",
            place=name,
            hint="Open it in Excel, save it again and add that.",
        ) from error
    return Document(tuple(blocks), tuple(notes))


def _table(sheet: Any, name: str) -> Table:
    merged: dict[tuple[int, int], int] = {}
    lower: set[tuple[int, int]] = set()
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        merged[top, left] = right - left + 1
        lower |= {(row, left) for row in range(top + 1, min(bottom, top + _TALLEST) + 1)}
    rows = []
    for number, values in enumerate(sheet.to_python(skip_empty_area=False)):
        cells = tuple(
            Cell(text, at, merged.get((number, at), 1), not text)
            for at, value in enumerate(values)
            if (text := _text(value)) or (number, at) in lower
        )
        if any(cell.text for cell in cells):
            rows.append(Row(cells, f"row {number + 1}"))
    return Table(f"sheet '{name}'", tuple(rows))


def _text(value: object) -> str:
    """A typed cell as text: ``31/07/2022``, a whole number without ``.0``."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, datetime.datetime) and value.time() != datetime.time():
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, datetime.date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
