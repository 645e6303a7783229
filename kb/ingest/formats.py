"""Which reader reads which file, by its name and by what its bytes are."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from kb.errors import DamagedDocument, DocumentError, UnsupportedDocument
from kb.ingest.delimited import read_delimited
from kb.ingest.flattened import read_flattened
from kb.ingest.json_file import read_json, read_json_lines
from kb.ingest.pdf.reader import read_pdf
from kb.ingest.spreadsheet import read_spreadsheet
from kb.ingest.tables import Document
from kb.ingest.word import read_word

Reader = Callable[[bytes, str], Document]

READERS: dict[str, Reader] = {
    ".docx": read_word,
    ".pdf": read_pdf,
    ".xlsx": read_spreadsheet,
    ".xls": read_spreadsheet,
    ".ods": read_spreadsheet,
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".txt": read_flattened,
    ".json": read_json,
    ".jsonl": read_json_lines,
}
_ZIP_PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".ods": "content.xml"}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LARGEST_UNPACKED = 500_000_000  # bytes; a plan of 500 pages unpacks to about 10 million


def document_of(path: Path) -> tuple[Document, bytes]:
    """Read a file into tables and paragraphs; also its bytes, for the digest.

    Raises DocumentError (missing, a folder, unreadable, empty), UnsupportedDocument or
    DamagedDocument.
    """
    suffix = path.suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        raise UnsupportedDocument(
            f"files of the type {suffix or 'without an ending'!r} are not read",
            place=path.name,
            hint=f"Read are {', '.join(READERS)}. Save the document as Word (.docx) or "
            "Excel (.xlsx) and add that.",
        )
    data = _bytes_of(path)
    _check_contents(data, suffix, path.name)
    return reader(data, path.name), data


def _bytes_of(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(
            f"cannot be read: {error.strerror or error}",
            place=str(path),
            hint="Check the name, and that it is a file you may read.",
        ) from error
    if not data.strip():
        raise DamagedDocument(
            "the file is empty", place=path.name, hint="Save the document again and add that."
        )
    return data


def _check_contents(data: bytes, suffix: str, name: str) -> None:
    """Refuse a file whose bytes are another type than its name says."""
    kind = kind_of(data)
    if suffix in _ZIP_PARTS and kind != suffix:
        said = f"it is {kind} by its contents" if kind else "its contents are not of that type"
        raise DamagedDocument(
            f"the name says {suffix}, but {said}",
            place=name,
            hint=f"Rename it to end in {kind}." if kind in READERS else "Save it again in Office.",
        )
    if suffix == ".pdf" and kind != suffix:
        raise DamagedDocument(
            f"the name says .pdf, but it {f'is {kind}' if kind else 'does not begin as a PDF'}",
            place=name,
            hint="Give the file its right ending, or print it to a PDF again.",
        )
    if (
        suffix not in _ZIP_PARTS
        and suffix not in (".xls", ".pdf")
        and (kind or b"\0" in data[:4096])
        and (not data.startswith((b"\xff\xfe", b"\xfe\xff")))
    ):
        raise DamagedDocument(
            f"the name says {suffix}, but it holds {kind or 'binary data'}",
            place=name,
            hint="Give the file its right ending, or save it again as text.",
        )


def kind_of(data: bytes) -> str | None:
    """The type that the first bytes and the parts of an archive tell, or None for text."""
    if data.startswith(b"%PDF"):
        return ".pdf"
    if data.startswith(_OLD_OFFICE):
        return ".xls or .doc"
    if not data.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "a broken archive"
    if size > _LARGEST_UNPACKED:
        return "an archive that unpacks to more than 500 MB"
    return next((suffix for suffix, part in _ZIP_PARTS.items() if part in names), ".zip")
