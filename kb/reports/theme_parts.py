"""One theme for each value of a dimension: how often, and out of how many."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kb.reports.dimensions import DIMENSIONS, rows_by_value
from kb.reports.labels import Labels
from kb.reports.report import Bars, Column, Table, columns

_COLUMNS = columns(
    ("recommendations", "Recommendations", "count"),
    ("all_recommendations", "Out of", "count"),
    ("recommendation_share", "Share", "share"),
    ("recommendation_share_interval", "95% interval", "interval"),
    ("reviews", "Reviews", "count"),
    ("all_reviews", "Out of reviews", "count"),
)


class ThemeParts:
    """The values of a dimension that have the theme: years by time, others by how much of it."""

    def __init__(self, labels: Labels, theme: int, name: str) -> None:
        """Count the theme with this number for each value of the dimension with this name."""
        self._labels, self._theme, self._dimension = labels, theme, DIMENSIONS[name]
        every = [
            (value, places, labels.incidence.counts(places, slice(theme, theme + 1)))
            for value, places in rows_by_value(labels.rows, self._dimension)
        ]
        self._parts = [part for part in every if part[2].carried[0].recommendations]
        if name != "year":
            self._parts.sort(key=lambda p: (p[0] is None, -p[2].carried[0].recommendations))

    def as_json(self) -> dict[str, Any]:
        """``{field, values: [{value, name, recommendations, …, all_recommendations, …}]}``."""
        dimension = self._dimension
        return {
            "field": dimension.name,
            "values": [
                {
                    "value": dimension.as_json(value),
                    "name": dimension.words(value),
                    **counts.carried[0].as_json(),
                    "all_recommendations": counts.recommendations,
                    "all_reviews": counts.reviews,
                }
                for value, _, counts in self._parts
            ],
        }

    def tables(self, most: int) -> list[Table]:
        """The latest years, or the values with most of the theme, to print, and all beside them."""
        whole, cut = self._table(), len(self._parts) - most
        if cut <= 0:
            return [whole]
        first, which = (cut, "latest") if self._dimension.name == "year" else (0, "with most")
        short = replace(
            whole,
            name=f"{whole.name}_short",
            title=f"{whole.title} (the {most} {which} of {len(self._parts)})",
            rows=whole.rows[first : first + most],
            where="print",
            behind=lambda row, column: whole.behind(row + first, column) if whole.behind else None,
        )
        return [short, replace(whole, where="detail")]

    def _table(self) -> Table:
        dimension, incidence, parts = self._dimension, self._labels.incidence, self._parts
        drawn = Bars("recommendation_share", "recommendation_share_interval")
        return Table(
            f"by_{dimension.name}",
            f"By {dimension.label.lower()}",
            (Column("name", dimension.label), *_COLUMNS),
            tuple(
                (
                    dimension.words(value),
                    counts.carried[0].recommendations,
                    counts.recommendations,
                    *counts.carried[0].cells()[1:4],
                    counts.reviews,
                )
                for value, _, counts in parts
            ),
            bar="recommendation_share",
            chart=drawn if dimension.name == "year" else None,
            behind=lambda row, column: {
                "recommendations": incidence.carrying(self._theme, parts[row][1]),
                "all_recommendations": parts[row][1],
            }.get(column),
        )
