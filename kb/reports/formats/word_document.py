"""A report as a Word document: real headings, tables whose header row repeats, page numbers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kb.reports.formats.cells import MADE, is_number, longest_word, readable, shown
from kb.reports.formats.charts import can_draw, png, summary
from kb.reports.report import Column, Marked, Report, Section, Table

if TYPE_CHECKING:
    from docx.document import Document

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_A4 = (11_906, 16_838)  # width and height in twentieths of a point
_TWENTIETH = 635  # of a point, in the units of python-docx
_MARGIN = 1_020  # 18 mm in twentieths of a point
_PORTRAIT_BREADTH = 11
_ROOM_FOR_HEADING = 1_800  # twentieths of a point on the page of a picture
_MOST_LETTERS = (
    40  # of a cell that need not be broken; a column of longer ones gets half of the rest
)
_LONG_LETTERS = 130
_LONGEST_WORD = 18  # letters; a longer one (an address) may be broken
_LETTER = 105  # the breadth of a letter of a table in twentieths of a point
_BOLD = 3  # letters of room for a bold heading and the margins of its cell


def render(report: Report) -> bytes:
    """The document, on A4; lying where a table is wide."""
    import docx

    document = docx.Document()
    tables = report.printed_tables()
    wide = [_is_wide(table) for table in tables]
    all_lying = sum(wide) * 2 >= len(wide) > 0
    lying = all_lying or wide[:1] == [True]
    _page(document, lying=lying)
    _properties(document, report.title)
    _fonts(document)
    document.add_heading(readable(report.title), level=0)
    _head(document, report)
    for table in tables:
        if _is_wide(table) != lying and not all_lying:
            lying = not lying
            document.add_section()
            _page(document, lying=lying)
        document.add_heading(readable(table.title), level=1)
        if can_draw(table):
            _picture(document, table)
        if table.rows:
            _table(document, table, _room(document)[0])
        else:
            document.add_paragraph("None.")
    for section in report.sections:
        _section(document, section, 1)
    notes = report.printed_notes()
    if notes:
        document.add_heading("Notes", level=1)
    for note in notes:
        document.add_paragraph(readable(note), style="List Bullet")
    return _same_bytes(document)


def _section(document: Document, section: Section, level: int) -> None:
    document.add_heading(readable(section.title), level=level)
    for label, words in section.lines:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = 0
        paragraph.add_run(f"{readable(label)}: ").bold = True
        marked = words if isinstance(words, Marked) else Marked(words, ())
        for piece, stands_out in marked.pieces():
            paragraph.add_run(readable(piece)).underline = stands_out
    for part in section.parts:
        _section(document, part, level + 1)


def _picture(document: Document, table: Table) -> None:
    """The chart with its description for those who do not see it, and the same below in words."""
    from docx.shared import Twips

    width, height = _room(document)
    shape = document.add_picture(io.BytesIO(png(table)))
    scale = min(
        1,
        Twips(width) / shape.width,
        Twips(height - _ROOM_FOR_HEADING) / shape.height,
    )
    shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
    words = readable(summary(table))
    shape._inline.docPr.set("descr", readable(f"Chart of {table.title}. {words}"))
    document.add_paragraph(words)


def _head(document: Document, report: Report) -> None:
    """What a reader needs to judge the report, in one small paragraph."""
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    for number, (label, value) in enumerate(report.head):
        paragraph.add_run("  ·  " if number else "")
        paragraph.add_run(f"{readable(label)}: ").bold = True
        paragraph.add_run(readable(value))
    for run in paragraph.runs:
        run.font.size = Pt(8)


def _is_wide(table: Table) -> bool:
    return _breadth(table) > _PORTRAIT_BREADTH


def _breadth(table: Table) -> int:
    """How much room a table asks for: a column of numbers 1, of text 2."""
    return sum(1 if is_number(column.kind) else 2 for column in table.columns)


def _page(document: Document, *, lying: bool) -> None:
    """Set the last section's pages up, upright or lying."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Twips

    section = document.sections[-1]
    width, height = _A4[::-1] if lying else _A4
    section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Twips(width), Twips(height)
    section.left_margin = section.right_margin = Twips(_MARGIN)
    section.top_margin = section.bottom_margin = Twips(_MARGIN)
    if len(document.sections) > 1:
        return
    number = _element("w:fldSimple", {"w:instr": "PAGE"})
    number.append(_run("1", bold=False))
    section.footer.paragraphs[0]._p.append(number)


def _room(document: Document) -> tuple[int, int]:
    """Width and height between the margins of the last section, in twentieths of a point."""
    section = document.sections[-1]
    width, height = section.page_width or 0, section.page_height or 0
    return width // _TWENTIETH - 2 * _MARGIN, height // _TWENTIETH - 2 * _MARGIN


