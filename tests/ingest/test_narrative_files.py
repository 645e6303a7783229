"""The same fictional reports printed to files: what a reader keeps of them is enough."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest
from narrative_files import Printer, print_html, print_markdown, print_text, print_word
from narratives import FOLDER, STYLES, WITHOUT, report

from kb.errors import NoRecommendations
from kb.ingest.reading import read_document
from kb.text.agencies import Agencies

PRINTERS = (print_word, print_html, print_markdown, print_text)


@pytest.mark.parametrize("printer", PRINTERS)
@pytest.mark.parametrize("name", STYLES)
def test_a_report_in_a_file_gives_what_its_paragraphs_give(
    name: str, printer: Printer, tmp_path: Path, agencies: Agencies
) -> None:
    printed = [p for p in report(name) if p.aside in (None, "text box")]
    (reading,) = read_document(printer(printed, tmp_path), agencies=agencies)
    right = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    assert [(r.number, as_bullets(r.text)) for r in reading.recommendations] == [
        (one.get("number"), as_bullets(one["text"])) for one in right
    ]


@pytest.mark.parametrize("printer", PRINTERS)
@pytest.mark.parametrize("name", WITHOUT)
def test_a_file_that_recommends_nothing_is_refused(
    name: str, printer: Printer, tmp_path: Path, agencies: Agencies
) -> None:
    with pytest.raises(NoRecommendations):
        read_document(printer(report("nothing/" + name), tmp_path), agencies=agencies)


def as_bullets(text: str) -> str:
    """A dash before a line is a bullet to Markdown."""
    return text.replace("\n- ", "\n• ")


def test_a_report_with_a_table_of_facts_leaves_nothing_unaccounted(
    tmp_path: Path, agencies: Agencies
) -> None:
    document = docx.Document()
    document.add_paragraph("Safer Tarnmoor Partnership")
    document.add_paragraph("Domestic Homicide Review into the death of ‘Anna’")
    table = document.add_table(3, 2)
    for row, texts in zip(
        table.rows,
        (("Chair", "M. Penhallow"), ("Region", "North"), ("Date of report", "14 March 2022")),
        strict=True,
    ):
        row.cells[0].text, row.cells[1].text = texts
    document.add_heading("Recommendations", 1)
    document.add_heading("Tarnmoor Council", 2)
    document.add_paragraph("The Council should:")
    document.add_paragraph("fund a helpline;", "List Bullet")
    document.add_paragraph("report each year.", "List Bullet")
    document.save(str(tmp_path / "report.docx"))
    (reading,) = read_document(tmp_path / "report.docx", agencies=agencies)
    facts = reading.facts
    assert (facts.region, facts.report_date, facts.area) == ("North", "2022-03-14", "Tarnmoor")
    assert [r.text for r in reading.recommendations] == [
        "The Council should: fund a helpline;",
        "The Council should: report each year.",
    ]
    assert [left.text for left in reading.left_out] == ["Chair | M. Penhallow"]
