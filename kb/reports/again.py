"""Complete, then asked again: what another review asked after it was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kb.model import STATUS_NAMES
from kb.reports.repeats import Repeat
from kb.reports.report import Cell, Table, columns


def asked_again(groups: Sequence[Repeat]) -> list[dict[str, Any]]:
    """Completed recommendations that a later review asks again, those of the same area first.

    ``{id, text, area, status, completed, again: [{id, area, date, same_area, months}],
    same_area}``; ``completed`` is the date of completion, else that of the review whose plan says
    complete. The groups and their ``returns`` are those of repeated learning.
    """
    found = [again for group in groups for again in _of_group(group)]
    return sorted(found, key=lambda each: (not each["same_area"], each["completed"], each["id"]))


def _of_group(group: Repeat) -> Iterator[dict[str, Any]]:
    members = {member["id"]: member for member in group["members"]}
    again: dict[str, list[dict[str, Any]]] = {}
    for one in group.get("returns", ()):
        later = {key: members[one["later"]][key] for key in ("id", "area", "date")}
        told = {**later, "same_area": one["same_area"], "months": one["months"]}
        again.setdefault(one["earlier"], []).append(told)
    for earlier, later_ones in again.items():
        done = members[earlier]
        yield {
            **{key: done[key] for key in ("id", "text", "area", "status")},
            "completed": done["completed"] or done["date"],
            "again": sorted(later_ones, key=lambda one: (one["date"] or "", one["id"])),
            "same_area": any(one["same_area"] for one in later_ones),
        }


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