def _properties(document: Document, title: str) -> None:
    properties = document.core_properties
    properties.title = readable(title)[:255]
    properties.author = ""
    properties.comments = ""
    properties.language = "en-GB"
    properties.created = properties.modified = MADE


def _fonts(document: Document) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = "Arial"
        style.font.color.rgb = RGBColor(0x0B, 0x0C, 0x0C)
        for theme_font in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(theme_font), None)
    normal = document.styles["Normal"]
    normal.font.size = Pt(10)
    normal.paragraph_format.space_after = Pt(4)
    document.styles["Title"].font.size = Pt(20)
    document.styles["List Bullet"].font.size = Pt(9)
    heading = document.styles["Heading 1"]
    heading.font.size = Pt(13)
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(9), Pt(3)
    normal.element.get_or_add_rPr().append(_element("w:lang", {"w:val": "en-GB"}))


def _element(tag: str, attributes: dict[str, str] | None = None) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(tag)
    for name, value in (attributes or {}).items():
        element.set(qn(name), value)
    return element


def _table(document: Document, table: Table, width: int) -> None:
    from docx.oxml.ns import qn

    texts = [
        [shown(cell, column.kind) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    widths = _widths(table.columns, texts, width)
    made = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    made.autofit = False
    for column, wide in zip(made._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.set(qn("w:w"), str(wide))
    made._tbl.append(_row([column.label for column in table.columns], table, widths, header=True))
    for row in texts:
        made._tbl.append(_row(row, table, widths, header=False))


def _widths(columns: Sequence[Column], texts: Sequence[Sequence[str]], width: int) -> list[int]:
    """The width shared out: first no word is broken, then by the longest cell of each column."""
    least, wanted = [], []
    for at, column in enumerate(columns):
        cells = [row[at] for row in texts]
        longest = max((len(cell) for cell in cells), default=0)
        word = max((longest_word(cell) for cell in cells), default=0)
        need = max(longest_word(column.label), min(word, _LONGEST_WORD)) + _BOLD
        least.append(need)
        beyond_most = max(0, longest - _MOST_LETTERS) // 2
        wanted.append(max(need, min(longest, _MOST_LETTERS + beyond_most, _LONG_LETTERS)))
    spare = max(0, width // _LETTER - sum(least))
    beyond = [want - need for want, need in zip(wanted, least, strict=True)]
    share = spare / max(1, sum(beyond))
    letters = [need + share * more for need, more in zip(least, beyond, strict=True)]
    return [int(width * each / sum(letters)) for each in letters]


def _row(cells: Sequence[str], table: Table, widths: Sequence[int], *, header: bool) -> Any:
    row = _element("w:tr")
    properties = _element("w:trPr")
    properties.append(_element("w:cantSplit"))
    if header:
        properties.append(_element("w:tblHeader"))
    row.append(properties)
    for text, column, wide in zip(cells, table.columns, widths, strict=True):
        row.append(_cell(readable(text), wide, bold=header, right=is_number(column.kind)))
    return row


def _cell(text: str, width: int, *, bold: bool, right: bool) -> Any:
    cell = _element("w:tc")
    properties = _element("w:tcPr")
    properties.append(_element("w:tcW", {"w:w": str(width), "w:type": "dxa"}))
    if bold:
        shade = {"w:val": "clear", "w:color": "auto", "w:fill": "F3F2F1"}
        properties.append(_element("w:shd", shade))
    cell.append(properties)
    paragraph = _element("w:p")
    style = _element("w:pPr")
    style.append(_element("w:spacing", {"w:before": "40", "w:after": "40"}))
    if right:
        style.append(_element("w:jc", {"w:val": "right"}))
    paragraph.append(style)
    paragraph.append(_run(text, bold=bold))
    cell.append(paragraph)
    return cell


def _run(text: str, *, bold: bool) -> Any:
    run = _element("w:r")
    properties = _element("w:rPr")
    if bold:
        properties.append(_element("w:b"))
    properties.append(_element("w:sz", {"w:val": "17"}))
    run.append(properties)
    for number, line in enumerate(text.splitlines() or [""]):
        if number:
            run.append(_element("w:br"))
        words = _element("w:t", {"xml:space": "preserve"})
        words.text = line
        run.append(words)
    return run


def _same_bytes(document: Document) -> bytes:
    """The document with a fixed date on every part, so that equal reports are equal files."""
    saved, out = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with (
        zipfile.ZipFile(saved) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            part = zipfile.ZipInfo(name, _ZIP_DATE)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return out.getvalue()
