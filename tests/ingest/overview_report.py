"""A whole overview report, all of it invented, and its writing as a Word document and as HTML."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path

TITLE = "Domestic Homicide Review: Overview Report into the death of “Rowan”"
HEADER = "OFFICIAL – Harrowdale Community Safety Partnership – DHR “Rowan”"


@dataclass(frozen=True)
class Piece:
    """One paragraph of the report; ``kind`` is title, contents, chapter, section, body, numbered,
    lettered, bullet or box; ``note`` is the text of a footnote at its end."""

    kind: str
    text: str
    note: str | None = None


_CONTENTS = (
    ("1. Introduction", 3),
    ("2. The facts", 4),
    ("3. Chronology", 5),
    ("4. Analysis", 7),
    ("5. Recommendations", 10),
    ("Appendix A: Terms of reference", 12),
)
_EVENTS = (
    ("March 2017", "the health visitor made a routine visit when the youngest child was six weeks"),
    ("June 2017", "the general practice recorded a fall on the stairs and no further enquiry"),
    ("January 2018", "neighbours telephoned the police about shouting heard late at night"),
    ("May 2018", "the housing association served a notice about arrears of rent"),
    ("October 2018", "the school noted that the eldest child had been absent for eleven days"),
    ("February 2019", "the perpetrator was arrested for an assault on a work colleague"),
    ("April 2019", "Rowan asked the practice nurse whether appointments could be kept private"),
    ("August 2019", "the substance misuse service closed the case after three missed meetings"),
    ("September 2019", "the school nurse heard from the teaching assistant about a bruise"),
    ("October 2019", "the bank wrote to Rowan about a loan that she had not taken out herself"),
    ("Early November 2019", "the midwife was told that the family was going to move away"),
    ("Mid-November 2019", "the probation officer cancelled two appointments for want of staff"),
    ("Late November 2019", "a colleague at the garden centre saw Ash waiting in the car park"),
    ("November 2019", "a letter about the tenancy was returned marked as not known here"),
)


def pieces() -> list[Piece]:
    """The report in reading order, without page headers."""
    return [*_front(), *_facts(), *_chronology(), *_analysis(), *_recommendations(), *_appendix()]


def _front() -> list[Piece]:
    return [
        Piece("title", TITLE),
        Piece("body", "Commissioned by the Harrowdale Community Safety Partnership"),
        Piece("body", "Independent chair and author: Wilhelmina Oakshott"),
        Piece("body", "Report completed: 14 March 2021"),
        Piece("chapter", "Contents"),
        *[Piece("contents", f"{name}\t{page}") for name, page in _CONTENTS],
        Piece("chapter", "1. Introduction"),
        Piece(
            "numbered",
            "1.1 This report of a domestic homicide review examines how agencies responded to and "
            "supported Rowan, a resident of Harrowdale, before her death in December 2019. The "
            "panel would like to express its condolences to her family and friends.",
        ),
        Piece(
            "numbered",
            "1.2 The review considers the contact and involvement that agencies had with Rowan and "
            "with her husband, who is called Ash in this report, between 1 January 2017 and the "
            "date of her death. Names are pseudonyms chosen by the family.",
            "The pseudonyms were agreed at the second meeting of the panel; the family did not "
            "wish the children to be named in any form.",
        ),
        Piece(
            "numbered",
            "1.3 The key purpose for undertaking reviews of this kind is to enable lessons to be "
            "learned where a person is killed as a result of domestic violence and abuse. In order "
            "for these lessons to be learned as widely and thoroughly as possible, professionals "
            "need to be able to understand fully what happened in each case, and most importantly, "
            "what needs to change in order to reduce the risk of such tragedies happening in the "
            "future.",
        ),
        Piece("section", "Timescales"),
        Piece(
            "numbered",
            "1.4 The review began on 9 January 2020 and was concluded on 14 March 2021. It was "
            "delayed by the criminal trial and by the public health emergency of that year.",
        ),
        Piece("section", "Confidentiality"),
        Piece(
            "numbered",
            "1.5 The findings of each review are confidential until publication. Information is "
            "available only to participating officers, professionals and their line managers.",
        ),
    ]


def _facts() -> list[Piece]:
    return [
        Piece("chapter", "2. The facts"),
        Piece(
            "numbered",
            "2.1 Rowan was 34 years old when she died. She had lived in Harrowdale since she was a "
            "child, worked part-time at a garden centre and was the mother of three children of "
            "primary-school age. Her sister described her as somebody who would do anything for "
            "anybody and who never asked for help herself.",
        ),
        Piece(
            "numbered",
            "2.2 On the evening of her death a neighbour telephoned the emergency services. "
            "Officers attended within nine minutes and found Rowan in the kitchen of the family "
            "home. She was pronounced dead at the scene. Ash was arrested at the address and later "
            "charged with murder.",
        ),
        Piece("body", "The following agencies had contact with the family and took part:"),
        *[
            Piece("bullet", text)
            for text in (
                "Harrowdale Constabulary",
                "Upper Dale NHS Foundation Trust (health visiting, school nursing and the "
                "specialist perinatal mental health team)",
                "Children’s Social Care, Harrowdale Council",
                "Larchfield Homes, the housing association that was the landlord of the family "
                "for the whole of the period under review",
                "The Harbour Project (specialist domestic abuse service)",
            )
        ],
        Piece(
            "numbered",
            "2.3 Each of these agencies provided an individual management review, written by "
            "someone who had not had any involvement with the family or with the supervision of "
            "staff who had.",
            "Two agencies that held no records confirmed so in writing.",
        ),
    ]


def _chronology() -> list[Piece]:
    found = [Piece("chapter", "3. Chronology")]
    for number, (when, what) in enumerate(_EVENTS, start=1):
        found += [
            Piece("section", when),
            Piece(
                "numbered",
                f"3.{number} In {when} {what}. The record of that contact does not show that "
                "anybody asked about the relationship at home, and no assessment of risk was made "
                "at the time. The author of the individual management review found the recording "
                "to be brief and in places missing, and could not establish whether the matter "
                "had been discussed in supervision.",
            ),
            Piece(
                "body",
                "The family told the chair that this was a time when Rowan had become withdrawn. "
                "She no longer came to Sunday lunch and her telephone was often answered by Ash. "
                "Her sister thought that professionals must have known, because so many of them "
                "were in and out of the house, and she had wondered whether to say something.",
            ),
        ]
    return found


def _analysis() -> list[Piece]:
    return [
        Piece("chapter", "4. Analysis"),
        Piece("section", "4.1 Routine enquiry"),
        Piece(
            "body",
            "The trust’s policy requires routine enquiry about domestic abuse at the first contact "
            "and whenever there is a cause for concern. On none of the fourteen contacts was this "
            "recorded as having been done. Practitioners told the author that they had been aware "
            "of the policy but that Ash was usually in the room, and that the electronic record "
            "had no field in which to say why the question was not asked.",
            "Upper Dale NHS Foundation Trust, Domestic Abuse Policy, version 4, paragraph 6.2.",
        ),
        Piece("section", "4.2 Coercive and controlling behaviour"),
        Piece(
            "body",
            "Accounts from family and friends describe a pattern of isolation, control of money "
            "and surveillance which was not known to any single agency. Seen together, the records "
            "of the school, the landlord and the practice would have shown it. The panel did not "
            "find that any professional had considered coercive control by that name.",
        ),
        Piece(
            "body",
            "The police attended the address twice. On each occasion a risk assessment was "
            "completed and graded as standard. The panel considered whether professional judgement "
            "should have raised the grade, given that the second call came within three months of "
            "the first and that a child had been present on both.",
        ),
        Piece("section", "4.3 Alcohol"),
        *[
            Piece(
                "body",
                f"{first} The substance misuse service offered an appointment by letter and closed "
                "the case when the letter brought no answer. There was no contact with the "
                "referring practice and no consideration of the children, although the referral "
                "named all three of them and gave the school that they attended.",
            )
            for first in (
                "Ash was referred for help with his drinking in the spring of 2019.",
                "A second referral was made by the probation service after his conviction.",
                "A third was discussed, but the panel has seen no record that it was ever made.",
            )
        ],
        Piece("section", "4.4 Good practice"),
        Piece(
            "body",
            "The teaching assistant who noticed the absences kept a careful note, spoke to Rowan "
            "alone on two occasions and told the designated safeguarding lead on the same day. The "
            "panel commends her persistence.",
        ),
        Piece("box", "Learning point: silence at home is a reason to ask again, not to stop."),
    ]


def _recommendations() -> list[Piece]:
    return [
        Piece("chapter", "5. Recommendations"),
        Piece(
            "body",
            "The panel makes the following recommendations. Those to a single agency come from its "
            "own individual management review and are given after those of the panel.",
        ),
        Piece("section", "Harrowdale Community Safety Partnership"),
        Piece(
            "numbered",
            "Recommendation 1: The Partnership should assure itself that every member agency has a "
            "policy on routine enquiry, that staff are trained in it and that its use is audited "
            "at least once a year.",
        ),
        Piece("numbered", "Recommendation 2: The Partnership should:"),
        Piece("lettered", "(a) commission a campaign on coercive control for family and friends;"),
        Piece(
            "lettered",
            "(b) publish a single pathway for concerns raised by neighbours, schools and landlords "
            "so that they reach a professional who is able to put them together; and",
        ),
        Piece("lettered", "(c) report on both to the Health and Wellbeing Board by March 2022."),
        Piece("section", "Upper Dale NHS Foundation Trust"),
        Piece(
            "numbered",
            "Recommendation 3: The Trust should add to its electronic record a field that shows "
            "whether routine enquiry was made, and if it was not, the reason.",
            "The supplier has confirmed that this can be done at the next release.",
        ),
        Piece(
            "numbered",
            "Recommendation 4: The Trust should make sure that each parent is seen alone at least "
            "once in the first year after a birth.",
        ),
        Piece("section", "Larchfield Homes"),
        Piece(
            "numbered",
            "Recommendation 5: Larchfield Homes should review its arrears procedure so that a "
            "change in who pays the rent prompts a conversation with the tenant.",
        ),
        Piece("section", "National"),
        Piece(
            "numbered",
            "Recommendation 6: The Home Office should consider guidance for employers of people "
            "who are convicted of violence at work.",
        ),
    ]


def _appendix() -> list[Piece]:
    return [
        Piece("chapter", "Appendix A: Terms of reference"),
        Piece(
            "body",
            "The review will establish what lessons are to be learned from the death regarding the "
            "way in which local professionals and organisations work individually and together to "
            "safeguard victims; identify clearly what those lessons are both within and between "
            "agencies, how and within what timescales they will be acted on, and what is expected "
            "to change as a result.",
        ),
    ]


def write_docx(path: Path) -> None:
    """The report as a Word document, with page headers, page numbers, contents and footnotes."""
    import docx
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Cm, Pt

    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = HEADER
    footer = section.footer.paragraphs[0]
    footer.add_run("Page ")
    _add_field(footer, "PAGE")
    notes: list[str] = []
    first_chapter = True
    for piece in pieces():
        if piece.kind == "box":
            document.add_table(1, 1, style="Table Grid").cell(0, 0).text = piece.text
            continue
        style = {
            "title": "Title",
            "chapter": "Heading 1",
            "section": "Heading 2",
            "bullet": "List Bullet",
        }.get(piece.kind, "Normal")
        paragraph = document.add_paragraph(piece.text, style=style)
        if piece.kind == "chapter":
            paragraph.paragraph_format.page_break_before = first_chapter or "5." in piece.text
            first_chapter = False
        if piece.kind == "contents":
            stops = paragraph.paragraph_format.tab_stops
            stops.add_tab_stop(Cm(15), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        if piece.kind == "lettered":
            paragraph.paragraph_format.left_indent = Cm(1)
        if piece.kind in ("numbered", "body"):
            paragraph.paragraph_format.space_after = Pt(8)
        if piece.note:
            notes.append(piece.note)
            _add_footnote_mark(paragraph, len(notes))
    _add_footnotes(document, notes)
    document.save(str(path))


def _add_field(paragraph: object, code: str) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    paragraph._p.append(  # type: ignore[attr-defined]
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr="{code}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        )
    )


def _add_footnote_mark(paragraph: object, number: int) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    paragraph._p.append(  # type: ignore[attr-defined]
        parse_xml(
            f'<w:r {nsdecls("w")}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
            f'<w:footnoteReference w:id="{number}"/></w:r>'
        )
    )


def _add_footnotes(document: object, notes: list[str]) -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml.ns import nsdecls

    mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
    body = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:pPr><w:rPr/></w:pPr>{mark}'
        f'<w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t xml:space="preserve"> {html.escape(note)}'
        "</w:t></w:r></w:p></w:footnote>"
        for number, note in enumerate(notes, start=1)
    )
    separators = (
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r>'
        "<w:continuationSeparator/></w:r></w:p></w:footnote>"
    )
    part = Part(
        PackURI("/word/footnotes.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
        f"<w:footnotes {nsdecls('w')}>{separators}{body}</w:footnotes>".encode(),
        document.part.package,  # type: ignore[attr-defined]
    )
    document.part.relate_to(  # type: ignore[attr-defined]
        part,
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes",
    )


def write_html(path: Path) -> None:
    """The report as a web page made for print."""
    tags = {"title": "h1", "chapter": "h2", "section": "h3", "bullet": "li", "box": "aside"}
    lines = []
    for piece in pieces():
        if piece.kind == "contents":
            name, page = piece.text.split("\t")
            lines.append(f'<p class="contents">{html.escape(name)} {"." * 60} {page}</p>')
            continue
        tag = tags.get(piece.kind, "p")
        lines.append(f'<{tag} class="{piece.kind}">{html.escape(piece.text)}</{tag}>')
    path.write_text(
        "<!doctype html><meta charset=utf-8><style>@page{size:A4;margin:22mm}"
        "body{font:11pt/1.4 'Liberation Serif',serif}h2{font-size:17pt}h3{font-size:13pt}"
        ".lettered{margin-left:2em}aside{border:1px solid #000;padding:6px}"
        "li{margin-left:2em}</style>" + "\n".join(lines),
        encoding="utf-8",
    )
