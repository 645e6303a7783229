"""Another program, run on a document in a folder of its own, within limits, and ended in full."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_LARGEST_FILE = 500_000_000  # bytes of one file that it writes
_MEMORY = 4 * 2**30  # bytes of address space for each process
_LAST_WORDS = 2_000  # bytes
_START = """
import os, resource, sys
for name, most in (("RLIMIT_FSIZE", int(sys.argv[1])), ("RLIMIT_AS", int(sys.argv[2])),
                   ("RLIMIT_CPU", int(sys.argv[3])), ("RLIMIT_CORE", 0)):
    kind = getattr(resource, name)
    hard = resource.getrlimit(kind)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(kind, (most, most))
    except (ValueError, OSError):
        pass
os.execv(sys.argv[4], sys.argv[4:])
"""


@dataclass(frozen=True)
class Ended:
    """The exit code of a program (below 0 for a signal) and the last line of what it complained."""

    code: int
    said: str


def run_within(
    command: Sequence[str], folder: Path, *, seconds: int, environment: Mapping[str, str]
) -> Ended | None:
    """Run a program (by its full path) to its end; None where it takes longer than ``seconds``.

    Its temporary files go to ``folder``; each file and each process is bounded, as far as this
    system can. It is ended with all that it started, whatever happens here. Raises OSError where
    it cannot be started.
    """
    complaints = folder / "complaints"
    with complaints.open("wb") as stderr:
        process = subprocess.Popen(  # noqa: S603 - the program was found by its name, no shell
            [*_limited(seconds), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            env={**os.environ, "TMPDIR": str(folder), **environment},
            cwd=folder,
            start_new_session=True,
        )
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _end(process)
    return Ended(code, _last_line(complaints))


def _limited(seconds: int) -> list[str]:
    """What starts a program with limits that its own children inherit; nothing on Windows."""
    if os.name != "posix":
        return []
    limits = (_LARGEST_FILE, _MEMORY, seconds)
    return [sys.executable, "-I", "-S", "-c", _START, *map(str, limits)]


def _end(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()


def _last_line(file: Path) -> str:
    with file.open("rb") as opened:
        opened.seek(max(0, file.stat().st_size - _LAST_WORDS))
        lines = opened.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
