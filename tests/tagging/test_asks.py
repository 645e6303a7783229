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
        # A list of agencies is no occasion, and what is to be followed up is asked.
        ("The following agencies should complete a DASH for every victim.", []),
        ("Housing following up every report of choking, please.", []),
        # The duty is asked, whether or not a comma parts it from the occasion.
        (
            "After a DASH the police must log it, and report back.",
            ["After a DASH the police "],
        ),
        # An ask may forbid, or ask that someone be told; a tale may hold the words of an ask.
        ("Relatives never to interpret; staff to say who has been told.", []),
        (
            "She had told the nurse to stop. Midwives to ask.",
            ["She had told the nurse to stop. "],
        ),
        # The end of a text is where its words end.
        ("Officers should complete a DASH. Midwives should ask.\n", []),
        ("Officers should complete a DASH. A matter of weeks.\n", ["A matter of weeks."]),
        ("A matter of weeks;  ask about money.", []),
        ("Ask about money;  a matter of weeks.", []),
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


pieces = st.sampled_from(
    ["Midwives should ask", "after a DASH", "the genogram was late", "because", "following", "The",
     ". ", "; ", ", ", "\n", " ", "x"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=300), st.lists(pieces, max_size=20).map("".join)))
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
