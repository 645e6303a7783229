"""Jobs done on several cores give what they give one by one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from multiprocessing import active_children

import pytest

from kb.tagging.at_once import as_done, cores, done_at_once

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux alone")
HERE = os.getpid()


def told() -> tuple[list[tuple[int, int]], Callable[[int, int], None]]:
    heard: list[tuple[int, int]] = []
    return heard, lambda done, of: heard.append((done, of))


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_results_stand_in_the_order_of_the_jobs(at_once: int) -> None:
    heard, tell = told()
    jobs = [partial(pow, number, 2) for number in range(5)]
    assert done_at_once(jobs, tell, at_once) == [0, 1, 4, 9, 16]
    assert heard == [(done, 5) for done in range(1, 6)]


def test_jobs_run_in_processes_of_their_own() -> None:
    assert HERE not in done_at_once([os.getpid] * 2, lambda *_: None, 2)


def dies_elsewhere() -> str:
    if os.getpid() != HERE:
        os._exit(9)
    return "here"


def test_job_of_a_process_that_died_is_done_again() -> None:
    found = done_at_once([dies_elsewhere, lambda: "there", lambda: "third"], lambda *_: None, 2)
    assert found == ["here", "there", "third"]


def fails() -> str:
    raise ValueError("it cannot be done")


def test_what_a_job_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="cannot be done"):
        done_at_once([fails, fails], lambda *_: None, 2)


def test_closing_ends_what_still_works() -> None:
    found = as_done([os.getpid] * 5, 2)
    assert next(found)[1] != HERE
    found.close()
    assert active_children() == []


def test_a_job_that_has_jobs_itself_does_them_alone() -> None:
    assert done_at_once([cores] * 2, lambda *_: None, 2) == [1, 1]
