"""What every reader yields: paragraphs, tables and runs of cells, each with its place in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Cell:
    """One printed cell: its text, its first grid column (from 0) and how many it spans.

    ``goes_on`` says that it is the lower part of a cell merged down, and so without text.
    ``at_foot`` says that its last line is the last that its page has room for, so that it may go
    on overleaf. ``tables`` stand inside the cell; their text is not in ``text``.
    """

    text: str
    at: int
    span: int = 1
    goes_on: bool = False
    at_foot: bool = False
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Row:
    """One row of a table; ``flags`` are doubts that arose before it was a row.

    ``after_break`` says that it is the first row that a page prints of its table. ``cut`` says
    whether it is the lower part of the row before the break: the rules on the page show it (True),
    exclude it (False) or leave it open (None).
    """

    cells: tuple[Cell, ...]
    place: str
    flags: tuple[str, ...] = ()
    after_break: bool = False
    cut: bool | None = None

    @cached_property
    def filled(self) -> list[Cell]:
        """The cells that hold text."""
        return [cell for cell in self.cells if cell.text]

    @property
    def printed(self) -> str:
        """The text of the whole row, for showing."""
        return " | ".join(cell.text for cell in self.filled)


@dataclass(frozen=True)
class Table:
    """A table whose rows are known; ``name`` is its place ("table 2", "sheet 'Plan'").

    ``records`` says that each row below the first is a whole object under named keys: none goes
    on from the row above, is a heading or stands one column off.
    """

    name: str
    rows: tuple[Row, ...]
    records: bool = False


@dataclass(frozen=True)
class LooseCell:
    """A cell of flattened text: its lines (from 1), and whether a blank line came before it."""

    text: str
    first_line: int
    last_line: int
    after_blank: bool


@dataclass(frozen=True)
class CellRun:
    """A table whose cells follow one another and whose rows are not marked."""

    name: str
    cells: tuple[LooseCell, ...]


@dataclass(frozen=True)
class Paragraph:
    """Text outside any table, in as many lines as it is printed in on purpose.

    ``label`` is the number or bullet that the program that wrote it prints before it ("4.2",
    "(a)", "•"), not part of ``text``; a number that was typed stays in ``text``. ``level`` is that
    of a heading (1 the highest), 0 for body text. ``strong`` says that all of it is bold or
    underlined. ``aside`` says what it is where it stands beside the flow of the text ("page
    header", "footnote", "text box", "comment"). ``flags`` are doubts about it that its format
    shows (words struck through).
    """

    text: str
    place: str
    label: str | None = None
    level: int = 0
    strong: bool = False
    aside: str | None = None
    flags: tuple[str, ...] = ()

    @property
    def printed(self) -> str:
        """The text with the label before it."""
        return f"{self.label} {self.text}" if self.label else self.text


@dataclass(frozen=True)
class Document:
    """A whole document in reading order; ``facts`` are review facts that it names as such."""

    blocks: tuple[Table | CellRun | Paragraph, ...]
    notes: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


def row_of(texts: list[str], place: str) -> Row:
    """A row whose cells take one grid column each."""
    return Row(tuple(Cell(text.strip(), at) for at, text in enumerate(texts)), place)
