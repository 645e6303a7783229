"""Complete, then asked again: what another review, or the same area, asked after it was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kb.model import STATUS_NAMES, Entry
from kb.printed import is_date
from kb.reports.dates import last_day
from kb.reports.repeats import Repeat
from kb.reports.report import Cell, Table, columns
from kb.reports.rows import Places, Rows


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


def areas_again(rows: Rows, places: Places, done: Sequence[Entry]) -> list[dict[str, Any]]:
    """Areas where several reviews carry the theme of these places, those with most reviews first.

    ``after_completion``: a later review asked after an earlier one was marked complete, by the
    date of completion where it is known to lie before the later review's year; ``done`` are those
    that are complete.
    """
    reviews, areas, years = (rows.values(n).firsts(places) for n in ("review", "area", "year"))
    by_area: dict[str, list[tuple[str, int]]] = {}
    for review, area, year in zip(reviews, areas, years, strict=True):
        if area and review:
            by_area.setdefault(area, []).append((review, int(year or 0)))
    ended: dict[str | None, list[Entry]] = defaultdict(list)
    for entry in done:
        ended[entry.review.area].append(entry)
    found = []
    for area, own in by_area.items():
        year_of = dict(own)
        if len(year_of) > 1:
            found.append(
                {
                    "area": area,
                    "reviews": sorted(year_of),
                    "years": sorted(set(year_of.values()) - {0}),
                    "recommendations": len(own),
                    "after_completion": _asked_after_completion(year_of, ended[area]),
                }
            )
    return sorted(found, key=lambda each: (-len(each["reviews"]), each["area"]))


def _asked_after_completion(year_of: Mapping[str, int], done: Sequence[Entry]) -> bool:
    ended = [
        (entry.review.id, last_day(completed).year)
        for entry in done
        if (completed := entry.recommendation.completed.date) and is_date(completed)
    ]
    return any(
        review != earlier and year > year_done
        for review, year in year_of.items()
        for earlier, year_done in ended
    )
