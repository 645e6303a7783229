"""A table parted where another header begins, each part with its header and its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.ingest.plans.header_rows import find_header, header_at, is_header_row
from kb.ingest.plans.headers import Column, Header
from kb.ingest.tables import Row, Table

_FEWEST_FIELDS = 3  # of a header that begins another part of its table
_NUMBER = re.compile(r"[A-Za-z]{0,4}[ .]?\d{1,3}(?:[.)(]|\.\d+|[a-z])*")
_MOSTLY = 0.7
_FEWEST = 4.0  # mean words of texts that are recommendations


@dataclass(frozen=True)
class Section:
    """A header with the rows above it that no header has, and those below it."""

    header: Header
    above: tuple[Row, ...]
    rows: tuple[Row, ...]


def sections_of(table: Table, overrides: Mapping[str, str]) -> list[Section]:
    """The parts of a table, each under its own header; [] where it has no recommendations."""
    header = find_header(table.rows[:1] if table.records else table.rows, overrides)
    if header is None:
        return []
    if table.records:
        return [Section(header, (), table.rows[header.end :])]
    sections = []
    above: tuple[Row, ...] = table.rows[: header.row]
    start = header.end
    for other in _other_headers(table.rows, header, overrides):
        titles = _titles_above(table.rows, start, other.row)
        rows = table.rows[start : other.row - len(titles)]
        sections.append(Section(_by_its_cells(header, rows, overrides), above, rows))
        header, above, start = other, titles, other.end
    rows = table.rows[start:]
    return [*sections, Section(_by_its_cells(header, rows, overrides), above, rows)]


def _other_headers(
    rows: Sequence[Row], first: Header, overrides: Mapping[str, str]
) -> Iterator[Header]:
    """The headers below the first that differ from the one before them."""
    header, number = first, first.end
    while number < len(rows):
        row = rows[number]
        number += 1
        if header.repeats(row) or not is_header_row(row, overrides, fewest=_FEWEST_FIELDS):
            continue
        other = header_at(rows, number - 1, overrides)
        if "recommendation" in other.fields and not other.weak:
            yield other
            header, number = other, other.end


def _titles_above(rows: Sequence[Row], start: int, end: int) -> tuple[Row, ...]:
    """The rows of one cell just above a header: its title, not the last of the part before."""
    first = end
    while first > start and len(rows[first - 1].filled) <= 1:
        first -= 1
    return tuple(rows[first:end])


def _by_its_cells(header: Header, rows: Sequence[Row], overrides: Mapping[str, str]) -> Header:
    """The header with what the cells below it tell of columns that it does not name well."""
    if "recommendation" in overrides:
        return _with_number_column(header, rows)
    return _with_number_column(_with_text_column(header, rows), rows)


def _with_text_column(header: Header, rows: Sequence[Row]) -> Header:
    """Numbers under "Recommendation" number the texts in a column without a field beside it."""
    named = next((c for c in header.columns if c.field == "recommendation"), None)
    if named is None or named.span > 1 or "number" in header.fields:
        return header
    at = named.at + 1
    beside = header.by_grid.get(at)
    numbers = [c.text for row in rows for c in row.filled if c.at == named.at]
    texts = [c.text for row in rows for c in row.filled if c.at == at and c.span == 1]
    if (beside is not None and beside.field is not None) or not numbers or not texts:
        return header
    words = sum(len(text.split()) for text in texts) / len(texts)
    if sum(bool(_NUMBER.fullmatch(n)) for n in numbers) < _MOSTLY * len(numbers) or words < _FEWEST:
        return header
    others = [c for c in header.columns if c not in (named, beside)]
    text = Column(beside.header if beside else "", "recommendation", at)
    columns = sorted([*others, replace(named, field="number"), text], key=lambda c: c.at)
    return replace(header, columns=tuple(columns))


def _with_number_column(header: Header, rows: Sequence[Row]) -> Header:
    """The header with a column of numbers over which no header stands."""
    if "number" in header.fields:
        return header
    texts: dict[int, list[str]] = {}
    for row in rows:
        for cell in row.filled:
            if cell.at not in header.by_grid:
                texts.setdefault(cell.at, []).append(cell.text)
    recommendation = next((c.at for c in header.columns if c.field == "recommendation"), 0)
    for at in sorted(texts):
        numbers = sum(bool(_NUMBER.fullmatch(text)) for text in texts[at])
        if at < recommendation and numbers >= _MOSTLY * len(texts[at]):
            columns = sorted([*header.columns, Column("", "number", at)], key=lambda c: c.at)
            return replace(header, columns=tuple(columns))
    return header
