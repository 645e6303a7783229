from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.similarity.check import check
from kb.similarity.facts import Facts
from kb.similarity.store import Similarity
from kb.similarity.stretches import Stretches

MakeBase = Callable[[Sequence[str | Facts]], Similarity]
STORED = "Midwives should ask every mother about abuse at booking, and record her answer."


@pytest.fixture(scope="module")
def base(make_base: MakeBase) -> Similarity:
    return make_base([STORED, "Schools to keep a record of bruises."])


def laid_beside(base: Similarity, text: str) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """The shared stretches, those of the text alone and those of the stored one, in words."""
    match = next(m for m in check(base, text, limit=9).matches if m.facts.text == STORED)
    found = match.stretches
    return (
        [(text[a:b], STORED[c:d]) for (a, b), (c, d) in found.shared],
        [text[a:b] for a, b in found.only_text],
        [STORED[a:b] for a, b in found.only_stored],
    )


def test_the_same_words_are_one_stretch_and_others_stand_apart(base: Similarity) -> None:
    shared, here, there = laid_beside(base, "Health visitors should ask every mother about abuse")
    assert ("ask every mother about abuse", "ask every mother about abuse") in shared
    assert here == ["Health visitors"]
    assert there == ["Midwives", "booking, and record her answer"]


def test_other_forms_of_a_word_and_moved_words_are_shared(base: Similarity) -> None:
    shared, here, there = laid_beside(base, "Answers to be recorded when mothers are asked")
    assert {(a.lower(), b.lower()) for a, b in shared} == {
        ("answers", "answer"),
        ("recorded", "record"),
        ("mothers", "mother"),
        ("asked", "ask"),
    }
    assert here == []
    assert there == ["Midwives", "abuse at booking"]


def test_a_long_form_is_shared_with_its_abbreviation(make_base: MakeBase) -> None:
    stored = "The MARAC to be told of every visit."
    text = "Tell the Multi-Agency Risk Assessment Conference of all visits"
    (match,) = check(make_base([stored]), text).matches
    pairs = [(text[a:b], stored[c:d]) for (a, b), (c, d) in match.stretches.shared]
    assert ("Multi-Agency Risk Assessment Conference", "MARAC") in pairs


def test_what_one_says_alone_ends_with_its_clause(base: Similarity) -> None:
    _, here, _ = laid_beside(base, "Ask every mother. Health visitors to do so; paint the hall.")
    assert here == ["Health visitors", "paint the hall"]


def test_a_word_said_twice_is_not_called_missing(base: Similarity) -> None:
    _, here, _ = laid_beside(base, "Midwives ask, and ask again, every mother")
    assert here == []


def test_very_long_texts_are_laid_beside_each_other_too(base: Similarity) -> None:
    shared, here, there = laid_beside(base, "Plough the moon. " * 500 + STORED)
    assert shared == [(STORED[:-1], STORED[:-1])]
    assert set(here) == {"Plough the moon"}
    assert there == []


def _in_order(spans: Sequence[tuple[int, int]], length: int) -> bool:
    edges = [edge for span in spans for edge in span]
    return edges == sorted(edges) and all(0 <= edge <= length for edge in edges)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from([*STORED.split(), "plough", "the", "MARAC"]), min_size=1))
def test_stretches_lie_in_their_texts_and_do_not_overlap(
    base: Similarity, words: list[str]
) -> None:
    text = " ".join(words)
    for match in check(base, text).matches:
        found: Stretches = match.stretches
        here = sorted([*(a for a, _ in found.shared), *found.only_text])
        there = sorted([*(b for _, b in found.shared), *found.only_stored])
        assert _in_order(here, len(text))
        assert _in_order(there, len(match.facts.text))
        assert len(found.as_json()["shared"]) == len(found.shared)
