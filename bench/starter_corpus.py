"""What the starter corpus is made of, and how much of it the rules alone can see.

Prints how long its recommendations are, how they begin, how often each theme stands, how the
judged pairs are spread, and the share that names its subject without a word that a rule knows.
With ``--lot SEED`` it draws five recommendations from each tenth of the corpus to be read aloud:

    python bench/starter_corpus.py [--lot SEED]
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from kb import KnowledgeBase
from kb.library.sources import by_recommendation
from kb.library.starter import is_test_review, judged_pairs
from kb.tagging.judged import settled
from kb.tagging.rules import RuleSet

ROOT = Path(__file__).resolve().parents[1]
_FORMS = (
    ("That …", re.compile(r"That\b")),
    ("For consideration / It is recommended", re.compile(r"(?:For|It is|Consideration)\b.{0,60}")),
    ("… should / must …", re.compile(r".*?\b(?:should|must|ought|needs? to|shall)\b", re.DOTALL)),
    ("… to …", re.compile(r"(?:\S+ ){1,12}?to (?:be )?[a-z]+")),
)


def main() -> None:
    """Count and print, or draw the lot."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lot", type=int, metavar="SEED", help="draw five from each tenth")
    seed = parser.parse_args().lot
    base = KnowledgeBase.open(ROOT)
    reviews = list(base.corpus.reviews())
    texts = {
        r.recommendation_id(one.position): one.text for r in reviews for one in r.recommendations
    }
    if seed is not None:
        draw(texts, seed)
        return
    print(f"{len(reviews)} reviews, {len(texts)} recommendations")
    listed("kinds", Counter(review.kind or "?" for review in reviews))
    listed("years", Counter(str(review.year.value) for review in reviews))
    listed("publication", Counter(review.publication for review in reviews))
    listed("sectors", Counter(a.sector for r in reviews for one in r.recommendations
                              for a in one.lead_agencies))  # fmt: skip
    listed("statuses", Counter(str(one.status.value) for r in reviews for one in r.recommendations))
    several = sum(len(one.actions) > 1 for r in reviews for one in r.recommendations)
    print(f"with several actions: {several}")
    lengths(texts.values())
    listed("forms", Counter(form(text) for text in texts.values()))
    verdicts = {i: settled(js).yes for i, js in by_recommendation(base.corpus).items()}
    themes(verdicts, [theme.id for theme in base.taxonomy.themes()])
    seen_by_rules(texts, verdicts, RuleSet.of(base.taxonomy, base.abbreviations))
    pairs = judged_pairs(base.corpus.folder)
    for part, is_test in (("pairs for training", False), ("untouched pairs", True)):
        chosen = [one for one in pairs if one.is_test is is_test]
        listed(part, Counter(" ".join(filter(None, (p.kind, p.strength))) for p in chosen))


def draw(texts: Mapping[str, str], seed: int) -> None:
    """Five recommendations from each tenth of the corpus, in the order of their ids."""
    ids = sorted(texts)
    chance = random.Random(seed)
    for tenth in range(10):
        part = ids[tenth * len(ids) // 10 : (tenth + 1) * len(ids) // 10]
        for identity in chance.sample(part, 5):
            print(f"{identity}: {texts[identity]}\n")


def listed(name: str, counts: Counter[str]) -> None:
    """One line of counts, the most frequent first."""
    print(f"{name}: " + ", ".join(f"{key} {count}" for key, count in counts.most_common()))


def lengths(texts: Iterable[str]) -> None:
    """The words of a recommendation."""
    words = [len(text.split()) for text in texts]
    print(
        f"words: {min(words)} to {max(words)}, median {statistics.median(words):.0f},"
        f" over 45: {share(sum(w > 45 for w in words), len(words))},"
        f" under 14: {share(sum(w < 14 for w in words), len(words))}"
    )


def form(text: str) -> str:
    """How a recommendation is put, roughly: by its first words."""
    return next((name for name, pattern in _FORMS if pattern.match(text)), "another")


def themes(verdicts: Mapping[str, frozenset[str]], theme_ids: list[str]) -> None:
    """How often each theme stands, and how many themes a recommendation has."""
    counts = Counter(theme for yes in verdicts.values() for theme in yes)
    listed("themes", Counter({theme: counts[theme] for theme in theme_ids}))
    listed("themes a recommendation", Counter(str(len(yes)) for yes in verdicts.values()))


def seen_by_rules(
    texts: Mapping[str, str], verdicts: Mapping[str, frozenset[str]], rules: RuleSet
) -> None:
    """How many a rule finds no theme of, and how many have a rule's word without its theme."""
    for part, is_test in (("training", False), ("test set", True)):
        chosen = [i for i in texts if is_test_review(i.rpartition("/")[0]) is is_test]
        hits = rules.of_many([texts[i] for i in chosen])
        found = {i: {hit.theme for hit in met} for i, met in zip(chosen, hits, strict=True)}
        themed = [i for i in chosen if verdicts.get(i)]
        tags = [(i, theme) for i in themed for theme in verdicts[i]]
        unnamed = sum(not found[i] & verdicts[i] for i in themed)
        missed = sum(not verdicts[i] <= found[i] for i in themed)
        setting = sum(bool(found[i] - verdicts.get(i, frozenset())) for i in chosen)
        print(
            f"{part}: {len(chosen)} recommendations; no theme named in a rule's words:"
            f" {share(unnamed, len(themed))}; at least one theme not so named:"
            f" {share(missed, len(themed))} (of all {len(tags)} tags"
            f" {share(sum(theme not in found[i] for i, theme in tags), len(tags))});"
            f" a rule's words without its theme: {share(setting, len(chosen))}"
        )


def share(part: int, whole: int) -> str:
    """A share in per cent with its counts."""
    return f"{100 * part / max(whole, 1):.1f}% ({part} of {whole})"


if __name__ == "__main__":
    main()
