"""Sheets of an XLSX workbook: typed cells, a frozen header, and never a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from kb.errors import StorageError, WrongUsage
from kb.printed import is_date
from kb.reports.formats.cells import MADE, flat_columns, flat_row, readable
from kb.reports.report import Cell, Column, Kind

LONGEST_CELL = 32_767
MOST_ROWS = 1_048_575
CUT = " […cut here: a cell of a workbook holds no more; CSV and JSON have the whole]"
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_NUMBER_FORMATS: dict[Kind, str] = {
    "count": "#,##0",
    "share": "0.0%",
    "score": "0.000",
    "difference": "+0.0%;-0.0%;0.0%",
    "date": "d mmmm yyyy",
}


class Workbook:
    """A workbook in the making; sheets are written row by row and kept out of memory."""

    def __init__(self, title: str) -> None:
        import xlsxwriter

        self._out = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._out,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._book.set_properties({"title": readable(title)[:255], "created": MADE})
        self._names: set[str] = set()
        top = {"valign": "top", "text_wrap": True}
        self._text = self._book.add_format(top)
        self._header = self._book.add_format({**top, "bold": True, "bg_color": "#F3F2F1"})
        self._formats = {
            kind: self._book.add_format({"valign": "top", "num_format": number})
            for kind, number in _NUMBER_FORMATS.items()
        }

    def add_sheet(
        self, title: str, columns: tuple[Column, ...], rows: Sequence[tuple[Cell, ...]]
    ) -> None:
        """Write one sheet: a frozen header row, then the rows, intervals parted in two columns.

        Raises WrongUsage where a sheet cannot hold so many rows.
        """
        if len(rows) > MOST_ROWS:
            raise WrongUsage(
                f"{len(rows):,} rows are more than a sheet of a workbook holds ({MOST_ROWS:,})",
                hint="Choose csv or json, or narrow the filters.",
            )
        sheet = self._book.add_worksheet(self._sheet_name(title))
        flat = list(flat_columns(columns))
        sheet.freeze_panes(1, 1)
        for at, column in enumerate(flat):
            sheet.set_column(at, at, _width(at, column))
        for at, column in enumerate(flat):
            sheet.write_string(0, at, readable(column.label), self._header)
        for line, row in enumerate(rows, start=1):
            self._write_row(sheet, line, flat, flat_row(columns, row))
        if flat and rows:
            sheet.autofilter(0, 0, len(rows), len(flat) - 1)

    def to_bytes(self) -> bytes:
        """The finished workbook; StorageError where its temporary files cannot be written."""
        from xlsxwriter.exceptions import XlsxFileError

        try:
            self._book.close()
        except XlsxFileError as error:
            raise StorageError(
                f"the workbook could not be put together: {error}",
                hint="Make room in the folder for temporary files (TMPDIR), or choose csv.",
            ) from error
        return self._out.getvalue()

    def _sheet_name(self, title: str) -> str:
        """A name that Excel takes: 31 characters, none of its signs, each name once."""
        base = _cut(_NOT_IN_A_NAME.sub(" ", readable(title)).strip(), 31).strip() or "Sheet"
        name, number = base, 2
        while name.casefold() in self._names | {"history"}:
            name = f"{_cut(base, 27).strip()} {number}"
            number += 1
        self._names.add(name.casefold())
        return name

    def _write_row(
        self, sheet: Any, line: int, columns: Sequence[Column], cells: Iterable[Cell]
    ) -> None:
        for at, (cell, column) in enumerate(zip(cells, columns, strict=True)):
            if cell is None or cell == "":
                continue
            if isinstance(cell, int | float):
                sheet.write_number(line, at, cell, self._formats.get(column.kind, self._text))
            elif column.kind == "date" and (day := _whole_day(str(cell))):
                sheet.write_datetime(line, at, day, self._formats["date"])
            else:
                sheet.write_string(line, at, _fitting(str(cell)), self._text)


def _fitting(text: str) -> str:
    """Text as a cell takes it: line ends of one kind, and no longer than a cell may be."""
    text = readable(text).replace("\r\n", "\n").replace("\r", "\n")
    fitting = _cut(text, LONGEST_CELL)
    return text if fitting == text else _cut(text, LONGEST_CELL - len(CUT)) + CUT


def _cut(text: str, units: int) -> str:
    """The beginning of a text, at most so many UTF-16 units long, which is how Excel counts."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


def _whole_day(text: str) -> date | None:
    """The day, where the date is one that Excel has; a month, a year or 1899 stays text."""
    if len(text) != len("2022-07-31") or text < "1900-03-01" or not is_date(text):
        return None
    return date.fromisoformat(text)


def _width(at: int, column: Column) -> int:
    if column.kind in ("count", "share", "score", "difference"):
        return 14
    if column.kind == "date":
        return 18
    return 45 if at == 0 or column.name in ("text", "outcome", "action", "value") else 24
