from __future__ import annotations

from pathlib import Path

import docx
import pytest
from word_files import p, paragraphs, run, table, tbl, tc, texts, tr, unzipped, word_file, zipped

from kb.errors import DamagedDocument
from kb.ingest.readers.word import read_word

PLAN = p("Plan of Tarnmoor") + tbl(tr("Recommendation", "Lead"), tr("Ask.", "Police"))


def changed(data: bytes, part: str, content: bytes) -> bytes:
    return zipped({**unzipped(data), part: content})


def with_doctype(data: bytes, part: str, doctype: bytes) -> bytes:
    head, _, rest = unzipped(data)[part].partition(b"?>")
    return changed(data, part, head + b"?>" + doctype + rest)


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/numbering.xml"])
@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE x SYSTEM "file:///etc/hostname">',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        b"<!DOCTYPE x>",
    ],
)
def test_a_part_with_a_document_type_is_refused_by_name(part: str, doctype: bytes) -> None:
    data = with_doctype(word_file(PLAN), part, doctype)
    with pytest.raises(DamagedDocument, match=rf"plan\.docx: the part {part} declares"):
        read_word(data, "plan.docx")


def test_a_document_type_in_another_encoding_is_refused_too() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY e "x">]><x>&e;</x>'
    data = changed(word_file(PLAN), "word/document.xml", text.encode("utf-16"))
    with pytest.raises(DamagedDocument, match="document type"):
        read_word(data, "plan.docx")


def test_tables_nested_without_end_are_refused_in_words() -> None:
    body = "Ask."
    for _ in range(40):
        body = tc(tbl(tr(body)) + p())
    with pytest.raises(DamagedDocument, match="nested more than 20 deep"):
        read_word(word_file(tbl(tr(body))), "plan.docx")


def test_cells_that_span_more_columns_than_any_table_has_are_refused_in_words() -> None:
    wide = tc("Ask.", '<w:gridSpan w:val="999999999"/>')
    with pytest.raises(DamagedDocument, match=r"row 1: its cells .* more than 100,000 columns"):
        read_word(word_file(tbl(tr(*[wide] * 1_100))), "plan.docx")


@pytest.mark.parametrize("wrapper", ["w:ins", "w:sdt", "w:smartTag", "w:tbl"])
def test_elements_nested_without_end_are_refused_in_words(wrapper: str) -> None:
    body = f"<{wrapper}>" * 50_000 + p("Ask.") + f"</{wrapper}>" * 50_000
    with pytest.raises(DamagedDocument, match=r"the part word/document\.xml"):
        read_word(word_file(body), "plan.docx")


def test_text_boxes_nested_as_deep_as_the_format_lets_them_are_read_or_refused() -> None:
    body = p("Innermost.")
    for _ in range(30):
        body = p(
            f"<w:r><w:pict><v:textbox><w:txbxContent>{body}</w:txbxContent></v:textbox></w:pict></w:r>"
        )
    with pytest.raises(DamagedDocument, match="text boxes are nested"):
        read_word(word_file(body), "plan.docx")


def test_a_document_locked_with_a_password_says_so() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(DamagedDocument, match="protected with a password"):
        read_word(data, "plan.docx")


def test_an_old_document_under_a_new_name_says_so() -> None:
    with pytest.raises(DamagedDocument, match=r"old Word document \(\.doc\)"):
        read_word(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "plan.docx")


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("word/document.xml", b"<w:document"),
        ("word/document.xml", b""),
        ("word/document.xml", b"<other/>"),
        ("word/styles.xml", b"<w:styles"),
        ("_rels/.rels", b"nothing"),
    ],
)
def test_a_broken_part_is_named(part: str, content: bytes) -> None:
    data = changed(word_file(PLAN), part, content)
    with pytest.raises(DamagedDocument, match=rf"plan\.docx: .*damaged: the part {part}"):
        read_word(data, "plan.docx")


def test_an_archive_without_a_main_part_is_no_document() -> None:
    with pytest.raises(DamagedDocument, match="no main part"):
        read_word(zipped({"notes.txt": "words"}), "plan.docx")


def test_a_part_that_is_missing_is_done_without() -> None:
    files = unzipped(word_file(PLAN))
    del files["word/styles.xml"], files["word/numbering.xml"]
    assert texts(table(read_word(zipped(files), "plan.docx")))[1] == ["Ask.", "Police"]


def test_the_main_part_is_found_wherever_it_stands() -> None:
    data = word_file(PLAN, main="office/text2.xml")
    assert paragraphs(read_word(data, "plan.docx"))[0].text == "Plan of Tarnmoor"


def test_a_document_without_relationships_is_read_by_the_usual_name() -> None:
    files = unzipped(word_file(PLAN))
    del files["_rels/.rels"], files["word/_rels/document.xml.rels"]
    assert paragraphs(read_word(zipped(files), "plan.docx"))[0].text == "Plan of Tarnmoor"


def test_a_strict_document_is_read_like_any_other() -> None:
    strict = {
        name: content.replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/",
            b"http://purl.oclc.org/ooxml/wordprocessingml/",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/",
            b"http://purl.oclc.org/ooxml/officeDocument/",
        )
        for name, content in unzipped(
            word_file(
                PLAN,
                styles='<w:style w:type="paragraph" w:default="1" w:styleId="n">'
                '<w:name w:val="heading 3"/></w:style>',
            )
        ).items()
    }
    document = read_word(zipped(strict), "plan.docx")
    assert (paragraphs(document)[0].text, paragraphs(document)[0].level) == ("Plan of Tarnmoor", 3)
    assert texts(table(document))[1] == ["Ask.", "Police"]


def test_a_style_based_on_itself_and_odd_numbers_do_no_harm() -> None:
    styles = (
        '<w:style w:styleId="a"><w:name w:val="A"/><w:basedOn w:val="b"/></w:style>'
        '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>'
    )
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="a"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="x"/>'
    )
    listed = (
        '<w:pStyle w:val="a"/><w:numPr><w:ilvl w:val="99999999999"/><w:numId w:val="1"/></w:numPr>'
    )
    span = '<w:gridSpan w:val="999999999"/>'
    body = p(run("Ask.", '<w:rStyle w:val="b"/>'), listed) + tbl(
        tr(tc("x", span), tc("y", '<w:gridSpan w:val="-3"/>'))
    )
    document = read_word(word_file(body, styles=styles, numbering=numbering), "plan.docx")
    assert paragraphs(document)[0].text == "Ask."
    assert [cell.span for cell in table(document).rows[0].cells] == [1000, 1]


def test_a_template_is_read_like_a_document(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Recommendations", 1)
    document.add_paragraph("Ask.", style="List Number")
    document.add_paragraph("Listen.", style="List Bullet")
    document.save(str(tmp_path / "plan.docx"))
    found = paragraphs(read_word((tmp_path / "plan.docx").read_bytes(), "plan.dotx"))
    assert [(one.label, one.text, one.level) for one in found] == [
        (None, "Recommendations", 1),
        ("1.", "Ask.", 0),
        ("•", "Listen.", 0),
    ]
