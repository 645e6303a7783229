"""Confidences sorted into bins, against figures worked out by hand."""

from __future__ import annotations

import pytest

from kb.model import Tag
from kb.tagging.judged import Tagged
from kb.tagging.reliability import Bin, reliability


def tag(theme: str, confidence: float) -> Tag:
    return Tag(id=theme, by=("classifier",), confidence=confidence)


def test_tags_and_suggestions_are_counted_with_the_share_that_is_right() -> None:
    found = reliability(
        [
            Tagged(themes=(tag("a", 0.92), tag("b", 1.0)), suggestions=(tag("c", 0.25),)),
            Tagged(suggestions=(tag("a", 0.25), tag("b", 0.3))),
        ],
        [{"a": True, "b": False, "c": False}, {"a": True, "b": False}],
    )
    assert found.bins[9] == Bin(0.9, 1.0, pairs=2, tags=2, right=1, confidence=0.96)
    assert found.bins[2] == Bin(0.2, 0.3, pairs=2, tags=0, right=1, confidence=0.25)
    assert (found.bins[3].pairs, found.bins[3].share_right.value) == (1, 0.0)
    assert found.pairs == 5
    # (2 · |0.96 - 0.5| + 2 · |0.25 - 0.5| + 1 · |0.3 - 0|) / 5
    assert found.expected_error == pytest.approx(0.344)


def test_pairs_that_were_not_judged_are_not_counted() -> None:
    found = reliability([Tagged(themes=(tag("a", 0.5), tag("b", 0.5)))], [{"a": True}])
    assert found.pairs == 1


def test_nothing_tagged_has_no_error() -> None:
    found = reliability([Tagged()], [{"a": True}])
    assert (found.pairs, found.expected_error) == (0, None)
    assert len(found.bins) == 10
