"""Tables of PDFs that no rules show, or only a few: by header, white columns, numbers and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from printers import Plan, chromium_prints, office_prints, plan_of, write_html
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from unruled_plans import PLAN, Manner, Printer

from kb.ingest.readers.pdf.reader import read_pdf
from kb.ingest.tables import Document, Paragraph, Row, Table

Rows = Sequence[Sequence[str]]
HEADER, BODY = PLAN[0], PLAN[1:]


def numbered(times: int) -> list[Sequence[str]]:
    """A plan of many rows, numbered through."""
    rows = [row for _ in range(times) for row in BODY]
    return [HEADER, *((str(n), *row[1:]) for n, row in enumerate(rows, start=1))]


def printed(
    path: Path, rows: Rows, manner: Manner, *, before: str = "", after: str = ""
) -> Document:
    printer = Printer(path)
    if before:
        printer.text(before, size=14, bold=True)
    printer.table(rows, manner)
    if after:
        printer.text(after)
    printer.save()
    return read_pdf(path.read_bytes(), path.name)


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def texts(rows: Sequence[Row]) -> list[list[str]]:
    return [[" ".join(cell.text.split()) for cell in row.cells] for row in rows]


def listed(rows: Rows) -> list[list[str]]:
    return [list(row) for row in rows]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"align": "middle"},
        {"align": "bottom"},
        {"padding": 0.0},
        {"header_rule": True},
        {"row_rules": True, "padding": 2.0},
        {"gutter": 3.5},
        {"leading": 16.0, "padding": 8.0},
        {"bold_header": False},
    ],
    ids=[
        "white between rows",
        "cells in the middle",
        "cells at the bottom",
        "no white between rows",
        "a rule under the header",
        "rules between rows",
        "narrow gutters",
        "wide lines",
        "a header like the rest",
    ],
)
def test_rows_and_columns_are_found_without_rules(tmp_path: Path, changed: dict[str, Any]) -> None:
    document = printed(tmp_path / "plan.pdf", PLAN, replace(Manner(), **changed))
    (table,) = tables(document)
    assert texts(table.rows) == listed(PLAN)
    assert not any(row.flags for row in table.rows)


def test_text_before_and_after_the_table_stays_outside(tmp_path: Path) -> None:
    before, after = "Harrowdale DHR Rowan: action plan", "Agreed by the panel on 4 May 2021. " * 8
    document = printed(tmp_path / "plan.pdf", PLAN, Manner(), before=before, after=after)
    assert texts(tables(document)[0].rows) == listed(PLAN)
    assert paragraphs(document) == [before, after.strip()]


@pytest.mark.parametrize("padding", [0.0, 6.0])
def test_rows_without_numbers_are_found(tmp_path: Path, padding: float) -> None:
    rows = [row[1:] for row in PLAN]
    manner = replace(Manner(), widths=Manner().widths[1:], padding=padding)
    (table,) = tables(printed(tmp_path / "plan.pdf", rows, manner))
    assert texts(table.rows) == listed(rows)
    flagged = [bool(row.flags) for row in table.rows[1:]]
    assert flagged == [not padding] * 4, "sentences alone are no sure sign"


def test_rows_that_only_numbers_at_their_foot_part_are_flagged(tmp_path: Path) -> None:
    manner = replace(Manner(), padding=0.0, align="bottom")
    (table,) = tables(printed(tmp_path / "plan.pdf", PLAN, manner))
    assert texts(table.rows) == listed(PLAN)
    assert all("by its number" in row.flags[0] for row in table.rows[2:])


def test_a_text_over_all_columns_is_a_heading_row(tmp_path: Path) -> None:
    heading = "Single-agency recommendations for the Trust and for the police service"
    rows = [HEADER, ("Multi-agency recommendations",), *BODY[:2], (heading,), *BODY[2:]]
    (table,) = tables(printed(tmp_path / "plan.pdf", rows, Manner()))
    found = [[c for c in row if c] for row in texts(table.rows)]
    assert found == [[c for c in row if c] for row in rows]
    assert [row.cells[0].span for row in table.rows if len(row.filled) == 1] == [6, 6]


def test_several_actions_of_one_recommendation_are_rows_of_their_own(tmp_path: Path) -> None:
    more = ("", "", "Second audit a year later", "Harrowdale CSP", "March 2023", "")
    rows = [HEADER, BODY[0], more, *BODY[1:]]
    (table,) = tables(printed(tmp_path / "plan.pdf", rows, Manner()))
    assert texts(table.rows) == listed(rows)


def test_two_paragraphs_in_one_cell_stay_in_one_row(tmp_path: Path) -> None:
    action = "Audit of records in each agency.\n\nFindings to the board."
    rows = [HEADER, (*BODY[0][:2], action, *BODY[0][3:]), *BODY[1:]]
    (table,) = tables(printed(tmp_path / "plan.pdf", rows, Manner(padding=14.0)))
    assert texts(table.rows) == [[" ".join(c.split()) for c in row] for row in rows]


def test_a_header_of_several_lines_is_one_header(tmp_path: Path) -> None:
    header = (
        "Ref",
        "Recommendation",
        "Action to take",
        "Lead agency",
        "Target date for completion",
        "Date of completion and outcome",
    )
    manner = Manner(widths=(28, 200, 180, 70, 70, 100), align="middle")
    (table,) = tables(printed(tmp_path / "plan.pdf", [header, *BODY], manner))
    assert texts(table.rows) == listed([header, *BODY])


def test_a_column_of_numbers_without_a_header_is_a_column(tmp_path: Path) -> None:
    rows = [("", *HEADER[1:]), *BODY]
    (table,) = tables(printed(tmp_path / "plan.pdf", rows, Manner()))
    assert texts(table.rows) == listed(rows)


@pytest.mark.parametrize("repeat", [True, False], ids=["header repeated", "header once"])
@pytest.mark.parametrize("cut", [True, False], ids=["rows cut", "rows whole"])
def test_a_table_goes_on_over_pages(tmp_path: Path, repeat: bool, cut: bool) -> None:
    rows = numbered(9)
    manner = replace(Manner(), repeat_header=repeat, cut_rows=cut)
    document = printed(tmp_path / "plan.pdf", rows, manner, before="Action plan")
    (table,) = tables(document)
    found = [row for row in table.rows if not row.cells[0].text.startswith("No")]
    assert [cell for cell in map(first, found) if cell] == [row[0] for row in rows[1:]]
    assert sum(row.after_break for row in table.rows) >= 1
    for column in range(6):
        whole = " ".join(text[column] for text in texts(found) if text[column])
        assert whole == " ".join(row[column] for row in rows[1:] if row[column])


def first(row: Row) -> str:
    return row.cells[0].text


def test_two_tables_on_a_page_are_two(tmp_path: Path) -> None:
    printer = Printer(tmp_path / "plan.pdf")
    other = ("Recommendation", "Lead agency", "Status")
    printer.table([HEADER, *BODY[:2]], Manner())
    printer.text("Single-agency recommendations", bold=True)
    rows = [other, *((row[1], row[3], "Complete") for row in BODY[2:])]
    printer.table(rows, Manner(widths=(300, 200, 100)))
    printer.save()
    document = read_pdf((tmp_path / "plan.pdf").read_bytes(), "plan.pdf")
    one, two = tables(document)
    assert texts(one.rows) == listed([HEADER, *BODY[:2]])
    assert texts(two.rows) == listed(rows)
    assert paragraphs(document) == ["Single-agency recommendations"]


def test_prose_in_columns_and_lists_of_contents_are_no_tables(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "news.pdf"), pagesize=A4)
    left = ["Recommendations were made to all", "agencies and the action plan says", "who leads."]
    right = ["The lead agency for each action", "reports its progress to the", "board."]
    canvas.setFont("Helvetica", 10)
    for n in range(8):
        canvas.drawString(50, 780 - 12 * n, left[n % 3])
        canvas.drawString(310, 780 - 12 * n, right[n % 3])
    for n, entry in enumerate(("Introduction", "Actions", "Recommendations", "Lead agencies")):
        canvas.drawString(50, 600 - 14 * n, entry)
        canvas.drawRightString(540, 600 - 14 * n, str(3 + n))
    canvas.save()
    document = read_pdf((tmp_path / "news.pdf").read_bytes(), "news.pdf")
    assert tables(document) == []


LOOKS = {
    "plain": "td,th{border:0}",
    "padded": "td,th{border:0;padding:6px}",
    "separated": "table{border-collapse:collapse}td,th{border:0;border-bottom:1px solid #999;"
    "padding:6px;vertical-align:top;text-align:left}",
    "striped": "table{border-collapse:collapse}td,th{border:0;padding:6px;vertical-align:top}"
    "tr:nth-child(even){background:#ddd}",
}


@pytest.mark.parametrize("look", LOOKS)
def test_web_pages_printed_without_borders(tmp_path: Path, chromium: str, look: str) -> None:
    rows = numbered(2)
    write_html(tmp_path / "plan.html", plan_of("Action plan", rows), look=LOOKS[look])
    path = chromium_prints(tmp_path / "plan.html", tmp_path)
    (table,) = tables(read_pdf(path.read_bytes(), path.name))
    assert texts(table.rows) == listed(rows)


@pytest.mark.parametrize("style", [None, "Light List", "Light Shading", "Colorful List"])
def test_styles_of_word_without_lines_between_columns(
    tmp_path: Path, office: str, style: str | None
) -> None:
    plan = plan_of("Action plan", [HEADER, *BODY[:3]])
    write_styled(tmp_path / "plan.docx", plan, style)
    (path,) = office_prints([tmp_path / "plan.docx"], tmp_path)
    (table,) = tables(read_pdf(path.read_bytes(), path.name))
    assert texts(table.rows) == listed([HEADER, *BODY[:3]])


def write_styled(path: Path, plan: Plan, style: str | None) -> None:
    import docx
    from docx.enum.section import WD_ORIENT

    document = docx.Document()
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width
    document.add_heading(plan.title, 1)
    table = document.add_table(0, plan.width, style=style)
    for row in plan.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text.text
    document.save(str(path))
