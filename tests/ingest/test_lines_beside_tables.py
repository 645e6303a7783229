"""Lines outside the tables: facts of the review, and headings of the table below."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from shaped import ASK, BRIEF, blocks_read, table

from kb.ingest import Reading, read_document
from kb.ingest.facts import facts_in_line, is_table_heading
from kb.ingest.tables import Paragraph
from kb.text.agencies import Agencies

Block = str | list[list[str]]


def read_word(tmp_path: Path, agencies: Agencies, *blocks: Block) -> Reading:
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(len(block), len(block[0]))
        for row, texts in zip(table.rows, block, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    document.save(str(tmp_path / "plan.docx"))
    (reading,) = read_document(tmp_path / "plan.docx", agencies=agencies)
    return reading


def test_lines_of_dates_before_and_between_tables_are_facts(
    tmp_path: Path, agencies: Agencies
) -> None:
    reading = read_word(
        tmp_path,
        agencies,
        "Tarnmoor DHR 7 – Action Plan",
        "Date of report: March 2021",
        "Date of death: 14 June 2019",
        [["Recommendation", "Lead"], ["Ask.", "GP"]],
        "Published 14th October 2021",
        [["Recommendation", "Lead"], ["Listen.", "GP"]],
    )
    facts = reading.facts
    assert facts.title == "Tarnmoor DHR 7 – Action Plan"
    assert (facts.report_date, facts.published, facts.death_month) == (
        "2021-03",
        "2021-10-14",
        "2019-06",
    )
    assert reading.left_out == ()


@pytest.mark.parametrize(
    "line",
    [
        "The report was published in March 2021 by the panel",
        "Published guidance of 2021 was shared",
        "Date of death: unknown",
        "Date of report: March 2021 and later",
        "Date of report: 31.2.2021",
    ],
)
def test_a_sentence_with_a_date_is_no_fact(line: str) -> None:
    assert facts_in_line(line) == {}


def test_a_heading_just_above_a_table_stands_over_its_rows_and_gives_the_scope(
    tmp_path: Path, agencies: Agencies
) -> None:
    reading = read_word(
        tmp_path,
        agencies,
        "National recommendations",
        [["Recommendation", "Lead"], ["Ask.", "Home Office"]],
        "Recommendations for the police",
        [["Recommendation", "Lead"], ["Listen.", "Police"]],
        "Local recommendations",
        "Signed by the chair",
    )
    first, second = reading.recommendations
    assert (first.heading, first.scope.value) == ("National recommendations", "national")
    assert first.flags == ("the scope was read from the heading “National recommendations”",)
    assert (second.heading, second.scope.value, second.flags) == (
        "Recommendations for the police",
        None,
        (),
    )
    assert [left.text for left in reading.left_out] == [
        "Local recommendations",
        "Signed by the chair",
    ]


def test_a_scope_column_stands_over_the_heading(tmp_path: Path, agencies: Agencies) -> None:
    reading = read_word(
        tmp_path,
        agencies,
        "Local recommendations:",
        [["Recommendation", "Scope"], ["Ask.", "National"], ["Listen.", ""]],
    )
    assert [r.scope.value for r in reading.recommendations] == ["national", None]
    assert reading.recommendations[1].heading == "Local recommendations:"


@pytest.mark.parametrize(
    "line", ["Recommendations", "Tarnmoor DHR recommendations", "Action plan", "Ask about pets."]
)
def test_other_lines_are_no_headings_of_a_table(line: str) -> None:
    assert not is_table_heading(line)


@pytest.mark.parametrize(
    "line",
    ["National Probation Service", "Local Authority", "Regional Organised Crime Unit"],
)
def test_an_agency_whose_name_says_national_or_local_gives_no_scope(
    line: str, agencies: Agencies
) -> None:
    plan = table([["No.", "Recommendation"], ["1", ASK]])
    (draft,) = blocks_read(agencies, Paragraph(line, "paragraph 1", strong=True), plan).drafts
    assert draft.heading == line
    assert "scope" not in draft.values


@pytest.mark.parametrize(
    "line",
    ["OFFICIAL – SENSITIVE", "Updated 14 March 2023", "RAG key: red – not started", "Version 3",
     "Confidential", "Draft"],
)  # fmt: skip
def test_what_is_said_of_the_paper_is_no_heading(line: str, agencies: Agencies) -> None:
    plan = table([["No.", "Recommendation"], ["1", ASK]])
    read = blocks_read(agencies, Paragraph(line, "paragraph 1", strong=True), plan)
    assert [draft.heading for draft in read.drafts] == [None]


def test_a_lone_cell_that_asks_is_a_recommendation_and_no_heading(agencies: Agencies) -> None:
    asks = [
        ASK,
        "Section 42 enquiries should record the views of carers.",
        "Theme 2: Health",
        BRIEF,
    ]
    rows = [[text, "CSP" if text in (ASK, BRIEF) else ""] for text in asks]
    read = blocks_read(agencies, table([["Recommendation", "Lead agency"], *rows]))
    assert [(draft.text, draft.heading) for draft in read.drafts] == [
        (ASK, None),
        (asks[1], None),
        (BRIEF, "Theme 2: Health"),
    ]


def test_a_note_across_the_table_is_left_out_and_heads_nothing(agencies: Agencies) -> None:
    note = "* all dates are those that the board agreed on 3 May"
    plan = table([["No.", "Recommendation"], ["1", ASK], [(note, 2)], ["2", BRIEF]])
    read = blocks_read(agencies, plan)
    assert [(draft.text, draft.heading) for draft in read.drafts] == [(ASK, None), (BRIEF, None)]
    assert [(left.text, left.why) for left in read.left_out] == [(note, "a note across the table")]


@pytest.mark.parametrize(
    "line",
    [
        "The review itself",
        "The Tarnmoor Safeguarding Adults Board should seek assurance, in its yearly cycle, of:",
    ],
)
def test_a_bold_line_below_the_title_is_the_heading_of_its_table(
    line: str, agencies: Agencies
) -> None:
    plan = table([["No.", "Recommendation"], ["1", ASK]])
    bold = Paragraph(line, "paragraph 2", strong=True)
    read = blocks_read(agencies, "Tarnmoor DHR 7 – Action Plan", bold, plan)
    assert read.title == "Tarnmoor DHR 7 – Action Plan"
    assert [draft.heading for draft in read.drafts] == [line]
