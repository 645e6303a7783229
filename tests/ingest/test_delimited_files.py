"""CSV and TSV as programs and people write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import DamagedDocument
from kb.ingest import read_document
from kb.ingest.readers.delimited import read_delimited
from kb.ingest.readers.encoding import decoded
from kb.ingest.tables import Row, Table
from kb.text.agencies import Agencies


def rows(text: str | bytes) -> tuple[Row, ...]:
    data = text.encode() if isinstance(text, str) else text
    (table,) = read_delimited(data, "plan.csv").blocks
    assert isinstance(table, Table)
    return table.rows


def texts(text: str | bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in rows(text)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_also_below_title_rows(delimiter: str) -> None:
    text = "Hartsmere plan\n\n" + "\n".join(
        delimiter.join(row) for row in (["Recommendation", "Lead", "Cost"], ["Ask.", "GP", "1"])
    )
    assert texts(text) == [
        ["Hartsmere plan"],
        ["Recommendation", "Lead", "Cost"],
        ["Ask.", "GP", "1"],
    ]


def test_decimal_commas_do_not_part_cells_of_semicolons() -> None:
    text = "Recommendation;Cost;Share\nAsk, then listen;1,50;0,5\nWrite;2,75;0,1\n"
    assert texts(text)[1] == ["Ask, then listen", "1,50", "0,5"]


def test_the_line_by_which_excel_names_the_delimiter_is_no_row() -> None:
    found = rows("sep=;\nRecommendation;Lead\nAsk, or write;GP\n")
    assert [(row.place, row.printed) for row in found] == [
        ("line 2", "Recommendation | Lead"),
        ("line 3", "Ask, or write | GP"),
    ]


def test_line_breaks_inside_quotes_stay_in_their_cell() -> None:
    found = rows('Recommendation,Lead\r\n"Ask.\r\nAnd ""again"".",GP\r\nListen.,CSP\r\n')
    assert [(row.place, row.cells[0].text) for row in found] == [
        ("line 1", "Recommendation"),
        ("line 2", 'Ask.\nAnd "again".'),
        ("line 4", "Listen."),
    ]
    assert not any(row.flags for row in found)


def test_a_quotation_mark_left_open_swallows_nothing() -> None:
    found = rows('Recommendation,Lead\nAsk.,GP\n"Listen,CSP\nWrite.,Police\nRead.,GP\n')
    assert [[cell.text for cell in row.cells] for row in found[1:]] == [
        ["Ask.", "GP"],
        ['"Listen', "CSP"],
        ["Write.", "Police"],
        ["Read.", "GP"],
    ]
    assert [row.place for row in found if row.flags] == ["line 3"]


def test_a_quotation_mark_closed_rows_later_is_doubted() -> None:
    found = rows('Recommendation,Lead\n"Ask,GP\nListen,CSP\nWrite",Police\nRead.,GP\n')
    assert found[1].flags == ("1 line of a cell look like rows: a quotation mark may be missing",)


@pytest.mark.parametrize(
    ("codec", "note"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", "read as UTF-16"),
        ("utf-16-le", "read as UTF-16"),
        ("utf-16-be", "read as UTF-16"),
        ("cp1252", "read as Windows-1252"),
        ("mac_roman", "read as Mac Roman"),
    ],
)
def test_the_encoding_is_found(codec: str, note: str | None) -> None:
    text = "Recommendation,Lead\nDon’t assume – “ask” about it,Children’s services\n" * 3
    read, notes = decoded(text.encode(codec), "plan.csv")
    assert (read, notes) == (text, (note,) if note else ())


def test_a_strange_byte_does_not_spoil_the_rest() -> None:
    data = "Don’t assume – “ask”".encode() + b" \x96 now"
    assert decoded(data, "plan.csv") == (
        "Don’t assume – “ask” – now",
        ("1 byte is not UTF-8 and read as Windows-1252",),
    )


def test_bytes_that_are_no_text_are_refused(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(b"Recommendation,Lead\nAs\0k.,GP\n" + b"x" * 5000)
    with pytest.raises(DamagedDocument, match="binary"):
        read_document(path, agencies=agencies)


def test_ragged_rows_keep_what_they_have() -> None:
    assert texts("Recommendation,Lead,Date\nAsk.\nListen.,GP,May,extra\n") == [
        ["Recommendation", "Lead", "Date"],
        ["Ask."],
        ["Listen.", "GP", "May", "extra"],
    ]


WORD = st.text(
    st.characters(codec="utf-8", exclude_characters='",;|\t\r\n\0\x1c\x1d\x1e\x85'), min_size=1
)


@given(st.lists(st.lists(WORD.filter(str.strip), min_size=2, max_size=4), min_size=1, max_size=8),
       st.integers(0, 7))  # fmt: skip
def test_no_word_is_lost_wherever_one_quotation_mark_is_left_open(
    written: list[list[str]], at: int
) -> None:
    lines = [",".join(row) for row in written]
    if at < len(lines):
        lines[at] = '"' + lines[at]
    read = " ".join(row.printed for row in rows("A,B\n" + "\n".join(lines) + "\n"))
    assert all(word.strip() in read for row in written for word in row)


def test_quotes_after_a_blank_hold_their_delimiters_together() -> None:
    assert texts('No, Recommendation, Lead\n1, "Ask, then listen", "GP"\n') == [
        ["No", "Recommendation", "Lead"],
        ["1", "Ask, then listen", "GP"],
    ]
    assert texts('No,Text\n1,He said "yes, go"\n2,x\n')[1] == ["1", 'He said "yes', 'go"']


def test_a_byte_that_windows_1252_does_not_have_spoils_no_others() -> None:
    text, notes = decoded(b"Police\x92s \x81 plan", "plan.csv")
    assert (text, notes) == ("Police’s \x81 plan", ("read as Windows-1252",))
