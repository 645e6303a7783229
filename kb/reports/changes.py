"""Change over time: the later years beside the earlier ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kb.reports.comparison import (
    Compared,
    compare,
    comparison_json,
    comparison_table,
    ranked_by_difference,
    sizes_json,
)
from kb.reports.labels import Labels
from kb.reports.report import Table


@dataclass(frozen=True)
class Changes:
    """The later years beside the earlier ones."""

    compared: Compared

    def notes(self) -> Iterator[str]:
        """How the years were parted, and what the numbers do not bear."""
        later, earlier = self.compared.names
        yield (
            f"Change: the share in {later} less that in {earlier}. The years were parted once, "
            "where both halves have most nearly as many reviews; reviews of no known year are in "
            "neither."
        )
        yield from self.compared.caution()


def changes_by_year(labels: Labels) -> Changes | None:
    """The later half of the reviews beside the earlier one; None where all are of one year."""
    values = labels.rows.values("year")
    years = {int(value): part for value, part in values.parts().items() if value is not None}
    if len(years) < 2:
        return None
    reviews = labels.rows.values("review").codes
    many = {year: len(np.unique(reviews[part])) for year, part in years.items()}
    order = sorted(years)
    total = sum(many.values())
    cuts = [
        (abs(total - 2 * sum(many[year] for year in order[:at])), at) for at in range(1, len(order))
    ]
    cut = min(cuts)[1]
    halves = [
        np.sort(np.concatenate([years[year] for year in part]))
        for part in (order[cut:], order[:cut])
    ]
    names = (_span(order[cut:]), _span(order[:cut]))
    found = compare(labels, names, (halves[0], halves[1]), ("rose", "fell", "no change shown"))
    return Changes(found)


def _span(years: Sequence[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"


def change_table(labels: Labels, changes: Changes) -> Table:
    """Each theme in the later and the earlier years, the greatest rise first."""
    later, earlier = changes.compared.names
    ranked = ranked_by_difference(changes.compared)
    title = f"Change over time: {later} beside {earlier}"
    return comparison_table(labels, changes.compared, ranked, "change", title)


def changes_json(labels: Labels, changes: Changes) -> dict[str, Any]:
    """``{sides, themes}`` as in a comparison; the first side is the later years."""
    ranked = ranked_by_difference(changes.compared)
    return {
        "sides": sizes_json(changes.compared),
        "themes": comparison_json(labels, changes.compared, ranked),
    }
