"""How long reading a plan of 50 pages takes, beside the libraries' own extraction of the same file.

Makes one invented plan as PDF (a ruled table of seven columns) and as Word, and times whole
processes in turn, several rounds:

    python bench/reading.py [--pages 50] [--rounds 5] [--format docx --format pdf]

Beside `kb add FILE --dry-run` in an empty knowledge base and the guarded reading alone stand, for
PDF, pdfplumber's `extract_text()` and `extract_tables()` of every page, and for Word, python-docx's
walk over every cell.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADERS = (
    "No",
    "Recommendation",
    "Scope of recommendation i.e. local or regional",
    "Action to take",
    "Lead agency",
    "Target date",
    "Completion date and outcome",
)
WIDTHS = (30, 165, 55, 165, 95, 60, 165)  # points, on A4 across
ROWS_ON_A_PAGE = 5
AGENCIES = (
    "Tarnmoor Community Safety Partnership",
    "Tarnmoor Constabulary and Tarnmoor Probation Service",
    "NHS Tarnmoor",
    "All agencies",
    "Tarnmoor County Council Adult Social Care",
)
WORDS = (
    "agencies practitioners training referral assessment risk review audit pathway guidance family "
    "housing police health children older coercive control safety planning information sharing "
    "record supervision escalation policy partnership briefing service should ensure update "
    "develop deliver within across between with for and to the of on"
).split()
READ_ALONE = """
import sys
from pathlib import Path
from kb.ingest.guarded import read_guarded
[reading] = read_guarded(Path(sys.argv[1]))
assert len(reading.recommendations) >= int(sys.argv[2])
"""
PDFPLUMBER = """
import sys, pdfplumber
with pdfplumber.open(sys.argv[1]) as pdf:
    for page in pdf.pages:
        page.extract_text()
        page.extract_tables()
"""
PYTHON_DOCX = """
import sys, docx
document = docx.Document(sys.argv[1])
[paragraph.text for paragraph in document.paragraphs]
[cell.text for table in document.tables for row in table.rows for cell in row.cells]
"""
BESIDE = {
    "docx": ("python-docx, every cell", PYTHON_DOCX),
    "pdf": ("pdfplumber, extract_text + extract_tables", PDFPLUMBER),
}


def main() -> None:
    """Make the plans, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--format", action="append", choices=sorted(BESIDE), dest="formats")
    wanted = parser.parse_args()
    rows = plan(wanted.pages * ROWS_ON_A_PAGE)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {wanted.rounds} rounds")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "base"
        run([sys.executable, "-m", "kb", "init", str(home), "--empty"])
        for kind in wanted.formats or sorted(BESIDE):
            path = Path(folder) / f"plan.{kind}"
            pages = WRITERS[kind](path, rows)
            size = path.stat().st_size // 1024
            print(f"\n{kind}: {pages} pages, {len(rows)} recommendations, {size} KB")
            compare(path, home, kind, len(rows), wanted.rounds)


def plan(count: int) -> list[tuple[str, ...]]:
    """The rows of an invented plan; the same words each time."""
    chance = random.Random(7)  # not for secrets
    return [
        (
            str(number),
            sentence(chance, 25),
            chance.choice(("Local", "Regional", "National")),
            sentence(chance, 30),
            chance.choice(AGENCIES),
            f"{chance.randint(1, 28)}.{chance.randint(1, 12)}.{chance.randint(20, 24)}",
            f"Complete – {chance.randint(1, 28)} May 2023. {sentence(chance, 20)}",
        )
        for number in range(1, count + 1)
    ]


def sentence(chance: random.Random, words: int) -> str:
    """Words that read like a recommendation from afar."""
    return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."


def write_pdf(path: Path, rows: list[tuple[str, ...]]) -> int:
    """The plan as a ruled table, its header repeated on every page; returns the pages."""
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate

    style = getSampleStyleSheet()["BodyText"]
    style.fontSize, style.leading = 8, 9.5
    cells = [[Paragraph(text, style) for text in row] for row in (HEADERS, *rows)]
    table = LongTable(
        cells, colWidths=WIDTHS, repeatRows=1, style=[("GRID", (0, 0), (-1, -1), 0.5, "black")]
    )
    document = SimpleDocTemplate(str(path), pagesize=landscape(A4), margin=36)
    title = Paragraph("Tarnmoor Domestic Homicide Review 017: action plan", style)
    document.build([title, table])
    return int(document.page)


def write_docx(path: Path, rows: list[tuple[str, ...]]) -> str:
    """The plan as a Word table; returns how many pages that is about."""
    import docx

    document = docx.Document()
    document.add_paragraph("Tarnmoor Domestic Homicide Review 017: action plan")
    table = document.add_table(len(rows) + 1, len(HEADERS))
    for row, texts in zip(table.rows, (HEADERS, *rows), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.save(str(path))
    return f"about {len(rows) // ROWS_ON_A_PAGE}"


WRITERS = {"pdf": write_pdf, "docx": write_docx}


def compare(path: Path, home: Path, kind: str, count: int, rounds: int) -> None:
    """Time the three in turn, so that a busy moment of the machine meets them all."""
    name, code = BESIDE[kind]
    kb = [sys.executable, "-m", "kb", "--home", str(home)]
    commands = {
        name: [sys.executable, "-c", code, str(path)],
        "guarded reading alone": [sys.executable, "-c", READ_ALONE, str(path), str(count)],
        "kb add --dry-run": [*kb, "add", str(path), "--dry-run"],
    }
    times: dict[str, list[float]] = {label: [] for label in commands}
    for number in range(rounds + 1):
        for label, command in commands.items():
            took = seconds(command)
            if number:  # the first round fills caches
                times[label].append(took)
    print(f"{'seconds':44}   min  median    max   ratio of medians")
    for label, taken in times.items():
        middle = statistics.median(taken)
        ratio = middle / statistics.median(times[name])
        print(f"{label:44}{min(taken):6.2f}  {middle:6.2f} {max(taken):6.2f}   {ratio:6.2f}")


def seconds(command: list[str]) -> float:
    """The time of one whole process, in seconds."""
    start = time.perf_counter()
    run(command)
    return time.perf_counter() - start


def run(command: list[str]) -> None:
    """Run a process to its end; anything but success ends the bench."""
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if ended.returncode:
        sys.exit(f"{' '.join(command[:6])} … failed:\n{ended.stderr[-2_000:]}")


if __name__ == "__main__":
    main()
