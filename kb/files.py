"""Writing files so that a reader sees the old text or the new one, never half of either."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from kb.errors import StorageError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


def write_atomically(path: Path, data: bytes) -> None:
    """Write a whole file: a temporary one beside it, fsync, then an atomic replace.

    Raises StorageError when the disk is full or the folder may not be written to; the file that
    stood there before still stands then.
    """
    write_together({path: data})


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write several whole files, all of them or none; each is replaced in one step.

    All are on the disk under temporary names before the first takes its place; where one cannot,
    those before it are put back. Raises StorageError as ``write_atomically`` does.
    """
    temporaries: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            with _told(path):
                temporaries[path] = _temporary(path)
                _fill(temporaries[path], data)
        _take_places(temporaries)
    finally:
        for temporary in temporaries.values():
            temporary.unlink(missing_ok=True)


def _take_places(temporaries: Mapping[Path, Path]) -> None:
    before: dict[Path, bytes | None] = {}
    try:
        for path, temporary in temporaries.items():
            with _told(path):
                if len(temporaries) > 1:
                    before[path] = path.read_bytes() if path.exists() else None
                temporary.replace(path)
                sync_folder(path.parent)
    except StorageError:
        for path, data in before.items():
            if data is None:
                path.unlink(missing_ok=True)
            else:
                write_atomically(path, data)
        raise


def leftovers(path: Path) -> Iterator[Path]:
    """What was left beside a file by a program that was killed while it wrote."""
    yield from path.parent.glob(f".{path.name}.*.part")


def _temporary(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    Path(name).chmod(_mode_of(path))
    return Path(name)


def _mode_of(path: Path) -> int:
    """The rights of the file that is replaced, else those that a new file gets here."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _fill(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise storage_error(error, path) from error


def append_line(path: Path, line: str) -> None:
    """Append one line to a file, and end a torn last line first so that it harms nothing else.

    Raises StorageError; the file is as it was before then.
    """
    data = line.encode() + b"\n"
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            try:
                if size:
                    file.seek(size - 1)
                    data = data if file.read(1) == b"\n" else b"\n" + data
                _write_whole(file, data)
                os.fsync(file.fileno())
            except OSError:
                file.truncate(size)
                raise


def _write_whole(file: io.FileIO, data: bytes) -> None:
    """Write all of it; one call may write less where the disk is full, and the next one says so."""
    while data:
        data = data[file.write(data) :]


@contextlib.contextmanager
def locked_folder(folder: Path, *, patience: float) -> Iterator[None]:
    """Hold a folder against other writers that ask for it too; released also when a process dies.

    ``patience`` is in seconds; raises StorageError after it. Where the system has no ``flock``,
    nothing is held.
    """
    if fcntl is None:
        yield
        return
    with _told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
    try:
        until = time.monotonic() + patience
        while not _has_taken(descriptor):
            if time.monotonic() > until:
                raise StorageError(
                    "somebody else is changing these files",
                    place=str(folder),
                    hint="Wait until they have finished, then run the same command again.",
                )
            time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def hold(path: Path) -> int | None:
    """Hold a file, waiting for whoever holds it: the descriptor that does, also once inherited.

    It is held until every process that has the descriptor has closed it or died. None where the
    system has no ``flock``.
    """
    if fcntl is None:
        return None
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def is_held(path: Path) -> bool | None:
    """Whether somebody holds a file (see ``hold``); None where the system cannot tell."""
    if fcntl is None:
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _has_taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


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
    return StorageError(
        f"writing failed: {error.strerror or error}; nothing was changed",
        place=str(path),
        hint="Mend that and run the same command again.",
    )
