"""How well the duplicate check tells repeats from near-misses, beside four plain measures.

Every measure scores the same judged pairs. Its border of ``duplicate`` is the lowest score that
surely no more than 2 in 100 near-misses reach, judged by those of the training pairs (the upper end
of Wilson's interval); the check's own borders were set by the same rule when it learnt. Printed:
average precision, precision and recall of ``duplicate``, near-misses called so, with 95 % intervals
(Wilson's), recall by strength of rewording; then the stored original's place when the other text is
checked against the whole base without its own review, and how often a text that is judged to
repeat nothing gets any ``duplicate`` there:

    python bench/duplicates.py [--test] [--mistakes N] [--mrpc]

Without ``--test``: on training pairs, each scored by a model that saw neither text (five folds;
the tags of the starter's texts are those of the whole model, which saw them). With it: on the
untouched pairs, by the model of the index. ``--mrpc`` adds the Microsoft Research Paraphrase Corpus
of ``../shared`` (or where ``DHR_SHARED`` names it). `pip install datasketch` for MinHash. Where the
extra ``semantic`` was there at `kb build`, the check has its sentence vectors, here too.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import vstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import average_precision_score

from kb import KnowledgeBase
from kb.intervals import wilson
from kb.library.compiled import MODEL
from kb.library.laying import lessons
from kb.library.lessons import PRACTICE_WEIGHT, Taught, TaughtPair, taught_elsewhere, taught_pairs
from kb.library.starter import JudgedPair, elsewhere, is_test_review, judged_pairs
from kb.similarity.learning import Lesson, border, folds_of, held_out_scores
from kb.similarity.sentences import Sentences, write_sentences

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("DHR_SHARED", ROOT.parent / "shared"))
STRENGTHS = ("light", "medium", "heavy")
NEW_TEXTS = 150
SEED = 7
Scores = NDArray[np.float64]
Measure = Callable[[Sequence[str], Sequence[str]], Scores]


@dataclass(frozen=True)
class Judged:
    """Pairs with their scores by one measure: float64[n], and whether each is a ``duplicate``."""

    pairs: Sequence[TaughtPair]
    scores: Scores
    called: NDArray[np.bool_]

    def told(self) -> str:
        """One row: average precision, precision, recall, false alarms, recall by strength."""
        kinds = np.array([pair.kind for pair in self.pairs])
        strengths = np.array([pair.strength for pair in self.pairs])
        same, near = kinds == "repeat", kinds == "near-miss"
        hits = self.called & same
        by_strength = " ".join(
            f"{100 * self.called[strengths == name].mean():3.0f}"
            for name in STRENGTHS
            if (strengths == name).any()
        )
        return (
            f"{average_precision_score(same, self.scores):.3f}"
            f"  {shared(hits.sum(), self.called.sum())}  {shared(hits.sum(), same.sum())}"
            f"  {shared((self.called & near).sum(), near.sum())}  {by_strength}"
        )


def shared(part: int, whole: int) -> str:
    """A share in per cent with its interval and counts."""
    found = wilson(int(part), int(whole))
    if found.value is None or found.low is None or found.high is None:
        return f"{'–':>5} {'':>22}"
    interval = f"[{100 * found.low:.1f}, {100 * found.high:.1f}]"
    return f"{100 * found.value:5.1f} {interval:>13} {part:>3}/{whole:<4}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--test", action="store_true", help="the untouched pairs")
    parser.add_argument("--mistakes", type=int, default=0, help="print so many of each sort")
    parser.add_argument("--mrpc", action="store_true", help="news sentences too")
    parser.add_argument("--pairs-only", action="store_true", help="leave out the whole base")
    chosen = parser.parse_args()
    base = KnowledgeBase.open(ROOT)
    training = taught_pairs(base.sources)
    pairs = untouched_pairs(base) if chosen.test else training
    measures = peers([pair.a for pair in training] + [pair.b for pair in training])
    own = held_out(base, training) if not chosen.test else by_index(base, pairs)
    parts = {"untouched pairs": pairs}
    if not chosen.test:
        parts = {
            "judged training pairs": [p for p in pairs if p.weight != PRACTICE_WEIGHT],
            "practice pairs": [p for p in pairs if p.weight == PRACTICE_WEIGHT],
        }
    for name, part in parts.items():
        print(f"\n{name}: {len(part)}")
        print("             AP     precision            recall               near-misses called"
              "   light medium heavy")  # fmt: skip
        print(f"check        {own.only(part).told()}")
        for measure, score in measures.items():
            print(f"{measure:12} {by_peer(score, training, part).told()}")
    if chosen.mistakes:
        mistakes(own, chosen.mistakes)
    if chosen.mrpc:
        news(base, measures)
    if not chosen.pairs_only:
        whole_base(base, measures, is_test=chosen.test)


@dataclass(frozen=True)
class Scored(Judged):
    """The check's own scores."""

    def only(self, part: Sequence[TaughtPair]) -> Judged:
        """Those of some of the pairs."""
        wanted = set(part)
        at = [i for i, pair in enumerate(self.pairs) if pair in wanted]
        return Judged([self.pairs[i] for i in at], self.scores[at], self.called[at])


