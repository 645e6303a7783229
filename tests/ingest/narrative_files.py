"""Prints the paragraphs of a fictional report to a file, as Word, HTML, Markdown or plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

import docx

from kb.ingest.tables import Paragraph

Printer = Callable[[Sequence[Paragraph], Path], Path]


def print_word(paragraphs: Sequence[Paragraph], folder: Path) -> Path:
    document = docx.Document()
    for paragraph in paragraphs:
        style = f"Heading {paragraph.level}" if paragraph.level else None
        run = document.add_paragraph(style=style).add_run(paragraph.printed)
        run.bold = paragraph.strong or None
    document.save(str(folder / "report.docx"))
    return folder / "report.docx"


def print_html(paragraphs: Sequence[Paragraph], folder: Path) -> Path:
    lines = []
    for paragraph in paragraphs:
        tag = f"h{paragraph.level}" if paragraph.level else "p"
        text = escape(paragraph.printed).replace("\n", "<br>")
        lines.append(f"<{tag}>{f'<b>{text}</b>' if paragraph.strong else text}</{tag}>")
    return _written(folder / "report.html", "<html><body>" + "\n".join(lines) + "</body></html>")


def print_markdown(paragraphs: Sequence[Paragraph], folder: Path) -> Path:
    lines = []
    for paragraph in paragraphs:
        text = paragraph.printed.replace("\n", "  \n")
        text = f"**{text}**" if paragraph.strong else text
        lines.append("#" * paragraph.level + " " + text if paragraph.level else text)
    return _written(folder / "report.md", "\n\n".join(lines) + "\n")


def print_text(paragraphs: Sequence[Paragraph], folder: Path) -> Path:
    return _written(folder / "report.txt", "\n\n".join(p.printed for p in paragraphs) + "\n")


def _written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path
