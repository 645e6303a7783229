"""Near copies: what is one, and what only speaks of the same."""

from __future__ import annotations

from kb.tagging.copies import near_copies

GENOGRAM = "Social workers to draw a genogram with every family at the first visit."
OTHERS = [
    "SOCIAL WORKERS to draw genograms, with each family, at the first visit",
    "Children's social workers should draw a genogram with every family at the first visit made.",
    "A genogram shows who belongs to a family; supervisors will look for one on each file.",
    "The fire service should check smoke alarms of those who are at risk of arson.",
]


def test_case_marks_and_endings_make_no_other_text() -> None:
    assert near_copies(
        ["Train doctors on DASH!"], ["train doctor on dash", "Train nurses"]
    ).tolist() == [[True, False]]


def test_text_with_a_few_words_changed_is_a_near_copy_and_one_on_the_same_subject_is_not() -> None:
    assert near_copies([GENOGRAM], OTHERS).tolist() == [[True, True, False, False]]


def test_nothing_to_compare_gives_nothing() -> None:
    assert near_copies([], OTHERS).shape == (0, 4)
    assert near_copies([GENOGRAM], []).shape == (1, 0)
    assert near_copies(["…", "-"], ["!"]).tolist() == [[True], [True]]
