"""Tables of Word by rows and grid columns, merged cells and nested tables included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kb.errors import DamagedDocument
from kb.ingest.readers.word import remarks
from kb.ingest.readers.word.lines import Anchored, Line, Story
from kb.ingest.readers.word.numbering import BULLET
from kb.ingest.readers.word.remarks import Remarks, struck_through
from kb.ingest.readers.word.tags import (
    DELETED,
    TC,
    TCPR,
    TEXT,
    TR,
    TRPR,
    VAL,
    W,
    child_of,
    is_on,
    nearest,
    whole,
)
from kb.ingest.tables import Cell, Row, Table

_WIDEST_IN_WORD = 63  # grid columns
_WIDEST = 1_000  # grid columns of one cell
_MOST_COLUMNS = 100_000  # of a row; headers and spans are told column by column
_DEEPEST = 20  # tables in one another


@dataclass(frozen=True)
class _Read:
    """One cell and what its lines say beside their text."""

    cell: Cell
    struck: tuple[str, ...] = ()


class Grid:
    """Reads tables; what is anchored in them is kept in ``anchored`` with its place."""

    def __init__(self, story: Story, said: Remarks, name: str) -> None:
        """``name`` is what the document is called in a refusal."""
        self._story = story
        self._said = said
        self._name = name
        self.anchored: list[tuple[Anchored, str]] = []

    def table(self, element: Any, name: str, depth: int = 0) -> Table:
        """A table with its rows in order; raises DamagedDocument where it is nested too deep."""
        if depth > _DEEPEST:
            raise DamagedDocument(
                f"its tables are nested more than {_DEEPEST} deep",
                place=f"{self._name}, {name}",
                hint="Take the inner tables out of one another in Word and add that.",
            )
        rows: list[Row] = []
        merged: dict[int, int] = {}
        for number, row in enumerate(nearest(element, (TR,)), start=1):
            place = f"row {number}"
            if not self._is_printed(row, f"{name}, {place}"):
                continue
            cells = list(self._cells(row, merged, f"{name}, {place}", depth))
            printed = "".join(read.cell.text for read in cells)
            flags = struck_through("row", printed, [text for read in cells for text in read.struck])
            rows.append(Row(tuple(read.cell for read in cells), place, flags))
        return Table(name, tuple(rows))

    def _is_printed(self, row: Any, place: str) -> bool:
        properties = child_of(row, TRPR)
        if properties is None:
            return True
        if any(properties.find(tag) is not None for tag in DELETED):
            self._said.add([remarks.TRACKED], place)
            return False
        hidden = properties.find(f"{W}hidden")
        if hidden is not None and is_on(hidden):
            self._said.add([remarks.HIDDEN_ROW], place)
            return False
        return True

    def _cells(self, row: Any, merged: dict[int, int], place: str, depth: int) -> Iterator[_Read]:
        """The cells of a row; ``merged`` says which columns a cell above is merged down over."""
        at = _number(child_of(row, TRPR), "gridBefore")
        above, held = dict(merged), None
        merged.clear()
        for element in nearest(row, (TC,)):
            if at > _MOST_COLUMNS:
                raise self._too_wide(place)
            properties = child_of(element, TCPR)
            span = min(max(_number(properties, "gridSpan"), 1), _WIDEST)
            down = _merge(properties, "vMerge")
            if _merge(properties, "hMerge") == "continue" and held is not None:
                held = self._wider(held, element, span, place)
                at += span
                continue
            if held is not None:
                yield held
            goes_on = down == "continue" and _is_under(above, at, span, element)
            if down is not None:
                merged[at] = span
            if goes_on:
                self._cover(element, place)
                held = _Read(Cell("", at, span, goes_on=True))
            else:
                held = self._cell(element, at, span, place, depth)
            at += span
        if held is not None:
            yield held

    def _too_wide(self, place: str) -> DamagedDocument:
        return DamagedDocument(
            f"its cells say that they span more than {_MOST_COLUMNS:,} columns",
            place=f"{self._name}, {place}",
            hint="Word has 63 at most: copy the table into a new document and add that.",
        )

    def _wider(self, held: _Read, covered: Any, span: int, place: str) -> _Read:
        """A cell merged across the old way, by one more cell."""
        self._cover(covered, place)
        cell = held.cell
        wide = Cell(cell.text, cell.at, cell.span + span, cell.goes_on, tables=cell.tables)
        return _Read(wide, held.struck)

    def _cover(self, element: Any, place: str) -> None:
        if _has_text(element):
            self._said.add([remarks.COVERED], place)
        if any(whole(listed.get(VAL)) for listed in element.iter(f"{W}numId")):
            self._said.add([remarks.COVERED_ITEM], place)

    def _cell(self, element: Any, at: int, span: int, place: str, depth: int) -> _Read:
        lines: list[Line] = []
        tables: list[Table] = []
        for found in self._story.content(element):
            if isinstance(found, Line):
                self._said.add(found.remarks, place)
                self.anchored += [(anchored, place) for anchored in found.anchored]
                lines.append(found)
            else:
                inner = f"{place}, inner table"
                inner += f" {len(tables) + 1}" if tables else ""
                tables.append(self.table(found, inner, depth + 1))
        cell = Cell(_text(lines), at, span, tables=tuple(tables))
        return _Read(cell, tuple(text for line in lines for text in line.struck))


def _is_under(above: dict[int, int], at: int, span: int, element: Any) -> bool:
    """Whether a merged cell stands above it; one of another width only where this has no text."""
    if above.get(at) == span:
        return True
    starts = range(max(at - _WIDEST_IN_WORD, 0), at + span)
    meets = any(start in above and start + above[start] > at for start in starts)
    return meets and not _has_text(element)


def _has_text(element: Any) -> bool:
    return any((text.text or "").strip() for text in element.iter(TEXT))


def _text(lines: list[Line]) -> str:
    """The lines of a cell as printed; a label without text stands only where it is all there is."""
    if any(line.text.strip() for line in lines):
        return "\n".join(map(_printed, lines, [*lines[1:], Line()])).strip()
    labels = [line.label for line in lines if line.label and line.label != BULLET]
    return labels[0] if len(labels) == 1 else ""


def _printed(line: Line, following: Line) -> str:
    """A line with its label; a number alone in its line stands where plain text follows it."""
    if line.text.strip():
        return line.printed
    is_alone = line.label not in (None, BULLET) and following.text.strip() and not following.label
    return line.printed if is_alone else line.text


def _number(properties: Any | None, name: str) -> int:
    found = child_of(properties, f"{W}{name}")
    value = whole(found.get(VAL)) if found is not None else None
    return min(value or 0, _WIDEST)


def _merge(properties: Any | None, name: str) -> str | None:
    """ "restart", "continue" (also where nothing is said) or None of a cell not merged."""
    found = child_of(properties, f"{W}{name}")
    return None if found is None else found.get(VAL) or "continue"
