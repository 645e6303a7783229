"""Ctrl-C, a kill and a full disk: what stood before still stands, and nothing is left behind."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from bases import FELLSIDE, child, child_environment, digests, done, kb, traces, write_plan

from kb.library import KnowledgeBase

posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits are those of POSIX")
KILL_AT_FSYNC = "import os; os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)"


def limited(size: int) -> str:
    """No file may grow beyond this many bytes, as on a disk that is full."""
    return f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"


def run_child(body: str, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*child(body), "--home", str(home), *arguments],
        capture_output=True,
        text=True,
        env=child_environment(),
        check=False,
    )


def stop_in_mid_build(home: Path, how: signal.Signals, *arguments: str) -> tuple[int, str]:
    """Start a command that builds, and send it a signal once a new generation has begun."""
    generations = home / "index" / "generations"
    before = set(generations.iterdir())
    process = subprocess.Popen(
        [*child(), "--home", str(home), *arguments],
        stderr=subprocess.PIPE,
        text=True,
        env=child_environment(),
    )
    while process.poll() is None and set(generations.iterdir()) <= before:
        time.sleep(0.002)
    process.send_signal(how)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


@pytest.fixture
def changed(home: Path, tmp_path: Path) -> Path:
    """A knowledge base whose index is out of date: a fourth review waits to be built."""
    rows = [["1", "Draw a genogram on paper.", "", "", "", "", ""]]
    done("add", write_plan(tmp_path / "new.csv", rows), "--review-id", "new-1", home=home)
    return home


# Ctrl-C and kill ------------------------------------------------------------------------------


@posix
def test_ctrl_c_in_mid_build_leaves_the_older_index_answering(changed: Path) -> None:
    before = digests(changed)
    code, said = stop_in_mid_build(changed, signal.SIGINT, "build")
    assert code == 1
    assert "Traceback" not in said
    assert "stopped" in said
    assert "kb build" in said
    assert digests(changed) == before
    found = done("search", "genogram", home=changed)
    assert "fellside-7/1" in found.out
    assert "kb build" in found.err
    done("build", home=changed)
    assert "new-1/1" in done("search", "genogram", home=changed).out


@posix
def test_a_kill_in_mid_build_leaves_the_older_index_answering(changed: Path) -> None:
    pointer = (changed / "index" / "current").read_text()
    code, _ = stop_in_mid_build(changed, signal.SIGKILL, "build")
    assert code == -signal.SIGKILL
    assert (changed / "index" / "current").read_text() == pointer
    assert "fellside-7/1" in done("search", "genogram", home=changed).out
    done("build", home=changed)
    assert len(list((changed / "index" / "generations").iterdir())) == 2


@posix
def test_a_removal_stopped_by_ctrl_c_is_ended_by_the_next_build(home: Path) -> None:
    code, said = stop_in_mid_build(home, signal.SIGINT, "remove", "quillerby-9", "--yes")
    assert code == 1
    assert "kb build" in said
    done("build", home=home)
    assert list(traces(home, "zanzibarine")) == []


@posix
def test_a_kill_while_a_review_is_written_leaves_the_old_file(home: Path, tmp_path: Path) -> None:
    path = home / "corpus" / "fellside-7.json"
    old = path.read_bytes()
    ran = run_child(KILL_AT_FSYNC, home, "correct", "fellside-7/1", "text=Draw a map at once.")
    assert ran.returncode == -signal.SIGKILL
    assert path.read_bytes() == old
    assert done("search", "genogram", home=home).err == ""
    assert "Draw a map" not in done("show", "fellside-7", home=home).out


@posix
def test_what_a_kill_left_beside_a_review_goes_with_the_review(home: Path) -> None:
    run_child(KILL_AT_FSYNC, home, "correct", "fellside-7/1", "text=Draw a map at once.")
    assert list(traces(home, "draw a map"))
    done("remove", "fellside-7", "--yes", home=home)
    assert list(traces(home, "draw a map")) == []


# A full disk ----------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("size", [0, 6_000, 20_000])
def test_a_build_that_finds_no_room_changes_nothing(changed: Path, size: int) -> None:
    before = digests(changed)
    ran = run_child(limited(size), changed, "build")
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert str(changed) in ran.stderr
    assert digests(changed) == before
    assert "fellside-7/1" in done("search", "genogram", home=changed).out


@posix
def test_a_correction_that_finds_no_room_changes_nothing(home: Path) -> None:
    before = digests(home)
    ran = run_child(limited(500), home, "correct", "fellside-7/1", "status=complete and ongoing")
    assert ran.returncode == 1
    assert "nothing was changed" in ran.stderr
    assert digests(home) == before


@posix
def test_a_judgement_that_finds_no_room_leaves_no_half_line(home: Path) -> None:
    done("judge", "fellside-7/1", "--theme", "+training", home=home)
    before = digests(home)
    room = (home / "corpus" / "judgements.jsonl").stat().st_size + 20
    ran = run_child(limited(room), home, "judge", "fellside-7/2", "--theme", "+training")
    assert ran.returncode == 1
    assert "nothing was changed" in ran.stderr
    assert digests(home) == before


def full_disk(after: int) -> Callable[[int], None]:
    """An ``os.fsync`` of a disk that is full after so many files."""
    left = after

    def fsync(_descriptor: int) -> None:
        nonlocal left
        if left == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left -= 1

    return fsync


@pytest.mark.parametrize("after", [0, 1])
def test_of_several_documents_all_are_stored_or_none(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    first = write_plan(tmp_path / "ashdale.csv", FELLSIDE[:2])
    second = write_plan(tmp_path / "birkdale.csv", FELLSIDE[1:])
    before = digests(home)
    monkeypatch.setattr(os, "fsync", full_disk(after))
    ran = kb("add", first, second, home=home)
    assert ran.code == 1
    assert "the disk is full; nothing was changed" in ran.words
    assert "run the same command again" in ran.words
    assert digests(home) == before
    monkeypatch.undo()
    done("add", first, second, home=home)
    assert {"ashdale", "birkdale"} <= set(KnowledgeBase.open(home).corpus.review_ids())


def test_a_new_knowledge_base_is_made_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copyfile(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("shutil.copyfile", copyfile)
    ran = kb("init", tmp_path / "mine")
    assert ran.code == 1
    assert "the disk is full" in ran.words
    assert list(tmp_path.iterdir()) == []


def test_a_second_build_at_the_same_time_is_told(changed: Path) -> None:
    from kb.index.lock import build_lock

    with build_lock(changed / "index"):
        ran = kb("build", home=changed)
    assert ran.code == 1
    assert "another build is running" in ran.words
    done("build", home=changed)


@posix
def test_a_reader_that_goes_away_is_no_failure(built: Path) -> None:
    for command in (
        ["export"],
        ["show", "fellside-7", "--json"],
        ["report", "themes"],
        ["search", "--help"],
    ):
        process = subprocess.Popen(
            [*child(), "--home", str(built), *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environment(),
        )
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()  # as `head` does once it has seen enough
        said = process.stderr.read()
        process.stderr.close()
        assert (process.wait(timeout=60), said) == (0, b""), command
