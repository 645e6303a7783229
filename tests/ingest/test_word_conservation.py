from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st
from word_files import item, level, lists, p, run, tbl, tc, tr, word_file

from kb.errors import DamagedDocument
from kb.ingest.readers.word import read_word
from kb.ingest.tables import Document, Paragraph, Table

NUMBERING = lists(level(0, "decimal", "%1."), level(1, "lowerLetter", "(%2)"))
WORD, ECHO = "word", "echo"  # the echo is what old programs read instead


def boxed(content: str) -> str:
    held = f"<w:txbxContent>{content}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>'
        f"{held}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        f"{held.replace(WORD, ECHO)}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def control(content: str) -> str:
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def field(content: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{content}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


RUNS = st.recursive(
    st.sampled_from([run(f"{WORD} "), run(f"{WORD} ", "<w:b/>"), run(f"{WORD} ", "<w:strike/>")]),
    lambda inner: st.builds(
        lambda how, content: how(content),
        st.sampled_from(
            [
                control,
                field,
                lambda content: f"<w:ins>{content}</w:ins>",
                lambda content: f"<w:hyperlink>{content}</w:hyperlink>",
                lambda content: f"<w:smartTag>{content}</w:smartTag>",
                lambda content: f"{content}<w:bookmarkStart/>{content}",
                lambda content: boxed(p(content)) + run(f"{WORD} "),
            ]
        ),
        inner,
    ),
    max_leaves=4,
)
PARAGRAPHS = RUNS.map(p) | st.sampled_from([item(WORD), item(WORD, depth=1), item("")])
BLOCKS = st.recursive(
    PARAGRAPHS,
    lambda inner: st.one_of(
        inner.map(control),
        st.lists(inner, min_size=1, max_size=3).map(lambda held: p(boxed("".join(held)))),
        st.lists(
            st.lists(inner, min_size=1, max_size=3).map(
                lambda cells: tr(*(tc(cell + p()) for cell in cells))
            ),
            min_size=1,
            max_size=3,
        ).map(lambda rows: tbl(*rows)),
    ),
    max_leaves=6,
)


def printed(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Table):
            yield from cells_of(block)


def cells_of(table: Table) -> Iterator[str]:
    for row in table.rows:
        for cell in row.cells:
            yield cell.text
            for inner in cell.tables:
                yield from cells_of(inner)


@settings(max_examples=150, deadline=None)
@given(blocks=st.lists(BLOCKS, min_size=1, max_size=5))
def test_every_printed_word_arrives_once(blocks: list[str]) -> None:
    body = "".join(blocks)
    numbers = iter(range(10_000))
    body = re.sub(WORD, lambda _: f"{WORD}{next(numbers)}", body)
    expected = Counter(re.findall(rf"{WORD}\d+", body))
    document = read_word(word_file(body, numbering=NUMBERING), "plan.docx")
    found = " ".join(printed(document))
    assert Counter(re.findall(rf"{WORD}\d+", found)) == expected
    assert ECHO not in found


TAGS = st.sampled_from(
    "w:p w:pPr w:r w:rPr w:t w:tbl w:tr w:trPr w:tc w:tcPr w:vMerge w:gridSpan w:hMerge w:sdt "
    "w:sdtContent w:ins w:del w:fldChar w:instrText w:sym w:numPr w:numId w:ilvl w:pStyle w:b w:u "
    "w:vanish w:strike w:drawing w:pict w:object w:txbxContent mc:AlternateContent mc:Choice "
    "mc:Fallback w:footnoteReference w:commentReference w:sectPr w:headerReference w:rFonts "
    "w:highlight w:shd w:docPartGallery "
    "w:sdtPr w:outlineLvl w:altChunk v:textpath c:chart dgm:relIds wp:extent a:blip".split()
)
VALUES = st.sampled_from(
    ["", "0", "1", "-1", "x", "restart", "continue", "begin", "separate", "end", "F0FC", "black"]
)
NODES = st.recursive(
    st.builds(lambda tag, value: (tag, value, ()), TAGS, VALUES),
    lambda inner: st.builds(
        lambda tag, value, held: (tag, value, tuple(held)),
        TAGS,
        VALUES,
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


def written(node: tuple[str, str, tuple]) -> str:  # type: ignore[type-arg]
    tag, value, held = node
    names = ("w:val", "w:id", "w:fldCharType", "w:char", "w:ascii", "w:font", "r:id", "r:dm", "cx")
    attributes = " ".join(f'{name}="{value}"' for name in names)
    return f"<{tag} {attributes}>{'' if held else 'x'}{''.join(map(written, held))}</{tag}>"


@settings(max_examples=150, deadline=None)
@given(nodes=st.lists(NODES, max_size=6))
def test_any_elements_in_any_order_are_read_or_refused_in_our_own_words(
    nodes: list[tuple[str, str, tuple]],  # type: ignore[type-arg]
) -> None:
    parts = {"comments": "<w:comment/>", "footnotes": '<w:footnote w:id="1"/>', "header1": p("x")}
    body = "".join(map(written, nodes))
    with suppress(DamagedDocument):
        read_word(word_file(body, numbering=NUMBERING, styles=body, parts=parts), "plan.docx")
