"""What each page of a PDF has at its edge: page headers, and headings that only look like them."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from kb.ingest.readers.pdf.reader import read_pdf
from kb.ingest.tables import Document, Paragraph

BODY = ("Train every response officer.", "Review all letters.", "Ask in private.", "Publish it.")


def printed(pages: Sequence[Sequence[str | list[list[str]]]]) -> Document:
    """Each page with its lines, and its tables drawn with rules, from the upper edge down."""
    from reportlab.lib import colors
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

    style, story = getSampleStyleSheet()["BodyText"], list[Any]()
    for page in pages:
        for part in page:
            ruled = [("GRID", (0, 0), (-1, -1), 1, colors.black)]
            table = isinstance(part, list)
            story += [Table(part, style=ruled) if table else Paragraph(part, style), Spacer(1, 20)]
        story.append(PageBreak())
    out = BytesIO()
    SimpleDocTemplate(out).build(story)
    return read_pdf(out.getvalue(), "plan.pdf")


def asides(document: Document) -> list[tuple[str, str]]:
    return [(p.text, p.place) for p in document.blocks if isinstance(p, Paragraph) and p.aside]


def test_a_recommendation_a_page_keeps_its_heading_on_each() -> None:
    why = "Nobody had asked about it in all the years before, and many of the agencies said so."
    pages = [[f"Recommendation {n}", why, text] for n, text in enumerate(BODY, start=1)]
    document = printed(pages)
    texts = [p.text for p in document.blocks if isinstance(p, Paragraph) and not p.aside]
    assert texts == [text for page in pages for text in page]


def test_page_headers_that_differ_by_the_page_number_alone_are_told_once() -> None:
    document = printed([[f"Final report v2 | {n}", text] for n, text in enumerate(BODY, start=4)])
    assert asides(document) == [("Final report v2 | 4", "pages 1–4")]


def test_page_headers_that_differ_otherwise_are_all_told() -> None:
    years = (2019, 2021, 2019, 2024)
    document = printed([[f"Board of {year}", text] for year, text in zip(years, BODY, strict=True)])
    assert asides(document) == [
        ("Board of 2019", "pages 1, 3"),
        ("Board of 2021", "page 2"),
        ("Board of 2024", "page 4"),
    ]


def test_a_table_above_each_card_is_told_with_every_number() -> None:
    document = printed(
        [
            [[[f"Recommendation {n}", "Local"]], [["Recommendation", text], ["Lead", "Police"]]]
            for n, text in enumerate(BODY, start=1)
        ]
    )
    assert asides(document) == [(f"Recommendation {n} | Local", f"page {n}") for n in (1, 2, 3, 4)]
