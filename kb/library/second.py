"""A second process for a large build, so that two cores have work: half of reading and tagging,
and then the vectors of the whole.

It is a fresh interpreter with the same import path. What it does not manage, for whatever reason,
the process that asked does itself: so an error is always raised, and told, in one place.
"""

from __future__ import annotations

import contextlib
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
from kb.library.parts import Part, write_part
from kb.library.sources import Sources

LEAST_BYTES = 2 << 20  # of new reviews; less is done before a second process has started
AHEAD = 1 << 20  # bytes of reviews that one process does while another starts
_START = "import sys; sys.path[:] = sys.argv[1:]; from kb.library.second import main; main()"
_PART = "part-1"
_WRITTEN, _COMPARE, _COMPARED = "written", "compare", "compared"


def is_worth_it(sizes: Sequence[int]) -> bool:
    """Whether new reviews of these sizes in bytes are enough for two processes."""
    return len(sizes) > 1 and sum(sizes) >= LEAST_BYTES


def split(names: list[str], sizes: Sequence[int]) -> tuple[list[str], list[str]]:
    """Two runs of reviews: what the first process does, and what the second does.

    They are done at about the same time: the first is ahead by what the second takes to start.
    """
    sums = list(accumulate(sizes))
    ahead = min(AHEAD, sums[-1] // 4)
    at = sum(2 * done <= sums[-1] + ahead for done in sums)
    return names[:at], names[at:]


class SecondProcess:
    """Writes a part of some reviews beside this process, and then the vectors of the whole."""

    def __init__(self, sources: Sources, generation: Path, judged_bytes: int) -> None:
        """Prepare to write into a generation's folder; the model must stand there.

        ``judged_bytes`` is how much of the judgements counts: the file may grow meanwhile.
        """
        self._folder = generation / _PART
        self._task = {
            "home": str(sources.corpus.folder.parent),
            "generation": str(generation),
            "digests": _digests(sources),
            "judged_bytes": judged_bytes,
        }
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def start(self, names: Sequence[str]) -> None:
        """Let it write a part of these reviews; without any it does not start."""
        if names:
            self._process = subprocess.Popen(  # noqa: S603 - this Python, with its own paths
                [sys.executable, "-c", _START, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,  # a Ctrl-C meets the asker alone, who ends this
            )
            self._ask(json.dumps({**self._task, "names": list(names)}))

    def parts(self) -> list[Part]:
        """The part that was written, once it is; none where it did not come about."""
        if not self._has_done(_WRITTEN):
            return []
        try:
            return [Part.open(self._folder)]
        except IndexUnreadable:
            return []

    def compares(self) -> bool:
        """Have the vectors of the joined generation written; False where that did not come about.

        Returns when they are.
        """
        self._ask(_COMPARE)
        return self._has_done(_COMPARED)

    def _ask(self, line: str) -> None:
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):  # that it has ended is seen by what it does not say
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()

    def _has_done(self, what: str) -> bool:
        if self._process is None or self._process.stdout is None:
            return False
        return self._process.stdout.readline() == what + "\n"


def main() -> None:
    """Do what the lines of standard input ask for, and say when each is done."""
    gc.disable()  # this process ends soon, and makes next to nothing that refers to itself
    task: dict[str, Any] = json.loads(sys.stdin.readline())
    sources, generation = _sources(task), Path(task["generation"])
    _write_part(task, sources, generation)
    print(_WRITTEN, flush=True)  # noqa: T201  (a pipe to the asker)
    if sys.stdin.readline().strip() == _COMPARE:
        _compare(sources, generation)
        print(_COMPARED, flush=True)  # noqa: T201


def _sources(task: dict[str, Any]) -> Sources:
    from kb.library import KnowledgeBase

    sources = KnowledgeBase.open(task["home"]).sources
    if _digests(sources) != task["digests"]:
        sys.exit("the taxonomy or the settings have changed meanwhile")
    return sources


def _write_part(task: dict[str, Any], sources: Sources, generation: Path) -> None:
    from kb.corpus import standing
    from kb.library.compiled import MODEL
    from kb.library.keeping import load_tagger
    from kb.library.sources import on_themes

    judged = sources.corpus.judgements_data()[: task["judged_bytes"]]
    write_part(
        generation / _PART,
        sources,
        task["names"],
        judgements=on_themes(standing(judged)),
        tagger=load_tagger(generation / MODEL, sources),
        progress=lambda *_: None,
    )


def _compare(sources: Sources, generation: Path) -> None:
    from kb.index.wording import Wording
    from kb.similarity.writing import compare_wording

    reviews = Part.open(generation).review_of_rows()
    compare_wording(generation, Wording.open(generation), reviews, sources.abbreviations)


def _digests(sources: Sources) -> list[str]:
    return [sources.taxonomy.digest, sources.settings.digest]
