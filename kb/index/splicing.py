"""From one generation's arrays to the next one's where few rows have changed.

What stood is copied with its rows numbered anew; what went is cut out, and what came is set in
where it belongs. That is a matter of copying, where counting everything again would sort it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.index.ragged import bounds_of
from kb.index.wording import Wording

Ints = NDArray[np.int64]
Names = Sequence[str] | NDArray[Any]

_STRETCH = 1 << 16
_FEW = 1 / 16  # a larger share of rows that went or came is counted from nothing


@dataclass(frozen=True)
class Succession:
    """Where the rows of one generation stand in the next.

    ``of_old`` int64[rows before]: the row now, ascending, or -1 where it went; ``come`` int64: the
    rows now that did not stand before, ascending.
    """

    of_old: Ints
    come: Ints

    @property
    def are_few(self) -> bool:
        """Whether so few rows went or came that splicing is less work than counting."""
        return len(self.come) + len(self.gone) <= _FEW * len(self.of_old)

    @cached_property
    def gone(self) -> Ints:
        """The rows before that went, ascending."""
        return np.flatnonzero(self.of_old < 0)

    @cached_property
    def before(self) -> Ints:
        """For each row that came, the row of the generation before that now follows it."""
        stayed = np.flatnonzero(self.of_old >= 0)
        at = np.searchsorted(self.of_old[stayed], self.come)
        return np.append(stayed, len(self.of_old))[at]

    @cached_property
    def now(self) -> NDArray[np.int32]:
        """The row now of each row before and, after them, of each row that came."""
        return np.concatenate([self.of_old, self.come]).astype(np.int32)

    @property
    def rows(self) -> int:
        """How many rows there are now."""
        return len(self.of_old) - len(self.gone) + len(self.come)


@dataclass(frozen=True)
class Change:
    """What went and what came between the generation in ``folder`` and the next.

    ``stood`` are its words; ``gone`` and ``come`` are the words of the rows that went and came.
    """

    folder: Path
    rows: Succession
    stood: Wording
    gone: Wording
    come: Wording


@dataclass(frozen=True)
class Held:
    """Where each of many terms stands.

    Term t stands in the rows (or places) ``values[bounds[t]:bounds[t + 1]]``, ascending; what
    ``beside`` holds is parallel to them. ``bounds`` int64[terms + 1], ``values`` int32.
    """

    bounds: Ints
    values: NDArray[np.int32]
    beside: tuple[NDArray[Any], ...] = ()

    @property
    def counts(self) -> Ints:
        """In how many rows each term stands."""
        return np.diff(self.bounds)

    @cached_property
    def terms(self) -> Ints:
        """The term of each value."""
        return np.repeat(np.arange(len(self.bounds) - 1), self.counts)


@dataclass(frozen=True)
class Terms:
    """How terms are numbered after a change: those left and those that came, in order.

    ``of_old`` int64[terms before] and ``of_come`` int64[terms of what came] are numbers now, -1 for
    a term that is gone; ``of_gone`` are the numbers before of the terms of what went; ``firsts``
    int64[terms now] are the terms before that stand at or after each, and ``stood`` tells which
    stood before themselves.
    """

    of_old: Ints
    of_gone: Ints
    of_come: Ints
    firsts: Ints
    stood: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.firsts)


def places_in(names: Names, sought: Names) -> Ints:
    """For each name the first place among sorted ones that is not before it."""
    if isinstance(names, np.ndarray):
        return np.searchsorted(names, sought)
    return np.array([bisect_left(names, name) for name in sought], dtype=np.int64)


def change_terms(names: tuple[Names, Names, Names], old: Held, gone: Held, come: Held) -> Terms:
    """Number the terms of what is left and of what came.

    ``names`` are those of what stood, of what went (all among them) and of what came, sorted each.
    """
    stood_names, gone_names, come_names = names
    left, of_gone = old.counts, places_in(stood_names, gone_names)
    left[of_gone] -= gone.counts
    at = places_in(stood_names, come_names)
    known = _are_there(stood_names, at, come_names)
    left[at[known]] += come.counts[known]
    stays = left > 0
    stood_before = np.concatenate([[0], np.cumsum(stays)])
    new = at[~known]
    of_old = np.where(
        stays, stood_before[:-1] + np.searchsorted(new, np.arange(len(left)), side="right"), -1
    )
    of_come = np.empty(len(at), dtype=np.int64)
    of_come[known] = of_old[at[known]]
    of_come[~known] = stood_before[new] + np.arange(len(new))
    size = int(stays.sum()) + len(new)
    firsts, stood = np.empty(size, dtype=np.int64), np.ones(size, dtype=bool)
    firsts[of_old[stays]] = np.flatnonzero(stays)
    firsts[of_come[~known]], stood[of_come[~known]] = new, False
    return Terms(of_old, of_gone, of_come, firsts, stood)


def _are_there(names: Names, at: Ints, sought: Names) -> NDArray[np.bool_]:
    pairs = zip(at.tolist(), sought, strict=True)
    return np.array([at < len(names) and names[at] == name for at, name in pairs], dtype=bool)


def renamed(terms: Terms, names: Sequence[str], come_names: Sequence[str]) -> list[str]:
    """The names of the terms now."""
    found = [""] * len(terms)
    for numbers, all_names in ((terms.of_old, names), (terms.of_come, come_names)):
        for number, name in zip(numbers.tolist(), all_names, strict=True):
            if number >= 0:
                found[number] = name
    return found


def of_terms(terms: Terms, old: NDArray[Any], come: NDArray[Any]) -> NDArray[Any]:
    """What is known of each term now, from what was known of those before and of those that came.

    Of a term that both have, what came counts.
    """
    found = np.empty(len(terms), dtype=old.dtype)
    stays = terms.of_old >= 0
    found[terms.of_old[stays]] = old[stays]
    found[terms.of_come] = come
    return found


def splice(
    old: Held, terms: Terms, gone: Held, come: Held, where: tuple[Ints, NDArray[np.int32]]
) -> Held:
    """What stood without what went and with what came.

    ``gone`` and ``come`` have the terms of ``terms.of_gone`` and ``terms.of_come``. The values of
    ``gone`` are as they stood; those of ``come`` follow the numbers of all that stood. ``where``
    tells for value i of ``come`` before which value as it stood it belongs, and for each number
    what it is now.
    """
    before, now = where
    at = terms.of_come[come.terms]
    order = np.argsort(at, kind="stable")
    at, came, before = at[order], come.values[order], before[order]
    went = terms.of_gone[gone.terms]
    cuts = _positions(old, went, went + 1, gone.values)
    sets = _positions(old, terms.firsts[at], (terms.firsts + terms.stood)[at], before)
    pieces = _pieces(len(old.values), cuts, sets)

    def together(stood: NDArray[Any], set_in: NDArray[Any]) -> NDArray[Any]:
        parts = (stood, set_in)
        return np.concatenate([parts[of][first:stop] for of, first, stop in pieces])

    left, counts = old.counts, np.bincount(at, minlength=len(terms))
    left[terms.of_gone] -= gone.counts
    counts[terms.stood] += left[terms.firsts[terms.stood]]
    return Held(
        bounds_of(counts),
        _told(together(old.values, came.astype(np.int32)), now),
        tuple(
            together(stood, set_in[order])
            for stood, set_in in zip(old.beside, come.beside, strict=True)
        ),
    )


def _told(numbers: NDArray[np.int32], now: NDArray[np.int32]) -> NDArray[np.int32]:
    """What each number is now, in place; by stretches, or it would take thrice the memory."""
    for first in range(0, len(numbers), _STRETCH):
        some = numbers[first : first + _STRETCH]
        some[:] = now[some]
    return numbers


def splice_rows(old: Held, terms: Terms, gone: Held, come: Held, rows: Succession) -> Held:
    """The same for rows: those of ``gone`` and ``come`` are counted among what went and came."""
    went = Held(gone.bounds, rows.gone[gone.values].astype(np.int32), gone.beside)
    came = Held(come.bounds, len(rows.of_old) + come.values, come.beside)
    return splice(old, terms, went, came, (rows.before[come.values], rows.now))


def _positions(old: Held, firsts: Ints, ends: Ints, values: NDArray[Any]) -> Ints:
    """Where each value stands, or would, in the stretch of the terms ``firsts:ends``.

    What is of one stretch stands together.
    """
    wanted = values.astype(np.int32)  # of the same type, or a search would copy the stretch
    found = np.empty(len(wanted), dtype=np.int64)
    starts, stops = old.bounds[firsts].tolist(), old.bounds[ends].tolist()
    edges = np.flatnonzero(np.diff(firsts + ends, prepend=-1, append=-1)).tolist()
    for first, last in pairwise(edges):
        start = starts[first]
        found[first:last] = old.values[start : stops[first]].searchsorted(wanted[first:last])
        found[first:last] += start
    return found


def _pieces(size: int, cuts: Ints, sets: Ints) -> list[tuple[int, int, int]]:
    """What to put together, in order: (0, first, stop) of what stood, (1, first, stop) of the new.

    ``cuts`` are the places that are left out, ``sets`` ascending those before which the new stand.
    """
    edges = np.unique(np.concatenate([[0, size], cuts, cuts + 1, sets]))
    is_cut = np.isin(edges, cuts).tolist()
    set_from, set_to = (np.searchsorted(sets, edges, side).tolist() for side in ("left", "right"))
    pieces = []
    for at, (first, stop) in enumerate(pairwise([*edges.tolist(), size])):
        if set_to[at] > set_from[at]:
            pieces.append((1, set_from[at], set_to[at]))
        if not is_cut[at]:
            pieces.append((0, first, stop))
    return pieces
