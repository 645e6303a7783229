"""Several people change one knowledge base at the same time, and nobody's word is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from bases import child, child_environment, done, kb, traces

from kb.library import KnowledgeBase

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the lock is that of POSIX systems")


def first_review(home: Path) -> str:
    return KnowledgeBase.open(home).corpus.review_ids()[0]


def at_once(home: Path, commands: list[list[str]]) -> list[int]:
    """Run these commands side by side; their exit codes."""
    running = [
        subprocess.Popen(
            [*child(), "--home", str(home), *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
        )
        for command in commands
    ]
    return [process.wait(timeout=120) for process in running]


def test_corrections_of_one_review_at_once_are_all_kept(home: Path) -> None:
    review_id = first_review(home)
    count = min(4, len(KnowledgeBase.open(home).corpus.review(review_id).recommendations))
    commands = [["correct", f"{review_id}/{n}", f"outcome=Done {n}."] for n in range(1, count + 1)]
    assert at_once(home, commands) == [0] * count
    review = KnowledgeBase.open(home).corpus.review(review_id)
    said = {c.value for r in review.recommendations for c in r.corrections}
    assert said == {f"Done {n}." for n in range(1, count + 1)}


def test_judgements_made_while_a_review_is_removed_are_all_kept(home: Path) -> None:
    ids = KnowledgeBase.open(home).corpus.review_ids()
    kept, gone = ids[0], ids[1]
    commands = [["judge", f"{kept}/1", "--complete"] for _ in range(4)]
    assert at_once(home, [*commands, ["remove", gone, "--yes"]]) == [0] * 5
    judgements = KnowledgeBase.open(home).corpus.judgements()
    assert sum(getattr(j, "recommendation", "") == f"{kept}/1" for j in judgements) >= 4


def test_an_older_generation_with_a_removed_review_goes_at_the_next_build(home: Path) -> None:
    gone = first_review(home)
    generations = home / "index" / "generations"
    (old,) = generations.iterdir()
    kept = home.parent / "kept"
    shutil.copytree(old, kept)
    done("remove", gone, "--yes", home=home)
    shutil.move(str(kept), generations / old.name)  # as if a kill had come before it was deleted
    assert list(traces(generations, f'"{gone}"'))
    assert "Nothing has changed" in done("build", home=home).out
    assert not (generations / old.name).exists()


def test_nothing_is_removed_where_a_fault_would_stop_the_build_after_it(home: Path) -> None:
    (home / "taxonomy.yaml").write_text("groups: [{}]\n", "utf-8")
    gone = first_review(home)
    ran = kb("remove", gone, "--yes", home=home)
    assert ran.code == 1
    assert gone in KnowledgeBase.open(home).corpus.review_ids()


def test_a_saved_file_keeps_its_rights(home: Path) -> None:
    review_id = first_review(home)
    path = home / "corpus" / f"{review_id}.json"
    path.chmod(0o600)
    done("correct", f"{review_id}/1", "status=complete", "outcome=Seen.", home=home)
    assert path.stat().st_mode & 0o777 == 0o600
