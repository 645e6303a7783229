"""The real plan, printed to each format: the same 28 recommendations come back from all of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from documents import document_of
from printers import (
    Plan,
    chromium_prints,
    office_prints,
    plan_of,
    write_html,
    write_markdown,
    write_pdf,
    write_xlsx,
)

from kb.ingest import read_document
from kb.ingest.tables import Table
from kb.model import Recommendation
from kb.text.agencies import Agencies
from kb.text.normalise import fold_space

TITLE = "Somerset Domestic Homicide Review (024) Action Plan"
FIELDS = 7


@pytest.fixture(scope="module")
def word_file(shared_documents: Path) -> Path:
    return shared_documents / "somerset-024-action-plan.docx"


@pytest.fixture(scope="module")
def plan(word_file: Path) -> Plan:
    """The cells of the Word table, as they stand."""
    document = document_of(word_file)
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    texts = []
    for row in table.rows:
        cells = [""] * FIELDS
        for cell in row.cells:
            cells[cell.at] = cell.text
        texts.append(cells)
    return plan_of(TITLE, texts)


def fields(recommendation: Recommendation) -> tuple[str | None, ...]:
    r = recommendation
    return (
        r.text, r.scope.printed, r.action, r.lead_agency, r.milestones,
        r.target_date.printed, r.outcome,
    )  # fmt: skip


def read(path: Path, agencies: Agencies) -> list[tuple[str | None, ...]]:
    (reading,) = read_document(path, agencies=agencies)
    return [fields(recommendation) for recommendation in reading.recommendations]


def folded(
    rows: list[tuple[str | None, ...]],
) -> list[tuple[str | None, ...]]:
    return [tuple(cell and fold_space(cell) for cell in row) for row in rows]


def joined(
    rows: list[tuple[str | None, ...]],
) -> list[tuple[str | None, ...]]:
    """Folded, and without the space after a hyphen, which a line's end does not print."""
    return [tuple(cell and re.sub(r"(?<=\S)- ", "-", cell) for cell in row) for row in folded(rows)]


@pytest.fixture(scope="module")
def wanted(word_file: Path, agencies: Agencies) -> list[tuple[str | None, ...]]:
    rows = read(word_file, agencies)
    assert len(rows) == 28
    return rows


def test_flattened_text_says_the_same_to_the_character(
    wanted: list[tuple[str | None, ...]], shared_documents: Path, agencies: Agencies
) -> None:
    assert read(shared_documents / "somerset-024-action-plan.txt", agencies) == wanted


def test_a_sheet_says_the_same_to_the_character(
    wanted: list[tuple[str | None, ...]], plan: Plan, agencies: Agencies, tmp_path: Path
) -> None:
    assert read(write_xlsx(tmp_path / "plan.xlsx", plan), agencies) == wanted


@pytest.mark.parametrize("ending", ["html", "md"])
def test_pages_say_the_same_but_for_white_space(
    ending: str,
    wanted: list[tuple[str | None, ...]],
    plan: Plan,
    agencies: Agencies,
    tmp_path: Path,
) -> None:
    writers: dict[str, Callable[[Path, Plan], Path]]
    writers = {"html": write_html, "md": write_markdown}
    path = writers[ending](tmp_path / f"plan.{ending}", plan)
    assert folded(read(path, agencies)) == folded(wanted)


def test_a_pdf_says_the_same_but_for_white_space(
    wanted: list[tuple[str | None, ...]], plan: Plan, agencies: Agencies, tmp_path: Path
) -> None:
    path = write_pdf(tmp_path / "plan.pdf", plan)
    assert joined(read(path, agencies)) == joined(wanted)


def test_libreoffices_pdf_says_the_same_but_for_white_space(
    wanted: list[tuple[str | None, ...]],
    word_file: Path,
    agencies: Agencies,
    office: str,
    tmp_path: Path,
) -> None:
    (path,) = office_prints([word_file], tmp_path)
    assert joined(read(path, agencies)) == joined(wanted)


@pytest.mark.parametrize("ending", ["doc", "odt", "rtf"])
def test_old_and_open_formats_say_the_same(
    ending: str,
    wanted: list[tuple[str | None, ...]],
    word_file: Path,
    agencies: Agencies,
    office: str,
    tmp_path: Path,
) -> None:
    (path,) = office_prints([word_file], tmp_path, to=ending)
    assert folded(read(path, agencies)) == folded(wanted)


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_old_and_open_sheets_say_the_same_to_the_character(
    ending: str,
    wanted: list[tuple[str | None, ...]],
    plan: Plan,
    agencies: Agencies,
    office: str,
    tmp_path: Path,
) -> None:
    sheet = write_xlsx(tmp_path / "plan.xlsx", plan)
    (path,) = office_prints([sheet], tmp_path, to=ending)
    assert read(path, agencies) == wanted


@pytest.mark.parametrize("thead", [True, False], ids=["header repeated", "header once"])
def test_chromiums_pdf_says_the_same_but_for_white_space(
    thead: bool,
    wanted: list[tuple[str | None, ...]],
    plan: Plan,
    agencies: Agencies,
    chromium: str,
    tmp_path: Path,
) -> None:
    page = write_html(tmp_path / "plan.html", plan, thead=thead)
    assert joined(read(chromium_prints(page, tmp_path), agencies)) == joined(wanted)
