"""Repeated learning: groups of the same ask across reviews.

Groups are tight: every member is close to the group's central member, so that a chain of small
steps never joins two different asks. What a person judged stands over what is computed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.model import PairJudgement
from kb.similarity.facts import Facts
from kb.similarity.features import Side
from kb.similarity.history import history_line
from kb.similarity.pairs import Pairs, close_pairs
from kb.similarity.store import Similarity
from kb.similarity.timeline import gaps_of

THRESHOLD = 0.4
_JUDGED_SAME = 1.0
_TIGHT = 0.4
_ADDRESSEE = ("same_addressee", "other_addressee")


@dataclass(frozen=True)
class Group:
    """One ask that at least two reviews made.

    ``central`` is the most typical wording; ``members`` stand in order of their date, those
    without one last. ``gaps`` say in words what came after a completion.
    """

    central: Facts
    members: tuple[Facts, ...]
    gaps: tuple[str, ...] = ()

    @property
    def reviews(self) -> tuple[str, ...]:
        """The reviews, in the order of their first asking."""
        return tuple(dict.fromkeys(facts.review_id for facts in self.members))

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas, in the order of their first asking."""
        return tuple(dict.fromkeys(facts.area for facts in self.members if facts.area))

    @property
    def sectors(self) -> tuple[str, ...]:
        """The sectors addressed, in alphabetical order."""
        return tuple(sorted({sector for facts in self.members for sector in facts.sectors}))

    @property
    def years(self) -> tuple[int, ...]:
        """The years in which it was asked, in order."""
        return tuple(sorted({int(facts.when[:4]) for facts in self.members if facts.when}))

    @property
    def statuses(self) -> dict[str, int]:
        """How many members have each status; "unknown" where the document does not say."""
        counts: dict[str, int] = defaultdict(int)
        for facts in self.members:
            counts[facts.status or "unknown"] += 1
        return dict(sorted(counts.items()))

    @property
    def history(self) -> str:
        """For example "Asked 3 times since 2015; twice marked complete"."""
        return history_line(self.members) or ""

    def as_json(self) -> dict[str, Any]:
        """The group with its members, ready for JSON."""
        return {
            "central": self.central.as_json(),
            "members": [facts.as_json() for facts in self.members],
            "reviews": list(self.reviews),
            "areas": list(self.areas),
            "sectors": list(self.sectors),
            "years": list(self.years),
            "statuses": self.statuses,
            "history": self.history,
            "gaps": list(self.gaps),
        }


@dataclass
class _Judged:
    """What people decided about pairs of rows; the latest word on a pair holds."""

    same: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    different: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, judgements: Iterable[PairJudgement], row_of: dict[str, int]) -> _Judged:
        judged = cls()
        for judgement in sorted(judgements, key=lambda judgement: judgement.when):
            a, b = row_of.get(judgement.a), row_of.get(judgement.b)
            if a is None or b is None or a == b:
                continue
            told, untold = judged.same, judged.different
            if not judgement.same:
                told, untold = untold, told
            for one, other in ((a, b), (b, a)):
                told[one].add(other)
                untold[one].discard(other)
        return judged

    def parts(self, row: int, members: Iterable[int]) -> bool:
        """Whether a person parted this row from any of these."""
        return bool(self.different[row].intersection(members))


def repeated(
    similarity: Similarity,
    *,
    judgements: Iterable[PairJudgement] = (),
    allowed: NDArray[np.bool_] | None = None,
    threshold: float = THRESHOLD,
    progress: Callable[[int, int], None] | None = None,
) -> list[Group]:
    """Groups of the same ask across at least two reviews, those of most reviews first.

    Candidates are all pairs with a cosine of at least ``threshold``; a member joins where the
    duplicate check calls it ``duplicate`` of the group's central member (the same ask of another
    body counts: the group names the sectors), or a person did.
    ``allowed`` is ``bool[n]``, the rows that may be shown; ``progress`` hears (done, of).
    """
    facts = [similarity.facts(row) for row in range(len(similarity))]
    judged = _Judged.of(judgements, {known.id: row for row, known in enumerate(facts)})
    pairs = close_pairs(similarity.documents, threshold)
    neighbours = _neighbours(pairs, judged, allowed, len(facts))
    grouping = _Grouping(similarity, facts, neighbours, judged)
    groups = [_group(facts, rows) for rows in grouping.run(progress)]
    return sorted(
        groups, key=lambda group: (-len(group.reviews), -len(group.members), group.central.id)
    )


