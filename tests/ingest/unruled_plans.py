"""Plans of action printed without the rules of their tables, all invented, in several manners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

PLAN = (
    ("No.", "Recommendation", "Action to take", "Lead agency", "Target date", "Outcome"),
    (
        "1",
        "The Partnership should assure itself that every member agency asks about domestic abuse "
        "as a matter of routine and records the answer.",
        "Audit of records in each agency; findings to the board.",
        "Harrowdale CSP",
        "31 March 2022",
        "Complete. The audit was reported in February 2022.",
    ),
    (
        "2",
        "Larchfield Homes should review its arrears procedure.",
        "Procedure rewritten with tenants, and all staff briefed on economic abuse by the "
        "specialist service over three sessions.",
        "Larchfield Homes",
        "June 2022",
        "In progress",
    ),
    (
        "3",
        "The Trust should see each parent alone at least once in the first year after a birth.",
        "New prompt in the electronic record",
        "Upper Dale NHS Foundation Trust",
        "September 2022",
        "",
    ),
    (
        "4",
        "The Constabulary should share its risk assessments with the school within one day.",
        "Operation Encompass extended to nurseries",
        "Harrowdale Constabulary",
        "Complete",
        "All nurseries signed up by May 2021.",
    ),
)


@dataclass(frozen=True)
class Manner:
    """How a table is printed: space between rows, alignment, rules, and what pages repeat."""

    padding: float = 6.0
    size: float = 9.0
    leading: float = 11.0
    align: str = "top"
    header_rule: bool = False
    row_rules: bool = False
    widths: tuple[float, ...] = (28, 200, 180, 110, 80, 140)
    gutter: float = 10.0
    repeat_header: bool = True
    cut_rows: bool = False
    bold_header: bool = True
    bottom: float = 60.0


class Printer:
    """Writes lines of text and tables down pages, in points from the upper edge."""

    def __init__(self, path: Path, *, wide: bool = True, left: float = 40.0) -> None:
        self.page = landscape(A4) if wide else A4
        self.canvas = Canvas(str(path), pagesize=self.page)
        self.left, self.y = left, 50.0

    def text(
        self, text: str, *, size: float = 10.0, bold: bool = False, after: float = 6.0
    ) -> None:
        """One paragraph over the whole width."""
        font = "Helvetica-Bold" if bold else "Helvetica"
        for line in wrapped(text, font, size, self.page[0] - 2 * self.left):
            self._line(self.left, self.y + size, line, font, size)
            self.y += 1.2 * size
        self.y += after

    def table(self, rows: Sequence[Sequence[str]], manner: Manner) -> None:
        """A table whose first row is the header; a row of one text goes across."""
        header, *body = rows
        self._row(header, manner, header=True)
        for row in body:
            lines = self._lines(row, manner, header=False)
            height = max(map(len, lines)) * manner.leading
            if not manner.cut_rows and self.y + height > self.page[1] - manner.bottom:
                self.new_page(header, manner)
            self._row(row, manner, header=False, top=header)

    def new_page(self, header: Sequence[str], manner: Manner) -> None:
        """The next page, with the header of the table where each page repeats it."""
        self.canvas.showPage()
        self.y = 50.0
        if manner.repeat_header:
            self._row(header, manner, header=True)

    def save(self) -> None:
        self.canvas.save()

    def _row(
        self, row: Sequence[str], manner: Manner, *, header: bool, top: Sequence[str] = ()
    ) -> None:
        bold = (header and manner.bold_header) or len(row) == 1
        font = "Helvetica-Bold" if bold else "Helvetica"
        cells = self._lines(row, manner, header=header)
        most = max(map(len, cells))
        for n in range(most):
            if self.y + manner.leading > self.page[1] - manner.bottom:
                self.new_page(top, manner)
            x = self.left
            for width, lines in zip(manner.widths, cells, strict=False):
                spare = most - len(lines)
                offset = {"top": 0.0, "middle": spare / 2, "bottom": spare}[manner.align]
                at = n - int(offset)
                if 0 <= at < len(lines):
                    down = (offset - int(offset)) * manner.leading
                    self._line(x, self.y + manner.size + down, lines[at], font, manner.size)
                x += width
            self.y += manner.leading
        self.y += manner.padding / 2
        if manner.row_rules or (header and manner.header_rule):
            right = self.left + sum(manner.widths)
            height = self.page[1] - self.y
            self.canvas.line(self.left, height, right, height)
        self.y += manner.padding / 2

    def _lines(self, row: Sequence[str], manner: Manner, *, header: bool) -> list[list[str]]:
        bold = (header and manner.bold_header) or len(row) == 1
        font = "Helvetica-Bold" if bold else "Helvetica"
        widths = (sum(manner.widths),) if len(row) == 1 else manner.widths
        return [
            wrapped(text, font, manner.size, width - manner.gutter)
            for text, width in zip(row, widths, strict=True)
        ]

    def _line(self, x: float, y: float, text: str, font: str, size: float) -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, self.page[1] - y, text)


def wrapped(text: str, font: str, size: float, width: float) -> list[str]:
    """The lines of a text in a column, a new paragraph at each line's end of the text."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and stringWidth(longer, font, size) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines
