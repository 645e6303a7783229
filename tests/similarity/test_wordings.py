from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kb.similarity.wordings import Wordings


def _of(same: list[int], rows: list[int], alone: set[int]) -> list[list[int]]:
    wordings = Wordings.of(np.array(same, dtype=np.uint64), np.array(rows, dtype=np.int64), alone)
    assert wordings.of_each().tolist() == [
        number for number in range(len(wordings)) for _ in wordings.rows_of(number)
    ]
    return [wordings.rows_of(number) for number in range(len(wordings))]


def test_rows_worded_the_same_stand_together() -> None:
    assert _of([7, 9, 7, 8, 9], [0, 1, 2, 3, 4], set()) == [[0, 2], [1, 4], [3]]


def test_rows_that_are_not_wanted_are_in_none() -> None:
    assert _of([7, 9, 7, 8, 9], [1, 2, 4], set()) == [[1, 4], [2]]


def test_a_row_apart_stands_for_itself() -> None:
    assert _of([7, 7, 7, 8], [0, 1, 2, 3], {0}) == [[0], [1, 2], [3]]
    assert _of([7, 7, 7, 8], [0, 1, 2, 3], {1, 2}) == [[0], [1], [2], [3]]


@given(
    st.lists(st.integers(0, 4), max_size=12),
    st.sets(st.integers(0, 11)),
    st.sets(st.integers(0, 11)),
)
def test_every_row_is_in_one_wording(same: list[int], rows: set[int], alone: set[int]) -> None:
    wanted = sorted(row for row in rows if row < len(same))
    found = _of(same, wanted, alone)
    assert sorted(row for wording in found for row in wording) == wanted
    assert [wording[0] for wording in found] == sorted(wording[0] for wording in found)
    for wording in found:
        assert len({same[row] for row in wording}) == 1
        assert len(wording) == 1 or alone.isdisjoint(wording)
    together = [same[wording[0]] for wording in found if alone.isdisjoint(wording)]
    assert len(together) == len(set(together))
