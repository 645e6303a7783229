"""Two texts word by word: what stands in both in the same order, and what takes whose place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

_LONGEST = 400
_LONG_RUN = 12
_MUCH = 20.0
_NAMES = ("in_order", "replaced", "replaced_much", "long_run")


@dataclass(frozen=True)
class Alignment:
    """The words of two texts, as keys, and the runs that are equal in both, in order.

    A run is where it begins in the one, where in the other, and how long it is.
    """

    draft: Sequence[Hashable]
    stored: Sequence[Hashable]
    runs: tuple[tuple[int, int, int], ...]

    @classmethod
    def of(cls, draft: Sequence[Hashable], stored: Sequence[Hashable]) -> Alignment | None:
        """Lay the keys of two texts beside each other; None for texts too long for it."""
        if max(len(draft), len(stored)) > _LONGEST:
            return None
        return cls(draft, stored, tuple(equal_runs(draft, stored)))

    def gaps(self) -> Iterable[tuple[int, int, int, int]]:
        """What stands between equal runs: start and end in the one, start and end in the other."""
        at = to = 0
        for first, second, length in (*self.runs, (len(self.draft), len(self.stored), 0)):
            if first > at or second > to:
                yield at, first, to, second
            at, to = first + length, second + length

    def features(self, ours: Sequence[float], theirs: Sequence[float]) -> dict[str, float]:
        """How much stands in both in order, in place of one another, and in the longest run.

        ``ours`` and ``theirs`` are the weights of the words of either. Each is a share in [0, 1]
        of the weight of all words; ``replaced_much`` counts what is replaced in weight that seven
        or eight rare words have.
        """
        equal = sum([sum(ours[at : at + length]) for at, _, length in self.runs])
        whole, replaced = equal, 0.0
        for at, end, to, until in self.gaps():
            one, other = sum(ours[at:end]), sum(theirs[to:until])
            whole += max(one, other)
            replaced += min(one, other)
        longest = max((length for _, _, length in self.runs), default=0)
        shares = (equal / whole, replaced / whole) if whole else (0.0, 0.0)
        values = (*shares, min(1.0, replaced / _MUCH), min(1.0, longest / _LONG_RUN))
        return dict(zip(_NAMES, values, strict=True))


def features_of(
    alignment: Alignment | None, ours: Sequence[float], theirs: Sequence[float]
) -> dict[str, float]:
    """The features of an alignment; texts too long to be aligned have 0."""
    return alignment.features(ours, theirs) if alignment else dict.fromkeys(_NAMES, 0.0)


def equal_runs(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int, int]]:
    """The longest run that two lists have in common, the earliest of several, then such runs on
    either side of it: what ``difflib`` calls matching blocks, in a fraction of its time.

    Neighbouring runs are one.
    """
    where: defaultdict[Hashable, list[int]] = defaultdict(list)
    known = set(a)
    for to, key in enumerate(b):
        if key in known:
            where[key].append(to)
    met = [(at, where[key]) for at, key in enumerate(a) if key in where]
    found: list[tuple[int, int, int]] = []
    todo = [(met, 0, len(b))] if met else []
    while todo:
        places, low, high = todo.pop()
        first, second, length = _longest(places, low, high)
        if not length:
            continue
        found.append((first, second, length))
        before = [place for place in places if place[0] < first]
        after = [place for place in places if place[0] >= first + length]
        if before and low < second:
            todo.append((before, low, second))
        if after and second + length < high:
            todo.append((after, second + length, high))
    return _joined(sorted(found))


def _longest(
    places: Sequence[tuple[int, Sequence[int]]], low: int, high: int
) -> tuple[int, int, int]:
    """The longest run among these places of the one list and ``low:high`` of the other."""
    best = (0, 0, 0)
    before, lengths = -2, dict[int, int]()
    for at, there in places:
        ending = lengths if at == before + 1 else {}
        lengths, before = {}, at
        for to in there:
            if low <= to < high:
                length = lengths[to] = ending.get(to - 1, 0) + 1
                if length > best[2]:
                    best = (at - length + 1, to - length + 1, length)
    return best


def _joined(runs: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    joined: list[tuple[int, int, int]] = []
    for first, second, length in runs:
        if joined:
            start, to, before = joined[-1]
            if start + before == first and to + before == second:
                joined[-1] = (start, to, before + length)
                continue
        joined.append((first, second, length))
    return joined
