"""Briefing: one theme on two pages, for a board that has never met it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kb.errors import NotFound
from kb.model import Entry, Taxonomy, Theme
from kb.printed import is_date
from kb.reports.counting import CARRIED_COLUMNS, Carried
from kb.reports.dates import last_day
from kb.reports.dimensions import DIMENSIONS, rows_by_value
from kb.reports.labels import Labels
from kb.reports.listing import (
    item_json,
    review_words,
    shortened,
    status_words,
)
from kb.reports.repeats import Repeat, repeats_table
from kb.reports.report import Bars, Column, Report, Table, columns
from kb.reports.rows import Places, Rows
from kb.reports.statuses import Statuses
from kb.reports.wordings import typical_wordings

MOST_YEARS = 5
MOST_OUTCOMES = 2
MOST_PARTS = 3
MOST_WORDINGS = 3
MOST_AGAIN = 3
MOST_REPEATS = 2
MOST_SOURCES = 3
_OF_GROUPS = ("wording", "reviews", "years", "complete")
_PART_COLUMNS = columns(
    ("recommendations", "Recommendations", "count"),
    ("all_recommendations", "Out of", "count"),
    ("recommendation_share", "Share", "share"),
    ("recommendation_share_interval", "95% interval", "interval"),
    ("reviews", "Reviews", "count"),
    ("all_reviews", "Out of reviews", "count"),
)


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
    theme = _theme(taxonomy, theme_id)
    labels = Labels(taxonomy, rows)
    at = labels.number[theme_id]
    places = labels.incidence.carrying(at)
    chosen = [rows.entry(place) for place in places.tolist()]
    statuses = Statuses(rows)
    whole = labels.incidence.counts()
    carried = whole.carried[at]
    wordings = typical_wordings(chosen, rows)
    outcomes = documented_outcomes(chosen)
    recurring = areas_again(chosen)
    beside = _beside(chosen, taxonomy, theme_id)
    tables = [
        _how_often(theme, carried, places),
        *_by_year(labels, at),
        *(_by(labels, at, name) for name in ("sector", "area")),
        replace(statuses.table(places), chart=None),
        *in_few_columns(_wordings_table(wordings), ("text", "id"), MOST_WORDINGS),
        *in_few_columns(_outcomes_table(outcomes), ("text", "outcome", "id"), MOST_OUTCOMES),
        *shortened(_recurring_table(recurring), MOST_AGAIN),
        *(in_few_columns(repeats_table(repeated), _OF_GROUPS, MOST_REPEATS) if repeated else []),
        replace(_beside_table(beside, len(chosen)), where="detail"),
        *in_few_columns(_sources_table(chosen), ("review", "area", "year"), MOST_SOURCES),
    ]
    return Report(
        name="briefing",
        title=f"Briefing: {theme.name}",
        tables=tuple(table for table in tables if table.rows),
        data={
            "theme": {"id": theme.id, "name": theme.name, **carried.as_json()},
            "denominators": {
                "recommendations": whole.recommendations,
                "reviews": whole.reviews,
            },
            "status": statuses.as_json(places),
            "wordings": [item_json(entry) for entry in wordings],
            "outcomes": [
                {**item_json(entry), "outcome": entry.recommendation.outcome} for entry in outcomes
            ],
            "again_in_area": recurring,
            "beside": [{"id": i, "name": n, "recommendations": many} for i, n, many in beside],
            "repeated": [dict(group) for group in repeated],
            "sources": _sources(chosen),
        },
        notes=_notes(theme, len(chosen), whole.recommendations),
        counted=rows,
    )


def _by_year(labels: Labels, theme: int) -> list[Table]:
    """The latest years for two pages, and every year for the rest."""
    whole = _by(labels, theme, "year")
    if len(whole.rows) <= MOST_YEARS:
        return [whole]
    before = len(whole.rows) - MOST_YEARS
    title = f"By year (the {MOST_YEARS} latest of {len(whole.rows)})"
    latest = replace(
        whole,
        name="by_year_short",
        title=title,
        rows=whole.rows[before:],
        where="print",
        behind=lambda row, column: whole.behind(row + before, column) if whole.behind else None,
    )
    return [latest, replace(whole, where="detail")]


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
        if entry.recommendation.status.value in ("complete", "ongoing")
        and (entry.recommendation.outcome or "").strip()
    ]
    told.sort(key=lambda entry: (-len((entry.recommendation.outcome or "").split()), entry.id))
    first = {entry.review.id: entry for entry in reversed(told)}
    return [entry for entry in told if first[entry.review.id] is entry]


def areas_again(chosen: Sequence[Entry]) -> list[dict[str, Any]]:
    """Areas where more than one review carries the theme, those with most reviews first.

    ``after_completion``: a later review asked after an earlier one was marked complete, by the
    date of completion where it is known to lie before the later review's year.
    """
    by_area: dict[str, list[Entry]] = {}
    for entry in chosen:
        if entry.review.area:
            by_area.setdefault(entry.review.area, []).append(entry)
    found = []
    for area, own in by_area.items():
        reviews = {entry.review.id: entry.review for entry in own}
        if len(reviews) > 1:
            years = [review.year.value for review in reviews.values()]
            found.append(
                {
                    "area": area,
                    "reviews": sorted(reviews),
                    "years": sorted({year for year in years if year is not None}),
                    "recommendations": len(own),
                    "after_completion": _asked_after_completion(own),
                }
            )
    return sorted(found, key=lambda each: (-len(each["reviews"]), each["area"]))


def _asked_after_completion(own: Sequence[Entry]) -> bool:
    ended = [
        (last_day(done).year, entry.review.id)
        for entry in own
        if entry.recommendation.status.value in ("complete", "ongoing")
        and (done := entry.recommendation.completed.date)
        and is_date(done)
    ]
    return any(
        entry.review.id != review and (entry.review.year.value or 0) > year
        for entry in own
        for year, review in ended
    )


def _beside(
    chosen: Sequence[Entry], taxonomy: Taxonomy, theme_id: str
) -> list[tuple[str, str, int]]:
    """(id, name, recommendations) of the themes that stand on the same recommendations."""
    names = {theme.id: theme.name for theme in taxonomy.themes()}
    found = Counter(tag for entry in chosen for tag in {tag.id for tag in entry.themes})
    del found[theme_id]
    order = sorted(found, key=lambda tag: (-found[tag], tag))
    return [(tag, names.get(tag, tag), found[tag]) for tag in order]


def _how_often(theme: Theme, carried: Carried, places: Places) -> Table:
    return Table(
        "theme",
        "How often",
        (Column("name", "Theme"), *CARRIED_COLUMNS),
        ((theme.name, *carried.cells()),),
        behind=lambda _, column: places if column in ("recommendations", "reviews") else None,
    )


def _by(labels: Labels, theme: int, name: str) -> Table:
    """The theme for each value of a dimension; the years whole, else those that have most of it."""
    dimension, incidence = DIMENSIONS[name], labels.incidence
    found = [
        (value, places, incidence.counts(places, slice(theme, theme + 1)))
        for value, places in rows_by_value(labels.rows, dimension)
    ]
    found = [part for part in found if part[2].carried[0].recommendations]
    if name != "year":
        found.sort(key=lambda part: (part[0] is None, -part[2].carried[0].recommendations))
    title = f"By {dimension.label.lower()}"
    if name != "year" and len(found) > MOST_PARTS:
        title += f" (the {MOST_PARTS} with most of {len(found)})"
        found = found[:MOST_PARTS]
    return Table(
        f"by_{name}",
        title,
        (Column("name", dimension.label), *_PART_COLUMNS),
        tuple(
            (
                dimension.words(value),
                counts.carried[0].recommendations,
                counts.recommendations,
                *counts.carried[0].cells()[1:4],
                counts.reviews,
            )
            for value, _, counts in found
        ),
        bar="recommendation_share",
        chart=Bars("recommendation_share", "recommendation_share_interval")
        if name == "year"
        else None,
        behind=lambda row, column: {
            "recommendations": incidence.carrying(theme, found[row][1]),
            "all_recommendations": found[row][1],
        }.get(column),
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


def _sources(chosen: Sequence[Entry]) -> list[dict[str, Any]]:
    many = Counter(entry.review.id for entry in chosen)
    reviews = {entry.review.id: entry.review for entry in chosen}
    order = sorted(reviews.values(), key=lambda r: (-(r.year.value or 0), r.id))
    return [
        {**review.model_dump(mode="json"), "recommendations": many[review.id]} for review in order
    ]


def _sources_table(chosen: Sequence[Entry]) -> Table:
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
            for source in _sources(chosen)
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
