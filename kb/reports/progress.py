"""Progress: what is open, what is overdue, and what is complete without a stated outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from kb.model import SECTOR_NAMES, STATUS_NAMES, Entry, PrintedDate, Recommendation
from kb.reports.again import again_table, asked_again
from kb.reports.dates import is_date, is_past, last_day
from kb.reports.dimensions import NOT_STATED
from kb.reports.listing import (
    LIST_COLUMNS,
    item_json,
    list_cells,
    list_table,
    review_words,
    shortened,
    status_cells,
    status_columns,
    status_json,
)
from kb.reports.repeats import Repeat
from kb.reports.report import Behind, Cell, Column, Report, Table, columns
from kb.reports.rows import Places, Rows

MOST_LISTED = 40  # of what is not late, in a document
CLOSED = frozenset({"complete", "ongoing", "not-accepted"})


def progress(rows: Rows, today: date, groups: Sequence[Repeat] | None = None) -> Report:
    """What is open and overdue on a day, and what ended without a stated outcome.

    Open is every recommendation that is not complete, kept up or turned down, so also one whose
    document states no status. Overdue is an open one whose target date, to its own precision, lies
    before ``today``; of one with several actions, that of any action still open counts. ``groups``
    of repeated learning, where they are given, tell what was asked again after it was complete.
    """
    standings = [standing(rows.entry(at), today, at) for at in range(len(rows))]
    late = sorted((s for s in standings if s.overdue), key=_longest_late)
    unproved = [s.entry for s in standings if s.complete_without_outcome]
    unknown = [s.entry for s in standings if s.open and s.target is None]
    again = None if groups is None else asked_again(groups)
    return Report(
        name="progress",
        title="Progress of recommendations",
        head=(("As at", today.isoformat()),),
        tables=(
            _totals_table(standings),
            _agency_table(standings),
            _review_table(standings),
            _late_table(late),
            *([] if again is None else [again_table(again)]),
            *shortened(
                list_table(
                    "complete_without_outcome", "Complete without a stated outcome", unproved
                ),
                MOST_LISTED,
            ),
            *shortened(
                list_table("open_without_target", "Open without a target date", unknown),
                MOST_LISTED,
            ),
        ),
        data={**_data(standings, late, today), "asked_again": again},
        notes=(*_NOTES, _NOT_LOOKED if again is None else _AGAIN),
        counted=rows,
    )


_AGAIN = (
    "Asked again: a later review makes the same ask, found by machine except where a person judged "
    "a pair, in any area. Where no date of completion is printed the date of the review whose plan "
    "says complete stands for it."
)
_NOT_LOOKED = (
    "What was complete and then asked again was not looked for: kb report progress --asked-again."
)
_NOTES = (
    "Open: not complete, not kept up after completion, and not turned down. A recommendation "
    "whose document states no status counts as open.",
    "Overdue: open, and the target date lies before the day of this report. A date that is only "
    "a month or a year is over when the month or year is over. Where a cell holds several dates "
    "the first is the target date.",
    "Done, no outcome: complete, and the document states no outcome.",
    "A recommendation to several agencies counts under each, so the agencies add up to more than "
    "the whole.",
)


@dataclass(frozen=True)
class Standing:
    """How one recommendation stands on a day; ``target`` is the date that it is late by, if any.

    ``place`` is its place among the rows that are counted.
    """

    entry: Entry
    open: bool
    overdue: bool
    days_late: int
    target: str | None
    complete_without_outcome: bool
    ongoing_without_outcome: bool
    place: int

    def as_json(self) -> dict[str, Any]:
        """The recommendation with the target date that passed and the days since."""
        return {**item_json(self.entry), "target_date": self.target, "days_late": self.days_late}


def standing(entry: Entry, today: date, place: int = 0) -> Standing:
    """How a recommendation stands on a day."""
    recommendation = entry.recommendation
    status = recommendation.status.value
    is_open = status not in CLOSED
    targets = open_targets(recommendation) if is_open else []
    passed = [target for target in targets if is_past(target, today)]
    target = min(passed or targets, key=last_day, default=None)
    bare = not has_outcome(recommendation)
    return Standing(
        entry=entry,
        open=is_open,
        overdue=bool(passed),
        days_late=(today - last_day(target)).days if passed and target else 0,
        target=target,
        complete_without_outcome=status == "complete" and bare,
        ongoing_without_outcome=status == "ongoing" and bare,
        place=place,
    )


def open_targets(recommendation: Recommendation) -> list[str]:
    """The target dates that still hold: of open actions where these have any, else its own.

    A target date that a person corrected stands over those of the actions, unless one of these was
    corrected later.
    """
    own = _dates(recommendation.target_date)
    printed = recommendation.target_date.printed
    if ("target_date", printed) in [
        (each.field, each.value) for each in recommendation.corrections
    ]:
        return own
    dated = [action for action in recommendation.actions if _dates(action.target_date)]
    if not dated:
        return own
    return [
        target
        for action in dated
        if action.status.value not in CLOSED
        for target in _dates(action.target_date)
    ]


def _dates(printed: PrintedDate) -> list[str]:
    return [printed.date] if printed.date and is_date(printed.date) else []


def has_outcome(recommendation: Recommendation) -> bool:
    """Whether the recommendation or one of its actions states an outcome."""
    outcomes = [recommendation.outcome, *(action.outcome for action in recommendation.actions)]
    return any(outcome and outcome.strip() for outcome in outcomes)


def _longest_late(standing: Standing) -> tuple[int, str]:
    return -standing.days_late, standing.entry.id


_COUNT_COLUMNS = columns(
    ("recommendations", "All", "count"),
    *status_columns(),
    ("open", "Open", "count"),
    ("overdue", "Overdue", "count"),
    ("complete_without_outcome", "Done, no outcome", "count"),
)


def _counts(standings: Sequence[Standing]) -> tuple[Cell, ...]:
    return (
        len(standings),
        *status_cells([standing.entry for standing in standings]),
        *_open_counts(standings).values(),
    )


def _open_counts(standings: Sequence[Standing]) -> dict[str, int]:
    return {
        "open": sum(standing.open for standing in standings),
        "overdue": sum(standing.overdue for standing in standings),
        "complete_without_outcome": sum(s.complete_without_outcome for s in standings),
    }


def _behind(parts: Sequence[Sequence[Standing]]) -> Behind:
    """What stands behind the counts of a table with a row for each part."""

    def behind(row: int, column: str) -> Places | None:
        test = _TESTS.get(column)
        if test is None:
            return None
        return np.array([each.place for each in parts[row] if test(each)], dtype=np.int64)

    return behind


def _has_status(value: str | None) -> Callable[[Standing], bool]:
    return lambda each: each.entry.recommendation.status.value == value


_TESTS: dict[str, Callable[[Standing], bool]] = {
    "recommendations": lambda _: True,
    "open": lambda each: each.open,
    "overdue": lambda each: each.overdue,
    "complete_without_outcome": lambda each: each.complete_without_outcome,
    "not_stated": _has_status(None),
    **{value.replace("-", "_"): _has_status(value) for value in STATUS_NAMES},
}


def _counts_json(standings: Sequence[Standing]) -> dict[str, Any]:
    return {
        "recommendations": len(standings),
        "status": status_json([standing.entry for standing in standings]),
        **_open_counts(standings),
        "ongoing_without_outcome": sum(s.ongoing_without_outcome for s in standings),
        "open_without_target_date": sum(s.open and s.target is None for s in standings),
    }


def _by_agency(standings: Sequence[Standing]) -> list[tuple[str, str | None, list[Standing]]]:
    """(agency, its sector, standings), those with most overdue first; not stated comes last."""
    found: dict[str, tuple[str, list[Standing]]] = {}
    unstated = []
    for each in standings:
        agencies = {agency.name: agency for agency in each.entry.recommendation.lead_agencies}
        for name, agency in agencies.items():
            found.setdefault(name, (agency.sector, []))[1].append(each)
        if not agencies:
            unstated.append(each)
    order = sorted(found, key=lambda name: (*_worst_first(found[name][1]), name))
    listed: list[tuple[str, str | None, list[Standing]]] = [
        (name, found[name][0], found[name][1]) for name in order
    ]
    return [*listed, (NOT_STATED, None, unstated)] if unstated else listed


def _worst_first(standings: Sequence[Standing]) -> tuple[int, int, int]:
    counts = _open_counts(standings)
    return -counts["overdue"], -counts["open"], -len(standings)


def _by_review(standings: Sequence[Standing]) -> list[list[Standing]]:
    found: dict[str, list[Standing]] = {}
    for each in standings:
        found.setdefault(each.entry.review.id, []).append(each)
    return [found[review] for review in sorted(found, key=lambda r: (*_worst_first(found[r]), r))]


def _totals_table(standings: Sequence[Standing]) -> Table:
    return Table(
        "totals",
        "All recommendations",
        (Column("name", "Counted"), *_COUNT_COLUMNS),
        (("All", *_counts(standings)),),
        behind=_behind([standings]),
    )


def _agency_table(standings: Sequence[Standing]) -> Table:
    heads = (Column("name", "Agency"), Column("sector", "Sector", detail=True), *_COUNT_COLUMNS)
    parts = _by_agency(standings)
    rows = tuple(
        (name, SECTOR_NAMES.get(sector or "", None), *_counts(each)) for name, sector, each in parts
    )
    behind = _behind([each for _, _, each in parts])
    return Table("agencies", "By agency", heads, rows, behind=behind)


def _review_table(standings: Sequence[Standing]) -> Table:
    heads = (Column("name", "Review"), Column("id", "Review id", detail=True), *_COUNT_COLUMNS)
    parts = _by_review(standings)
    rows = tuple(
        (review_words(each[0].entry.review), each[0].entry.review.id, *_counts(each))
        for each in parts
    )
    return Table("reviews", "By review", heads, rows, behind=_behind(parts))


def _late_table(late: Sequence[Standing]) -> Table:
    heads = (*LIST_COLUMNS, Column("days_late", "Days late", "count"))
    rows = tuple((*list_cells(each.entry)[:-1], each.target, each.days_late) for each in late)
    return Table("overdue", "Overdue, the longest first", heads, rows)


def _data(standings: Sequence[Standing], late: Sequence[Standing], today: date) -> dict[str, Any]:
    return {
        "today": today.isoformat(),
        "totals": {
            "reviews": len({standing.entry.review.id for standing in standings}),
            **_counts_json(standings),
        },
        "agencies": [
            {"name": None if name == NOT_STATED else name, "sector": sector, **_counts_json(each)}
            for name, sector, each in _by_agency(standings)
        ],
        "reviews": [
            {
                "id": each[0].entry.review.id,
                "title": each[0].entry.review.title,
                "area": each[0].entry.review.area,
                "year": each[0].entry.review.year.value,
                **_counts_json(each),
            }
            for each in _by_review(standings)
        ],
        "overdue": [standing.as_json() for standing in late],
        "open": [item_json(standing.entry) for standing in standings if standing.open],
        "complete_without_outcome": [
            item_json(standing.entry) for standing in standings if standing.complete_without_outcome
        ],
        "ongoing_without_outcome": [
            item_json(standing.entry) for standing in standings if standing.ongoing_without_outcome
        ],
    }
