"""Sheets as people keep them: hidden rows, formats, comments, merged cells, stray cells."""

from __future__ import annotations

import datetime
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from documents import document_of
from openpyxl.comments import Comment

from kb.errors import DamagedDocument
from kb.ingest import read_document
from kb.ingest.readers.number_formats import shown_date, shown_number
from kb.ingest.tables import Document, Paragraph, Table
from kb.text.agencies import Agencies

HEADER = ["No.", "Recommendation", "Lead agency", "Target date"]


def sheet_at(path: Path, write: Callable[[Any, Any], None]) -> Path:
    """A workbook with one sheet "Plan" that ``write(book, sheet)`` fills below its header."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Plan")
        sheet.write_row(0, 0, HEADER)
        write(book, sheet)
    return path


def table_in(document: Document) -> Table:
    return next(block for block in document.blocks if isinstance(block, Table))


def texts_of(table: Table) -> list[list[tuple[int, str]]]:
    return [[(cell.at, cell.text) for cell in row.cells] for row in table.rows]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (1.1, "0.00", "1.10"),
        (3.14, "General", "3.14"),
        (0.1 + 0.2, None, "0.3"),
        (7, '"R"0', "R7"),
        (7, "000", "007"),
        (0.5, "0%", "50%"),
        (0.125, "0.0%", "12.5%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (-2, "0;[Red]-0", "-2"),
        (1250, "[$£-809]#,##0", "£1,250"),
        (2.5, "0.##", "2.5"),
        (2, "0.##", "2"),
        (12, "# ?/?", "12"),
        (5, "@", "5"),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(
    value: float, code: str | None, shown: str
) -> None:
    assert shown_number(value, code) == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("dd/mm/yyyy", "31/07/2022"),
        ("mm-dd-yy", "31/07/2022"),
        ("[$-809]dd mmmm yyyy;@", "31/07/2022"),
        ("mmm-yy", "Jul-22"),
        ("mmmm yyyy", "July 2022"),
        ("mm/yyyy", "July 2022"),
        ("yyyy", "2022"),
        (None, "31/07/2022"),
    ],
)
def test_a_day_is_read_as_much_of_it_as_its_format_shows(code: str | None, shown: str) -> None:
    assert shown_date(datetime.date(2022, 7, 31), code) == shown


def test_the_number_of_a_recommendation_keeps_its_last_zero(
    tmp_path: Path, agencies: Agencies
) -> None:
    def write(book: Any, sheet: Any) -> None:
        two = book.add_format({"num_format": "0.00"})
        month = book.add_format({"num_format": "mmm-yy"})
        for row, number in enumerate((1.09, 1.1), start=1):
            sheet.write_number(row, 0, number, two)
            sheet.write_string(row, 1, f"Ask about pets {row}.")
            sheet.write_datetime(row, 3, datetime.datetime(2022, 7, 1), month)

    (reading,) = read_document(sheet_at(tmp_path / "plan.xlsx", write), agencies=agencies)
    assert [r.number for r in reading.recommendations] == ["1.09", "1.10"]
    target = reading.recommendations[0].target_date
    assert (target.printed, target.date, target.precision) == ("Jul-22", "2022-07", "month")


def test_hidden_rows_are_read_flagged_and_named(tmp_path: Path, agencies: Agencies) -> None:
    def write(book: Any, sheet: Any) -> None:
        for row in range(1, 7):
            sheet.write_row(row, 0, [str(row), f"Ask about pets {row}.", "Police"])
            if row in (2, 3, 5):
                sheet.set_row(row, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})

    (reading,) = read_document(sheet_at(tmp_path / "plan.xlsx", write), agencies=agencies)
    flagged = [r.number for r in reading.recommendations if r.flags]
    assert flagged == ["2", "3", "5"]
    assert reading.recommendations[1].flags == ("the row is hidden in the sheet",)
    assert reading.notes == (
        "sheet 'Plan': hidden rows were read too: 3–4, 6",
        "sheet 'Plan': hidden columns were read too: C",
    )


def test_errors_truth_values_and_results_of_formulas_are_kept(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_string(1, 0, "007")
        sheet.write_formula(1, 1, '="Ask "&A2', None, "Ask 007")
        sheet.write_formula(1, 2, "=#REF!", None, "#REF!")
        sheet.write_boolean(1, 3, True)

    document = document_of(sheet_at(tmp_path / "plan.xlsx", write))
    row = table_in(document).rows[1]
    assert [cell.text for cell in row.cells] == ["007", "Ask 007", "#REF!", "TRUE"]


def test_formulas_that_no_program_worked_out_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["No.", "Recommendation"])
    book.active.append(["=1+1", '="Ask "&"them"'])
    book.active.append([3, "Listen."])
    book.save(tmp_path / "plan.xlsx")
    document = document_of(tmp_path / "plan.xlsx")
    assert [row.printed for row in table_in(document).rows] == [
        "No. | Recommendation",
        "3 | Listen.",
    ]
    assert document.notes == (
        "sheet 'Sheet': formulas whose value is not stored were not read: A2, B2. Open the"
        " workbook in Excel, save it and add it again",
    )


def test_words_struck_through_are_flagged(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        struck = book.add_format({"font_strikeout": True})
        sheet.write_row(1, 0, ["1", "Ask."], struck)
        sheet.write_row(2, 0, ["2", "Listen.", "GP"])
        sheet.write_string(2, 2, "GP", struck)
        sheet.write_rich_string(3, 1, "Tell ", struck, "nobody", " all")

    rows = table_in(document_of(sheet_at(tmp_path / "plan.xlsx", write))).rows
    assert [row.flags for row in rows[1:]] == [
        ("the whole row is struck through in the sheet: it may be withdrawn",),
        ("“GP” is struck through",),
        ("“nobody” is struck through",),
    ]


def test_page_headers_and_text_boxes_of_a_sheet_are_asides(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_string(1, 1, "Ask.")
        sheet.set_header('&C&"Arial,Bold"&12Ashlow R&&D plan')
        sheet.set_footer("&P of &N")
        sheet.insert_textbox(4, 1, "Agreed by\nthe board")

    document = document_of(sheet_at(tmp_path / "plan.xlsx", write))
    assert [b for b in document.blocks if isinstance(b, Paragraph)] == [
        Paragraph("Ashlow R&D plan", "sheet 'Plan', page header", aside="page header"),
        Paragraph("Agreed by\nthe board", "sheet 'Plan', text box", aside="text box"),
    ]


def test_comments_stand_beside_the_sheet_with_their_cell(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["Recommendation"])
    book.active.append(["Ask."])
    book.active["A2"].comment = Comment("Check with the chair", "N")
    book.save(path)
    document = document_of(path)
    assert [b for b in document.blocks if isinstance(b, Paragraph)] == [
        Paragraph("Check with the chair", "sheet 'Sheet', cell A2", aside="comment")
    ]


def test_a_comment_of_a_thread_is_read_without_excels_words_about_it(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_string(1, 1, "Ask.")
        sheet.write_comment(
            1,
            1,
            "[Threaded comment]\n\nYour version of Excel allows you to read this threaded comment;"
            " however, any edits to it will get removed.\n\nComment:\n    Is this done?",
        )

    document = document_of(sheet_at(tmp_path / "plan.xlsx", write))
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["Is this done?"]


def test_cells_merged_across_and_down_keep_their_place(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.merge_range(1, 0, 1, 3, "Police")
        sheet.merge_range(2, 1, 3, 2, "Ask.")
        sheet.write_row(2, 3, ["June 2022"])
        sheet.write_row(3, 3, ["July 2022"])

    document = document_of(sheet_at(tmp_path / "plan.xlsx", write))
    rows = table_in(document).rows[1:]
    cells = [[(c.text, c.at, c.span, c.goes_on) for c in row.cells] for row in rows]
    assert cells == [
        [("Police", 0, 4, False)],
        [("Ask.", 1, 2, False), ("June 2022", 3, 1, False)],
        [("", 1, 2, True), ("July 2022", 3, 1, False)],
    ]


def test_a_text_that_a_merged_cell_hides_is_read_and_flagged(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.merge_range(1, 0, 1, 3, "Police")
        sheet.write_string(1, 2, "NHS")

    row = table_in(document_of(sheet_at(tmp_path / "plan.xlsx", write))).rows[1]
    assert row.printed == "Police | NHS"
    assert row.flags == ("“NHS” stands under a merged cell, which hides it in the sheet",)


def test_a_million_formatted_rows_without_text_are_no_rows(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        grey = book.add_format({"bg_color": "#dddddd"})
        sheet.write_string(1, 1, "Ask.")
        for row in (2, 3, 1_048_575):
            sheet.write_blank(row, 16_383, None, grey)

    document = document_of(sheet_at(tmp_path / "plan.xlsx", write))
    assert [row.place for row in table_in(document).rows] == ["row 1", "row 2"]


def test_a_stray_cell_in_the_far_corner_is_named_and_nothing_explodes(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_string(1_048_575, 16_383, "x")

    path = sheet_at(tmp_path / "plan.xlsx", write)
    with pytest.raises(DamagedDocument, match="goes as far as XFD1048576"):
        document_of(path)


def test_a_workbook_that_refers_to_its_sheets_from_the_root_has_its_hidden_rows(
    tmp_path: Path,
) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_string(1, 1, "Ask.")
        sheet.set_row(1, None, None, {"hidden": True})

    source = sheet_at(tmp_path / "source.xlsx", write)
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(tmp_path / "plan.xlsx", "w") as copy:
        for name in whole.namelist():
            data = whole.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                data = data.replace(b'Target="worksheets', b'Target="/xl/worksheets')
            copy.writestr(name, data)
    document = document_of(tmp_path / "plan.xlsx")
    assert table_in(document).rows[1].flags == ("the row is hidden in the sheet",)


@pytest.fixture(scope="module")
def same_sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One sheet as .xlsx, .ods and .xls, the last two written by LibreOffice."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not here; install it to write .ods and .xls")
    folder = tmp_path_factory.mktemp("sheets")

    def write(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(1, 0, ["1a", "Ask about “pets”.\nAnd again – always."])
        sheet.merge_range(1, 2, 2, 2, "Police")
        sheet.write_datetime(1, 3, datetime.datetime(2022, 7, 31), day)
        sheet.write_number(2, 0, 2)
        sheet.write_row(2, 1, ["Listen."])
        sheet.write_number(3, 0, 3.5)
        sheet.merge_range(3, 1, 3, 3, "For those who answer the telephone")
        sheet.write_row(4, 1, ["Écrire", "GP", "July 2022"])
        sheet.set_row(4, None, None, {"hidden": True})

    sheet_at(folder / "plan.xlsx", write)
    for kind in ("ods", "xls"):
        subprocess.run(
            [
                office,
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                *("--headless", "--convert-to", kind, "--outdir", str(folder)),
                str(folder / "plan.xlsx"),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
    return folder


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_the_same_sheet_has_the_same_cells_in_every_format(same_sheet: Path, kind: str) -> None:
    expected = table_in(document_of(same_sheet / "plan.xlsx"))
    read = document_of(same_sheet / f"plan.{kind}")
    assert table_in(read).name == expected.name
    assert [row.cells for row in table_in(read).rows] == [row.cells for row in expected.rows]


def test_hidden_rows_of_an_open_document_sheet_are_flagged(same_sheet: Path) -> None:
    read = document_of(same_sheet / "plan.ods")
    assert [row.place for row in table_in(read).rows if row.flags] == ["row 5"]
    assert read.notes == ("sheet 'Plan': hidden rows were read too: 5",)
