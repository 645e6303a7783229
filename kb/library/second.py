"""A second process that reads and tags half of a large build, so that two cores have work.

It is a fresh interpreter with the same import path. What it does not manage, for whatever reason,
the process that asked does itself: so an error is always raised, and told, in one place.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kb.errors import IndexUnreadable
from kb.library.parts import Part
from kb.library.sources import Sources

LEAST_BYTES = 2 << 20  # of new reviews; less is done before a second process has started
_START = "import sys; sys.path[:] = sys.argv[1:]; from kb.library.second import main; main()"
_PART = "part-1"


def is_worth_it(sizes: Sequence[int]) -> bool:
    """Whether new reviews of these sizes in bytes are enough for two processes."""
    return len(sizes) > 1 and sum(sizes) >= LEAST_BYTES


def split(names: list[str], sizes: Sequence[int]) -> tuple[list[str], list[str]]:
    """Two runs of reviews of about the same size together."""
    sums = list(accumulate(sizes))
    at = sum(2 * done <= sums[-1] for done in sums)
    return names[:at], names[at:]


class SecondProcess:
    """Writes a part of some reviews beside this process; without any it does not start."""

    def __init__(
        self, sources: Sources, generation: Path, names: Sequence[str], judged_bytes: int
    ) -> None:
        """Prepare to write into a generation's folder; the model must stand there.

        ``judged_bytes`` is how much of the judgements counts: the file may grow meanwhile.
        """
        self._folder = generation / _PART
        self._names = names
        self._task = {
            "home": str(sources.corpus.folder.parent),
            "generation": str(generation),
            "digests": _digests(sources),
            "names": list(names),
            "judged_bytes": judged_bytes,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if self._names:
            self._process = subprocess.Popen(  # noqa: S603 - this Python, with its own paths
                [sys.executable, "-c", _START, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # a Ctrl-C meets the asker alone, who ends this
            )
            if self._process.stdin:
                self._process.stdin.write(json.dumps(self._task).encode())
                self._process.stdin.close()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def parts(self) -> list[Part]:
        """The part that was written, once it is; none where it did not come about."""
        if self._process is None or self._process.wait():
            return []
        try:
            return [Part.open(self._folder)]
        except IndexUnreadable:
            return []


def main() -> None:
    """Write the part that standard input asks for."""
    from kb.corpus import standing
    from kb.library import KnowledgeBase
    from kb.library.compiled import MODEL
    from kb.library.keeping import load_tagger
    from kb.library.parts import write_part
    from kb.library.sources import on_themes

    gc.disable()  # this process ends soon, and makes next to nothing that refers to itself
    task: dict[str, Any] = json.load(sys.stdin)
    sources = KnowledgeBase.open(task["home"]).sources
    if _digests(sources) != task["digests"]:
        sys.exit("the taxonomy or the settings have changed meanwhile")
    generation = Path(task["generation"])
    tagger = load_tagger(generation / MODEL, sources)
    judgements = on_themes(standing(sources.corpus.judgements_data()[: task["judged_bytes"]]))
    write_part(
        generation / _PART,
        sources,
        task["names"],
        judgements=judgements,
        tagger=tagger,
        progress=lambda *_: None,
    )


def _digests(sources: Sources) -> list[str]:
    return [sources.taxonomy.digest, sources.settings.digest]
