from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from factories import make_entry, make_taxonomy
from indexed import write_records

from kb.errors import BuildInterrupted, IndexMissing, IndexUnreadable, StorageError
from kb.index import manifest as manifests
from kb.index.generations import Generation, current, open_current, publish, remove_older
from kb.index.lock import build_lock
from kb.index.manifest import Manifest
from kb.index.records import Records


def make_manifest(recommendations: int = 1) -> Manifest:
    return Manifest(
        program="0.1.0",
        created="2026-01-01T00:00:00+00:00",
        corpus_digest="c",
        corpus_stamp="",
        judged_bytes=0,
        judged_digest="",
        taxonomy_digest="t",
        settings_digest="s",
        model_version="m",
        taxonomy_version="1",
        reviews=1,
        recommendations=recommendations,
        engine="arrays",
    )


def build_of(*texts: str) -> Callable[[Path], Manifest]:
    def build(folder: Path) -> Manifest:
        entries = [make_entry(text, position=n) for n, text in enumerate(texts, 1)]
        write_records(folder, entries, make_taxonomy())
        return make_manifest(len(texts))

    return build


def folders(index_dir: Path) -> set[str]:
    return {path.name for path in (index_dir / "generations").iterdir()}


def test_nothing_built_yet_says_kb_build(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="kb build"):
        current(tmp_path)


def test_a_published_build_is_the_current_one(tmp_path: Path) -> None:
    generation = publish(tmp_path, build_of("One.", "Two."))
    assert current(tmp_path) == generation
    assert generation.manifest.recommendations == 2


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (KeyboardInterrupt(), BuildInterrupted),
        (OSError(errno.ENOSPC, "No space left on device"), StorageError),
        (PermissionError(errno.EACCES, "Permission denied"), StorageError),
        (ZeroDivisionError(), ZeroDivisionError),
    ],
)
def test_a_build_that_fails_leaves_what_stood_before(
    tmp_path: Path, raised: BaseException, expected: type[BaseException]
) -> None:
    before = publish(tmp_path, build_of("One."))

    def build(folder: Path) -> Manifest:
        (folder / "half").write_text("half")
        raise raised

    with pytest.raises(expected):
        publish(tmp_path, build)
    assert current(tmp_path) == before
    assert folders(tmp_path) == {before.name}


def test_a_build_that_does_not_verify_is_never_seen(tmp_path: Path) -> None:
    before = publish(tmp_path, build_of("One."))

    def verify(_: Generation) -> None:
        raise IndexUnreadable("does not open")

    with pytest.raises(IndexUnreadable):
        publish(tmp_path, build_of("Two."), verify)
    assert current(tmp_path) == before
    assert folders(tmp_path) == {before.name}


def test_a_build_with_fewer_records_than_it_says_is_never_seen(tmp_path: Path) -> None:
    def build(folder: Path) -> Manifest:
        build_of("One.")(folder)
        return make_manifest(2)

    with pytest.raises(IndexUnreadable, match="1 records stand"):
        publish(tmp_path, build)
    with pytest.raises(IndexMissing):
        current(tmp_path)


def test_a_second_build_is_told_so_at_once(tmp_path: Path) -> None:
    with build_lock(tmp_path), pytest.raises(StorageError, match="another build is running"):
        publish(tmp_path, build_of("One."))
    publish(tmp_path, build_of("One."))


def test_without_flock_the_lock_file_itself_is_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.index.lock.fcntl", None)
    with build_lock(tmp_path), pytest.raises(StorageError, match="delete"):
        publish(tmp_path, build_of("One."))
    publish(tmp_path, build_of("One."))


def test_only_the_current_and_the_one_before_are_kept(tmp_path: Path) -> None:
    names = [publish(tmp_path, build_of(f"Text {n}.")).name for n in range(3)]
    assert folders(tmp_path) == set(names[1:])


def test_removing_older_generations_leaves_the_current_one(tmp_path: Path) -> None:
    publish(tmp_path, build_of("One."))
    now = publish(tmp_path, build_of("Two."))
    remove_older(tmp_path)
    assert folders(tmp_path) == {now.name}


def test_what_a_killed_build_left_is_cleaned_by_the_next(tmp_path: Path) -> None:
    dead = tmp_path / "generations" / "20200101T000000-abcdef"
    dead.mkdir(parents=True)
    (dead / "records-0.jsonl").write_text("half")
    generation = publish(tmp_path, build_of("One."))
    assert folders(tmp_path) == {generation.name}


@pytest.mark.parametrize("pointer", ["", "../../etc", "20200101T000000-abcdef", "\x00\xff"])
def test_a_pointer_to_nothing_says_kb_build_and_deletes_nothing(
    tmp_path: Path, pointer: str
) -> None:
    generation = publish(tmp_path, build_of("One."))
    (tmp_path / "current").write_text(pointer)
    with pytest.raises(IndexUnreadable, match="kb build"):
        current(tmp_path)
    assert generation.folder.is_dir()


def test_an_index_of_another_format_says_kb_build(tmp_path: Path) -> None:
    generation = publish(tmp_path, build_of("One."))
    path = generation.folder / manifests.NAME
    path.write_text(path.read_text().replace(f'"format": {manifests.FORMAT}', '"format": 99'))
    with pytest.raises(IndexUnreadable, match="format 99"):
        current(tmp_path)


def test_a_reader_overtaken_by_a_build_opens_the_new_one(tmp_path: Path) -> None:
    old = publish(tmp_path, build_of("One."))

    def opener(generation: Generation) -> str:
        if generation.name == old.name:
            publish(tmp_path, build_of("Two."))
            raise IndexUnreadable("vanished")
        return generation.name

    assert open_current(tmp_path, opener) == current(tmp_path).name


def test_readers_during_builds_see_the_old_or_the_new_never_a_mix(tmp_path: Path) -> None:
    publish(tmp_path, build_of("0", "0"))
    done = threading.Event()
    seen: list[set[str]] = []

    def texts(generation: Generation) -> set[str]:
        with Records.open(generation.folder) as records:
            assert len(records) == generation.manifest.recommendations
            return {records.text(row) for row in range(len(records))}

    def read() -> None:
        while not done.is_set():
            seen.append(open_current(tmp_path, texts))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, 15):
        publish(tmp_path, build_of(*[str(number)] * (2 + number % 3)))
    done.set()
    for reader in readers:
        reader.join()
    assert all(len(texts_of_one) == 1 for texts_of_one in seen)
    assert open_current(tmp_path, texts) == {"14"}


FULL_DISK = """
import resource, sys
from pathlib import Path
from factories import make_entry, make_taxonomy
from indexed import write_index
from kb.errors import StorageError
from kb.index.generations import publish

def build(folder):
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    write_index(folder, [make_entry(" ".join(f"word{n}" for n in range(9000)))], make_taxonomy())

try:
    publish(Path(sys.argv[1]), build)
except StorageError as error:
    print(error)
"""


def test_a_file_that_cannot_grow_is_a_storage_error_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert "cannot be written" in done.stdout
    assert list((tmp_path / "generations").iterdir()) == []
