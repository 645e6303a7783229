from __future__ import annotations

import pytest
from word_files import p, paragraphs, read, run, style, styled, table, tbl, tc, texts, tr

STRUCK = "<w:strike/>"


def printed(content: str, styles: str = "") -> str:
    return paragraphs(read(p(content), styles=styles))[0].text


def field(instruction: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_of_a_field_the_result_is_read_and_not_the_instruction() -> None:
    inner = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>'
        + field("MERGEFIELD area", run("Tarnmoor"))
        + run("hidden operand")
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + run("Local")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    simple = f'<w:fldSimple w:instr="DATE">{run(" 2021")}</w:fldSimple>'
    link = f'<w:hyperlink r:id="x">{run(" page")}</w:hyperlink>'
    assert printed(inner + simple + link) == "Local 2021 page"


def test_a_field_that_is_never_closed_swallows_nothing() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    body = p(begin + run("Ask.")) + p("Train.")
    assert [one.text for one in paragraphs(read(body))] == ["Ask.", "Train."]


def test_form_fields_print_their_box_or_their_choice() -> None:
    def form(data: str) -> str:
        return (
            f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'
            '<w:r><w:instrText>FORM</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    entries = '<w:listEntry w:val="Red"/><w:listEntry w:val="Green"/>'
    content = (
        form('<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>')
        + form('<w:checkBox><w:default w:val="0"/></w:checkBox>')
        + form(f'<w:ddList><w:result w:val="1"/>{entries}</w:ddList>')
    )
    assert printed(content) == "☒☐Green"


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        ("<w:noBreakHyphen/>", "a-b"),
        ("<w:softHyphen/>", "ab"),
        ("<w:t>\u00ad</w:t>", "ab"),
        ("<w:tab/>", "a\tb"),
        ("<w:br/>", "a\nb"),
        ("<w:t>\n</w:t>", "a b"),
        ('<w:sym w:font="Wingdings" w:char="F0FC"/>', "a✓b"),
        ('<w:sym w:font="Symbol" w:char="F0B7"/>', "a•b"),
        ('<w:sym w:font="Wingdings 2" w:char="F050"/>', "a✓b"),
        ('<w:sym w:font="MS Gothic" w:char="2612"/>', "a☒b"),
        ('<w:sym w:font="Wingdings" w:char="F001"/>', "a\N{REPLACEMENT CHARACTER}b"),
        (
            '<mc:AlternateContent><mc:Choice Requires="w16se"><w16se:symEx'
            ' xmlns:w16se="http://example.org/symex"/></mc:Choice>'
            "<mc:Fallback><w:t>✅</w:t></mc:Fallback></mc:AlternateContent>",
            "a✅b",
        ),
    ],
)
def test_each_sign_is_read_as_it_is_printed(piece: str, expected: str) -> None:
    assert printed(f"{run('a')}<w:r>{piece}</w:r>{run('b')}") == expected


