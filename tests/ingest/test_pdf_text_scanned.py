"""PDFs whose pages are pictures, or whose letters are unknown: read by OCR, or refused in words."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from documents import document_of
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from unruled_plans import PLAN, Manner, Printer

from kb.errors import DocumentError, ScannedDocument
from kb.ingest import read_document, recognition
from kb.ingest.guarded import read_guarded
from kb.ingest.readers.pdf.scanned import BY_OCR
from kb.ingest.tables import Document, Paragraph, Table
from kb.text.agencies import Agencies

TEXT = "The panel met four times and heard from each of the agencies that knew the family."


def plan(path: Path) -> Path:
    printer = Printer(path)
    printer.table(PLAN, Manner())
    printer.save()
    return path


def pictures_of(path: Path, scale: float = 2.0) -> list[ImageReader]:
    """Each page of a PDF as a picture, as a scanner gives it."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        return [ImageReader(page.render(scale=scale).to_pil().convert("L")) for page in pdf]


def scan(path: Path, pages: Sequence[ImageReader | str]) -> Path:
    """A PDF whose pages are pictures, or a text."""
    canvas = Canvas(str(path), pagesize=A4)
    for page in pages:
        if isinstance(page, str):
            for n in range(6):
                canvas.drawString(60, 780 - 14 * n, page)
        else:
            canvas.drawImage(page, 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return path


def read(path: Path) -> Document:
    return document_of(path)


def texts(document: Document) -> list[list[str]]:
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    return [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows]


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """A stand-in for ocrmypdf, a Python program that gets the same arguments."""
    folder.mkdir()
    command = folder / "ocrmypdf"
    command.write_text(f"#!{sys.executable}\nimport os, shutil, sys\n{program}\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def giving(good: Path) -> str:
    return f"assert '--skip-text' in sys.argv\nshutil.copy({str(good)!r}, sys.argv[-1])"


@pytest.mark.usefixtures("nothing_installed")
def test_a_scanned_document_is_refused_with_advice(tmp_path: Path) -> None:
    path = scan(tmp_path / "scan.pdf", pictures_of(plan(tmp_path / "plan.pdf")))
    with pytest.raises(ScannedDocument) as refused:
        read(path)
    assert issubclass(ScannedDocument, DocumentError)
    assert refused.value.place == "scan.pdf"
    assert "a picture" in refused.value.message
    assert "ocrmypdf in.pdf out.pdf" in str(refused.value.hint)


@pytest.mark.usefixtures("nothing_installed")
def test_scanned_pages_among_others_are_named(tmp_path: Path) -> None:
    picture = pictures_of(plan(tmp_path / "plan.pdf"))[0]
    document = read(scan(tmp_path / "part.pdf", [TEXT, picture, picture, TEXT]))
    assert any(note.startswith("pages 2–3 could not be read: a picture") for note in document.notes)
    asides = [b.place for b in document.blocks if isinstance(b, Paragraph) and b.aside == "picture"]
    assert asides == ["page 2", "page 3"]
    assert any(TEXT in b.text for b in document.blocks if isinstance(b, Paragraph))


@pytest.mark.usefixtures("nothing_installed")
def test_an_empty_page_is_no_scan(tmp_path: Path) -> None:
    document = read(scan(tmp_path / "blank.pdf", [TEXT, "", TEXT]))
    assert document.notes == ()


@pytest.mark.usefixtures("nothing_installed")
def test_letters_drawn_as_outlines_are_refused(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "outlines.pdf"), pagesize=A4)
    for n in range(400):
        path = canvas.beginPath()
        x, y = 60 + 11 * (n % 40), 780 - 14 * (n // 40)
        path.moveTo(x, y)
        path.curveTo(x + 2, y + 8, x + 6, y + 8, x + 8, y)
        canvas.drawPath(path)
    canvas.save()
    with pytest.raises(ScannedDocument, match="drawn, without letters"):
        read(tmp_path / "outlines.pdf")


@pytest.mark.usefixtures("nothing_installed")
def test_a_font_that_gives_wrong_letters_is_refused(tmp_path: Path) -> None:
    shifted = "".join(chr(ord(c) + 1) if c.isalpha() else c for c in TEXT)
    path = scan(tmp_path / "wrong.pdf", [" ".join([shifted] * 2)] * 2)
    with pytest.raises(ScannedDocument, match="wrong letters"):
        read(path)


def test_an_installed_ocrmypdf_is_used_and_each_row_flagged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = plan(tmp_path / "plan.pdf")
    path = scan(tmp_path / "scan.pdf", pictures_of(good))
    installed(tmp_path / "bin", monkeypatch, giving(good))
    document = read(path)
    assert texts(document) == [list(row) for row in PLAN]
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert all(BY_OCR in row.flags for row in table.rows)
    assert document.notes == (f"page 1: {BY_OCR}",)


def test_recommendations_of_a_scanned_report_are_flagged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, agencies: Agencies
) -> None:
    printer = Printer(tmp_path / "report.pdf", wide=False)
    printer.text("5. Recommendations", size=16, bold=True)
    printer.text("Recommendation 1: The Trust should see each parent alone.")
    printer.text("Recommendation 2: The Home Office should issue guidance to employers.")
    printer.save()
    scan(tmp_path / "scan.pdf", pictures_of(tmp_path / "report.pdf"))
    good = str(tmp_path / "report.pdf")
    installed(tmp_path / "bin", monkeypatch, f"shutil.copy({good!r}, sys.argv[-1])")
    (reading,) = read_document(tmp_path / "scan.pdf", agencies=agencies)
    assert [r.text for r in reading.recommendations] == [
        "The Trust should see each parent alone.",
        "The Home Office should issue guidance to employers.",
    ]
    assert all(BY_OCR in r.flags for r in reading.recommendations)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("sys.exit('no language data')", "ocrmypdf failed: no language data"),
        ("open(sys.argv[-1], 'wb').write(b'garbage')", "what ocrmypdf made of it cannot be read"),
        ("pass", "ocrmypdf gave no PDF"),
        ("os.kill(os.getpid(), 9)", "ocrmypdf failed: -9"),
        ("open(sys.argv[-1], 'wb').truncate(10**10)", "ocrmypdf "),
        ("x = bytes(10**10)", "ocrmypdf failed: MemoryError"),
        ("shutil.copy(sys.argv[-2], sys.argv[-1])", "are a picture; ocrmypdf found none"),
    ],
    ids=["fails", "garbage", "nothing", "killed", "disk", "memory", "no text"],
)
def test_a_failing_ocrmypdf_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, said: str
) -> None:
    path = scan(tmp_path / "scan.pdf", pictures_of(plan(tmp_path / "plan.pdf")))
    installed(tmp_path / "bin", monkeypatch, program)
    with pytest.raises(ScannedDocument, match=said) as refused:
        read_guarded(path)
    assert "ocrmypdf in.pdf out.pdf" in str(refused.value.hint)


