"""Old Word files (.doc), RTF and OpenDocument text: turned into .docx by LibreOffice."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from kb.errors import DamagedDocument, DocumentError, UnsupportedDocument
from kb.ingest.readers.archives import BROKEN_ZIP

_IMPORT_FILTERS = {
    ".doc": "MS Word 97",
    ".rtf": "Rich Text Format",
    ".odt": "writer8",
}
_EXPORT_FILTER = "docx:MS Word 2007 XML"
_TIMEOUT = 120  # seconds; a plan of 100 pages takes about 5
_NOWHERE = "http://127.0.0.1:9"  # a proxy that no one answers: pictures by link are not fetched
_LARGEST_RESULT = 500_000_000  # bytes
_SETTINGS = (
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    ("org.openoffice.Office.Common/Misc", "UseLocking", "false"),
)


def needs_office(suffix: str) -> bool:
    """Whether files of this type (".doc") are read through LibreOffice."""
    return suffix in _IMPORT_FILTERS


def converted(data: bytes, name: str, suffix: str | None = None) -> bytes:
    """The document as .docx; ``suffix`` is its type where the name says another.

    LibreOffice runs on a copy in a folder of its own that is always taken away, with macros off,
    links not followed and at most 120 seconds. Raises UnsupportedDocument where it is not
    installed, DamagedDocument where it cannot read the file, DocumentError where it takes too
    long or cannot run.
    """
    suffix = suffix or Path(name).suffix.lower()
    program = found_program()
    if program is None:
        raise UnsupportedDocument(
            f"{suffix} files are read through LibreOffice, which is not installed",
            place=name,
            hint="Install LibreOffice (libreoffice.org), or save the document as Word (.docx) and "
            "add that.",
        )
    import tempfile

    try:
        with tempfile.TemporaryDirectory(prefix="kb-office-", ignore_cleanup_errors=True) as folder:
            return _converted(program, data, name, suffix, Path(folder))
    except OSError as error:
        raise DocumentError(
            f"LibreOffice could not be run: {error.strerror or error}",
            place=name,
            hint="Save the document as Word (.docx) and add that.",
        ) from error


def found_program() -> str | None:
    """Where LibreOffice is, on the PATH or where its installers put it; None where it is not."""
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    return on_path or next((str(path) for path in _usual_places() if path.is_file()), None)


def made_by(docx: bytes) -> str | None:
    """The program and version that wrote a .docx ("LibreOffice 7.4.7"), where it says so."""
    try:
        with zipfile.ZipFile(BytesIO(docx)) as archive, archive.open("docProps/app.xml") as part:
            properties = part.read(100_000).decode("utf-8", "replace")
    except BROKEN_ZIP:
        return None
    match = re.search(r"<Application>([A-Za-z]+)/?(\d+(?:\.\d+){0,2})?", properties)
    return " ".join(part for part in match.groups() if part) if match else None


def _usual_places() -> Iterator[Path]:
    yield Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)"):
        if folder := os.environ.get(variable):
            yield Path(folder) / "LibreOffice" / "program" / "soffice.exe"


def _converted(program: str, data: bytes, name: str, suffix: str, folder: Path) -> bytes:
    source, target = folder / f"document{suffix}", folder / "out" / "document.docx"
    source.write_bytes(data)
    _write_settings(folder / "profile")
    _run(
        [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
            f"--infilter={_IMPORT_FILTERS[suffix]}",
            *("--convert-to", _EXPORT_FILTER, "--outdir", str(target.parent), str(source)),
        ],
        folder,
        name,
    )
    if not target.is_file() or target.stat().st_size > _LARGEST_RESULT:
        raise DamagedDocument(
            f"LibreOffice cannot read it as {suffix}",
            place=name,
            hint="Open it in Word, save it as .docx and add that.",
        )
    return target.read_bytes()


def has_table(docx: bytes) -> bool:
    """Whether a .docx that LibreOffice wrote has a table; read in pieces, since it may be large."""
    with zipfile.ZipFile(BytesIO(docx)) as archive, archive.open("word/document.xml") as part:
        before = b""
        while piece := part.read(1_000_000):
            if b"<w:tr>" in before + piece or b"<w:tr " in before + piece:
                return True
            before = piece[-10:]
    return False


def _write_settings(profile: Path) -> None:
    """A profile in which no macro runs and no link is followed."""
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for path, name, value in _SETTINGS
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor='
        f'"http://openoffice.org/2001/registry">{items}</oor:items>\n',
        "utf-8",
    )


def _run(command: list[str], folder: Path, name: str) -> None:
    """Run LibreOffice to its end, and where it takes too long, end it with all that it started."""
    from kb.ingest.programs import run_within

    proxies = {f"{scheme}_proxy": _NOWHERE for scheme in ("http", "https", "ftp")}
    environment = {**proxies, "HOME": str(folder)}
    if run_within(command, folder, seconds=_TIMEOUT, environment=environment) is None:
        raise DocumentError(
            f"LibreOffice took longer than {_TIMEOUT} seconds over it",
            place=name,
            hint="Open it in Word, save it as .docx and add that.",
        )
