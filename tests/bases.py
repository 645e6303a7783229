"""Whole knowledge bases in a folder, small enough to be built in a second, and ``kb`` run on them.

All reviews, places and people are fiction.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.cli import main
from kb.library import KnowledgeBase

TARNMOOR = Path(__file__).parent / "fixtures" / "tarnmoor-plan.txt"
WHO = "anna"

TAXONOMY = """\
version: "test-1"
groups:
  - id: practice
    name: Practice
    themes:
      - id: genograms
        name: Genograms and family history
        covers: Family trees drawn by practitioners.
        rules:
          - any: ["genogram*", "family tree*"]
        examples:
          - "Midwives to draw a genogram at booking."
          - "A family tree is to be on every file."
          - "Social workers to keep genograms up to date after each birth."
          - "Draw the family tree with the child."
        counter_examples:
          - "Invite the family to the Christmas party."
      - id: call-handling
        name: Answering calls
        rules:
          - any: ["answerphone*", "switchboard", "call handler*"]
        examples:
          - "The switchboard to tell callers when somebody will ring back."
          - "An answerphone message is to name the helpline."
          - "Call handlers to ask whether it is safe to talk."
          - "Every answerphone to be checked at noon."
  - id: learning
    name: Learning
    themes:
      - id: training
        name: Training
        rules:
          - any: ["train*", "course/courses"]
        examples:
          - "Train all ward staff in coercive control."
          - "A course for new housing officers."
          - "GP training to be repeated every year."
          - "Managers to attend training on stalking."
"""

FELLSIDE = (
    # number, text, scope, lead agency, target date, status, outcome
    (
        "1",
        "Health visitors to draw a genogram for families with step-children.",
        "Local",
        "Fellside Constabulary",
        "31.7.22",
        "Complete",
        "Forms printed in May",
    ),
    (
        "2",
        "The surgery's answerphone message to name the domestic abuse helpline.",
        "Local",
        "Fellside CCG",
        "December 2020",
        "In progress",
        "",
    ),
    (
        "3",
        "All ward staff to be trained in coercive control.",
        "National",
        "NHS England",
        "2021",
        "Not started",
        "",
    ),
)
HIDDEN = (
    (
        "1",
        "Zanzibarine midwives to draw a genogram for families with step-children.",
        "Local",
        "Quillerby Constabulary",
        "31.7.22",
        "Complete",
        "Quillerbine forms printed",
    ),
    (
        "2",
        "The surgery's answerphone message to name the Zanzibarine helpline.",
        "Local",
        "Quillerby Constabulary",
        "December 2020",
        "In progress",
        "",
    ),
    (
        "3",
        "All ward staff to be trained in coercive control.",
        "Regional",
        "Quillerby Borough Council",
        "2021",
        "Complete",
        "Quillerbine training held",
    ),
)
HEADERS = ("No", "Recommendation", "Scope", "Lead agency", "Target date", "Status", "Outcome")


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code, and what it wrote."""

    code: int
    data: bytes
    err: str

    @property
    def out(self) -> str:
        """stdout as text."""
        return self.data.decode()

    @property
    def json(self) -> Any:
        """stdout as one JSON object."""
        return json.loads(self.data)

    @property
    def lines(self) -> list[Any]:
        """stdout as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def words(self) -> str:
        """stderr with its line breaks as spaces."""
        return " ".join(self.err.split())


def kb(*arguments: str | Path, home: Path | None = None) -> Ran:
    """Run ``kb`` in this process, as ``anna``, on the knowledge base ``home``."""
    chosen = ["--home", str(home)] if home is not None else []
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    code = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main([*chosen, "--who", WHO, *map(str, arguments)])
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 0
        out.flush()
    data = out.detach()
    assert isinstance(data, io.BytesIO)
    return Ran(code, data.getvalue(), err.getvalue())


def done(*arguments: str | Path, home: Path | None = None) -> Ran:
    """Run ``kb`` and insist that it does what it was asked."""
    ran = kb(*arguments, home=home)
    assert ran.code == 0, ran.err
    return ran


def child(body: str = "") -> list[str]:
    """The beginning of a command that runs ``kb`` in a process of its own, after ``body``.

    Ctrl-C works in it even where this process was started with the signal ignored.
    """
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        f"{body}\nfrom kb.cli import main\nmain()"
    )
    return [sys.executable, "-c", code]


def child_environment(**more: str) -> dict[str, str]:
    """This environment, with the project importable from anywhere."""
    root = str(Path(__file__).parents[1])
    return {**os.environ, "PYTHONPATH": root, "KB_WHO": WHO, "PYTHONIOENCODING": "utf-8", **more}


def make_home(folder: Path, taxonomy: str = TAXONOMY) -> Path:
    """An empty knowledge base with a small taxonomy."""
    KnowledgeBase.create(folder)
    (folder / "taxonomy.yaml").write_text(taxonomy, "utf-8")
    return folder


def write_plan(
    path: Path,
    rows: Sequence[Sequence[str]] = FELLSIDE,
    headers: Sequence[str] = HEADERS,
    encoding: str = "utf-8",
) -> Path:
    """A plan as CSV."""
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows([headers, *rows])
    return path


def digests(folder: Path) -> dict[str, str]:
    """Every file under a folder with the digest of its content; folders stand with "folder".

    The lock of a build is left out: an empty file that says nothing.
    """
    return {
        str(path.relative_to(folder)): _digest(path)
        for path in sorted(folder.rglob("*"))
        if path.name != "build.lock"
    }


def _digest(path: Path) -> str:
    return "folder" if path.is_dir() else hashlib.sha256(path.read_bytes()).hexdigest()


def traces(folder: Path, word: str) -> Iterator[Path]:
    """The files under a folder that hold a word in any case."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and word.lower().encode() in path.read_bytes().lower():
            yield path
