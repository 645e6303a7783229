"""Documents that were sent and wait to be confirmed: kept apart, and for a while only."""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from kb.errors import NotFound

HOURS = 2  # for which a document waits
MOST = 40  # that wait at once
_TOKEN = re.compile(r"[0-9a-f]{32}")
_ASKED = "asked.json"
_LONGEST_NAME = 120  # bytes
_LONGEST_SUFFIX = 10


@dataclass(frozen=True)
class Waiting:
    """A document that waits: where it lies, and what was said of it."""

    token: str
    path: Path
    said: Mapping[str, str]


class Uploads:
    """A folder of documents, each in a folder of its own under a name that nobody can guess."""

    def __init__(self, folder: Path) -> None:
        """Keep them here; the folder is there and is nobody else's."""
        self._folder = folder

    def keep(self, upload: UploadFile, who: str, said: Mapping[str, str]) -> str:
        """Keep a document of this person; its token."""
        self._forget_old()
        if sum(1 for _ in self._folder.iterdir()) >= MOST:
            raise HTTPException(429, "Too many documents wait to be confirmed. Try again later.")
        token = secrets.token_hex(16)
        place = self._folder / token
        self._forget_in_time(token)
        (place / "document").mkdir(parents=True, mode=0o700)
        _write(upload, place / "document")
        (place / _ASKED).write_text(json.dumps({"who": who, "said": dict(said)}), "utf-8")
        return token

    def waiting(self, token: str, who: str) -> Waiting:
        """A document that this person sent; raises NotFound for anybody else's."""
        place = self._folder / token
        try:
            if not _TOKEN.fullmatch(token):
                raise FileNotFoundError
            asked = json.loads((place / _ASKED).read_text("utf-8"))
            (path,) = (place / "document").iterdir()
        except (OSError, ValueError) as error:
            raise _gone() from error
        if asked["who"] != who:
            raise _gone()
        return Waiting(token, path, asked["said"])

    def forget(self, token: str) -> None:
        """Delete a document that was stored or given up."""
        if _TOKEN.fullmatch(token):
            shutil.rmtree(self._folder / token, ignore_errors=True)

    @contextlib.contextmanager
    def passing(self, upload: UploadFile) -> Iterator[Path]:
        """A document that is read at once and not kept."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            yield _write(upload, Path(folder))

    def _forget_in_time(self, token: str) -> None:
        timer = threading.Timer(HOURS * 3600, self.forget, [token])
        timer.daemon = True
        timer.start()

    def _forget_old(self) -> None:
        """Delete what a worker left that ended before its time."""
        oldest = time.time() - HOURS * 3600
        for place in self._folder.iterdir():
            with contextlib.suppress(OSError):
                if place.stat().st_mtime < oldest:
                    shutil.rmtree(place, ignore_errors=True)


def _gone() -> NotFound:
    return NotFound(
        "this document does not wait here any more", hint="Choose the file again and send it."
    )


def _write(upload: UploadFile, folder: Path) -> Path:
    path = folder / safe_name(upload.filename or "")
    upload.file.seek(0)
    with path.open("wb") as file:
        shutil.copyfileobj(upload.file, file)
    return path


def safe_name(sent: str) -> str:
    """The last part of a name that a browser sent, fit to be the name of a file anywhere."""
    name = PureWindowsPath(PurePosixPath(sent).name).name
    name = re.sub(r"[^\w .,()&'+-]", "_", name).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        stem, suffix = name, ""
    kept = _cut(stem, _LONGEST_NAME) or "document"
    return f"{kept}.{_cut(suffix, _LONGEST_SUFFIX)}" if suffix else kept


def _cut(text: str, most: int) -> str:
    """The beginning of a text: so many bytes at most, as the names of files are measured."""
    return text.encode()[:most].decode("utf-8", "ignore")
