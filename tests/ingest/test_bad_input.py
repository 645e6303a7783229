from __future__ import annotations

import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

import docx
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import (
    DamagedDocument,
    DocumentError,
    KnowledgeBaseError,
    NoRecommendations,
    UnsupportedDocument,
)
from kb.ingest import read_document
from kb.text.agencies import Agencies, load_agencies

ENDINGS = (".docx", ".xlsx", ".xls", ".ods", ".csv", ".tsv", ".txt", ".json", ".jsonl")


def read(path: Path, agencies: Agencies) -> None:
    read_document(path, agencies=agencies)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("content", [b"", b" \n\t\n"])
def test_an_empty_file_is_refused(
    tmp_path: Path, agencies: Agencies, ending: str, content: bytes
) -> None:
    path = tmp_path / f"plan{ending}"
    path.write_bytes(content)
    with pytest.raises(DamagedDocument, match="empty"):
        read(path, agencies)


@pytest.mark.parametrize("ending", [".png", ".wpd", ".exe"])
def test_a_type_that_is_not_read_says_what_is(
    tmp_path: Path, agencies: Agencies, ending: str
) -> None:
    path = tmp_path / f"plan{ending}"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(UnsupportedDocument, match=r"Save the document as Word \(\.docx\)"):
        read(path, agencies)


def test_a_missing_file_and_a_folder_are_told_by_name(tmp_path: Path, agencies: Agencies) -> None:
    with pytest.raises(DocumentError, match=r"nothing\.docx"):
        read(tmp_path / "nothing.docx", agencies)
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(DocumentError, match=r"folder\.txt"):
        read(tmp_path / "folder.txt", agencies)


def test_a_word_file_that_is_no_archive_is_damaged(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "plan.docx"
    path.write_bytes(b"just some words")
    with pytest.raises(DamagedDocument, match=r"the name says \.docx"):
        read(path, agencies)


def test_an_excel_file_named_word_is_named_for_what_it_is(
    tmp_path: Path, agencies: Agencies
) -> None:
    path = tmp_path / "plan.docx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet()
    with pytest.raises(DamagedDocument, match=r"Rename it to end in \.xlsx"):
        read(path, agencies)


@pytest.mark.parametrize("ending", [".csv", ".txt", ".json"])
def test_binary_data_under_the_name_of_a_text_is_refused(
    tmp_path: Path, agencies: Agencies, ending: str
) -> None:
    path = tmp_path / f"plan{ending}"
    path.write_bytes(b"Recommendation\x00\x01\x02" * 20)
    with pytest.raises(DamagedDocument, match="binary"):
        read(path, agencies)
    path.write_bytes(b"Recommendation" * 1000 + b"\x00")
    with pytest.raises(DamagedDocument, match=r"binary|broken"):
        read(path, agencies)


def damaged(source: Path, target: Path, part: str) -> None:
    """A copy of an archive whose main part is cut in half."""
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w") as copy:
        for name in whole.namelist():
            data = whole.read(name)
            copy.writestr(name, data[: len(data) // 2] if name == part else data)


def test_a_word_file_with_a_broken_part_is_damaged(tmp_path: Path, agencies: Agencies) -> None:
    docx.Document().save(str(tmp_path / "whole.docx"))
    damaged(tmp_path / "whole.docx", tmp_path / "plan.docx", "word/document.xml")
    with pytest.raises(DamagedDocument, match=r"plan\.docx.*damaged"):
        read(tmp_path / "plan.docx", agencies)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_with_a_broken_part_is_damaged(
    tmp_path: Path, agencies: Agencies, part: str
) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "whole.xlsx")) as book:
        book.add_worksheet().write_column(0, 0, ["Recommendation", "Ask."])
    damaged(tmp_path / "whole.xlsx", tmp_path / "plan.xlsx", part)
    with pytest.raises(DocumentError, match=r"plan\.xlsx"):
        read(tmp_path / "plan.xlsx", agencies)


@pytest.mark.parametrize(
    ("name", "content", "where"),
    [
        (
            "plan.json",
            '[{"recommendation": "Ask."},\n {"recommendation" "x"}]',
            "line 2, column 20",
        ),
        ("plan.jsonl", '{"recommendation": "Ask."}\n{oops}\n', "plan.jsonl, line 2"),
        ("plan.json", '"words"', "not a list of objects"),
        ("plan.json", "[]", "not a list of objects"),
        ("plan.json", "[" * 100_000, "JSON is broken"),
    ],
)
def test_broken_json_says_where(
    tmp_path: Path, agencies: Agencies, name: str, content: str, where: str
) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(DamagedDocument, match=where):
        read(path, agencies)


def test_a_sheet_with_only_headers_has_no_recommendation(
    tmp_path: Path, agencies: Agencies
) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("Recommendation,Lead agency\n", "utf-8")
    with pytest.raises(NoRecommendations, match="Recommendation; Lead agency"):
        read(path, agencies)
    with pytest.raises(NoRecommendations, match="no rows below the header of table 1"):
        read(path, agencies)


def test_a_huge_cell_is_read_whole(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "plan.csv"
    text = "word " * 300_000
    path.write_text(f'Recommendation,Lead agency\n"{text}",Police\n', "utf-8")
    (reading,) = read_document(path, agencies=agencies)
    assert reading.recommendations[0].text == text.strip()


@settings(max_examples=120, deadline=None)
@given(
    ending=st.sampled_from([".csv", ".tsv", ".txt", ".json", ".jsonl", ".docx", ".xls"]),
    content=st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: ("Recommendation\t,\n\t" + text).encode()),
)
def test_any_bytes_are_read_or_refused_in_our_own_words(ending: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"plan{ending}"
        path.write_bytes(content)
        with suppress(KnowledgeBaseError):
            read_document(path, agencies=load_agencies())
