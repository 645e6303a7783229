"""How long reading a plan of 50 pages takes, beside the libraries' own extraction of the same file.

Makes one invented plan as PDF (a ruled table of seven columns) and as Word, and times whole
processes in turn, several rounds:

    python bench/reading.py [--pages 50] [--rounds 5] [--format docx --format pdf]

Beside `kb add FILE --dry-run` in an empty knowledge base and the guarded reading alone stand, for
PDF, pdfplumber's `extract_text()` and `extract_tables()` of every page, and for Word, python-docx's
walk over every cell.

Cells have 5 to 60 words, in Word in several paragraphs, each a run with properties of its own, as
in real plans (a published one has 2.3 paragraphs a cell). The pages of a Word file are those
that LibreOffice prints, where it is installed. Of every process both the time on the clock and
that of the processors is told: `kb` is two processes that run side by side, and on a busy machine
only the second is steady.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import random
import resource
import shutil
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
WIDTHS = (25, 155, 85, 165, 95, 60, 150)  # points, on A4 across
ROWS_ON_A_PAGE = 4.5
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
    rows = plan(round(wanted.pages * ROWS_ON_A_PAGE))
    compileall.compile_dir(ROOT / "kb", quiet=1)  # as pip does when it installs, also the libraries
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {wanted.rounds} rounds")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "base"
        run([sys.executable, "-m", "kb", "init", str(home), "--empty"])
        for kind in wanted.formats or sorted(BESIDE):
            path = Path(folder) / f"plan.{kind}"
            pages = WRITERS[kind](path, rows)
            if pages is not None and pages < wanted.pages:
                sys.exit(f"the {kind} has {pages} pages, fewer than {wanted.pages}")
            size = path.stat().st_size // 1024
            count = f"{pages} pages" if pages else "pages not counted (no LibreOffice)"
            print(f"\n{kind}: {count}, {len(rows)} recommendations, {size} KB")
            compare(path, home, kind, len(rows), wanted.rounds)


def plan(count: int) -> list[tuple[str, ...]]:
    """The rows of an invented plan; the same words each time."""
    chance = random.Random(7)  # not for secrets
    return [
        (
            str(number),
            sentences(chance, 10, 50),
            chance.choice(("Local", "Regional", "National")),
            sentences(chance, 5, 60),
            chance.choice(AGENCIES),
            f"{chance.randint(1, 28)}.{chance.randint(1, 12)}.{chance.randint(20, 24)}",
            f"Complete – {chance.randint(1, 28)} May 2023. {sentences(chance, 5, 50)}",
        )
        for number in range(1, count + 1)
    ]


def sentences(chance: random.Random, fewest: int, most: int) -> str:
    """One to three paragraphs, together of so many words."""
    parts = chance.choice((1, 1, 2, 3))
    words = max(chance.randint(fewest, most) // parts, 4)
    return "\n".join(sentence(chance, words) for _ in range(parts))


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
    printed = [[text.replace("\n", "<br/>") for text in row] for row in (HEADERS, *rows)]
    cells = [[Paragraph(text, style) for text in row] for row in printed]
    table = LongTable(
        cells, colWidths=WIDTHS, repeatRows=1, style=[("GRID", (0, 0), (-1, -1), 0.5, "black")]
    )
    document = SimpleDocTemplate(str(path), pagesize=landscape(A4), margin=36)
    title = Paragraph("Tarnmoor Domestic Homicide Review 017: action plan", style)
    document.build([title, table])
    return int(document.page)


def write_docx(path: Path, rows: list[tuple[str, ...]]) -> int | None:
    """The plan as a Word table across the page; returns its pages as LibreOffice prints them."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Pt

    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = Pt(36)
    document.add_paragraph("Tarnmoor Domestic Homicide Review 017: action plan")
    table = document.add_table(len(rows) + 1, len(HEADERS), style="Table Grid")
    for row, texts in zip(table.rows, (HEADERS, *rows), strict=True):
        for cell, text, width in zip(row.cells, texts, WIDTHS, strict=True):
            cell.width = Pt(width)
            for number, line in enumerate(text.split("\n")):
                paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
                paragraph.add_run(line).font.size = Pt(9)
    document.save(str(path))
    return printed_pages(path)


def printed_pages(path: Path) -> int | None:
    """How many pages LibreOffice prints of a document; None where it is not installed."""
    import pdfplumber

    program = shutil.which("soffice")
    if program is None:
        return None
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    folder = path.parent / "printed"
    run([program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)])
    with pdfplumber.open(folder / path.with_suffix(".pdf").name) as pdf:
        return len(pdf.pages)


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
    times: dict[str, list[tuple[float, float]]] = {label: [] for label in commands}
    for number in range(rounds + 1):
        for label, command in commands.items():
            took = seconds(command)
            if number:  # the first round fills caches
                times[label].append(took)
    for at, clock in enumerate(("on the clock", "of processors")):
        print(f"{'seconds ' + clock:44}   min  median    max   ratio of medians")
        peer = statistics.median(took[at] for took in times[name])
        for label, all_taken in times.items():
            taken = [took[at] for took in all_taken]
            middle = statistics.median(taken)
            spread = f"{min(taken):6.2f}  {middle:6.2f} {max(taken):6.2f}"
            print(f"{label:44}{spread}   {middle / peer:6.2f}")


def seconds(command: list[str]) -> tuple[float, float]:
    """What one whole process took, with those it started: seconds on the clock, of processors."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    run(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, used


def run(command: list[str]) -> None:
    """Run a process to its end; anything but success ends the bench."""
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if ended.returncode:
        sys.exit(f"{' '.join(command[:6])} … failed:\n{ended.stderr[-2_000:]}")


if __name__ == "__main__":
    main()
