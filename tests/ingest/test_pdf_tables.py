"""Ruled tables of a PDF: cells, merged cells, pages that cut rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from printers import Plan, Printed, plan_of, write_pdf

from kb.ingest.readers.pdf.reader import read_pdf
from kb.ingest.tables import Document, Row, Table

HEADER = ["No.", "Recommendation", "Lead agency", "Target date"]
LONG = (
    "The Brackwater Safeguarding Partnership should review its multi-agency training on coercive "
    "control, so that every practitioner can name its signs and knows whom to ask."
)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Document]:
    def printed(plan: Plan, **options: Any) -> Document:
        path = write_pdf(tmp_path / "plan.pdf", plan, **options)
        return read_pdf(path.read_bytes(), path.name)

    return printed


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def texts(row: Row) -> list[str]:
    return [" ".join(cell.text.split()) for cell in row.cells]


def plan(count: int, *, text: str = LONG) -> Plan:
    rows = [
        [str(n), f"{n}. {text}", "Brackwater Council", f"0{n % 9 + 1}/2023"]
        for n in range(1, count + 1)
    ]
    return plan_of("Brackwater review: action plan", [HEADER, *rows])


def test_each_cell_is_read_with_its_column_and_its_place(read: Callable[..., Document]) -> None:
    (table,) = tables(read(plan(2)))
    assert table.name == "table 1"
    assert [row.place for row in table.rows] == [f"page 1, row {n}" for n in (1, 2, 3)]
    assert texts(table.rows[0]) == HEADER
    assert texts(table.rows[2]) == ["2", f"2. {LONG}", "Brackwater Council", "03/2023"]
    assert [(cell.at, cell.span) for cell in table.rows[1].cells] == [(n, 1) for n in range(4)]


def test_words_beside_the_table_are_paragraphs(read: Callable[..., Document]) -> None:
    first = read(plan(1)).blocks[0]
    assert not isinstance(first, Table)
    assert getattr(first, "text", "") == "Brackwater review: action plan"


def test_merged_cells_span_columns_and_go_on_below(read: Callable[..., Document]) -> None:
    rows: Sequence[Sequence[Printed]] = (
        [Printed(text) for text in HEADER],
        [Printed("Theme 1: training", across=4)],
        [Printed("1", down=2), Printed(LONG, down=2), Printed("Police"), Printed("May 2023")],
        [Printed("Probation"), Printed("June 2023")],
    )
    (table,) = tables(read(Plan("", tuple(rows))))
    theme, first, second = table.rows[1:]
    assert [(cell.text, cell.at, cell.span) for cell in theme.cells] == [
        ("Theme 1: training", 0, 4)
    ]
    assert texts(first) == ["1", LONG, "Police", "May 2023"]
    assert [cell.goes_on for cell in second.cells] == [True, True, False, False]
    assert texts(second)[2:] == ["Probation", "June 2023"]


def test_a_table_over_pages_is_one_and_repeats_its_header(read: Callable[..., Document]) -> None:
    (table,) = tables(read(plan(60), splitInRow=1))
    headers = [row.place for row in table.rows if texts(row) == HEADER]
    pages = sorted({row.place.split(",")[0] for row in table.rows})
    assert headers == [f"page {n + 1}, row 1" for n in range(len(pages))]
    assert len(pages) > 1
    after = [row.place for row in table.rows if row.after_break]
    assert after == [f"page {n + 1}, row 2" for n in range(1, len(pages))]
    read_back = [text for row in table.rows for text in texts(row)[:1] if texts(row) != HEADER]
    assert read_back == [str(n) for n in range(1, 61)]


def test_a_row_cut_by_the_page_says_that_it_may_go_on(read: Callable[..., Document]) -> None:
    paragraphs = "\n".join(f"Step {n}: {LONG}" for n in range(1, 40))
    cut = plan_of("", [HEADER, ["1", paragraphs, "Police", "2023"]])
    (table,) = tables(read(cut, splitInRow=1, repeatRows=0))
    rests = [row for row in table.rows if row.after_break]
    assert rests
    assert all(row.cut is not False for row in rests)
    before = table.rows[table.rows.index(rests[0]) - 1]
    assert [cell.at_foot for cell in before.cells] == [False, True, False, False]
    whole = " ".join(texts(row)[1] for row in table.rows[1:])
    assert whole == " ".join(paragraphs.split())


def test_two_tables_on_a_page_stay_two() -> None:
    from reportlab.lib import colors
    from reportlab.platypus import SimpleDocTemplate, Spacer
    from reportlab.platypus import Table as Printing

    look = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
    first = Printing([["No.", "Action"], ["1", "Write"]], style=look)
    second = Printing([["Ref", "Lead", "Date"], ["2", "Police", "May"]], style=look)
    out = BytesIO()
    SimpleDocTemplate(out).build([first, Spacer(1, 20), second])
    found = tables(read_pdf(out.getvalue(), "plan.pdf"))
    assert [table.name for table in found] == ["table 1", "table 2"]
    assert texts(found[0].rows[1]) == ["1", "Write"]
    assert texts(found[1].rows[1]) == ["2", "Police", "May"]


def test_paragraphs_of_a_cell_stay_apart_and_wrapped_lines_do_not(
    read: Callable[..., Document],
) -> None:
    cell = f"{LONG}\nBriefing issued.\n• Audit of records\n• Report to the Board"
    (table,) = tables(read(plan_of("", [HEADER, ["1", cell, "Police", "2023"]])))
    assert table.rows[1].cells[1].text == cell


def test_a_box_around_a_text_is_no_table() -> None:
    out = BytesIO()
    canvas = canvas_on(out)
    canvas.rect(60, 600, 400, 100)
    canvas.drawString(70, 650, "A text in a box.")
    canvas.save()
    document = read_pdf(out.getvalue(), "plan.pdf")
    assert tables(document) == []
    assert [getattr(block, "text", "") for block in document.blocks] == ["A text in a box."]


def test_the_last_row_whose_bottom_rule_the_page_took_is_read() -> None:
    document = read_pdf(open_grid(levels=[100, 130, 160], foot=200), "plan.pdf")
    (table,) = tables(document)
    assert [texts(row) for row in table.rows] == [["a0", "b0"], ["a1", "b1"], ["a2", "b2"]]


def test_rules_left_out_at_a_break_show_that_the_row_goes_on() -> None:
    out = BytesIO()
    canvas = canvas_on(out)
    draw_grid(canvas, [100, 130, 160], foot=200)
    canvas.showPage()
    draw_grid(canvas, [80, 110, 140], foot=140, head=50)
    canvas.save()
    (table,) = tables(read_pdf(out.getvalue(), "plan.pdf"))
    assert [row.cut for row in table.rows] == [None, None, None, True, None, None]
    assert table.rows[3].after_break


def canvas_on(out: BytesIO) -> Any:
    from reportlab.pdfgen.canvas import Canvas

    return Canvas(out, pagesize=(500, 800), pageCompression=0)


def open_grid(levels: Sequence[float], foot: float) -> bytes:
    out = BytesIO()
    canvas = canvas_on(out)
    draw_grid(canvas, levels, foot)
    canvas.save()
    return out.getvalue()


def draw_grid(canvas: Any, levels: Sequence[float], foot: float, head: float | None = None) -> None:
    """Two columns with level rules at these distances from the top, upright ones to the foot."""
    top = levels[0] if head is None else head
    edges = [*([head] if head is not None else []), *levels, *([foot] if foot > levels[-1] else [])]
    for at in levels:
        canvas.line(50, 800 - at, 450, 800 - at)
    for x in (50, 250, 450):
        canvas.line(x, 800 - top, x, 800 - foot)
    for number, edge in enumerate(edges[:-1]):
        canvas.drawString(60, 800 - edge - 20, f"a{number}")
        canvas.drawString(260, 800 - edge - 20, f"b{number}")


RED, AMBER, GREEN, GREY = (1, 0, 0), (1, 0.75, 0), (0, 0.69, 0.31), (0.9, 0.9, 0.9)


def coloured(header: str, colours: Sequence[tuple[float, float, float]]) -> Table:
    """A ruled table of a number, a text and an empty cell in each colour."""
    from reportlab.lib.colors import Color, black
    from reportlab.platypus import SimpleDocTemplate
    from reportlab.platypus import Table as Printing

    rows = [["No.", "Recommendation", header]]
    rows += [[str(n), "Officers should be told.", ""] for n, _ in enumerate(colours, start=1)]
    look: list[Any] = [("GRID", (0, 0), (-1, -1), 0.5, black)]
    look += [
        ("BACKGROUND", (2, n), (2, n), Color(*colour)) for n, colour in enumerate(colours, start=1)
    ]
    out = BytesIO()
    SimpleDocTemplate(out).build([Printing(rows, colWidths=[40, 200, 60], style=look)])
    (table,) = tables(read_pdf(out.getvalue(), "plan.pdf"))
    return table


def test_a_status_that_is_only_a_colour_is_named_and_flagged() -> None:
    table = coloured("RAG", [GREEN, AMBER, RED, GREY])
    assert [row.cells[2].text for row in table.rows[1:]] == ["Green", "Amber", "Red", ""]
    assert table.rows[1].flags == ("“Green” is the colour of an empty cell",)
    assert table.rows[4].flags == ()


def test_a_colour_in_another_column_is_no_text() -> None:
    assert [row.cells[2].text for row in coloured("Lead agency", [GREEN]).rows[1:]] == [""]


def test_a_page_header_in_a_ruled_box_does_not_part_the_table() -> None:
    from reportlab.lib.colors import black
    from reportlab.platypus import SimpleDocTemplate
    from reportlab.platypus import Table as Printing

    look = [("GRID", (0, 0), (-1, -1), 0.5, black)]

    def box(canvas: Any, document: Any) -> None:
        head = Printing([["OFFICIAL", "Brackwater plan", f"Page {document.page}"]], style=look)
        head.wrapOn(canvas, 400, 50)
        head.drawOn(canvas, 72, 790)

    rows = [HEADER, *([str(n), "Officers should be told.", "Police", "May"] for n in range(1, 90))]
    out = BytesIO()
    printed = SimpleDocTemplate(out, pagesize=(595, 842))
    table = Printing(rows, style=look, repeatRows=1)
    printed.build([table], onFirstPage=box, onLaterPages=box)
    document = read_pdf(out.getvalue(), "plan.pdf")
    (found,) = tables(document)
    numbers = [row.cells[0].text for row in found.rows if row.cells[0].text != "No."]
    assert numbers == [str(n) for n in range(1, 90)]
    first = document.blocks[0]
    assert getattr(first, "aside", None) == "page header"
    assert getattr(first, "text", "") == "OFFICIAL | Brackwater plan | Page 1"


def test_rows_that_only_upright_rules_hold_are_parted_and_flagged() -> None:
    out = BytesIO()
    canvas = canvas_on(out)
    for x in (50, 100, 300, 450):
        canvas.line(x, 700, x, 500)
    base = 680
    for number, texts_ in enumerate(
        [["Tell all", "officers"], ["Train"], ["Audit", "it"]], start=1
    ):
        canvas.drawString(60, base, str(number))
        canvas.drawString(310, base, "Police")
        for line, text in enumerate(texts_):
            canvas.drawString(110, base - 13 * line, text)
        base -= 13 * len(texts_) + 10
    canvas.save()
    (table,) = tables(read_pdf(out.getvalue(), "plan.pdf"))
    assert [texts(row) for row in table.rows] == [
        ["1", "Tell all officers", "Police"],
        ["2", "Train", "Police"],
        ["3", "Audit it", "Police"],
    ]
    assert [bool(row.flags) for row in table.rows] == [False, True, True]


def test_paragraphs_of_one_ruled_row_do_not_part_it(read: Callable[..., Document]) -> None:
    row = ["1", "First write.\nThen train.", "Police", "May 2023"]
    (table,) = tables(read(plan_of("", [HEADER, row])))
    assert len(table.rows) == 2
