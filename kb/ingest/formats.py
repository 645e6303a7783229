"""Which reader reads which file, by its name and by what its bytes are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from kb.errors import DamagedDocument, DocumentError, UnsupportedDocument
from kb.ingest.kinds import BINARY, BROKEN, LOCKED, TOO_LARGE, kind_of, office_kind
from kb.ingest.readers.office import converted, has_table, made_by, needs_office
from kb.ingest.recognition import Recognition
from kb.ingest.tables import Document

PDF = ".pdf"
Reader = Callable[[bytes, str], Document]


@dataclass(frozen=True)
class _Reader:
    """A reader that is imported when it is first used: each format needs libraries of its own."""

    module: str
    name: str
    libraries: tuple[str, ...] = ()

    def __call__(self, data: bytes, file: str) -> Document:
        read: Reader = getattr(import_module(f"kb.ingest.readers.{self.module}"), self.name)
        return read(data, file)

    def get_ready(self) -> None:
        """Import it with its libraries before there is something to read."""
        import_module(f"kb.ingest.readers.{self.module}")
        for library in self.libraries:
            import_module(library)


_WORD = _Reader("word", "read_word", ("lxml.etree",))
_SPREADSHEET = _Reader("spreadsheet", "read_spreadsheet")
_HTML = _Reader("html", "read_html")
_WEB_ARCHIVE = _Reader("web_archive", "read_web_archive")
_MARKDOWN = _Reader("markdown", "read_markdown")
_DELIMITED = _Reader("delimited", "read_delimited")

READERS: dict[str, _Reader] = {
    ".docx": _WORD,
    ".docm": _WORD,
    ".dotx": _WORD,
    ".dotm": _WORD,
    ".doc": _Reader("old_word", "read_old_word"),
    PDF: _Reader("pdf.reader", "read_pdf", ("pdfplumber",)),
    ".xlsx": _SPREADSHEET,
    ".xlsm": _SPREADSHEET,
    ".xlsb": _SPREADSHEET,
    ".xls": _SPREADSHEET,
    ".ods": _SPREADSHEET,
    ".csv": _DELIMITED,
    ".tsv": _DELIMITED,
    ".html": _HTML,
    ".htm": _HTML,
    ".xhtml": _HTML,
    ".mht": _WEB_ARCHIVE,
    ".mhtml": _WEB_ARCHIVE,
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".txt": _Reader("flattened", "read_flattened"),
    ".json": _Reader("json_file", "read_json"),
    ".jsonl": _Reader("json_file", "read_json_lines"),
}
OFFICE = (".rtf", ".odt")
_SAME = {
    ".docm": ".docx",
    ".dotx": ".docx",
    ".dotm": ".docx",
    ".xlsm": ".xlsx",
    ".htm": ".html",
    ".xhtml": ".html",
    ".mhtml": ".mht",
}
_NAMED = {
    ".html": "a web page (HTML)",
    ".mht": "a web page with its pictures (MHTML)",
    ".rtf": "rich text (RTF)",
    ".doc": "an old Word document",
    ".docx": "a Word document",
    ".odt": "an OpenDocument text",
    ".xlsx": "an Excel workbook",
    ".xls": "an old Excel workbook",
    ".txt": "plain text",
    ".csv": "a table as text",
}
# What a file of this ending may be by its contents and is then read as: the programs that write
# case files and web sites call a web page .xls or .doc so that Office opens it.
_ALSO: dict[str, tuple[str, ...]] = {
    ".xls": (".html", ".mht", ".xlsx", ".xlsb", ".ods", ".csv"),
    ".xlsx": (".html", ".mht", ".xls", ".xlsb"),
    ".xlsb": (".xlsx", ".xls"),
    ".ods": (".html",),
    ".doc": (".docx", ".rtf", ".odt", ".html", ".mht", ".txt"),
    ".docx": (".doc", ".rtf", ".html", ".mht"),
    ".rtf": (".doc", ".docx", ".html", ".txt"),
    ".odt": (".doc", ".docx", ".rtf"),
    ".txt": (".html", ".mht", ".rtf"),
    ".csv": (".html",),
    ".tsv": (".html",),
    ".html": (".mht", ".txt"),
    ".mht": (".html",),
}
_TEXTS = (".csv", ".tsv", ".md", ".markdown", ".txt", ".json", ".jsonl")
_WITHOUT_ENDING = (".pdf", ".docx", ".xlsx", ".xls", ".ods", ".html", ".mht", ".txt", *OFFICE)
_ADVICE = {
    ".pages": "Export it from Pages as Word (.docx) and add that.",
    ".numbers": "Export it from Numbers as Excel (.xlsx) and add that.",
    ".zip": "Unpack it and add the document that holds the action plan.",
    ".msg": "Save the document that is attached to the message and add that.",
    ".eml": "Save the document that is attached to the message and add that.",
    ".pptx": "Copy the table into Word or Excel and add that.",
    ".ppt": "Copy the table into Word or Excel and add that.",
    ".xml": "Open it in Word or Excel, save it as .docx or .xlsx and add that.",
}
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".bmp", ".heic")
_LARGEST = 500_000_000  # bytes of a file; an action plan has less than a hundredth


@dataclass(frozen=True)
class Contents:
    """The bytes of a document, the type that its name says (".docx"), and the file they come from.

    ``sha256`` is the digest of that file as it was when its bytes were read. What only LibreOffice
    reads is held as the .docx that it made of it, and ``suffix`` says so; a .doc stays one where
    LibreOffice loses its tables. ``recognition`` is what came of OCR for a PDF's scanned pages,
    None where it was not tried.
    """

    data: bytes
    suffix: str
    file: str
    sha256: str
    recognition: Recognition | None = None

    @classmethod
    def of(cls, path: Path) -> Contents:
        """Read a file once.

        Raises UnsupportedDocument, DocumentError (missing, a folder, unreadable, too large) or
        DamagedDocument (empty, or LibreOffice cannot read it).
        """
        suffix = path.suffix.lower()
        if suffix and suffix not in READERS and not needs_office(suffix):
            raise _unsupported(suffix, path.name)
        import hashlib

        data = _bytes_of(path)
        sha256 = hashlib.sha256(data).hexdigest()
        kind = office_kind(data)
        if kind and (kind == suffix or kind in _also(suffix)):
            from kb.ingest.readers.old_word import has_tables

            word = converted(data, path.name, kind)
            if kind == ".doc" and has_tables(data) and not has_table(word):
                return cls(data, ".doc", path.name, sha256)
            return cls(word, ".docx", path.name, sha256)
        return cls(data, suffix, path.name, sha256)

    def document(self) -> Document:
        """The tables and paragraphs in it; raises UnsupportedDocument or DamagedDocument."""
        kind = _kind_to_read(self.data, self.suffix, self.file)
        if kind == PDF:
            from kb.ingest.readers.pdf.reader import read_pdf

            document = read_pdf(self.data, self.file, self.recognition)
        else:
            document = READERS[kind](self.data, self.file)
        note = self._said(kind)
        return replace(document, notes=(note, *document.notes)) if note else document

    def _said(self, kind: str) -> str | None:
        """What to say where the file is not what its name says, or came through LibreOffice."""
        said = Path(self.file).suffix.lower()
        program = made_by(self.data) if self.suffix == ".docx" != said else None
        if program:
            return f"the {said or 'file'} was read through {program}"
        if kind == _SAME.get(said, said):
            return None
        what = _NAMED.get(kind, kind)
        return f"the name says {said}, but it is {what} and was read as that" if said else None


def get_ready(suffix: str) -> None:
    """Import what reads files of this type (".docx"); nothing where none does."""
    if suffix in READERS:
        READERS[suffix].get_ready()


def _also(suffix: str) -> tuple[str, ...]:
    return _ALSO.get(_SAME.get(suffix, suffix), ()) if suffix else _WITHOUT_ENDING


def _unsupported(suffix: str, name: str) -> UnsupportedDocument:
    saved = "Save the document as Word (.docx) or Excel (.xlsx) and add that."
    if suffix in _PICTURES:
        saved = (
            "Turn the picture into text first, with a program for text recognition (OCR). " + saved
        )
    return UnsupportedDocument(
        f"files of the type {suffix or 'without an ending'!r} are not read",
        place=name,
        hint=f"Read are {', '.join((*READERS, *OFFICE))}. {_ADVICE.get(suffix, saved)}",
    )


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


def _kind_to_read(data: bytes, suffix: str, name: str) -> str:
    """The type to read a file as: that of its name, or another that its bytes clearly are.

    Raises DamagedDocument where they are no such thing.
    """
    kind, said = kind_of(data), _SAME.get(suffix, suffix)
    if kind == said or (kind is None and suffix in _TEXTS) or (kind is None and said == ".html"):
        return said
    if kind == ".html" and suffix in (".md", ".markdown"):
        return suffix
    if kind is None and said in (".xls", ".doc", ".rtf", ""):
        kind = ".csv" if said == ".xls" else ".txt"
    if kind in READERS and kind in _also(suffix):
        return kind
    raise _mismatch(kind, suffix, name)


def _mismatch(kind: str | None, suffix: str, name: str) -> DocumentError:
    if not suffix and kind in (None, BINARY, "a picture"):
        return _unsupported("", name)
    if kind == LOCKED:
        return DamagedDocument(
            "the document is locked with a password",
            place=name,
            hint="Save it without a password and add that.",
        )
    holds = f"it holds {kind}" if kind in (BINARY, BROKEN, TOO_LARGE) else f"it is {kind}"
    if kind is None:
        holds = "its contents are not of that type"
    elif kind.startswith("."):
        holds = f"it is {kind} by its contents"
    hint = f"Rename it to end in {kind}." if kind in READERS or kind in OFFICE else ""
    return DamagedDocument(
        f"the name says {suffix}, but {holds}",
        place=name,
        hint=hint or "Open it in the program that made it, save it again and add that.",
    )
