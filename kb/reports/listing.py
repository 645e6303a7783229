"""Recommendations listed in a report: the columns, cells and JSON that all lists share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from textwrap import shorten
from typing import Any

import numpy as np

from kb.model import STATUS_NAMES, Entry, ReviewFacts, Taxonomy
from kb.reports.dimensions import NOT_STATED
from kb.reports.report import Cell, Table, columns
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


def reviews_json(rows: Rows, places: Places | None = None) -> dict[str, dict[str, Any]]:
    """``{id, title, area, year}`` of each review of these places or of all, by its id."""
    codes = rows.values("review").codes
    chosen = np.arange(len(rows)) if places is None else places
    firsts = chosen[np.unique(codes[chosen], return_index=True)[1]]
    reviews = rows.values("review").firsts(firsts)
    areas, years = rows.values("area").firsts(firsts), rows.values("year").firsts(firsts)
    return {
        review: {
            "id": review,
            "title": rows.title(at),
            "area": area,
            "year": None if year is None else int(year),
        }
        for review, at, area, year in zip(reviews, firsts.tolist(), areas, years, strict=True)
        if review is not None
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
    told = reviews_json(rows, places)
    reviews, statuses, targets = (
        rows.values(name).firsts(places) for name in ("review", "status", "target_date")
    )
    agencies, themes = (rows.values(name).lists(places) for name in ("agency", "theme"))
    of = (rows.ids(places), rows.texts(places), reviews, agencies, statuses, targets, themes)
    return [
        {
            "id": identity,
            "text": text,
            "review_id": review,
            "review": (facts := told[review or ""])["title"],
            "area": facts["area"],
            "year": facts["year"],
            "agencies": asked,
            "status": status,
            "target_date": target,
            "themes": tagged,
        }
        for identity, text, review, asked, status, target, tagged in zip(*of, strict=True)
    ]


def theme_names(entry: Entry, taxonomy: Taxonomy) -> str | None:
    """The names of the themes of an entry, or None."""
    names = {theme.id: theme.name for theme in taxonomy.themes()}
    return "; ".join(names.get(tag.id, tag.id) for tag in entry.themes) or None


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
