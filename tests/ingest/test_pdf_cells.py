"""The text of a cell from its lines: which ends of lines were meant, which words were cut."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kb.ingest.readers.pdf.cells import CellText, Room, room_of, text_of, trusted_words
from kb.ingest.readers.pdf.grid import PrintedCell, PrintedRow, PrintedTable
from kb.ingest.readers.pdf.layout import Word
from kb.ingest.readers.pdf.parted import part_rows
from kb.ingest.readers.pdf.running import Vocabulary

LETTER = 5.0  # points; every letter of these words is as wide
KNOWN = Vocabulary("safeguarding constabulary the of review".split())


def lines(*texts: str, apart: Sequence[float] = (), left: float = 10.0) -> list[Word]:
    """Words of 10 points on lines 12 points apart, or as far as ``apart`` says."""
    words = []
    base = 20.0
    for number, text in enumerate(texts):
        x = left
        for part in text.split():
            end = x + LETTER * len(part)
            words.append(Word(part, x, base - 8, end, base + 2, 10.0, base, first=LETTER))
            x = end + LETTER / 2
        base += apart[number] if number < len(apart) else 12.0
    return words


def said(words: Sequence[Word], width: float = 60.0) -> str:
    return text_of(words, Room(10.0, 10.0 + width)).said(KNOWN)


def test_a_line_that_had_no_room_for_the_next_word_goes_on() -> None:
    assert said(lines("the review", "of training")) == "the review of training"


def test_a_line_that_had_room_for_the_next_word_was_ended_on_purpose() -> None:
    assert said(lines("Done.", "The rest")) == "Done.\nThe rest"


@pytest.mark.parametrize("label", ["•", "(a)", "2.", "iv)", "○"])
def test_a_label_begins_a_line_of_its_own(label: str) -> None:
    assert said(lines("the reviews", f"{label} write")) == f"the reviews\n{label} write"


def test_lines_further_apart_are_paragraphs() -> None:
    words = lines("the review", "of training", "and of the", "partnership", apart=(12, 20, 12))
    assert said(words) == "the review of training\nand of the partnership"


def test_centred_lines_are_measured_by_their_width() -> None:
    words = [*lines("review", left=30.0)]
    below = lines("of the training", left=10.0)
    words += [
        Word(w.text, w.x0 - 5, w.top + 12, w.x1 - 5, w.bottom + 12, 10.0, w.base + 12, first=LETTER)
        for w in below
    ]
    assert "\n" not in text_of(words, Room(10.0, 55.0)).said(KNOWN)


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        (("31/07/", "2022"), "31/07/2022"),
        (("31.7.", "22"), "31.7.22"),
        (("safeguard", "ing the"), "safeguarding the"),
        (("constabul", "ary"), "constabulary"),
        (("unsuccess", "ful"), "unsuccessful"),
        (("exception", "circumstances"), "exception circumstances"),
        (("partners", "of the"), "partners of the"),
        (("review/adv", "."), "review/adv."),
    ],
)
def test_words_that_fill_a_narrow_column_go_on_where_that_is_clear(
    cut: tuple[str, str], whole: str
) -> None:
    width = LETTER * len(cut[0]) + 2
    assert said(lines(*cut), width) == whole


def test_turned_words_are_read_along() -> None:
    words = [
        Word("Target", 10, 40, 20, 70, 10.0, 18.0, turned=90, first=5.0),
        Word("date", 10, 15, 20, 35, 10.0, 18.0, turned=90, first=5.0),
    ]
    assert said(words) == "Target date"


def test_a_word_that_narrow_column_and_page_cut_is_made_whole() -> None:
    room = Room(10.0, 10.0 + 9 * LETTER + 2)
    before, after = (text_of(lines(*t), room) for t in (("of the", "safeguard"), ("ing of", "x")))
    before.take_rest(after, KNOWN)
    assert (before.said(KNOWN), after.said(KNOWN)) == ("of the safeguarding", "of\nx")


def test_the_longest_of_many_lines_shows_how_long_a_line_can_be() -> None:
    words = lines(*["review of"] * 12)
    room = room_of([(5.0, 200.0, words)])
    assert room == Room(10.0, max(word.x1 for word in words) + 2.0)


def test_words_at_cuts_are_not_trusted() -> None:
    text: CellText = text_of(lines("of multi-", "agency review"), Room(10.0, 65.0))
    assert list(trusted_words(text)) == ["review"]


def test_a_line_over_the_foot_of_a_row_that_is_parted_stays_in_it() -> None:
    def column(x: float, bases: Sequence[float]) -> PrintedCell:
        words = [Word(f"{b:.0f}", x, b - 9, x + 20, b + 3, 10, b) for b in bases]
        return PrintedCell(x, 0, x + 100, 100, words)

    first, other = [12, 24, 56, 68, 80, 92, 104], [12, 24, 56, 68]
    cells = [column(0, first), column(100, other), column(200, other)]
    row = PrintedRow(0, 100, cells, open_foot=True)
    table = PrintedTable(1, 0, 0, 300, 100, (0, 100, 200, 300), [row])
    part_rows(table)
    texts = [[word.text for word in part.cells[0].words] for part in table.rows]
    assert texts == [["12", "24"], ["56", "68", "80", "92", "104"]]
    assert [part.open_foot for part in table.rows] == [False, True]
