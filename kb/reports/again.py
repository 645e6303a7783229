"""Complete, then asked again: what another review asked after it was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kb.model import STATUS_NAMES
from kb.reports.repeats import Repeat
from kb.reports.report import Cell, Table, columns

_DONE = ("complete", "ongoing")


def asked_again(groups: Sequence[Repeat]) -> list[dict[str, Any]]:
    """Completed recommendations that a later review repeats, those soonest repeated first.

    ``{id, text, review_id, area, status, completed, dated_by, again: [{id, area, date}],
    same_area}``; ``completed`` is the date of completion, else that of the review whose plan says
    complete (``dated_by``: "completion" or "review"). Groups are those of repeated learning.
    """
    found = [again for group in groups for again in _of_group(group["members"])]
    return sorted(found, key=lambda each: (not each["same_area"], each["again"][0]["date"]))


def _of_group(members: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for done in members:
        when = done["completed"] or done["date"]
        if done["status"] not in _DONE or not when:
            continue
        later = [
            other
            for other in members
            if other["review_id"] != done["review_id"] and _is_after(other["date"], when)
        ]
        if later:
            again = sorted(
                ({key: other[key] for key in ("id", "area", "date")} for other in later),
                key=lambda other: (other["date"], other["id"]),
            )
            kept = {key: done[key] for key in ("id", "text", "review_id", "area", "status")}
            yield {
                **kept,
                "completed": when,
                "dated_by": "completion" if done["completed"] else "review",
                "again": again,
                "same_area": any(done["area"] and done["area"] == o["area"] for o in again),
            }


def _is_after(date: str | None, when: str) -> bool:
    """Whether a date lies after another, as far as both are precise."""
    if not date:
        return False
    precision = min(len(date), len(when))
    return date[:precision] > when[:precision]


def again_table(found: Sequence[Mapping[str, Any]]) -> Table:
    """One row a completed recommendation, with who asked the same later."""
    rows: list[tuple[Cell, ...]] = [
        (
            each["id"],
            each["text"],
            each["area"],
            STATUS_NAMES[each["status"]],
            each["completed"],
            "; ".join(other["id"] for other in each["again"]),
            each["again"][0]["date"],
            "yes" if each["same_area"] else "no",
        )
        for each in found
    ]
    return Table(
        "asked_again",
        "Complete, then asked again",
        columns(
            ("id", "Recommendation"),
            ("text", "Text"),
            ("area", "Area"),
            ("status", "Status"),
            ("completed", "Complete by", "date"),
            ("again", "Asked again by"),
            ("first_again", "First asked again", "date"),
            ("same_area", "In the same area"),
        ),
        tuple(rows),
    )
