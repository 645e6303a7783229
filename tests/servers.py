"""``kb serve`` in a process of its own, as a person starts it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bases import WHO, child_environment

_START = "from kb.cli import main; main()"


@dataclass(frozen=True)
class Server:
    """A running server: its address and its process."""

    address: str
    process: subprocess.Popen[str]

    def get(self, path: str) -> str:
        """A page's text."""
        with urllib.request.urlopen(self.address + path, timeout=120) as answer:
            return str(answer.read().decode())


@contextmanager
def serving(
    home: Path, *options: str, stop: int = signal.SIGINT, before: str = "", **environment: str
) -> Iterator[Server]:
    """The server, until the block ends; Ctrl-C (or another signal) stops it.

    ``before`` is what its process does first.
    """
    words = ["--home", str(home), "--who", WHO, "serve", "--port", "0", *options]
    process = subprocess.Popen(
        [sys.executable, "-c", f"{before}\n{_START}", *words],
        stderr=subprocess.PIPE,
        text=True,
        env=child_environment(**environment),
    )
    assert process.stderr is not None
    said = process.stderr.readline()
    found = re.search(r"http://[^ ]+:\d+", said)
    try:
        assert found, said + process.stderr.read()
        yield Server(found[0], process)
    finally:
        process.send_signal(stop)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stderr.close()
