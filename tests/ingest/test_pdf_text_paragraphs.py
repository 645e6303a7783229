"""Body text of PDFs: paragraphs as they were before they were set in lines, columns and pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from overview_report import Piece, pieces
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer

from kb.ingest.readers.pdf.reader import read_pdf
from kb.ingest.tables import Paragraph as Read
from kb.ingest.tables import Table

BODY = [p for p in pieces() if p.kind in ("body", "numbered") and len(p.text) > 40]
LONG = [p for p in BODY if len(p.text) > 200]


def style(**changed: Any) -> ParagraphStyle:
    usual = {"fontName": "Times-Roman", "fontSize": 11, "leading": 13.5, "spaceAfter": 8}
    return ParagraphStyle("body", **{**usual, **changed})


def printed(path: Path, flow: list[Any], columns: int = 1) -> list[Read]:
    """What is read of a PDF that these flowables were set in."""
    margin, gap = 60.0, 24.0
    width = (A4[0] - 2 * margin - (columns - 1) * gap) / columns
    frames = [
        Frame(margin + n * (width + gap), margin, width, A4[1] - 2 * margin, 0, 0, 0, 0)
        for n in range(columns)
    ]
    document = BaseDocTemplate(str(path), pagesize=A4)
    document.addPageTemplates(PageTemplate(frames=frames))
    document.build(flow)
    blocks = read_pdf(path.read_bytes(), path.name).blocks
    assert not any(isinstance(block, Table) for block in blocks)
    return [block for block in blocks if isinstance(block, Read)]


def texts(paragraphs: list[Read]) -> list[str]:
    return [" ".join(p.printed.split()) for p in paragraphs if p.aside is None]


def set_in(found: list[Piece], look: ParagraphStyle) -> list[Any]:
    return [Paragraph(piece.text, look) for piece in found]


@pytest.mark.parametrize(
    "look",
    [
        {},
        {"alignment": TA_JUSTIFY},
        {"leading": 18},
        {"leading": 22, "spaceAfter": 11},
        {"spaceAfter": 3},
        {"fontName": "Helvetica", "fontSize": 9, "leading": 10},
    ],
    ids=["plain", "justified", "wide lines", "double lines", "little space", "small print"],
)
def test_paragraphs_are_whole_over_lines_and_pages(tmp_path: Path, look: dict[str, Any]) -> None:
    found = printed(tmp_path / "report.pdf", set_in(BODY, style(**look)))
    assert texts(found) == [piece.text for piece in BODY]


@pytest.mark.parametrize("align", [TA_LEFT, TA_JUSTIFY], ids=["ragged", "justified"])
def test_a_first_line_set_in_begins_a_paragraph(tmp_path: Path, align: int) -> None:
    look = style(firstLineIndent=18, spaceAfter=0, alignment=align)
    found = printed(tmp_path / "report.pdf", set_in(LONG, look))
    assert texts(found) == [piece.text for piece in LONG]


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    look = style(fontSize=10, leading=12)
    found = printed(tmp_path / "briefing.pdf", set_in(BODY[:14], look), columns=2)
    assert texts(found) == [piece.text for piece in BODY[:14]]


def test_numbers_and_bullets_in_a_column_of_their_own_are_labels(tmp_path: Path) -> None:
    look = style(leftIndent=36, bulletIndent=9)
    items = [("4.1", BODY[0].text), ("4.2", BODY[1].text), ("(a)", "Ask."), ("•", BODY[2].text)]
    flow = [Paragraph(text, look, bulletText=label) for label, text in items]
    found = printed(tmp_path / "report.pdf", flow)
    assert [(p.label, " ".join(p.text.split())) for p in found] == items


def test_a_number_in_the_text_stays_in_the_text(tmp_path: Path) -> None:
    (found,) = printed(tmp_path / "report.pdf", [Paragraph("4.2 The panel met.", style())])
    assert (found.label, found.text) == (None, "4.2 The panel met.")


def test_headings_have_levels_by_their_size(tmp_path: Path) -> None:
    flow = [
        Paragraph("Overview report", style(fontSize=24, leading=28, alignment=TA_CENTER)),
        Paragraph("5. Recommendations", style(fontSize=16, leading=20)),
        Paragraph("Recommendations for the trust", style(fontSize=13, leading=16)),
        *set_in(BODY[:3], style()),
        Paragraph("<b>Agreed by the panel</b>", style()),
        Paragraph("6. Conclusion", style(fontSize=16, leading=20)),
        *set_in(BODY[3:6], style()),
    ]
    found = printed(tmp_path / "report.pdf", flow)
    assert [(p.level, p.strong) for p in found] == [
        (1, False),
        (2, False),
        (3, False),
        (0, False),
        (0, False),
        (0, False),
        (0, True),
        (2, False),
        (0, False),
        (0, False),
        (0, False),
    ]
    assert found[0].place == "page 1, paragraph 1"


def test_a_centred_title_over_two_lines_is_one_paragraph(tmp_path: Path) -> None:
    title = "Domestic Homicide Review into the death of Rowan in December 2019 in Harrowdale"
    flow = [
        Paragraph(title, style(fontSize=20, leading=24, alignment=TA_CENTER)),
        Paragraph("Overview report", style(fontSize=14, leading=18, alignment=TA_CENTER)),
        Spacer(1, 30),
        *set_in(BODY[:4], style()),
    ]
    assert texts(printed(tmp_path / "report.pdf", flow))[:2] == [title, "Overview report"]


def test_lines_that_end_early_are_paragraphs_of_their_own(tmp_path: Path) -> None:
    names = ["Harrowdale Constabulary", "Upper Dale NHS Foundation Trust", "Larchfield Homes"]
    flow = [
        *set_in(BODY[:3], style(spaceAfter=0)),
        *[Paragraph(name, style(spaceAfter=0)) for name in names],
        *set_in(BODY[3:5], style(spaceAfter=0)),
    ]
    expected = [p.text for p in BODY[:3]] + names + [p.text for p in BODY[3:5]]
    assert texts(printed(tmp_path / "report.pdf", flow)) == expected


def test_a_table_of_contents_is_an_aside(tmp_path: Path) -> None:
    entries = ["1. Introduction", "2. The facts", "5. Recommendations"]
    flow = [Paragraph(f"{entry} {'.' * 60} {n}", style()) for n, entry in enumerate(entries, 3)]
    found = printed(tmp_path / "report.pdf", [*flow, *set_in(BODY[:3], style())])
    asides = [(p.aside, p.text) for p in found if p.aside]
    assert asides == [("table of contents", f"{entry}\t{n}") for n, entry in enumerate(entries, 3)]


def test_footnotes_are_asides_and_their_marks_leave_the_text(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "report.pdf"), pagesize=A4)
    y = 780.0
    marked = "They were chosen by the family"
    for line in (*["Names are pseudonyms in every chapter of this report."] * 5, marked):
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(60, y, line)
        y -= 13.5
    end = 60 + canvas.stringWidth(marked, "Times-Roman", 11)
    canvas.setFont("Times-Roman", 6.5)
    canvas.drawString(end, y + 13.5 + 4, "1")
    canvas.line(60, 100, 200, 100)
    canvas.drawString(60, 89, "1")
    canvas.setFont("Times-Roman", 9)
    canvas.drawString(65, 86, "The children are not named at the wish of the")
    canvas.drawString(60, 75, "family.")
    canvas.save()
    blocks = read_pdf((tmp_path / "report.pdf").read_bytes(), "report.pdf").blocks
    found = [b for b in blocks if isinstance(b, Read)]
    assert [p.text for p in found if not p.aside][-1].endswith(marked)
    note = next(p for p in found if p.aside == "footnote")
    assert note.label == "1"
    assert note.text == "The children are not named at the wish of the family."


@pytest.mark.parametrize("padding", [1, 8])
def test_text_in_boxes_stands_apart(tmp_path: Path, padding: int) -> None:
    boxed = {"borderWidth": 0.7, "borderColor": "#000000", "borderPadding": padding}
    look = style(spaceAfter=2 * padding)
    names = [
        "Recommendation 1: Ask. And ask again, when nobody else is there to hear it.",
        "Listen.",
    ]
    flow = [
        *set_in(BODY[:2], look),
        *[Paragraph(name, style(spaceAfter=2 * padding, **boxed)) for name in names],
        *set_in(BODY[2:5], look),
    ]
    expected = [p.text for p in BODY[:2]] + names + [p.text for p in BODY[2:5]]
    assert texts(printed(tmp_path / "report.pdf", flow)) == expected


def test_boxes_that_touch_are_paragraphs_and_no_table(tmp_path: Path) -> None:
    from reportlab.platypus import Table as Grid

    names = ["Recommendation 1: Ask about the relationship at home.", "Recommendation 2: Listen."]
    cells = [[Paragraph(name, style(spaceAfter=0))] for name in names]
    grid = Grid(cells, colWidths=[300], style=[("GRID", (0, 0), (-1, -1), 0.5, "#000000")])
    flow = [*set_in(BODY[:2], style()), grid, *set_in(BODY[2:5], style())]
    expected = [p.text for p in BODY[:2]] + names + [p.text for p in BODY[2:5]]
    assert texts(printed(tmp_path / "report.pdf", flow)) == expected
