from __future__ import annotations

import re
from pathlib import Path

from printers import office_prints
from word_files import item, level, lists, paragraphs, read, table, texts
from word_reports import (
    REPORTS,
    cards,
    draft_in_review,
    executive_summary,
    overview_report,
    plan_by_agency,
    template_plan,
)

from kb.ingest import read_document
from kb.ingest.readers.word import read_word
from kb.ingest.tables import Document, Table
from kb.text.agencies import Agencies


def document_of(path: Path) -> Document:
    return read_word(path.read_bytes(), path.name)


def test_an_overview_report_keeps_its_numbers_headings_and_lists(tmp_path: Path) -> None:
    document = document_of(overview_report(tmp_path / "report.docx"))
    flow = [one for one in paragraphs(document) if one.aside is None]
    assert [(one.printed, one.level) for one in flow[3:]] == [
        ("1. Introduction", 1),
        ("1.1 The panel met five times.", 0),
        ("2. Recommendations", 1),
        ("2.1 The panel makes these recommendations.", 0),
        ("Harrowmere Community Safety Partnership", 2),
        ("Recommendation 1: The Partnership should:", 0),
        ("(a) review its training; and", 0),
        ("(b) report to the board each year.", 0),
        ("Harrowmere Constabulary", 2),
        ("Recommendation 2: Officers should ask about pets.", 0),
        ("3. Action plan", 1),
    ]
    assert [(one.text, one.aside) for one in paragraphs(document) if one.aside] == [
        ("1. Introduction\t3", "table of contents"),
        ("2. Recommendations\t14", "table of contents"),
        ("OFFICIAL – SENSITIVE", "page header"),
        ("Harrowmere Community Safety Partnership", "page footer"),
    ]
    assert [row[0] for row in texts(table(document))] == ["No.", "1.", "2."]


def test_the_template_plan_keeps_bullets_and_the_status_that_was_chosen(
    tmp_path: Path, agencies: Agencies
) -> None:
    path = template_plan(tmp_path / "plan.docx")
    (reading,) = read_document(path, agencies=agencies)
    first, second = reading.recommendations
    assert first.heading == second.heading == "Theme: Coercive control"
    assert first.action == "Write the course\n• book rooms\n• invite trainers"
    assert (first.status.value, second.status.value) == ("complete", None)
    assert [one.text for one in paragraphs(document_of(path))] == ["Quernford DHR 12 – Action Plan"]


def test_a_draft_in_review_says_what_was_changed_withdrawn_and_hidden(
    tmp_path: Path, agencies: Agencies
) -> None:
    (reading,) = read_document(draft_in_review(tmp_path / "plan.docx"), agencies=agencies)
    assert [(r.number, r.text, r.outcome) for r in reading.recommendations] == [
        ("R1", "Ask each caller about firearms and pets", "Complete"),
        ("R2", "Write to every school.", "Not started"),
        ("R3", "Share the pathway.", "In progress"),
    ]
    assert [r.flags for r in reading.recommendations] == [
        (),
        ("the whole row is struck through in the document: it may be withdrawn",),
        ("“1 July 2024” is struck through in the document",),
    ]
    assert [note.rpartition(": ")[2] for note in reading.notes] == [
        "table 1, row 2",
        "table 1, row 3; table 1, row 4",
        "table 1, row 4",
    ]
    assert ("comment by Chair at table 1, row 4", "See the minutes.") in [
        (left.place, left.text) for left in reading.left_out
    ]


def test_plans_by_agency_stand_under_their_headings_with_their_merged_cells(
    tmp_path: Path,
) -> None:
    blocks = document_of(plan_by_agency(tmp_path / "plan.docx")).blocks
    told = [b.name if isinstance(b, Table) else getattr(b, "text", "") for b in blocks]
    assert told[1:] == ["Stonebeck Homes", "table 1", "Stonebeck NHS Trust", "table 2"]
    tables = [b for b in blocks if isinstance(b, Table)]
    assert texts(tables[0])[1] == [
        "1",
        "2.1 Inspect doors.",
        "Buy locks",
        "A. Reeve",
        "May 2024",
        "✓",
    ]
    assert [cell.goes_on for cell in tables[1].rows[2].cells] == [True, True, *[False] * 4]


def test_a_caption_that_is_only_a_number_of_a_list_is_kept(tmp_path: Path) -> None:
    document = document_of(cards(tmp_path / "plan.docx"))
    told = [one.text for one in paragraphs(document)]
    assert told[1:] == ["Recommendation 1", "Recommendation 2"]
    assert texts(table(document).rows[3].cells[1].tables[0]) == [["Complete", ""]]


