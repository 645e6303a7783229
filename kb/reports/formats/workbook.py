"""A report as an XLSX workbook: a sheet a table with typed cells, and a sheet of notes."""

from __future__ import annotations

from kb.reports.formats.sheets import Workbook
from kb.reports.report import Report, columns


def render(report: Report) -> bytes:
    """The workbook; shares are numbers shown as percentages, intervals two columns."""
    workbook = Workbook(report.title)
    for table in report.tables:
        workbook.add_sheet(table.title, table.columns, table.rows)
    about = [("Title", report.title), *report.head, *(("Note", note) for note in report.notes)]
    workbook.add_sheet("Notes", columns(("label", "About"), ("value", "What it says")), about)
    return workbook.to_bytes()
