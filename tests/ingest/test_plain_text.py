"""Plain text that is no flattened table: paragraphs as they were meant, and drawn tables."""

from __future__ import annotations

import textwrap
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kb.ingest import read_document
from kb.ingest.readers.flattened import read_flattened
from kb.ingest.tables import CellRun, Document, Paragraph, Table
from kb.text.agencies import Agencies

PROSE = (
    "This review was commissioned by the Partnership after the death of a woman who is called Alice"
    " in this report. The panel met six times, and nine agencies gave it their own accounts of what"
    " they knew and did. Her family read the report and asked for a change to its first chapter."
)


def read(text: str) -> Document:
    return read_flattened(text.encode(), "plan.txt")


def paragraphs(text: str) -> list[tuple[str, str]]:
    return [(b.text, b.place) for b in read(text).blocks if isinstance(b, Paragraph)]


def rows(text: str) -> list[list[str]]:
    (table,) = (block for block in read(text).blocks if isinstance(block, Table))
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_lines_wrapped_by_hand_are_one_paragraph_again() -> None:
    text = textwrap.fill(PROSE, 72) + "\n\nRecommendations\n" + textwrap.fill("1. " + PROSE, 72)
    wrapped = len(textwrap.wrap(PROSE, 72))
    assert paragraphs(text) == [
        (PROSE, f"lines 1–{wrapped}"),
        ("Recommendations", f"line {wrapped + 2}"),
        ("1. " + PROSE, f"lines {wrapped + 3}–{wrapped * 2 + 2}"),
    ]


def test_labels_begin_paragraphs_of_their_own() -> None:
    text = textwrap.fill(PROSE, 72) + "\n(a) First\n(b) Second\n• third\n4.1\tFourth\n"
    assert [text for text, _ in paragraphs(text)][1:] == [
        "(a) First",
        "(b) Second",
        "• third",
        "4.1\tFourth",
    ]


def test_lines_that_are_whole_paragraphs_stay_apart() -> None:
    lines = [PROSE, "Ask about pets.", PROSE + " Again.", "Listen."]
    assert paragraphs("\n".join(lines)) == [(t, f"line {n}") for n, t in enumerate(lines, 1)]


def test_underlined_lines_are_headings() -> None:
    blocks = read("Plan\n====\n\nPolice\n------\nAsk.\n").blocks
    assert [(b.text, b.level) for b in blocks if isinstance(b, Paragraph)] == [
        ("Plan", 1),
        ("Police", 2),
        ("Ask.", 0),
    ]


def test_a_table_drawn_with_borders_between_its_rows_is_a_table() -> None:
    text = """
+----+------------------+--------+
| No | Recommendation   | Lead   |
+====+==================+========+
| 1  | Ask about pets   | Police |
|    | at home.         | & GP   |
+----+------------------+--------+
| 2  | Listen.          | GP     |
+----+------------------+--------+
"""
    assert rows(text) == [
        ["No", "Recommendation", "Lead"],
        ["1", "Ask about pets at home.", "Police & GP"],
        ["2", "Listen.", "GP"],
    ]


def test_a_table_whose_header_alone_has_a_border_has_a_row_a_line() -> None:
    text = "┌────┬────────┐\n│ No │ Ask    │\n├────┼────────┤\n│ 1  │ pets   │\n│    │ again  │\n"
    assert rows(text + "│ 2  │ home   │\n└────┴────────┘\n") == [
        ["No", "Ask"],
        ["1", "pets again"],
        ["2", "home"],
    ]


def test_aligned_columns_are_a_table() -> None:
    text = """Text before

No.   Recommendation         Lead agency
1     Ask about pets         Police
      at home
2     Listen                 GP
"""
    assert rows(text) == [
        ["No.", "Recommendation", "Lead agency"],
        ["1", "Ask about pets at home", "Police"],
        ["2", "Listen", "GP"],
    ]


def test_a_pipe_table_in_a_text_is_a_table() -> None:
    text = "Plan\n\n| Recommendation | Lead |\n|---|---|\n| Ask. | GP |\n\nafter\n"
    assert rows(text) == [["Recommendation", "Lead"], ["Ask.", "GP"]]
    assert paragraphs(text) == [("Plan", "line 1"), ("after", "line 7")]


def test_rows_of_tabs_between_paragraphs_are_a_table() -> None:
    text = f"{PROSE}\n\nRecommendation\tLead\nAsk.\tGP\nListen.\tCSP\n\n{PROSE}\n"
    assert rows(text) == [["Recommendation", "Lead"], ["Ask.", "GP"], ["Listen.", "CSP"]]
    assert len(paragraphs(text)) == 2


def test_numbers_and_tabs_before_paragraphs_make_no_table() -> None:
    text = "1.\tAsk about pets at home.\n2.\tListen to neighbours.\n3.\tWrite it down.\n"
    assert [text for text, _ in paragraphs(text)] == text.splitlines()


def test_indented_paragraphs_are_no_cells_of_a_table() -> None:
    text = f"{PROSE}\n{PROSE}\n\tIndented.\n{PROSE}\n{PROSE}\n"
    assert not any(isinstance(block, CellRun) for block in read(text).blocks)
    cells = "Plan\n\tRecommendation\n\tLead\n\n\tAsk.\n\tGP\n"
    assert any(isinstance(block, CellRun) for block in read(cells).blocks)


def test_a_drawn_plan_is_read(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(
        "Hartsmere DHR 7 Action Plan\n\n+----------------+------+\n| Recommendation | Lead |\n"
        "+----------------+------+\n| Ask.           | GP   |\n+----------------+------+\n",
        "utf-8",
    )
    (reading,) = read_document(path, agencies=agencies)
    assert [(r.text, r.source.place) for r in reading.recommendations] == [("Ask.", "line 6")]
    assert reading.facts.title == "Hartsmere DHR 7 Action Plan"


PIECES = st.sampled_from(
    [
        "| a",
        "|---|",
        "+--+",
        "word",
        "  ",
        "\t",
        "1.",
        "(a)",
        "-",
        "=====",
        "x  y  z",
        "│",
        "\n",
        "\n\n",
    ]
)


@given(st.lists(PIECES | st.integers(0, 99).map("w{}w".format), max_size=40))
def test_no_word_of_a_text_is_lost(pieces: list[str]) -> None:
    text = " ".join(pieces)
    read_text = ""
    for block in read(text).blocks:
        if isinstance(block, Paragraph):
            read_text += block.text + " "
        elif isinstance(block, Table):
            read_text += " ".join(row.printed for row in block.rows) + " "
        else:
            read_text += " ".join(cell.text for cell in block.cells) + " "
    assert all(piece in read_text for piece in pieces if piece.startswith("w"))


def test_rows_between_bars_are_a_table_without_any_border() -> None:
    assert rows("| No | Text |\n| 1 | Ask. |\n|  | them |\n") == [
        ["No", "Text"],
        ["1", "Ask. them"],
    ]