def test_an_executive_summary_keeps_its_bullets_under_bold_agencies(tmp_path: Path) -> None:
    document = document_of(executive_summary(tmp_path / "summary.docx"))
    found = [(one.printed, one.strong, one.aside) for one in paragraphs(document)[2:9]]
    assert found == [
        ("Nobody asked about debt.", False, None),
        ("Key learning: money is control.", False, "text box"),
        ("Recommendations", True, None),
        ("Adult Social Care", True, None),
        ("• Ask about debt at each review.", False, None),
        ("• Record who holds the purse.", False, None),
        ("All agencies", True, None),
    ]


def lines_of(document: Document) -> list[str]:
    """Each printed line of the flow and of its tables."""
    lines = []
    for block in document.blocks:
        if isinstance(block, Table):
            lines += [cell.text for row in block.rows for cell in row.cells]
        elif getattr(block, "aside", None) in (None, "table of contents"):
            lines.append(getattr(block, "printed", ""))
    return [line.strip() for text in lines for line in text.split("\n") if line.strip()]


def test_libreoffice_prints_the_same_lines_and_numbers(tmp_path: Path, office: str) -> None:
    finished = [build for build in REPORTS if build is not draft_in_review]
    paths = [build(tmp_path / f"{build.__name__}.docx") for build in finished]
    printed = office_prints(paths, tmp_path, to="txt:Text (encoded):UTF8")
    for path, text in zip(paths, printed, strict=True):
        lines = {" ".join(line.split()) for line in text.read_text("utf-8-sig").splitlines()}
        ours = {" ".join(line.split()) for line in lines_of(document_of(path))}
        assert {line for line in ours - lines if not re.search("[•✓]", line)} == set(), path.name


def test_reports_that_libreoffice_saved_again_read_the_same(tmp_path: Path, office: str) -> None:
    paths = [build(tmp_path / f"{build.__name__}.docx") for build in REPORTS]
    (tmp_path / "again").mkdir()
    saved = office_prints(paths, tmp_path / "again", to="docx:MS Word 2007 XML")
    for path, again in zip(paths, saved, strict=True):
        assert lines_of(document_of(again)) == lines_of(document_of(path)), path.name


def test_a_document_of_libreoffice_written_from_a_web_page(tmp_path: Path, office: str) -> None:
    page = tmp_path / "report.html"
    page.write_text(
        "<h1>Tarnmoor review 9</h1><ol><li>Ask.<ol type='a'><li>Train.</li></ol></li><li>Listen."
        "</li></ol><table border='1'><tr><td rowspan='2'>1</td><td>Ask.<br>Again.</td></tr>"
        "<tr><td><ul><li>Train</li></ul></td></tr></table>",
        "utf-8",
    )
    (made,) = office_prints([page], tmp_path, to="docx:MS Word 2007 XML:UTF8")
    document = document_of(made)
    assert [(one.label, one.text, one.level) for one in paragraphs(document)] == [
        (None, "Tarnmoor review 9", 1),
        ("1.", "Ask.", 0),
        ("a.", "Train.", 0),
        ("2.", "Listen.", 0),
    ]
    assert texts(table(document)) == [["1", "Ask.\nAgain."], ["", "• Train"]]


def test_an_opendocument_report_saved_as_word_by_libreoffice_keeps_everything(
    tmp_path: Path, office: str
) -> None:
    report = Path(__file__).parents[1] / "fixtures" / "maya-report.fodt"
    (made,) = office_prints([report], tmp_path, to="docx:MS Word 2007 XML")
    document = document_of(made)
    assert [(one.label, one.text, one.aside) for one in paragraphs(document)] == [
        ("1.", "Introduction", None),
        (None, "Maya died in June.", None),
        ("1", "A pseudonym.", "footnote"),
        ("i", "An endnote.", "endnote"),
        (None, "Before  after end  struck inserted", None),
        (None, "Check this", "comment"),
        (None, "Boxed learning", "text box"),
        ("2.", "Recommendations", None),
        ("I)", "Ask.", None),
        ("(a)", "Train.", None),
        ("(b)", "Print.", None),
        ("II)", "Listen.", None),
        (None, "End.", None),
        (None, "OFFICIAL plan", "page header"),
        (None, "Page 1", "page footer"),
    ]
    _, ask, print_ = table(document).rows
    assert [cell.text for cell in ask.cells] == ["Ask.", "Train\nI) wards", "May"]
    assert print_.cells[0].goes_on
    assert texts(print_.cells[1].tables[0]) == [["inner"]]
    assert print_.cells[2].text == "June\n2024\tx"
    assert [note.partition(" ")[0] for note in document.notes] == ["hidden", "text", "tracked"]


def test_a_word_of_a_list_without_text_is_no_heading_number() -> None:
    numbering = lists(level(0, "decimal", "%1."), level(1, "decimal", "Action %2"))
    found = paragraphs(read(item("") + item("", depth=1), numbering=numbering))
    assert [one.text for one in found] == ["Action 1"]
