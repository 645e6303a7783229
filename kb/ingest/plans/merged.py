"""Cells merged down over several rows: what they say of each, also over a page break."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import zip_longest

from kb.ingest.drafts import ACTION_FIELDS
from kb.ingest.plans.headers import Column, Header
from kb.ingest.tables import Cell, Row
from kb.printed import OtherCell


class Covered:
    """The merged cells that reach down over a row: the text of each, by its column."""

    def __init__(self, cells: Sequence[tuple[Column | None, Cell, str]]) -> None:
        self._fields: dict[str, str] = {}
        self._first: dict[str, str] = {}
        self.other: list[OtherCell] = []
        self.recommendation = False
        for column, cell, place in cells:
            field = column.field if column else None
            if field == "recommendation":
                self.recommendation = True
            elif field is None:
                name = column.header if column else f"column {cell.at + 1}"
                self.other.append(OtherCell(header=name, text=cell.text))
            else:
                self._fields[field], self._first[field] = cell.text, place

    @property
    def fields(self) -> Set[str]:
        """The fields of which they say something."""
        return self._fields.keys()

    @property
    def of_action(self) -> dict[str, str]:
        """What they say of an action row."""
        return {name: text for name, text in self._fields.items() if name in ACTION_FIELDS}

    def lent_to(self, values: Mapping[str, str]) -> dict[str, str]:
        """What they say of a recommendation, in the fields that its own row leaves empty."""
        return {name: text for name, text in self._fields.items() if name not in values}

    def flags(self, names: Iterable[str]) -> list[str]:
        """In words: which field is printed once for several rows."""
        return [
            f"the {name.replace('_', ' ')} is one merged cell from {self._first[name]} on"
            for name in names
            if name not in ("heading", "themes")
        ]


class Merged:
    """The cells that may be merged down, by grid column, as the rows go by."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._above: dict[int, tuple[Cell, str]] = {}

    def over(self, row: Row) -> Covered:
        """The merged cells that reach down over this row."""
        found = []
        for cell in row.cells:
            if not cell.goes_on:
                self._above[cell.at] = (cell, row.place)
                continue
            above = self._above.get(cell.at)
            if above and above[0].text:
                found.append((self._header.by_grid.get(cell.at), *above))
        return Covered(found)


def over_pages(rows: Sequence[Row], header: Header) -> Iterator[Row]:
    """The rows, with empty cells at the head of a page as parts of the merged cells that they are.

    Some programs print the text of a merged cell on its first page alone. What is below goes on
    from it where it spans several rows itself, and as a heading also where only the part on the
    page before does.
    """
    above: Row | None = None
    for printed, below in zip_longest(rows, rows[1:]):
        row = printed
        if above is not None and row.after_break:
            goes_on = [c for c in row.cells if _goes_on(c, above, below, header)]
            row = _going_on(row, goes_on, header)
        yield row
        above = row


def _goes_on(cell: Cell, above: Row, below: Row | None, header: Header) -> bool:
    column = header.by_grid.get(cell.at)
    if cell.text or cell.goes_on or cell.tables or column is None:
        return False
    over = next((c for c in above.cells if c.at == cell.at), None)
    if over is None or not (over.goes_on or over.text):
        return False
    if below is not None and any(c.at == cell.at and c.goes_on for c in below.cells):
        return True
    return over.goes_on and column.field == "heading"


def _going_on(row: Row, goes_on: Sequence[Cell], header: Header) -> Row:
    if not goes_on:
        return row
    names = [header.by_grid[cell.at].header for cell in goes_on]
    said = f"what stands under {' and '.join(map(repr, names))} is printed on the page before"
    cells = tuple(replace(c, goes_on=True) if c in goes_on else c for c in row.cells)
    return replace(row, cells=cells, flags=(*row.flags, said))
