"""Every report in every format: read back, and compared with the report's own numbers."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import lxml.html
import numpy as np
import openpyxl
import pytest
from evaluations import evaluation, passes
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from report_factories import HOSTILE, TAXONOMY, make_base, make_entry

from kb.errors import StorageError, WrongUsage
from kb.reports import (
    FORMATS,
    EntryRows,
    Measured,
    Report,
    agency_profile,
    briefing,
    passes_agreement,
    progress,
    render,
    render_text,
    repeated,
    review_profile,
    tag_quality,
    theme_comparison,
    theme_frequency,
)
from kb.reports.formats.cells import EMPTY, flat_columns, flat_row, readable, shown
from kb.reports.report import Cell, Column, Kind, Table, columns

BASE = make_base()
HEAD = [("Filters", "area: <North> | =1+1"), ("Command", "kb report themes --by sector")]
GROUP = {
    "wording": "=Use genograms.",
    "members": [
        {"id": f"{r}/1", "text": t, "review_id": r, "title": r, "area": None, "year": 2019}
        | {"status": None}
        for r, t in zip("abcdefghijklmn", HOSTILE, strict=True)
    ],
    "notes": ["asked again"],
}
REPORTS = {
    "themes": theme_frequency(EntryRows(BASE), TAXONOMY),
    "themes by sector": theme_frequency(EntryRows(BASE), TAXONOMY, "sector"),
    "themes by year and sector": theme_frequency(EntryRows(BASE), TAXONOMY, "year,sector"),
    "progress": progress(EntryRows(BASE), date(2025, 6, 1)),
    "review": review_profile(EntryRows(BASE), "review-2", TAXONOMY),
    "agency": agency_profile(EntryRows(BASE), "Avon Police", TAXONOMY, all_agencies=True),
    "briefing": briefing(EntryRows(BASE), "dash", TAXONOMY),
    "repeated": repeated([GROUP]),
    "evaluation": tag_quality(evaluation()),
    "agreement": passes_agreement(passes()),
    "compared": theme_comparison(
        EntryRows(BASE), TAXONOMY, ("area North", "all others"), (np.arange(30), np.arange(30, 60))
    ),
    "measured": theme_frequency(EntryRows(BASE), TAXONOMY, "kind", {"dash": Measured(20, 18, 15)}),
    "nothing": theme_frequency(EntryRows([]), TAXONOMY, "area"),
    "no progress": progress(EntryRows([]), date(2025, 6, 1)),
}
ALL = pytest.mark.parametrize(
    "report", [r.with_head(HEAD) for r in REPORTS.values()], ids=list(REPORTS)
)


def _words(text: str) -> str:
    """Text with every run of white space as one space."""
    return " ".join(text.split())


def _expected(table: Table) -> list[list[str]]:
    labels = [column.label for column in table.columns]
    body = [
        [_words(shown(cell, column.kind)) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    return [labels, *body]


@ALL
@pytest.mark.parametrize("format_name", FORMATS)
def test_the_same_report_gives_the_same_bytes(report: Report, format_name: str) -> None:
    assert render(report, format_name) == render(report, format_name)


@ALL
def test_html_shows_every_cell_under_its_heading(report: Report) -> None:
    page = lxml.html.fromstring(render(report, "html"))
    read = {
        _words(table.find("caption").text_content()): [
            [_words(cell.text_content()) for cell in row.iter("th", "td")]
            for row in table.iter("tr")
        ]
        for table in page.iter("table")
    }
    printed = report.printed_tables()
    assert read == {_words(t.title): _expected(t) for t in printed if t.rows}
    empty = [_words(h.text_content()) for h in page.iter("h2") if h.getnext().text == "None."]
    assert empty == [_words(t.title) for t in printed if not t.rows]


@ALL
def test_html_is_one_file_without_script_and_says_its_language(report: Report) -> None:
    page = lxml.html.fromstring(render(report, "html"))
    assert page.get("lang") == "en-GB"
    assert page.findtext(".//title") == page.findtext(".//h1") == report.title
    assert not list(page.iter("script", "img", "image", "link", "iframe", "object"))
    assert not page.xpath("//@src | //@onclick | //*[not(ancestor-or-self::svg)]/@style")
    links = page.xpath("//@href")
    assert all(link.startswith("#") for link in links)
    assert {link[1:] for link in page.xpath("//a/@href")} <= set(page.xpath("//@id"))
    assert len(set(page.xpath("//@id"))) == len(page.xpath("//@id"))
    assert all(cell.get("scope") in ("col", "row") for cell in page.iter("th"))
    assert len({table.find("caption").get("id") for table in page.iter("table")}) == len(
        list(page.iter("table"))
    )


@ALL
def test_word_document_shows_every_cell_under_a_heading(report: Report) -> None:
    document = docx.Document(io.BytesIO(render(report, "docx")))
    headings = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"]
    printed = report.printed_tables()
    assert headings == [*(_words(table.title) for table in printed), "Notes"]
    read = [[[_words(cell.text) for cell in row.cells] for row in t.rows] for t in document.tables]
    assert read == [_expected(table) for table in printed if table.rows]
    none = [p.text for p in document.paragraphs].count("None.")
    assert none == sum(not table.rows for table in printed)


@ALL
def test_word_tables_repeat_their_header_row(report: Report) -> None:
    document = docx.Document(io.BytesIO(render(report, "docx")))
    for table in document.tables:
        flags = [bool(row._tr.xpath("./w:trPr/w:tblHeader")) for row in table.rows]
        assert flags == [True] + [False] * (len(flags) - 1)


def _typed(cell: Cell, kind: str) -> Any:
    """A cell as a workbook gives it back."""
    if cell in (None, ""):
        return None
    if kind == "date" and isinstance(cell, str) and len(cell) == 10:
        return datetime.fromisoformat(cell)
    return readable(cell).replace("\r", "\n") if isinstance(cell, str) else cell


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) or isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-12)
    return bool(a == b)


@ALL
def test_workbook_has_a_sheet_a_table_with_typed_cells(report: Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render(report, "xlsx")))
    assert len(book.worksheets) == len(report.tables) + 1
    assert book.sheetnames[-1] == "Notes"
    for table, sheet in zip(report.tables, book.worksheets, strict=False):
        flat = list(flat_columns(table.columns))
        assert sheet.freeze_panes == "B2"
        read = list(sheet.iter_rows(max_col=len(flat), values_only=True))
        assert list(read[0]) == [column.label for column in flat]
        for row, cells in zip(table.rows, read[1:], strict=True):
            expected = [
                _typed(cell, column.kind)
                for cell, column in zip(flat_row(table.columns, row), flat, strict=True)
            ]
            read_back = [unescape(cell) if isinstance(cell, str) else cell for cell in cells]
            assert all(map(_same, read_back, expected)), (read_back, expected)


@ALL
def test_workbook_has_no_formula(report: Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render(report, "xlsx")))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


@ALL
def test_csv_has_one_header_and_every_number_of_every_table(report: Report) -> None:
    text = render(report, "csv").decode()
    read = list(csv.DictReader(io.StringIO(text, newline="")))
    for table in report.tables:
        if table.where == "print":
            continue
        own = [row for row in read if row["table"] == table.name]
        assert len(own) == len(table.rows)
        flat = list(flat_columns(table.columns))
        for cells, row in zip(table.rows, own, strict=True):
            for column, cell in zip(flat, flat_row(table.columns, cells), strict=True):
                found = row[column.name]
                if isinstance(cell, int | float):
                    assert float(found) == cell
                else:
                    assert found.removeprefix("'") == (cell or "")


@ALL
def test_csv_begins_no_cell_as_a_formula(report: Report) -> None:
    text = render(report, "csv").decode()
    for row in csv.reader(io.StringIO(text, newline="")):
        suspect = [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        assert all(re.fullmatch(r"-\d+\.\d+(e-\d+)?", cell) for cell in suspect)  # a number


@ALL
def test_markdown_tables_keep_their_columns(report: Report) -> None:
    blocks = render(report, "md").decode().split("\n## ")[1:]
    printed = report.printed_tables()
    assert len(blocks) == len(printed) + 1
    for table, block in zip(printed, blocks, strict=False):
        lines = [line for line in block.splitlines() if line.startswith("|")]
        assert len(lines) == (len(table.rows) + 2 if table.rows else 0)
        for line in lines:
            bars = line.replace("\\\\", "").replace("\\|", "").count("|")
            assert bars == len(table.columns) + 1
            assert "<script" not in line


@ALL
def test_json_is_the_data_with_what_it_is_about(report: Report) -> None:
    read = json.loads(render(report, "json"))
    about = read.pop("about")
    assert read == json.loads(json.dumps(report.data))
    assert about["title"] == report.title
    assert {"label": "Command", "value": "kb report themes --by sector"} in about["head"]


@ALL
@pytest.mark.parametrize("width", [40, 72, 100, 160])
def test_text_stays_within_its_width_and_steers_no_terminal(report: Report, width: int) -> None:
    text = render_text(report, width)
    body = [line for line in text.splitlines() if not line.startswith(("Filters", "Command"))]
    assert max(len(line) for line in body) <= width
    assert "\x1b" not in text
    assert "\x07" not in text


@ALL
def test_text_shows_every_number(report: Report) -> None:
    text = render_text(report, 400)
    for table in report.printed_tables():
        for row in table.rows:
            numbers = [
                shown(cell, column.kind)
                for cell, column in zip(row, table.columns, strict=True)
                if column.kind not in ("text", "date") and cell is not None
            ]
            assert all(number in text for number in numbers)


def test_json_of_the_theme_report_has_the_agreed_shape() -> None:
    data = json.loads(render(REPORTS["themes by sector"], "json"))
    theme = data["themes"][0]
    assert {"id", "name", "group", "recommendations", "reviews"} <= set(theme)
    for share in ("recommendation_share", "review_share"):
        assert set(theme[share]) == {"value", "low", "high"}
        assert theme[share]["low"] <= theme[share]["value"] <= theme[share]["high"]
    assert set(data["by"]["values"][0]["themes"][0]) >= {"id", "recommendations", "reviews"}


def test_an_unknown_format_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(WrongUsage, match=r"'pdf'[\s\S]*html"):
        render(REPORTS["themes"], "pdf")


def test_a_full_disk_is_told_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(StorageError, match="TMPDIR"):
        render(REPORTS["themes"], "xlsx")


def test_bars_are_drawn_to_the_longest() -> None:
    table = Table(
        "t",
        "Shares",
        columns(("name", "Name"), ("share", "Share", "share")),
        (("half", 0.5), ("quarter", 0.25), ("none", 0.0)),
        bar="share",
    )
    lines = render_text(Report("r", "R", (table,), {}), 60).splitlines()
    drawn = [line.count("█") for line in lines if line.startswith(("half", "quarter", "none"))]
    assert drawn == [30, 15, 0]


def test_a_text_longer_than_a_cell_is_cut_in_the_workbook_and_it_says_so() -> None:
    table = Table("t", "T", columns(("text", "Text")), (("x" * 40_000,),))
    book = openpyxl.load_workbook(io.BytesIO(render(Report("r", "R", (table,), {}), "xlsx")))
    value = book.worksheets[0]["A2"].value
    assert isinstance(value, str)
    assert len(value) == 32_767
    assert value.endswith("whole]")


def test_a_workbook_shows_differences_in_hundredths_as_documents_do() -> None:
    book = openpyxl.load_workbook(io.BytesIO(render(REPORTS["compared"], "xlsx")))
    sheet = book["Themes, side by side"]
    at = [cell.value for cell in sheet[1]].index("Difference in points") + 1
    assert sheet.cell(2, at).number_format == "+0.0%;-0.0%;0.0%"
    assert shown(sheet.cell(2, at).value, "difference").startswith("+")


def test_sheets_with_long_like_or_forbidden_names_get_names_of_their_own() -> None:
    titles = ["History", "A/B: [c]?*", "x" * 40, "x" * 45, "", "notes", "🙂" * 30]
    tables = tuple(
        Table(f"t{at}", title, columns(("a", "A")), (("1",),)) for at, title in enumerate(titles)
    )
    book = openpyxl.load_workbook(io.BytesIO(render(Report("r", "R", tables, {}), "xlsx")))
    names = book.sheetnames
    assert len({name.casefold() for name in names}) == len(titles) + 1
    assert all(0 < len(name) <= 31 for name in names)


def test_a_document_with_a_wide_table_lies_on_its_side() -> None:
    def lying(columns_wanted: int) -> bool:
        heads = columns(*((f"c{at}", f"C{at}", "count") for at in range(columns_wanted)))
        table = Table("t", "T", heads, (tuple(range(columns_wanted)),))
        document = docx.Document(io.BytesIO(render(Report("r", "R", (table,), {}), "docx")))
        section = document.sections[0]
        return bool((section.page_width or 0) > (section.page_height or 0))

    assert [lying(4), lying(14)] == [False, True]


def test_word_document_carries_no_date_and_no_author_of_its_own() -> None:
    content = render(REPORTS["themes"], "docx")
    properties = docx.Document(io.BytesIO(content)).core_properties
    assert (properties.title, properties.author) == ("Theme frequency", "")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_dash_stands_where_nothing_is_stated() -> None:
    table = Table("t", "T", columns(("a", "A"), ("b", "B", "count")), (("x", None),))
    report = Report("r", "R", (table,), {})
    assert EMPTY in render(report, "html").decode()
    assert "t,x,,," in render(report, "csv").decode()


def test_hostile_text_in_title_head_and_notes_is_harmless() -> None:
    for text in HOSTILE:
        facts = {"title": text, "area": text, "kind": text}
        entry = make_entry(text, facts=facts, themes=("dash",), agencies=((text, "other"),))
        report = briefing(EntryRows([entry]), "dash", TAXONOMY).with_head([(text, "\ud800" + text)])
        for format_name in FORMATS:
            assert render(report, format_name)
        page = render(report, "html").decode()
        assert "<script" not in page


def test_importing_the_reports_loads_no_library_of_a_format() -> None:
    heavy = ["docx", "xlsxwriter", "openpyxl", "lxml", "sklearn", "scipy", "pandas", "yaml", "rich"]
    code = f"import sys, kb.reports; print([m for m in {heavy!r} if m in sys.modules])"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


_TEXTS = st.one_of(st.text(max_size=80), st.sampled_from(HOSTILE))
_LABELS = st.lists(_TEXTS, min_size=4, max_size=4)
_ROWS = st.lists(
    st.tuples(
        _TEXTS.filter(bool),
        st.one_of(st.none(), st.integers(0, 10**9)),
        st.one_of(st.none(), st.floats(0, 1)),
        st.one_of(st.none(), st.tuples(st.floats(0, 1), st.floats(0, 1))),
    ),
    max_size=4,
)


@settings(max_examples=15, deadline=None)
@given(_LABELS, _ROWS, _TEXTS)
def test_any_table_is_made_in_every_format(
    labels: list[str], rows: list[tuple[Cell, ...]], title: str
) -> None:
    kinds: tuple[Kind, ...] = ("text", "count", "share", "interval")
    heads = tuple(
        Column(f"c{at}", label, kind)
        for at, (label, kind) in enumerate(zip(labels, kinds, strict=True))
    )
    table = Table("t", title, heads, tuple(rows), bar="c2")
    report = Report("r", title, (table,), {}, notes=(title,), head=((title, title),))
    for format_name in FORMATS:
        assert render(report, format_name)
    body = render_text(Report("r", "R", (table,), {}), 60)
    assert max(len(line) for line in body.split("\n")) <= 60
    sheet = openpyxl.load_workbook(io.BytesIO(render(report, "xlsx"))).worksheets[0]
    assert sheet.max_row == len(rows) + 1
    read = docx.Document(io.BytesIO(render(report, "docx"))).tables
    assert [len(each.rows) for each in read] == [len(rows) + 1] * bool(rows)
