"""Checking and repeated learning: how long, beside a fuzzy match over all texts and beside a build?

A knowledge base of UPR recommendations, twenty to a review, is built by `kb build` (learning the
model apart) and kept with `--base`. Then, in the same run:

- one text against all, `KnowledgeBase.check`, beside `rapidfuzz.process.extract` with
  `token_set_ratio` over the same texts;
- as whole processes, `kb check` of one text, of a draft of thirty, and `kb repeated` from nothing,
  beside the build.

    python bench/checking.py [--size 17259] [--rounds 3] [--base DIR] [--profile]

Seconds of the processor, those on the clock in brackets; medians of the rounds.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import platform
import pstats
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from building import BUILD, Taken, build, prepare, timed, write_corpus
from upr import SEED

from kb import KnowledgeBase

A_DRAFT = 30


def main() -> None:
    """Build where that is wanted, time and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=int, default=17_259)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--base", type=Path, help="where the knowledge base is or shall be kept")
    parser.add_argument("--profile", action="store_true", help="tell where the time of kb goes")
    wanted = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {wanted.rounds} rounds")
    with tempfile.TemporaryDirectory() as folder:
        place = wanted.base or Path(folder)
        built = None if (place / "home").exists() else made(place, wanted.size)
        texts = json.loads((place / "texts.json").read_text("utf-8"))
        asked = random.Random(SEED).sample(texts, A_DRAFT)
        base = KnowledgeBase.open(place / "home")
        if wanted.profile:
            profiled(base, asked)
            return
        print(f"{len(texts)} recommendations")
        in_one_process(base, texts, asked, wanted.rounds)
        as_processes(place, asked, built, wanted.rounds)


def made(place: Path, size: int) -> Taken:
    """Build the knowledge base; the build without its learning."""
    place.mkdir(exist_ok=True)
    shutil.rmtree(place / "learnt", ignore_errors=True)
    prepare(place, size)
    build(place)
    write_corpus(place, size)
    return build(place)


def in_one_process(base: KnowledgeBase, texts: list[str], asked: list[str], rounds: int) -> None:
    """Print the milliseconds of one check beside those of rapidfuzz, warm."""
    from rapidfuzz.fuzz import token_set_ratio
    from rapidfuzz.process import extract

    base.check(asked[-1])
    chance, ratios = random.Random(SEED + 1), []
    for _ in range(rounds):
        few = chance.sample(texts, A_DRAFT // 3)  # others each time: what was read before is kept
        kb = statistics.mean(seconds(lambda text=text: base.check(text)) for text in few)  # type: ignore[misc]
        fuzzy = statistics.mean(
            seconds(lambda text=text: extract(text, texts, scorer=token_set_ratio))  # type: ignore[misc]
            for text in few
        )
        ratios.append(kb / fuzzy)
        print(f"one check {kb * 1000:.1f} ms, rapidfuzz {fuzzy * 1000:.1f} ms, {kb / fuzzy:.4f}")
    print(f"median ratio {statistics.median(ratios):.4f} (the goal: 0.05)")


def as_processes(place: Path, asked: list[str], built: Taken | None, rounds: int) -> None:
    """Print what whole commands take."""
    drafts = place / "drafts.jsonl"
    lines = [json.dumps({"id": str(at), "text": text}) for at, text in enumerate(asked)]
    drafts.write_text("\n".join(lines) + "\n", "utf-8")
    home = ("--home", str(place / "home"))
    steps = {
        "kb check TEXT": ("check", asked[0], "--json"),
        f"kb check, a draft of {A_DRAFT}": ("check", "--file", str(drafts), "--json"),
        "kb repeated": ("repeated", "-o", str(place / "repeated.json")),
    }
    if built:
        print(told("kb build", [built]))
    for step, words in steps.items():
        print(told(step, [timed(BUILD, *home, *words) for _ in range(rounds)]))
    found = json.loads((place / "repeated.json").read_text("utf-8"))["denominators"]
    print(f"repeated: {found}")


def told(step: str, taken: list[Taken]) -> str:
    """One line: medians of seconds and memory."""
    clock, processor, memory = (statistics.median(part) for part in zip(*taken, strict=True))
    return f"{step:26}{processor:8.2f} s ({clock:8.2f} s){memory / 2**20:7.0f} MiB"


def seconds(work: Callable[[], Any]) -> float:
    """Seconds of the processor in this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def profiled(base: KnowledgeBase, asked: list[str]) -> None:
    """Print what took most of the time, checking and grouping apart."""
    base.check(asked[-1])
    for work in (lambda: [base.check(text) for text in asked], base.repeated):
        profile = cProfile.Profile()
        profile.runcall(work)
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    main()