def untouched_pairs(base: KnowledgeBase) -> list[TaughtPair]:
    """The judged pairs of which one stands in the test set."""
    text = {entry.id: entry.recommendation.text for entry in base.entries()}
    return [
        TaughtPair(
            pair.text or text[pair.a or ""], text[pair.b], pair.kind, 1.0, pair.strength or ""
        )
        for pair in judged_pairs(base.corpus.folder)
        if pair.is_test
    ]


def read_lessons(base: KnowledgeBase, pairs: Sequence[TaughtPair]) -> list[Lesson]:
    """The features of pairs, then of texts from elsewhere, laid as they are for learning."""
    taught = Taught(pairs, taught_elsewhere(base.sources))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        vectors = sentence_vectors(base, taught.texts, place)
        return lessons(place, base.sources, base.tagger, taught, vectors, tell=lambda *_: None)[0]


def sentence_vectors(base: KnowledgeBase, texts: Sequence[str], place: Path) -> Sentences | None:
    """The sentence vectors of these texts, written into a folder, where the extra is chosen."""
    model = base.sources.sentence_model
    if model is None:
        return None
    write_sentences(place, texts, model, base.index.generation.folder / MODEL, lambda *_: None)
    return Sentences.open(place)


def held_out(base: KnowledgeBase, pairs: Sequence[TaughtPair]) -> Scored:
    """Each training pair by a model that saw neither of its texts."""
    read = read_lessons(base, pairs)
    scores, scorers = held_out_scores(read, lambda *_: None)
    folds = folds_of(read)
    called = [
        scorers[fold].verdict(score) == "duplicate"
        for fold, score in zip(folds.tolist(), scores, strict=True)
    ]
    return Scored(pairs, np.array(scores[: len(pairs)]), np.array(called[: len(pairs)]))


def by_index(base: KnowledgeBase, pairs: Sequence[TaughtPair]) -> Scored:
    """Pairs by the model of the index."""
    scorer = base.index.similarity.scorer
    read = read_lessons(base, pairs)[: len(pairs)]
    scores = [scorer.score(lesson.features) for lesson in read]
    called = [scorer.verdict(score) == "duplicate" for score in scores]
    return Scored(pairs, np.array(scores), np.array(called))


def peers(texts: Sequence[str]) -> dict[str, Measure]:
    """The other measures by name; those of vectors know the frequencies of these texts."""
    return {
        "tf-idf words": cosine(TfidfVectorizer(sublinear_tf=True).fit(texts)),
        "tf-idf 3-5": cosine(
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True).fit(texts)
        ),
        "token_set": fuzzy("token_set_ratio"),
        "token_sort": fuzzy("token_sort_ratio"),
        **minhash(),
    }


def cosine(vectors: Any) -> Measure:
    """The cosine of two texts' vectors."""

    @lru_cache(maxsize=20_000)
    def vector(text: str) -> Any:
        return vectors.transform([text])

    def score(a: Sequence[str], b: Sequence[str]) -> Scores:
        sides = (vstack([vector(text) for text in texts]) for texts in (a, b))
        product = next(sides).multiply(next(sides))
        return np.asarray(product.sum(axis=1), dtype=np.float64).ravel()

    return score


def fuzzy(name: str) -> Measure:
    """A ratio of rapidfuzz, on lower case."""
    from rapidfuzz import fuzz

    ratio = getattr(fuzz, name)
    return lambda a, b: np.array([ratio(x.lower(), y.lower()) for x, y in zip(a, b, strict=True)])


def minhash() -> dict[str, Measure]:
    """Estimated Jaccard likeness of the sets of words, where datasketch is installed."""
    try:
        from datasketch import MinHash
    except ImportError:
        return {}

    @lru_cache(maxsize=10_000)
    def sketch(text: str) -> Any:
        made = MinHash(num_perm=128, seed=1)
        made.update_batch([word.encode() for word in set(text.lower().split())])
        return made

    return {
        "minhash": lambda a, b: np.array(
            [sketch(x).jaccard(sketch(y)) for x, y in zip(a, b, strict=True)]
        )
    }


def by_peer(measure: Measure, training: Sequence[TaughtPair], part: Sequence[TaughtPair]) -> Judged:
    """A peer's scores, its border set on the near-misses of the training pairs."""
    near = [pair for pair in training if pair.kind == "near-miss"]
    scores = measure([pair.a for pair in near], [pair.b for pair in near])
    edge = border(scores)
    found = measure([pair.a for pair in part], [pair.b for pair in part])
    return Judged(part, found, found >= edge)


def mistakes(own: Judged, count: int) -> None:
    """The near-misses with the highest scores, and the light and medium repeats with the lowest."""
    order = np.argsort(-own.scores, kind="stable").tolist()
    near = [at for at in order if own.pairs[at].kind == "near-miss"][:count]
    missed = [at for at in order[::-1] if own.pairs[at].strength in ("light", "medium")][:count]
    for title, chosen in (("near-misses that score highest", near), ("repeats, lowest", missed)):
        print(f"\n{title}")
        for at in chosen:
            pair = own.pairs[at]
            print(f"  {own.scores[at]:.2f} {pair.strength}\n    {pair.a}\n    {pair.b}")


