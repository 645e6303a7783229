"""Excel and OpenDocument sheets: one table a sheet, typed cells as people would print them."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from typing import Any

from kb.errors import DamagedDocument
from kb.ingest.readers.number_formats import plain_number, shown_date, shown_number
from kb.ingest.readers.workbook import Marks, address, column_name, marks_of
from kb.ingest.tables import Cell, Document, Paragraph, Row, Table
from kb.text.dates import read_date

_TALLEST = 1_000  # rows that one merged cell may take
_LARGEST_AREA = 30_000_000  # cells between the first and the last that hold something
_HIDDEN_ROW = "the row is hidden in the sheet"
_LISTED = 12  # runs of hidden rows that are named


def read_spreadsheet(data: bytes, name: str) -> Document:
    """Every sheet that holds text, hidden ones too (noted), and the comments of its cells.

    Hidden rows are read and flagged. Raises DamagedDocument where the workbook is locked or
    broken, or one sheet spreads over more than 30 million cells.
    """
    import python_calamine

    every = marks_of(data)
    _check_area(every, name)
    blocks: list[Table | Paragraph] = []
    notes: list[str] = []
    try:
        with python_calamine.CalamineWorkbook.from_filelike(BytesIO(data)) as workbook:
            for meta in workbook.sheets_metadata:
                if meta.typ == python_calamine.SheetTypeEnum.WorkSheet:
                    sheet = workbook.get_sheet_by_name(meta.name)
                    found, said = _read(sheet, meta.name, every.get(meta.name, Marks()))
                    if found and meta.visible != python_calamine.SheetVisibleEnum.Visible:
                        notes.append(f"hidden sheet '{meta.name}' was read too")
                    blocks += found
                    notes += said
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
    if not every and blocks:
        notes.append("hidden rows and columns cannot be told from others in this kind of workbook")
    return Document(tuple(blocks), tuple(notes))


def _read(sheet: Any, name: str, marks: Marks) -> tuple[list[Table | Paragraph], list[str]]:
    """The blocks of one sheet, none where it is empty, and what to say of it."""
    table = _table(sheet, name, marks)
    blocks: list[Table | Paragraph] = [table] if table.rows else []
    blocks += _beside(name, marks)
    return blocks, [*_hidden(table, name, marks), *_unvalued(name, marks)]


def _check_area(every: dict[str, Marks], name: str) -> None:
    for sheet, marks in every.items():
        row, column = marks.last
        if (row + 1) * (column + 1) > _LARGEST_AREA:
            raise DamagedDocument(
                f"sheet '{sheet}' goes as far as {address(row, column)}, too far to be a plan",
                place=name,
                hint="Delete the cells far below or beside the plan, save it and add that.",
            )


def _table(sheet: Any, name: str, marks: Marks) -> Table:
    merged: dict[tuple[int, int], int] = {}
    lower: dict[tuple[int, int], int] = {}
    ranges = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    for top, left, bottom, right in (*ranges, *marks.merged):
        merged[top, left] = right - left + 1
        for row in range(top + 1, min(bottom, top + _TALLEST) + 1):
            lower[row, left] = right - left + 1
    rows = []
    for number, values in enumerate(sheet.to_python(skip_empty_area=False)):
        cells = []
        for at, value in enumerate(values):
            text = _text(value, number, at, marks)
            if text or (number, at) in lower:
                span = merged.get((number, at)) or lower.get((number, at), 1)
                cells.append(Cell(text, at, span, not text))
        if any(cell.text for cell in cells):
            plain = Row(tuple(cells), f"row {number + 1}")
            rows.append(replace(plain, flags=tuple(_doubts(plain, number, marks))))
    return Table(f"sheet '{name}'", tuple(rows))


def _doubts(row: Row, number: int, marks: Marks) -> Iterator[str]:
    """What to flag of a row: that it is hidden, what is struck through, what has no value."""
    if number in marks.hidden_rows:
        yield _HIDDEN_ROW
    struck = {cell.at: marks.struck.get((number, cell.at)) for cell in row.filled}
    if all(words == [] for words in struck.values()):
        yield "the whole row is struck through in the sheet: it may be withdrawn"
    else:
        for cell in row.filled:
            words = struck[cell.at]
            if words is not None:
                yield from (f"“{one}” is struck through" for one in words or [cell.text])
    for cell, after in pairwise(row.cells):
        if after.text and after.at < cell.at + cell.span:
            yield f"“{after.text}” stands under a merged cell, which hides it in the sheet"
    for at in marks.unvalued.get(number, ()):
        yield f"the formula in {address(number, at)} has no stored value"


def _text(value: object, row: int, column: int, marks: Marks) -> str:
    """A typed cell as text, as its number format shows it."""
    if isinstance(value, str) and value:
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    shown, code = marks.shown.get((row, column)), marks.formats.get((row, column))
    if isinstance(value, datetime.date):
        is_less_than_a_day = shown and read_date(shown).precision in ("month", "year")
        return shown if shown and is_less_than_a_day else shown_date(value, code)
    return shown.strip() if shown else _plain(value, code)


def _plain(value: object, code: str | None) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return shown_number(float(value), code) if code else plain_number(float(value))
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    return "" if value is None else str(value)


def _beside(sheet: str, marks: Marks) -> Iterator[Paragraph]:
    """What stands in no cell: page headers, text boxes, comments."""
    for aside, text in dict.fromkeys(marks.beside):
        yield Paragraph(text, f"sheet '{sheet}', {aside}", aside=aside)
    for row, column, text in marks.comments:
        if text:
            place = f"sheet '{sheet}', cell {address(row, column)}"
            yield Paragraph(text, place, aside="comment")


def _hidden(table: Table, sheet: str, marks: Marks) -> list[str]:
    """What to say of the hidden rows and columns that hold something."""
    notes = []
    rows = [int(row.place.split()[1]) for row in table.rows if _HIDDEN_ROW in row.flags]
    if rows:
        runs = _runs(rows)
        named = ", ".join(runs[:_LISTED])
        named += f" and {len(runs) - _LISTED} more" if len(runs) > _LISTED else ""
        notes.append(f"sheet '{sheet}': hidden rows were read too: {named}")
    used = {cell.at for row in table.rows for cell in row.filled}
    columns = _hidden_columns(used, marks)
    if columns:
        named = ", ".join(column_name(column) for column in columns[:_LISTED])
        named += f" and {len(columns) - _LISTED} more" if len(columns) > _LISTED else ""
        notes.append(f"sheet '{sheet}': hidden columns were read too: {named}")
    return notes


def _unvalued(sheet: str, marks: Marks) -> list[str]:
    if not marks.unvalued:
        return []
    cells = [address(row, at) for row, columns in marks.unvalued.items() for at in columns]
    named = ", ".join(cells[:_LISTED])
    named += f" and {len(cells) - _LISTED} more" if len(cells) > _LISTED else ""
    return [
        f"sheet '{sheet}': formulas whose value is not stored were not read: {named}. Open the"
        " workbook in Excel, save it and add it again"
    ]


def _hidden_columns(used: Collection[int], marks: Marks) -> list[int]:
    return sorted(c for c in used if any(a <= c <= b for a, b in marks.hidden_columns))


def _runs(numbers: Sequence[int]) -> list[str]:
    """Numbers in order as runs: ``4–6``, ``9``."""
    starts = [n for n, (a, b) in enumerate(pairwise([numbers[0] - 2, *numbers])) if b != a + 1]
    bounds = [*starts, len(numbers)]
    runs = [numbers[a:b] for a, b in pairwise(bounds)]
    return [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
