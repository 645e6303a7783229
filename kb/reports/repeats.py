"""Repeated learning: groups of the same ask across reviews, made into a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kb.model import SECTOR_NAMES, STATUS_NAMES
from kb.reports.dimensions import NOT_STATED
from kb.reports.listing import shortened
from kb.reports.recurring import recurring_json, recurring_table
from kb.reports.report import MOST_LINES, Cell, LaterTables, Report, Table, Timeline, columns

Repeat = Mapping[str, Any]  # {wording, members, reviews, areas, sectors, years, statuses, notes, …}


def repeated(groups: Sequence[Repeat], names: Mapping[str, str] | None = None) -> Report:
    """A report of groups of repeated learning, in the order in which they are given.

    Each group is ``{wording, members: [{id, text, review_id, title, area, year, date, status,
    completed, themes}], reviews, areas, sectors, years, statuses, notes, returns: [{later, earlier,
    same_area, months}]}``, as the duplicate check makes them; ``names`` are those of the themes.
    """
    reviews = {member["review_id"] for group in groups for member in group["members"]}
    recurring = recurring_json(groups, names or {})
    return Report(
        name="repeated",
        title="Repeated learning",
        tables=LaterTables(lambda: _tables(groups, recurring)),
        data={
            "groups": [dict(group) for group in groups],
            "recurring_themes": recurring,
            "denominators": {
                "groups": len(groups),
                "recommendations": sum(len(group["members"]) for group in groups),
                "reviews": len(reviews),
            },
        },
        notes=(
            "A group is the same ask made by at least two reviews. Its wording is that of its most "
            "typical recommendation.",
            "Groups are found by machine, except where a person judged a pair.",
            "Asked again after completion: a later review asks what an earlier one of the group "
            "has marked complete, by the date of completion, or of that review where only "
            "“complete” is printed. It need not mean that nothing was done.",
        ),
    )


def _tables(groups: Sequence[Repeat], recurring: Sequence[dict[str, Any]]) -> list[Table]:
    """For documents the groups that the timeline draws, with long wordings cut."""
    members = sum(len(group["members"]) for group in groups[:MOST_LINES])
    return [
        *shortened(repeats_table(groups), MOST_LINES),
        recurring_table(recurring),
        *shortened(_members_table(groups), members),
    ]


def repeats_table(groups: Sequence[Repeat]) -> Table:
    """One row a group: how often, where, of whom, when, and what became of it."""
    rows: list[tuple[Cell, ...]] = [
        (
            number,
            str(group["wording"]),
            len(group["members"]),
            len({member["review_id"] for member in group["members"]}),
            _span([member["year"] for member in group["members"]]),
            "; ".join(dict.fromkeys(m["area"] for m in group["members"] if m["area"])) or None,
            "; ".join(SECTOR_NAMES.get(one, one) for one in group.get("sectors", ())) or None,
            sum(member["status"] in ("complete", "ongoing") for member in group["members"]),
            "\n".join(group.get("notes") or ()) or None,
        )
        for number, group in enumerate(groups, start=1)
    ]
    return Table(
        "groups",
        "What several reviews ask",
        columns(
            ("group", "Group", "count"),
            ("wording", "Typical wording"),
            ("recommendations", "Recommendations", "count"),
            ("reviews", "Reviews", "count"),
            ("years", "Years"),
            ("areas", "Areas"),
            ("sectors", "Sectors"),
            ("complete", "Marked complete", "count"),
            ("notes", "What stands out"),
        ),
        tuple(rows),
    )


def _span(years: Sequence[int | None]) -> str | None:
    """``2015–2021``, or the one year, or None where no year is known."""
    known = [year for year in years if year is not None]
    if not known:
        return None
    return str(known[0]) if min(known) == max(known) else f"{min(known)}–{max(known)}"


def _members_table(groups: Sequence[Repeat]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            number,
            member["id"],
            member["text"],
            member["title"],
            member["area"],
            member.get("date") or (None if member["year"] is None else str(member["year"])),
            STATUS_NAMES.get(member["status"] or "", NOT_STATED),
            member.get("completed"),
        )
        for number, group in enumerate(groups, start=1)
        for member in group["members"]
    ]
    return Table(
        "members",
        "The recommendations of each group",
        columns(
            ("group", "Group", "count"),
            ("id", "Recommendation"),
            ("text", "Text"),
            ("review", "Review"),
            ("area", "Area"),
            ("asked", "Asked", "date"),
            ("status", "Status"),
            ("completed", "Completed", "date"),
        ),
        tuple(rows),
        chart=Timeline("group", "asked", "completed", "status", _DONE, _labels(groups)),
    )


_DONE = (STATUS_NAMES["complete"], STATUS_NAMES["ongoing"])


def _labels(groups: Sequence[Repeat]) -> tuple[str, ...]:
    return tuple(str(group["wording"]) for group in groups)
