from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_factories import HOSTILE, TAXONOMY, make_base, make_entry, make_tag

from kb.errors import WrongUsage
from kb.model import Entry
from kb.reports import EXPORT_FORMATS, export
from kb.reports.export import EXPORT_COLUMNS, export_jsonl, export_row
from kb.reports.formats.cells import without_formula

BASE = make_base()


def _csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_jsonl_is_a_recommendation_a_line_in_the_agreed_shape() -> None:
    lines = export_jsonl(BASE).decode().split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == [entry.as_json() for entry in BASE]


def test_csv_is_a_recommendation_a_row_with_themes_evidence_and_codebook() -> None:
    entry = make_entry(
        themes=(make_tag("dash", "rule", "classifier"), make_tag("training", "person")),
        agencies=(("Avon Police", "police"), ("NHS Kent", "health")),
        target="2022-07",
    )
    files = export([entry], TAXONOMY, "csv", [("Corpus digest", "abc")])
    (row,) = _csv(files["recommendations.csv"])
    assert row["id"] == "north-2020/1"
    assert row["themes"] == "dash;training"
    assert row["themes_by"] == "rule+classifier;person"
    assert row["themes_evidence"].splitlines()[0] == 'dash: "Remind" (rule 1 of dash)'
    assert row["agencies"] == "Avon Police;NHS Kent"
    assert row["target_date"] == "2022-07"
    codebook = {line["theme"]: line for line in _csv(files["codebook.csv"])}
    assert list(codebook) == ["dash", "genograms", "training", "rural"]
    assert codebook["dash"]["home_office"] == "identification of risk"
    assert codebook["training"]["border"] == "Not DASH"
    assert b"Corpus digest,abc" in files["readme.csv"]


def test_csv_keeps_every_text_and_begins_none_as_a_formula() -> None:
    rows = _csv(export(BASE, TAXONOMY, "csv")["recommendations.csv"])
    texts = [entry.recommendation.text for entry in BASE]
    assert [row["text"] for row in rows] == [without_formula(text) for text in texts]
    for row in rows:
        assert not [v for v in row.values() if v.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_workbook_has_recommendations_codebook_and_readme_and_no_formula() -> None:
    content = export(BASE, TAXONOMY, "xlsx")["recommendations.xlsx"]
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Recommendations", "Codebook", "README"]
    sheet = book["Recommendations"]
    rows = list(sheet.iter_rows(values_only=True))
    assert list(rows[0]) == [column.name for column in EXPORT_COLUMNS]
    assert [row[0] for row in rows[1:]] == [entry.id for entry in BASE]
    assert {c.data_type for s in book for r in s.iter_rows() for c in r} <= {
        "s",
        "n",
        "d",
        "inlineStr",
    }


@pytest.mark.parametrize("format_name", EXPORT_FORMATS)
def test_the_same_base_gives_the_same_bytes(format_name: str) -> None:
    assert export(BASE, TAXONOMY, format_name) == export(BASE, TAXONOMY, format_name)


@pytest.mark.parametrize("format_name", EXPORT_FORMATS)
def test_an_empty_base_exports_its_codebook(format_name: str) -> None:
    files = export([], TAXONOMY, format_name)
    assert files
    if format_name == "csv":
        assert len(_csv(files["codebook.csv"])) == 4
        assert _csv(files["recommendations.csv"]) == []


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(WrongUsage, match=r"'pdf'[\s\S]*jsonl, csv, xlsx"):
        export([], TAXONOMY, "pdf")


def test_every_column_has_a_cell_in_every_row() -> None:
    assert {len(export_row(entry)) for entry in BASE} == {len(EXPORT_COLUMNS)}
    assert len({column.name for column in EXPORT_COLUMNS}) == len(EXPORT_COLUMNS)


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1))
def test_any_text_survives_jsonl_and_csv(text: str) -> None:
    entry: Entry = make_entry(text)
    assert json.loads(export_jsonl([entry]))["text"] == text
    (row,) = _csv(export([entry], TAXONOMY, "csv")["recommendations.csv"])
    assert row["text"] == without_formula(text)


@settings(max_examples=20, deadline=None)
@given(st.one_of(st.text(min_size=1), st.sampled_from(HOSTILE)))
def test_any_text_makes_a_workbook_that_opens(text: str) -> None:
    content = export([make_entry(text)], TAXONOMY, "xlsx")["recommendations.xlsx"]
    book = openpyxl.load_workbook(io.BytesIO(content))
    kinds = {cell.data_type for row in book["Recommendations"].iter_rows() for cell in row}
    assert "f" not in kinds
