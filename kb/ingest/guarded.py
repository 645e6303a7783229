"""Reading a document in a process of its own, so that a hostile one harms nothing else.

A fresh interpreter is started, not a fork: the caller may have threads. It gets the document's
bytes and plain data, and sends plain data back, which is checked before it is believed. Memory,
time, files and the length of the answer are limited; whatever happens to it becomes a
DocumentError here. It is no sandbox against code that runs in it: see docs/security.md.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import DamagedDocument, DocumentError, KnowledgeBaseError
from kb.ingest.answers import DEPTH, MEMORY, Request, error_of
from kb.limits import Limits

if TYPE_CHECKING:
    from kb.ingest.readings import Reading

_START = "import sys; sys.path[:] = sys.argv[2:]; from kb.ingest.confined import main; main()"
_LARGEST_ANSWER = 256 * 2**20  # bytes; 17,000 recommendations are 60 million
_KEPT_ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ")
_TICK = 0.2  # seconds between two looks at the clock
_LAST = 10  # seconds from its answer to its end
_AGAIN = "Nothing was stored. Open it in the program that made it, save it again and add that."
_MORE_MEMORY = (
    "If you trust the file, give it more: megabytes under [reading] in kb.toml. Or save it in"
    " several parts."
)


def read_guarded(
    path: Path,
    *,
    own_agencies: Mapping[str, object] | None = None,
    columns: Mapping[str, str] | None = None,
    url: str | None = None,
    limits: Limits | None = None,
    process: ReadingProcess | None = None,
) -> list[Reading]:
    """The reviews of a document, as ``read_document`` gives them, read within limits.

    ``own_agencies`` are those of ``kb.toml`` beside the shipped ones; ``process`` is one that was
    started before and has read nothing yet; it is gone afterwards. Raises what
    ``read_document`` raises, and DocumentError where the reading took too much memory or time,
    crashed or was killed; the process that read is gone then too.
    """
    from kb.ingest.formats import Contents
    from kb.ingest.recognition import read_recognised

    limits = limits or Limits()

    def read(contents: Contents) -> list[Reading]:
        nonlocal process
        child, process = process or ReadingProcess(contents.suffix), None
        request = Request(
            file=contents.file,
            suffix=contents.suffix,
            sha256=contents.sha256,
            size=len(contents.data),
            columns=dict(columns or {}),
            url=url,
            own_agencies=dict(own_agencies or {}),
            recognition=contents.recognition,
            limits=limits,
        )
        return _read_apart(child, request, contents.data)

    return read_recognised(Contents.of(path), read, limits)


def _read_apart(process: ReadingProcess, request: Request, data: bytes) -> list[Reading]:
    with process as child:
        answer = child.answer(request, data)
        code = child.ended() if answer is not None else None
    return _readings(answer, code, request)


class ReadingProcess:
    """The process that reads one document; leaving the block kills it and waits until it is gone.

    It gets ready as soon as it is there, so that whoever starts it early waits less.
    """

    def __init__(self, suffix: str = "") -> None:
        """Start it; ``suffix`` is the type of file (".docx") that it will probably read."""
        kept = {n: os.environ[n] for n in _KEPT_ENVIRONMENT if n in os.environ}
        self._process = subprocess.Popen(  # noqa: S603 - this Python, and no word of the document
            [sys.executable, "-I", "-S", "-X", "utf8", "-c", _START, suffix, *_import_path()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=kept,
            cwd=Path(sys.executable).anchor or None,
            start_new_session=True,  # a Ctrl-C meets the asker alone, who ends this
        )
        self._answer = b""

    def __enter__(self) -> ReadingProcess:
        return self

    def __exit__(self, *_: object) -> None:
        process = self._process
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue

    def answer(self, request: Request, data: bytes) -> bytes | None:
        """What it answers; None where that takes longer than the limit."""
        threading.Thread(target=self._ask, args=(request.line(), data), daemon=True).start()
        listener = threading.Thread(target=self._listen, daemon=True)
        listener.start()
        until = time.monotonic() + request.limits.seconds
        while listener.is_alive() and time.monotonic() < until:
            listener.join(_TICK)
        return None if listener.is_alive() else self._answer

    def ended(self) -> int | None:
        """Its exit code, below 0 for a signal; None while it goes on."""
        try:
            return self._process.wait(_LAST)
        except subprocess.TimeoutExpired:
            return None

    def _ask(self, line: bytes, data: bytes) -> None:
        """Write the request; the pipe stays open, since its end is the sign to stop."""
        stdin = self._process.stdin
        try:
            if stdin is not None:
                stdin.write(line)
                stdin.write(data)
                stdin.flush()
        except (OSError, ValueError):  # it ended before it had read everything
            return

    def _listen(self) -> None:
        stdout = self._process.stdout
        try:
            if stdout is not None:
                self._answer = stdout.read(_LARGEST_ANSWER + 1)
        except (OSError, ValueError):  # closed from this side
            return


def _import_path() -> list[str]:
    """Where this process finds modules, in its order, so that the other one runs the same code."""
    root = str(Path(__file__).resolve().parents[2])
    path = [str(Path(entry).absolute()) for entry in sys.path]
    return path if root in path else [*path, root]


def _readings(answer: bytes | None, code: int | None, request: Request) -> list[Reading]:
    if answer is None or code == -getattr(signal, "SIGXCPU", 0):
        raise _too_slow(request)
    if len(answer) > _LARGEST_ANSWER:
        raise DocumentError(
            f"what stands in it is more than {_LARGEST_ANSWER >> 20} MB",
            place=request.file,
            hint="Save it in several parts and add those.",
        )
    if code != 0:
        raise _crashed(code, request)
    kind, _, told = answer.partition(b"\n")
    try:
        if kind == b"error":
            raise _named(error_of(json.loads(told)), request)
        if kind == b"fault":
            raise _fault(str(json.loads(told)), request)
        return _checked(told, request)
    except ValueError as error:  # half an answer, or one that has not the shape of readings
        raise _crashed(None, request) from error


def _named(error: KnowledgeBaseError, request: Request) -> KnowledgeBaseError:
    """The error with its file, where a reader of several formats named only the place in it."""
    if error.place is None or request.file in error.place or not isinstance(error, DocumentError):
        return error
    return type(error)(error.message, place=f"{request.file}, {error.place}", hint=error.hint)


def _checked(told: bytes, request: Request) -> list[Reading]:
    """The readings of an answer; raises ValueError where they are not of this document."""
    from pydantic import TypeAdapter

    from kb.ingest.readings import Reading

    readings = TypeAdapter(list[Reading]).validate_json(told)
    wanted = (request.file, request.sha256)
    if not readings or any((r.source.file, r.source.sha256) != wanted for r in readings):
        raise ValueError("not the readings of this document")
    return readings


def _fault(fault: str, request: Request) -> DocumentError:
    if fault == MEMORY:
        return DocumentError(
            f"reading it takes more than {request.limits.megabytes} MB of memory",
            place=request.file,
            hint=f"Nothing was stored. {_MORE_MEMORY}",
        )
    if fault == DEPTH:
        return DamagedDocument(
            "its parts stand inside one another too deep to be read",
            place=request.file,
            hint=_AGAIN,
        )
    return DocumentError(f"it cannot be read: {fault}", place=request.file, hint=_AGAIN)


def _too_slow(request: Request) -> DocumentError:
    return DocumentError(
        f"reading it takes longer than {request.limits.seconds} seconds",
        place=request.file,
        hint="Nothing was stored. If you trust the file, give it more: seconds under [reading] in"
        " kb.toml. Or save it in several parts.",
    )


def _crashed(code: int | None, request: Request) -> DocumentError:
    if code is not None and code == -getattr(signal, "SIGKILL", 0):
        return DocumentError(
            "reading it was stopped from outside, as a system does that runs out of memory",
            place=request.file,
            hint="Nothing was stored. Close other programs and add it again.",
        )
    how = f" ({_signal(-code)})" if code is not None and code < 0 else ""
    if code is not None and code == -getattr(signal, "SIGABRT", 0):
        return DamagedDocument(
            f"the process that read it crashed{how}, as one does for which"
            f" {request.limits.megabytes} MB of memory are too few",
            place=request.file,
            hint=f"{_AGAIN} {_MORE_MEMORY}",
        )
    return DamagedDocument(
        f"the process that read it crashed{how}", place=request.file, hint=_AGAIN
    )


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal has no name
        return f"signal {number}"
