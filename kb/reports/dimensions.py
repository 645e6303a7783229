"""What recommendations can be counted by: year, sector, agency, area, kind and status."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kb.model import SECTOR_NAMES, STATUS_NAMES, Entry

NOT_STATED = "Not stated"


@dataclass(frozen=True)
class Dimension:
    """One way to part recommendations.

    ``values`` gives the values of one entry (none: not stated); ``names`` the words for coded
    values, in their order; without names values stand by frequency, years by time.
    """

    name: str
    label: str
    values: Callable[[Entry], tuple[str, ...]]
    names: dict[str, str] | None = None

    def words(self, value: str | None) -> str:
        """A value as people read it."""
        if value is None:
            return NOT_STATED
        return (self.names or {}).get(value, value)

    def ordered(self, frequencies: dict[str | None, int]) -> list[str | None]:
        """The values that occur, in the order in which they are shown; not stated comes last."""
        stated = [value for value in frequencies if value is not None]
        if self.names is not None:
            order = list(self.names)
            stated.sort(key=order.index)
        elif self.name == "year":
            stated.sort()
        else:
            stated.sort(key=lambda value: (-frequencies[value], value))
        return [*stated, None] if None in frequencies else list(stated)


def _one(value: str | None) -> tuple[str, ...]:
    return () if not value else (value,)


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def year_of(entry: Entry) -> str | None:
    """The year of the entry's review as text, or None."""
    value = entry.review.year.value
    return None if value is None else str(value)


def agency_names(entry: Entry) -> tuple[str, ...]:
    """The canonical names of all who are asked, each once."""
    return _unique(agency.name for agency in entry.recommendation.lead_agencies)


def sector_names(entry: Entry) -> tuple[str, ...]:
    """The sectors of all who are asked, each once."""
    return _unique(agency.sector for agency in entry.recommendation.lead_agencies)


DIMENSIONS: dict[str, Dimension] = {
    dimension.name: dimension
    for dimension in (
        Dimension("year", "Year", lambda entry: _one(year_of(entry))),
        Dimension("sector", "Sector", sector_names, SECTOR_NAMES),
        Dimension("agency", "Agency", agency_names),
        Dimension("area", "Area", lambda entry: _one(entry.review.area)),
        Dimension("kind", "Kind of review", lambda entry: _one(entry.review.kind)),
        Dimension(
            "status", "Status", lambda entry: _one(entry.recommendation.status.value), STATUS_NAMES
        ),
    )
}


def rows_by_value(
    entries: Sequence[Entry], dimension: Dimension
) -> list[tuple[str | None, list[int]]]:
    """Each value that occurs with the places of its entries, in the order of the dimension.

    An entry with several values stands under each of them.
    """
    rows: dict[str | None, list[int]] = {}
    for at, entry in enumerate(entries):
        for value in dimension.values(entry) or (None,):
            rows.setdefault(value, []).append(at)
    order = dimension.ordered({value: len(places) for value, places in rows.items()})
    return [(value, rows[value]) for value in order]
