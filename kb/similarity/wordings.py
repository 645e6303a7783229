"""The different wordings among stored texts: what is worded the same is compared once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kb.index.ragged import bounds_of

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Wordings:
    """Rows by wording, in the order of each wording's first row.

    The rows of wording ``i`` are ``rows[bounds[i]:bounds[i + 1]]``, in ascending order.
    """

    rows: Rows
    bounds: Rows

    @classmethod
    def of(cls, same: NDArray[np.uint64], rows: Rows, alone: Collection[int] = ()) -> Wordings:
        """The wordings of these rows (ascending); rows of equal ``same`` are worded the same.

        Those ``alone`` stand for themselves, whatever their wording.
        """
        _, first, code = np.unique(same[rows], return_index=True, return_inverse=True)
        leader = first[code]
        apart = np.flatnonzero(np.isin(rows, list(alone)))
        if len(apart):
            leader = _without(leader, apart)
        order = np.argsort(leader, kind="stable")
        counts = np.bincount(leader, minlength=len(rows))
        return cls(rows[order], bounds_of(counts[counts > 0]))

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @cached_property
    def first(self) -> Rows:
        """The first row of each wording."""
        return self.rows[self.bounds[:-1]]

    def of_each(self) -> Rows:
        """The wording of each of ``rows``."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.bounds))

    def of_row(self) -> dict[int, int]:
        """The wording of each row that is the first of one."""
        return {int(row): wording for wording, row in enumerate(self.first)}

    def rows_of(self, wording: int) -> list[int]:
        """The rows that are worded so."""
        rows: list[int] = self.rows[self.bounds[wording] : self.bounds[wording + 1]].tolist()
        return rows


def _without(leader: Rows, apart: Rows) -> Rows:
    """Each of those apart leads itself; another leads those whose leader was one of them."""
    places = np.arange(len(leader))
    leader = leader.copy()
    stays = np.ones(len(leader), dtype=bool)
    stays[apart] = False
    following = np.flatnonzero(stays & ~stays[leader])
    for old in np.unique(leader[following]):
        those = following[leader[following] == old]
        leader[those] = those[0]
    leader[apart] = places[apart]
    return leader
