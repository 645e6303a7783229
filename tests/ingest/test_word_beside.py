from __future__ import annotations

from word_files import (
    p,
    paragraphs,
    read,
    run,
    style,
    styled,
    tbl,
    tc,
    texts,
    tr,
    xml,
)

from kb.ingest.tables import Paragraph, Table


def box(content: str) -> str:
    """A text box as Word writes it: a drawing, and the same again for old programs."""
    held = f"<w:txbxContent>{content}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic>'
        f"<a:graphicData><wps:wsp><wps:txbx>{held}</wps:txbx></wps:wsp></a:graphicData>"
        "</a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>"
        f"<v:textbox>{held}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def told(blocks: tuple[object, ...]) -> list[tuple[str, str, str | None]]:
    return [(b.text, b.place, b.aside) for b in blocks if isinstance(b, Paragraph)]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    body = p(run("Before ") + box(p("Key learning") + p("Ask.")) + run("and after")) + p(
        "Next line"
    )
    assert told(read(body).blocks) == [
        ("Before and after", "paragraph 1", None),
        ("Key learning", "text box at paragraph 1", "text box"),
        ("Ask.", "text box at paragraph 1", "text box"),
        ("Next line", "paragraph 2", None),
    ]


def test_an_old_text_box_and_one_in_another_are_read() -> None:
    old = f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{p(run('Old') + box(p('Inner')))}"
    body = p(old + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>")
    assert [one.text for one in paragraphs(read(body))] == ["Old", "Inner"]


def test_where_text_boxes_hold_most_of_the_text_they_are_the_text() -> None:
    long = "The Partnership should review how it trains those who answer the telephone."
    body = p(box(p("4 Recommendations"))) + p("12") + p(box(p(long) * 20))
    assert {one.aside for one in paragraphs(read(body))} == {None}


def test_a_table_in_a_text_box_is_a_table() -> None:
    body = p(box(tbl(tr("Recommendation", "Lead"), tr("Ask.", "Police"))))
    (found,) = read(body).blocks
    assert isinstance(found, Table)
    assert found.name == "table in the text box at paragraph 1"
    assert texts(found)[1] == ["Ask.", "Police"]


def test_a_text_box_in_a_cell_is_not_mixed_into_its_text() -> None:
    body = tbl(tr(tc(p(run("Ask.") + box(p("Draft only"))))))
    found, aside = read(body).blocks
    assert isinstance(found, Table)
    assert texts(found) == [["Ask."]]
    assert told((aside,)) == [("Draft only", "text box at table 1, row 1", "text box")]


def test_notes_and_comments_stand_after_what_they_hang_on() -> None:
    note = '<w:r><w:footnoteReference w:id="7"/></w:r>'
    end = '<w:r><w:endnoteReference w:id="2"/></w:r>'
    remark = '<w:r><w:commentReference w:id="0"/></w:r>'
    parts = {
        "footnotes": f'<w:footnote w:id="7">{p("The 2016 guidance.")}</w:footnote>'
        f'<w:footnote w:id="8">{p("Not referred to.")}</w:footnote>',
        "endnotes": f'<w:endnote w:id="2">{p("See chapter 4.")}</w:endnote>',
        "comments": f'<w:comment w:id="0" w:author="Rosa Tallow">{p("Agreed?")}</w:comment>',
    }
    body = p(run("Ask") + note + run(" each time.")) + tbl(tr(tc(p(run("Train") + end + remark))))
    assert told(read(body, parts=parts).blocks) == [
        ("Ask each time.", "paragraph 1", None),
        ("The 2016 guidance.", "footnote 1 at paragraph 1", "footnote"),
        ("See chapter 4.", "endnote i at table 1, row 1", "endnote"),
        ("Agreed?", "comment by Rosa Tallow at table 1, row 1", "comment"),
    ]


def test_a_footnote_carries_its_number() -> None:
    note = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    parts = {
        "footnotes": "".join(
            f'<w:footnote w:id="{n}">{p(f"Note {n}.")}{p("More.")}</w:footnote>' for n in (4, 3)
        )
    }
    body = p(run("One") + note.format(3)) + p(run("Two") + note.format(4))
    asides = [one for one in paragraphs(read(body, parts=parts)) if one.aside]
    assert [(one.label, one.text) for one in asides] == [
        ("1", "Note 3."),
        (None, "More."),
        ("2", "Note 4."),
        (None, "More."),
    ]


def test_page_headers_and_footers_come_last_each_different_text_once() -> None:
    page = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    parts = {
        "header1": tbl(tr("Tarnmoor CSP", "Official – Sensitive")),
        "header2": p("Official – Sensitive") + p("Appendix A"),
        "footer1": p(run("Page ") + page.format(run("1"))),
        "footer2": p(run("Page ") + page.format(run("12"))),
        "footer3": p(page.format(run("12"))),
    }
    first = (
        '<w:sectPr><w:headerReference r:id="header1"/>'
        '<w:footerReference r:id="footer1"/></w:sectPr>'
    )
    second = (
        '<w:sectPr><w:headerReference r:id="header2"/><w:footerReference r:id="footer2"/>'
        '<w:footerReference r:id="footer3"/></w:sectPr>'
    )
    body = p("Report", first) + p("Plan") + second
    assert told(read(body, parts=parts).blocks) == [
        ("Report", "paragraph 1", None),
        ("Plan", "paragraph 2", None),
        ("Tarnmoor CSP", "page header", "page header"),
        ("Official – Sensitive", "page header", "page header"),
        ("Page 1", "page footer", "page footer"),
        ("Appendix A", "page header of section 2", "page header"),
    ]


def test_a_watermark_is_read_with_the_margin_it_stands_in() -> None:
    sign = '<w:r><w:pict><v:shape><v:textpath string="DRAFT"/></v:shape></w:pict></w:r>'
    body = p("Report") + '<w:sectPr><w:headerReference r:id="header1"/></w:sectPr>'
    found = read(body, parts={"header1": p(sign)}).blocks
    assert told(found)[1] == ("DRAFT", "page header", "page header")


def test_a_table_of_contents_is_said_to_be_one() -> None:
    styles = style("TOC1", "toc 1") + style("TOCHeading", "TOC Heading")
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r>'
        '<w:instrText> TOC \\o "1-3" </w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    body = (
        styled("Contents", "TOCHeading")
        + styled("1 Introduction\t3", "TOC1")
        + p(begin + run("2 Recommendations\t9"))
        + p("3 Plan\t12")
        + p(end + run("Introduction"))
    )
    found = paragraphs(read(body, styles=styles))
    assert [one.aside for one in found] == ["table of contents"] * 4 + [None]


