"""What the duplicate check learns from: judged pairs of the starter, practice pairs, people's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kb.corpus import Corpus, standing
from kb.library.home import starter_home
from kb.library.sources import Sources, corrected_rows, judgements_written, shown_reviews
from kb.library.starter import elsewhere, is_test_review, judged_pairs, practice_pairs
from kb.model import PairJudgement, Review
from kb.text.normalise import digest
from kb.text.tokens import tokenise

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase
    from kb.library.keeping import Model
    from kb.similarity.scorer import Scorer
    from kb.similarity.sentences import Sentences
    from kb.tagging.combine import Tagger

PRACTICE_WEIGHT = 0.3  # written to be hard, and judged by no second reader
ELSEWHERE_WEIGHT = 0.6
PERSON_WEIGHT = 2.0
LEAST_THEMES = 10  # fewer learnt ones place a text too roughly to learn from


@dataclass(frozen=True, order=True)
class TaughtPair:
    """Two texts, what is known of them, and how much that counts."""

    a: str
    b: str
    kind: str
    weight: float
    strength: str = ""


def taught_pairs(sources: Sources) -> list[TaughtPair]:
    """Everything that the scorer learns from, in order; never a pair of the starter's test set.

    The starter's pairs and practice pairs are those beside the corpus, else the shipped ones; where
    a person judged the same two texts, that stands alone.
    """
    reviews = shown_reviews(sources.corpus, sources.settings)
    people_s = _people_s(sources, reviews)
    decided = {frozenset((pair.a, pair.b)) for pair in people_s}
    pairs = _beside(sources.corpus, _texts(sources, reviews))
    has_own = judged_pairs(sources.corpus.folder) or practice_pairs(sources.corpus.folder)
    if not has_own and sources.settings.learn_from_starter:
        starter = Corpus(starter_home() / "corpus")
        pairs += _beside(starter, _texts(sources, shown_reviews(starter, sources.settings)))
    pairs = [*people_s, *(p for p in pairs if frozenset((p.a, p.b)) not in decided)]
    return sorted(pair for pair in set(pairs) if tokenise(pair.a) and tokenise(pair.b))


def taught_elsewhere(sources: Sources) -> list[str]:
    """Texts on something else, beside the corpus or shipped; none of those to measure on."""
    corpora = [sources.corpus.folder]
    if sources.settings.learn_from_starter:
        corpora.append(starter_home() / "corpus")
    found = next(filter(None, map(elsewhere, corpora)), [])
    return sorted({one.text for one in found if one.used == "learning" and tokenise(one.text)})


def can_learn(tagger: Tagger) -> bool:
    """Whether the themes that are learnt here place a text well enough to learn from pairs."""
    return tagger.classifier is not None and len(tagger.classifier.theme_ids) >= LEAST_THEMES


@dataclass(frozen=True)
class Taught:
    """Everything that a scorer is learnt from: pairs, and texts from elsewhere."""

    pairs: Sequence[TaughtPair]
    elsewhere: Sequence[str] = ()

    @classmethod
    def by(cls, sources: Sources) -> Taught:
        """What these sources teach."""
        return cls(taught_pairs(sources), taught_elsewhere(sources))

    @property
    def texts(self) -> list[str]:
        """The texts of the pairs, sorted, then those from elsewhere."""
        return [
            *sorted({text for pair in self.pairs for text in (pair.a, pair.b)}),
            *self.elsewhere,
        ]

    def version(self, tagger_version: str, program: str) -> str:
        """The digest of all that a scorer is learnt from, in 16 hexadecimal digits."""
        pairs = [[p.a, p.b, p.kind, p.weight] for p in self.pairs]
        said = [program, tagger_version, pairs, list(self.elsewhere)]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def learn(
    model: Model,
    taught: Taught,
    version: str,
    *,
    before: Path | None,
    tell: Callable[[str, int, int], None],
) -> Scorer:
    """The scorer that these pairs teach, else the one whose weights are set by hand.

    The texts' sentence vectors, where there are any, stay in the model's folder; those in the
    folder of the model ``before`` are not made again.
    """
    from kb.library.laying import lessons
    from kb.similarity.learning import LEAST_LESSONS, learn_scorer
    from kb.similarity.scorer import DEFAULT_SCORER

    found = None
    if len(taught.pairs) >= LEAST_LESSONS:
        sentences = _sentences(model, taught.texts, before, tell)

        def told(done: int, of: int) -> None:
            tell("learning repeats", done, of)

        read, field = lessons(
            model.folder, model.sources, model.tagger, taught, sentences, tell=told
        )
        found = learn_scorer(read, version, field)
    return found or replace(DEFAULT_SCORER, version=version)


def _sentences(
    model: Model, texts: Sequence[str], before: Path | None, tell: Callable[[str, int, int], None]
) -> Sentences | None:
    from kb.similarity.sentences import Sentences, write_sentences

    chosen = model.sources.sentence_model
    if chosen is None:
        return None

    def progress(done: int, of: int) -> None:
        tell("reading sentences to learn from", done, of)

    write_sentences(model.folder, texts, chosen, before, progress)
    return Sentences.open(model.folder)


def pair_judgements(corpus: Corpus) -> tuple[PairJudgement, ...]:
    """What people said of pairs, the oldest first; no other line of the file is parsed.

    They are read once as long as their file is the same.
    """
    written = judgements_written(corpus)
    return () if written is None else _pair_judgements(corpus.folder, written)


@lru_cache(maxsize=2)
def _pair_judgements(folder: Path, written: tuple[int, int, int]) -> tuple[PairJudgement, ...]:
    del written
    data = Corpus(folder).judgements_data()
    lines = [line for line in data.split(b"\n") if b'"digest_a"' in line]
    told = [one for one in standing(b"\n".join(lines)) if isinstance(one, PairJudgement)]
    return tuple(sorted(told, key=lambda one: one.when))


def judged_rows(base: KnowledgeBase, text: str) -> dict[int, bool]:
    """The rows of which a person said whether they ask the same as this very text."""
    own = digest(text)
    latest: dict[int, bool] = {}
    for one in pair_judgements(base.corpus):
        for ours, other, theirs in (
            (one.digest_a, one.b, one.digest_b),
            (one.digest_b, one.a, one.digest_a),
        ):
            row = base.index.records.row(other) if ours == own else None
            if row is not None and digest(base.index.similarity.facts(row).text) == theirs:
                latest[row] = one.same
    return latest


def _texts(sources: Sources, reviews: Iterable[Review]) -> dict[str, str]:
    """The recommendations of reviews that may be learnt from, by id: not the starter's test set."""
    of_starter = set(Corpus(starter_home() / "corpus").review_ids())
    return {
        review.recommendation_id(recommendation.position): recommendation.text
        for review in reviews
        if not (review.id in of_starter and is_test_review(review.id))
        for _, recommendation in corrected_rows(review, sources.agencies)
    }


