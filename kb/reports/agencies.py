"""Agency profile: every recommendation to one agency, by theme, status and year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

import numpy as np

from kb.errors import NotFound
from kb.model import Taxonomy
from kb.reports.dimensions import DIMENSIONS, NOT_STATED, rows_by_value
from kb.reports.listing import items_json, items_table
from kb.reports.report import Cell, Column, LaterTables, Report, Table, columns
from kb.reports.rows import Places, Rows
from kb.reports.statuses import Statuses, status_columns

_NEAR_NAMES = 5


class Part(NamedTuple):
    """The recommendations that have one value, under its name."""

    id: str | None
    name: str
    places: Places


def agency_profile(
    rows: Rows, agency: str, taxonomy: Taxonomy, *, all_agencies: bool = False
) -> Report:
    """What one agency (its canonical name, whatever the case) has been asked.

    ``all_agencies`` takes in what is addressed to all agencies. Raises NotFound, with the nearest
    names, where nothing is addressed to this agency.
    """
    agencies = {name: places for name, places in rows.values("agency").parts().items() if name}
    name = _known_name(agencies, agency)
    own = [agencies[each] for each in agencies if each.casefold() == name.casefold()]
    asked = np.unique(np.concatenate(own))
    shared = np.setdiff1d(rows.values("sector").parts().get("all-agencies", asked[:0]), asked)
    profile = _Profile(rows, np.concatenate((asked, shared)) if all_agencies else asked, taxonomy)
    denominators = {
        "recommendations": len(profile.places),
        "to_the_agency": len(asked),
        "to_all_agencies": len(shared) if all_agencies else 0,
        "reviews": profile.reviews(profile.places),
    }
    return Report(
        name="agency",
        title=f"Agency profile: {name}",
        tables=LaterTables(profile.tables),
        data={
            "agency": name,
            "all_agencies": all_agencies,
            "denominators": denominators,
            **profile.as_json(),
        },
        notes=(
            *_notes(name, asked, profile.reviews(asked), len(shared), all_agencies=all_agencies),
            *_near_names(agencies, name),
        ),
        counted=rows,
    )


class _Profile:
    """Some recommendations by theme, status and year, and each of them."""

    def __init__(self, rows: Rows, places: Places, taxonomy: Taxonomy) -> None:
        self.places = places
        self._rows = rows
        self._reviews = rows.values("review").codes
        self._statuses = Statuses(rows)
        self._items = items_json(rows, places)
        self._themes, self._years = self._by_theme(taxonomy), self._by_year()

    def reviews(self, places: Places) -> int:
        """How many reviews the recommendations at these places are of."""
        return len(np.unique(self._reviews[places]))

    def _by_theme(self, taxonomy: Taxonomy) -> list[Part]:
        """The most frequent first."""
        names = {theme.id: theme.name for theme in taxonomy.themes()}
        found = self._rows.values("theme").parts().items()
        parts = [
            Part(theme, names.get(theme, theme), self._chosen(each))
            for theme, each in found
            if theme
        ]
        parts.sort(key=lambda part: (-len(part.places), part.name))
        return [part for part in parts if len(part.places)]

    def _by_year(self) -> list[Part]:
        """In order, the unknown last."""
        found = rows_by_value(self._rows, DIMENSIONS["year"])
        parts = [Part(year, year or NOT_STATED, self._chosen(each)) for year, each in found]
        return [part for part in parts if len(part.places)]

    def _chosen(self, places: Places) -> Places:
        chosen: Places = np.intersect1d(places, self.places, assume_unique=True)
        return chosen

    def as_json(self) -> dict[str, Any]:
        """Everything but who was asked."""
        return {
            "status": self._statuses.as_json(self.places),
            "themes": [
                {"id": part.id, "name": part.name, **self._counts(part)} for part in self._themes
            ],
            "years": [
                {"year": None if part.id is None else int(part.id), **self._counts(part)}
                for part in self._years
            ],
            "items": self._items,
        }

    def _counts(self, part: Part) -> dict[str, Any]:
        return {
            "recommendations": len(part.places),
            "reviews": self.reviews(part.places),
            "status": self._statuses.as_json(part.places),
        }

    def tables(self) -> tuple[Table, ...]:
        """The same as tables."""
        return (
            self._statuses.table(self.places),
            self._part_table("themes", "Themes by status", "Theme", self._themes),
            self._part_table("years", "Years by status", "Year", self._years),
            items_table("recommendations", "The recommendations", self._items),
        )

    def _part_table(self, name: str, title: str, label: str, parts: Sequence[Part]) -> Table:
        heads = columns(
            ("name", label),
            Column("id", "Id", detail=True),
            ("recommendations", "Recommendations", "count"),
            ("reviews", "Reviews", "count"),
            *status_columns(),
        )
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (
                part.name,
                part.id or part.name,
                len(part.places),
                self.reviews(part.places),
                *self._statuses.cells(part.places),
            )
            for part in parts
        )
        behind = self._statuses.behind([part.places for part in parts])
        return Table(name, title, heads, rows, behind=behind)


def _near_names(agencies: Iterable[str], name: str) -> list[str]:
    """A note on agencies that a reader may have meant too, because their names hold this one."""
    near = {
        other
        for other in agencies
        if name.casefold() in other.casefold() and other.casefold() != name.casefold()
    }
    if not near:
        return []
    listed = "; ".join(sorted(near)[:_NEAR_NAMES])
    more = f" and {len(near) - _NEAR_NAMES} more" if len(near) > _NEAR_NAMES else ""
    return [
        f"Not counted here, though the name is part of theirs: {listed}{more}. For all agencies of"
        " one kind choose a sector: kb report themes --sector police."
    ]


def _known_name(agencies: Iterable[str], agency: str) -> str:
    names = {name.casefold(): name for name in agencies}
    found = names.get(agency.strip().casefold())
    if found is None:
        nearest = [names[near] for near in get_close_matches(agency.strip().casefold(), names, n=5)]
        hint = (
            f"Did you mean: {'; '.join(nearest)}?"
            if nearest
            else "'kb search --facets' lists the agencies."
        )
        raise NotFound(f"no recommendation here is addressed to {agency!r}", hint=hint)
    return found


def _notes(
    name: str, asked: Places, reviews: int, shared: int, *, all_agencies: bool
) -> tuple[str, ...]:
    beside = (
        f"{shared:,} more are addressed to all agencies and are counted here."
        if all_agencies
        else f"{shared:,} more are addressed to all agencies and are not counted here."
    )
    return (
        f"{len(asked):,} recommendations of {reviews:,} reviews are addressed to {name}. {beside}",
        "A recommendation with several themes counts under each.",
    )
