"""A report as plain text for a terminal, with drawn bars."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from kb.reports.formats.cells import is_number, longest_word, readable, shown
from kb.reports.report import Column, Marked, Report, Section, Table

WIDTH = 100
_GAP = "  "
_NARROWEST_TEXT = 14
_WIDEST_LABEL_WORD = 16
_NARROWEST_BAR = 8
_WIDEST_BAR = 30
_EIGHTHS = " ▏▎▍▌▋▊▉"


def render(report: Report) -> bytes:
    """The report in ``WIDTH`` characters, as UTF-8."""
    return render_text(report).encode("utf-8", "replace")


def render_text(report: Report, width: int = WIDTH) -> str:
    """The report in lines of at most ``width`` characters (at least 40)."""
    width = max(width, 40)
    lines = [*_wrapped(report.title, width), "=" * min(len(report.title), width)]
    label_width = max((len(label) for label, _ in report.head), default=0)
    lines += [""] * bool(report.head)
    for label, value in report.head:
        lines += _hanging(f"{label + ':':<{label_width + 1}} ", value, width)
    for table in report.printed_tables():
        lines += ["", *_wrapped(table.title, width), "-" * min(len(table.title), width)]
        lines += _table(table, width) if table.rows else ["None."]
    for section in report.sections:
        lines += _section(section, width)
    notes = report.printed_notes()
    if notes:
        lines += ["", "Notes", "-----"]
        for note in notes:
            lines += _hanging("- ", note, width)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _section(section: Section, width: int, indent: str = "") -> Iterator[str]:
    room = width - len(indent)
    yield ""
    yield from (indent + line for line in _wrapped(section.title, room))
    if not indent:
        yield "-" * min(len(section.title), width)
    for label, words in section.lines:
        text = words.text if isinstance(words, Marked) else words
        yield from (indent + line for line in _hanging(f"{label}: ", text, room))
    for part in section.parts:
        yield from _section(part, width, indent + "    ")


def _hanging(start: str, text: str, width: int) -> list[str]:
    lines = _wrapped(text, max(width - len(start), 20))
    return [(start if at == 0 else " " * len(start)) + line for at, line in enumerate(lines)]


def _wrapped(text: str, width: int) -> list[str]:
    """The lines of a text, long ones broken; a line end in the text stays one."""
    lines: list[str] = []
    for line in readable(text).splitlines():
        lines += textwrap.wrap(line, width) or [""]
    return lines or [""]


def _table(table: Table, width: int) -> Iterator[str]:
    """The table, in several blocks below each other where it is wider than the page."""
    texts = [
        [shown(cell, column.kind) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    for number, block in enumerate(_blocks(table.columns, texts, width)):
        if number:
            yield ""
        yield from _block(table, texts, block, width)


def _natural(columns: Sequence[Column], texts: Sequence[Sequence[str]]) -> list[int]:
    """The width at which no cell breaks; a label over numbers may break between words."""
    widths = []
    for at, column in enumerate(columns):
        label = len(column.label)
        if is_number(column.kind):
            label = min(longest_word(column.label), _WIDEST_LABEL_WORD)
        widths.append(max([label, *(len(row[at]) for row in texts)]))
    return widths


def _least(columns: Sequence[Column], texts: Sequence[Sequence[str]]) -> list[int]:
    natural = _natural(columns, texts)
    return [
        wide if is_number(column.kind) else min(wide, _NARROWEST_TEXT)
        for wide, column in zip(natural, columns, strict=True)
    ]


def _blocks(
    columns: Sequence[Column], texts: Sequence[Sequence[str]], width: int
) -> Iterator[list[int]]:
    """Places of the columns of each block; the first column stands in every one."""
    least = _least(columns, texts)
    block, used = [0], least[0]
    for at in range(1, len(columns)):
        if used + len(_GAP) + least[at] > width and len(block) > 1:
            yield block
            block, used = [0], least[0]
        block.append(at)
        used += len(_GAP) + least[at]
    yield block


def _block(
    table: Table, texts: Sequence[Sequence[str]], block: Sequence[int], width: int
) -> Iterator[str]:
    columns = [table.columns[at] for at in block]
    cells = [[row[at] for at in block] for row in texts]
    bar_room = len(_GAP) + _NARROWEST_BAR if _draws(table, block) else 0
    widths = _shared_out(columns, cells, width - bar_room)
    yield from _lines([column.label for column in columns], columns, widths)
    yield _GAP.join("─" * wide for wide in widths)
    bars = _bars(table, width - sum(widths) - len(_GAP) * len(widths)) if bar_room else []
    for row, bar in zip_longest(cells, bars, fillvalue=""):
        lines = list(_lines(list(row), columns, widths))
        yield lines[0] + (_GAP + bar if bar else "")
        yield from lines[1:]


def _shared_out(columns: Sequence[Column], cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """Widths of the columns; what is left over goes to the texts that want it, in turn."""
    widths = _least(columns, cells)
    wanted = _natural(columns, cells)
    left = width - sum(widths) - len(_GAP) * (len(widths) - 1)
    while left > 0 and any(has < wants for has, wants in zip(widths, wanted, strict=True)):
        hungry = [at for at, wants in enumerate(wanted) if widths[at] < wants]
        for at in hungry[:left]:
            widths[at] += 1
        left -= min(left, len(hungry))
    return widths


def _lines(cells: list[str], columns: Sequence[Column], widths: Sequence[int]) -> Iterator[str]:
    wrapped = [_wrapped(cell, wide) for cell, wide in zip(cells, widths, strict=True)]
    for parts in zip_longest(*wrapped, fillvalue=""):
        yield _GAP.join(
            part.rjust(wide) if is_number(column.kind) else part.ljust(wide)
            for part, column, wide in zip(parts, columns, widths, strict=True)
        )


def _draws(table: Table, block: Sequence[int]) -> bool:
    return table.bar is not None and table.index(table.bar) in block


def _bars(table: Table, room: int) -> list[str]:
    """A bar for each row, the longest as long as there is room; none where there is too little."""
    if table.bar is None or room < _NARROWEST_BAR:
        return []
    at = table.index(table.bar)
    cells = (row[at] for row in table.rows)
    shares = [cell if isinstance(cell, int | float) else 0.0 for cell in cells]
    longest = max(shares, default=0.0)
    return [_bar(share / longest if longest else 0.0, min(room, _WIDEST_BAR)) for share in shares]


def _bar(part: float, room: int) -> str:
    eighths = round(part * room * 8)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
