"""Writing files so that a reader sees the old text or the new one, never half of either."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from kb.errors import StorageError


def write_atomically(path: Path, data: bytes) -> None:
    """Write a whole file: a temporary one beside it, fsync, then an atomic replace.

    Raises StorageError when the disk is full or the folder may not be written to; the file that
    stood there before still stands then.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise storage_error(error, path) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise storage_error(error, path) from error
    finally:
        temporary.unlink(missing_ok=True)


def append_line(path: Path, line: str) -> None:
    """Append one line to a file, and end a torn last line first so that it harms nothing else."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            size = file.seek(0, os.SEEK_END)
            if size:
                file.seek(size - 1)
                if file.read(1) != b"\n":
                    file.write(b"\n")
            file.write(line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise storage_error(error, path) from error


def sync_folder(folder: Path) -> None:
    """Make a replaced or removed name of a folder last, where the system allows that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def storage_error(error: OSError, path: Path) -> StorageError:
    """What went wrong with the disk, in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(
            "the disk is full; nothing was changed",
            place=str(path),
            hint="Make room and run the same command again.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError(
            "this place may not be written to; nothing was changed",
            place=str(path),
            hint="Check who owns the folder, or choose another with --home.",
        )
    return StorageError(f"writing failed: {error.strerror}", place=str(path))
