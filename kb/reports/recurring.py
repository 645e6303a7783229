"""Themes that are asked again after they had been marked complete."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from kb.reports.report import Table, columns

Repeat = Mapping[str, Any]


def recurring_json(groups: Sequence[Repeat], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """For each theme how often it came back, the most frequent first.

    ``{id, name, asked_again, same_area, groups, recommendations, median_months}``:
    recommendations of the theme that ask what an earlier review had marked complete, those of them
    in the same area, in how many groups; out of how many recommendations of the theme that stand in
    any group; and the median time since the completion, where the dates name months.
    """
    every: dict[str, int] = defaultdict(int)
    again: dict[str, list[tuple[int, Mapping[str, Any]]]] = defaultdict(list)
    for number, group in enumerate(groups):
        returns = {one["later"]: one for one in reversed(group.get("returns", ()))}
        for member in group["members"]:
            for theme in member.get("themes", ()):
                every[theme] += 1
                if member["id"] in returns:
                    again[theme].append((number, returns[member["id"]]))
    found = [
        {
            "id": theme,
            "name": names.get(theme, theme),
            "asked_again": len(returns),
            "same_area": sum(one["same_area"] for _, one in returns),
            "groups": len({number for number, _ in returns}),
            "recommendations": every[theme],
            "median_months": _median([one["months"] for _, one in returns]),
        }
        for theme, returns in again.items()
    ]
    return sorted(found, key=lambda row: (-row["asked_again"], -row["same_area"], row["id"]))


def _median(months: Sequence[int | None]) -> int | None:
    known = [each for each in months if each is not None]
    return int(median(known)) if known else None


def recurring_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """The same as a table."""
    shown = columns(
        ("name", "Theme"),
        ("asked_again", "Asked again after completion", "count"),
        ("same_area", "Of these in the same area", "count"),
        ("groups", "Groups", "count"),
        ("recommendations", "Out of repeated recommendations", "count"),
        ("median_months", "Median months since", "count"),
    )
    cells = tuple(tuple(row[column.name] for column in shown) for row in rows)
    return Table("recurring", "Themes that recur after completion", shown, cells)
