"""Words of a PDF page, drawn in the ways in which programs draw them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from kb.errors import DamagedDocument, DocumentError
from kb.ingest.readers.pdf.layout import Page
from kb.ingest.readers.pdf.letters import printed_letter
from kb.ingest.readers.pdf.pages import pages_of
from kb.ingest.readers.pdf.reader import read_pdf
from kb.ingest.tables import Paragraph


def drawn(draw: Callable[[Any], None], **options: Any) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, pagesize=(500, 800), **options)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def page_of(draw: Callable[[Any], None]) -> Page:
    return next(pages_of(drawn(draw), "plan.pdf"))


def words(page: Page) -> list[str]:
    return [word.text for word in page.words]


def test_words_are_parted_by_spaces_and_placed_from_the_top() -> None:
    page = page_of(lambda canvas: canvas.drawString(100, 700, "Review of policy"))
    assert words(page) == ["Review", "of", "policy"]
    first = page.words[0]
    assert (round(first.x0), round(first.base), round(first.size)) == (100, 100, 12)


def test_words_without_drawn_spaces_are_parted_by_gaps() -> None:
    def draw(canvas: Any) -> None:
        for x, text in ((50, "Review"), (93, "of"), (107, "policy")):
            canvas.drawString(x, 700, text)

    assert words(page_of(draw)) == ["Review", "of", "policy"]


def test_pieces_of_a_word_drawn_apart_are_one_word() -> None:
    def draw(canvas: Any) -> None:
        end = 50 + canvas.stringWidth("multi-", "Helvetica", 12)
        canvas.drawString(end, 700, "agency")
        canvas.drawString(50, 600, "other words of the page")
        canvas.drawString(50, 700, "multi-")

    assert "multi-agency" in words(page_of(draw))


def test_letters_printed_twice_to_look_bold_are_read_once() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(50, 700, "Recommendation 1")
        canvas.drawString(50.4, 700, "Recommendation 1")

    page = page_of(draw)
    assert words(page) == ["Recommendation", "1"]
    assert all(word.bold for word in page.words)


def test_an_upright_rule_parts_words_that_nearly_touch() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(50, 700, "Local")
        end = 50 + canvas.stringWidth("Local", "Helvetica", 12)
        canvas.line(end + 1, 650, end + 1, 750)
        canvas.drawString(end + 2, 700, "Police and others")

    assert words(page_of(draw))[:2] == ["Local", "Police"]


def test_underlines_are_no_rules() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(50, 700, "Key learning")
        canvas.line(50, 698, 50 + canvas.stringWidth("Key learning", "Helvetica", 12), 698)

    page = page_of(draw)
    assert page.rules == ()
    assert [word.underlined for word in page.words] == [True, True]


def test_turned_words_are_read_in_their_direction() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(50, 700, "upright words as usual")
        canvas.translate(300, 300)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Target date")

    page = page_of(draw)
    assert [(w.text, w.turned) for w in page.words][-2:] == [("Target", 90), ("date", 90)]


def test_a_turned_page_is_read_upright() -> None:
    def draw(canvas: Any) -> None:
        canvas.setPageRotation(90)
        canvas.translate(100, 100)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Landscape words")

    page = page_of(draw)
    assert [(w.text, w.turned) for w in page.words] == [("Landscape", 0), ("words", 0)]
    assert (round(page.words[0].x0), round(page.words[0].base)) == (100, 100)


@pytest.mark.parametrize("angle", [90, -90])
def test_a_page_printed_sideways_is_turned_with_its_rules(angle: int) -> None:
    def draw(canvas: Any) -> None:
        canvas.translate(*((500, 0) if angle == 90 else (0, 800)))
        canvas.rotate(angle)
        canvas.line(100, 390, 300, 390)
        canvas.line(100, 390, 100, 450)
        canvas.drawString(110, 400, "Landscape words")
        canvas.drawString(110, 420, "Title above")

    page = page_of(draw)
    assert (page.width, page.height) == (800, 500)
    assert {w.turned for w in page.words} == {0}
    landscape = next(word for word in page.words if word.text == "Landscape")
    assert (round(landscape.x0), round(landscape.base)) == (110, 100)
    found = {(r.upright, round(r.at), round(r.start), round(r.end)) for r in page.rules}
    assert found == {(False, 110, 100, 300), (True, 100, 50, 110)}


def test_invisible_words_over_a_scan_are_read() -> None:
    def draw(canvas: Any) -> None:
        text = canvas.beginText(50, 700)
        text.setTextRenderMode(3)
        text.textLine("read by a machine")
        canvas.drawText(text)

    assert words(page_of(draw)) == ["read", "by", "a", "machine"]


@pytest.mark.parametrize(
    ("drawn_as", "font", "letter"),
    [
        ("ﬁ", "Arial", "fi"),
        ("ﬄ", "Arial", "ffl"),
        ("\uf0b7", "ABCDEF+Symbol", "•"),
        ("\uf0fc", "Wingdings-Regular", "✓"),
        ("(cid:127)", "Helvetica", "•"),
        ("(cid:7)", "Helvetica", "\ufffd"),
        ("\u200b", "Arial", ""),
        ("é", "Arial", "é"),
    ],
)
def test_letters_are_those_that_people_see(drawn_as: str, font: str, letter: str) -> None:
    assert printed_letter(drawn_as, font) == letter


def test_a_watermark_stands_beside_the_text() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(50, 700, "The words of the plan.")
        canvas.translate(100, 200)
        canvas.rotate(45)
        canvas.setFont("Helvetica", 80)
        canvas.drawString(0, 0, "DRAFT")

    blocks = read_pdf(drawn(draw), "plan.pdf").blocks
    assert [(b.text, b.aside) for b in blocks if isinstance(b, Paragraph)] == [
        ("The words of the plan.", None),
        ("DRAFT", "watermark"),
    ]


def test_what_stands_in_form_fields_is_read() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(50, 700, "Lead officer:")
        canvas.acroForm.textfield(value="Head of Service", x=150, y=690, width=200, height=24)

    assert words(page_of(draw)) == ["Lead", "officer:", "Head", "of", "Service"]


def test_page_headers_and_numbers_stand_beside_the_text() -> None:
    def draw(canvas: Any) -> None:
        for number in range(1, 4):
            canvas.drawString(50, 770, "OFFICIAL - Brackwater")
            canvas.drawString(50, 600 - number, f"The words of part {'abc'[number - 1]}.")
            canvas.drawString(240, 20, f"Page {number} of 3")
            canvas.showPage()

    blocks = [b for b in read_pdf(drawn(draw), "plan.pdf").blocks if isinstance(b, Paragraph)]
    assert [(b.text, b.aside, b.place) for b in blocks if b.aside] == [
        ("OFFICIAL - Brackwater", "page header", "pages 1–3"),
        ("Page 1 of 3", "page footer", "pages 1–3"),
    ]
    body = " ".join(block.text for block in blocks if not block.aside)
    assert body == " ".join(f"The words of part {letter}." for letter in "abc")


def test_a_pdf_with_an_empty_password_is_read() -> None:
    data = drawn(lambda canvas: canvas.drawString(50, 700, "Open words"), encrypt=locked(""))
    assert words(next(pages_of(data, "plan.pdf"))) == ["Open", "words"]


def test_a_pdf_locked_with_a_password_is_refused_in_words() -> None:
    data = drawn(lambda canvas: canvas.drawString(50, 700, "x"), encrypt=locked("secret"))
    with pytest.raises(DocumentError, match=r"plan\.pdf: the PDF is locked with a password"):
        read_pdf(data, "plan.pdf")


def locked(password: str) -> Any:
    from reportlab.lib.pdfencrypt import StandardEncryption

    return StandardEncryption(password, ownerPassword="owner", canPrint=1)


@pytest.mark.parametrize("keep", [5, 40, 300])
def test_a_damaged_pdf_is_refused_in_words(keep: int) -> None:
    data = drawn(lambda canvas: canvas.drawString(50, 700, "x"))
    with pytest.raises(DamagedDocument, match=r"plan\.pdf: the PDF"):
        read_pdf(data[:keep], "plan.pdf")
