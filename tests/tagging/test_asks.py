from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tagging.asks import may_tell_settings, settings
from kb.tagging.tokens import Tokens


@pytest.mark.parametrize(
    ("text", "scenes"),
    [
        ("Officers should complete a DASH at every incident.", []),
        ("After a DASH, complete the log.", ["After a DASH"]),
        (
            "Following the MARAC, housing should change the locks.",
            ["Following the MARAC"],
        ),
        (
            "The genogram was drawn too late. Midwives should ask who lives in the home.",
            ["The genogram was drawn too late. "],
        ),
        (
            "Midwives should ask who lives in the home. The genogram had been left blank.",
            ["The genogram had been left blank."],
        ),
        (
            "A restraining order was in place; the landlord should change locks.",
            ["A restraining order was in place; "],
        ),
        # For whom, or when, a thing is asked is its subject as often as not.
        ("Where a tenant is in arrears, officers should ask about money and control.", []),
        ("GPs should ask about abuse when a patient has self-harmed.", []),
        # What is asked is never setting, whatever it looks like.
        ("Lessons were learnt.", []),
        ("", []),
    ],
)
def test_setting_is_what_happened_and_why_not_what_is_asked(text: str, scenes: list[str]) -> None:
    assert [text[first:last] for first, last in settings(text)] == scenes


@given(st.text(max_size=300))
def test_settings_are_stretches_in_order_that_leave_something(text: str) -> None:
    found = settings(text)
    assert found == sorted(found)
    assert all(0 <= first < last <= len(text) for first, last in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))


PIECES = [
    *("following", "in the light of", "as happened,", "even when", "after", "with", "As", "that"),
    *("since", "\u017fince", "given that", "given how", "DESPITE", "for consideration", "_", "’s"),
    *("told", "should ask", "the GP", "1", "(", ",", ".", ";", "! ", "\n", " ", ", and then", "“A"),
]


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join), max_size=4))
def test_text_that_is_not_read_for_its_setting_has_none(many: list[str]) -> None:
    may = may_tell_settings(Tokens.of(many)).tolist()
    assert all(said or not settings(text) for text, said in zip(many, may, strict=True))


def test_most_texts_are_not_read_for_their_setting() -> None:
    plain = ["Train staff in the use of DASH.", "Housing staff should act as well as ask", ""]
    told = ["Ask. Tell.", "After a DASH, complete the log", "Since it failed, ask", "Ask;\ntell"]
    assert may_tell_settings(Tokens.of([*plain, *told])).tolist() == [False] * 3 + [True] * 4
