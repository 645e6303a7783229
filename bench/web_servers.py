"""Servers as processes of their own: started, asked by many clients at once, and ended."""

from __future__ import annotations

import contextlib
import http.client
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from building import family
from upr import ROOT

CLIENTS = 16
PATIENCE = 120.0
_TICKS = os.sysconf("SC_CLK_TCK")


class Answer(NamedTuple):
    """One page as a client had it."""

    seconds: float
    size: int


class Round(NamedTuple):
    """What one round gave: the answers, and seconds on the clock and of the server's processors."""

    answers: list[Answer]
    clock: float
    processor: float


@dataclass(frozen=True)
class Server:
    """A running server; ``start`` is how long it took from nothing to its first page."""

    port: int
    process: subprocess.Popen[bytes]
    start: float

    def ask(self, addresses: Sequence[str]) -> Round:
        """Ask for each address once, by so many clients as are free to."""
        waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        for one in addresses:
            waiting.put(one)
        answers: list[Answer] = []
        clients = [
            threading.Thread(target=_client, args=(self.port, waiting, answers))
            for _ in range(CLIENTS)
        ]
        processor, clock = self.processor(), time.perf_counter()
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        taken = time.perf_counter() - clock
        if len(answers) != len(addresses):
            sys.exit(f"{len(addresses) - len(answers)} requests were not answered")
        return Round(answers, taken, self.processor() - processor)

    def processor(self) -> float:
        """Seconds of processors that its processes have taken."""
        return sum(map(_ticks, family(self.process.pid))) / _TICKS

    def memory(self) -> float:
        """MiB that its processes hold, each page shared by several counted once in all."""
        return sum(map(_proportional, family(self.process.pid))) / 1024


def _client(port: int, waiting: queue.SimpleQueue[str], answers: list[Answer]) -> None:
    """One client with one connection; it stops at the first page that is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    while True:
        try:
            address = waiting.get_nowait()
        except queue.Empty:
            connection.close()
            return
        start = time.perf_counter()
        connection.request("GET", address)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            print(f"{response.status} for {address}: {body[:300]!r}", file=sys.stderr)
            return
        answers.append(Answer(time.perf_counter() - start, len(body)))


def fetched(port: int, address: str) -> tuple[int, str, bytes]:
    """The status, type and body of one address."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", address)
    response = connection.getresponse()
    kind = response.getheader("Content-Type", "")
    body = response.read()
    connection.close()
    return response.status, kind, body


@contextlib.contextmanager
def kb(home: Path, first: str, workers: int) -> Iterator[Server]:
    """`kb serve`, with the workers it takes by itself where 0 are asked for."""
    port = free_port()
    more = ["--workers", str(workers)] if workers else []
    command = ["kb", "--home", str(home), "serve", "--port", str(port), *more]
    with _running(command, port, first) as server:
        yield server


@contextlib.contextmanager
def datasette(options: Sequence[str], first: str) -> Iterator[Server]:
    """Datasette."""
    port = free_port()
    command = ["datasette", "serve", "--port", str(port), *options]
    with _running(command, port, first) as server:
        yield server


@contextlib.contextmanager
def _running(module: Sequence[str], port: int, first: str) -> Iterator[Server]:
    where = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *module],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": where},
    )
    try:
        _wait(port, first, process)
        yield Server(port, process, time.perf_counter() - start)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(port: int, first: str, process: subprocess.Popen[bytes]) -> None:
    """Return when the first page was answered."""
    while process.poll() is None:
        with contextlib.suppress(ConnectionError):
            status, _, body = fetched(port, first)
            if status == 200:
                return
            sys.exit(f"{status} for {first}: {body[:500]!r}")
        time.sleep(0.02)
    sys.exit(f"it ended with {process.returncode}: {process.args!r}")


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


def _ticks(pid: int) -> int:
    try:
        told = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return int(told[11]) + int(told[12])


def _proportional(pid: int) -> int:
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+)", told, re.MULTILINE)
    return int(found[1]) if found else 0
