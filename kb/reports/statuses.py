"""Statuses counted: the columns, cells and JSON that all tables of them share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kb.model import STATUS_NAMES
from kb.reports.dimensions import NOT_STATED
from kb.reports.report import Bars, Behind, Column, Table, columns
from kb.reports.rows import Places, Rows

DONE = ("complete", "ongoing")
_WORDS = {**STATUS_NAMES, "not-stated": NOT_STATED}
_COLUMNS = tuple(value.replace("-", "_") for value in _WORDS)


class Statuses:
    """The status of each row as a number: its place among the statuses, "not stated" the last."""

    def __init__(self, rows: Rows) -> None:
        """Read the status of every row."""
        values, order = rows.values("status"), list(STATUS_NAMES)
        numbers = [*(order.index(value) for value in values.values), len(order)]
        self._numbers = np.array(numbers, dtype=np.int64)[values.first_codes()]

    def cells(self, places: Places) -> tuple[int, ...]:
        """How many of the recommendations at these places stand under each of the columns."""
        counted = np.bincount(self._numbers[places], minlength=len(_WORDS))
        return tuple(int(many) for many in counted)

    def as_json(self, places: Places) -> dict[str, int]:
        """``{complete, ongoing, in-progress, not-started, not-accepted, not-stated}``."""
        return dict(zip(_WORDS, self.cells(places), strict=True))

    def done(self, places: Places) -> Places:
        """Those of the places that are complete or kept up."""
        numbers = [_COLUMNS.index(status) for status in DONE]
        chosen: Places = places[np.isin(self._numbers[places], numbers)]
        return chosen

    def where(self, column: str, places: Places) -> Places | None:
        """Those of the places that a column counts; None where it is none of statuses."""
        if column not in _COLUMNS:
            return None
        chosen: Places = places[self._numbers[places] == _COLUMNS.index(column)]
        return chosen

    def behind(self, parts: Sequence[Places]) -> Behind:
        """What stands behind the counts of a table with a row for each part.

        Its columns are ``recommendations``, ``reviews`` and those of ``status_columns``.
        """
        return lambda row, column: (
            parts[row]
            if column in ("recommendations", "reviews")
            else self.where(column, parts[row])
        )

    def table(self, places: Places) -> Table:
        """How many recommendations have each status, and their share."""
        counts = self.cells(places)
        return Table(
            "status",
            "By status",
            columns(
                ("name", "Status"),
                Column("value", "Value", detail=True),
                ("recommendations", "Recommendations", "count"),
                ("recommendation_share", "Share", "share"),
            ),
            tuple(
                (words, value if value in STATUS_NAMES else None, many, many / len(places))
                for (value, words), many in zip(_WORDS.items(), counts, strict=True)
                if len(places)
            ),
            bar="recommendation_share",
            chart=Bars("recommendation_share"),
            behind=lambda row, column: (
                self.where(_COLUMNS[row], places) if column == "recommendations" else None
            ),
        )


def status_columns() -> tuple[Column, ...]:
    """A column of counts for each status, and one for those not stated."""
    return tuple(
        Column(name, label, "count") for name, label in zip(_COLUMNS, _WORDS.values(), strict=True)
    )
