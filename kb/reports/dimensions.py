"""What recommendations can be counted by: year, sector, agency, area, kind and status."""

from __future__ import annotations

from dataclasses import dataclass

from kb.errors import WrongUsage
from kb.model import SECTOR_NAMES, STATUS_NAMES
from kb.reports.rows import Places, Rows

NOT_STATED = "Not stated"
OF_REVIEWS = ("year", "area", "kind")  # the same for all recommendations of a review


@dataclass(frozen=True, eq=False)
class Dimension:
    """One way to part recommendations.

    ``names`` are the words for coded values, in their order; without names values stand by
    frequency, years by time.
    """

    name: str
    label: str
    names: dict[str, str] | None = None

    def words(self, value: str | None) -> str:
        """A value as people read it."""
        if value is None:
            return NOT_STATED
        return (self.names or {}).get(value, value)

    def as_json(self, value: str | None) -> str | int | None:
        """A value as scripts read it: a year is a number."""
        return int(value) if self.name == "year" and value is not None else value

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


DIMENSIONS: dict[str, Dimension] = {
    dimension.name: dimension
    for dimension in (
        Dimension("year", "Year"),
        Dimension("sector", "Sector", SECTOR_NAMES),
        Dimension("agency", "Agency"),
        Dimension("area", "Area"),
        Dimension("kind", "Kind of review"),
        Dimension("status", "Status", STATUS_NAMES),
    )
}


def dimension_named(name: str) -> Dimension:
    """The dimension with this name; WrongUsage lists those that there are."""
    found = DIMENSIONS.get(name)
    if found is None:
        raise WrongUsage(
            f"nothing can be counted by {name!r}", hint=f"Choose one of: {', '.join(DIMENSIONS)}."
        )
    return found


def dimensions_named(names: str | None) -> tuple[Dimension, ...]:
    """None, one or two dimensions by their names with a comma between; raises WrongUsage."""
    found = tuple(dimension_named(name.strip()) for name in names.split(",")) if names else ()
    if len(found) > 2 or len(set(found)) < len(found):
        raise WrongUsage(
            f"{names!r} does not name one dimension or two different ones",
            hint="Two are crossed by a comma between them: --by year,sector",
        )
    return found


def rows_by_value(rows: Rows, dimension: Dimension) -> list[tuple[str | None, Places]]:
    """Each value that occurs with the places of its recommendations, in the dimension's order.

    A recommendation with several values stands under each of them.
    """
    parts = rows.values(dimension.name).parts()
    order = dimension.ordered({value: len(places) for value, places in parts.items()})
    return [(value, parts[value]) for value in order]
