"""How long a person waits for the first `kb search`, beside the import of plain Whoosh.

Runs whole processes, in turn, and prints medians and their ratio. A knowledge base is made from the
starter corpus in a temporary folder first, unless one that is built is named:

    python bench/cold_start.py [--home DIR] [--runs 5]
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WHOOSH = [sys.executable, "-c", "import whoosh.index, whoosh.qparser"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--home", type=Path, help="a knowledge base that is built")
    parser.add_argument("--runs", type=int, default=5)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = wanted.home or starter_base(Path(folder) / "base")
        compare(home, wanted.runs)


def starter_base(home: Path) -> Path:
    """A built knowledge base of the starter corpus."""
    run([*kb(), "init", str(home), "--starter"])
    run([*kb(home), "build"])
    return home


def compare(home: Path, runs: int) -> None:
    """Time both in turn, so that a busy moment of the machine meets both."""
    search = [*kb(home), "search", "genogram"]
    run(search)
    run(WHOOSH)
    times = [(seconds(search), seconds(WHOOSH)) for _ in range(runs)]
    ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {runs} runs each")
    print(f"kb search genogram                   {ours * 1000:6.0f} ms")
    print(f"import whoosh.index, whoosh.qparser  {theirs * 1000:6.0f} ms")
    print(f"ratio of medians                     {ours / theirs:6.2f}")


def kb(home: Path | None = None) -> list[str]:
    """The beginning of a `kb` command of this checkout."""
    return [sys.executable, "-m", "kb", *(["--home", str(home)] if home else [])]


def seconds(command: list[str]) -> float:
    """The time of one whole process, in seconds."""
    start = time.perf_counter()
    run(command)
    return time.perf_counter() - start


def run(command: list[str]) -> None:
    """Run a process to its end; anything but success ends the bench."""
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


if __name__ == "__main__":
    main()
