"""Features of a pair beyond its words, on pairs of our own wording."""

from __future__ import annotations

import pytest

from kb.similarity.reading import Reader
from kb.similarity.traits import traits_of
from kb.text.abbreviations import Abbreviations


def traits(abbreviations: Abbreviations, a: str, b: str) -> dict[str, float]:
    reader = Reader(abbreviations)
    return traits_of(reader.read(a), reader.read(b), lambda key: 1.0)


@pytest.mark.parametrize(
    ("a", "b", "turned"),
    [
        (
            "The chair should hand over the papers to the coroner",
            "The coroner should hand over the papers to the chair",
            1.0,
        ),
        (
            "Response officers should carry a laminated card",
            "A laminated card should be carried by response officers",
            0.0,
        ),
        ("The chair should write to the coroner", "The panel should write to the coroner", 0.0),
    ],
)
def test_who_acts_is_read_in_active_and_passive(
    abbreviations: Abbreviations, a: str, b: str, turned: float
) -> None:
    assert traits(abbreviations, a, b)["turned_roles"] == turned


@pytest.mark.parametrize(
    ("a", "b", "group"),
    [
        ("Ask about abuse before discharge", "Ask about abuse at booking", "moment"),
        ("Sample the files each month", "Sample the files once a year", "rate"),
        ("Posters for the waiting room", "A register for the waiting room", "thing"),
    ],
)
def test_other_concepts_of_a_group_are_seen(
    abbreviations: Abbreviations, a: str, b: str, group: str
) -> None:
    assert traits(abbreviations, a, b)[f"other_{group}"] > 0
    assert traits(abbreviations, a, a)[f"other_{group}"] == 0


def test_one_concept_has_many_names(abbreviations: Abbreviations) -> None:
    found = traits(
        abbreviations,
        "Draw a family tree with every client",
        "Genograms are to be made for all service users",
    )
    assert found["same_matter"] > 0
    assert found["same_concepts"] > 0.4


def test_doing_and_measuring_are_apart(abbreviations: Abbreviations) -> None:
    a, b = "Train crisis staff in suicide", "Establish how many crisis staff know of suicide"
    assert traits(abbreviations, a, b)["measured_or_done"] == 1.0


def test_numbers_in_words_are_numbers(abbreviations: Abbreviations) -> None:
    a, b, c = "Within two days", "Within 2 days", "Within five days"
    assert traits(abbreviations, a, b)["other_counts"] == 0
    assert traits(abbreviations, a, c)["other_counts"] == 1


def test_the_two_sentences_most_alike_count(abbreviations: Abbreviations) -> None:
    ask = "Midwives to ask every woman about abuse in private."
    told = f"{ask} Anna had been seen nine times with her husband beside her in the room."
    assert traits(abbreviations, ask, told)["best_sentence"] == pytest.approx(1.0)
