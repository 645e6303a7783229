"""How long learning and tagging take, beside a plain pipeline of scikit-learn on the same texts.

The judged recommendations of the starter corpus (its training part) are learnt by `Tagger.learn`
with the shipped taxonomy, and by `TfidfVectorizer() + OneVsRestClassifier(LogisticRegression())`
with the same labels; then the themes of many texts are decided by `Tagger.decide`, decided and
explained by `Tagger.tag`, and predicted by the pipeline's `predict_proba`:

    python bench/tagging.py [--texts 100000] [--rounds 3] [--profile]

The texts to be tagged are the recommendations of the UPR where `../shared` has them (or
`DHR_SHARED` names it), else the starter's, in turn until they are enough. Each round times both
sides, in seconds of the processor, those of forked processes with them, and on the clock, which a
busy machine makes unsteady.
"""

from __future__ import annotations

import argparse
import cProfile
import csv
import itertools
import os
import platform
import pstats
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kb import KnowledgeBase
from kb.library.sources import by_recommendation
from kb.library.starter import parts
from kb.tagging.combine import Tagger
from kb.tagging.learning import LearningText, judged_texts

ROOT = Path(__file__).resolve().parents[1]
UPR = Path("data/upr/upr_sessions_01_10.csv")
MOST_JUDGED = 1_200
STEPS = {
    "learning": ("learning",),
    "deciding": ("deciding",),
    "tagging": ("tagging",),
    "learning, deciding": ("learning", "deciding"),
    "learning, tagging": ("learning", "tagging"),
}
Seconds = tuple[float, float]  # of the processor, on the clock


def main() -> None:
    """Learn, tag and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="store_true", help="tell where the time of kb goes")
    wanted = parser.parse_args()
    base = KnowledgeBase.open(ROOT)
    judged = training(base)
    texts = to_tag(base, wanted.texts)
    length = statistics.mean(len(text) for text in texts)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {wanted.rounds} rounds")
    print(f"{len(judged)} judged texts; {len(texts)} to tag, of {length:.0f} characters on average")
    if wanted.profile:
        profiled(base, judged, texts)
        return
    taken: dict[str, list[dict[str, Seconds]]] = {"plain": [], "kb": []}
    for _ in range(wanted.rounds):
        taken["plain"].append(plain(judged, texts))
        taken["kb"].append(ours(base, judged, texts))
    print(f"{'median seconds':18}{'processor':>13}{'':14}{'clock':>9}")
    print(f"{'':18}" + f"{'plain':>9}{'kb':>9}{'ratio':>9}" * 2)
    for title, steps in STEPS.items():
        told(title, *(medians(taken[name], steps) for name in taken))


def medians(rounds: list[dict[str, Seconds]], steps: Sequence[str]) -> list[float]:
    """The medians of the sum of some steps, of the processor and on the clock."""
    return [
        statistics.median(sum(one[step][at] for step in steps) for one in rounds) for at in (0, 1)
    ]


def told(title: str, peer: list[float], own: list[float]) -> None:
    """Print one line of the table."""
    pairs = zip(peer, own, strict=True)
    print(f"{title:18}" + "".join(f"{a:9.2f}{b:9.2f}{b / a:9.2f}" for a, b in pairs))


def training(base: KnowledgeBase) -> list[LearningText]:
    """The judged recommendations of the starter outside its test set."""
    texts = {
        review.recommendation_id(one.position): one.text
        for review in base.corpus.reviews()
        for one in review.recommendations
    }
    return judged_texts(texts, parts(by_recommendation(base.corpus)).training)[:MOST_JUDGED]


def to_tag(base: KnowledgeBase, count: int) -> list[str]:
    """So many texts."""
    path = Path(os.environ.get("DHR_SHARED", ROOT.parent / "shared")) / UPR
    if path.exists():
        csv.field_size_limit(sys.maxsize)
        with path.open(encoding="utf-8-sig", newline="") as file:
            texts = [row["Text"] for row in csv.DictReader(file)]
    else:
        print("no UPR texts here: the starter's recommendations instead")
        texts = [one.text for review in base.corpus.reviews() for one in review.recommendations]
    return list(itertools.islice(itertools.cycle(texts), count))


def plain(judged: list[LearningText], texts: list[str]) -> dict[str, Seconds]:
    """Seconds of fitting, and of predicting beside both deciding and tagging."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MultiLabelBinarizer

    labels = MultiLabelBinarizer().fit_transform([sorted(text.yes) for text in judged])
    pipeline = make_pipeline(TfidfVectorizer(), OneVsRestClassifier(LogisticRegression()))
    learning = seconds(lambda: pipeline.fit([text.text for text in judged], labels))
    predicting = seconds(lambda: pipeline.predict_proba(texts))
    return {"learning": learning, "deciding": predicting, "tagging": predicting}


def ours(base: KnowledgeBase, judged: list[LearningText], texts: list[str]) -> dict[str, Seconds]:
    """Seconds of each step; compiling the rules is part of learning."""
    learnt: list[Tagger] = []
    learning = seconds(
        lambda: learnt.append(Tagger.learn(base.taxonomy, base.abbreviations, judged))
    )
    return {
        "learning": learning,
        "deciding": seconds(lambda: learnt[0].decide(texts)),
        "tagging": seconds(lambda: learnt[0].tag(texts)),
    }


def seconds(work: Callable[[], Any]) -> Seconds:
    """Seconds of the processor, in this process and those that it ended, and on the clock."""
    start, begun = sum(os.times()[:4]), time.perf_counter()
    work()
    on_clock = time.perf_counter() - begun
    return sum(os.times()[:4]) - start, on_clock


def profiled(base: KnowledgeBase, judged: list[LearningText], texts: list[str]) -> None:
    """Print what took most of the time in this process, each step apart."""
    learnt: list[Tagger] = []
    for step, work in (
        (
            "learning",
            lambda: learnt.append(Tagger.learn(base.taxonomy, base.abbreviations, judged)),
        ),
        ("deciding", lambda: learnt[0].decide(texts)),
        ("tagging", lambda: learnt[0].tag(texts)),
    ):
        profile = cProfile.Profile()
        profile.runcall(work)
        print(f"\n{step}")
        pstats.Stats(profile).sort_stats("cumulative").print_stats("kb|sklearn|re2|pydantic", 30)


if __name__ == "__main__":
    main()
