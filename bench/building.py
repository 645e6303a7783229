"""How long a build takes, beside indexing the same texts alone with plain Whoosh.

A knowledge base of UPR recommendations is written as corpus files in a temporary folder, with the
shipped taxonomy and the model learnt from the starter corpus (learning is timed apart, and no model
of before is taken). Then, as whole processes: `kb build` (tags, index, vectors); Whoosh as it comes
(one text field, its `StemmingAnalyzer`) over the same texts; and `kb build` after one review of
twenty was added:

    python bench/building.py [--size 17259] [--rounds 3]

Seconds are those on the clock, and in brackets those of all processors; memory is the highest sum
over the processes of a step. Medians of the rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from upr import A_REVIEW, ROOT, review_of, upr_reviews, upr_rows

from kb import KnowledgeBase
from kb.corpus import review_bytes

BUILD = "from kb.cli import main; main()"
PLAIN = """
import json, sys
from whoosh import analysis, fields, index
texts = json.load(open(sys.argv[1], encoding="utf-8"))
schema = fields.Schema(text=fields.TEXT(analyzer=analysis.StemmingAnalyzer()))
writer = index.create_in(sys.argv[2], schema).writer()
for text in texts:
    writer.add_document(text=text)
writer.commit()
"""


class Taken(NamedTuple):
    """What a process and its children took: seconds on the clock, of processors; bytes."""

    clock: float
    processor: float
    memory: float


def main() -> None:
    """Prepare, time and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=int, default=17_259)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {wanted.rounds} rounds")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        prepare(place, wanted.size)
        learning = build(place)
        write_corpus(place, wanted.size)
        rounds = [one_round(place, wanted.size) for _ in range(wanted.rounds)]
    told("learning the model", [learning], None)
    plain = [one["plain Whoosh"] for one in rounds]
    for step in rounds[0]:
        taken = [one[step] for one in rounds]
        whole = [one["build from nothing"] for one in rounds]
        told(step, taken, whole if step == "one review added" else plain)


def prepare(place: Path, size: int) -> None:
    """A knowledge base without reviews, and the texts for plain Whoosh."""
    KnowledgeBase.create(place / "home")
    texts = [row["Text"] for row in upr_rows(size)]
    (place / "texts.json").write_text(json.dumps(texts), "utf-8")


def write_corpus(place: Path, size: int) -> None:
    """The reviews as files of the corpus, and the index of the empty one kept aside."""
    shutil.copytree(place / "home" / "index", place / "learnt")
    for review in upr_reviews(size):
        write_review(place, review.id, review_bytes(review))


def write_review(place: Path, name: str, data: bytes) -> None:
    """One file of the corpus."""
    (place / "home" / "corpus" / f"{name}.json").write_bytes(data)


def one_round(place: Path, size: int) -> dict[str, Taken]:
    """Each step once; the model is that of the empty knowledge base."""
    home = place / "home"
    more = review_of(size // A_REVIEW // 2, list(upr_rows(A_REVIEW)))
    added = home / "corpus" / "added-1.json"
    added.unlink(missing_ok=True)
    shutil.rmtree(home / "index")
    shutil.copytree(place / "learnt", home / "index")
    shutil.rmtree(place / "plain", ignore_errors=True)
    (place / "plain").mkdir()
    plain = timed(PLAIN, str(place / "texts.json"), str(place / "plain"))
    whole = build(place)
    added.write_bytes(review_bytes(more.model_copy(update={"id": "added-1"})))
    return {
        "plain Whoosh": plain,
        "build from nothing": whole,
        "one review added": build(place),
    }


def build(place: Path) -> Taken:
    """`kb build` as a whole process."""
    return timed(BUILD, "--home", str(place / "home"), "build")


def timed(code: str, *arguments: str) -> Taken:
    """Run Python code as a process of its own."""
    paths = filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "KB_CACHE": ""},
    )
    peak = [0]
    watch = threading.Thread(target=watched, args=(process.pid, peak))
    watch.start()
    _, status, used = os.wait4(process.pid, 0)
    clock = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.join()
    if process.returncode:
        sys.exit(f"this failed: {' '.join(arguments)}")
    return Taken(clock, used.ru_utime + used.ru_stime, max(peak[0], used.ru_maxrss * 1024))


def watched(pid: int, peak: list[int]) -> None:
    """Note the highest resident memory of a process with its children, until it ends (Linux)."""
    while (now := sum(map(resident, family(pid)))) > 0:
        peak[0] = max(peak[0], now)
        time.sleep(0.02)


def family(pid: int) -> list[int]:
    """A process and all that came from it."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(one for child in listed for one in family(int(child)))]


def resident(pid: int) -> int:
    """Bytes that a process holds in memory and shares with no other; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))


def told(step: str, taken: list[Taken], peer: list[Taken] | None) -> None:
    """Print one line: medians, and the ratio to the peer of the same round."""
    clock, processor, memory = (statistics.median(part) for part in zip(*taken, strict=True))
    line = f"{step:20}{clock:8.2f} s ({processor:7.2f} s){memory / 2**20:7.0f} MiB"
    if peer:
        ratio = statistics.median(
            one.clock / other.clock for one, other in zip(taken, peer, strict=True)
        )
        line += f"{ratio:9.3f}"
    print(line)


if __name__ == "__main__":
    main()
