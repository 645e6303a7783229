"""A build that somebody asked for on a page: a process of its own, told of to every worker.

It runs ``kb build``; pages go on answering from the index before until it is done.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from kb.files import write_atomically
from kb.web.told import without_folders

_STATE = "build.json"
_LONGEST = 3_600.0  # seconds after which a build that is said to run is believed dead


@dataclass(frozen=True)
class State:
    """How the last build that was asked for goes: ``words`` are what it said of a failure."""

    stage: Literal["none", "running", "done", "failed"] = "none"
    since: float = 0.0
    words: str = ""


class Builds:
    """The builds of one server, however many workers it has."""

    def __init__(self, home: Path, folder: Path) -> None:
        """Build this knowledge base; the folder is shared with the other workers."""
        self._home = home
        self._place = folder / _STATE
        self._starting = threading.Lock()

    def state(self) -> State:
        """How it goes now."""
        try:
            state = State(**json.loads(self._place.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return State()
        if state.stage == "running" and time.time() - state.since > _LONGEST:
            return State("failed", state.since, "It took too long, or its server ended.")
        return state

    def start(self) -> None:
        """Begin a build, where none is running."""
        with self._starting:
            if self.state().stage == "running":
                return
            self._tell(State("running", time.time()))
            threading.Thread(target=self._run, daemon=True).start()

    def wait(self, seconds: float) -> State:
        """The state once it is over, or as it is after so long."""
        until = time.monotonic() + seconds
        while (state := self.state()).stage == "running" and time.monotonic() < until:
            time.sleep(0.1)
        return state

    def _run(self) -> None:
        since = time.time()
        path = os.pathsep.join(entry for entry in sys.path if entry)
        try:
            ran = subprocess.run(  # noqa: S603 - this Python, and no word of a client
                [sys.executable, "-m", "kb", "--home", str(self._home.resolve()), "build"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                env={**os.environ, "PYTHONPATH": path},
                check=False,
            )
        except OSError as error:
            self._tell(State("failed", since, error.strerror or "It could not be started."))
            return
        words = without_folders(ran.stderr.strip().removeprefix("kb: "))[-2_000:]
        self._tell(State("failed", since, words) if ran.returncode else State("done", since))

    def _tell(self, state: State) -> None:
        write_atomically(self._place, json.dumps(asdict(state)).encode())
