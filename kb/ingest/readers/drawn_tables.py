"""Tables that a plain text draws: with lines of characters, with pipes, or by aligning columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kb.ingest.tables import Cell, Row, Table

_BORDER = re.compile(
    r"\s*[+┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╒╤╕╞╪╡╘╧╛|│║][-+=─━═┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╒╤╕╞╪╡╘╧╛|│║: ]*\s*"
)
_RULE = re.compile(r"[-=─━═]{3}")
_BARS = re.compile(r"[|│║]")
_DELIMITER = re.compile(r"\|?:?-+:?(?:\|:?-+:?)*\|?")
_GAP = re.compile(r" {2,}")
_FEWEST_LINES, _FEWEST_COLUMNS = 3, 3  # of a table that only the alignment of its columns shows
_LONGEST_LINE = 2_000  # characters of a line of a drawn table


def is_border(line: str) -> bool:
    """Whether a line only draws the border of a table (``+-----+----+``)."""
    return len(line) < _LONGEST_LINE and bool(_BORDER.fullmatch(line) and _RULE.search(line))


def is_barred(line: str) -> bool:
    """Whether a line is one of a table whose cells stand between bars."""
    return bool(_BARS.match(line.strip()[:1]))


def is_delimiter_row(line: str) -> bool:
    """Whether a line parts the header of a Markdown table from its rows."""
    plain = "".join(line.split())
    return "|" in plain and len(plain) < _LONGEST_LINE and bool(_DELIMITER.fullmatch(plain))


def boxed_table(lines: Sequence[str], first_line: int, name: str) -> Table:
    """A table drawn with borders: what stands between two borders is one row, or several.

    In a table with borders around its rows every group is a row. Where only the header has one, a
    line whose first cell is empty goes on from the line above.
    """
    groups: list[list[tuple[int, list[str]]]] = [[]]
    for number, line in enumerate(lines, start=first_line):
        if is_border(line):
            groups.append([])
        elif line.strip():
            groups[-1].append((number, _parted(line)))
    groups = [group for group in groups if group]
    has_borders_between = len(groups) > 2
    rows: list[Row] = []
    for group in groups:
        parts = [group] if has_borders_between else _parts(group)
        rows += [_row(part) for part in parts]
    return Table(name, tuple(rows))


def _parted(line: str) -> list[str]:
    inner = re.sub(r"^[|│║]|[|│║]$", "", line.strip())
    return [cell.strip() for cell in _BARS.split(inner)]


def _parts(group: list[tuple[int, list[str]]]) -> list[list[tuple[int, list[str]]]]:
    parts: list[list[tuple[int, list[str]]]] = []
    for number, cells in group:
        if parts and not cells[0]:
            parts[-1].append((number, cells))
        else:
            parts.append([(number, cells)])
    return parts


def _row(lines: list[tuple[int, list[str]]]) -> Row:
    width = max(len(cells) for _, cells in lines)
    columns = [
        " ".join(cells[at] for _, cells in lines if at < len(cells) and cells[at])
        for at in range(width)
    ]
    return Row(
        tuple(Cell(t, at) for at, t in enumerate(columns)), _place(lines[0][0], lines[-1][0])
    )


def _place(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first}–{last}"


def aligned_table(lines: Sequence[str], first_line: int, name: str) -> Table | None:
    """A table whose columns are only aligned, by gaps that go through all its lines; else None.

    A line whose first column is empty goes on from the line above.
    """
    lines = [line.expandtabs(8).rstrip() for line in lines]
    if len(lines) < _FEWEST_LINES or max(map(len, lines)) > _LONGEST_LINE:
        return None
    starts = _column_starts(lines)
    if len(starts) < _FEWEST_COLUMNS:
        return None
    ends = [*starts[1:], None]
    parted = [
        (number, [line[a:b].strip() for a, b in zip(starts, ends, strict=True)])
        for number, line in enumerate(lines, start=first_line)
    ]
    if not all(parted[0][1]):
        return None
    return Table(name, tuple(_row(part) for part in _parts(parted)))


def _column_starts(lines: Sequence[str]) -> list[int]:
    """Where columns begin: behind every run of two or more blanks that all lines share."""
    width = max(map(len, lines))
    blank = "".join(
        " " if all(at >= len(line) or line[at] == " " for line in lines) else "x"
        for at in range(width)
    )
    gaps = [match.span() for match in _GAP.finditer(blank)]
    starts = [0 if not blank.startswith("  ") else gaps.pop(0)[1]]
    starts += [end for _, end in gaps if end < width]
    return starts if all(b - a > 1 for a, b in pairwise(starts)) else []
