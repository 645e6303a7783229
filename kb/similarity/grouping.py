"""Cutting the graph of near wordings into tight groups.

Greedy by centrality: the most central wording that is still free takes those of its free
neighbours that ask the same as it does. So every member is close to the central one, and a chain
of small steps never joins two different asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kb.index.ragged import places_of
from kb.model import PairJudgement
from kb.similarity.features import Comparison
from kb.similarity.logits import PLACE, table_of
from kb.similarity.nearness import Edge, Near, Nearness
from kb.similarity.pairs import Tell
from kb.similarity.prospects import ADDRESSEE, NearPairs, Prospects
from kb.similarity.store import Similarity
from kb.similarity.wordings import Rows, Wordings
from kb.text.normalise import digest

_TOLD = 1_000


@dataclass(frozen=True)
class JudgedPairs:
    """What people decided about pairs of rows or wordings; the latest word on a pair holds."""

    same: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    different: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, similarity: Similarity, judgements: Iterable[PairJudgement]) -> JudgedPairs:
        """By row; pairs of which one is not stored, or has changed since, are left out."""
        judged = cls()
        for judgement in sorted(judgements, key=lambda judgement: judgement.when):
            a = _row(similarity, judgement.a, judgement.digest_a)
            b = _row(similarity, judgement.b, judgement.digest_b)
            if a is None or b is None or a == b:
                continue
            told, untold = judged.same, judged.different
            if not judgement.same:
                told, untold = untold, told
            for one, other in ((a, b), (b, a)):
                told[one].add(other)
                untold[one].discard(other)
        return judged

    @property
    def rows(self) -> set[int]:
        """The rows that anybody judged."""
        return {*self.same, *self.different}

    def by(self, number: dict[int, int]) -> JudgedPairs:
        """The same with other numbers; what has none is left out."""
        renumbered = JudgedPairs()
        for old, new in ((self.same, renumbered.same), (self.different, renumbered.different)):
            for one, others in old.items():
                if one in number:
                    new[number[one]] |= {number[row] for row in others if row in number}
        return renumbered

    def parts(self, one: int, members: Iterable[int]) -> bool:
        """Whether a person parted this one from any of these."""
        return one in self.different and not self.different[one].isdisjoint(members)


def edges(judged: dict[int, set[int]]) -> set[Edge]:
    """The pairs, the smaller number first."""
    return {(min(a, b), max(a, b)) for a, others in judged.items() for b in others}


class Grouping:
    """Groups of wordings, found one after another."""

    def __init__(
        self, similarity: Similarity, wordings: Wordings, near: Nearness, judged: JudgedPairs
    ) -> None:
        """``near`` and ``judged`` go by the numbers of ``wordings``."""
        may_be = _may_be_same(similarity, wordings, near, judged)
        self.similarity = similarity
        self.wordings = wordings
        self.near = near
        self.judged = judged
        self.review = similarity.review[wordings.rows]
        self.free = self._may_be_grouped()
        self.hopeful = near.where(may_be)
        self.refused: set[Edge] = set()

    def run(self, tell: Tell | None = None) -> list[list[int]]:
        """The wordings of each group of at least two reviews, the central one first."""
        groups: list[list[int]] = []
        order = self._by_centrality()
        for done, centre in enumerate(order, start=1):
            if tell and (done % _TOLD == 0 or done == len(order)):
                tell(done, len(order))
            if not self.free[centre]:
                continue
            members = self._members(centre)
            if self._has_several_reviews(members):
                groups.append(members)
                self.free[members] = False
        return groups

    def _may_be_grouped(self) -> NDArray[np.bool_]:
        """Those that are near another, or that several rows say."""
        return (np.diff(self.near.bounds) > 0) | (np.diff(self.wordings.bounds) > 1)

    def _by_centrality(self) -> list[int]:
        """The free ones, first the one with the greatest sum, over other reviews, of the nearest.

        Rows of the same wording are as near as can be.
        """
        one, review, cosine = self._by_review()
        away = review != self.review[self.wordings.bounds[:-1]][one]
        key = one[away] * (int(self.review.max(initial=0)) + 1) + review[away]
        order = np.lexsort((-cosine[away], key))
        nearest = order[np.flatnonzero(np.diff(key[order], prepend=-1))]
        centrality = np.bincount(
            one[away][nearest], cosine[away][nearest], minlength=len(self.wordings)
        )
        ordered: list[int] = np.lexsort((self.wordings.first, -centrality)).tolist()
        return [wording for wording in ordered if self.free[wording]]

    def _by_review(self) -> tuple[Rows, Rows, NDArray[np.float64]]:
        """Each wording beside every row near it: the wording, the row's review, the cosine."""
        bounds, every = self.wordings.bounds, np.arange(len(self.wordings))
        rows_of = np.diff(bounds)
        near = np.repeat(every, np.diff(self.near.bounds))
        said = rows_of[self.near.other]
        reviews = self.review[places_of(bounds, self.near.other)]
        return (
            np.concatenate([np.repeat(near, said), self.wordings.of_each()]),
            np.concatenate([reviews, self.review]).astype(np.int64),
            np.concatenate([np.repeat(self.near.cosine, said), np.ones(len(self.review))]),
        )

    def _members(self, centre: int) -> list[int]:
        members = [centre]
        near = [one for one in self.hopeful.near(centre) if self.free[one.wording]]
        same = self._are_same(centre, near) | self.judged.same[centre]
        for one in near:
            if one.wording in same and not self.judged.parts(one.wording, members):
                members.append(one.wording)
        return self._with_judged_same(members)

    def _with_judged_same(self, members: list[int]) -> list[int]:
        """The members, and whatever a person called the same as one of them."""
        for member in members:
            for other in sorted(self.judged.same[member]):
                fresh = self.free[other] and other not in members
                if fresh and not self.judged.parts(other, members):
                    members.append(other)
        return members

    def _has_several_reviews(self, members: Sequence[int]) -> bool:
        parts = [self.wordings.bounds[member : member + 2] for member in members]
        return len({int(code) for start, end in parts for code in self.review[start:end]}) >= 2

    def _are_same(self, centre: int, near: Sequence[Near]) -> set[int]:
        """Those that most likely ask the same, whoever is asked; a pair is asked once."""
        edges = {(min(centre, one.wording), max(centre, one.wording)): one for one in near}
        asked = [(edge, one) for edge, one in edges.items() if edge not in self.refused]
        if not asked:
            return set()
        compared = [self._compared(centre, one).features for _, one in asked]
        table = table_of(compared)
        table[[PLACE[name] for name in ADDRESSEE]] = 0.0
        scorer = self.similarity.scorer
        are_same = scorer.scores(table) >= scorer.joined
        self.refused |= {edge for (edge, _), same in zip(asked, are_same, strict=True) if not same}
        return {one.wording for (_, one), same in zip(asked, are_same, strict=True) if same}

    def _compared(self, centre: int, near: Near) -> Comparison:
        a, b = (int(self.wordings.first[wording]) for wording in (centre, near.wording))
        return self.similarity.compare(
            self.similarity.side(a),
            b,
            word_cosine=near.cosine,
            character_cosine=near.gram_cosine,
            latent_cosine=self.similarity.latent.cosine(a, b),
            sentence_cosine=self.similarity.sentence_cosine(a, b),
        )


