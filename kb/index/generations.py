"""Generations of the index: a build is whole and checked before anyone can see it.

``index/generations/<name>/`` holds one build each and ``index/current`` names the one that counts.
A build writes a new folder, checks it, and then moves that pointer with an atomic replace.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from kb.errors import BuildInterrupted, IndexMissing, IndexUnreadable, StorageError
from kb.index import manifest as manifests
from kb.index.lock import build_lock
from kb.index.manifest import Manifest, read_manifest, unreadable
from kb.index.records import Records

POINTER = "current"
FOLDER = "generations"
_AT_ONCE = 8  # files that are forced to the disk
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9a-f]{6}")

Opened = TypeVar("Opened")


@dataclass(frozen=True)
class Generation:
    """One finished build of the index."""

    name: str
    folder: Path
    manifest: Manifest


def current(index_dir: Path) -> Generation:
    """The generation that counts now.

    Raises IndexMissing if nothing was ever built, IndexUnreadable if what is named cannot be read.
    """
    return open_current(index_dir, lambda generation: generation)


def open_current(index_dir: Path, opener: Callable[[Generation], Opened]) -> Opened:
    """Open the current generation; again if a build moved the pointer meanwhile.

    ``opener`` raises IndexUnreadable where the folder vanished under it.
    """
    name = _pointer(index_dir)
    while True:
        try:
            return opener(_generation(index_dir, name))
        except IndexUnreadable:
            moved = _pointer(index_dir)
            if moved == name:
                raise
            name = moved


def publish(
    index_dir: Path,
    build: Callable[[Path], Manifest],
    verify: Callable[[Generation], None] | None = None,
) -> Generation:
    """Build a new generation, check it, and make it the current one.

    ``build`` fills an empty folder and says what it made; ``verify`` opens the result and raises
    if it does not work. On any error what stood before still stands. Raises BuildInterrupted on
    Ctrl-C, BuildRunning beside another build, StorageError where the disk is full or refuses.
    """
    try:
        with build_lock(index_dir):
            return _publish_locked(index_dir, build, verify)
    except KeyboardInterrupt:
        raise BuildInterrupted(
            "the build was stopped; the index before it still stands",
            hint="Start it again with: kb build",
        ) from None
    except OSError as error:
        raise StorageError(
            f"the index cannot be written ({error.strerror or error})",
            place=str(error.filename or index_dir),
            hint="Make room or mend the permissions, then run: kb build",
        ) from error


def older(index_dir: Path) -> list[Path]:
    """The folders of every generation but the current one."""
    keep = _pointer_or_none(index_dir)
    return [folder for folder in _folders(index_dir) if folder.name != keep]


def remove_older(index_dir: Path) -> None:
    """Delete every generation but the current one, so that nothing removed lives on in it."""
    with build_lock(index_dir):
        keep = _pointer(index_dir)
        left = [folder for folder in _folders(index_dir) if folder.name != keep]
        for folder in left:
            try:
                shutil.rmtree(folder)
            except OSError as error:
                raise StorageError(
                    f"an older generation cannot be deleted ({error.strerror or error})",
                    place=str(folder),
                    hint="Close what uses it, then run the command again.",
                ) from error


def _publish_locked(
    index_dir: Path,
    build: Callable[[Path], Manifest],
    verify: Callable[[Generation], None] | None,
) -> Generation:
    before = _pointer_or_none(index_dir)
    _clean_half_built(index_dir)
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    folder = index_dir / FOLDER / name
    try:
        folder.mkdir(parents=True)
        generation = _build_and_check(folder, build, verify)
        _write_pointer(index_dir, name)
    finally:
        if _pointer_or_none(index_dir) != name:
            shutil.rmtree(folder, ignore_errors=True)
    _prune(index_dir, keep={name, before})
    return generation


def _build_and_check(
    folder: Path,
    build: Callable[[Path], Manifest],
    verify: Callable[[Generation], None] | None,
) -> Generation:
    made = build(folder)
    _fsync_tree(folder)
    # Written last: a folder without a manifest is a build that died.
    (folder / manifests.NAME).write_text(made.as_text(), "utf-8")
    _fsync(folder / manifests.NAME)
    _fsync(folder)
    if read_manifest(folder) != made:
        raise unreadable("the manifest does not read back as written", folder)
    with Records.open(folder) as records:
        if len(records) != made.recommendations:
            raise unreadable(
                f"{len(records)} records stand in the index, {made.recommendations} were expected",
                folder,
            )
    generation = Generation(folder.name, folder, made)
    if verify is not None:
        verify(generation)
    return generation


def _pointer(index_dir: Path) -> str:
    path = index_dir / POINTER
    try:
        name = path.read_text("utf-8").strip()
    except FileNotFoundError:
        raise IndexMissing(
            "there is no index yet", place=str(index_dir), hint="Make it with: kb build"
        ) from None
    except (OSError, ValueError) as error:
        raise unreadable(f"the index's pointer cannot be read ({error})", path) from error
    if not _NAME.fullmatch(name):
        raise unreadable(f"the index's pointer names no generation: {name[:60]!r}", path)
    return name


def _pointer_or_none(index_dir: Path) -> str | None:
    try:
        return _pointer(index_dir)
    except (IndexMissing, IndexUnreadable):
        return None


def _generation(index_dir: Path, name: str) -> Generation:
    folder = index_dir / FOLDER / name
    return Generation(name, folder, read_manifest(folder))


def _write_pointer(index_dir: Path, name: str) -> None:
    path = index_dir / POINTER
    temporary = index_dir / f".{POINTER}.{secrets.token_hex(3)}"
    try:
        temporary.write_text(name + "\n", "utf-8")
        _fsync(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    _fsync(index_dir)


def _folders(index_dir: Path) -> Iterator[Path]:
    root = index_dir / FOLDER
    if root.is_dir():
        yield from sorted(child for child in root.iterdir() if child.is_dir())


def _clean_half_built(index_dir: Path) -> None:
    for folder in _folders(index_dir):
        if not (folder / manifests.NAME).exists():
            shutil.rmtree(folder, ignore_errors=True)
    for left in index_dir.glob(f".{POINTER}.*"):
        left.unlink(missing_ok=True)


def _prune(index_dir: Path, keep: set[str | None]) -> None:
    """Readers may hold the generation before this one; older ones go."""
    for folder in _folders(index_dir):
        if folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


def _fsync_tree(folder: Path) -> None:
    paths = [Path(root, name) for root, _, names in os.walk(folder) for name in (*names, "")]
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # the disk takes many together in one go
        list(pool.map(_fsync, paths))
    _fsync(folder.parent)


def _fsync(path: Path) -> None:
    """Force a file, or where the system can, a folder's list of names, to the disk."""
    if path.is_dir():
        with contextlib.suppress(PermissionError):  # Windows opens no folders
            _fsync_descriptor(path, os.O_RDONLY)
    else:
        _fsync_descriptor(path, os.O_RDWR)


def _fsync_descriptor(path: Path, mode: int) -> None:
    descriptor = os.open(path, mode)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
