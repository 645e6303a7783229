"""Web pages: what a browser shows is what is read, and what it hides is not lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import DamagedDocument
from kb.ingest import read_document
from kb.ingest.readers.html import read_html
from kb.ingest.tables import Document, Paragraph, Table
from kb.text.agencies import Agencies


def page(body: str, head: str = "") -> Document:
    text = f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{body}'
    return read_html(text.encode(), "page.html")


def paragraphs(document: Document) -> list[Paragraph]:
    return [block for block in document.blocks if isinstance(block, Paragraph)]


def printed(body: str) -> list[str]:
    return [paragraph.printed for paragraph in paragraphs(page(body))]


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def cells(body: str) -> list[list[tuple[str, int, int]]]:
    (table,) = tables(page(body))
    return [[(c.text, c.at, c.span) for c in row.cells if not c.goes_on] for row in table.rows]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>Ask  about\n   <b>pets</b> .</p>", ["Ask about pets ."]),
        ("<p>One<br>two <br/> three</p>", ["One\ntwo\nthree"]),
        ("<p>A&nbsp;&amp;&nbsp;E &ndash; &#8220;now&#8221;</p>", ["A\xa0&\xa0E – “now”"]),
        ("<p>zero\u200bwidth and soft\u00adhyphen</p>", ["zerowidth and softhyphen"]),
        ("<pre>a   b\n  c</pre>", ["a   b\n  c"]),
        ("<div>One<div>Two</div>three</div>", ["One", "Two", "three"]),
        ("<p>He said <q>ask</q>.</p>", ["He said “ask”."]),
        ("<p>&nbsp;</p><p></p><p>Text</p>", ["Text"]),
        ("text without any tag", ["text without any tag"]),
        ("<p>one<p>two<td>three", ["one", "two", "three"]),
        ("<input type=checkbox checked> Done <input type=radio> Not", ["☑ Done ☐ Not"]),
        ("<select><option>Red<option selected>Green</select>", ["Green"]),
    ],
)
def test_text_is_what_a_browser_shows(body: str, expected: list[str]) -> None:
    assert printed(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<ul><li>cats<li>dogs</ul>", ["• cats", "• dogs"]),
        ("<ol><li>one<li>two</ol>", ["1. one", "2. two"]),
        ('<ol start="3" type="a"><li>one<li>two</ol>', ["c. one", "d. two"]),
        ('<ol type="I"><li>one<li value=9>two<li>three</ol>', ["I. one", "IX. two", "X. three"]),
        ('<ol reversed><li>one<li>two</ol>', ["2. one", "1. two"]),
        ('<ol style="list-style-type:lower-roman"><li>x</ol>', ["i. x"]),
        ('<ul style="list-style: none"><li>x</ul>', ["x"]),
        ("<ol><li><p>one</p><p>more</p><ul><li>deep</ul><li>two</ol>",
         ["1. one", "more", "• deep", "2. two"]),
        ("<ol><li><ol type=a><li>both</ol></ol>", ["1. a. both"]),
        ("<ol><li>  <li>two</ol>", ["2. two"]),
    ],
)  # fmt: skip
def test_lists_have_the_labels_that_a_browser_prints(body: str, expected: list[str]) -> None:
    assert printed(body) == expected


def test_headings_and_paragraphs_all_in_bold_are_known_as_such() -> None:
    document = page(
        "<h1>Plan</h1><h3><a href=#>Police</a></h3><p><b>All</b> <strong>bold</strong></p>"
        "<p><b>Some</b> bold</p><p style='font-weight: 700'>heavy</p><div role=heading "
        "aria-level=2>Said</div>"
    )
    assert [(p.text, p.level, p.strong) for p in paragraphs(document)] == [
        ("Plan", 1, False),
        ("Police", 3, False),
        ("All bold", 0, True),
        ("Some bold", 0, False),
        ("heavy", 0, True),
        ("Said", 2, False),
    ]


def test_what_stands_beside_the_text_says_where() -> None:
    document = page(
        "<header>Hartsmere Council<nav><a>Home</a></nav></header><main><article><header><h1>Plan"
        "</h1></header>Text<aside>See also</aside></article></main><footer>Contact</footer>",
        "<title>Plan - Hartsmere</title>",
    )
    assert [(p.text, p.aside) for p in paragraphs(document)] == [
        ("Hartsmere Council", "page header"),
        ("Home", "page header"),
        ("Plan", None),
        ("Text", None),
        ("See also", "box beside the text"),
        ("Contact", "page footer"),
        ("Plan - Hartsmere", "title"),
    ]


def test_the_title_of_a_page_stands_first_where_no_heading_names_it() -> None:
    title = "<title>Hartsmere DHR 7 –\n Action Plan</title>"
    assert paragraphs(page("<p>Text</p>", title))[0] == Paragraph(
        "Hartsmere DHR 7 – Action Plan", "title of the page", aside="title"
    )
    assert len(paragraphs(page("<h1>Hartsmere DHR 7 – Action Plan</h1>", title))) == 1


def test_scripts_styles_and_templates_are_no_text() -> None:
    assert printed(
        "<script>var a='<p>x</p>'</script><style>p{}</style><template>t</template>a"
    ) == ["a"]


def test_hidden_text_is_read_as_such_with_its_place() -> None:
    document = page(
        '<div hidden>one</div><p>seen<span style="display: none">two</span></p>'
        '<table><tr><th>Recommendation<th>Date<tr><td>Ask.<td><i class="key">20220731</i>31.7.22'
        "</table>",
        "<style>.key, .x { display : none } @media print { .y { display: none } }</style>",
    )
    assert [(p.text, p.aside, p.place) for p in paragraphs(document)] == [
        ("one", "hidden text", "paragraph 1"),
        ("seen", None, "paragraph 2"),
        ("two", "hidden text", "paragraph 3"),
        ("20220731", "hidden text", "table 1, row 2"),
    ]
    assert tables(document)[0].rows[1].printed == "Ask. | 31.7.22"


def test_a_hidden_row_a_struck_text_and_an_image_are_flagged() -> None:
    (table,) = tables(
        page(
            "<table><tr><th>Recommendation<th>RAG<tr style='display:none'><td>Ask.<td>x"
            "<tr><td>Listen <del>to him</del><td><img alt='Green' src=g.png></table>"
        )
    )
    assert [row.flags for row in table.rows] == [
        (),
        ("the row is hidden on the page",),
        ("“to him” is struck through", "“Green” is an image"),
    ]
    assert table.rows[2].printed == "Listen to him | Green"


def test_merged_cells_go_on_below_and_push_others_aside() -> None:
    (table,) = tables(
        page(
            "<table><tr><th>No<th>Rec<th colspan=2>Lead<tr><td rowspan=2>1<td rowspan=2>Ask<td>A"
            "<td>B<tr><td>C<td>D<tr><td>2<td colspan=2>Listen<td>E</table>"
        )
    )
    assert [[(c.text, c.at, c.span, c.goes_on) for c in row.cells] for row in table.rows] == [
        [("No", 0, 1, False), ("Rec", 1, 1, False), ("Lead", 2, 2, False)],
        [("1", 0, 1, False), ("Ask", 1, 1, False), ("A", 2, 1, False), ("B", 3, 1, False)],
        [("", 0, 1, True), ("", 1, 1, True), ("C", 2, 1, False), ("D", 3, 1, False)],
        [("2", 0, 1, False), ("Listen", 1, 2, False), ("E", 3, 1, False)],
    ]


def test_a_merged_cell_ends_with_its_row_group() -> None:
    (table,) = tables(
        page(
            "<table><tbody><tr><td rowspan=0>1<td>a<tr><td>b<tbody><tr><td rowspan=65534>2<td>c"
            "<tr><td>d</table>"
        )
    )
    assert [[(c.text, c.at) for c in row.cells] for row in table.rows] == [
        [("1", 0), ("a", 1)],
        [("", 0), ("b", 1)],
        [("2", 0), ("c", 1)],
        [("", 0), ("d", 1)],
    ]


def test_head_and_foot_stand_where_they_are_printed() -> None:
    body = "<table><tfoot><tr><td>foot<td><tbody><tr><td>body<td>x<thead><tr><th>head<th>y</table>"
    assert [row[0][0] for row in cells(body)] == ["head", "body", "foot"]


@pytest.mark.parametrize(
    ("value", "span"), [("10000", 1000), ("0", 1), ("-3", 1), ("two", 1), ("2.5", 2), ("", 1)]
)
def test_absurd_spans_are_limited(value: str, span: int) -> None:
    (row, _) = cells(f"<table><tr><td colspan='{value}'>wide<tr><td>a<td>b</table>")
    assert row == [("wide", 0, span)]


def test_a_table_with_too_many_merged_cells_is_refused() -> None:
    wide = "<td rowspan=65534 colspan=1000>x" * 40
    with pytest.raises(DamagedDocument, match="more than 2,000,000 cells"):
        page(f"<table><tr>{wide}" + "<tr><td>y" * 2000)


def test_lists_and_paragraphs_in_a_cell_stand_on_lines_of_their_own() -> None:
    body = (
        "<table><tr><td><p>First</p><p>Second</p><td>Do:<ol><li>this<li>that</ol>then<br>rest"
        "</table>"
    )
    assert cells(body) == [[("First\nSecond", 0, 1), ("Do:\n1. this\n2. that\nthen\nrest", 1, 1)]]


def test_a_table_inside_a_cell_is_kept_as_a_table() -> None:
    (table,) = tables(
        page(
            "<table><tr><th>Rec<th>Actions<tr><td>Ask.<td>See:<table><tr><td>a<td>b</table>after"
            "<tr><td>Listen.<td>none</table>"
        )
    )
    cell = table.rows[1].cells[1]
    assert cell.text == "See:\nafter"
    assert [row.printed for row in cell.tables[0].rows] == ["a | b"]
    assert cell.tables[0].name == "table 1.1"


def test_a_table_that_only_arranges_the_page_is_no_table(agencies: Agencies) -> None:
    plan = "<table border=1><tr><td>Recommendation<td>Lead<tr><td>Ask about pets.<td>GP</table>"
    document = page(
        f"<table width=100%><tr><td><img src=logo><td>Menu<tr><td colspan=2><h2>Plan</h2>{plan}"
        "</table><table><tr><td><p>A box</p></table>"
    )
    assert [t.name for t in tables(document)] == ["table 1"]
    assert [p.text for p in paragraphs(document)] == ["Menu", "Plan", "A box"]


def test_a_list_of_terms_is_a_table_of_two_columns() -> None:
    body = (
        '<dl class="govuk-summary-list"><div><dt>Recommendation<dd>Ask.</div><div><dt>Lead<dd>GP'
        "<dd>Police</div></dl>"
    )
    assert cells(body) == [
        [("Recommendation", 0, 1), ("Ask.", 1, 1)],
        [("Lead", 0, 1), ("GP\nPolice", 1, 1)],
    ]


def test_text_that_is_only_indented_as_a_term_is_a_paragraph() -> None:
    assert printed("<dl><dd>An indented line</dl>") == ["An indented line"]


def test_a_table_drawn_with_roles_is_a_table() -> None:
    body = (
        "<div role=table><div role=row><span role=columnheader>Rec</span><span role=columnheader>"
        "Lead</span></div><div role=row><div role=cell>Ask</div><div role=cell>GP</div></div></div>"
    )
    assert [[text for text, _, _ in row] for row in cells(body)] == [["Rec", "Lead"], ["Ask", "GP"]]


def test_words_own_list_labels_are_labels() -> None:
    body = (
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span "
        "style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "
        '"Times New Roman"\'>&nbsp;&nbsp; </span></span></span><![endif]>Ask<o:p></o:p></p>'
        "<!--[if gte mso 9]><xml><w:x>junk</w:x></xml><![endif]-->"
        "<p><span style='mso-list:Ignore'>4.2<span>&nbsp; </span></span>Listen</p>"
    )
    assert [(p.label, p.text) for p in paragraphs(page(body))] == [("•", "Ask"), ("4.2", "Listen")]


@pytest.mark.parametrize(
    ("data", "text", "notes"),
    [
        ("<p>it’s – £5</p>".encode(), "it’s – £5", ()),
        (b"\xef\xbb\xbf<p>\xe2\x80\x99</p>", "’", ()),
        ("<p>it’s</p>".encode("utf-16"), "it’s", ("read as UTF-16",)),
        (
            b'<meta charset="windows-1252"><p>it\x92s</p>',
            "it’s",
            ("read as Windows-1252",),
        ),
        (
            b'<meta http-equiv=Content-Type content="text/html; charset=macintosh"><p>it\xd5s</p>',
            "it’s",
            ("read as Mac Roman",),
        ),
        (b'<meta charset="utf-8"><p>it\x92s</p>', "it’s", ("read as Windows-1252",)),
        (b'<meta charset="no-such"><p>it\x92s</p>', "it’s", ("read as Windows-1252",)),
    ],
)
def test_the_encoding_is_found(data: bytes, text: str, notes: tuple[str, ...]) -> None:
    document = read_html(data, "page.html")
    assert (paragraphs(document)[0].text, document.notes) == (text, notes)


def test_xhtml_is_read_with_its_empty_elements_and_nothing_outside_is_fetched() -> None:
    document = read_html(
        b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY own SYSTEM "file:///etc/hostname">]>'
        b'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="x"/></head><body>'
        b"<p>One</p><table><tr><td/><td>two&own;</td></tr></table></body></html>",
        "page.xhtml",
    )
    assert [p.text for p in paragraphs(document)] == ["One"]
    first, second = tables(document)[0].rows[0].cells
    assert (first.text, second.text.removesuffix("&own;")) == ("", "two")


def test_a_plan_on_a_web_page_is_read(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "plan.html"
    path.write_text(
        "<title>Reviews - Hartsmere</title><h1>Hartsmere Domestic Homicide Review 7</h1>"
        "<table><thead><tr><th>No.<th>Recommendation<th>Lead agency<th>Target date</thead>"
        "<tr><td rowspan=2>1<td rowspan=2>Ask about <b>pets</b>.<td>Police<td>31/07/2022"
        "<tr><td>GP<td>May 2022</table>",
        "utf-8",
    )
    (reading,) = read_document(path, agencies=agencies)
    assert reading.facts.title == "Hartsmere Domestic Homicide Review 7"
    (recommendation,) = reading.recommendations
    assert (recommendation.number, recommendation.text) == ("1", "Ask about pets.")
    assert [action.lead_agency for action in recommendation.actions] == ["Police", "GP"]


TAGS = st.sampled_from(
    "<table>|</table>|<tr>|</tr>|<td rowspan=3>|<td colspan=2>|</td>|<th>|<p>|</p>|<li>|<ol>|</ol>|"
    "<dl>|<dt>|<dd>|</dl>|<b>|</b>|<thead>|<tfoot>|<div hidden>|</div>|<!--|-->|<br>|<select>|&amp"
    "".split("|")
)


@settings(max_examples=200, deadline=None)
@given(st.lists(TAGS | st.integers(0, 99).map("w{}w ".format), max_size=40))
def test_broken_pages_are_read_and_no_word_is_lost(parts: list[str]) -> None:
    body = "".join(part for part in parts if part not in ("<!--", "<select>"))
    document = read_html(f"<html><body>{body}".encode(), "page.html")

    def words(table: Table) -> str:
        return " ".join(
            f"{cell.text} {' '.join(map(words, cell.tables))}"
            for row in table.rows
            for cell in row.cells
        )

    shown = " ".join(b.text if isinstance(b, Paragraph) else words(b) for b in document.blocks
                     if isinstance(b, (Paragraph, Table)))  # fmt: skip
    written = [part for part in parts if part.startswith("w")]
    assert all(part.strip() in shown for part in written)
    read_html("".join(parts).encode(), "page.html")


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "dl><dd", "ol><li", "header"])
def test_deep_nesting_is_read_without_end_of_the_stack(tag: str) -> None:
    assert "deep text" in str(page(f"<{tag}>" * 600 + "deep text"))
    with pytest.raises(DamagedDocument, match="too deep"):
        page(f"<{tag}>" * 3000 + "deep text")


def test_what_follows_a_comment_in_xhtml_is_read_and_its_signs_have_their_names() -> None:
    head = '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd">'
    body = "<p>Ask <!-- who -->all&nbsp;crews &ndash; <?x y?>now &amp; <b>then</b>.</p>"
    text = f'{head}<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'
    assert [p.text for p in paragraphs(read_html(text.encode(), "plan.xhtml"))] == [
        "Ask all\xa0crews – now & then."
    ]


def test_a_cell_that_is_not_displayed_takes_no_column() -> None:
    document = page(
        "<table><tr><th>Recommendation<th>Lead<tr><td style='display:none'>77<td>Ask.<td>GP"
        "<tr><td>Listen.<td style='visibility:hidden'>NHS</table>"
    )
    (table,) = tables(document)
    assert [[(c.at, c.text) for c in row.cells] for row in table.rows[1:]] == [
        [(0, "Ask."), (1, "GP")],
        [(0, "Listen."), (1, "NHS")],
    ]
    assert table.rows[2].flags == ("a cell of the row is hidden on the page",)
    assert [(p.text, p.aside) for p in paragraphs(document)] == [("77", "hidden text")]


def test_a_hidden_table_that_arranges_the_page_stays_hidden() -> None:
    inner = "<table><tr><th>No<th>Name<tr><td>1<td>Jo</table>"
    document = page(f"<table hidden><tr><td>secret{inner}</table>seen")
    assert [(p.text, p.aside) for p in paragraphs(document)] == [
        *[(text, "hidden text") for text in ("secret", "No", "Name", "1", "Jo")],
        ("seen", None),
    ]


@pytest.mark.parametrize("codec", ["unicode_escape", "idna", "punycode", "cp037"])
def test_a_declared_codec_that_is_no_encoding_of_pages_is_not_used(codec: str) -> None:
    data = rf"<meta charset={codec}><p>\x41sk the café.</p>".encode("latin-1")
    document = read_html(data, "plan.html")
    assert [p.text for p in paragraphs(document)] == [r"\x41sk the café."]
    assert document.notes == ("read as Windows-1252",)


def test_what_stands_behind_the_end_of_a_page_is_read() -> None:
    text = "<html><body><p>one</p></body></html>two<html><body><table><tr><td>3<td>4</table></html>"
    document = read_html(text.encode(), "plan.html")
    assert [p.text for p in paragraphs(document)] == ["one", "two"]
    assert [row.printed for table in tables(document) for row in table.rows] == ["3 | 4"]


def test_a_page_that_leaves_out_its_head_and_body_tags_is_read() -> None:
    text = "<!doctype html><title>Plan</title><main><p>Ask.</main>"
    document = read_html(text.encode(), "plan.html")
    assert [(p.text, p.aside) for p in paragraphs(document)] == [("Plan", "title"), ("Ask.", None)]
    text = "<!doctype html><html><head><title>Plan</title><section>Ask.</section>"
    document = read_html(text.encode(), "plan.html")
    assert [(p.text, p.aside) for p in paragraphs(document)] == [("Plan", "title"), ("Ask.", None)]
