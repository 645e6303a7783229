"""Scanned pages of a PDF: their text found by ``ocrmypdf``, where that is installed.

Only the reading tells which pages print no text, and it runs within limits that ``ocrmypdf`` would
burst. So it asks, by a ScannedDocument that names the pages; they are recognised out here, and the
result is read as the document itself would be.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kb.errors import DamagedDocument, ScannedDocument
from kb.limits import Limits

if TYPE_CHECKING:
    from kb.ingest.formats import Contents

NOT_INSTALLED = "ocrmypdf is not installed"
PICTURE = "a picture"
_T = TypeVar("_T")
_TIMES = 3  # the time for reading a document
_LARGEST = 500_000_000  # bytes of the result
_PATH = os.pathsep.join((os.defpath, "/usr/local/bin", "/opt/homebrew/bin"))


@dataclass(frozen=True)
class Recognition:
    """What came of having pages recognised: their numbers, or ``why`` there is no text of them."""

    pages: tuple[int, ...] = ()
    why: str = ""


def read_recognised(
    contents: Contents, read: Callable[[Contents], _T], limits: Limits | None = None
) -> _T:
    """What ``read`` makes of a document, or of the same with the text of its scanned pages.

    Raises what ``read`` raises; ScannedDocument says why nothing was recognised.
    """
    program = _found_program()
    if program is None:
        return read(replace(contents, recognition=Recognition(why=NOT_INSTALLED)))
    try:
        return read(contents)
    except ScannedDocument as asked:
        if not asked.pages:
            raise
        seconds = round(_TIMES * (limits or Limits()).seconds)
        data, why = _recognised(program, contents.data, asked.pages, seconds)
        pages = tuple(sorted(asked.pages))
    if data is not None:
        try:
            return read(replace(contents, data=data, recognition=Recognition(pages)))
        except DamagedDocument as error:
            why = f"what ocrmypdf made of it cannot be read: {error.message}"
    return read(replace(contents, recognition=Recognition(why=why)))


def _found_program() -> str | None:
    return shutil.which("ocrmypdf", path=os.environ.get("PATH", _PATH))


def _recognised(
    program: str, data: bytes, pages: Mapping[int, str], seconds: int
) -> tuple[bytes | None, str]:
    """The PDF with the text of these pages (number → why unreadable), or None and why not.

    Pages with text keep it, but for letters that are drawn or in a faulty font.
    """
    how = ["--skip-text"]
    if any(why != PICTURE for why in pages.values()):
        how = ["--force-ocr", "--pages", ",".join(map(str, sorted(pages)))]
    try:
        import tempfile

        from kb.ingest.programs import run_within

        with tempfile.TemporaryDirectory(prefix="kb-ocr-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            source, result = folder / "in.pdf", folder / "out.pdf"
            source.write_bytes(data)
            ended = run_within(
                [program, *how, "--quiet", "--output-type", "pdf", str(source), str(result)],
                folder,
                seconds=seconds,
                environment={"PATH": os.environ.get("PATH", _PATH)},
            )
            if ended is None:
                return None, f"ocrmypdf took more than {seconds} seconds"
            if ended.code != 0:
                return None, f"ocrmypdf failed: {ended.said or ended.code}"
            if not result.is_file() or not 0 < result.stat().st_size <= _LARGEST:
                return None, "ocrmypdf gave no PDF"
            return result.read_bytes(), ""
    except OSError as error:
        return None, f"ocrmypdf could not be run: {error.strerror or error}"
