"""Chains of places joined over the words of many texts, all chains at once.

Each chain starts from its rarest place in these texts. From every word there it is joined step by
step to the right and then to the left; what was reached twice is followed once, so that the work
grows with words × places only: no chain can hang the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb.tagging.fillers import Fillers
from kb.tagging.tokens import Ints


@dataclass(frozen=True)
class Items:
    """What may fill places, in order: words, and compounds of several words.

    ``starts`` and ``ends`` int64[items] count words; ``rows`` are those of ``Fillers``; ``lows``
    and ``highs`` are the first word of the item's sentence and the one after its last; the first
    item that begins at word w or after it is ``at[w]``.
    """

    starts: Ints
    ends: Ints
    rows: Ints
    lows: Ints
    highs: Ints
    at: Ints

    def __len__(self) -> int:
        return len(self.starts)

    @classmethod
    def of_words(cls, rows: Ints, sentences: Ints) -> Items:
        """The words alone."""
        places = np.arange(len(rows), dtype=np.int64)
        lows = np.flatnonzero(np.diff(sentences, prepend=-1))
        lengths = np.diff(lows, append=len(rows))
        highs = np.repeat(lows + lengths, lengths)
        lows = np.repeat(lows, lengths)
        return cls(places, places + 1, rows, lows, highs, np.append(places, len(rows)))

    def with_compounds(self, starts: Ints, ends: Ints, rows: Ints) -> Items:
        """Words and compounds; of those that begin with one word the longest is first."""
        if not len(starts):
            return self
        longest_first = np.argsort(-ends, kind="stable")
        both = np.concatenate([starts[longest_first], self.starts])
        order = np.argsort(both, kind="stable")
        both = both[order]
        return Items(
            starts=both,
            ends=np.concatenate([ends[longest_first], self.ends])[order],
            rows=np.concatenate([rows[longest_first], self.rows])[order],
            lows=self.lows[both],
            highs=self.highs[both],
            at=np.searchsorted(both, np.arange(len(self) + 1)),
        )


@dataclass(frozen=True)
class Found:
    """Where chains stand: the chain, its first word and the one after its last, int64[found].

    Of one chain they are in the order of the words.
    """

    chains: Ints
    starts: Ints
    ends: Ints


@dataclass(frozen=True)
class Chains:
    """Places in order, chain after chain: ``places[bounds[i]:bounds[i + 1]]`` are chain i's.

    ``gaps`` int64[steps]: how many words may stand before a step and after the one before it;
    ``longest`` int64[steps]: how many words its longest alternative has; ``owners`` int64[steps]:
    its chain.
    """

    places: Ints
    gaps: Ints
    longest: Ints
    bounds: Ints
    owners: Ints
    is_first: npt.NDArray[np.bool_]
    is_last: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, chains: Sequence[Sequence[Sequence[int]]]) -> Chains:
        """Chains of (place, gap before it, words of its longest alternative)."""
        flat = [step for chain in chains for step in chain]
        steps = np.asarray(flat, dtype=np.int64).reshape(-1, 3)
        lengths = np.asarray([len(chain) for chain in chains], dtype=np.int64)
        bounds = np.append(0, np.cumsum(lengths))
        is_first = np.zeros(len(flat) + 1, dtype=np.bool_)
        is_first[bounds] = True
        return cls(
            places=steps[:, 0],
            gaps=steps[:, 1],
            longest=steps[:, 2],
            bounds=bounds,
            owners=np.repeat(np.arange(len(chains)), lengths),
            is_first=is_first[:-1],
            is_last=is_first[1:],
        )

    def find(self, items: Items, fillers: Fillers) -> Found:
        """Every place where each chain stands, and the nearest end from there."""
        return _Join(self, items, fillers).found()


@dataclass(frozen=True)
class _Join:
    """Chains over items; a node is a step of a chain filled by an item."""

    chains: Chains
    items: Items
    fillers: Fillers

    def found(self) -> Found:
        steps, filled, ends = self._rightwards(*self._anchors())
        order = np.argsort(steps * len(self.items) + filled)
        steps, filled, ends = steps[order], filled[order], ends[order]
        found = []
        while len(steps):
            done = self.chains.is_first[steps]
            begun = self.chains.owners[steps[done]], self.items.starts[filled[done]], ends[done]
            found.append(begun)
            steps, filled, ends = self._leftwards(steps[~done], filled[~done], ends[~done])
        empty = np.zeros(0, dtype=np.int64)
        return (
            Found(*(np.concatenate([empty, *parts]) for parts in zip(*found, strict=True)))
            if (found)
            else Found(empty, empty, empty)
        )

    def _anchors(self) -> tuple[Ints, Ints]:
        """The nodes of each chain's rarest step, of chains whose every place is filled."""
        items, places = self.items, self.fillers.places
        times = np.bincount(items.rows, minlength=len(places))
        rows = np.flatnonzero(times)
        of_row = [places[row] for row in rows.tolist()]
        place = np.concatenate([np.zeros(0, dtype=np.int64), *of_row])
        row = np.repeat(rows, [len(filled) for filled in of_row])
        common = np.bincount(place, times[row], len(self.fillers)).astype(np.int64)
        steps = self._rarest(common)
        order = np.argsort(place, kind="stable")
        first = np.searchsorted(place[order], np.arange(len(self.fillers) + 1))
        wanted = self.chains.places[steps]
        source, at = spread(first[wanted], first[wanted + 1])
        steps, row = steps[source], row[order][at]
        by_row = np.argsort(items.rows.astype(np.min_scalar_type(len(places))), kind="stable")
        first = np.append(0, np.cumsum(times))
        source, at = spread(first[row], first[row + 1])
        return steps[source], by_row[at]

    def _rarest(self, common: Ints) -> Ints:
        """The rarest step of each chain whose every place is filled."""
        if not len(self.chains.places):
            return np.zeros(0, dtype=np.int64)
        steps = np.arange(len(self.chains.places))
        keys = common[self.chains.places] * len(steps) + steps
        count, step = np.divmod(
            np.minimum.reduceat(keys, self.chains.bounds[:-1]), max(len(steps), 1)
        )
        return np.asarray(step[count > 0])

    def _rightwards(self, steps: Ints, filled: Ints) -> tuple[Ints, Ints, Ints]:
        """The nodes from which a chain's last step can be reached, and the nearest such end."""
        levels = []
        while len(steps):
            source, after = self._after(steps, filled)
            keys, target = np.unique(
                (steps[source] + 1) * len(self.items) + after, return_inverse=True
            )
            levels.append((steps, filled, source, target))
            steps, filled = np.divmod(keys, max(len(self.items), 1))
        ends = np.zeros(0, dtype=np.int64)
        for steps, filled, source, target in reversed(levels):
            beyond, ends = ends, np.where(self.chains.is_last[steps], self.items.ends[filled], -1)
            reached = np.flatnonzero(beyond[target] >= 0)
            node, first = np.unique(source[reached], return_index=True)
            ends[node] = beyond[target[reached[first]]]
        kept = ends >= 0
        return steps[kept], filled[kept], ends[kept]

    def _after(self, steps: Ints, filled: Ints) -> tuple[Ints, Ints]:
        """The items that can fill the step after each node, with the node each follows."""
        chains, items = self.chains, self.items
        nodes = np.flatnonzero(~chains.is_last[steps])
        following, before = steps[nodes] + 1, filled[nodes]
        low = items.ends[before]
        high = np.minimum(low + chains.gaps[following] + 1, items.highs[before])
        source, after = spread(items.at[low], items.at[np.maximum(low, high)])
        fits = self.fillers.fill(items.rows[after], chains.places[following[source]])
        return nodes[source[fits]], after[fits]

    def _leftwards(self, steps: Ints, filled: Ints, ends: Ints) -> tuple[Ints, Ints, Ints]:
        """The nodes one step before these; of several that follow one, the nearest counts."""
        chains, items = self.chains, self.items
        gaps, high = chains.gaps[steps], items.starts[filled]
        low = np.maximum(high - gaps - chains.longest[steps - 1], items.lows[filled])
        source, before = spread(items.at[low], items.at[high])
        end = items.ends[before]
        fits = (end <= high[source]) & (end >= (high - gaps)[source])
        fits &= self.fillers.fill(items.rows[before], chains.places[steps[source] - 1])
        source, before = source[fits], before[fits]
        keys, first = np.unique((steps[source] - 1) * len(items) + before, return_index=True)
        steps, filled = np.divmod(keys, max(len(items), 1))
        return steps, filled, ends[source[first]]


def spread(first: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """Each number of the ranges ``first:stop``, with the number of its range beside it."""
    counts = stop - first
    source = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    shift = first - (np.cumsum(counts) - counts)
    return source, np.arange(len(source), dtype=np.int64) + shift[source]
