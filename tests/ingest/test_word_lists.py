from __future__ import annotations

import pytest
from word_files import item, level, lists, p, paragraphs, read, run, style, styled, table, tbl, tr

from kb.ingest.readers.word.numerals import numeral


def labels(body: str, numbering: str, styles: str = "") -> list[str | None]:
    return [one.label for one in paragraphs(read(body, numbering=numbering, styles=styles))]


@pytest.mark.parametrize(
    ("form", "number", "printed"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 7, "07"),
        ("lowerLetter", 1, "a"),
        ("lowerLetter", 27, "aa"),
        ("upperLetter", 54, "BBB"),
        ("lowerRoman", 4, "iv"),
        ("upperRoman", 1999, "MCMXCIX"),
        ("ordinal", 1, "1st"),
        ("ordinal", 12, "12th"),
        ("ordinal", 22, "22nd"),
        ("cardinalText", 21, "Twenty-one"),
        ("ordinalText", 12, "Twelfth"),
        ("ordinalText", 20, "Twentieth"),
        ("ordinalText", 31, "Thirty-first"),
        ("none", 3, ""),
        ("chineseCounting", 3, "3"),
    ],
)
def test_a_number_is_printed_in_its_form(form: str, number: int, printed: str) -> None:
    assert numeral(number, form) == printed


def test_levels_count_under_one_another_and_start_again() -> None:
    numbering = lists(
        level(0, "decimal", "%1."), level(1, "decimal", "%1.%2"), level(2, "lowerLetter", "(%3)")
    )
    body = "".join(item("Ask.", depth=depth) for depth in (0, 1, 1, 2, 2, 1, 2, 0, 1))
    expected = ["1.", "1.1", "1.2", "(a)", "(b)", "1.3", "(a)", "2.", "2.1"]
    assert labels(body, numbering) == expected


def test_a_level_that_was_left_out_counts_as_begun() -> None:
    numbering = lists(
        level(0, "decimal", "%1."), level(1, "decimal", "%1.%2"), level(2, "decimal", "%1.%2.%3")
    )
    body = "".join(item("Ask.", depth=depth) for depth in (2, 1, 2, 0, 1))
    assert labels(body, numbering) == ["1.1.1", "1.2", "1.2.1", "2.", "2.1"]


def test_a_label_carries_the_words_that_its_list_prints() -> None:
    numbering = lists(level(0, "decimal", "Recommendation %1:"))
    (one,) = paragraphs(read(item("Ask about pets."), numbering=numbering))
    assert (one.label, one.text) == ("Recommendation 1:", "Ask about pets.")
    assert one.printed == "Recommendation 1: Ask about pets."


def test_lists_of_one_abstract_list_count_on_unless_a_start_is_given() -> None:
    more = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="7"/></w:lvlOverride></w:num>'
    )
    numbering = lists(level(0, "decimal", "%1."), more=more)
    body = "".join(item("Ask.", number) for number in (1, 1, 2, 3, 3, 1))
    assert labels(body, numbering) == ["1.", "2.", "3.", "7.", "8.", "9."]


def test_a_list_may_override_a_whole_level() -> None:
    own = level(0, "upperLetter", "%1)", start=3)
    more = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
        f'<w:lvlOverride w:ilvl="0">{own}</w:lvlOverride></w:num>'
    )
    numbering = lists(level(0, "decimal", "%1."), more=more)
    assert labels(item("a") + item("b", 2) + item("c", 2), numbering) == ["1.", "C)", "D)"]


def test_a_level_that_never_restarts_counts_through() -> None:
    through = '<w:lvlRestart w:val="0"/>'
    numbering = lists(level(0, "upperLetter", "%1"), level(1, "decimal", "R%2", through))
    body = "".join(item("Ask.", depth=depth) for depth in (0, 1, 1, 0, 1))
    assert labels(body, numbering) == ["A", "R1", "R2", "B", "R3"]


