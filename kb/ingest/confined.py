"""The process that reads one document and nothing else; ``guarded`` starts it and bounds it.

It gets the document on stdin and answers on what was stdout when it began; whatever a library
prints goes nowhere.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from typing import BinaryIO

from kb.errors import KnowledgeBaseError
from kb.ingest.answers import DEPTH, MEMORY, Request, error_answer, fault_answer, readings_answer
from kb.limits import Limits

_LARGEST_FILE = 16_000_000  # bytes; nothing but Python's own caches is written
_MOST_FILES = 64
_OBJECTS_BETWEEN = 50_000  # new objects from one search for garbage to the next; 700 is usual


def main() -> None:
    """Read what stdin asks for, answer, and end without tidying up."""
    answers = _answers_apart()
    gc.set_threshold(_OBJECTS_BETWEEN)
    _get_ready(sys.argv[1])
    request = Request.of_line(sys.stdin.buffer.readline())
    _confine(request.limits)
    try:
        answer = _answer(request, sys.stdin.buffer)
    except MemoryError:
        answer = fault_answer(MEMORY)
    with answers:
        answers.write(answer)
    os._exit(0)


def _get_ready(suffix: str) -> None:
    """Import what reading takes while the asker still makes up its mind."""
    from kb.ingest import formats, reading
    from kb.text.agencies import load_agencies

    del reading
    load_agencies()
    formats.get_ready(suffix)


def _answers_apart() -> BinaryIO:
    """The way back, out of reach of libraries that print."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return answers


def _confine(limits: Limits) -> None:
    """Limit memory, processor time and files, as far as this system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    memory = limits.megabytes * 2**20
    for name, soft, hard in (
        ("RLIMIT_AS", memory, memory),
        ("RLIMIT_CPU", limits.seconds, limits.seconds + 1),
        ("RLIMIT_FSIZE", _LARGEST_FILE, _LARGEST_FILE),
        ("RLIMIT_CORE", 0, 0),
        ("RLIMIT_NOFILE", _MOST_FILES, _MOST_FILES),
    ):
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _, most = resource.getrlimit(kind)
        bounds = (soft, hard)
        if most != resource.RLIM_INFINITY:
            bounds = (min(soft, most), min(hard, most))
        try:
            resource.setrlimit(kind, bounds)
        except (ValueError, OSError):  # a limit that this system only names (macOS: RLIMIT_AS)
            continue


def _answer(request: Request, stream: BinaryIO) -> bytes:
    data = stream.read(request.size)
    threading.Thread(target=_end_with_the_asker, args=(stream,), daemon=True).start()
    try:
        return _read(request, data)
    except Exception as error:  # noqa: BLE001 - whatever a hostile file makes a library raise
        return _told(error)


def _read(request: Request, data: bytes) -> bytes:
    from kb.ingest.formats import Contents
    from kb.ingest.reading import read_contents
    from kb.text.agencies import load_agencies

    contents = Contents(data, request.suffix, request.file, request.sha256, request.recognition)
    readings = read_contents(
        contents,
        agencies=load_agencies(request.own_agencies),
        columns=request.columns,
        url=request.url,
    )
    try:
        return readings_answer(readings)
    except UnicodeEncodeError:  # half of a surrogate pair
        return fault_answer("a text in it has characters that are not Unicode")


def _told(error: Exception) -> bytes:
    """An error in words; what a reader took for damage may be want of memory or of stack."""
    below: BaseException | None = error
    while below is not None:
        if isinstance(below, MemoryError):
            return fault_answer(MEMORY)
        if isinstance(below, RecursionError):
            return fault_answer(DEPTH)
        below = below.__cause__
    return (
        error_answer(error)
        if isinstance(error, KnowledgeBaseError)
        else fault_answer(_where(error))
    )


def _where(error: BaseException) -> str:
    """An unforeseen error, and the line of this program that it came through last."""
    trace, last = error.__traceback__, ""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename.replace(os.sep, "/")
        if "/kb/" in name:
            last = f" at kb/{name.rpartition('/kb/')[2]}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}{last}"


def _end_with_the_asker(stream: BinaryIO) -> None:
    """Nobody is left to read the answer once stdin ends."""
    stream.read(1)
    os._exit(1)