@pytest.mark.skipif(os.name != "posix", reason="processes are those of POSIX")
def test_an_endless_ocrmypdf_is_ended_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = scan(tmp_path / "scan.pdf", pictures_of(plan(tmp_path / "plan.pdf")))
    started = tmp_path / "started"
    program = (
        "import subprocess, time\n"
        f"below = subprocess.Popen(['sleep', '600'])\n"
        f"open({str(started)!r}, 'w').write(f'{{os.getpid()}} {{below.pid}}')\n"
        "time.sleep(600)"
    )
    installed(tmp_path / "bin", monkeypatch, program)
    monkeypatch.setattr(recognition, "_TIMES", 1 / 20)
    with pytest.raises(ScannedDocument, match="ocrmypdf took more than 15 seconds"):
        read_guarded(path)
    assert all(is_gone(int(process)) for process in started.read_text().split())


def is_gone(process: int) -> bool:
    for _ in range(1_000):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        state = Path(f"/proc/{process}/stat")
        if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


def test_pages_recognised_among_others_are_flagged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = plan(tmp_path / "plan.pdf")
    picture = pictures_of(good)[0]
    path = scan(tmp_path / "part.pdf", [TEXT, picture, TEXT])
    printer = Printer(tmp_path / "whole.pdf")
    printer.text(TEXT)
    printer.new_page(PLAN[0], Manner())
    printer.table(PLAN[1:] if Manner().repeat_header else PLAN, Manner())
    printer.canvas.showPage()
    printer.y = 50.0
    printer.text(TEXT)
    printer.save()
    installed(tmp_path / "bin", monkeypatch, giving(tmp_path / "whole.pdf"))
    (reading,) = read_guarded(path)
    assert f"page 2: {BY_OCR}" in reading.notes
    assert [r.number for r in reading.recommendations] == [row[0] for row in PLAN[1:]]
    assert all(BY_OCR in r.flags for r in reading.recommendations)
    assert reading.source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_real_scan_is_read_by_ocrmypdf(tmp_path: Path) -> None:
    if shutil.which("ocrmypdf") is None:
        pytest.skip("ocrmypdf is not here (Debian, Ubuntu: apt install ocrmypdf)")
    path = scan(tmp_path / "scan.pdf", pictures_of(plan(tmp_path / "plan.pdf"), scale=4.0))
    document = read(path)
    assert any(BY_OCR in note for note in document.notes)
    assert "Partnership" in str(document.blocks)


def test_nothing_is_left_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = plan(tmp_path / "plan.pdf")
    path = scan(tmp_path / "scan.pdf", pictures_of(good))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    left = "open(os.path.join(os.environ['TMPDIR'], 'x'), 'w').close()"
    installed(tmp_path / "bin", monkeypatch, f"{left}\n{giving(good)}")
    read(path)
    assert list((tmp_path / "tmp").iterdir()) == []
