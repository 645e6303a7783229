"""CSV and TSV: the delimiter and the encoding are found."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from io import StringIO
from typing import Any

from kb.errors import DamagedDocument
from kb.ingest.readers.encoding import decoded
from kb.ingest.tables import Document, Row, Table, row_of

_DELIMITERS = ",;\t|"
_LARGEST_CELL = 10_000_000  # characters
_SAMPLE = 20_000  # characters that the delimiter is found by
_NAMED = re.compile(r"[\"']?sep=(.)[\"']?\s*(?:\n|$)", re.IGNORECASE)
_Read = Callable[..., Any]  # csv.reader for one file
_OPEN = "a quotation mark is left open in this line: its cells were parted without regard to quotes"
_MOST_OPEN = 50  # lines with an open quotation mark, before the file is refused


def read_delimited(data: bytes, name: str) -> Document:
    """The one table of a CSV or TSV file.

    A row with a quotation mark left open is flagged, and so is one that seems to have swallowed
    others. Raises DamagedDocument where the file is no text or is broken throughout.
    """
    text, notes = decoded(data, name)
    named = _NAMED.match(text)
    if named:
        text = "\n" + text[named.end() :]
    try:
        tables = tables_of_text(text, named[1] if named else delimiter_of(text))
    except csv.Error as error:
        raise DamagedDocument(
            f"the table cannot be read: {error}",
            place=name,
            hint="Save the sheet again as CSV (UTF-8) or as Excel.",
        ) from error
    return Document(tuple(tables), notes)


def tables_of_text(text: str, delimiter: str) -> list[Table]:
    """One table; each row's place is the number of its first line."""
    spaced = _has_space_before_quotes(text, delimiter)
    read = partial(csv.reader, delimiter=delimiter, skipinitialspace=spaced)
    rows = [row for row in _rows(text, read) if row.filled]
    usual = _usual([len(row.cells) for row in rows])
    return [Table("table 1", tuple(_doubted(row, delimiter, usual) for row in rows))]


def delimiter_of(text: str) -> str:
    """The delimiter that parts the text most often and most evenly; a comma where none does."""
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        reader = csv.reader(StringIO(text[:_SAMPLE], newline=""), delimiter=delimiter)
        widths = [len(cells) for cells in reader if cells][:50]
        wide = [width for width in widths if width > 1]
        if wide:
            usual = _usual(wide)
            score = wide.count(usual) / len(widths) + min(usual, 8) / 100
            if score > best_score:
                best, best_score = delimiter, score
    return best


def _has_space_before_quotes(text: str, delimiter: str) -> bool:
    """Whether a blank parts delimiters from cells in quotation marks, as people type it."""
    parting = re.escape(delimiter)
    return bool(re.search(rf'{parting} +"[^"\n]*" *(?:{parting}|\n|$)', text))


def _usual(widths: list[int]) -> int:
    return max(set(widths), key=widths.count) if widths else 0


def _rows(text: str, read: _Read) -> Iterator[Row]:
    """Every row; where the last one ends inside quotes, its first line alone is a row."""
    csv.field_size_limit(_LARGEST_CELL)
    lines = text.split("\n")
    start = 0
    for _ in range(_MOST_OPEN):
        rows = list(_rows_from(lines, start, read))
        last = rows[-1][0] if rows else start
        if not rows or not _is_open(lines[last:], read):
            yield from (row for _, row in rows)
            return
        yield from (row for _, row in rows[:-1])
        cells = next(read([lines[last]], quoting=csv.QUOTE_NONE))
        yield replace(row_of(cells, f"line {last + 1}"), flags=(_OPEN,))
        start = last + 1
    raise csv.Error(f"more than {_MOST_OPEN} lines have a quotation mark left open")


def _rows_from(lines: list[str], start: int, read: _Read) -> Iterator[tuple[int, Row]]:
    reader = read(line + "\n" for line in lines[start:])
    before = start
    for texts in reader:
        yield before, row_of(texts, f"line {before + 1}")
        before = start + reader.line_num


def _is_open(lines: list[str], read: _Read) -> bool:
    """Whether these lines, the last row of a file, end inside quotes."""
    if len(lines) < 2 and lines[0].count('"') % 2 == 0:
        return False
    try:
        list(read((line + "\n" for line in lines), strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _doubted(row: Row, delimiter: str, usual: int) -> Row:
    """The row, flagged where a cell of it holds what looks like further rows of the table."""
    for cell in row.cells:
        inside = [line for line in cell.text.split("\n")[1:] if line.count(delimiter) + 1 >= usual]
        if usual > 1 and inside:
            count = "1 line" if len(inside) == 1 else f"{len(inside)} lines"
            flag = f"{count} of a cell look like rows: a quotation mark may be missing"
            return replace(row, flags=(*row.flags, flag))
    return row
