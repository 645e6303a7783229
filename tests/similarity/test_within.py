from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from kb.similarity.facts import Facts
from kb.similarity.store import Similarity
from kb.similarity.within import repeats_within

MakeBase = Callable[[Sequence[str | Facts]], Similarity]
DRAFTS = (
    "Midwives should ask every mother about abuse at booking.",
    "The council to mend the street lamps in Mill Lane.",
    "Every mother should be asked about abuse by midwives at booking",
    "Schools should keep a register of bruises.",
    "Midwives should ask every mother about abuse at booking.",
)


@pytest.fixture(scope="module")
def base(make_base: MakeBase) -> Similarity:
    return make_base(["Schools to keep a record of bruises.", "Paint the hall.", *DRAFTS[1:3]])


def repeats(base: Similarity, texts: Sequence[str]) -> list[dict[str, str]]:
    drafts = [Facts(str(number), "", text) for number, text in enumerate(texts, start=1)]
    none = np.zeros((len(drafts), 0), dtype=np.float32)
    found = repeats_within(base, drafts, [()] * len(drafts), none, none, theme_names={})
    return [{one.facts.id: one.verdict for one in each} for each in found]


def test_a_draft_is_told_which_others_ask_the_same(base: Similarity) -> None:
    found = repeats(base, DRAFTS)
    assert set(found[0]) == {"3", "5"}
    assert set(found[2]) == {"1", "5"}
    assert found[0]["5"] == found[4]["1"] == "duplicate"
    assert found[1] == found[3] == {}


def test_a_draft_never_repeats_itself(base: Similarity) -> None:
    assert repeats(base, DRAFTS[:2]) == [{}, {}]


def test_a_base_without_recommendations_does_not_hinder(make_base: MakeBase) -> None:
    found = repeats(make_base([]), [DRAFTS[0], DRAFTS[0]])
    assert found == [{"2": "duplicate"}, {"1": "duplicate"}]
