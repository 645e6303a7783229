"""Recommendations listed in a report: the columns, cells and JSON that all lists share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from textwrap import shorten
from typing import Any

import numpy as np

from kb.model import STATUS_NAMES, Entry, ReviewFacts, Taxonomy
from kb.reports.dimensions import NOT_STATED
from kb.reports.report import Bars, Behind, Cell, Column, Table, columns
from kb.reports.rows import Places, Rows, agency_names

MOST_LETTERS = 150  # of a text that is cut
LIST_COLUMNS = columns(
    ("id", "Recommendation"),
    ("text", "Text"),
    ("review", "Review"),
    ("agencies", "Asked of"),
    ("status", "Status"),
    ("target_date", "Target date", "date"),
)


def status_words(entry: Entry) -> str:
    """The status of an entry in words."""
    value = entry.recommendation.status.value
    return NOT_STATED if value is None else STATUS_NAMES[value]


def review_words(review: ReviewFacts) -> str:
    """The title of a review, its area and its year, as far as they are known."""
    return _known_words(review.title, review.area, review.year.value)


def _known_words(title: str, area: str | None, year: int | None) -> str:
    known = ", ".join(fact for fact in (area, None if year is None else str(year)) if fact)
    return f"{title} ({known})" if known else title


def list_table(name: str, title: str, entries: Iterable[Entry]) -> Table:
    """A table of recommendations under ``LIST_COLUMNS``."""
    return Table(name, title, LIST_COLUMNS, tuple(list_cells(entry) for entry in entries))


def items_table(name: str, title: str, items: Iterable[Mapping[str, Any]]) -> Table:
    """A table of recommendations under ``LIST_COLUMNS``, from what ``items_json`` says of them."""
    return Table(name, title, LIST_COLUMNS, tuple(map(item_cells, items)))


def item_cells(item: Mapping[str, Any]) -> tuple[Cell, ...]:
    """The cells of ``LIST_COLUMNS``."""
    status = item["status"]
    return (
        item["id"],
        item["text"],
        _known_words(item["review"], item["area"], item["year"]),
        "; ".join(item["agencies"]) or None,
        NOT_STATED if status is None else STATUS_NAMES[status],
        item["target_date"],
    )


def reviews_json(rows: Rows) -> dict[str, dict[str, Any]]:
    """``{id, title, area, year}`` of each review, by its id."""
    areas, years = rows.values("area").firsts(), rows.values("year").firsts()
    return {
        review: {
            "id": review,
            "title": rows.title(at),
            "area": areas[at],
            "year": None if (year := years[at]) is None else int(year),
        }
        for review, places in rows.values("review").parts().items()
        if review is not None and (at := int(places[0])) >= 0
    }


def reviews_words(rows: Rows) -> dict[str, str]:
    """The title of each review with its area and year, by its id."""
    return {
        review: _known_words(facts["title"], facts["area"], facts["year"])
        for review, facts in reviews_json(rows).items()
    }


def list_cells(entry: Entry) -> tuple[Cell, ...]:
    """The cells of ``LIST_COLUMNS``."""
    return (
        entry.id,
        entry.recommendation.text,
        review_words(entry.review),
        "; ".join(agency_names(entry)) or None,
        status_words(entry),
        entry.recommendation.target_date.date,
    )


def item_json(entry: Entry) -> dict[str, Any]:
    """``{id, text, review_id, review, area, year, agencies, status, target_date, themes}``."""
    return {
        "id": entry.id,
        "text": entry.recommendation.text,
        "review_id": entry.review.id,
        "review": entry.review.title,
        "area": entry.review.area,
        "year": entry.review.year.value,
        "agencies": list(agency_names(entry)),
        "status": entry.recommendation.status.value,
        "target_date": entry.recommendation.target_date.date,
        "themes": [tag.id for tag in entry.themes],
    }


def items_json(rows: Rows, places: Places) -> list[dict[str, Any]]:
    """``item_json`` of the recommendations at these places, none of them read whole."""
    reviews, told = rows.values("review").firsts(), reviews_json(rows)
    statuses, targets = rows.values("status").firsts(), rows.values("target_date").firsts()
    agencies, themes = rows.values("agency").lists(), rows.values("theme").lists()
    return [
        {
            "id": rows.id(at),
            "text": rows.text(at),
            "review_id": review["id"],
            "review": review["title"],
            "area": review["area"],
            "year": review["year"],
            "agencies": agencies[at],
            "status": statuses[at],
            "target_date": targets[at],
            "themes": themes[at],
        }
        for at in places.tolist()
        if (review := told[reviews[at] or ""])
    ]


def theme_names(entry: Entry, taxonomy: Taxonomy) -> str | None:
    """The names of the themes of an entry, or None."""
    names = {theme.id: theme.name for theme in taxonomy.themes()}
    return "; ".join(names.get(tag.id, tag.id) for tag in entry.themes) or None


def status_counts(entries: Sequence[Entry]) -> dict[str | None, int]:
    """Every status and None (not stated) with how many entries have it."""
    counts: dict[str | None, int] = dict.fromkeys((*STATUS_NAMES, None), 0)
    for entry in entries:
        counts[entry.recommendation.status.value] += 1
    return counts


def status_json(entries: Sequence[Entry]) -> dict[str, int]:
    """``{complete, ongoing, in-progress, not-started, not-accepted, not-stated}``."""
    return {value or "not-stated": many for value, many in status_counts(entries).items()}


def status_columns() -> tuple[Column, ...]:
    """A column of counts for each status, and one for those not stated."""
    named = {**STATUS_NAMES, "not-stated": NOT_STATED}
    return tuple(Column(value.replace("-", "_"), label, "count") for value, label in named.items())


def status_cells(entries: Sequence[Entry]) -> tuple[Cell, ...]:
    """The cells of ``status_columns``."""
    return tuple(status_counts(entries).values())


def behind_statuses(parts: Sequence[Sequence[Entry]], place_of: Mapping[str, int]) -> Behind:
    """What stands behind the counts of a table with a row for each part.

    Its columns are ``recommendations``, ``reviews`` and those of ``status_columns``; ``place_of``
    is the place of a recommendation by its id.
    """
    statuses = {column.name for column in status_columns()}

    def behind(row: int, column: str) -> Places | None:
        if column not in statuses | {"recommendations", "reviews"}:
            return None
        wanted = [
            place_of[entry.id]
            for entry in parts[row]
            if column not in statuses or _status_key(entry) == column
        ]
        return np.array(wanted, dtype=np.int64)

    return behind


def _status_key(entry: Entry) -> str:
    return (entry.recommendation.status.value or "not-stated").replace("-", "_")


def status_table(entries: Sequence[Entry], place_of: Mapping[str, int]) -> Table:
    """How many recommendations have each status, and their share."""
    counts = status_counts(entries)
    total = len(entries)
    return Table(
        "status",
        "By status",
        columns(
            ("name", "Status"),
            Column("value", "Value", detail=True),
            ("recommendations", "Recommendations", "count"),
            ("recommendation_share", "Share", "share"),
        ),
        tuple(
            (NOT_STATED if value is None else STATUS_NAMES[value], value, many, many / total)
            for value, many in counts.items()
            if total
        ),
        bar="recommendation_share",
        chart=Bars("recommendation_share"),
        behind=lambda row, column: (
            behind_statuses([entries], place_of)(
                0, (list(counts)[row] or "not-stated").replace("-", "_")
            )
            if column == "recommendations"
            else None
        ),
    )


def shortened(table: Table, most: int) -> list[Table]:
    """The table as documents print it, its first rows with long texts cut, and the whole beside.

    The whole is for workbooks and CSV; where nothing need be cut it stands alone.
    """
    rows = tuple(tuple(map(_cut, row)) for row in table.rows[:most])
    if rows == table.rows:
        return [table]
    of = f" ({most} of {len(table.rows)})" if len(rows) < len(table.rows) else ""
    short = replace(
        table, name=f"{table.name}_short", title=f"{table.title}{of}", rows=rows, where="print"
    )
    return [short, replace(table, where="detail")]


def _cut(cell: Cell) -> Cell:
    return shorten(cell, MOST_LETTERS, placeholder=" …") if isinstance(cell, str) else cell
