"""A report as Markdown with pipe tables (GitHub Flavored Markdown)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.reports.formats.cells import is_number, readable, shown
from kb.reports.report import Marked, Report, Section, Table

_SIGNS = re.compile(r"([\\`*_\[\]|~#])")


def render(report: Report) -> bytes:
    """Title, head, tables and notes."""
    lines = [f"# {_plain(report.title)}", ""]
    lines += [f"- **{_plain(label)}:** {_plain(value)}" for label, value in report.head]
    for table in report.printed_tables():
        lines += ["", f"## {_plain(table.title)}", "", *_table(table)]
    for section in report.sections:
        lines += _section(section, "##")
    notes = report.printed_notes()
    if notes:
        lines += ["", "## Notes", "", *(f"- {_plain(note)}" for note in notes)]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _section(section: Section, signs: str) -> Iterator[str]:
    yield from ("", f"{signs} {_plain(section.title)}", "")
    for label, words in section.lines:
        yield f"- **{_plain(label)}:** {_words(words)}"
    for part in section.parts:
        yield from _section(part, signs + "#")


def _words(words: str | Marked) -> str:
    """Words with marked stretches in bold."""
    if isinstance(words, str):
        return _plain(words)
    pieces = (
        f"**{_plain(piece)}**" if stands_out else _plain(piece)
        for piece, stands_out in words.pieces()
    )
    return "".join(pieces)


def _table(table: Table) -> Iterator[str]:
    if not table.rows:
        yield "None."
        return
    yield _row([_plain(column.label) for column in table.columns])
    yield _row(["---:" if is_number(column.kind) else "---" for column in table.columns])
    for row in table.rows:
        cells = zip(row, table.columns, strict=True)
        yield _row([_plain(shown(cell, column.kind)) for cell, column in cells])


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _plain(text: str) -> str:
    """Text in which no sign is Markdown or HTML, on one line."""
    text = readable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "<br>".join(_SIGNS.sub(r"\\\1", text).splitlines())
