"""Progress: what is open, what is overdue, and what is complete without a stated outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from kb.model import SECTOR_NAMES
from kb.reports.again import again_table, asked_again
from kb.reports.dimensions import NOT_STATED
from kb.reports.listing import (
    LIST_COLUMNS,
    item_cells,
    items_json,
    items_table,
    reviews_json,
    reviews_words,
    shortened,
)
from kb.reports.repeats import Repeat
from kb.reports.report import Behind, Cell, Column, LaterTables, Report, Table, columns
from kb.reports.rows import Places, Rows
from kb.reports.standings import NOT_STATED_KEY, STATUS_TESTS, Standings
from kb.reports.statuses import status_columns

# In a document; workbook, CSV and JSON have all.
MOST_COUNTED = 30  # agencies, and reviews: those with most overdue
MOST_LATE = 60
MOST_LISTED = 20  # of what is not late
_TESTS = (
    "recommendations",
    *STATUS_TESTS,
    NOT_STATED_KEY,
    "open",
    "overdue",
    "complete_without_outcome",
)
_MORE_TESTS = ("ongoing_without_outcome", "open_without_target_date")


def progress(rows: Rows, today: date, groups: Sequence[Repeat] | None = None) -> Report:
    """What is open and overdue on a day, and what ended without a stated outcome.

    Open is every recommendation that is not complete, kept up or turned down, so also one whose
    document states no status. Overdue is an open one whose target date, to its own precision, lies
    before ``today``; of one with several actions, that of any action still open counts. ``groups``
    of repeated learning, where they are given, tell which of ``rows`` was asked again after it was
    complete, be the later ask among the rows or not.
    """
    standings = Standings(rows, today)
    listed = _Listed(standings)
    agencies, reviews = _parts(standings, "agency"), _parts(standings, "review")
    again = None if groups is None else _again(rows, groups)
    return Report(
        name="progress",
        title="Progress of recommendations",
        head=(("As at", today.isoformat()),),
        tables=LaterTables(lambda: _tables(standings, listed, agencies, reviews, again)),
        data={**_data(standings, listed, agencies, reviews, today), "asked_again": again},
        notes=(*_NOTES, _NOT_LOOKED if again is None else _AGAIN),
        counted=rows,
    )


def _again(rows: Rows, groups: Sequence[Repeat]) -> list[dict[str, Any]]:
    own = set(rows.ids(np.arange(len(rows))))
    return [each for each in asked_again(groups) if each["id"] in own]


_AGAIN = (
    "Asked again: a later review makes the same ask, found by machine except where a person judged "
    "a pair, in any area and whatever the filters leave out. Where no date of completion is "
    "printed the date of the review whose plan says complete stands for it."
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
class _Part:
    """Recommendations that are counted together: of one agency, or of one review."""

    name: str | None
    places: Places
    counts: dict[str, int]

    @property
    def worst_first(self) -> tuple[int, int, int]:
        """Most overdue first, then most open, then most at all."""
        return -self.counts["overdue"], -self.counts["open"], -self.counts["recommendations"]

    def cells(self) -> tuple[Cell, ...]:
        """The cells of ``_COUNT_COLUMNS``."""
        return tuple(self.counts[test] for test in _TESTS)

    def as_json(self) -> dict[str, Any]:
        """The counts as scripts read them."""
        statuses = (*STATUS_TESTS, NOT_STATED_KEY)
        return {
            "recommendations": self.counts["recommendations"],
            "status": {test.replace("_", "-"): self.counts[test] for test in statuses},
            **{test: self.counts[test] for test in (*_TESTS, *_MORE_TESTS) if test not in statuses},
        }


_COUNT_COLUMNS = columns(
    ("recommendations", "All", "count"),
    *status_columns(),
    ("open", "Open", "count"),
    ("overdue", "Overdue", "count"),
    ("complete_without_outcome", "Done, no outcome", "count"),
)


def _whole(standings: Standings) -> _Part:
    places = np.arange(len(standings.rows))
    return _Part("All", places, standings.counts(places))


def _parts(standings: Standings, field: str) -> list[_Part]:
    """Those with most overdue first; what has no value comes last."""
    parts = standings.rows.values(field).parts()
    counted = standings.counts_by(field)
    found = [_Part(name, places, counted[name]) for name, places in parts.items()]
    return sorted(found, key=lambda part: (part.name is None, part.worst_first, part.name or ""))


def _tables(
    standings: Standings,
    listed: _Listed,
    agencies: Sequence[_Part],
    reviews: Sequence[_Part],
    again: Sequence[dict[str, Any]] | None,
) -> tuple[Table, ...]:
    unproved = items_table(
        "complete_without_outcome",
        "Complete without a stated outcome",
        listed.items("complete_without_outcome"),
    )
    unknown = items_table(
        "open_without_target",
        "Open without a target date",
        listed.items("open_without_target_date"),
    )
    return (
        _part_table(standings, _WHOLE, [_whole(standings)]),
        *shortened(_agency_table(standings, agencies), MOST_COUNTED),
        *shortened(_review_table(standings, reviews), MOST_COUNTED),
        *shortened(_late_table(listed), MOST_LATE),
        *([] if again is None else shortened(again_table(again), MOST_LISTED)),
        *shortened(unproved, MOST_LISTED),
        *shortened(unknown, MOST_LISTED),
    )


_WHOLE = Table("totals", "All recommendations", (Column("name", "Counted"),), (("All",),))


def _part_table(
    standings: Standings,
    named: Table,
    parts: Sequence[_Part],
) -> Table:
    """The rows that name the parts, each with the counts of its part."""
    return replace(
        named,
        columns=(*named.columns, *_COUNT_COLUMNS),
        rows=tuple((*row, *part.cells()) for row, part in zip(named.rows, parts, strict=True)),
        behind=_behind(standings, parts),
    )


def _behind(standings: Standings, parts: Sequence[_Part]) -> Behind:
    return lambda row, column: (
        standings.where(column, parts[row].places) if column in _TESTS else None
    )


def _agency_table(standings: Standings, parts: Sequence[_Part]) -> Table:
    heads = (Column("name", "Agency"), Column("sector", "Sector", detail=True))
    starts = [
        (part.name or NOT_STATED, SECTOR_NAMES.get(_sector(standings.rows, part) or ""))
        for part in parts
    ]
    named = Table("agencies", "By agency", heads, tuple(starts))
    return _part_table(standings, named, parts)


def _sector(rows: Rows, part: _Part) -> str | None:
    """The sector of an agency, as at its first recommendation."""
    if part.name is None:
        return None
    asked = rows.entry(int(part.places[0])).recommendation.lead_agencies
    return next((agency.sector for agency in asked if agency.name == part.name), None)


def _review_table(standings: Standings, parts: Sequence[_Part]) -> Table:
    heads = (Column("name", "Review"), Column("id", "Review id", detail=True))
    words = reviews_words(standings.rows)
    starts = [(words[part.name or ""], part.name) for part in parts]
    named = Table("reviews", "By review", heads, tuple(starts))
    return _part_table(standings, named, parts)


def _late_table(listed: _Listed) -> Table:
    heads = (*LIST_COLUMNS, Column("days_late", "Days late", "count"))
    rows = tuple(
        (*item_cells(item)[:-1], item["target_date"], item["days_late"]) for item in listed.late()
    )
    return Table("overdue", "Overdue, the longest first", heads, rows)


def _data(
    standings: Standings,
    listed: _Listed,
    agencies: Sequence[_Part],
    reviews: Sequence[_Part],
    today: date,
) -> dict[str, Any]:
    rows = standings.rows
    told = reviews_json(rows)
    return {
        "today": today.isoformat(),
        "totals": {"reviews": len(reviews), **_whole(standings).as_json()},
        "agencies": [
            {"name": part.name, "sector": _sector(rows, part), **part.as_json()}
            for part in agencies
        ],
        "reviews": [{**told[part.name or ""], **part.as_json()} for part in reviews],
        "overdue": listed.late(),
        "open": listed.items("open"),
        "complete_without_outcome": listed.items("complete_without_outcome"),
        "ongoing_without_outcome": listed.items("ongoing_without_outcome"),
    }


class _Listed:
    """The recommendations that a report of progress lists, each read once."""

    def __init__(self, standings: Standings) -> None:
        self._standings = standings
        tests = ("open", "complete_without_outcome", "ongoing_without_outcome")
        wanted = np.unique(np.concatenate([standings.where(test) for test in tests]))
        items = items_json(standings.rows, wanted)
        self._items = dict(zip(wanted.tolist(), items, strict=True))

    def items(self, test: str) -> list[dict[str, Any]]:
        """What a test counts."""
        return [self._items[at] for at in self._standings.where(test).tolist()]

    def late(self) -> list[dict[str, Any]]:
        """What is overdue with the target date that passed and the days since."""
        standings = self._standings
        return [
            {
                **self._items[at],
                "target_date": standings.target(at),
                "days_late": int(standings.days_late[at]),
            }
            for at in standings.late().tolist()
        ]
