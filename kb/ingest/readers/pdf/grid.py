"""A table as one page prints it, before its parts on several pages are put together."""

from __future__ import annotations

from dataclasses import dataclass, field

from kb.ingest.readers.pdf.layout import Word


@dataclass(slots=True)
class PrintedCell:
    """One cell: its box in points and the words in it, in no order yet.

    ``goes_on`` says that it is the lower part of a cell merged down; its words stand in the
    upper part. ``tables`` stand inside it. ``colour`` is the name of a clear colour that fills it
    where it is empty. ``open_foot`` says that it stands at the table's foot and no rule closes it.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    words: list[Word] = field(default_factory=list)
    goes_on: bool = False
    tables: list[PrintedTable] = field(default_factory=list)
    colour: str | None = None
    open_foot: bool = False


@dataclass(slots=True)
class PrintedRow:
    """One row from ``top`` to ``bottom``; its cells from left to right.

    ``open_top`` and ``open_foot`` say that no rule closes it there where the table has one
    between its other rows: a page break cut it. ``flags`` say what was doubtful about it.
    """

    top: float
    bottom: float
    cells: list[PrintedCell]
    open_top: bool = False
    open_foot: bool = False
    flags: tuple[str, ...] = ()


@dataclass(slots=True)
class PrintedTable:
    """The part of a table that stands on one page.

    ``edges`` are the places of its columns' edges from the left, so one more than it has columns.
    ``ruled`` says that rules show its rows, ``guessed`` that only the words show its columns.
    """

    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    edges: tuple[float, ...]
    rows: list[PrintedRow]
    ruled: bool = True
    guessed: bool = False
