"""Markdown: tables, lists and headings with the lines of the file as their places."""

from __future__ import annotations

from pathlib import Path

from kb.ingest import read_document
from kb.ingest.readers.markdown import read_markdown
from kb.ingest.tables import Document, Paragraph, Table
from kb.text.agencies import Agencies


def read(text: str) -> Document:
    return read_markdown(text.encode(), "plan.md")


def rows(document: Document) -> list[list[str]]:
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_a_pipe_table_is_a_table_without_its_markup() -> None:
    document = read(
        "| No. | Recommendation | Lead |\n|---:|:---|:-:|\n"
        "| 1 | Ask about **pets** \\| horses.<br>Again [here](https://example.org). | `GP` |\n"
        "2 | Listen to _him_ | Police\n"
    )
    assert rows(document) == [
        ["No.", "Recommendation", "Lead"],
        ["1", "Ask about pets | horses.\nAgain here.", "GP"],
        ["2", "Listen to him", "Police"],
    ]
    (table,) = document.blocks
    assert isinstance(table, Table)
    assert [row.place for row in table.rows] == ["line 1", "line 3", "line 4"]


def test_cells_beyond_the_header_are_not_lost() -> None:
    text = "| Recommendation | Lead |\n|---|---|\n| Ask. | GP | by May | £4 |\n"
    assert rows(read(text))[1] == ["Ask.", "GP", "by May", "£4"]


def test_headings_paragraphs_and_lists_keep_their_labels_and_lines() -> None:
    text = "# Plan\n\nOne line\nand more.\n\n3) Ask\n4) Listen\n   - to him\n"
    assert read(text).blocks == (
        Paragraph("Plan", "line 1", level=1),
        Paragraph("One line and more.", "line 3"),
        Paragraph("Ask", "line 6", label="3)"),
        Paragraph("Listen", "line 7", label="4)"),
        Paragraph("to him", "line 8", label="•"),
    )


def test_what_only_looks_like_a_tag_is_text() -> None:
    assert read("Ask <name of the agency> to <b>listen</b>.").blocks == (
        Paragraph("Ask <name of the agency> to listen.", "line 1"),
    )


def test_facts_come_from_the_head_and_its_other_lines_are_kept() -> None:
    document = read(
        "---\ntitle: Hartsmere DHR 7\ncsp: Hartsmere\ndate: 2021-05-03\ntags: [a, b]\n"
        "published: true\n---\nText\n"
    )
    assert document.facts == {
        "title": "Hartsmere DHR 7",
        "area": "Hartsmere",
        "report_date": "2021-05-03",
    }
    assert document.blocks == (
        Paragraph("tags: [a, b]", "line 5", aside="front matter"),
        Paragraph("published: true", "line 6", aside="front matter"),
        Paragraph("Text", "line 8"),
    )


def test_a_head_that_is_no_yaml_is_text() -> None:
    document = read("---\n{broken: [\n---\nText\n")
    assert (dict(document.facts), document.blocks[-1]) == ({}, Paragraph("Text", "line 4"))


def test_a_plan_in_markdown_is_read(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "plan.md"
    path.write_text(
        "---\narea: Hartsmere\n---\n# Hartsmere DHR 7\n\n"
        "| Ref | Recommendation | Lead agency |\n|---|---|---|\n| 1.10 | Ask. | Police |\n",
        "utf-8",
    )
    (reading,) = read_document(path, agencies=agencies)
    (recommendation,) = reading.recommendations
    assert (recommendation.number, recommendation.text) == ("1.10", "Ask.")
    assert recommendation.source.place == "line 8"
    assert (reading.facts.area, reading.facts.title) == ("Hartsmere", "Hartsmere DHR 7")


def test_what_markdown_takes_for_the_address_of_a_link_is_kept_as_an_aside() -> None:
    blocks = read_markdown(b"# Plan\n\n[R1]: Training\n[R1]: Checks\n", "plan.md").blocks
    assert [(b.text, b.place, b.aside) for b in blocks if isinstance(b, Paragraph)][1:] == [
        ("[R1]: Training", "line 3", "link"),
        ("[R1]: Checks", "line 4", "link"),
    ]


def test_facts_of_the_head_stay_as_they_are_written() -> None:
    document = read_markdown(b"---\ncase: 007\narea: No\nregion: null\n---\n# Plan\n", "plan.md")
    assert document.facts == {"case": "007", "area": "No"}
