"""Links from the numbers of a page to the recommendations that they count, listed at its end."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import shorten

import numpy as np

from kb.reports.formats.cells import readable, shown
from kb.reports.listing import review_words, status_words
from kb.reports.report import Column, Report, Table
from kb.reports.rows import Places, Rows

MOST_LISTED = 5_000
MOST_IN_WORDS = 12  # a longer list has the ids alone; the words stand once, at the end
TOO_MANY = (
    f"More than {MOST_LISTED:,} recommendations are counted, too many to list behind the numbers "
    "of one page: narrow the filters, or find them with kb search and the same filters."
)
_FIRST_WORDS = 90  # letters


class BehindNumbers:
    """The lists behind the numbers of one report; equal lists stand once."""

    def __init__(self, report: Report) -> None:
        """Link nothing where nothing, or too much, is counted."""
        self.is_too_much = report.counted is not None and len(report.counted) > MOST_LISTED
        self._rows: Rows | None = None if self.is_too_much else report.counted
        self._names: dict[bytes, str] = {}
        self._lists: list[tuple[str, str, Places]] = []
        self._used: set[int] = set()

    def cell(self, table: Table, row: int, column: Column) -> str:
        """A cell of a table in HTML, linked where it is a count of recommendations."""
        cell = table.rows[row][table.index(column.name)]
        words = escape(shown(cell, column.kind))
        if self._rows is None or table.behind is None or column.kind != "count" or not cell:
            return words
        places = table.behind(row, column.name)
        if places is None or not len(places):
            return words
        title = f"{table.title}: {shown(table.rows[row][0], table.columns[0].kind)}, {column.label}"
        return f'<a href="#{self._name(title, np.unique(places))}">{words}</a>'

    def _name(self, title: str, places: Places) -> str:
        key = places.tobytes()
        if key not in self._names:
            self._names[key] = f"behind-{len(self._lists) + 1}"
            self._lists.append((self._names[key], title, places))
            self._used.update(places.tolist())
        return self._names[key]

    def section(self) -> Iterator[str]:
        """Every list that was linked, then every recommendation of them, whole."""
        rows = self._rows
        if rows is None or not self._lists:
            return
        entries = {place: rows.entry(place) for place in sorted(self._used)}
        links = {at: f'<a href="#r{at}">{escape(entry.id)}</a>' for at, entry in entries.items()}
        firsts = {
            at: escape(_first_words(entry.recommendation.text)) for at, entry in entries.items()
        }
        yield '<section class="behind" aria-labelledby="behind">'
        yield '<h2 id="behind">The recommendations behind the numbers</h2>'
        for name, title, places in self._lists:
            many = f"{len(places):,} recommendation{'s' if len(places) > 1 else ''}"
            yield f'<h3 id="{name}">{escape(readable(title))} ({many})</h3>'
            if len(places) > MOST_IN_WORDS:
                yield f"<p>{', '.join(links[place] for place in places.tolist())}</p>"
            else:
                lines = (f"<li>{links[at]} {firsts[at]}</li>" for at in places.tolist())
                yield f"<ul>{''.join(lines)}</ul>"
        yield "<h2>These recommendations</h2>\n<ul>"
        for place, entry in entries.items():
            told = f"{review_words(entry.review)}. {status_words(entry)}."
            yield (
                f'<li id="r{place}"><strong>{escape(entry.id)}</strong> '
                f"{escape(readable(entry.recommendation.text))} <br>{escape(readable(told))}</li>"
            )
        yield "</ul>\n</section>"


def _first_words(text: str) -> str:
    return shorten(readable(text), _FIRST_WORDS, placeholder=" …")
