"""A report as one CSV file with one header row, so that any program can read it.

All tables stand in it one after another; the first column says which table a row is of, and a
column that a table does not have stays empty. The head and the notes are the rows of the table
``about``. UTF-8 without a mark; shares are numbers from 0 to 1.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from kb.reports.formats.cells import flat_columns, flat_row, without_formula
from kb.reports.report import Cell, Report


def render(report: Report) -> bytes:
    """The tables of the report, head and notes, as one CSV file."""
    tables = [table for table in report.tables if table.where != "print"]
    names = dict.fromkeys(column.name for table in tables for column in flat_columns(table.columns))
    header = ["table", *names, "about", "about_value"]
    lines: list[Sequence[Cell]] = [header]
    for table in tables:
        places = [header.index(column.name) for column in flat_columns(table.columns)]
        for row in table.rows:
            line: list[Cell] = [None] * len(header)
            line[0] = table.name
            for place, cell in zip(places, flat_row(table.columns, row), strict=True):
                line[place] = cell
            lines.append(line)
    about = [("title", report.title), *report.head, *(("note", note) for note in report.notes)]
    lines += [["about", *[None] * len(names), label, value] for label, value in about]
    return csv_bytes(lines)


def csv_bytes(lines: Sequence[Sequence[Cell]]) -> bytes:
    """Lines of cells as CSV (RFC 4180), texts made safe from formulas, None left empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for line in lines:
        writer.writerow([_cell(cell) for cell in line])
    return out.getvalue().encode("utf-8", "replace")


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return without_formula(cell) if isinstance(cell, str) else repr(cell)
