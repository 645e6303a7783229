"""Reports of different houses' styles, all fiction, as the paragraphs that a reader yields.

One line of a source is one paragraph: ``# `` to ``#### `` before a heading of that level, ``*…*``
around a bold one, ``[4.2] `` before one that the word processor numbered, ``{footnote} `` before
one beside the flow, ``\\n`` for a line break inside it. Where a source begins with ``plain text``,
each of its lines is a line of a text file.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from kb.ingest.prose.narrative import Narrative
from kb.ingest.tables import Paragraph

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "narratives"
STYLES = sorted(path.stem for path in FOLDER.glob("*.txt"))
WITHOUT = sorted(path.stem for path in (FOLDER / "nothing").glob("*.txt"))


def paragraphs(source: str) -> list[Paragraph]:
    lines = source.strip().splitlines()
    if lines[0] == "plain text":
        numbered = enumerate(lines[1:], start=1)
        return [Paragraph(line.strip(), f"line {n}") for n, line in numbered if line.strip()]
    printed = [line.strip() for line in lines if line.strip()]
    return [_paragraph(line, f"paragraph {n}") for n, line in enumerate(printed, start=1)]


def report(name: str) -> list[Paragraph]:
    return paragraphs((FOLDER / f"{name}.txt").read_text("utf-8"))


def told(narrative: Narrative) -> list[dict[str, Any]]:
    """What the drafts hold, without what is empty, in the form of the right answers."""
    return [
        {
            name: value
            for name, value in {
                **draft.values,
                "text": draft.text,
                "heading": draft.heading,
                **draft.actions[0],
                "other": {cell.header: cell.text for cell in draft.other},
                "flags": draft.flags,
            }.items()
            if value
        }
        for draft in narrative.drafts
    ]


def _paragraph(line: str, place: str) -> Paragraph:
    aside = re.match(r"\{(.+?)\} ", line)
    line = line[aside.end() :] if aside else line
    heading = re.match(r"(#+) ", line)
    line = line[heading.end() :] if heading else line
    label = re.match(r"\[(.+?)\] ", line)
    line = line[label.end() :] if label else line
    strong = re.fullmatch(r"\*(.+)\*", line)
    return Paragraph(
        (strong[1] if strong else line).replace("\\n", "\n"),
        place,
        label=label[1] if label else None,
        level=len(heading[1]) if heading else 0,
        strong=bool(strong),
        aside=aside[1] if aside else None,
    )