def news(base: KnowledgeBase, measures: dict[str, Measure], most: int = 1_500) -> None:
    """Average precision on news sentences, where nobody asks anybody for anything."""
    path = SHARED / "data" / "pairs" / "mrpc" / "pairs.jsonl"
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line, _ in zip(file, range(most), strict=False)]
    pairs = [
        TaughtPair(row["a"], row["b"], "repeat" if row["label"] else "near-miss", 1.0)
        for row in rows
    ]
    same = [pair.kind == "repeat" for pair in pairs]
    own = by_index(base, pairs)
    print(f"\nMRPC, {len(pairs)} pairs: average precision")
    print(f"check        {average_precision_score(same, own.scores):.3f}")
    for name, measure in measures.items():
        scores = measure([pair.a for pair in pairs], [pair.b for pair in pairs])
        print(f"{name:12} {average_precision_score(same, scores):.3f}")


def whole_base(base: KnowledgeBase, measures: dict[str, Measure], *, is_test: bool) -> None:
    """The place of the stored original, and false alarms, against everything stored."""
    pairs = [pair for pair in judged_pairs(base.corpus.folder) if pair.is_test is is_test]
    entries = {entry.id: entry.recommendation.text for entry in base.entries()}
    repeats = [pair for pair in pairs if pair.kind == "repeat"]
    print(f"\nthe original's place among {len(entries)}: hit@1, hit@5")
    told("check", [place_of(base, entries, pair) for pair in repeats], repeats)
    for name, measure in measures.items():
        told(name, [place_by(measure, entries, pair) for pair in repeats], repeats)
    if not is_test:
        other_fields(base)
    for name, texts in new_texts(base, entries, pairs, is_test=is_test):
        verdicts = Counter(base.check(text, except_review=own).verdict for text, own in texts)
        called = shared(verdicts["duplicate"], len(texts))
        print(f"{name}: {called} get a duplicate ({dict(verdicts)})")


def told(name: str, places: Sequence[int], repeats: Sequence[JudgedPair]) -> None:
    """One row for each strength: how often the original stands first, and among five."""
    for strength in (*STRENGTHS, None):
        at = [i for i, pair in enumerate(repeats) if strength in (None, pair.strength)]
        first, five = (sum(places[i] <= most for i in at) for most in (1, 5))
        print(f"{name:12} {strength or 'all':7} {shared(first, len(at))}  {shared(five, len(at))}")


def own_review(pair: JudgedPair) -> str | None:
    """The review that ``a`` stands in, unless the original stands there too."""
    own = pair.a.rpartition("/")[0] if pair.a else None
    return None if own == pair.b.rpartition("/")[0] else own


def place_by(measure: Measure, entries: dict[str, str], pair: JudgedPair) -> int:
    """The place of ``b`` by a peer, among the same texts."""
    own = own_review(pair)
    names = [name for name in entries if name != pair.a and name.rpartition("/")[0] != own]
    draft = pair.text or entries[pair.a or ""]
    scores = measure([draft] * len(names), [entries[name] for name in names])
    return int((scores > scores[names.index(pair.b)]).sum()) + 1


def place_of(base: KnowledgeBase, entries: dict[str, str], pair: JudgedPair) -> int:
    """The place of ``b`` when ``a`` is checked without its own review; 99 where not among five."""
    draft = pair.text or entries[pair.a or ""]
    result = base.check(draft, except_review=own_review(pair), limit=6)
    found = [match.facts.id for match in result.matches if match.facts.id != pair.a]
    return found.index(pair.b) + 1 if pair.b in found else 99


def other_fields(base: KnowledgeBase) -> None:
    """What is answered to texts of other fields that nothing was learnt from."""
    texts = [one.text for one in elsewhere(base.corpus.folder) if one.used == "measuring"]
    verdicts = Counter(base.check(text).verdict for text in texts)
    print(f"texts of other fields: {dict(verdicts)} of {len(texts)}")


def new_texts(
    base: KnowledgeBase, entries: dict[str, str], pairs: Sequence[JudgedPair], *, is_test: bool
) -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """Texts that are judged to repeat nothing, each with its own review."""
    drafts = [p.text for p in pairs if p.text and p.kind in ("related", "unrelated")]
    yield "drafts judged related or unrelated", [(text, None) for text in drafts]
    every = judged_pairs(base.corpus.folder)
    repeated = {one for p in every if p.kind == "repeat" for one in (p.a, p.b)}
    alone = [
        (text, name.rpartition("/")[0])
        for name, text in sorted(entries.items())
        if name not in repeated and is_test_review(name.rpartition("/")[0]) is is_test
    ]
    chosen = random.Random(SEED).sample(alone, min(NEW_TEXTS, len(alone)))
    yield "texts of reviews in no judged repeat, their review left out", list(chosen)


if __name__ == "__main__":
    main()
