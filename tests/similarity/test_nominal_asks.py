"""What is asked where a verb such as "undertake" hands the ask on to a noun."""

from __future__ import annotations

import pytest

from kb.similarity.reading import Reader
from kb.text.abbreviations import load_abbreviations

READER = Reader(load_abbreviations())


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Staff to undertake domestic abuse training", "train"),
        ("All ward staff to receive annual training in the use of the DASH", "train"),
        ("Staff to be trained in the use of the DASH", "train"),
        ("Social workers to be trained in recording decisions", "train"),
        ("Staff to be briefed on the recording of risk", "train"),
        ("Training in the use of the DASH for all staff", "train"),
        ("Practitioners should be reminded to ask about abuse", "remind"),
        ("GPs to be reminded of the need to refer to MARAC", "remind"),
        ("Send reminders yearly", "remind"),
        ("The force to conduct a joint thematic audit of files", "evaluate"),
        ("The use of the DASH to be audited", "evaluate"),
        ("Undertake a review", "review"),
        ("Commission a domestic abuse support service", "fund"),
        ("Provide GPs with guidance", "offer"),
        ("Midwives should use the DASH", "use"),
    ],
)
def test_the_main_ask(text: str, asked: str) -> None:
    assert READER.read(text).real_asks[0].name == asked