def test_a_letter_set_in_a_symbol_font_is_the_sign_it_prints() -> None:
    ticked = run("ü", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>')
    assert printed(ticked + run(" done")) == "✓ done"
    box = run("☒", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>')
    assert printed(box + run(" done")) == "☒ done"


def test_what_was_inserted_is_read_and_what_was_deleted_is_not() -> None:
    deleted = "<w:del><w:r><w:delText>never </w:delText></w:r></w:del>"
    moved = f"<w:moveFrom>{run('Listen. ')}</w:moveFrom>"
    body = p(moved + run("Ask ") + deleted + f"<w:ins>{run('always.')}</w:ins>")
    body += p(f"<w:moveTo>{run('Listen.')}</w:moveTo>")
    document = read(body)
    assert [one.text for one in paragraphs(document)] == ["Ask always.", "Listen."]
    assert document.notes == (
        "tracked changes were read as accepted: what was inserted is in, what was deleted is not:"
        " paragraph 1; paragraph 2",
    )


def test_paragraphs_whose_mark_was_deleted_are_one() -> None:
    gone = "<w:rPr><w:del/></w:rPr>"
    body = p("Ask about ", gone) + p("pets.") + p("Listen.")
    found = [(one.text, one.place) for one in paragraphs(read(body))]
    assert found == [("Ask about pets.", "paragraph 1"), ("Listen.", "paragraph 2")]


def test_hidden_text_is_left_out_and_its_places_are_said() -> None:
    styles = (
        style("Secret", "Secret", "<w:rPr><w:vanish/></w:rPr>")
        + '<w:style w:type="character" w:styleId="Gone"><w:name w:val="Gone"/>'
        "<w:rPr><w:vanish/></w:rPr></w:style>"
    )
    body = (
        p(run("Ask.") + run("Jo said so.", "<w:vanish/>"))
        + styled("Not to be printed", "Secret")
        + p(run("Shown after all", '<w:vanish w:val="0"/>'), '<w:pStyle w:val="Secret"/>')
        + tbl(tr(tc(p(run("Train") + run(" (old)", '<w:rStyle w:val="Gone"/>')))))
    )
    document = read(body, styles=styles)
    assert [one.text for one in paragraphs(document)] == ["Ask.", "Shown after all"]
    assert texts(table(document)) == [["Train"]]
    assert document.notes == (
        "hidden text is not printed and was left out: paragraph 1; paragraph 2; table 1, row 1",
    )


def test_a_row_that_is_struck_through_is_flagged_as_perhaps_withdrawn() -> None:
    whole = tr(tc(p(run("Ask.", STRUCK))), tc(p(run("Police", "<w:dstrike/>"))))
    part = tr("Listen.", tc(p(run("31.7.21", STRUCK) + run(" 30.9.21"))))
    document = read(tbl(whole, part, tr("Write.", "GP")))
    found = table(document)
    assert texts(found)[0] == ["Ask.", "Police"]
    assert [row.flags for row in found.rows] == [
        ("the whole row is struck through in the document: it may be withdrawn",),
        ("“31.7.21” is struck through in the document",),
        (),
    ]
    assert document.notes == (
        "text struck through in the document was read and may have been withdrawn:"
        " table 1, row 1; table 1, row 2",
    )


def test_a_paragraph_that_is_struck_through_is_flagged() -> None:
    styles = style("Old", "Withdrawn", f"<w:rPr>{STRUCK}</w:rPr>")
    found = paragraphs(read(styled("Ask.", "Old") + p("Listen."), styles=styles))
    assert [one.flags for one in found] == [
        ("the whole paragraph is struck through in the document: it may be withdrawn",),
        (),
    ]


def test_words_blacked_out_by_hand_are_not_read() -> None:
    black = '<w:highlight w:val="black"/>'
    white = f'{black}<w:color w:val="FFFFFF"/>'
    shaded = '<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>'
    contrast = '<w:shd w:val="clear" w:fill="000000"/>'
    names = run("Jo", black) + run(" Doe", black)
    shown = run(" Now", white) + run(" or ", contrast) + run("Ann", shaded)
    document = read(p(run("Ask ") + names + shown))
    assert paragraphs(document)[0].text == "Ask ███ Now or ███"
    assert document.notes == (
        "text blacked out by highlighting was left out; whoever gets the file can still read it:"
        " paragraph 1",
    )


def test_the_prompt_of_an_empty_content_control_is_no_text() -> None:
    styles = style("Prompt", "Placeholder Text")
    prompt = run("Choose an item.", '<w:rStyle w:val="Prompt"/>')
    control = (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{prompt}</w:sdtContent></w:sdt>"
    )
    chosen = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('Complete')}</w:sdtContent></w:sdt>"
    document = read(tbl(tr(tc(p(control)), tc(p(chosen)))), styles=styles)
    assert texts(table(document)) == [["", "Complete"]]
    assert document.notes[0].startswith("the prompt of a content control")


@pytest.mark.parametrize(
    ("size", "said"),
    [("width:468pt;height:12cm", True), ("margin-width:468pt;width:60pt;height:60pt", False)],
)
def test_a_large_picture_of_the_old_kind_is_said_and_a_logo_is_not(size: str, said: bool) -> None:
    shape = f'<w:r><w:pict><v:shape style="{size}"><v:imagedata r:id="x"/></v:shape></w:pict></w:r>'
    assert bool(read(p(shape)).notes) is said


def test_what_cannot_be_read_is_said() -> None:
    big = (
        '<w:r><w:drawing><wp:inline><wp:extent cx="5400000" cy="3600000"/><a:graphic>'
        '<a:blip r:embed="x"/></a:graphic></wp:inline></w:drawing></w:r>'
    )
    sheet = '<w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>'
    document = read(p(run("Plan: ") + big + sheet) + '<w:altChunk r:id="x"/>')
    assert [note.partition(" was not read")[0] for note in document.notes] == [
        "a large picture",
        "an embedded document",
        "a part imported from another format",
    ]


def test_text_in_the_style_of_a_prompt_is_text_where_no_control_holds_it() -> None:
    styles = style("Prompt", "Placeholder Text")
    document = read(p(run("All crews are trained.", '<w:rStyle w:val="Prompt"/>')), styles=styles)
    assert [one.text for one in paragraphs(document)] == ["All crews are trained."]
    assert document.notes == ()


def test_a_field_whose_end_was_deleted_swallows_nothing() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    deleted = f'<w:del w:id="1">{mark("separate")}{mark("end")}</w:del>'
    field = mark("begin") + "<w:r><w:instrText>REF x</w:instrText></w:r>" + deleted
    document = read(p(field + run("Ask.")) + p(run("Listen.")))
    assert [one.text for one in paragraphs(document)] == ["Ask.", "Listen."]
