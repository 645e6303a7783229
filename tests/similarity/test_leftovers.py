"""What is left of two texts tells a light rewording from another ask in the same words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from kb.similarity.facts import Facts
from kb.similarity.leftovers import LEFTOVERS
from kb.similarity.store import Similarity

COSINES = ("word_cosine", "character_cosine", "latent_cosine", "sentence_cosine")
STORED = "Consultants should be reminded by the trust that letters may be opened at home."
TURNED = "The trust should remind consultants that letters can be opened at home."
OTHER = "Consultants should be reminded by the trust that letters may be stolen at home."

Beside = Callable[[str, str], Mapping[str, float]]


@pytest.fixture(scope="module")
def beside(make_base: Callable[[Sequence[str | Facts]], Similarity]) -> Beside:
    base = make_base([STORED, TURNED, OTHER, "…", "Paint the hall.", "Audit the files each May."])
    rows = {base.facts(row).text: row for row in range(len(base))}

    def features(draft: str, stored: str) -> Mapping[str, float]:
        draft_side, row = base.side(rows[draft]), rows[stored]
        return base.compare(draft_side, row, **dict.fromkeys(COSINES, 0.5)).features

    return features


def test_a_sentence_turned_round_leaves_nothing(beside: Beside) -> None:
    found = beside(TURNED, STORED)
    assert found["both_left"] == found["most_left"] == found["replaced_weight"] == 0
    assert found["same_bag"] == 1
    assert found["moved"] > 0


def test_another_word_in_the_same_place_is_seen(beside: Beside) -> None:
    found = beside(OTHER, STORED)
    assert found["verbatim"] > 0.9
    assert found["replaced_share"] == 1
    assert found["replaced_weight"] > 0.5
    assert found["moved"] == 0


def test_other_ask_verbs_are_seen(beside: Beside) -> None:
    assert beside("Audit the files each May.", STORED)["other_verbs_left"] == 1
    assert beside(TURNED, STORED)["other_verbs_left"] == 0


def test_both_sides_say_the_same_of_two_texts(beside: Beside) -> None:
    for one, other in ((TURNED, STORED), (OTHER, STORED), ("…", STORED), ("Paint the hall.", "…")):
        here, there = beside(one, other), beside(other, one)
        assert all(0 <= here[name] <= 1 for name in LEFTOVERS)
        assert here["both_left"] == there["both_left"]
        assert here["same_bag"] == there["same_bag"]
