"""A file is read as what its bytes are where its name says another thing, and it is said."""

from __future__ import annotations

import zipfile
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import docx
import pytest
import xlsxwriter
from documents import document_of

from kb.errors import DamagedDocument, DocumentError, UnsupportedDocument
from kb.ingest import Reading, read_document
from kb.text.agencies import Agencies

PAGE = "<html><body><table><tr><th>Recommendation<th>Lead<tr><td>Ask.<td>GP</table></body></html>"


def read(path: Path, agencies: Agencies) -> Reading:
    (reading,) = read_document(path, agencies=agencies)
    assert [(r.text, r.lead_agency) for r in reading.recommendations] == [("Ask.", "GP")]
    return reading


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("plan.xls", PAGE.encode(), "a web page (HTML)"),
        ("plan.xls", ("\ufeff" + PAGE).encode("utf-16"), "a web page (HTML)"),
        ("plan.doc", b"<!-- made by CaseFile -->\n" + PAGE.encode(), "a web page (HTML)"),
        ("plan.xlsx", PAGE.encode(), "a web page (HTML)"),
        ("plan.txt", PAGE.encode(), "a web page (HTML)"),
        ("plan.xls", b"Recommendation\tLead\r\nAsk.\tGP\r\n", "a table as text"),
        ("plan.xls", "Recommendation;Lead\nAsk.;GP\n".encode("utf-16"), "a table as text"),
        ("plan.doc", b"Recommendation\tLead\nAsk.\tGP\n", "plain text"),
    ],
)
def test_what_systems_export_under_the_names_of_office_is_read(
    tmp_path: Path, agencies: Agencies, name: str, content: bytes, what: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    ending = path.suffix
    assert read(path, agencies).notes[0] == (
        f"the name says {ending}, but it is {what} and was read as that"
    )


@pytest.mark.parametrize("name", ["plan.mht", "plan.doc"])
def test_a_web_archive_is_read(tmp_path: Path, agencies: Agencies, name: str) -> None:
    archive = MIMEMultipart("related")
    archive.attach(MIMEText(PAGE, "html", "utf-8"))
    archive.attach(MIMEText("body { color: red }", "css"))
    (tmp_path / name).write_bytes(archive.as_bytes())
    read(tmp_path / name, agencies)


def test_a_web_archive_without_a_page_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "plan.mht"
    path.write_bytes(b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x--\n")
    with pytest.raises(DamagedDocument, match="holds no page"):
        document_of(path)


def word_file(path: Path) -> Path:
    document = docx.Document()
    table = document.add_table(2, 2)
    for cell, text in zip(
        [c for row in table.rows for c in row.cells],
        ["Recommendation", "Lead", "Ask.", "GP"],
        strict=True,
    ):
        cell.text = text
    with path.open("wb") as file:
        document.save(file)
    return path


@pytest.mark.parametrize("name", ["plan.doc", "plan", "plan.rtf"])
def test_a_word_document_with_an_old_ending_or_none_is_read(
    tmp_path: Path, agencies: Agencies, name: str
) -> None:
    read(word_file(tmp_path / name), agencies)


@pytest.mark.parametrize("name", ["plan.xls", "plan", "plan.xlsm"])
def test_a_workbook_with_an_old_ending_or_none_is_read(
    tmp_path: Path, agencies: Agencies, name: str
) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "plan.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Recommendation", "Lead"])
        sheet.write_row(1, 0, ["Ask.", "GP"])
    read((tmp_path / "plan.xlsx").rename(tmp_path / name), agencies)


def test_a_text_without_an_ending_is_read(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "plan"
    path.write_text("Recommendation\tLead\nAsk.\tGP\n", "utf-8")
    read(path, agencies)


@pytest.mark.parametrize(
    ("name", "content", "error", "said"),
    [
        ("plan.pages", b"PK", UnsupportedDocument, "Export it from Pages as Word"),
        ("plan.zip", b"PK", UnsupportedDocument, "Unpack it"),
        ("plan.jpg", b"\xff\xd8\xff\xe0", UnsupportedDocument, r"text recognition \(OCR\)"),
        ("plan", b"\x89PNG\r\n\x1a\n\0\0", UnsupportedDocument, "without an ending"),
        ("plan.docx", b"%PDF-1.7", DamagedDocument, r"it is \.pdf by its contents"),
        ("plan.csv", b"PK\x03\x04 broken", DamagedDocument, "a broken archive"),
        (
            "plan.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage\0".encode("utf-16-le"),
            DamagedDocument,
            "locked with a password",
        ),
    ],
)
def test_a_refusal_says_what_to_do(
    tmp_path: Path, name: str, content: bytes, error: type[DocumentError], said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error, match=said):
        document_of(path)


def with_main_part(path: Path, main: str, kind: str) -> Path:
    """A Word file whose main part has this name and this type."""
    plain = word_file(path.with_name("plain.docx"))
    ordinary = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if not name.startswith("word/") or name.endswith("document.xml.rels"):
                data = data.replace(b"document.xml", f"{main}.xml".encode())
                data = data.replace(f"{ordinary}.main+xml".encode(), f"{kind}.main+xml".encode())
            target.writestr(name.replace("document.xml", f"{main}.xml"), data)
    return path


@pytest.mark.parametrize(
    ("name", "main", "kind"),
    [
        ("plan.dotx", "document", "vnd.openxmlformats-officedocument.wordprocessingml.template"),
        ("plan.dotm", "document", "vnd.ms-word.template.macroEnabledTemplate"),
        ("plan.docm", "document", "vnd.ms-word.document.macroEnabled"),
        ("plan.docx", "report", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("plan.docx", "main", "vnd.ms-word.document.macroEnabled"),
    ],
)
def test_word_templates_and_main_parts_of_other_names_are_read(
    tmp_path: Path, agencies: Agencies, name: str, main: str, kind: str
) -> None:
    assert read(with_main_part(tmp_path / name, main, f"application/{kind}"), agencies).notes == ()
