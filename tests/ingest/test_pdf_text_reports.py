"""A whole report in PDF has the paragraphs that it has in Word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import overview_report
import pytest
from printers import chromium_prints, office_prints

from kb.ingest.readers.pdf.reader import read_pdf
from kb.ingest.readers.word import read_word
from kb.ingest.tables import Document, Paragraph, Table

CONTENTS = {p.text.split("\t")[0] for p in overview_report.pieces() if p.kind == "contents"}
EXPECTED = [p.text for p in overview_report.pieces() if p.kind != "contents"]
NOTES = [p.note for p in overview_report.pieces() if p.note]


def flow(document: Document) -> Iterator[str]:
    """The text of a report but for asides and its table of contents, white space folded."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            if block.aside is None:
                said = block.text if block.label in ("•", "o") else block.printed
                yield " ".join(said.split())
        elif isinstance(block, Table):
            yield from (cell.text for row in block.rows for cell in row.filled)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("report")


@pytest.fixture(scope="module")
def by_office(folder: Path, office: str) -> Document:
    overview_report.write_docx(folder / "report.docx")
    (printed,) = office_prints([folder / "report.docx"], folder)
    return read_pdf(printed.read_bytes(), printed.name)


def test_the_report_in_pdf_has_the_paragraphs_of_the_one_in_word(
    folder: Path, by_office: Document
) -> None:
    word = read_word((folder / "report.docx").read_bytes(), "report.docx")
    in_word = [t for t in flow(word) if t.rsplit(" ", 1)[0] not in CONTENTS]
    assert list(flow(by_office)) == in_word == EXPECTED


def test_page_headers_contents_and_footnotes_are_asides(by_office: Document) -> None:
    asides = [b for b in by_office.blocks if isinstance(b, Paragraph) and b.aside]
    assert [b.text for b in asides if b.aside == "footnote"] == NOTES
    assert [b.label for b in asides if b.aside == "footnote"] == ["1", "2", "3", "4"]
    assert {b.text.split("\t")[0] for b in asides if b.aside == "table of contents"} == CONTENTS
    assert [b.text for b in asides if b.aside == "page header"] == [overview_report.HEADER]


def test_chapters_stand_above_their_sections(by_office: Document) -> None:
    levels = {b.text: b.level for b in by_office.blocks if isinstance(b, Paragraph) and b.level}
    assert 0 < levels[overview_report.TITLE] < levels["5. Recommendations"]
    assert levels["5. Recommendations"] < levels["Larchfield Homes"] == levels["National"]
    assert levels["Appendix A: Terms of reference"] == levels["5. Recommendations"]


def test_the_report_as_a_web_page_printed_has_the_same_paragraphs(
    folder: Path, chromium: str
) -> None:
    overview_report.write_html(folder / "report.html")
    printed = chromium_prints(folder / "report.html", folder)
    assert list(flow(read_pdf(printed.read_bytes(), printed.name))) == EXPECTED
