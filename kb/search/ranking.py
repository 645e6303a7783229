"""Best match: how well each recommendation answers a bag of words.

BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework") over field-weighted
counts, with the idf that Lucene uses, log(1 + (N − n + ½) / (n + ½)), which is never negative.
The best few are then put in order again by the small words of the query ("no", "before"), by how
near its other words stand, and by company: words that several of the first ten have in common
(pseudo-relevance feedback, Rocchio 1971, held to what matches anyway).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kb.index.columns import Mask
from kb.index.kept import Kept
from kb.index.manifest import unreadable
from kb.index.postings import Postings
from kb.search.compounds import ways
from kb.search.query import Term
from kb.search.spelling import stem
from kb.search.synonyms import concept, kin
from kb.text.abbreviations import Abbreviations
from kb.text.tokens import STOP_WORDS

# How much a word counts by where it stands: people look for what was recommended.
FIELD_WEIGHTS = {
    "text": 1.0,
    "heading": 1.0,
    "agency": 0.3,
    "title": 0.2,
    "action": 0.3,
    "outcome": 0.2,
}

# Chosen on Cranfield, confirmed on CACM (docs/search.md gives the figures).
B = 0.75
K1 = 1.8
NEARNESS = 0.2
NEAR = 2
RERANKED = 256
PAIRS = 32
SMALL_WORDS = 0.2
BEST = 10
SHARED_BY = 3
COMPANIONS = 20
COMPANY = 0.1
RAISES = ("small words", "words close together", "words in common with the best")

# An abbreviation's other forms, and those of the body that took its place, count less. The words
# of a long form count by themselves as well.
LONG_FORM = 0.5
SAME_CONCEPT = 0.8
KIN_CONCEPT = 0.5

_REMEMBERED = 8  # bags of words: who matches them is asked apart from how well

Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Matches:
    """Which rows match and how well: two arrays of shape (rows,)."""

    mask: Mask
    scores: Scores


@dataclass(frozen=True)
class Sought:
    """One thing that a query looks for: terms that stand for each other, with their weights.

    ``words`` are those of the query that ask for it.
    """

    members: tuple[tuple[str, float], ...]
    weight: float
    words: tuple[str, ...]


class Ranker:
    """Scores bags of words over one generation's postings."""

    def __init__(self, postings: Postings, abbreviations: Abbreviations) -> None:
        """Rank over these postings, abbreviations and their expansions being one."""
        self._postings = postings
        self._abbreviations = abbreviations
        self._rows = len(postings)
        self._bags: Kept[tuple[Term, ...], Matches] = Kept(_REMEMBERED)

    def frequency(self, term: str) -> float:
        """How many recommendations hold a term, each counted by its best field."""
        return self._postings.frequency(term)

    def idf(self, frequency: float) -> float:
        """The inverse document frequency of what stands in so many recommendations."""
        return math.log1p((self._rows - frequency + 0.5) / (frequency + 0.5))

    def bag(self, words: tuple[Term, ...]) -> Matches:
        """The rows that hold any of the words; those that hold more of them score higher."""
        return self._bags.of(words, self._bag)

    def _bag(self, words: tuple[Term, ...]) -> Matches:
        scores = np.zeros(self._rows, dtype=np.float32)
        for sought in self.sought(words):
            rows, gained = self.gain(sought)
            np.add.at(scores, rows, gained)
        return Matches(scores > 0, scores)

    def gain(self, sought: Sought) -> tuple[NDArray[np.int32], Scores]:
        """The rows that hold what is sought, and what each gains by it."""
        rows, weights = self._strength(sought.members)
        return rows, np.float32(sought.weight * (K1 + 1)) * weights / (K1 + weights)

    def strongest(self, sought: Sought, row: int) -> tuple[str, float]:
        """The member of what is sought that counts in a row that holds it, with its weight."""

        def strength(member: tuple[str, float]) -> float:
            rows, counts = self._postings.of(member[0])
            at = int(np.searchsorted(rows, row))
            is_held = at < len(rows) and rows[at] == row
            return float(counts[at]) * member[1] if is_held else 0.0

        return max(sought.members, key=strength)

    def sought(self, words: Sequence[Term]) -> list[Sought]:
        """What the words of a query look for, each weighted by its idf and how often it is said."""
        said = {stem(term.word): term.printed for term in words}
        counts = Counter(stem(term.word) for term in content(words))
        others: dict[str, list[tuple[str, float]]] = {}
        result: list[Sought] = []
        for covered, concepts in self._mentions(words):
            stems = [stem(term.word) for term in covered]
            if len(stems) == 1:
                others[stems[0]] = concepts
                counts.setdefault(stems[0], 1)
            else:
                weight = sum(self._idf_of(stem(term.word)) for term in content(covered))
                printed = tuple(term.printed for term in covered)
                result.append(Sought(tuple(concepts), LONG_FORM * weight, printed))
        for word, count in counts.items():
            members = [(word, 1.0), *others.get(word, ())]
            weight = min(self._idf_of(term) for term, _ in members)
            result.append(Sought(tuple(members), weight * count, (said[word],)))
        return result

    def concepts(self, words: Sequence[Term]) -> set[str]:
        """Every concept that the words mention, and its kin."""
        return {term for _, concepts in self._mentions(words) for term, _ in concepts}

    def reranked(self, words: Sequence[Term], rows: NDArray[np.intp], scores: Scores) -> Scores:
        """The scores of these rows (ascending), raised by all that follows: (rows,)."""
        return sum(self.raises(words, rows, scores).values(), start=scores)

    def raises(
        self, words: Sequence[Term], rows: NDArray[np.intp], scores: Scores
    ) -> dict[str, Scores]:
        """What these rows (ascending) gain beside their scores, and by what: (rows,) each."""
        small, near = self.small_words(words, rows), self.nearness(words, rows)
        company = self.company(words, rows, scores + small + near)
        return dict(zip(RAISES, (small, near, company), strict=True))

    def small_words(self, words: Sequence[Term], rows: NDArray[np.intp]) -> Scores:
        """What rows (ascending) gain by words that no row is found for: (rows,).

        They count as other words do, but for ``SMALL_WORDS`` of it.
        """
        small = [stem(term.word) for term in words if term.word in STOP_WORDS]
        if len(small) == len(words):
            return np.zeros(len(rows), dtype=np.float32)
        known = self._postings.vocabulary
        weights = {
            known[word]: SMALL_WORDS * count * self._idf_of(word)
            for word, count in Counter(small).items()
            if word in known
        }
        return self._gained(weights, rows)

    def nearness(self, words: Sequence[Term], rows: NDArray[np.intp]) -> Scores:
        """What rows gain where neighbouring words of the query stand near each other: (rows,).

        For each pair, the rarer word's idf over the distance between them, up to ``NEAR`` words,
        whichever comes first; the closest occurrence counts.
        """
        weights = self._pairs(words)
        if not weights:
            return np.zeros(len(rows), dtype=np.float32)
        sequence, owner = self._sequences(rows)
        stems = list(dict.fromkeys(stem for pair in weights for stem in pair))
        number = np.zeros(len(self._postings.vocabulary), dtype=np.int8)
        number[[self._postings.vocabulary[stem] for stem in stems]] = np.arange(1, len(stems) + 1)
        pair_of = np.full((len(stems) + 1, len(stems) + 1), -1, dtype=np.int8)
        for at, pair in enumerate(weights):
            first, second = (stems.index(stem) + 1 for stem in pair)
            pair_of[first, second] = pair_of[second, first] = at
        weight = np.array(list(weights.values()), dtype=np.float32)
        closest = np.zeros((len(rows), len(weights)), dtype=np.float32)
        numbers = number.take(sequence)
        is_sought = numbers > 0
        for distance in range(NEAR, 0, -1):
            here = np.flatnonzero(is_sought[:-distance] & is_sought[distance:])
            found = pair_of[numbers.take(here), numbers.take(here + distance)]
            near = (found >= 0) & (owner.take(here) == owner.take(here + distance))
            here, found = here[near], found[near]
            closest[owner[here], found] = weight[found] / np.float32(distance)
        gained: Scores = closest.sum(axis=1)
        return gained

    def company(self, words: Sequence[Term], rows: NDArray[np.intp], scores: Scores) -> Scores:
        """What rows (ascending) gain where companions of the query's words stand: (rows,).

        The row that gains most gains ``COMPANY`` of the best score.
        """
        gained = self._gained(dict(self.companions(words, rows, scores)), rows)
        most = gained.max(initial=0)
        return gained * np.float32(COMPANY * scores.max() / most) if most > 0 else gained

    def companions(
        self, words: Sequence[Term], rows: NDArray[np.intp], scores: Scores
    ) -> list[tuple[int, float]]:
        """The words that the best rows have in common beyond those asked for, with weights.

        A word is told by its id. It stands in the text of at least ``SHARED_BY`` of the ``BEST``
        rows, and weighs its idf times how far their share exceeds that of all recommendations.
        """
        best = rows[np.lexsort((rows, -scores))[:BEST]]
        sequence, owner = self._sequences(best)
        fit = ~self._passed_over(words)[sequence]
        once = np.unique(sequence[fit].astype(np.int64) * BEST + owner[fit]) // BEST
        numbers, holders = np.unique(once, return_counts=True)
        shared = holders >= SHARED_BY
        numbers, holders = numbers[shared], holders[shared]
        frequencies = self._postings.term_frequency[numbers].tolist()
        weights = [
            (count / len(best) - frequency / self._rows) * self.idf(frequency)
            for count, frequency in zip(holders.tolist(), frequencies, strict=True)
        ]
        found = [pair for pair in zip(numbers.tolist(), weights, strict=True) if pair[1] > 0]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:COMPANIONS]

    def _passed_over(self, words: Sequence[Term]) -> Mask:
        """Which terms are no companions, by id: stop words, and the words of the query."""
        passed = self._is_stop_word.copy()
        said = {one for term in words for way in ways((term.word,)) for one in way}
        passed[self._ids(said)] = True
        return passed

    @cached_property
    def _is_stop_word(self) -> Mask:
        is_stop_word = np.zeros(len(self._postings.vocabulary), dtype=bool)
        is_stop_word[self._ids(stem(word) for word in STOP_WORDS)] = True
        return is_stop_word

    def _ids(self, terms: Iterable[str]) -> list[int]:
        known = self._postings.vocabulary
        return [known[term] for term in terms if term in known]

    def _pairs(self, words: Sequence[Term]) -> dict[tuple[str, str], float]:
        """What it is worth that two neighbouring words of a query stand together, either first."""
        stems = [stem(term.word) for term in content(words)]
        known = self._postings.vocabulary
        pairs = [
            (first, second)
            for first, second in pairwise(stems)
            if first != second and first in known and second in known
        ]
        weights: dict[tuple[str, str], float] = {}
        for first, second in list(dict.fromkeys(pairs))[:PAIRS]:
            pair = (min(first, second), max(first, second))
            worth = NEARNESS * min(self._idf_of(first), self._idf_of(second))
            weights[pair] = weights.get(pair, 0.0) + worth
        return weights

    def _sequences(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
        """The words of these rows' texts end to end, and for each the place of its row."""
        texts = rows * self._postings.fields
        starts = self._postings.bounds[texts]
        lengths = self._postings.bounds[texts + 1] - starts
        if lengths.sum() > len(self._postings.words):
            raise unreadable("the bounds of texts are damaged", self._postings.folder)
        owner = np.repeat(np.arange(len(rows), dtype=np.intp), lengths)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return self._postings.terms_at(np.repeat(starts, lengths) + within), owner

    def _gained(self, weights: Mapping[int, float], rows: NDArray[np.intp]) -> Scores:
        """What these rows (ascending) gain by the terms with these ids: (rows,)."""
        counts = self._postings.among(list(weights), rows)
        of_terms = np.array(list(weights.values()), dtype=np.float32)[:, None] * np.float32(K1 + 1)
        gained: Scores = (of_terms * counts / (K1 + counts)).sum(axis=0)
        return gained

    def _strength(
        self, members: Sequence[tuple[str, float]]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The rows that hold any member, with the weight of the strongest."""
        held = [(*self._postings.of(term), weight) for term, weight in members]
        held = [(rows, counts, weight) for rows, counts, weight in held if len(rows)]
        if len(held) == 1:
            rows, counts, weight = held[0]
            return rows, counts * np.float32(weight)
        strongest = np.zeros(self._rows, dtype=np.float32)
        for rows, counts, weight in held:
            strongest[rows] = np.maximum(strongest[rows], counts * np.float32(weight))
        filled = np.flatnonzero(strongest).astype(np.int32)
        return filled, strongest[filled]

    def _idf_of(self, term: str) -> float:
        return self.idf(self.frequency(term))

    def _mentions(self, words: Sequence[Term]) -> list[tuple[list[Term], list[tuple[str, float]]]]:
        """Each abbreviation among the words: the words it covers, and its weighted concepts."""
        ends: list[int] = []
        text = ""
        for term in words:
            text += term.printed
            ends.append(len(text))
            text += " "
        result = []
        for mention in self._abbreviations.find(text):
            covered = [
                term
                for term, end in zip(words, ends, strict=True)
                if mention.start < end <= mention.end
            ]
            own = [(concept(mention.short), SAME_CONCEPT)]
            related = kin(self._abbreviations, mention.short)
            result.append((covered, own + [(other, KIN_CONCEPT) for other in related]))
        return result


def content(words: Sequence[Term]) -> Sequence[Term]:
    """The words that carry meaning; all of them where none does."""
    return [term for term in words if term.word not in STOP_WORDS] or words
