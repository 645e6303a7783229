"""CSV and TSV: the delimiter and the encoding are found."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from kb.errors import DamagedDocument
from kb.ingest.encoding import decoded
from kb.ingest.tables import Document, Row, Table, row_of

_DELIMITERS = ",;\t|"
_LARGEST_CELL = 10_000_000  # characters


def read_delimited(data: bytes, name: str) -> Document:
    """The one table of a CSV or TSV file."""
    text, notes = decoded(data, name)
    try:
        tables = tables_of_text(text, delimiter_of(text))
    except csv.Error as error:
        raise DamagedDocument(
            f"the table cannot be read: {error}",
            place=name,
            hint="Save the sheet again as CSV (UTF-8) or as Excel.",
        ) from error
    return Document(tuple(tables), notes)


def tables_of_text(text: str, delimiter: str) -> list[Table]:
    """One table; each row's place is the number of its first line."""
    return [Table("table 1", tuple(_rows(text, delimiter)))]


def delimiter_of(text: str) -> str:
    """The delimiter that parts the text most often and most evenly; a comma where none does."""
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        widths = [len(row.cells) for row in _rows(text[:20_000], delimiter)][:50]
        wide = [width for width in widths if width > 1]
        if wide:
            usual = max(set(wide), key=wide.count)
            score = wide.count(usual) / len(widths) + min(usual, 8) / 100
            if score > best_score:
                best, best_score = delimiter, score
    return best


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    for texts in reader:
        yield row_of(texts, f"line {before + 1}")
        before = reader.line_num
