"""Which reader reads which file, by its name and by what its bytes are."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from kb.errors import DamagedDocument, DocumentError, UnsupportedDocument
from kb.ingest.delimited import read_delimited
from kb.ingest.flattened import read_flattened
from kb.ingest.json_file import read_json, read_json_lines
from kb.ingest.spreadsheet import read_spreadsheet
from kb.ingest.tables import Document
from kb.ingest.word import read_word

Reader = Callable[[bytes, str], Document]

READERS: dict[str, Reader] = {
    ".docx": read_word,
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
_LARGEST = 500_000_000  # bytes of a file; an action plan has less than a hundredth
_LARGEST_UNPACKED = 500_000_000  # bytes; a plan of 500 pages unpacks to about 10 million


@dataclass(frozen=True)
class Contents:
    """The bytes of a document, their type (".docx"), and the file that they come from.

    ``sha256`` is the digest of that file as it was when its bytes were read.
    """

    data: bytes
    suffix: str
    file: str
    sha256: str

    @classmethod
    def of(cls, path: Path) -> Contents:
        """Read a file once.

        Raises UnsupportedDocument, DocumentError (missing, a folder, unreadable, too large) or
        DamagedDocument (empty).
        """
        suffix = path.suffix.lower()
        if suffix not in READERS:
            raise UnsupportedDocument(
                f"files of the type {suffix or 'without an ending'!r} are not read",
                place=path.name,
                hint=f"Read are {', '.join(READERS)}. Save the document as Word (.docx) or "
                "Excel (.xlsx) and add that.",
            )
        data = _bytes_of(path)
        return cls(data, suffix, path.name, hashlib.sha256(data).hexdigest())

    def document(self) -> Document:
        """The tables and paragraphs in it; raises DamagedDocument."""
        _check_contents(self.data, self.suffix, self.file)
        return READERS[self.suffix](self.data, self.file)


def _bytes_of(path: Path) -> bytes:
    if path.is_fifo() or path.is_char_device():
        raise DocumentError(
            "this is a pipe or a device, not a file",
            place=str(path),
            hint="Save what it gives as a file and add that.",
        )
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise DocumentError(
            f"cannot be read: {error.strerror or error}",
            place=str(path),
            hint="Check the name, and that it is a file you may read.",
        ) from error
    if len(data) > _LARGEST:
        raise DocumentError(
            f"the file is larger than {_LARGEST // 1_000_000} MB",
            place=path.name,
            hint="Save only the part with the action plan, and add that.",
        )
    if not data or data.isspace():
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
    if (
        suffix not in _ZIP_PARTS
        and suffix != ".xls"
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
