"""Two dimensions crossed: recommendations and themes for each pair of their values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kb.reports.counting import CARRIED_COLUMNS, Carried, Counts, Incidence
from kb.reports.crosstab import shown_values
from kb.reports.dimensions import Dimension, rows_by_value
from kb.reports.labels import Labels
from kb.reports.report import Cell, Column, HeatMap, Table, columns
from kb.reports.rows import Places

Pair = tuple[str | None, str | None]
_ROWS_SHOWN, _COLUMNS_SHOWN = 25, 12


@dataclass(frozen=True)
class Cross:
    """The recommendations that have one value of each dimension.

    ``carried`` are the shares that they are of all with the first value, ``themes`` those that they
    carry.
    """

    pair: Pair
    places: Places
    carried: Carried
    themes: Counts


class Crossed:
    """Every pair of values that occurs, in the order of both dimensions."""

    def __init__(self, labels: Labels, dimensions: tuple[Dimension, Dimension]) -> None:
        """Count all pairs."""
        self.dimensions = dimensions
        self._labels = labels
        self.first, self.second = (dict(rows_by_value(labels.rows, one)) for one in dimensions)
        self._crosses = {cross.pair: cross for cross in self._counted()}

    def _counted(self) -> Iterator[Cross]:
        incidence = self._seconds()
        themes = slice(len(self._labels.theme_ids))
        for first, places in self.first.items():
            carried = incidence.counts(places).carried
            for at, second in enumerate(self.second):
                if carried[at].recommendations:
                    both = incidence.carrying(at, places)
                    counts = self._labels.incidence.counts(both, themes)
                    yield Cross((first, second), both, carried[at], counts)

    def _seconds(self) -> Incidence:
        """The values of the second dimension as labels, by their order."""
        parts = list(self.second.values()) or [np.empty(0, dtype=np.int64)]
        numbers = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        return Incidence(self._labels.rows, np.concatenate(parts), numbers, len(parts))

    def words(self, pair: Pair) -> tuple[str, str]:
        """Both values as people read them."""
        first, second = self.dimensions
        return first.words(pair[0]), second.words(pair[1])

    def as_json(self, ranked: Sequence[int]) -> dict[str, Any]:
        """``{fields, values: [{values, names, recommendations, …, themes: […]}]}``."""
        theme_ids = self._labels.theme_ids
        return {
            "fields": [dimension.name for dimension in self.dimensions],
            "values": [
                {
                    "values": [
                        one.as_json(value)
                        for one, value in zip(self.dimensions, cross.pair, strict=True)
                    ],
                    "names": list(self.words(cross.pair)),
                    **cross.carried.as_json(),
                    "recommendations_without_a_theme": len(cross.places) - cross.themes.labelled,
                    "themes": [
                        {"id": theme_ids[at], **cross.themes.carried[at].as_json()}
                        for at in ranked
                        if cross.themes.carried[at].recommendations
                    ],
                }
                for cross in self._crosses.values()
            ],
        }

    def tables(self, ranked: Sequence[int]) -> list[Table]:
        """The first by the second for the eye; all pairs, and themes of all pairs, in long form."""
        return [self._across(), self._pairs(), self._themes(ranked)]

    def _across(self) -> Table:
        first, second = self.dimensions
        rows = shown_values(first, self.first, _ROWS_SHOWN)
        heads = shown_values(second, self.second, _COLUMNS_SHOWN)
        cells: list[tuple[Cell, ...]] = [
            (first.words(row), *(len(self._places((row, head))) for head in heads)) for row in rows
        ]
        whole: tuple[Cell, ...] = (
            "All recommendations",
            *(len(self.second[head]) for head in heads),
        )

        def behind(row: int, column: str) -> Places | None:
            if column == "name":
                return None
            head = heads[int(column.rpartition("_")[2]) - 1]
            return self.second[head] if row == len(rows) else self._places((rows[row], head))

        return Table(
            f"{first.name}_across_{second.name}",
            f"Recommendations by {first.label.lower()} and {second.label.lower()}"
            f"{_cut(first, rows, self.first)}{_cut(second, heads, self.second)}",
            columns(
                ("name", first.label),
                *(
                    Column(f"{second.name}_{at}", second.words(head), "count")
                    for at, head in enumerate(heads, start=1)
                ),
            ),
            (*cells, whole),
            where="print",
            chart=HeatMap(),
            behind=behind,
        )

    def _places(self, pair: Pair) -> Places:
        cross = self._crosses.get(pair)
        return np.empty(0, dtype=np.int64) if cross is None else cross.places

    def _pairs(self) -> Table:
        first, second = self.dimensions
        return Table(
            f"{first.name}_and_{second.name}",
            f"{first.label} and {second.label.lower()}, shares of each {first.label.lower()}",
            columns((first.name, first.label), (second.name, second.label), *CARRIED_COLUMNS),
            tuple(
                (*self.words(cross.pair), *cross.carried.cells())
                for cross in self._crosses.values()
            ),
            where="detail",
        )

    def _themes(self, ranked: Sequence[int]) -> Table:
        first, second = self.dimensions
        rows: list[tuple[Cell, ...]] = [
            (
                self._labels.theme_names[at],
                self._labels.theme_ids[at],
                *self.words(cross.pair),
                *cross.themes.carried[at].cells(),
            )
            for cross in self._crosses.values()
            for at in ranked
            if cross.themes.carried[at].recommendations
        ]
        return Table(
            f"themes_by_{first.name}_and_{second.name}",
            f"Themes by {first.label.lower()} and {second.label.lower()}",
            columns(
                ("name", "Theme"),
                Column("id", "Theme id", detail=True),
                (first.name, first.label),
                (second.name, second.label),
                *CARRIED_COLUMNS,
            ),
            tuple(rows),
            where="detail",
        )


def _cut(
    dimension: Dimension, shown: Sequence[str | None], all_of: dict[str | None, Places]
) -> str:
    """What a title says where not every value is shown."""
    if len(shown) == len(all_of):
        return ""
    which = "latest" if dimension.name == "year" else "most frequent"
    return f" ({dimension.label.lower()}: the {len(shown)} {which} of {len(all_of)})"
