"""Two texts word by word, on lists whose right answer can be worked out by hand."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.similarity.alignment import Alignment, equal_runs

_keys = st.lists(st.sampled_from("abcde"), max_size=20)


@given(_keys, _keys)
def test_equal_runs_are_those_of_difflib(a: list[str], b: list[str]) -> None:
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    assert equal_runs(a, b) == [tuple(block) for block in blocks[:-1]]


def test_shares_are_of_the_weight_of_all_words() -> None:
    alignment = Alignment.of(["use", "genogram", "family"], ["use", "ecomap", "family", "monthly"])
    assert alignment is not None
    found = alignment.features([1, 4, 1], [1, 3, 1, 2])
    assert found["in_order"] == pytest.approx(2 / 8)
    assert found["replaced"] == pytest.approx(3 / 8)
    assert found["long_run"] == pytest.approx(1 / 12)


def test_texts_of_many_hundred_words_are_not_aligned() -> None:
    assert Alignment.of(["a"] * 401, ["a"]) is None