def _neighbours(
    pairs: Pairs, judged: _Judged, allowed: NDArray[np.bool_] | None, rows: int
) -> list[dict[int, float]]:
    """For each row the rows close to it, with their closeness."""
    neighbours: list[dict[int, float]] = [{} for _ in range(rows)]
    shown = np.ones(rows, dtype=bool) if allowed is None else allowed
    kept = shown[pairs.first] & shown[pairs.second]
    columns = (part[kept].tolist() for part in (pairs.first, pairs.second, pairs.cosine))
    for a, b, cosine in zip(*columns, strict=True):
        neighbours[a][b] = neighbours[b][a] = cosine
    for a, others in judged.same.items():
        for b in others:
            if shown[a] and shown[b]:
                neighbours[a][b] = _JUDGED_SAME
    for a, others in judged.different.items():
        for b in others:
            neighbours[a].pop(b, None)
    return neighbours


class _Grouping:
    """Greedy by centrality: the most central free row takes its free, truly close neighbours."""

    def __init__(
        self,
        similarity: Similarity,
        facts: Sequence[Facts],
        neighbours: Sequence[dict[int, float]],
        judged: _Judged,
    ) -> None:
        self.similarity = similarity
        self.facts = facts
        self.neighbours = neighbours
        self.judged = judged
        self.free = {row for row, near in enumerate(neighbours) if near}

    def run(self, progress: Callable[[int, int], None] | None) -> list[list[int]]:
        """Rows of each group, the central one first."""
        groups: list[list[int]] = []
        order = sorted(self.free, key=lambda row: (-self._centrality(row), row))
        for done, centre in enumerate(order, start=1):
            if progress:
                progress(done, len(order))
            if centre not in self.free:
                continue
            members = self._members(centre)
            if len({self.facts[row].review_id for row in members}) >= 2:
                groups.append(members)
                self.free.difference_update(members)
        return groups

    def _centrality(self, row: int) -> float:
        """Sum over other reviews of the closest neighbour there."""
        best: dict[str, float] = {}
        for other, cosine in self.neighbours[row].items():
            review = self.facts[other].review_id
            best[review] = max(best.get(review, 0.0), cosine)
        best.pop(self.facts[row].review_id, None)
        return sum(best.values())

    def _members(self, centre: int) -> list[int]:
        members = [centre]
        side = self.similarity.side(centre)
        near = sorted(self.neighbours[centre].items(), key=lambda item: (-item[1], item[0]))
        for row, cosine in near:
            if row not in self.free or self.judged.parts(row, members):
                continue
            if row in self.judged.same[centre] or self._is_same(side, centre, row, cosine):
                members.append(row)
        return self._with_judged_same(members)

    def _with_judged_same(self, members: list[int]) -> list[int]:
        """The members, and whatever a person called the same as one of them."""
        for member in members:
            for row in sorted(self.judged.same[member]):
                fresh = row in self.free and row not in members
                if fresh and not self.judged.parts(row, members):
                    members.append(row)
        return members

    def _is_same(self, side: Side, centre: int, row: int, cosine: float) -> bool:
        if self.similarity.same[centre] == self.similarity.same[row]:
            return True
        comparison = self.similarity.compare(
            side,
            row,
            word_cosine=cosine,
            character_cosine=self.similarity.gram_cosine(centre, row),
            latent_cosine=self.similarity.latent.cosine(centre, row),
        )
        if comparison.features["shared_words"] < _TIGHT:
            return False
        scorer = self.similarity.scorer
        features = {name: v for name, v in comparison.features.items() if name not in _ADDRESSEE}
        return scorer.verdict(scorer.score(features)) == "duplicate"


def _group(facts: Sequence[Facts], rows: Sequence[int]) -> Group:
    members = sorted(
        (facts[row] for row in rows), key=lambda known: (known.when or "9999", known.id)
    )
    return Group(facts[rows[0]], tuple(members), gaps_of(members))
