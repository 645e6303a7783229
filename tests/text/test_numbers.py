from __future__ import annotations

from random import Random

import pytest

from kb.text.numbers import number_key


@pytest.mark.parametrize(
    "listed",
    [
        ["R1", "R2", "R10"],
        ["2", "2a", "2b", "3"],
        ["3.9", "3.140(a)", "3.140(b)", "4.1"],
        ["9.1", "9.1 a", "9.1 b", "9.2"],
        ["10.1", "10.1.1", "10.1.1.1", "10.2"],
        ["(i)", "(ii)", "(iv)", "(v)", "(ix)", "(x)"],
        ["(a)", "(h)", "(i)", "(j)"],
        ["5(i)", "5(ii)", "5(iv)"],
        ["Recommendation 1", "2.", "Rec No. 3", "Recommendation 11"],
        ["1", "Police 2", None],
    ],
)
def test_numbers_sort_as_people_would(listed: list[str | None]) -> None:
    shuffled = list(listed)
    Random(7).shuffle(shuffled)
    if "Police 2" in listed:
        assert sorted(shuffled, key=number_key)[-1] is None
    else:
        assert sorted(shuffled, key=number_key) == listed


def test_the_word_before_a_number_does_not_make_it_another() -> None:
    assert number_key("Recommendation 4")[0] == number_key("4.")[0]
