"""How long is the search page for 16 people at once, beside Datasette serving the same?

`kb serve` on a whole knowledge base of UPR recommendations (`kb build`, the shipped taxonomy, a
value for every filter), and Datasette over SQLite FTS5 (`web_datasette.py`: a canned query that
gives the same page, and its own page of a table with its own facets, which is not the same page).
16 clients, threads of this process with a connection each, ask over loopback; the 200 questions are
drawn as in `bench/search.py`. In each round every server answers all questions once, one server
after the other, and what is printed are medians over the rounds. At the end, what every page of
`kb serve` weighs, and what it loads; where that is too much the last line says so.

    python bench/web.py [--size 17259] [--rounds 5] [--base DIR] [--workers N] [--only-weight]

Milliseconds are on the clock, as people wait; those of processors are the servers' own, and
depend less on what else runs. `--base` keeps the knowledge base there, and takes it from there.
It needs `pip install datasette`, and Linux.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

from search import asked
from search_base import documents
from search_peers import Question
from search_questions import SEED, drawn
from web_base import build_whole
from web_datasette import Pages
from web_servers import CLIENTS, Round, Server, datasette, kb
from web_weight import weigh

from kb import KnowledgeBase

KB = "kb serve"
Ask = Callable[[list[Question]], Round]


def main() -> None:
    """Build, ask and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=int, default=17_259)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--base", type=Path, help="where the knowledge base is or shall be kept")
    parser.add_argument("--workers", type=int, default=0, help="of kb serve, where not its own")
    parser.add_argument("--only-weight", action="store_true", help="ask for each page once")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = wanted.base or Path(folder) / "base"
        if not home.exists():
            build_whole(home, wanted.size)
        base = KnowledgeBase.open(home)
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load()}")
        if not wanted.only_weight:
            compare(base, Path(folder), wanted.rounds, wanted.workers)
        with kb(home, "/search", wanted.workers) as server:
            weigh(server.port)


def compare(base: KnowledgeBase, folder: Path, rounds: int, workers: int) -> None:
    """Start the servers, ask them in turn, and print."""
    listed = documents(base)
    questions = drawn(listed)
    print(f"{len(listed)} recommendations, {len(questions)} questions, {CLIENTS} clients")
    pages = Pages(folder, base, listed)
    with ExitStack() as running:
        ours = running.enter_context(kb(base.home, address(questions[0]), workers))
        theirs = running.enter_context(datasette(pages.options(), pages.canned(questions[0])))
        before = ours.memory(), theirs.memory()
        asks: dict[str, Ask] = {
            KB: asking(ours, address),
            "Datasette, canned query": asking(theirs, pages.canned),
            "Datasette, its facets": asking(theirs, pages.table),
        }
        taken = all_rounds(asks, questions, rounds)
        for name, results in taken.items():
            told(name, results, taken[KB])
        for name, server, held in zip((KB, "Datasette"), (ours, theirs), before, strict=True):
            print(
                f"{name}: first page {server.start:.1f} s after its start; {held:.0f} MiB then,"
                f" {server.memory():.0f} MiB after all"
            )
    print(f"load {load()}")


def all_rounds(
    asks: dict[str, Ask], questions: list[Question], rounds: int
) -> dict[str, list[Round]]:
    """Each server's rounds, in turn, after one in which everything gets warm."""
    chance = random.Random(SEED)
    taken: dict[str, list[Round]] = {name: [] for name in asks}
    for number in range(rounds + 1):
        order = chance.sample(questions, len(questions))
        for name, ask in asks.items():
            result = ask(order)
            if number:
                taken[name].append(result)
    return taken


def asking(server: Server, page: Callable[[Question], str]) -> Ask:
    """One round of a server."""
    return lambda questions: server.ask([page(one) for one in questions])


def address(question: Question) -> str:
    """The page of `kb serve`."""
    text, filters = asked(question)
    first, _, last = str(filters.pop("year", "")).partition("..")
    years = {"from": first, "to": last} if first else {}
    return f"/search?{urlencode({'q': text, **filters, **years}, doseq=True)}"


def told(name: str, taken: list[Round], own: list[Round]) -> None:
    """Print one line: how long people waited, and the ratio of kb to it round by round."""
    line = f"{name:24}"
    for share in (50, 95):
        line += f" p{share} {statistics.median(waited(one, share) for one in taken) * 1000:7.1f} ms"
        if taken is not own:
            pairs = zip(own, taken, strict=True)
            ratios = [waited(one, share) / waited(other, share) for one, other in pairs]
            line += f" (ratio {statistics.median(ratios):.3f})"
    pages = len(taken[0].answers)
    each = statistics.median(one.processor for one in taken) / pages * 1000
    print(
        f"{line}  {pages / statistics.median(one.clock for one in taken):6.1f} pages/s"
        f"  {each:6.1f} ms of processors"
        f"  {statistics.mean(answer.size for answer in taken[0].answers) / 1000:.1f} KB"
    )


def waited(result: Round, share: int) -> float:
    """A percentile of the seconds that pages took in a round."""
    times = [answer.seconds for answer in result.answers]
    return statistics.quantiles(times, n=100, method="inclusive")[share - 1]


def load() -> str:
    """What else runs here: the processes that wanted a core, on average of a minute."""
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
