"""Themes counted for each value of a dimension, and the two-way tables of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.reports.counting import CARRIED_COLUMNS, Counts
from kb.reports.dimensions import Dimension, rows_by_value
from kb.reports.labels import Labels
from kb.reports.measured import (
    CORRECTED_COLUMNS,
    Corrected,
    Measured,
    corrected_cells,
    corrected_json,
    corrected_part,
)
from kb.reports.report import Cell, Column, HeatMap, Table, columns
from kb.reports.rows import Places

WIDEST = 12


@dataclass(frozen=True)
class ByValue:
    """The counts of the recommendations that have one value of a dimension; None: not stated."""

    value: str | None
    places: Places
    counts: Counts
    corrected: tuple[Corrected | None, ...] = ()

    def as_json(
        self, dimension: Dimension, theme_ids: Sequence[str], ranked: Sequence[int]
    ) -> dict[str, Any]:
        """``{value, name, recommendations, reviews, themes: […]}``; a year's value is a number."""
        return {
            "value": dimension.as_json(self.value),
            "name": dimension.words(self.value),
            "recommendations": self.counts.recommendations,
            "reviews": self.counts.reviews,
            "recommendations_without_a_theme": self.counts.recommendations - self.counts.labelled,
            "themes": [
                {
                    "id": theme_ids[at],
                    **self.counts.carried[at].as_json(),
                    **({"corrected": corrected_json(self.corrected[at])} if self.corrected else {}),
                }
                for at in ranked
            ],
        }


def count_by(
    labels: Labels, dimension: Dimension, measured: Mapping[str, Measured]
) -> list[ByValue]:
    """The counts of themes for each value that occurs, in the order of the dimension."""
    themes = slice(len(labels.theme_ids))
    found = []
    for value, places in rows_by_value(labels.rows, dimension):
        counts = labels.incidence.counts(places, themes)
        corrected = corrected_part(labels, counts, places, measured) if measured else ()
        found.append(ByValue(value, places, counts, corrected))
    return found


def crosstab_tables(
    dimension: Dimension,
    parts: Sequence[ByValue],
    ranked: Sequence[int],
    labels: Labels,
) -> list[Table]:
    """The values with their sizes, themes × values for the eye, and every number in long form."""
    values = shown_values(dimension, {part.value: part.places for part in parts})
    shown = [part for part in parts if part.value in values]
    names = [(labels.theme_ids[at], labels.theme_names[at]) for at in ranked]
    return [
        _sizes(dimension, parts),
        _across(dimension, parts, shown, ranked, labels),
        _long(dimension, parts, ranked, names),
    ]


def shown_values(
    dimension: Dimension, places: Mapping[str | None, Places], most: int = WIDEST
) -> list[str | None]:
    """At most so many values: the latest years, the most frequent of anything else."""
    values = list(places)
    if len(values) <= most:
        return values
    if dimension.name == "year":
        return values[-most:]
    often = set(sorted(values, key=lambda value: -len(places[value]))[:most])
    return [value for value in values if value in often]


def _sizes(dimension: Dimension, parts: Sequence[ByValue]) -> Table:
    return Table(
        f"{dimension.name}_sizes",
        f"{dimension.label}: what is counted",
        columns(
            ("name", dimension.label),
            Column("value", "Value", detail=True),
            ("recommendations", "Recommendations", "count"),
            ("reviews", "Reviews", "count"),
            ("without_a_theme", "Recommendations without a theme", "count"),
        ),
        tuple(
            (
                dimension.words(part.value),
                part.value,
                part.counts.recommendations,
                part.counts.reviews,
                part.counts.recommendations - part.counts.labelled,
            )
            for part in parts
        ),
        behind=lambda row, column: parts[row].places if column == "recommendations" else None,
    )


def _across(
    dimension: Dimension,
    parts: Sequence[ByValue],
    shown: Sequence[ByValue],
    ranked: Sequence[int],
    labels: Labels,
) -> Table:
    title = f"Recommendations by theme and {dimension.label.lower()}"
    if len(shown) < len(parts):
        which = "latest" if dimension.name == "year" else "most frequent"
        title += f" (the {len(shown)} {which} of {len(parts)})"
    heads = [
        Column(f"{dimension.name}_{at}", dimension.words(part.value), "count")
        for at, part in enumerate(shown, start=1)
    ]
    rows: list[tuple[Cell, ...]] = [
        (labels.theme_names[at], *(part.counts.carried[at].recommendations for part in shown))
        for at in ranked
    ]
    rows.append(
        ("All recommendations", *(part.counts.recommendations for part in shown)),
    )
    heads.insert(0, Column("name", "Theme"))

    def behind(row: int, column: str) -> Places | None:
        if column == "name":
            return None
        places = shown[int(column.rpartition("_")[2]) - 1].places
        return places if row == len(ranked) else labels.incidence.carrying(ranked[row], places)

    return Table(
        f"themes_across_{dimension.name}",
        title,
        tuple(heads),
        tuple(rows),
        where="print",
        chart=HeatMap(),
        behind=behind,
    )


def _long(
    dimension: Dimension,
    parts: Sequence[ByValue],
    ranked: Sequence[int],
    names: Sequence[tuple[str, str]],
) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            theme_id,
            dimension.words(part.value),
            *part.counts.carried[at].cells(),
            *(corrected_cells(part.corrected[at]) if part.corrected else ()),
        )
        for part in parts
        for at, (theme_id, name) in zip(ranked, names, strict=True)
    ]
    return Table(
        f"themes_by_{dimension.name}",
        f"Themes by {dimension.label.lower()}, with shares and intervals",
        columns(
            ("name", "Theme"),
            Column("id", "Theme id", detail=True),
            (dimension.name, dimension.label),
            *CARRIED_COLUMNS,
            *(CORRECTED_COLUMNS if any(part.corrected for part in parts) else ()),
        ),
        tuple(rows),
        where="detail",
    )
