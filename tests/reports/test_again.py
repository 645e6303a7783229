"""Complete, then asked again by another review."""

from __future__ import annotations

from datetime import date
from typing import Any

from report_factories import make_entry

from kb.reports import EntryRows, progress
from kb.reports.again import asked_again


def _member(review: str, when: str | None, **facts: Any) -> dict[str, Any]:
    return {
        "id": f"{review}/1",
        "review_id": review,
        "text": "Use genograms.",
        "area": "North",
        "status": None,
        "completed": None,
        "date": when,
        **facts,
    }


def _found(*members: dict[str, Any]) -> list[tuple[str, list[str]]]:
    found = asked_again([{"members": members}])
    return [(each["id"], [other["id"] for other in each["again"]]) for each in found]


def test_what_was_complete_before_a_later_review_asked_is_found() -> None:
    done = _member("a", "2015", status="complete", completed="2016-05")
    assert _found(done, _member("b", "2018-01-03"), _member("c", "2017")) == [
        ("a/1", ["c/1", "b/1"])
    ]


def test_what_was_complete_only_afterwards_or_in_the_same_year_is_not() -> None:
    done = _member("a", "2015", status="complete", completed="2019")
    assert _found(done, _member("b", "2018"), _member("c", "2019-07-01")) == []


def test_without_a_date_of_completion_that_of_the_review_stands_for_it() -> None:
    (found,) = asked_again(
        [{"members": [_member("a", "2015", status="ongoing"), _member("b", "2018", area="South")]}]
    )
    assert (found["completed"], found["dated_by"], found["same_area"]) == ("2015", "review", False)


def test_the_same_review_does_not_ask_again() -> None:
    done = _member("a", "2015", status="complete")
    assert _found(done, _member("a", "2018"), _member("b", None)) == []


def test_progress_says_whether_it_was_looked_for() -> None:
    rows, today = EntryRows([make_entry()]), date(2026, 1, 1)
    without = progress(rows, today)
    assert without.data["asked_again"] is None
    assert any("--asked-again" in note for note in without.notes)
    again = progress(rows, today, [{"members": [_member("a", "2015", status="complete")]}])
    assert again.data["asked_again"] == []
    assert "asked_again" in {table.name for table in again.tables}
