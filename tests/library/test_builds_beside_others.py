"""Builds beside readers, and builds that are killed: real processes on one knowledge base."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bases import child, child_environment, done, make_home

from kb.corpus import Corpus
from kb.library import KnowledgeBase
from kb.model import Recommendation, Review, Source

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc"
)
VERSIONS = 4
SOURCE = Source(file="plan.csv", sha256="0" * 64, place="row 1")
TWO_PROCESSES = "import kb.library.second; kb.library.second.LEAST_BYTES = 0"
READER = """
import json, sys, time
from pathlib import Path
from kb import KnowledgeBase
home, stop = map(Path, sys.argv[1:])
while not stop.exists():
    base = KnowledgeBase.open(home)
    for query in ("genogram", '"genogram number"', "geno*", "-lift"):
        found = base.search(query, limit=99, facets=("area",)).as_json()
        texts = [hit["text"] for hit in found["hits"]]
        areas = {one["value"]: one["count"] for one in found["facets"]["area"]}
        name = base.index.generation.name
        print(json.dumps([name, found["total"], sorted(texts), areas]), flush=True)
    time.sleep(0.01)
"""


def texts_of(version: int) -> list[str]:
    return [f"Genogram number {n} of version {version}." for n in range(1, 3 + version % 3)]


def write_version(home: Path, version: int) -> None:
    """Change every review, so that what belongs to two versions can be told apart."""
    Corpus(home / "corpus").save_all(
        Review(
            id=f"review-{letter}",
            title=f"Review {letter}",
            area=f"Version {version}",
            publication="published",
            next_position=9,
            recommendations=tuple(
                Recommendation(position=at, text=text, source=SOURCE)
                for at, text in enumerate(texts_of(version), start=1)
            ),
        )
        for letter in "abc"
    )


def expected(version: int) -> tuple[int, list[str], dict[str, int]]:
    """What any of a reader's questions finds in a version: total, texts, counts of areas."""
    texts = sorted(texts_of(version) * 3)
    return len(texts), texts, {f"Version {version}": len(texts)}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_home(tmp_path_factory.mktemp("built") / "home")
    (folder / "kb.toml").write_text("learn_from_starter = false\n", "utf-8")
    write_version(folder, 0)
    done("build", home=folder)
    return folder


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "home"))


def start(home: Path, *arguments: str, body: str = "") -> subprocess.Popen[bytes]:
    return subprocess.Popen([*child(body), "--home", str(home), *arguments],
                            stderr=subprocess.PIPE, env=child_environment())  # fmt: skip


def test_two_readers_during_builds_see_one_version_or_another_never_a_mix(
    home: Path, tmp_path: Path
) -> None:
    stop = tmp_path / "stop"
    readers = []
    for number in range(2):
        with (tmp_path / f"seen-{number}").open("wb") as file:
            command = [sys.executable, "-c", READER, str(home), str(stop)]
            readers.append(subprocess.Popen(command, stdout=file, env=child_environment()))
    of_generation = {KnowledgeBase.open(home).index.generation.name: 0}
    for version in range(1, VERSIONS):
        write_version(home, version)
        builder = start(home, "build")
        assert builder.wait(120) == 0, builder.communicate()
        of_generation[KnowledgeBase.open(home).index.generation.name] = version
    stop.touch()
    assert [reader.wait(60) for reader in readers] == [0, 0]
    for number in range(2):
        lines = (tmp_path / f"seen-{number}").read_text("utf-8").splitlines()
        seen = [json.loads(line) for line in lines]
        assert len({name for name, *_ in seen}) > 1
        for name, *answer in seen:
            assert tuple(answer) == expected(of_generation[name])


# A build that is killed -----------------------------------------------------------------------


def children(of: int) -> Iterator[int]:
    """The processes that a process has started, once each runs what it shall run.

    Until then a child has its parent's files open, the lock of the build among them.
    """
    own = Path(f"/proc/{of}/cmdline").read_bytes()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
            runs_its_own = path.with_name("cmdline").read_bytes() not in (own, b"")
        except OSError:  # gone meanwhile
            continue
        if int(parent) == of and state != "Z" and runs_its_own:
            yield int(path.parent.name)


def wait_for(what: Callable[[], Any]) -> Any:
    for _ in range(12_000):
        if found := what():
            return found
        time.sleep(0.005)
    raise AssertionError("it never came")


def is_gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def new_folder(home: Path) -> Path | None:
    current = (home / "index" / "current").read_text().strip()
    folders = (home / "index" / "generations").iterdir()
    return next((folder for folder in folders if folder.name > current), None)


def found(home: Path) -> tuple[int, list[str], dict[str, int]]:
    page = KnowledgeBase.open(home).search("genogram", limit=99, facets=("area",))
    areas = {one.value: one.count for one in page.facets["area"]}
    return page.total, sorted(hit.text for hit in page.hits), areas


def assert_whole(home: Path) -> None:
    """The index holds finished generations, and nothing else."""
    index = home / "index"
    assert {path.name for path in index.iterdir()} <= {
        "current", "generations", "build.lock", "README.md",
    }  # fmt: skip
    generations = list((index / "generations").iterdir())
    assert len(generations) == 2
    for folder in generations:
        assert (folder / "manifest.json").exists()
        assert not list(folder.glob("part-*"))


@pytest.mark.parametrize("stage", ["", "part-1", "whoosh"])
def test_after_a_kill_at_any_stage_the_old_index_answers_and_the_next_build_works(
    home: Path, stage: str
) -> None:
    write_version(home, 1)
    builder = start(home, "build", body=TWO_PROCESSES)
    wait_for(lambda: (folder := new_folder(home)) and (folder / stage).exists())
    seconds = list(children(builder.pid))
    builder.kill()
    assert builder.wait(60) == -signal.SIGKILL
    assert found(home) == expected(0)
    wait_for(lambda: all(map(is_gone, seconds)))  # it is nobody's child now, and ends by itself
    assert found(home) == expected(0)
    done("build", home=home)
    assert found(home) == expected(1)
    assert_whole(home)


def test_a_second_process_that_outlives_its_killed_build_spoils_nothing(home: Path) -> None:
    write_version(home, 1)
    builder = start(home, "build", body=TWO_PROCESSES)
    second = wait_for(lambda: list(children(builder.pid)))[0]
    os.kill(second, signal.SIGSTOP)
    builder.kill()
    builder.wait(60)
    done("build", home=home)
    os.kill(second, signal.SIGCONT)
    wait_for(lambda: is_gone(second))
    assert found(home) == expected(1)
    assert_whole(home)


def test_a_build_whose_second_process_is_killed_does_all_by_itself(home: Path) -> None:
    write_version(home, 1)
    builder = start(home, "build", body=TWO_PROCESSES)
    os.kill(wait_for(lambda: list(children(builder.pid)))[0], signal.SIGKILL)
    assert builder.wait(120) == 0, builder.communicate()
    assert found(home) == expected(1)
    assert_whole(home)
