"""Plain text: paragraphs as they were meant, and the tables that are drawn between them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kb.ingest.readers.delimited import tables_of_text
from kb.ingest.readers.drawn_tables import (
    aligned_table,
    boxed_table,
    is_barred,
    is_border,
    is_delimiter_row,
)
from kb.ingest.readers.markdown import blocks_of_markdown
from kb.ingest.tables import Paragraph, Table
from kb.text.patterns import late

_LABEL = late(
    r"\s*(?:[•▪●○◦·*–—-]\s|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)](?:\s|$)|\d{1,3}(?:\.\d{1,3})+\.?\s|"
    r"(?:recommendation|action|R)\s?\d+)",
    re.IGNORECASE,
)
_LONGEST_WRAPPED = 160  # characters; a text with longer lines is not wrapped by hand
_SHORTEST_WRAPPED = 40  # characters; shorter lines say nothing of the width
_RAGGED = 12  # characters by which lines of one width differ
_UNDERLINE = late(r"\s*(=+|-+|~+)\s*")
_LABELLED_BY_TAB = late(r"\s*\S{1,12}\t[^\t]*")


class PlainText:
    """Reads the lines of a text into blocks, top down."""

    def __init__(self, lines: Sequence[str], name: str) -> None:
        self._lines = lines
        self._name = name
        self._tables = 0
        self._width = _wrapping_width(lines)

    def blocks(self) -> Iterator[Table | Paragraph]:
        """Every block, each with its lines as its place."""
        at = 0
        while at < len(self._lines):
            end = at + 1
            if self._lines[at].strip():
                end = self._end_of_block(at)
                yield from self._block(at, end)
            at = end

    def _end_of_block(self, start: int) -> int:
        """The line behind a table of one kind, or behind lines without a blank one."""
        lines = self._lines
        if is_border(lines[start]):
            return self._end_of_box(start)
        end = start + 1
        while end < len(lines) and lines[end].strip():
            is_start = is_border(lines[end]) and not _UNDERLINE.fullmatch(lines[end])
            if is_start and not is_barred(lines[end - 1]):
                break
            if is_delimiter_row(lines[end]) and "|" in lines[end - 1] and end - 1 > start:
                return end - 1
            end += 1
        return end

    def _end_of_box(self, start: int) -> int:
        end = start
        while end < len(self._lines) and (
            is_border(self._lines[end]) or is_barred(self._lines[end])
        ):
            end += 1
        return end

    def _block(self, start: int, end: int) -> Iterator[Table | Paragraph]:
        lines = self._lines[start:end]
        if is_border(lines[0]) and any(is_barred(line) for line in lines if not is_border(line)):
            yield self._named(boxed_table(lines, start + 1, ""))
        elif end - start > 1 and is_delimiter_row(lines[1]) and "|" in lines[0]:
            for block in blocks_of_markdown("\n".join(lines), self._name, start):
                yield self._named(block) if isinstance(block, Table) else block
        elif len(lines) > 1 and all(is_barred(line) and line.count("|") > 2 for line in lines):
            yield self._named(boxed_table(lines, start + 1, ""))
        elif _is_tabbed(lines):
            yield self._named(_tabbed(lines, start))
        elif table := aligned_table(lines, start + 1, ""):
            yield self._named(table)
        else:
            yield from self._paragraphs(start, end)

    def _named(self, table: Table) -> Table:
        self._tables += 1
        return Table(f"table {self._tables}", table.rows)

    def _paragraphs(self, start: int, end: int) -> Iterator[Paragraph]:
        """Lines that were wrapped by hand are one paragraph again; others stand alone."""
        first, parts = start, [self._lines[start].strip()]
        for at in range(start + 1, end):
            line = self._lines[at]
            underline = _UNDERLINE.fullmatch(line)
            if underline and at == first + 1 and len(line.strip()) >= 3:
                yield Paragraph(parts[0], f"line {first + 1}", level=1 if "=" in line else 2)
                first, parts = at + 1, []
            elif parts and self._goes_on(at):
                parts.append(line.strip())
            else:
                if parts:
                    yield _paragraph(parts, first, at)
                first, parts = at, [line.strip()]
        if parts:
            yield _paragraph(parts, first, end)

    def _goes_on(self, at: int) -> bool:
        """Whether a line is there only because its first word had no room above."""
        above, line = self._lines[at - 1].rstrip(), self._lines[at]
        if self._width is None or _LABEL.match(line):
            return False
        has_no_room = len(above) + 1 + len(line.split()[0]) > self._width
        is_mid_sentence = line.strip()[0].islower() and above[-1:] not in ".:;?!"
        return has_no_room or (is_mid_sentence and len(above) * 2 > self._width)


def _paragraph(parts: Sequence[str], first: int, end: int) -> Paragraph:
    text = parts[0]
    for above, line in pairwise(parts):
        is_cut = re.search(r"\w[-\u2010]$", above) and line[:1].islower()
        text += line if is_cut else f" {line}"
    return Paragraph(text, f"line {first + 1}" if end - first == 1 else f"lines {first + 1}–{end}")


def _wrapping_width(lines: Sequence[str]) -> int | None:
    """The width at which a text is wrapped by hand; None where its lines are whole paragraphs."""
    lengths = sorted(n for line in lines if (n := len(line.rstrip())) > _SHORTEST_WRAPPED)
    if not lengths or lengths[-1] > _LONGEST_WRAPPED:
        return None
    for at in range(len(lengths) - 1, -1, -1):
        full = at + 1 - bisect_right(lengths, lengths[at] - _RAGGED)
        if full >= max(3, len(lengths) // 3):
            return lengths[at]
    return None


def _is_tabbed(lines: Sequence[str]) -> bool:
    """Whether lines are rows whose cells tabs part, and not paragraphs with a number and a tab."""
    tabbed = [line for line in lines if "\t" in line.strip()]
    if len(tabbed) * 2 <= len(lines) or len(tabbed) < 2:
        return False
    return not all(_LABELLED_BY_TAB.fullmatch(line) and _LABEL.match(line) for line in tabbed)


def _tabbed(lines: Sequence[str], start: int) -> Table:
    (table,) = tables_of_text("\n" * start + "\n".join(lines), "\t")
    return table
