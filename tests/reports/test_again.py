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


def _return(later: str, *, same_area: bool = True) -> dict[str, Any]:
    return {"later": later, "earlier": "a/1", "same_area": same_area, "months": 12}


DONE = _member("a", "2015", status="complete", completed="2016-05")


def test_each_completion_stands_with_all_who_asked_again() -> None:
    group = {
        "members": [DONE, _member("b", "2018-01-03", area="South"), _member("c", "2017")],
        "returns": [_return("b/1", same_area=False), _return("c/1")],
    }
    (found,) = asked_again([group])
    assert (found["id"], found["completed"], found["same_area"]) == ("a/1", "2016-05", True)
    assert [one["id"] for one in found["again"]] == ["c/1", "b/1"]


def test_without_a_date_of_completion_that_of_the_review_stands_for_it() -> None:
    members = [_member("a", "2015", status="ongoing"), _member("b", "2018", area="South")]
    (found,) = asked_again([{"members": members, "returns": [_return("b/1", same_area=False)]}])
    assert (found["completed"], found["same_area"]) == ("2015", False)


def test_a_group_in_which_nothing_came_back_says_nothing() -> None:
    assert asked_again([{"members": [DONE, _member("b", "2014")], "returns": []}]) == []


def test_progress_says_whether_it_was_looked_for() -> None:
    rows, today = EntryRows([make_entry()]), date(2026, 1, 1)
    without = progress(rows, today)
    assert without.data["asked_again"] is None
    assert any("--asked-again" in note for note in without.notes)
    again = progress(rows, today, [{"members": [_member("a", "2015", status="complete")]}])
    assert again.data["asked_again"] == []
    assert "asked_again" in {table.name for table in again.tables}


def test_progress_of_some_rows_tells_who_asked_them_again_among_all() -> None:
    groups = [
        {
            "members": [DONE, _member("b", "2018-01-03", area="South")],
            "returns": [_return("b/1", same_area=False)],
        }
    ]

    def asked_of(review: str) -> list[str]:
        rows = EntryRows([make_entry(review=review, status="complete")])
        found = progress(rows, date(2026, 1, 1), groups).data["asked_again"]
        return [other["id"] for each in found for other in each["again"]]

    assert asked_of("a") == ["b/1"]
    assert asked_of("b") == []
