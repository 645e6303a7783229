"""A report as plain data: a head, notes, tables, and the JSON object that scripts rely on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from kb.reports.rows import Places, Rows

Kind = Literal[
    "text", "count", "share", "interval", "score", "score interval", "date",
    "count interval", "difference", "difference interval",
]  # fmt: skip
# text: str · count: int · share: float in 0…1 · interval: (low, high) of a share · score: float in
# 0…1, printed as 0.684 · score interval: (low, high) of a score · date: ISO text to its own
# precision · count interval: (low, high) of a count · difference: of two shares, -1…1, printed in
# points of a hundred · difference interval. None is a cell that has nothing to say.
Where = Literal["all", "detail", "data", "print"]
Cell = str | int | float | tuple[float, float] | None


@dataclass(frozen=True)
class Column:
    """One column: the name that scripts use, the label that people read, and what it holds.

    A ``detail`` column is for counting only (ids); documents leave it out.
    """

    name: str
    label: str
    kind: Kind = "text"
    detail: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers, and stands to the right."""
        from kb.reports.formats.cells import is_number

        return is_number(self.kind)


@dataclass(frozen=True)
class Chart:
    """Lines that may be drawn from a table: columns ``lines`` of scores over the column ``across``.

    ``across`` is a count or a score; the lines' values lie from 0 to 1.
    """

    across: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Timeline:
    """Marks that may be drawn from a table: a line for each number of the column ``line``.

    A mark stands at the date ``asked``, and one at the date ``completed`` where ``status`` is one
    of ``done``. ``labels`` are the words beside the lines, the first that of number 1.
    """

    line: str
    asked: str
    completed: str
    status: str
    done: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Bars:
    """Bars (of differences: dots) that may be drawn from a column, with the intervals of another.

    The rows are drawn in their order, the first ``MOST_DRAWN``.
    """

    value: str
    interval: str | None = None


@dataclass(frozen=True)
class HeatMap:
    """Counts that may be drawn as a map of shares; the last row holds what they are shares of."""


Drawing = Chart | Bars | HeatMap | Timeline
# The places, among a report's rows, of the recommendations behind the count at (row, name of the
# column); None where the cell is no such count.
Behind = Callable[[int, str], Places | None]


@dataclass(frozen=True)
class Table:
    """One table; the first column names the row.

    ``bar`` is the name of a share column that may be drawn, ``chart`` tells of a picture that may.
    ``where`` says which formats show it: ``detail`` is too long to read on paper and goes into CSV
    and XLSX only; so does ``data``, which the report's sections tell in words; ``print`` shows the
    numbers of a detail table crosswise, for the eye, and CSV leaves it out. ``behind`` tells which
    recommendations a count counts.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    bar: str | None = None
    where: Where = "all"
    chart: Drawing | None = None
    behind: Behind | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Refuse rows that do not fit the columns: a fault of the builder, not of the user."""
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of table {self.name!r} does not fit its columns")

    def index(self, name: str) -> int:
        """The place of the column with this name, from 0."""
        return next(at for at, column in enumerate(self.columns) if column.name == name)

    def in_words(self, most: int) -> list[list[str]]:
        """The cells of each of the first rows as people read them."""
        from kb.reports.formats.cells import shown

        return [
            [shown(cell, column.kind) for cell, column in zip(row, self.columns, strict=True)]
            for row in self.rows[:most]
        ]


@dataclass(frozen=True)
class Marked:
    """A text in which stretches stand out: character offsets, in order and apart."""

    text: str
    marks: tuple[tuple[int, int], ...]

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it stands out."""
        at = 0
        for start, end in self.marks:
            yield from ((self.text[at:start], False), (self.text[start:end], True))
            at = end
        yield self.text[at:], False


@dataclass(frozen=True)
class Section:
    """A part of a report in words: lines of (label, words) under a heading, then smaller parts."""

    title: str
    lines: tuple[tuple[str, str | Marked], ...]
    parts: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Report:
    """One report, in no format yet.

    ``head`` is what a reader needs to judge and repeat it (filters, corpus digest, taxonomy and
    model version, date, what was left out, the command), as (label, value) lines. ``data`` is the
    JSON object of DESIGN.md, ``counted`` the recommendations that its tables count. ``sections``
    stand after the tables, in documents alone.
    """

    name: str
    title: str
    tables: tuple[Table, ...]
    data: dict[str, Any]
    notes: tuple[str, ...] = ()
    head: tuple[tuple[str, str], ...] = field(default=())
    counted: Rows | None = field(default=None, compare=False)
    sections: tuple[Section, ...] = ()

    def with_head(self, lines: Iterable[tuple[str, str]]) -> Report:
        """The same report with these lines after those that its builder set."""
        return replace(self, head=(*self.head, *lines))

    def render(self, format_name: str) -> bytes:
        """The report as a file, in one of ``kb.reports.FORMATS``; raises as ``formats.render``."""
        from kb.reports.formats import render

        return render(self, format_name)

    def printed_tables(self) -> list[Table]:
        """The tables and columns that a document shows: all but the detail."""
        return [_printed(table) for table in self.tables if table.where not in ("detail", "data")]

    def printed_notes(self) -> list[str]:
        """The notes, and where to find the tables that a document leaves out."""
        left_out = [table.title for table in self.tables if table.where == "detail"]
        if not left_out:
            return list(self.notes)
        where = "; ".join(left_out)
        return [*self.notes, f"Too long for this page, whole in XLSX, CSV and JSON: {where}."]


def _printed(table: Table) -> Table:
    kept = [at for at, column in enumerate(table.columns) if not column.detail]
    return replace(
        table,
        columns=tuple(table.columns[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in table.rows),
    )


def columns(*parts: Column | tuple[str, str] | tuple[str, str, Kind]) -> tuple[Column, ...]:
    """Columns from (name, label) or (name, label, kind), in order."""
    return tuple(part if isinstance(part, Column) else Column(*part) for part in parts)
