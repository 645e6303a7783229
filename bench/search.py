"""How long is the page that a person waits for, beside SQLite FTS5 and tantivy giving the same?

The page is the 20 best with highlights and the counts of all facets: `KnowledgeBase.search` on a
base of UPR recommendations, twenty to a review, with a value for every facet (records, columns and
search index are written by the index's own builders; nothing is tagged). The 200 questions are
drawn from the texts by a fixed seed: 1 to 12 words that stand together, some under filters;
phrases; beginnings of words.

    python bench/search.py [--size 17259] [--rounds 5] [--profile] [--base DIR] [--whoosh]

Times are those of the processor, warm; each round asks all engines, and what is printed are medians
over the rounds. The memory is that of a process of its own, which opens the base and searches.
`--whoosh` asks a second kb, whose engine is set to that.
`--base` keeps the knowledge base there, and takes it from there when it is asked again.
It needs `pip install tantivy`.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import platform
import pstats
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from search_base import build_base, documents
from search_peers import Document, Question, peers
from search_questions import drawn
from upr import ROOT

from kb import KnowledgeBase
from kb.search.engine import FACETS
from kb.search.engines import open_engine

MEMORY = """
import json, sys
from pathlib import Path
from kb import KnowledgeBase
base = KnowledgeBase.open(sys.argv[1])
for text, filters in json.load(open(sys.argv[2], encoding="utf-8")):
    base.search(text, facets=sys.argv[3].split(","), **filters)
lines = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""
Page = Callable[[Question], int]


def main() -> None:
    """Build, ask and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=int, default=17_259)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", action="store_true", help="tell where the time of kb goes")
    parser.add_argument("--whoosh", action="store_true", help="ask the engine whoosh as well")
    parser.add_argument("--base", type=Path, help="where the knowledge base is or shall be kept")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = wanted.base or Path(folder) / "base"
        if not home.exists():
            build_base(home, wanted.size)
        base = KnowledgeBase.open(home)
        listed = documents(base)
        questions = drawn(listed)
        if wanted.profile:
            profiled(base, questions)
            return
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {wanted.rounds} rounds")
        print(f"{len(listed)} recommendations, {len(questions)} questions")
        pages: dict[str, Page] = {"kb": lambda one: found_by_kb(base, one)}
        if wanted.whoosh:
            other = by_whoosh(home)
            pages["kb by whoosh"] = lambda one: found_by_kb(other, one)
        compare(pages, listed, questions, wanted.rounds, Path(folder))
        print(f"memory of a searching process: {memory(home, questions, Path(folder)):.0f} MiB")


def by_whoosh(home: Path) -> KnowledgeBase:
    """The same knowledge base with the other engine."""
    base = KnowledgeBase.open(home)
    opened = base.index
    opened.engine = open_engine("whoosh", opened.generation.folder, opened.records)
    return base


def compare(
    own: dict[str, Page],
    listed: list[Document],
    questions: list[Question],
    rounds: int,
    folder: Path,
) -> None:
    """Ask every engine all questions, round after round, and print medians by kind."""
    with peers(folder, listed) as others:
        pages = own | {other.name: lambda one, by=other: by.page(one).total for other in others}
        for name, page in pages.items():
            found = statistics.mean(page(one) for one in questions)
            print(f"{name} finds {found:.0f} on average")
        taken = [
            {name: [seconds(page, one) for one in questions] for name, page in pages.items()}
            for _ in range(rounds)
        ]
    for kind in ("all", *dict.fromkeys(one.kind for one in questions)):
        chosen = [at for at, one in enumerate(questions) if kind in ("all", one.kind)]
        for share in (50, 95):
            told(f"{kind} p{share}", {name: of(taken, name, chosen, share) for name in pages})


def of(
    taken: list[dict[str, list[float]]], name: str, chosen: list[int], share: int
) -> list[float]:
    """A percentile of these questions' times, round by round."""
    times = [[one[name][at] for at in chosen] for one in taken]
    return [statistics.quantiles(one, n=100, method="inclusive")[share - 1] for one in times]


def told(what: str, taken: dict[str, list[float]]) -> None:
    """Print one line: milliseconds of each, and the ratios of kb to the others."""
    line = f"{what:14}"
    for name, times in taken.items():
        line += f"  {name} {statistics.median(times) * 1000:7.2f} ms"
        if name != "kb":
            ratios = [own / other for own, other in zip(taken["kb"], times, strict=True)]
            line += f" (ratio {statistics.median(ratios):.3f})"
    print(line)


def seconds(page: Page, question: Question) -> float:
    """Seconds of the processor for one page."""
    start = time.process_time()
    page(question)
    return time.process_time() - start


def found_by_kb(base: KnowledgeBase, question: Question) -> int:
    """The page of `kb search`; how many it finds."""
    text, filters = asked(question)
    return base.search(text, facets=FACETS, **filters).total


def asked(question: Question) -> tuple[str, dict[str, Any]]:
    """A question in the query language, with its filters."""
    text = " ".join(question.words)
    text = {"phrase": f'"{text}"', "prefix": f"{text}*"}.get(question.kind, text)
    filters: dict[str, Any] = {name: list(values) for name, values in question.filters}
    if "year" in filters:
        filters["year"] = f"{min(filters['year'])}..{max(filters['year'])}"
    return text, filters


def memory(home: Path, questions: list[Question], folder: Path) -> float:
    """The highest resident memory, in MiB, of a process that only searches."""
    file = folder / "questions.json"
    file.write_text(json.dumps([asked(one) for one in questions]), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(home), str(file), ",".join(FACETS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout) / 1024


def profiled(base: KnowledgeBase, questions: list[Question]) -> None:
    """Print what took most of the time."""
    for _ in range(2):
        profile = cProfile.Profile()
        profile.runcall(lambda: [found_by_kb(base, one) for one in questions])
    pstats.Stats(profile).sort_stats("tottime").print_stats(35)


if __name__ == "__main__":
    main()
