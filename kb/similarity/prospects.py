"""Which pairs of stored texts may be the same ask at all, told from a few features for all at once.

What the features of a pair can be at least and at most follows from arrays: cosines that are known,
the concepts that both name, the words that both say. A pair whose greatest score stays under the
edge from which on two are joined, whichever of the two is laid beside the other and whoever is
asked, needs no closer look. Bounds leave room for rounding, so that no pair is lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.index.ragged import bounds_of
from kb.similarity.bounds import OF_COSINES, ROUNDING, Between, Floats, of_concepts, of_mass
from kb.similarity.features import (
    ANY_SENTENCES,
    FRAME_WEIGHT,
    FULL_GROUNDS,
    ONE_WORD,
    VERB_OR_BODY,
)
from kb.similarity.logits import PLACE, Table
from kb.similarity.outlines import Outlines
from kb.similarity.reading import has_inner_mark
from kb.similarity.store import Similarity

Ints = NDArray[np.int64]
Marks = NDArray[np.bool_]

ADDRESSEE = ("same_addressee", "other_addressee")
_BLOCK = 20_000  # pairs
_SENTENCES = PLACE["best_sentence"]


@dataclass(frozen=True)
class NearPairs:
    """Pairs of texts, by their places among some rows, with the cosines of words and n-grams."""

    first: Ints
    second: Ints
    words: Floats
    grams: Floats

    def __len__(self) -> int:
        return len(self.first)

    def at(self, places: slice | Ints) -> NearPairs:
        """Some of the pairs."""
        return NearPairs(*(part[places] for part in vars(self).values()))


class Prospects:
    """Bounds on what pairs of some rows of an index score."""

    def __init__(self, similarity: Similarity, rows: Ints) -> None:
        self._similarity, self._rows = similarity, rows
        self._words = _Words(similarity, Outlines.of(similarity, rows))
        self._sentences = _Sentences(similarity, rows, self._words)

    def may_be_joined(self, pairs: NearPairs) -> Marks:
        """Whether each of the pairs may be joined: ``bool[n]``."""
        blocks = [slice(at, at + _BLOCK) for at in range(0, len(pairs), _BLOCK)]
        found = [self._may_be(pairs.at(block)) for block in blocks]
        return np.concatenate([np.zeros(0, dtype=bool), *found])

    def _may_be(self, pairs: NearPairs) -> Marks:
        low, high = self.between(pairs)
        may_be = self._reaches(low, high)
        left = np.flatnonzero(may_be)
        low, high = low[:, left], high[:, left]
        low[_SENTENCES], high[_SENTENCES] = self.sentences_between(pairs.at(left))
        may_be[left] = self._reaches(low, high)
        return may_be

    def between(self, pairs: NearPairs) -> tuple[Table, Table]:
        """The least and the greatest value of each feature of pairs, the first text checked.

        As far as cosines, concepts and words tell; what they do not tell may be anything.
        """
        low, high = (np.full((len(PLACE), len(pairs)), value) for value in (0.0, 1.0))
        known = {**self._known(pairs), **self._words.said(pairs)}
        for name, (least, greatest) in known.items():
            low[PLACE[name]], high[PLACE[name]] = least, greatest
        return low, high

    def sentences_between(self, pairs: NearPairs) -> tuple[Floats, Floats]:
        """The same of their likest sentences, for which texts have to be read."""
        likest = self._sentences.likest(pairs)
        return likest - ROUNDING, likest + ROUNDING

    def _reaches(self, low: Table, high: Table) -> Marks:
        """Whether a pair may reach the edge, either text being the one that is checked."""
        scorer = self._similarity.scorer
        edge = scorer.joined - ROUNDING
        reaches = scorer.may_reach(edge, low, high)
        left = np.flatnonzero(~reaches)
        here = [PLACE["unmatched_draft"], PLACE["unmatched_stored"]]
        low, high = low[:, left], high[:, left]
        low[here], high[here] = low[here[::-1]], high[here[::-1]]
        reaches[left] = scorer.may_reach(edge, low, high)
        return reaches

    def _known(self, pairs: NearPairs) -> dict[str, Between]:
        """What cosines and concepts tell."""
        similarity = self._similarity
        first, second = self._rows[pairs.first], self._rows[pairs.second]
        latent = similarity.latent.between(first, second)
        known: dict[str, Between] = dict.fromkeys(ADDRESSEE, (0.0, 0.0))
        known["same_words"] = (0.0, (similarity.same[first] == similarity.same[second]) * 1.0)
        known["latent_cosine"] = (latent - OF_COSINES, latent + OF_COSINES)
        if similarity.sentences:
            cosine = similarity.sentences.vectors.between(first, second)
            like = np.maximum(0.0, cosine - ANY_SENTENCES) / (1 - ANY_SENTENCES)
            known["sentence_cosine"] = (like - OF_COSINES * 2, like + OF_COSINES * 2)
        else:
            known["sentence_cosine"] = (0.0, 0.0)
        named = self._words.outlines.named
        ours, theirs = named[pairs.first], named[pairs.second]
        return {**known, **of_concepts(ours, theirs, latent, OF_COSINES)}


class _Words:
    """What the content words of two texts tell of them."""

    def __init__(self, similarity: Similarity, outlines: Outlines) -> None:
        self.outlines = outlines
        language = similarity.reader.language
        keys = list(outlines.keys)
        rare = similarity.rare_limit
        self.weights = np.array([similarity.weight(key) for key in keys])
        self._subject = np.array([key not in language.frame for key in keys], dtype=np.float64)
        is_rare = np.array([0 < similarity.frequency(key) <= rare for key in keys])
        self._rare = self._subject * is_rare
        self._mass = self.weights * np.where(self._subject > 0, 1.0, FRAME_WEIGHT)
        self._full = FULL_GROUNDS * similarity.weight("")
        counts = outlines.counts
        self._own = (counts > 0).astype(np.float64)
        self._often = counts.sqrt()
        self._kin = self._own @ outlines.kin()
        self._masses, self._lengths = self._own @ self._mass, counts @ self._mass

    def said(self, pairs: NearPairs) -> dict[str, Between]:
        """The features that shared words give."""
        first, second = pairs.first, pairs.second
        both = self._often[first].multiply(self._often[second]).tocsr()
        in_order = both @ self._mass / np.maximum(self._lengths[first], self._lengths[second])
        both.data[:] = 1.0
        shared, subject, count = (both @ of for of in (self._mass, self._of_subject, self._subject))
        known = self._of_mass(pairs, shared, self._grounds(subject, count))
        open_ended = self._kin[first].multiply(self._own[second]).sum(axis=1) > 0
        for name, (low, high) in known.items():
            known[name] = (
                np.where(open_ended, 0.0, low - ROUNDING),
                np.where(open_ended, _open(name, pairs), high + ROUNDING),
            )
        rare = np.minimum(1.0, both @ self._rare / 2)
        known["rare_shared"] = (0.0, np.where(open_ended, 1.0, rare))
        known["in_order"] = (0.0, np.minimum(1.0, in_order + ROUNDING))
        return known

    @property
    def _of_subject(self) -> Floats:
        weights: Floats = self.weights * self._subject
        return weights

    def _grounds(self, subject: Floats, count: Floats) -> tuple[Floats, Floats]:
        """The least and the greatest grounds: all, or none, of what is shared may be light."""
        factor = np.where(count > 1, 1.0, ONE_WORD)
        low, high = (np.minimum(1.0, subject * of / self._full) for of in (VERB_OR_BODY, 1.0))
        return low * factor, high * factor

    def _of_mass(
        self, pairs: NearPairs, shared: Floats, grounds: tuple[Floats, Floats]
    ) -> dict[str, Between]:
        """The features of texts of which no word is a slip or beginning of one of the other."""
        ours, theirs = self._masses[pairs.first], self._masses[pairs.second]
        mass = of_mass(shared, ours - shared, theirs - shared)
        low, high = (np.maximum(mass["shared_words"], of) for of in grounds)
        words, grams = np.minimum(1.0, pairs.words), np.minimum(1.0, pairs.grams)
        contained = mass.pop("contained")
        return {
            **{name: (value, value) for name, value in mass.items()},
            "contained": (contained * low, contained * high),
            "word_cosine": (words * low, words * high),
            "character_cosine": (grams * low, grams * high),
        }


def _open(name: str, pairs: NearPairs) -> Floats | float:
    """What a feature of words is at most, whatever words are slips of one another."""
    cosines = {"word_cosine": pairs.words, "character_cosine": pairs.grams}
    return np.minimum(1.0, cosines[name]) if name in cosines else 1.0


class _Sentences:
    """The sentences of texts as sets of keys, read when they are asked for and kept."""

    def __init__(self, similarity: Similarity, rows: Ints, words: _Words) -> None:
        self._similarity, self._rows, self._words = similarity, rows, words
        self._read: dict[int, list[Ints]] = {}

    def likest(self, pairs: NearPairs) -> Floats:
        """The cosine of the two sentences of each pair that are most alike."""
        if not len(pairs):
            return np.zeros(0)
        texts, places = np.unique(np.concatenate([pairs.first, pairs.second]), return_inverse=True)
        sentences = [self._of(text) for text in texts.tolist()]
        bounds = bounds_of(np.array([len(some) for some in sentences]))
        first, second = places[: len(pairs)], places[len(pairs) :]
        counts = np.diff(bounds)
        often = counts[first] * counts[second]
        pair = np.repeat(np.arange(len(pairs)), often)
        within = np.arange(len(pair)) - np.repeat(bounds_of(often)[:-1], often)
        one = bounds[first][pair] + within // counts[second][pair]
        other = bounds[second][pair] + within % counts[second][pair]
        cosines = self._cosines([keys for some in sentences for keys in some], one, other)
        likest: Floats = np.maximum.reduceat(cosines, bounds_of(often)[:-1])
        return likest

    def _cosines(self, sentences: list[Ints], one: Ints, other: Ints) -> Floats:
        from scipy.sparse import csr_array

        flat = np.concatenate(sentences)
        bounds = bounds_of(np.array([len(keys) for keys in sentences]))
        weights = self._words.weights
        size = (len(sentences), len(weights))
        matrix = csr_array((weights[flat], flat, bounds), shape=size)
        squares = np.asarray(matrix.multiply(matrix).sum(axis=1))
        shared = np.asarray(matrix[one].multiply(matrix[other]).sum(axis=1))
        lengths = np.maximum(np.sqrt(squares[one] * squares[other]), ROUNDING)
        return np.asarray(shared / lengths, dtype=np.float64)

    def _of(self, text: int) -> list[Ints]:
        if text not in self._read:
            self._read[text] = self._found(text)
        return self._read[text]

    def _found(self, text: int) -> list[Ints]:
        printed = self._similarity.facts(int(self._rows[text])).text
        outlines = self._words.outlines
        if not has_inner_mark(printed):
            counts = outlines.counts
            return [counts.indices[counts.indptr[text] : counts.indptr[text + 1]]]
        sentences = self._similarity.reader.read(printed).sentences
        return [np.array([outlines.keys[key] for key in keys]) for keys in sentences]
