"""Plans printed to PDF by Chromium and LibreOffice, in the looks that plans have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from printers import (
    Plan,
    Printed,
    chromium_prints,
    office_prints,
    plan_of,
    write_docx,
    write_html,
)

from kb.ingest.readers.pdf.reader import read_pdf
from kb.ingest.readers.word import read_word
from kb.ingest.tables import Document, Table

HEADER = ["No.", "Recommendation", "Lead agency", "Key milestones", "Target date", "Status"]
ROWS = [
    [
        "1",
        "The Brackwater Safeguarding Partnership should review its multi-agency training on "
        "coercive control so that every practitioner can name its signs.",
        "Brackwater CSP",
        "Training plan agreed; sessions held in May and June.",
        "31/07/2022",
        "Complete",
    ],
    [
        "2",
        "Oakmere NHS Trust should ensure that routine enquiry is made and is recorded.",
        "Oakmere NHS Trust",
        "• Audit of records\n• Report to Board",
        "September 2022",
        "In progress",
    ],
    [
        "3",
        "Officers should be reminded of it.",
        "Westvale Police",
        "Briefing",
        "31.12.2021",
        "Done",
    ],
    [
        "4",
        "Landlords should follow-up each report of damage to a door.",
        "Lindale Homes",
        "",
        "2023",
        "Not started",
    ],
]
LOOKS = {
    "level rules alone": "td, th { border: none; border-bottom: 1px solid #888 }",
    "a heavier rule below the header": (
        "td { border: none; border-bottom: 1px solid #888 }"
        "th { border: none; border-bottom: 2px solid #000 }"
    ),
    "stripes": (
        "td, th { border: none } th { background: #1f4e79; color: white }"
        "tr:nth-child(even) td { background: #dde }"
    ),
    "coloured cells with white between": (
        "table { border-collapse: separate; border-spacing: 2px }"
        "td, th { border: none } td { background: #eee } th { background: #ccd }"
    ),
    "white rules on colour": "td, th { border: 1px solid #fff; background: #e8eef7 }",
    "double rules": "td, th { border: 3px double #000 }",
    "dashed rules": "td, th { border: 1px dashed #000 }",
    "dotted rules": "td, th { border: 1px dotted #000 }",
    "upright rules alone": (
        "td, th { border: none; border-left: 1px solid #000; border-right: 1px solid #000 }"
    ),
    "no outer rules": (
        "td:first-child, th:first-child { border-left: none }"
        "td:last-child, th:last-child { border-right: none }"
    ),
}


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def squeezed(text: str) -> str:
    return re.sub(r"\s+|-", "", text)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_cells_are_read_whatever_the_look(look: str, tmp_path: Path, chromium: str) -> None:
    plan = plan_of("Action plan", [HEADER, *ROWS, *ROWS])
    page = write_html(tmp_path / "plan.html", plan, look=look)
    (table,) = tables(read_pdf(chromium_prints(page, tmp_path).read_bytes(), "plan.pdf"))
    assert texts(table) == [HEADER, *ROWS, *ROWS]


def test_merged_cells_of_a_print_go_on_below(tmp_path: Path, chromium: str) -> None:
    rows = [[Printed(text) for text in HEADER[:4]], [Printed("Theme 1: training", across=4)]]
    rows += [
        [Printed("1", down=2), Printed(ROWS[0][1], down=2), Printed("Police"), Printed("May")],
        [Printed("Probation"), Printed("June")],
    ]
    page = write_html(tmp_path / "plan.html", Plan("", tuple(rows)))
    (table,) = tables(read_pdf(chromium_prints(page, tmp_path).read_bytes(), "plan.pdf"))
    assert [cell.span for cell in table.rows[1].cells] == [4]
    assert texts(table)[2] == ["1", ROWS[0][1], "Police", "May"]
    assert [cell.goes_on for cell in table.rows[3].cells] == [True, True, False, False]


def test_dates_and_words_that_narrow_columns_break_are_whole(tmp_path: Path, chromium: str) -> None:
    rows = [*ROWS, ["5", "All should be told.", "Safeguarding Partnership", "x", "31.7.22", "Done"]]
    look = (
        "td { overflow-wrap: break-word } table { table-layout: fixed }"
        "th:nth-child(5) { width: 32px } th:nth-child(3) { width: 62px }"
        "th:nth-child(1) { width: 20px }"
    )
    page = write_html(tmp_path / "plan.html", plan_of("", [HEADER, *rows]), look=look)
    (table,) = tables(read_pdf(chromium_prints(page, tmp_path).read_bytes(), "plan.pdf"))
    assert table.rows[5].cells[4].text == "31.7.22"
    assert table.rows[1].cells[4].text == "31/07/2022"
    assert table.rows[5].cells[2].text == "Safeguarding Partnership"


@pytest.mark.parametrize("thead", [True, False])
def test_rows_that_chromium_cuts_are_told(thead: bool, tmp_path: Path, chromium: str) -> None:
    rows = [[str(n), " ".join([ROWS[0][1]] * 3), *ROWS[0][2:]] for n in range(1, 30)]
    page = write_html(tmp_path / "plan.html", plan_of("", [HEADER, *rows]), thead=thead)
    (table,) = tables(read_pdf(chromium_prints(page, tmp_path).read_bytes(), "plan.pdf"))
    breaks = [(number, row) for number, row in enumerate(table.rows) if row.after_break]
    assert breaks
    for _, row in breaks:
        assert row.cut is (row.cells[0].text == "")


def test_a_word_document_printed_by_libreoffice_has_its_cells(tmp_path: Path, office: str) -> None:
    plan = plan_of("Action plan", [HEADER, *(ROWS * 12)])
    docx = write_docx(tmp_path / "plan.docx", plan)
    (pdf,) = office_prints([docx], tmp_path)
    (table,) = tables(read_pdf(pdf.read_bytes(), pdf.name))
    found = [row for row in texts(table) if row != HEADER]
    assert [squeezed("".join(row)) for row in merged(table)] == [
        squeezed("".join(row)) for row in ROWS * 12
    ]
    assert len(found) >= len(ROWS) * 12


STYLES = [
    "Table Grid",
    "Light List Accent 1",
    "Light Grid Accent 3",
    "Light Shading",
    "Medium List 1",
    "Medium List 2",
    "Medium Grid 1",
    "Medium Grid 3 Accent 1",
    "Medium Shading 1 Accent 1",
    "Colorful Grid Accent 2",
    "Dark List",
]


def test_each_table_style_of_word_is_read_from_its_print(tmp_path: Path, office: str) -> None:
    files = [styled(tmp_path / f"{style.replace(' ', '-')}.docx", style) for style in STYLES]
    for style, pdf in zip(STYLES, office_prints(files, tmp_path), strict=True):
        found = tables(read_pdf(pdf.read_bytes(), pdf.name))
        assert len(found) == 1, style
        read = [[squeezed(text) for text in row] for row in merged(found[0])]
        assert read == [[squeezed(text) for text in row] for row in ROWS * 6], style


def styled(path: Path, style: str) -> Path:
    """A plan of several pages with text around it and a table in one of Word's styles."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.header.paragraphs[0].text = "OFFICIAL - Brackwater CSP"
    section.footer.paragraphs[0].text = "Action plan v3 May 2023"
    document.add_heading("Brackwater review: action plan", 1)
    document.add_paragraph("This plan was agreed by the Board. It is reviewed quarterly.")
    rows = [HEADER, *(ROWS * 6)]
    table = document.add_table(len(rows), len(HEADER), style=style)
    for printed, texts_ in zip(table.rows, rows, strict=True):
        for cell, text in zip(printed.cells, texts_, strict=True):
            cell.text = text
    document.add_paragraph("The plan ends here.")
    document.save(str(path))
    return path