def test_a_table_of_contents_in_its_own_control_is_one_without_styles() -> None:
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    body = (
        f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{p('Recommendations 9')}"
        f"</w:sdtContent></w:sdt>{p('Recommendations')}"
    )
    assert [one.aside for one in paragraphs(read(body))] == ["table of contents", None]


def test_diagrams_and_charts_give_their_texts() -> None:
    def drawing(inner: str) -> str:
        held = f"<wp:inline><a:graphic>{inner}</a:graphic></wp:inline>"
        return f"<w:r><w:drawing>{held}</w:drawing></w:r>"

    words = "<a:p><a:r><a:t>Refer to </a:t></a:r><a:r><a:t>MARAC</a:t></a:r></a:p>"
    parts = {
        "diagramData1": xml("dgm:dataModel", f"<dgm:pt><dgm:t>{words}</dgm:t></dgm:pt>"),
        "chart1": xml(
            "c:chartSpace",
            "<c:title><a:p><a:r><a:t>Actions by status</a:t></a:r></a:p></c:title>"
            "<c:strCache><c:pt><c:v>Late</c:v></c:pt></c:strCache>",
        ),
    }
    body = p(drawing('<dgm:relIds r:dm="diagramData1"/>') + drawing('<c:chart r:id="chart1"/>'))
    assert told(read(body, parts=parts).blocks) == [
        ("Refer to MARAC", "diagram at paragraph 1", "diagram"),
        ("Actions by status", "chart at paragraph 1", "chart"),
        ("Late", "chart at paragraph 1", "chart"),
    ]


def test_page_headers_that_differ_by_more_than_the_page_are_all_read() -> None:
    said = ["Ashlow DHR 12", "Ashlow DHR 13", "14/05/2021", "7", "Plan | 3", "Plan | 4"]
    parts = {f"header{n}": p(text) for n, text in enumerate(said, start=1)}
    references = "".join(f'<w:headerReference r:id="{name}"/>' for name in parts)
    found = read(p("Report") + f"<w:sectPr>{references}</w:sectPr>", parts=parts).blocks
    assert [text for text, *_ in told(found)[1:]] == [
        "Ashlow DHR 12",
        "Ashlow DHR 13",
        "14/05/2021",
        "Plan | 3",
    ]
