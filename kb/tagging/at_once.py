"""Long pieces of work done at once, one on each core, with the same results as one by one."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from multiprocessing import current_process, get_context
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

MOST_AT_ONCE = 4  # each holds its own copy of the texts' features
_Result = TypeVar("_Result")
Job = Callable[[], _Result]
Told = Callable[[int, int], None]  # jobs done, of how many


def cores() -> int:
    """How many cores this process may use; one where processes cannot be forked safely."""
    can_fork = sys.platform == "linux" and not current_process().daemon
    return len(os.sched_getaffinity(0)) if can_fork else 1


def done_at_once(
    jobs: Sequence[Job[_Result]], told: Told, at_once: int | None = None
) -> list[_Result]:
    """The result of each job, in order."""
    found: dict[int, _Result] = {}
    with closing(as_done(jobs, at_once)) as results:
        for number, result in results:
            found[number] = result
            told(len(found), len(jobs))
    return [found[number] for number in range(len(jobs))]


def as_done(
    jobs: Sequence[Job[_Result]], at_once: int | None = None
) -> Generator[tuple[int, _Result], None, None]:
    """The number and the result of each job, as they come; closing ends what still works.

    What a forked process could not do, since it died or the job raised an error, is done again in
    this one, which then raises the error.
    """
    workers = min(at_once or cores(), len(jobs), MOST_AT_ONCE)
    done: set[int] = set()
    if workers > 1:
        with closing(_from_workers(jobs, workers)) as found:
            for number, result in found:
                done.add(number)
                yield number, result
    for number, job in enumerate(jobs):
        if number not in done:
            yield number, job()


def _from_workers(
    jobs: Sequence[Job[_Result]], workers: int
) -> Generator[tuple[int, _Result], None, None]:
    """Numbered results as they come."""
    # A forked process holds everything that the jobs need already.
    context = get_context("fork")
    processes, receivers = [], []
    try:
        for at in range(workers):
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(target=_work, args=(jobs, at, workers, sender), daemon=True)
            process.start()
            sender.close()
            processes.append(process)
            receivers.append(receiver)
        yield from _received(receivers)
    finally:
        for process in processes:
            process.terminate()
            process.join()


def _received(receivers: Sequence[Connection]) -> Iterator[tuple[int, Any]]:
    still = list(receivers)
    while still:
        ready = wait(still)
        for receiver in [one for one in still if one in ready]:
            try:
                yield receiver.recv()
            except (EOFError, OSError):
                still.remove(receiver)


def _work(jobs: Sequence[Job[Any]], first: int, step: int, sender: Connection) -> None:
    """Do every ``step``-th job until one fails; who waits hears of Ctrl-C and ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # what both share is not looked through, and so not copied
    for number in range(first, len(jobs), step):
        with suppress(Exception):
            sender.send((number, jobs[number]()))
            continue
        return