def _may_be_same(
    similarity: Similarity, wordings: Wordings, near: Nearness, judged: JudgedPairs
) -> NDArray[np.bool_]:
    """Which of the entries of ``near`` may be joined, or were judged the same."""
    one, other = np.repeat(np.arange(len(wordings)), np.diff(near.bounds)), near.other
    codes = np.minimum(one, other) * np.int64(len(wordings)) + np.maximum(one, other)
    _, at, pair_of = np.unique(codes, return_index=True, return_inverse=True)
    cosines = (part[at].astype(np.float64) for part in (near.cosine, near.gram_cosine))
    pairs = NearPairs(one[at], other[at].astype(np.int64), *cosines)
    may_be = Prospects(similarity, wordings.first).may_be_joined(pairs)
    same = [a * len(wordings) + b for a, b in edges(judged.same)]
    return may_be[pair_of] | np.isin(codes, same)


def _row(similarity: Similarity, identity: str, text_digest: str) -> int | None:
    """The row of a recommendation while its text is the one judged, found among its review's."""
    rows = np.flatnonzero(similarity.rows_of_review(identity.rpartition("/")[0])).tolist()
    row = next((row for row in rows if similarity.facts(row).id == identity), None)
    if row is None or digest(similarity.facts(row).text) != text_digest:
        return None
    return row