def _people_s(sources: Sources, reviews: Sequence[Review]) -> list[TaughtPair]:
    """What people last said of each pair, as long as both texts are those that they judged."""
    texts = _texts(sources, reviews)
    latest: dict[frozenset[str], TaughtPair] = {}
    for one in pair_judgements(sources.corpus):
        a, b = texts.get(one.a), texts.get(one.b)
        if a and b and (digest(a), digest(b)) == (one.digest_a, one.digest_b):
            kind = "repeat" if one.same else "near-miss"
            latest[frozenset(one.about)] = TaughtPair(a, b, kind, PERSON_WEIGHT)
    return list(latest.values())


def _beside(corpus: Corpus, texts: Mapping[str, str]) -> list[TaughtPair]:
    """The pairs that lie beside a corpus, none of them untouched."""
    pairs = [
        TaughtPair(
            pair.text or texts[pair.a or ""], texts[pair.b], pair.kind, 1.0, pair.strength or ""
        )
        for pair in judged_pairs(corpus.folder)
        if not pair.is_test and pair.b in texts and (pair.text or pair.a in texts)
    ]
    return pairs + [
        TaughtPair(pair.a_text, pair.b_text, pair.kind, PRACTICE_WEIGHT, pair.strength or "")
        for pair in practice_pairs(corpus.folder)
    ]
