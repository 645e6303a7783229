"""Reading the pages of the documentation: their files, commands, shown output and links.

A page may carry files that its commands need. ``<!-- file: NAME -->`` stands before the fenced
block that is the file's text, or before a table that becomes a Word, CSV or text file (with
``title: …`` for the line above the table). ``<!-- files of: PAGE -->`` takes another page's files.
Every page may use ``plan.txt``, the fictional plan of the fixtures.
"""

from __future__ import annotations

import csv
import io
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kb.cli import main

ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT / "tests" / "fixtures" / "tarnmoor-plan.txt"
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])

_FENCE = re.compile(r"^```(\w*)$")
_FILE = re.compile(r"^<!-- file: (\S+?)(?: title: (.+?))? -->$")
_FILES_OF = re.compile(r"^<!-- files of: (\S+) -->$")
_EXIT = re.compile(r"# exit (\d)")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass
class Command:
    """One command line of a page, what the page shows of its output, and where it stands."""

    words: list[str]
    place: str
    code: int = 0
    shown: list[str] = field(default_factory=list)


def commands(page: Path) -> list[Command]:
    """Every ``$ …`` line of a page's console blocks, in order."""
    found: list[Command] = []
    for start, block in _blocks(page, "console"):
        for number, line in enumerate(block, start):
            if line.startswith("$ "):
                stated = _EXIT.search(line)
                code = int(stated.group(1)) if stated else 0
                for part in shlex.join(shlex.split(line[2:], comments=True)).split(" '&&' "):
                    place = f"{page.name}, line {number}"
                    found.append(Command(shlex.split(part), place, code))
            elif line.strip():
                found[-1].shown.append(line)
    return found


def _blocks(page: Path, language: str) -> Iterator[tuple[int, list[str]]]:
    """The fenced blocks of a language: the number of their first line, and their lines."""
    inside, start, block = None, 0, list[str]()
    for number, line in enumerate(page.read_text("utf-8").splitlines(), start=1):
        fence = _FENCE.match(line)
        if fence and inside is None:
            inside, start, block = fence.group(1), number + 1, []
        elif fence:
            if inside == language:
                yield start, block
            inside = None
        else:
            block.append(line)


def make_files(page: Path, folder: Path) -> None:
    """Write the files that a page carries, or takes from another page, into a folder."""
    shutil.copyfile(PLAN, folder / "plan.txt")
    lines = page.read_text("utf-8").splitlines()
    for at, line in enumerate(lines):
        if other := _FILES_OF.match(line):
            make_files(ROOT / other.group(1), folder)
        elif named := _FILE.match(line):
            rest = lines[at + 1 :]
            while not rest[0].strip():
                rest = rest[1:]
            _make_file(folder / named.group(1), rest, named.group(2) or "")


def _make_file(path: Path, lines: list[str], title: str) -> None:
    if lines[0].startswith("```"):
        path.write_text("\n".join(lines[1 : lines.index("```", 1)]) + "\n", "utf-8")
        return
    end = next(n for n, line in enumerate([*lines, ""]) if not line.startswith("|"))
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:end]]
    rows = [[cell.replace("<br>", "\n") for cell in row] for row in rows]
    del rows[1]
    writers = {".docx": _write_word, ".csv": _write_csv}
    writers[path.suffix](path, rows, title)


def _write_word(path: Path, rows: list[list[str]], title: str) -> None:
    import docx

    document = docx.Document()
    if title:
        document.add_paragraph(title)
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(path))


def _write_csv(path: Path, rows: list[list[str]], title: str) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[title], *rows] if title else rows)


def run(words: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Run ``kb`` in this process; its exit code, and stdout and stderr as one text."""
    written = io.BytesIO()
    out = io.TextIOWrapper(written, "utf-8", write_through=True)
    monkeypatch.setattr("sys.argv", words)
    code = 0
    with redirect_stdout(out), redirect_stderr(out):
        try:
            main(words[1:])
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 1
    return code, written.getvalue().decode("utf-8", "replace")


def missing_line(shown: list[str], output: str) -> str | None:
    """The first shown line that does not stand in the output after those before it."""
    real = iter(_plain(line) for line in output.splitlines())
    for line in shown:
        wanted = ".*".join(re.escape(part) for part in _plain(line).split("…"))
        if line.strip() != "…" and not any(re.fullmatch(wanted, one) for one in real):
            return line
    return None


def _plain(line: str) -> str:
    return " ".join(line.split())


def links(page: Path) -> list[str]:
    """Every relative link of a page."""
    found = _LINK.findall(page.read_text("utf-8"))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes of a page's headings."""
    headings = _HEADING.findall(page.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
