"""The lock that lets one build run at a time."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from kb.errors import BuildRunning, StorageError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

NAME = "build.lock"


@contextlib.contextmanager
def build_lock(index_dir: Path) -> Iterator[None]:
    """Hold the lock of this index; a second build is told so at once.

    Raises BuildRunning if another build holds it, StorageError if the folder may not be written
    to. Where the system has no ``flock`` the file itself is the lock, and its message says how to
    free it.
    """
    path = index_dir / NAME
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        descriptor = _take(path)
    except FileExistsError:
        raise _busy(path, f"If no build is running, delete {path}.") from None
    except BlockingIOError:
        raise _busy(path, "Wait for it to end, then run: kb build") from None
    except OSError as error:
        raise StorageError(
            f"the index cannot be written ({error.strerror or error})",
            place=str(path),
            hint="Mend the permissions of this folder, then run: kb build",
        ) from error
    try:
        yield
    finally:
        os.close(descriptor)
        if fcntl is None:
            path.unlink(missing_ok=True)


def _take(path: Path) -> int:
    if fcntl is None:
        return os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o644)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _busy(path: Path, hint: str) -> BuildRunning:
    return BuildRunning("another build is running", place=str(path), hint=hint)
