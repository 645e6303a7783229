"""The process that builds for the pages: once, and again for what was stored meanwhile."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path

from kb.errors import BuildInterrupted, BuildRunning, KnowledgeBaseError
from kb.library import KnowledgeBase
from kb.web.building import Builds, State
from kb.web.told import without_folders

_PATIENCE = 1_800.0  # seconds for which it waits for a build from elsewhere
_LONGEST = 2_000  # characters of what went wrong


def main() -> None:
    """Build until nothing more was asked for: arguments are home, folder, and what is held."""
    home, folder, held = sys.argv[1:]
    builds = Builds(Path(home), Path(folder))
    with contextlib.suppress(BuildInterrupted, KeyboardInterrupt):  # with its server
        while not builds.ended(_built(Path(home)), int(held) if held else None):
            pass


def _built(home: Path) -> State:
    """How one build went; one that runs from elsewhere is waited for."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            KnowledgeBase.open(home).build()
        except BuildRunning as error:
            if time.monotonic() > until:
                return _failed(error)
            time.sleep(0.5)
        except BuildInterrupted:
            raise
        except KnowledgeBaseError as error:
            return _failed(error)
        else:
            return State("done", time.time())


def _failed(error: KnowledgeBaseError) -> State:
    return State("failed", time.time(), without_folders(error.told)[:_LONGEST])


if __name__ == "__main__":
    main()
