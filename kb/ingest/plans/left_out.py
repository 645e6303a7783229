"""What is said of a table or of rows that are left out, so that a person can name a column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.ingest.tables import Row, Table
from kb.text.normalise import fold_space
from kb.text.patterns import late

_PLACES_LISTED = 20
_FEWEST_COLUMNS, _FEWEST_ROWS = 3, 2  # a table left out that has fewer is no plan
_OTHER_TABLE = late(
    r"(?:document )?(?:version|revision|issue)\b.*(?:date|author|change)|"
    r"(?:name|panel member|member)s?;.*(?:role|agency|organisation|position|job|title|post)|"
    r"(?:term|acronym|abbreviation|initials)s?;|"
    r"date(?: and time| of \w+)?;.*(?:event|incident|contact|what happened)",
    re.IGNORECASE,
)


def first_headers(table: Table) -> list[str]:
    """What may be the header of a table that was left out: its first row of several cells."""
    rows = [row for row in table.rows if row.filled]
    head = next((row for row in rows if len(row.filled) >= _FEWEST_COLUMNS), None)
    return [row.printed for row in ([head] if head else rows[:1])]


def table_left_out(table: Table) -> str | None:
    """What to say first of a table left out whole that may well be a plan; None of a small one."""
    rows = [row for row in table.rows if row.filled]
    columns = {cell.at for row in rows for cell in row.filled}
    head = next((n for n, row in enumerate(rows) if len(row.filled) >= _FEWEST_COLUMNS), 0)
    if len(columns) < _FEWEST_COLUMNS or len(rows) < _FEWEST_ROWS:
        return None
    headers = "; ".join(fold_space(cell.text)[:60] for cell in rows[head].filled[:12])
    if _OTHER_TABLE.match(headers):
        return None
    below = len(rows) - head - 1
    return (
        f"{table.name} ({below} row{'' if below == 1 else 's'}, columns: {headers}) was left out:"
        " no column of recommendations; name it with --column recommendation='Its header'"
    )


def rows_without_text(rows: Sequence[Row], name: str) -> str:
    """How many rows of a table have no text, and where."""
    places = ", ".join(row.place for row in rows[:_PLACES_LISTED])
    more = len(rows) - _PLACES_LISTED
    places += f" and {more} more" if more > 0 else ""
    count = "1 row has" if len(rows) == 1 else f"{len(rows)} rows have"
    return f"{count} no text and {'was' if len(rows) == 1 else 'were'} left out: {name}, {places}"
