"""Tables that no rules, or only a few, show: their columns told by header and white."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.ingest.readers.pdf.grid import PrintedCell, PrintedRow, PrintedTable
from kb.ingest.readers.pdf.gutters import Gutters, gutters_of
from kb.ingest.readers.pdf.header_band import HeaderBand, header_bands
from kb.ingest.readers.pdf.layout import Rule, Word
from kb.ingest.readers.pdf.lines import Line, lines_on
from kb.ingest.readers.pdf.row_breaks import FoundRow, rows_of

_FARTHEST = 4.0  # of the size: white above a line that still belongs to the table
_HEADING_LINES = 3  # a text across the table has no more lines, where rows follow it
_LONG = 0.6  # of the width of the table: a rule between rows is that long
_SURE_LINES = 2  # lines in more than one column that show that a table goes on overleaf
_SURE_COLUMNS = 3  # … or one line in so many
_LINES_BELOW = 2  # more lines of text below a table end it
_LAST_GAP = 1.6  # of the widest white between rows: what follows wider is no row


@dataclass(frozen=True)
class Carried:
    """The columns of a table that reaches the foot of its page and may go on overleaf."""

    page: int
    gutters: Gutters


def unruled_tables(
    page: int, words: Sequence[Word], rules: Sequence[Rule] = (), carried: Carried | None = None
) -> tuple[list[PrintedTable], list[Word], Carried | None]:
    """The tables without rules among these words of a page, the words left, what is carried over.

    ``words`` stand in no ruled table and no page header; ``carried`` is what the page before
    gave. A table is found by its header, which names the recommendation, or goes on from the
    page before. Prose in columns and tables of contents have no such header.
    """
    lines = lines_on(words, page)
    bands = header_bands(lines)
    if not bands and carried is None:
        return [], list(words), None
    tables: list[PrintedTable] = []
    if carried is not None and carried.page == page - 1:
        body = _gone_on(lines[: bands[0].first if bands else len(lines)], carried.gutters)
        if body:
            tables.append(_table((page, rules), carried.gutters, (), body))
    stops = [band.first for band in bands[1:]] + [len(lines)]
    for band, stop in zip(bands, stops, strict=False):
        below = lines[band.last + 1 : stop]
        gutters, body = _columns(band, below)
        head = lines[band.first : band.last + 1]
        tables.append(_table((page, rules), gutters, head, body))
        carried = Carried(page, gutters)
    used = {id(w) for t in tables for row in t.rows for cell in row.cells for w in cell.words}
    left = [word for word in words if id(word) not in used]
    if not tables or carried is None:
        return tables, left, None
    below = lines_on((w for w in left if w.base > tables[-1].bottom), page)
    goes_on = len(below) <= _LINES_BELOW
    return tables, left, Carried(page, carried.gutters) if goes_on else None


def _columns(band: HeaderBand, below: Sequence[Line]) -> tuple[Gutters, list[Line]]:
    """The columns under a header and the lines that stand in them, measured by these lines."""
    gutters = gutters_of(band.pieces, band.fields, below)
    body = _body(below, gutters)
    within = [line for line in body if not gutters.runs_across(line)]
    gutters = gutters_of(band.pieces, band.fields, within)
    return gutters, _body(below, gutters)


def _gone_on(lines: Sequence[Line], gutters: Gutters) -> list[Line]:
    """The lines at the top of a page that stand in these columns; none where too few show it."""
    body = _body(lines, gutters)
    filled = [len(gutters.columns(x.words)) for x in body if not gutters.runs_across(x)]
    several = sum(count > 1 for count in filled)
    alone = bool(body) and len(body) == len(lines) and several
    enough = several >= _SURE_LINES or max(filled, default=0) >= _SURE_COLUMNS
    return body if enough or alone else []


def _body(lines: Sequence[Line], gutters: Gutters) -> list[Line]:
    """The lines from the first on that stand in the columns, with texts across between them."""
    body: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if body and line.top - body[-1].bottom > _FARTHEST * line.size:
            break
        if not gutters.runs_across(line):
            body.append(line)
            at += 1
            continue
        end = at
        while end < len(lines) and gutters.runs_across(lines[end]):
            end += 1
        if end - at > _HEADING_LINES or not _rows_follow(lines, end, gutters):
            break
        body += lines[at:end]
        at = end
    return body


def _rows_follow(lines: Sequence[Line], at: int, gutters: Gutters) -> bool:
    """Whether one of the next lines has text in several columns, near enough to be a row."""
    near = lines[at : at + 3]
    if not near or near[0].top - lines[at - 1].bottom > _FARTHEST * near[0].size:
        return False
    return any(
        len(gutters.columns(line.words)) > 1 and not gutters.runs_across(line) for line in near
    )


def _table(
    on: tuple[int, Sequence[Rule]], gutters: Gutters, head: Sequence[Line], body: Sequence[Line]
) -> PrintedTable:
    page, rules = on
    rows = _without_what_follows(rows_of(body, gutters, _rules_along(rules, gutters)))
    printed = [_header_row(head, gutters)] if head else []
    printed += [_printed(row, gutters) for row in rows]
    return PrintedTable(
        page,
        gutters.edges[0],
        printed[0].top,
        gutters.edges[-1],
        printed[-1].bottom,
        gutters.edges,
        printed,
        ruled=False,
    )


def _without_what_follows(rows: list[FoundRow]) -> list[FoundRow]:
    """The rows without lines below them that stand in one column, too far down to be a row."""
    while len(rows) > 2:
        gaps = [b.strips[0].top - a.strips[-1].bottom for a, b in pairwise(rows)]
        alone = rows[-1].across or len(rows[-1].columns) == 1
        if not rows[-1].across and not (alone and gaps[-1] > _LAST_GAP * max(gaps[:-1])):
            break
        rows = rows[:-1]
    return rows


def _header_row(head: Sequence[Line], gutters: Gutters) -> PrintedRow:
    words = [word for line in head for word in line.words]
    return _row(gutters.columns(words), gutters)


def _printed(row: FoundRow, gutters: Gutters) -> PrintedRow:
    if row.across:
        words = row.words(-1)
        top, bottom = min(w.top for w in words), max(w.bottom for w in words)
        cell = PrintedCell(gutters.edges[0], top, gutters.edges[-1], bottom, words)
        return PrintedRow(top, bottom, [cell], flags=tuple(row.flags))
    found = _row({column: row.words(column) for column in row.columns}, gutters)
    found.flags = tuple(row.flags)
    return found


def _row(columns: dict[int, list[Word]], gutters: Gutters) -> PrintedRow:
    words = [word for column in columns.values() for word in column]
    top, bottom = min(w.top for w in words), max(w.bottom for w in words)
    cells = [
        PrintedCell(x0, top, x1, bottom, columns.get(n, []))
        for n, (x0, x1) in enumerate(pairwise(gutters.edges))
    ]
    return PrintedRow(top, bottom, cells)


def _rules_along(rules: Sequence[Rule], gutters: Gutters) -> list[float]:
    """The heights of the level rules that run along most of a table."""
    x0, x1 = gutters.edges[0], gutters.edges[-1]
    return [
        rule.at
        for rule in rules
        if not rule.upright and min(rule.end, x1) - max(rule.start, x0) > _LONG * (x1 - x0)
    ]