def merged(table: Table) -> list[list[str]]:
    """The rows below the header, those without a number joined to the one before."""
    rows: list[list[str]] = []
    header = [squeezed(cell.text) for cell in table.rows[0].cells]
    for row in table.rows[1:]:
        cells = [cell.text for cell in row.cells]
        if [squeezed(text) for text in cells] == header:
            continue
        if row.after_break and row.cut is not False and not cells[0]:
            rows[-1] = [f"{a} {b}".strip() for a, b in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    return rows


SOMERSET_LOOK = (
    "table { table-layout: fixed } td, th { overflow-wrap: break-word }"
    "@page { size: A4 %s; margin: 15mm }"
)


@pytest.mark.parametrize("paper", ["landscape", "portrait"])
@pytest.mark.parametrize("thead", [True, False])
def test_every_field_of_the_real_plan_is_read_from_chromiums_print(
    paper: str, thead: bool, tmp_path: Path, chromium: str, shared_documents: Path
) -> None:
    wanted = somerset(shared_documents)
    plan = plan_of("Action plan", wanted)
    page = write_html(tmp_path / "p.html", plan, thead=thead, look=SOMERSET_LOOK % paper)
    assert_reads(wanted, chromium_prints(page, tmp_path))


def test_every_field_of_the_real_plan_is_read_from_libreoffices_print(
    tmp_path: Path, office: str, shared_documents: Path
) -> None:
    (pdf,) = office_prints([shared_documents / "somerset-024-action-plan.docx"], tmp_path)
    assert_reads(somerset(shared_documents), pdf)


def somerset(folder: Path) -> list[list[str]]:
    data = (folder / "somerset-024-action-plan.docx").read_bytes()
    (table,) = tables(read_word(data, "somerset.docx"))
    return texts(table)


def assert_reads(wanted: list[list[str]], pdf: Path) -> None:
    """Every field of every row, with white space and hyphens at the ends of lines folded."""
    (table,) = tables(read_pdf(pdf.read_bytes(), pdf.name))
    whole = {tuple(squeezed(text) for text in row) for row in wanted}
    rows: list[list[str]] = []
    for row in table.rows:
        cells = [squeezed(cell.text) for cell in row.cells]
        if row.after_break and row.cut is not False and tuple(rows[-1]) not in whole:
            rows[-1] = [a + b for a, b in zip(rows[-1], cells, strict=True)]
        elif not rows or cells != rows[0]:
            rows.append(cells)
    assert rows == [[squeezed(text) for text in row] for row in wanted]
