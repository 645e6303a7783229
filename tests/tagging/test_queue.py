"""What is asked first: where a judgement teaches most, spread over themes and reviews."""

from __future__ import annotations

from datetime import UTC, datetime

from factories import make_entry

from kb.model import Entry, Tag, TaggedBy, ThemeJudgement
from kb.tagging.judged import Settled, settled
from kb.tagging.queue import queue
from kb.text.normalise import digest

TEXT = "Draw a genogram."
THRESHOLDS = {"dash": 0.5, "training": 0.5}


def entry(
    review: str, position: int = 1, *, suggested: bool = False, text: str = TEXT, **sure: float
) -> Entry:
    """A recommendation that the classifier tags (or is suggested) so surely with these themes."""
    tags = tuple(tag(theme, value) for theme, value in sure.items())
    kind = "suggestions" if suggested else "themes"
    return make_entry(text, review=review, position=position).model_copy(update={kind: tags})


def tag(theme: str, confidence: float, by: TaggedBy = "classifier") -> Tag:
    return Tag(id=theme, by=(by,), confidence=confidence)


def verdict(who: str = "anna", *, text: str = TEXT, **said: object) -> Settled:
    line = {"who": who, "when": datetime(2026, 1, 1, tzinfo=UTC), "recommendation": "a/1"}
    return settled([ThemeJudgement.model_validate({**line, "digest": digest(text), **said})])


def asked(*entries: Entry, limit: int | None = None, **options: object) -> list[str]:
    verdicts = options.pop("verdicts", {})
    found = queue(entries, verdicts, THRESHOLDS, limit, **options)  # type: ignore[arg-type]
    return [identity for identity, _ in found]


def test_what_is_nearest_to_the_threshold_comes_first() -> None:
    sure, doubtful = entry("a", dash=0.95), entry("b", training=0.55)
    assert asked(sure, doubtful) == ["b/1", "a/1"]


def test_themes_and_reviews_take_turns() -> None:
    same = [entry("a", 1, dash=0.51), entry("a", 2, dash=0.52), entry("b", 1, training=0.6)]
    assert asked(*same) == ["a/1", "b/1", "a/2"]


def test_a_complete_judgement_is_not_asked_again_unless_the_text_has_changed() -> None:
    one = entry("a", dash=0.5)
    assert asked(one, verdicts={"a/1": verdict(complete=True)}) == []
    old = {"a/1": verdict(complete=True, text="Draw a map.")}
    assert queue([one], old, THRESHOLDS, 5) == [("a/1", "its text has changed since it was judged")]


def test_a_theme_that_a_person_judged_raises_no_doubt() -> None:
    one = entry("a", dash=0.5)
    assert asked(one, verdicts={"a/1": verdict(yes=["dash"])}) == []
    assert asked(one, verdicts={"a/1": verdict("starter", yes=["dash"])}) == ["a/1"]


def test_for_one_theme_its_doubts_come_first_and_then_where_nothing_speaks_for_it() -> None:
    doubtful, suggested, other = (
        entry("a", dash=0.6),
        entry("b", suggested=True, dash=0.45),
        entry("c", training=0.5),
    )
    assert asked(other, doubtful, suggested, theme="dash") == ["b/1", "a/1", "c/1"]


def test_for_one_theme_what_a_person_said_of_it_is_left_out() -> None:
    one, other = entry("a", dash=0.5), entry("b")
    for said in ({"yes": ["dash"]}, {"no": ["dash"]}, {"complete": True}):
        verdicts = {"a/1": verdict(**said), "b/1": verdict(**said)}
        assert asked(one, other, theme="dash", verdicts=verdicts) == []
    verdicts = {"b/1": verdict(yes=["training"])}
    assert asked(one, other, theme="dash", verdicts=verdicts) == ["a/1", "b/1"]


def test_what_was_passed_over_comes_last_and_the_limit_counts_all() -> None:
    entries = [entry("a", dash=0.5), entry("b", training=0.6), entry("c", training=0.9)]
    assert asked(*entries, last={"a/1"}) == ["b/1", "c/1", "a/1"]
    assert asked(*entries, last={"a/1"}, limit=2) == ["b/1", "c/1"]
    assert asked(*entries, limit=0) == []


def test_a_theme_judged_on_another_text_is_asked_again() -> None:
    why = "its text has changed since it was judged"
    one, old = entry("a", dash=0.5), {"a/1": verdict(yes=["dash"], text="Draw a map.")}
    assert queue([one], old, THRESHOLDS, 5) == [("a/1", why)]
    assert queue([one], old, THRESHOLDS, 5, theme="dash") == [("a/1", why)]
    assert queue([one], old, THRESHOLDS, 5, theme="training") != [("a/1", why)]
