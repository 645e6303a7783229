"""Prints plans to the formats that people keep them in: Word, Excel, HTML, Markdown, PDF."""

from __future__ import annotations

import html
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Printed:
    """One cell to print, over so many columns and rows."""

    text: str
    across: int = 1
    down: int = 1


PrintedRow = Sequence[Printed]


@dataclass(frozen=True)
class Plan:
    """A title and one table; the first ``headers`` rows are its header."""

    title: str
    rows: tuple[PrintedRow, ...]
    headers: int = 1

    @property
    def width(self) -> int:
        """Columns of the grid."""
        return sum(cell.across for cell in self.rows[0])

    def placed(self) -> list[tuple[int, int, Printed]]:
        """(row, column, cell) of every cell, merged ones at their upper left."""
        taken: set[tuple[int, int]] = set()
        found = []
        for number, row in enumerate(self.rows):
            column = 0
            for cell in row:
                while (number, column) in taken:
                    column += 1
                found.append((number, column, cell))
                taken |= {
                    (number + down, column + across)
                    for down in range(cell.down)
                    for across in range(cell.across)
                }
                column += cell.across
        return found


def plan_of(title: str, texts: Sequence[Sequence[str]]) -> Plan:
    """A plan without merged cells."""
    return Plan(title, tuple(tuple(Printed(text) for text in row) for row in texts))


def write_docx(path: Path, plan: Plan, *, repeated_header: bool = True) -> Path:
    """A Word document in landscape with one ruled table."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.5)
    document.styles["Normal"].font.size = Pt(9)
    if plan.title:
        document.add_paragraph(plan.title)
    table = document.add_table(len(plan.rows), plan.width, style="Table Grid")
    grid = [list(row.cells) for row in table.rows]
    for row, column, cell in plan.placed():
        target = grid[row][column]
        if cell.across > 1 or cell.down > 1:
            target = target.merge(grid[row + cell.down - 1][column + cell.across - 1])
        for number, line in enumerate(cell.text.split("\n")):
            paragraph = target.paragraphs[0] if not number else target.add_paragraph()
            paragraph.add_run(line)
    if repeated_header:
        for header in table.rows[: plan.headers]:
            header._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    document.save(str(path))
    return path


def write_xlsx(path: Path, plan: Plan, *, title_above: bool = True) -> Path:
    """A workbook with one sheet: the title above, an empty row, the table."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Plan")
        top = 0
        if plan.title and title_above:
            sheet.write_string(0, 0, plan.title)
            top = 2
        for row, column, cell in plan.placed():
            at = (top + row, column)
            if cell.across > 1 or cell.down > 1:
                end = (at[0] + cell.down - 1, column + cell.across - 1)
                sheet.merge_range(*at, *end, cell.text)
            elif cell.text:
                sheet.write_string(*at, cell.text)
    return path


_LOOK = """
@page { size: A4 landscape; margin: 15mm }
body { font: 9pt/1.25 sans-serif } table { border-collapse: collapse; width: 100% }
td, th { border: 1px solid #000; padding: 2px 4px; vertical-align: top; text-align: left }
"""


def write_html(path: Path, plan: Plan, *, thead: bool = True, look: str = "") -> Path:
    """A page with one ruled table; ``thead`` repeats its header on each printed page."""
    rows: list[list[str]] = [[] for _ in plan.rows]
    for row, _, cell in plan.placed():
        tag = "th" if row < plan.headers and thead else "td"
        spans = f' colspan="{cell.across}"' if cell.across > 1 else ""
        spans += f' rowspan="{cell.down}"' if cell.down > 1 else ""
        text = html.escape(cell.text).replace("\n", "<br>")
        rows[row].append(f"<{tag}{spans}>{text}</{tag}>")
    lines = [f"<tr>{''.join(cells)}</tr>" for cells in rows]
    if thead:
        head, body = lines[: plan.headers], lines[plan.headers :]
        lines = ["<thead>", *head, "</thead>", "<tbody>", *body, "</tbody>"]
    title = html.escape(plan.title)
    page = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_LOOK}{look}</style></head><body><p>{title}</p><table>\n"
        + "\n".join(lines)
        + "\n</table></body></html>"
    )
    path.write_text(page, "utf-8")
    return path


def write_markdown(path: Path, plan: Plan) -> Path:
    """A heading and a pipe table; only for plans without merged cells."""
    rows = [[_in_pipes(cell.text) for cell in row] for row in plan.rows]
    rows.insert(1, ["---"] * plan.width)
    lines = [f"# {plan.title}", "", *(f"| {' | '.join(row)} |" for row in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def _in_pipes(text: str) -> str:
    for mark in "\\`*_[]<>|&~$":
        text = text.replace(mark, "\\" + mark)
    return text.replace("\n", "<br>")


def write_pdf(
    path: Path, plan: Plan, widths: Sequence[float] | None = None, **options: Any
) -> Path:
    """A PDF in landscape by reportlab: a ruled table whose rows pages may cut.

    ``widths`` are those of the columns in points (equal if None); ``options`` go to its Table.
    """
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A3, A4, landscape
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    style = getSampleStyleSheet()["BodyText"]
    style.fontSize, style.leading = 8, 9.5
    grid: list[list[Any]] = [[""] * plan.width for _ in plan.rows]
    look: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    for row, column, cell in plan.placed():
        lines = [html.escape(line) for line in cell.text.split("\n")]
        grid[row][column] = [Paragraph(line, style) for line in lines] if cell.text else ""
        if cell.across > 1 or cell.down > 1:
            end = (column + cell.across - 1, row + cell.down - 1)
            look.append(("SPAN", (column, row), end))
    page = A3 if any(cell.down > 1 for row in plan.rows for cell in row) else landscape(A4)
    widths = widths or [(page[0] - 72) / plan.width] * plan.width
    merged = any(cell.across > 1 or cell.down > 1 for row in plan.rows for cell in row)
    options = {"repeatRows": plan.headers, **options}
    if not merged and "splitInRow" not in options:  # reportlab misprints merged cells that it cuts
        options |= {"splitInRow": 1, "repeatRows": 0}
    document = SimpleDocTemplate(str(path), pagesize=page, margin=36, leftMargin=36, rightMargin=36)
    table = Table(grid, colWidths=list(widths), style=TableStyle(look), **options)
    document.build([Paragraph(html.escape(plan.title), style), Spacer(1, 8), table])
    return path


def office_prints(files: Sequence[Path], folder: Path, *, to: str = "pdf") -> list[Path]:
    """LibreOffice's conversion of documents, in one run; needs the fixture ``office``."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    subprocess.run(
        [str(office), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--convert-to", to, "--outdir", str(folder), *map(str, files)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return [folder / f"{file.stem}.{to.partition(':')[0]}" for file in files]


def chromium_prints(file: Path, folder: Path) -> Path:
    """Chromium's PDF of a page; needs the fixture ``chromium``."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    out = folder / f"{file.stem}-chromium.pdf"
    subprocess.run(
        [str(browser), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         f"--user-data-dir={folder / 'browser'}", "--no-pdf-header-footer",
         f"--print-to-pdf={out}", file.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return out
