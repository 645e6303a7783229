"""Documents that LibreOffice reads for us, each made by it from the same Word document."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from random import Random

import docx
import pytest

from kb.errors import DamagedDocument, DocumentError, UnsupportedDocument
from kb.ingest import read_document
from kb.ingest.formats import Contents
from kb.ingest.readers import office
from kb.ingest.readers.old_word import read_old_word
from kb.ingest.tables import Paragraph, Table
from kb.text.agencies import Agencies

ROWS = [
    ("No.", "Recommendation", "Lead agency", "Target date", "Outcome"),
    ("1", "Ask about “pets” – always.", "Police", "31.7.22", "Complete\nThe form has changed."),
    ("2", "Listen to neighbours’ words.", "GP", "December 2020", "In progress"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if office.found_program() is None:
        pytest.skip("LibreOffice is not here; install it to read .doc, .rtf and .odt")
    folder = tmp_path_factory.mktemp("office")
    document = docx.Document()
    document.add_paragraph("Hartsmere DHR 7 – Action Plan")
    table = document.add_table(len(ROWS), len(ROWS[0]))
    for row, texts in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.save(str(folder / "plan.docx"))
    for kind in ("rtf", "odt", "doc"):
        subprocess.run(
            [
                str(office.found_program()),
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                *("--headless", "--convert-to", kind, "--outdir", str(folder)),
                str(folder / "plan.docx"),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
    return folder


def fields(path: Path, agencies: Agencies) -> list[dict[str, object]]:
    (reading,) = read_document(path, agencies=agencies)
    return [r.model_dump(exclude={"source"}) for r in reading.recommendations]


@pytest.mark.parametrize("kind", ["rtf", "odt"])
def test_the_same_recommendations_as_from_the_word_document(
    folder: Path, agencies: Agencies, kind: str
) -> None:
    assert fields(folder / f"plan.{kind}", agencies) == fields(folder / "plan.docx", agencies)
    (reading,) = read_document(folder / f"plan.{kind}", agencies=agencies)
    data = (folder / f"plan.{kind}").read_bytes()
    assert reading.notes[0].startswith(f"the .{kind} was read through LibreOffice ")
    assert reading.source.sha256 == hashlib.sha256(data).hexdigest()


def test_an_old_word_document_is_read_alike(folder: Path, agencies: Agencies) -> None:
    assert fields(folder / "plan.doc", agencies) == fields(folder / "plan.docx", agencies)


def test_the_structure_of_an_old_word_file_gives_paragraphs_and_cells(folder: Path) -> None:
    title, table = read_old_word((folder / "plan.doc").read_bytes(), "plan.doc").blocks
    assert title == Paragraph("Hartsmere DHR 7 – Action Plan", "paragraph 1")
    assert isinstance(table, Table)
    assert [tuple(cell.text for cell in row.cells) for row in table.rows] == ROWS


def test_cells_whose_row_has_no_end_are_not_lost(folder: Path) -> None:
    whole = (folder / "plan.doc").read_bytes()
    _, table = read_old_word(whole, "plan.doc").blocks
    _, cut = read_old_word(whole.replace(b"\x17\x24\x01", b"\x17\x24\x00"), "plan.doc").blocks
    assert isinstance(table, Table)
    assert isinstance(cut, Table)
    printed = [cell.text for row in table.rows for cell in row.filled]
    assert [cell.text for row in cut.rows for cell in row.filled] == printed


def test_a_broken_structure_of_an_old_word_file_is_read_or_damaged(folder: Path) -> None:
    whole = (folder / "plan.doc").read_bytes()
    for seed in range(300):
        random = Random(seed)
        data = bytearray(whole)
        for _ in range(random.randint(1, 40)):
            data[random.randrange(len(data))] = random.randrange(256)
        with suppress(DamagedDocument):
            read_old_word(bytes(data[: random.randint(600, len(data))]), "plan.doc")


def test_a_rich_text_under_another_name_is_read_as_what_it_is(
    folder: Path, tmp_path: Path, agencies: Agencies
) -> None:
    path = tmp_path / "plan.doc"
    shutil.copy(folder / "plan.rtf", path)
    assert fields(path, agencies) == fields(folder / "plan.docx", agencies)


def test_a_broken_old_word_file_is_damaged_and_nothing_stays_behind(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "work"))
    (tmp_path / "work").mkdir()
    path = tmp_path / "plan.doc"
    whole = (folder / "plan.doc").read_bytes()
    path.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(DocumentError, match=r"plan\.doc"):
        Contents.of(path).document()
    assert list((tmp_path / "work").iterdir()) == []


def test_noise_under_the_name_of_an_old_word_file_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "plan.doc"
    path.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(DamagedDocument, match=r"the name says \.doc, but it holds binary data"):
        Contents.of(path).document()


def test_without_libreoffice_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "_usual_places", lambda: iter(()))
    path = tmp_path / "plan.rtf"
    path.write_bytes(rb"{\rtf1 Recommendation}")
    with pytest.raises(UnsupportedDocument, match="Install LibreOffice"):
        Contents.of(path)


def _is_alive(state: Path) -> bool:
    try:
        return state.read_text().split()[2] != "Z"
    except OSError:
        return False


def test_a_program_that_never_ends_is_ended_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "child"
    slow = tmp_path / "soffice"
    slow.write_text(f"#!/bin/sh\nsleep 300 & echo $! > {marker}\nwait\n", "utf-8")
    slow.chmod(0o755)
    monkeypatch.setattr(office, "found_program", lambda: str(slow))
    monkeypatch.setattr(office, "_TIMEOUT", 1)
    with pytest.raises(DocumentError, match="took longer than 1 seconds"):
        office.converted(rb"{\rtf1 x}", "plan.rtf")
    state = Path(f"/proc/{marker.read_text().strip()}/stat")
    deadline = time.monotonic() + 10  # what was killed may take a moment to go
    while _is_alive(state) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _is_alive(state)