def test_legal_numbering_prints_all_levels_as_figures() -> None:
    numbering = lists(level(0, "upperRoman", "%1"), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    assert labels(item("x") + item("y") + item("z", depth=1), numbering) == ["I", "II", "2.1"]


def test_numbering_comes_through_a_style_and_those_it_is_based_on() -> None:
    linked = '<w:pStyle w:val="Part"/>'
    numbering = lists(level(0, "decimal", "%1"), level(1, "decimal", "%1.%2", linked))
    listed = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = (
        style("Chapter", "Chapter", listed)
        + style("Part", "Part", based_on="Chapter")
        + style("Own", "Own", based_on="Part")
    )
    off = p("Not counted.", '<w:pStyle w:val="Part"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    body = styled("One", "Chapter") + styled("a", "Part") + off + styled("b", "Own")
    assert labels(body, numbering, styles) == ["1", "1.1", None, "1.2"]


def test_a_list_linked_to_a_numbering_style_has_its_levels() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="5"><w:numStyleLink w:val="Plan"/></w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="6">{level(0, "decimal", "R%1")}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="6"/></w:num>'
    )
    styles = (
        '<w:style w:type="numbering" w:styleId="Plan"><w:name w:val="Plan"/><w:pPr><w:numPr>'
        '<w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
    )
    assert labels(item("Ask."), numbering, styles) == ["R1"]


def test_a_custom_form_pads_its_numbers() -> None:
    custom = (
        '<w:lvl w:ilvl="0"><w:start w:val="9"/><mc:AlternateContent><mc:Choice Requires="w14">'
        '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback>'
        '<w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent><w:lvlText w:val="%1"/>'
        "</w:lvl>"
    )
    assert labels(item("a") + item("b"), lists(custom)) == ["009", "010"]


def test_every_bullet_is_one_sign_and_an_unknown_list_none() -> None:
    numbering = lists(level(0, "bullet", "\uf0b7"), level(1, "bullet", "o"))
    body = item("a") + item("b", depth=1) + item("c", number=9)
    assert labels(body, numbering) == ["•", "•", None]


def test_an_empty_paragraph_of_a_list_counts_and_a_deleted_one_does_not() -> None:
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    gone = f"{listed}<w:rPr><w:del/></w:rPr>"
    body = item("a") + p("", listed) + p("<w:del><w:r/></w:del>", gone) + item("b")
    assert labels(body, lists(level(0, "decimal", "%1."))) == ["1.", "3."]


def test_in_a_cell_the_label_stands_before_the_text() -> None:
    numbering = lists(level(0, "decimal", "%1."), level(1, "bullet", "\uf0b7"))
    row = tr(f"<w:tc>{item('')}</w:tc>", f"<w:tc>{item('Ask.')}{item('Train', depth=1)}</w:tc>")
    bullet = tr(f"<w:tc>{item('', depth=1)}</w:tc>", f"<w:tc>{item('Write.')}{item('')}</w:tc>")
    found = table(read(tbl(row, bullet), numbering=numbering))
    assert [[cell.text for cell in row.cells] for row in found.rows] == [
        ["1.", "2. Ask.\n• Train"],
        ["", "3. Write."],
    ]


def test_a_number_on_a_line_of_its_own_stands_before_the_text_below_it() -> None:
    numbering = lists(level(0, "decimal", "%1."))
    cell = f"<w:tc>{item('')}{p('Ask.')}{item('')}{item('Listen.')}{item('')}</w:tc>"
    (row,) = table(read(tbl(tr(cell)), numbering=numbering)).rows
    assert row.cells[0].text == "1.\nAsk.\n\n3. Listen."


def test_headings_are_known_by_the_name_of_their_style_in_any_language() -> None:
    styles = (
        style("berschrift2", "heading 2")
        + style("Titel", "Title")
        + style("Kapitel", "Kapitel", based_on="berschrift2")
        + style("Outline", "House style", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>')
        + style("Not", "Contents", '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>', "berschrift2")
    )
    names = ("Titel", "berschrift2", "Kapitel", "Outline", "Not", "Missing")
    body = "".join(styled("Recommendations", name) for name in names)
    direct = p("Recommendations", '<w:outlineLvl w:val="0"/>')
    assert [one.level for one in paragraphs(read(body + direct, styles=styles))] == [
        1, 2, 2, 3, 0, 0, 1,
    ]  # fmt: skip


def test_a_line_is_strong_where_all_of_it_is_bold_or_underlined() -> None:
    styles = style("Strong", "Strong line", "<w:rPr><w:b/></w:rPr>")
    bold, under, plain = "<w:b/>", '<w:u w:val="single"/>', '<w:b w:val="0"/>'
    body = (
        p(run("Police", bold) + run(" ") + run("and health", under))
        + p(run("Police", bold) + run(" and health"))
        + styled("Police", "Strong")
        + p(run("Police", plain), '<w:pStyle w:val="Strong"/>')
    )
    found = [one.strong for one in paragraphs(read(body, styles=styles))]
    assert found == [True, False, True, False]
