"""How recommendations stand on a day: open, overdue, done without an outcome; as arrays."""

from __future__ import annotations

from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kb.model import STATUS_NAMES
from kb.printed import CLOSED
from kb.reports.dates import is_past, last_day
from kb.reports.rows import Places, Rows, Values

Mask = NDArray[np.bool_]
NOT_STATED_KEY = "not_stated"


class Standings:
    """How each recommendation stands on a day.

    ``tests`` are masks over the rows by what they count: ``open``, ``overdue``,
    ``complete_without_outcome``, ``ongoing_without_outcome``, ``open_without_target_date``, and one
    for each status. ``days_late`` is 0 where a row is not overdue.
    """

    def __init__(self, rows: Rows, today: date) -> None:
        """Look at every row; overdue is what is open and has a target date that is over."""
        self.rows = rows
        count = len(rows)
        self.tests: dict[str, Mask] = _by_status(rows.values("status"))
        closed = [self.tests[_key(value)] for value in sorted(CLOSED)]
        is_open = ~np.logical_or.reduce(closed) if count else np.zeros(0, dtype=bool)
        bare = rows.values("outcome").lengths == 0
        targets = rows.values("open_target")
        chosen = _earliest(targets, today)
        self._targets, self._target = targets.values, chosen
        late = np.array([_days_late(value, today) for value in targets.values], dtype=np.int64)
        self.days_late = np.zeros(count, dtype=np.int64)
        has_target = chosen >= 0
        self.days_late[has_target] = late[chosen[has_target]]
        self.tests |= {
            "recommendations": np.ones(count, dtype=bool),
            "open": is_open,
            "overdue": self.days_late > 0,
            "complete_without_outcome": self.tests["complete"] & bare,
            "ongoing_without_outcome": self.tests["ongoing"] & bare,
            "open_without_target_date": is_open & ~has_target,
        }

    def target(self, place: int) -> str | None:
        """The target date that it is late by, or will be; None where none holds."""
        code = int(self._target[place])
        return None if code < 0 else self._targets[code]

    def where(self, test: str, places: Places | None = None) -> Places:
        """The places, among these or all, that a test counts."""
        mask = self.tests[test]
        found: Places = np.flatnonzero(mask) if places is None else places[mask[places]]
        return found

    def counts(self, places: Places) -> dict[str, int]:
        """How many of the recommendations at these places each test counts."""
        counted = self._stacked[:, places].sum(axis=1).tolist()
        return dict(zip(self.tests, counted, strict=True))

    def counts_by(self, field: str) -> dict[str | None, dict[str, int]]:
        """The same counts for each value of a field; under None of what has none."""
        values = self.rows.values(field)
        rows, codes, many = values.row_of_code, values.codes, len(values.values)
        counted = [
            np.bincount(codes[mask[rows]], minlength=many).tolist() for mask in self._stacked
        ]
        found: dict[str | None, dict[str, int]] = {
            value: dict(zip(self.tests, each, strict=True))
            for value, *each in zip(values.values, *counted, strict=True)
        }
        return {**found, None: self.counts(np.flatnonzero(values.lengths == 0))}

    @cached_property
    def _stacked(self) -> NDArray[np.bool_]:
        return np.array(list(self.tests.values()))

    def late(self) -> Places:
        """What is overdue, the longest first."""
        places = self.where("overdue")
        ids = self.rows.ids(places)
        order = sorted(range(len(ids)), key=lambda at: (-self.days_late[places[at]], ids[at]))
        return places[order]


def _key(status: str) -> str:
    return status.replace("-", "_")


STATUS_TESTS = tuple(map(_key, STATUS_NAMES))


def _by_status(statuses: Values) -> dict[str, Mask]:
    """A mask for each status, and for what states none."""
    first = statuses.first_codes()
    masks = {_key(value): np.zeros(len(first), dtype=bool) for value in STATUS_NAMES}
    masks |= {_key(value): first == code for code, value in enumerate(statuses.values)}
    masks[NOT_STATED_KEY] = statuses.lengths == 0
    return masks


def _days_late(target: str, today: date) -> int:
    return (today - last_day(target)).days if is_past(target, today) else 0


def _earliest(targets: Values, today: date) -> NDArray[np.int64]:
    """For each row the code of its earliest target that is over, else of its earliest; else -1."""
    last = np.array([last_day(value).toordinal() for value in targets.values], dtype=np.int64)
    ahead = np.array([not is_past(value, today) for value in targets.values], dtype=bool)
    rows, codes = targets.row_of_code, targets.codes
    order = np.lexsort((last[codes], ahead[codes], rows)) if len(codes) else codes
    found = np.full(len(targets.starts) - 1, -1, dtype=np.int64)
    with_any, first = np.unique(rows[order], return_index=True)
    found[with_any] = codes[order][first]
    return found
