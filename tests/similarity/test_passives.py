"""Who tells whom, and who is to act, where the ask is in the passive."""

from __future__ import annotations

import pytest

from kb.similarity.reading import Reader
from kb.text.abbreviations import load_abbreviations

READER = Reader(load_abbreviations())


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("GPs should be told by the MARAC coordinator when a patient is heard",
         "from marac coordinator to gp"),
        ("The MARAC coordinator should tell the GP whenever a patient is heard",
         "from marac coordinator to gp"),
        ("Minutes to be shared by the MARAC with the school nurse", "from marac to school nurse"),
        ("Patients must be asked about abuse by midwives", "from midwives to patients"),
        ("GPs should be routinely told by the MARAC", "from marac to gp"),
        ("GPs should tell the MARAC what they hold", "from gp to marac"),
    ],
)  # fmt: skip
def test_who_tells_whom(text: str, direction: str) -> None:
    assert [one.words for one in READER.read(text).directions] == [direction]


@pytest.mark.parametrize(
    "text",
    [
        "GPs should be told when a patient is heard at MARAC",  # by whom is not said
        "Staff should be told to follow the policy",
    ],
)
def test_no_direction_where_the_giver_is_not_named(text: str) -> None:
    assert READER.read(text).directions == ()


@pytest.mark.parametrize(
    ("text", "holders"),
    [
        ("GPs should be told by the health visitor of every birth", ["health visitors"]),
        ("GPs should always be told by the health visitor of every birth", ["health visitors"]),
        ("GPs should not be asked by the health visitor for notes", ["health visitors"]),
        ("GPs should be reminded to ask about abuse", ["GPs"]),
        ("The police policy should be revised by March", ["police"]),
        ("GPs should ask, and be told by the health visitor of every birth", ["GPs"]),
    ],
)
def test_who_is_to_act(text: str, holders: list[str]) -> None:
    assert list(READER.read(text).duty_holders) == holders
