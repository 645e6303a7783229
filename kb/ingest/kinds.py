"""What a file is by its bytes, whatever its name says."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from kb.ingest.readers.archives import BROKEN_ZIP
from kb.ingest.readers.encoding import is_wide

TOO_LARGE = "an archive that unpacks to more than 500 MB"
BROKEN = "a broken archive"
LOCKED = "a file locked with a password"
BINARY = "binary data"

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = {"WordDocument": ".doc", "Workbook": ".xls", "Book": ".xls", "EncryptedPackage": LOCKED}
_OPEN_TEXT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_LARGEST_UNPACKED = 500_000_000  # bytes; a plan of 500 pages unpacks to about 10 million
_PARTS = (
    (".docx", re.compile(r"word/document\d*\.xml")),
    (".xlsx", re.compile(r"xl/workbook\.xml")),
    (".xlsb", re.compile(r"xl/workbook\.bin")),
    (".pptx", re.compile(r"ppt/presentation\.xml")),
    (".ods", re.compile(r"content\.xml")),
)
_TYPES = "[content_types].xml"
_LARGEST_TYPES = 1_000_000  # bytes
_WORD_TYPE = re.compile(
    rb"(?:wordprocessingml\.(?:document|template)|ms-word\.(?:document|template)\.macroenabled\w*)"
    rb"\.main\+xml",
    re.IGNORECASE,
)
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_HTML = re.compile(
    rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<(?:html|head|body|table|meta|style|"
    rb"div)\b|<title>)",
    re.IGNORECASE | re.DOTALL,
)
_MAIL = re.compile(
    rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE
)
_HEAD = 4096  # bytes


def kind_of(data: bytes) -> str | None:
    """The ending of the type that the bytes are of (".docx"), or what they are in words.

    None for text of no special kind.
    """
    office = office_kind(data)
    if office:
        return office
    if b"%PDF" in data[:1024]:
        return ".pdf"
    if data.startswith(_OLD_OFFICE):
        return _kind_of_streams(data) or "an old Office file"
    if data.startswith(_PICTURES):
        return "a picture"
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_archive(data)
    return _kind_of_text(data)


def office_kind(data: bytes) -> str | None:
    """``.doc``, ``.rtf`` or ``.odt`` where the bytes are of such a document, unpacking nothing."""
    if data.startswith(b"{\\rtf"):
        return ".rtf"
    if data[30 : 30 + len(_OPEN_TEXT)] == _OPEN_TEXT:
        return ".odt"
    if data.startswith(_OLD_OFFICE) and _kind_of_streams(data) == ".doc":
        return ".doc"
    return None


def _kind_of_streams(data: bytes) -> str | None:
    """By the names of the streams in an old Office file; Word's first, since it may hold sheets."""
    return next(
        (kind for name, kind in _STREAMS.items() if name.encode("utf-16-le") + b"\0" in data), None
    )


def _kind_of_archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = {e.filename.replace("\\", "/").lstrip("/"): e for e in archive.infolist()}
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST_UNPACKED:
                return TOO_LARGE
            for kind, pattern in _PARTS:
                if any(pattern.fullmatch(name) for name in parts):
                    return kind
            types = next((e for name, e in parts.items() if name.lower() == _TYPES), None)
            return ".docx" if types and _says_word(archive, types) else ".zip"
    except BROKEN_ZIP:
        return BROKEN


def _says_word(archive: zipfile.ZipFile, types: zipfile.ZipInfo) -> bool:
    """Whether the list of types names a main part of Word's, whatever that part is called."""
    with archive.open(types) as part:
        return bool(_WORD_TYPE.search(part.read(_LARGEST_TYPES)))


def _kind_of_text(data: bytes) -> str | None:
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if is_wide(data):
        head = head.replace(b"\0", b"").lstrip(b"\xff\xfe").lstrip()
    elif b"\0" in head:
        return BINARY
    if _HTML.match(head):
        return ".html"
    return ".mht" if _MAIL.match(head) else None
