"""No word of a PDF is lost or read twice, whatever stands on its pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from io import BytesIO

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kb.ingest.readers.pdf.pages import pages_of
from kb.ingest.readers.pdf.reader import read_pdf
from kb.ingest.tables import CellRun, Paragraph, Table

X = st.integers(20, 420)
Y = st.integers(20, 760)
WORDS = st.lists(
    st.sampled_from(
        "No. Recommendation Lead Police should review its multi- agency 1 (a) • 2021".split()
    ),
    min_size=1,
    max_size=7,
).map(" ".join)
TEXTS = st.tuples(st.just("text"), X, Y, WORDS)
LINES = st.tuples(st.sampled_from(["level", "upright"]), X, Y, st.integers(3, 400))
AREAS = st.tuples(st.just("area"), X, Y, st.integers(4, 300))
GRIDS = st.tuples(st.just("grid"), X, Y, st.integers(20, 90))
PAGES = st.lists(
    st.lists(st.one_of(TEXTS, TEXTS, TEXTS, LINES, AREAS, GRIDS), max_size=25),
    min_size=1,
    max_size=3,
)


def drawn(pages: list[list[tuple[str, int, int, int | str]]]) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, pagesize=(500, 800))
    for things in pages:
        for kind, x, y, what in things:
            if isinstance(what, str):
                canvas.setFillColorRGB(0, 0, 0)
                canvas.drawString(x, y, what)
            elif kind == "grid":
                canvas.grid([x, x + what, x + 2 * what], [y, y + 15, y + 40, y + 70])
            elif kind == "area":
                canvas.setFillColorRGB(0.8, 0.9, (what % 3) / 3)
                canvas.rect(x, y, what, 25, stroke=0, fill=1)
            else:
                across = kind == "level"
                canvas.line(x, y, x + what * across, y + what * (not across))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def printed(blocks: tuple[Table | CellRun | Paragraph, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    yield cell.text
                    yield from printed(cell.tables)
        elif isinstance(block, Paragraph) and block.aside not in ("page header", "page footer"):
            yield block.printed


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(
    [
        [
            ("grid", 222, 109, 20),
            ("text", 118, 231, "No. Recommendation No."),
            ("grid", 246, 183, 20),
            ("upright", 219, 20, 282),
        ]
    ]
)
@given(PAGES)
def test_every_letter_is_read_once(pages: list[list[tuple[str, int, int, int | str]]]) -> None:
    data = drawn([*pages, [("text", 20, 400, "the last page")]])
    stand = Counter(c for p in pages_of(data, "p") for w in p.words for c in w.text if c.isalnum())
    document = read_pdf(data, "p")
    read = Counter(c for text in printed(document.blocks) for c in text if c.isalnum())
    for block in document.blocks:
        if isinstance(block, Paragraph) and block.aside in ("page header", "page footer"):
            return
    assert read == stand
