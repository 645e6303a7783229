"""Fictional overview reports and action plans in Word, made as their authors make them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm
from word_files import level

_SPACES = nsdecls("w")


def _add_list(document: Any, *levels: str) -> int:
    """A new list of these levels; its number."""
    numbering = document.part.numbering_part.element
    identity = 100 + len(numbering.findall(qn("w:abstractNum")))
    abstract = parse_xml(
        f'<w:abstractNum {_SPACES} w:abstractNumId="{identity}">{"".join(levels)}</w:abstractNum>'
    )
    numbering.insert(0, abstract)
    return int(numbering.add_num(identity).numId)


def _number(paragraph: Any, number: int, depth: int = 0) -> Any:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = depth
    properties.get_or_add_numId().val = number
    return paragraph


def _landscape(document: Any) -> Any:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    return section


def _table(document: Any, rows: Sequence[Sequence[str]]) -> Any:
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    header = table.rows[0]._tr.get_or_add_trPr()
    header.append(parse_xml(f"<w:tblHeader {_SPACES}/>"))
    return table


def overview_report(path: Path) -> Path:
    """Numbered headings, a table of contents, recommendations as a list with parts, a plan."""
    document = docx.Document()
    chapters = _add_list(document, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2"))
    asks = _add_list(
        document, level(0, "decimal", "Recommendation %1:"), level(1, "lowerLetter", "(%2)")
    )
    document.sections[0].header.paragraphs[0].text = "OFFICIAL – SENSITIVE"
    document.sections[0].footer.paragraphs[0].text = "Harrowmere Community Safety Partnership"
    document.add_paragraph("Harrowmere Domestic Homicide Review", style="Title")
    document.add_paragraph("Overview report into the death of “Maya” in June 2021")
    document.add_paragraph("Date of report: March 2023")
    contents = document.add_paragraph()
    for piece in (
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> TOC \\o "1-2" \\h </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1. Introduction</w:t><w:tab/><w:t>3</w:t>",
    ):
        contents._p.append(parse_xml(f"<w:r {_SPACES}>{piece}</w:r>"))
    last = document.add_paragraph("2. Recommendations\t14")
    last._p.append(parse_xml(f'<w:r {_SPACES}><w:fldChar w:fldCharType="end"/></w:r>'))
    _number(document.add_heading("Introduction", 1), chapters)
    _number(document.add_paragraph("The panel met five times."), chapters, 1)
    _number(document.add_heading("Recommendations", 1), chapters)
    _number(document.add_paragraph("The panel makes these recommendations."), chapters, 1)
    document.add_heading("Harrowmere Community Safety Partnership", 2)
    _number(document.add_paragraph("The Partnership should:"), asks)
    _number(document.add_paragraph("review its training; and"), asks, 1)
    _number(document.add_paragraph("report to the board each year."), asks, 1)
    document.add_heading("Harrowmere Constabulary", 2)
    _number(document.add_paragraph("Officers should ask about pets."), asks)
    _landscape(document)
    _number(document.add_heading("Action plan", 1), chapters)
    header = ["No.", "Recommendation", "Action", "Lead agency", "Target date", "Status"]
    rows = [
        header,
        ["", "Review the training.", "Commission a review", "CSP", "May 2023", "Complete"],
        ["", "Ask about pets.", "Change the form", "Police", "July 2023", "In progress"],
    ]
    table = _table(document, rows)
    numbers = _add_list(document, level(0, "decimal", "%1."))
    for row in table.rows[1:]:
        _number(row.cells[0].paragraphs[0], numbers)
    document.save(str(path))
    return path


def template_plan(path: Path) -> Path:
    """The template of the Home Office: title in the page header, status chosen of a list."""
    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.header.paragraphs[0].text = "Quernford DHR 12 – Action Plan"
    header = [
        "Recommendation",
        "Scope of recommendation i.e. local or regional",
        "Action to take",
        "Lead Agency",
        "Key milestones achieved in enacting recommendation",
        "Target Date",
        "Completion Date and Outcome",
        "RAG",
    ]
    rows = [
        header,
        ["Theme: Coercive control", *[""] * 7],
        ["Train all call handlers.", "Local", "", "Quernford Constabulary", "", "1.4.24", "", ""],
        ["Publish a pathway.", "Regional", "Draft it", "ICB", "", "30 June 2024", "", ""],
    ]
    table = _table(document, rows)
    table.rows[1].cells[0].merge(table.rows[1].cells[7])
    action = table.rows[2].cells[2]
    action.text = "Write the course"
    for text in ("book rooms", "invite trainers"):
        action.add_paragraph(text, style="List Bullet")
    prompt = document.styles.add_style("Placeholder Text", WD_STYLE_TYPE.CHARACTER)
    for row, text, look in (
        (table.rows[2], "Green", ""),
        (table.rows[3], "Choose an item.", f'<w:rPr><w:rStyle w:val="{prompt.style_id}"/></w:rPr>'),
    ):
        control = parse_xml(
            f"<w:sdt {_SPACES}><w:sdtPr><w:dropDownList/></w:sdtPr><w:sdtContent><w:r>{look}"
            f"<w:t>{text}</w:t></w:r></w:sdtContent></w:sdt>"
        )
        row.cells[7].paragraphs[0]._p.append(control)
    document.save(str(path))
    return path


def draft_in_review(path: Path) -> Path:
    """A plan that went round for comment: tracked changes, a withdrawn row, hidden notes."""
    document = docx.Document()
    document.add_paragraph("Ashlow Domestic Abuse Related Death Review 3: action plan")
    header = ["Ref", "Recommendation", "Owner", "By when", "Progress"]
    rows = [
        header,
        ["R1", "Ask each caller about ", "Police", "1 May 2024", "Complete"],
        ["R2", "Write to every school.", "Education", "1 June 2024", "Not started"],
        ["R3", "Share the pathway.", "ICB", "", "In progress"],
    ]
    table = _table(document, rows)
    ask = table.rows[1].cells[1].paragraphs[0]._p
    for change in (
        '<w:del w:author="A"><w:r><w:delText>weapons</w:delText></w:r></w:del>',
        '<w:ins w:author="A"><w:r><w:t>firearms and pets</w:t></w:r></w:ins>',
    ):
        tag, _, rest = change.partition(" ")
        ask.append(parse_xml(f"{tag} {_SPACES} {rest}"))
    for cell in table.rows[2].cells:
        cell.paragraphs[0].runs[0].font.strike = True
    when = table.rows[3].cells[3].paragraphs[0]
    when.add_run("1 July 2024").font.strike = True
    when.add_run(" 1 October 2024")
    table.rows[3].cells[4].paragraphs[0].add_run(" (ask Jo)").font.hidden = True
    remark = document.add_comment(
        table.rows[3].cells[1].paragraphs[0].runs, text="Which one?", author="Chair"
    )
    remark.add_paragraph("See the minutes.")
    document.save(str(path))
    return path


def plan_by_agency(path: Path) -> Path:
    """A heading and a table for each agency; recommendations merged down over their actions."""
    document = docx.Document()
    document.add_heading("Stonebeck Domestic Homicide Review – single agency action plans", 0)
    header = ["No", "Recommendation", "Action", "Lead", "Date", "Done?"]
    agencies = (
        ("Stonebeck Homes", "2.1 Inspect doors.", ("Buy locks", "Fit locks"), "A. Reeve"),
        ("Stonebeck NHS Trust", "Ask alone.", ("Train wards", "Put up signs"), "B. Vance"),
    )
    for number, (agency, ask, (first, second), lead) in enumerate(agencies, start=1):
        document.add_heading(agency, 2)
        rows = [
            header,
            [f"{number}", ask, first, lead, "May 2024", ""],
            ["", "", second, lead, "June 2024", ""],
        ]
        table = _table(document, rows)
        for column in (0, 1):
            table.cell(1, column).merge(table.cell(2, column))
        tick = f'<w:r {_SPACES}><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
        table.cell(1, 5).paragraphs[0]._p.append(parse_xml(tick))
    document.save(str(path))
    return path


def cards(path: Path) -> Path:
    """One table of two columns for each recommendation, numbered by the caption above it."""
    document = docx.Document()
    document.add_heading("Brackwater DHR “Lena” – learning and action plan", 1)
    captions = _add_list(document, level(0, "decimal", "Recommendation %1"))
    for ask, lead in (("Check the register.", "Probation"), ("Offer a link worker.", "GP")):
        _number(document.add_paragraph(""), captions)
        document.add_heading("", 3)
        rows = [
            ["Recommendation", ask],
            ["Lead agency", lead],
            ["Target date", "Sept 2024"],
            ["Outcome", ""],
        ]
        table = document.add_table(4, 2, style="Table Grid")
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        table.rows[3].cells[1].add_table(1, 2).cell(0, 0).text = "Complete"
    document.save(str(path))
    return path


def executive_summary(path: Path) -> Path:
    """Key learning in text boxes, footnotes' places in words, asks as bullets under agencies."""
    document = docx.Document()
    document.add_heading("Executive summary of the review into the death of “Edie”", 0)
    document.add_heading("Key findings", 1)
    finding = document.add_paragraph("Nobody asked about debt.")
    box = (
        f'<w:r {_SPACES} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox>'
        "<w:txbxContent><w:p><w:r><w:t>Key learning: money is control.</w:t></w:r></w:p>"
        "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    finding._p.append(parse_xml(box))
    document.add_heading("Recommendations", 1)
    for agency, asks in (
        ("Adult Social Care", ("Ask about debt at each review.", "Record who holds the purse.")),
        ("All agencies", ("Name a lead for economic abuse.",)),
    ):
        line = document.add_paragraph()
        line.add_run(agency).bold = True
        for ask in asks:
            document.add_paragraph(ask, style="List Bullet")
    document.add_heading("Conclusion", 1)
    document.add_paragraph("The panel thanks the family.")
    document.save(str(path))
    return path


REPORTS = (
    overview_report,
    template_plan,
    draft_in_review,
    plan_by_agency,
    cards,
    executive_summary,
)
