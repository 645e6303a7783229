"""Builds that people ask for on pages, and how they go, told to every worker.

A process of its own builds (``kb/web/builder.py``); pages go on answering from the index before. It
holds a file for as long as it lives, so that what is said of it is true whoever dies.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from kb.files import hold, is_held, locked_folder, write_atomically

_STATE = "build.json"
_HELD = "build.held"
_PATIENCE = 30.0  # seconds for which one waits for another who asks
_LONGEST = 3_600.0  # seconds a build is believed to run where the system cannot tell
ENDED = "It was ended before it was done."


@dataclass(frozen=True)
class State:
    """How the builds that were asked for go: ``words`` are what the last said of a failure.

    ``further`` says that one more follows, for what was stored after the running one had begun.
    """

    stage: Literal["none", "running", "done", "failed"] = "none"
    since: float = 0.0
    words: str = ""
    further: bool = False


class Builds:
    """The builds of one server, however many workers it has."""

    def __init__(self, home: Path, folder: Path) -> None:
        """Build this knowledge base; the folder is shared with the other workers."""
        self._home = home
        self._folder = folder
        self.builder: subprocess.Popen[bytes] | None = None

    def state(self) -> State:
        """How it goes now."""
        state = self._read()
        if state.stage != "running" or self._is_alive(state):
            return state
        now = self._read()  # it may have ended in between
        return State("failed", state.since, ENDED) if now == state else now

    def start(self) -> None:
        """Begin a build; where one is running, have a further one follow it."""
        with locked_folder(self._folder, patience=_PATIENCE):
            state = self.state()
            if state.stage == "running":
                self._tell(replace(state, further=True))
                return
            held = hold(self._folder / _HELD)
            try:
                self._tell(State("running", time.time()))
                self._begin(held)
            except OSError as error:
                words = error.strerror or "It could not be started."
                self._tell(State("failed", time.time(), words))
            finally:
                if held is not None:
                    os.close(held)

    def wait(self, seconds: float) -> State:
        """The state once it is over, or as it is after so long."""
        until = time.monotonic() + seconds
        while (state := self.state()).stage == "running" and time.monotonic() < until:
            time.sleep(0.1)
        return state

    def ended(self, state: State, held: int | None) -> bool:
        """Tell how a build ended, from the process that built; False where it is to build again."""
        if not self._folder.is_dir():  # the server has gone
            return True
        with locked_folder(self._folder, patience=_PATIENCE):
            if self._read().further:
                self._tell(State("running", time.time()))
                return False
            self._tell(state)
            if held is not None:
                os.close(held)
        return True

    def _begin(self, held: int | None) -> None:
        path = os.pathsep.join(entry for entry in sys.path if entry)
        words = [str(self._home.resolve()), str(self._folder.resolve()), str(held or "")]
        self.builder = subprocess.Popen(  # noqa: S603 - this Python, and no word of a client
            [sys.executable, "-m", "kb.web.builder", *words],
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            pass_fds=() if held is None else (held,),
        )
        threading.Thread(target=self.builder.wait, daemon=True).start()  # leaves no zombie

    def _is_alive(self, state: State) -> bool:
        held = is_held(self._folder / _HELD)
        return time.time() - state.since < _LONGEST if held is None else held

    def _read(self) -> State:
        try:
            return State(**json.loads((self._folder / _STATE).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return State()

    def _tell(self, state: State) -> None:
        write_atomically(self._folder / _STATE, json.dumps(asdict(state)).encode())
