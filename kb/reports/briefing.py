"""Briefing: one theme on two pages, for a board that has never met it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from kb.errors import NotFound
from kb.model import Entry, Taxonomy, Theme
from kb.reports.again import areas_again
from kb.reports.counting import CARRIED_COLUMNS, Carried
from kb.reports.labels import Labels
from kb.reports.listing import (
    item_json,
    review_words,
    shortened,
    status_words,
)
from kb.reports.repeats import Repeat, repeats_table
from kb.reports.report import Column, LaterTables, Report, Table, columns
from kb.reports.rows import Places, Rows
from kb.reports.statuses import DONE, Statuses
from kb.reports.theme_parts import ThemeParts
from kb.reports.wordings import typical_wordings

MOST_OF = {"year": 5, "sector": 3, "area": 3}
MOST_OUTCOMES = 2
MOST_WORDINGS = 3
MOST_AGAIN = 3
MOST_REPEATS = 2
MOST_SOURCES = 3
_OF_GROUPS = ("wording", "reviews", "years", "complete")


def briefing(
    rows: Rows,
    theme_id: str,
    taxonomy: Taxonomy,
    repeated: Sequence[Repeat] = (),
) -> Report:
    """How often a theme is recommended, where, in what words, with what outcome, and what recurs.

    ``rows`` are all recommendations, not only those of the theme; ``repeated`` are groups of
    repeated learning within the theme, where the caller has them. A document holds as much as two
    pages do; workbook, CSV and JSON have the whole. Raises NotFound for a theme that the taxonomy
    does not have.
    """
    told = _Briefing(Labels(taxonomy, rows), _theme(taxonomy, theme_id), repeated)
    return Report(
        name="briefing",
        title=f"Briefing: {told.theme.name}",
        tables=LaterTables(told.tables),
        data=told.as_json(),
        notes=_notes(told.theme, len(told.places), told.whole.recommendations),
        counted=rows,
    )


class _Briefing:
    """One theme among all recommendations."""

    def __init__(self, labels: Labels, theme: Theme, repeated: Sequence[Repeat]) -> None:
        self.theme = theme
        self.whole = labels.incidence.counts()
        self._labels, self._repeated = labels, repeated
        self._at = labels.number[theme.id]
        self.places = labels.incidence.carrying(self._at)
        rows, places = labels.rows, self.places
        self._statuses = Statuses(rows)
        done = [rows.entry(at) for at in self._statuses.done(places).tolist()]
        self._wordings = typical_wordings(rows, places)
        self._outcomes = documented_outcomes(done)
        self._recurring = areas_again(rows, places, done)
        self._beside = _beside(labels, self._at, places)
        self._sources = _sources(rows, places)
        self._parts = {name: ThemeParts(labels, self._at, name) for name in MOST_OF}

    def tables(self) -> list[Table]:
        """What two pages hold, and the whole beside it."""
        repeats = [repeats_table(self._repeated)] if self._repeated else []
        tables = [
            _how_often(self.theme, self.whole.carried[self._at], self.places),
            *(table for name, most in MOST_OF.items() for table in self._parts[name].tables(most)),
            replace(self._statuses.table(self.places), chart=None),
            *in_few_columns(_wordings_table(self._wordings), ("text", "id"), MOST_WORDINGS),
            *in_few_columns(
                _outcomes_table(self._outcomes), ("text", "outcome", "id"), MOST_OUTCOMES
            ),
            *shortened(_recurring_table(self._recurring), MOST_AGAIN),
            *(part for one in repeats for part in in_few_columns(one, _OF_GROUPS, MOST_REPEATS)),
            replace(_beside_table(self._beside, len(self.places)), where="detail"),
            *in_few_columns(
                _sources_table(self._sources), ("review", "area", "year"), MOST_SOURCES
            ),
        ]
        return [table for table in tables if table.rows]

    def as_json(self) -> dict[str, Any]:
        """The whole, as scripts read it."""
        carried = self.whole.carried[self._at]
        return {
            "theme": {"id": self.theme.id, "name": self.theme.name, **carried.as_json()},
            "denominators": {
                "recommendations": self.whole.recommendations,
                "reviews": self.whole.reviews,
            },
            "by": [parts.as_json() for parts in self._parts.values()],
            "status": self._statuses.as_json(self.places),
            "wordings": [item_json(entry) for entry in self._wordings],
            "outcomes": [
                {**item_json(entry), "outcome": entry.recommendation.outcome}
                for entry in self._outcomes
            ],
            "again_in_area": self._recurring,
            "beside": [
                {"id": i, "name": n, "recommendations": many} for i, n, many in self._beside
            ],
            "repeated": [dict(group) for group in self._repeated],
            "sources": self._sources,
        }


def in_few_columns(table: Table, names: Sequence[str], most: int) -> list[Table]:
    """The first rows in some of the columns for two pages, and the whole for the rest."""
    kept = [table.index(name) for name in names]
    few = replace(
        table,
        columns=tuple(table.columns[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in table.rows),
    )
    short = replace(shortened(few, most)[0], name=f"{table.name}_short", where="print")
    return [short, replace(table, where="detail")]


def _theme(taxonomy: Taxonomy, theme_id: str) -> Theme:
    theme = taxonomy.theme(theme_id)
    if theme is None:
        raise NotFound(
            f"the taxonomy has no theme {theme_id!r}", hint="'kb taxonomy list' shows the themes."
        )
    return theme


def documented_outcomes(chosen: Sequence[Entry]) -> list[Entry]:
    """Completed recommendations whose outcome is told at most length, one a review."""
    told = [
        entry
        for entry in chosen
        if entry.recommendation.status.value in DONE
        and (entry.recommendation.outcome or "").strip()
    ]
    told.sort(key=lambda entry: (-len((entry.recommendation.outcome or "").split()), entry.id))
    first = {entry.review.id: entry for entry in reversed(told)}
    return [entry for entry in told if first[entry.review.id] is entry]


def _beside(labels: Labels, theme: int, places: Places) -> list[tuple[str, str, int]]:
    """(id, name, recommendations) of the themes that stand on the same recommendations."""
    counts = labels.incidence.by_review(places).counts.sum(axis=0)[: len(labels.theme_ids)]
    found = [
        (identity, name, int(many))
        for at, (identity, name, many) in enumerate(
            zip(labels.theme_ids, labels.theme_names, counts, strict=True)
        )
        if many and at != theme
    ]
    return sorted(found, key=lambda each: (-each[2], each[0]))


def _how_often(theme: Theme, carried: Carried, places: Places) -> Table:
    return Table(
        "theme",
        "How often",
        (Column("name", "Theme"), *CARRIED_COLUMNS),
        ((theme.name, *carried.cells()),),
        behind=lambda _, column: places if column in ("recommendations", "reviews") else None,
    )


def _wordings_table(wordings: Sequence[Entry]) -> Table:
    return Table(
        "wordings",
        "Typical wordings",
        columns(("text", "Text"), ("review", "Review"), ("id", "Recommendation")),
        tuple((e.recommendation.text, review_words(e.review), e.id) for e in wordings),
    )


def _outcomes_table(outcomes: Sequence[Entry]) -> Table:
    return Table(
        "outcomes",
        "Best documented outcomes",
        columns(
            ("text", "What was asked"),
            ("outcome", "What became of it, as printed"),
            ("status", "Status"),
            ("review", "Review"),
            ("id", "Recommendation"),
        ),
        tuple(
            (
                entry.recommendation.text,
                entry.recommendation.outcome,
                status_words(entry),
                review_words(entry.review),
                entry.id,
            )
            for entry in outcomes
        ),
    )


def _recurring_table(recurring: Sequence[dict[str, Any]]) -> Table:
    return Table(
        "again_in_area",
        "Areas where it came back",
        columns(
            ("area", "Area"),
            ("reviews", "Reviews", "count"),
            ("recommendations", "Recommendations", "count"),
            ("years", "Years"),
            ("after_completion", "Asked again after a completion"),
        ),
        tuple(
            (
                each["area"],
                len(each["reviews"]),
                each["recommendations"],
                ", ".join(str(year) for year in each["years"]) or None,
                "yes" if each["after_completion"] else "not known",
            )
            for each in recurring
        ),
    )


def _beside_table(beside: Sequence[tuple[str, str, int]], chosen: int) -> Table:
    return Table(
        "beside",
        "Themes that stand beside it",
        columns(
            ("name", "Theme"),
            Column("id", "Theme id", detail=True),
            ("recommendations", "Recommendations", "count"),
            ("recommendation_share", "Share of this theme's", "share"),
        ),
        tuple((name, theme_id, many, many / chosen) for theme_id, name, many in beside),
        bar="recommendation_share",
    )


def _sources(rows: Rows, places: Places) -> list[dict[str, Any]]:
    """Each review with its facts and how many of the recommendations are its own, newest first."""
    codes = rows.values("review").codes[places]
    _, first, many = np.unique(codes, return_index=True, return_counts=True)
    found = [
        (rows.entry(place).review, count)
        for place, count in zip(places[first].tolist(), many.tolist(), strict=True)
    ]
    found.sort(key=lambda each: (-(each[0].year.value or 0), each[0].id))
    return [{**review.model_dump(mode="json"), "recommendations": count} for review, count in found]


def _sources_table(sources: Sequence[Mapping[str, Any]]) -> Table:
    return Table(
        "sources",
        "Sources, the newest first",
        columns(
            ("review", "Review"),
            ("area", "Area"),
            ("year", "Year"),
            ("publication", "Publication"),
            ("url", "Address"),
            ("recommendations", "Recommendations", "count"),
        ),
        tuple(
            (
                f"{source['title']} [{source['id']}]",
                source["area"],
                None if source["year"]["value"] is None else str(source["year"]["value"]),
                source["publication"],
                source["url"],
                source["recommendations"],
            )
            for source in sources
        ),
    )


def _notes(theme: Theme, many: int, total: int) -> tuple[str, ...]:
    covers = [f"{theme.name} covers: {theme.covers}"] if theme.covers else []
    border = [f"Its border: {theme.border}"] if theme.border else []
    return (
        *covers,
        *border,
        f"{many:,} of {total:,} recommendations carry the theme. The 95% intervals take these "
        "reviews as a sample of reviews like them; with few reviews they are wide.",
        "Typical wordings are those nearest to the centre of all wordings of the theme, one a "
        "review. Outcomes are as the documents print them; how much is told, not how good it is, "
        "puts them in order.",
    )
