"""Headers of one, two and three rows; columns without one; several headers in a table."""

from __future__ import annotations

from pathlib import Path

import pytest
from shaped import ASK, BRIEF, RECORD, blocks_read, from_word, recommendations, table

from kb.ingest.tables import Table
from kb.model import Recommendation
from kb.text.agencies import Agencies

MERGED = table(
    [
        ["No.", "Recommendation", ("Actions", 3), ("Completion", 2)],
        [None, None, "What", "Who", "When", "Date", "Outcome"],
        ["1", ASK, "Write it down", "Tarnmoor Council", "March 2024", "May 2024", "Complete"],
        ["2", BRIEF, "Brief officers", "Police", "June 2024", "", ""],
    ]
)
EMPTY_BESIDE = table(
    [
        ["Tarnmoor DHR 7 – Action plan", "", "", "", "", "", ""],
        ["No.", "Recommendation", "Actions", "", "", "Completion", ""],
        ["", "", "What", "Who", "When", "Date", "Outcome"],
        ["1", ASK, "Write it down", "Tarnmoor Council", "March 2024", "May 2024", "Complete"],
        ["No.", "Recommendation", "Actions", "", "", "Completion", ""],
        ["", "", "What", "Who", "When", "Date", "Outcome"],
        ["2", BRIEF, "Brief officers", "Police", "June 2024", "", ""],
    ]
)


def seen(recommendation: Recommendation) -> tuple[str | None, ...]:
    return (
        recommendation.number,
        recommendation.action,
        recommendation.lead_agency,
        recommendation.target_date.date,
        recommendation.completed.date,
        recommendation.outcome,
    )


@pytest.mark.parametrize("plan", [MERGED, EMPTY_BESIDE], ids=["merged cells", "empty cells"])
def test_a_header_of_two_rows_is_read_from_both(plan: Table, agencies: Agencies) -> None:
    first, second = recommendations(agencies, plan)
    assert seen(first) == (
        "1", "Write it down", "Tarnmoor Council", "2024-03", "2024-05", "Complete",
    )  # fmt: skip
    assert seen(second) == ("2", "Brief officers", "Police", "2024-06", None, None)
    assert first.flags == second.flags == ()


def test_a_header_of_two_rows_is_read_from_word(tmp_path: Path, agencies: Agencies) -> None:
    reading = from_word(tmp_path, agencies, "Tarnmoor DHR 7 – Action plan", MERGED)
    assert [seen(r)[1:3] for r in reading.recommendations] == [
        ("Write it down", "Tarnmoor Council"),
        ("Brief officers", "Police"),
    ]
    assert reading.left_out == ()


def test_a_header_of_two_rows_and_the_title_above_it_may_stand_again(agencies: Agencies) -> None:
    read = blocks_read(agencies, EMPTY_BESIDE)
    assert read.title == "Tarnmoor DHR 7 – Action plan"
    assert read.left_out == []
    assert read.notes == [
        "the header stands again at row 5 and 1 more and was skipped",
    ]


def test_a_header_of_three_rows(agencies: Agencies) -> None:
    plan = table(
        [
            [("Recommendation", 2), ("Delivery", 4)],
            ["No.", "Detail", ("Action", 2), ("Completion", 2)],
            [None, None, "Detail", "Lead", "Target date", "Outcome"],
            ["1", ASK, "Write it down", "Police", "March 2024", "Complete"],
        ]
    )
    (row,) = recommendations(agencies, plan)
    assert (row.number, row.text, row.action) == ("1", ASK, "Write it down")
    assert (row.lead_agency, row.target_date.date, row.outcome) == ("Police", "2024-03", "Complete")


def test_the_words_above_tell_what_was_wanted_from_what_came(agencies: Agencies) -> None:
    plan = table(
        [
            ["Recommendation", "Lead", ("Outcome", 2), "RAG"],
            [None, None, "Expected", "Actual", None],
            [ASK, "Police", "Families know the route", "Half of them do", "Amber"],
        ]
    )
    (row,) = recommendations(agencies, plan)
    assert (row.outcome, row.status.value) == ("Half of them do", "in-progress")
    assert [(c.header, c.text) for c in row.other] == [
        ("Outcome – Expected", "Families know the route")
    ]


def test_a_row_of_short_words_below_the_header_is_no_second_header(agencies: Agencies) -> None:
    plan = table([["Recommendation", "Lead", "Status"], ["Action", "Police", "Complete"]])
    (row,) = recommendations(agencies, plan)
    assert (row.text, row.lead_agency) == ("Action", "Police")


def test_a_column_without_a_header_is_kept_and_one_of_numbers_is_the_number(
    agencies: Agencies,
) -> None:
    plan = table(
        [["", "Recommendation", "", "Lead"], ["R1", ASK, "x", "GP"], ["R2", BRIEF, "", ""]]
    )
    first, second = recommendations(agencies, plan)
    assert (first.number, second.number) == ("R1", "R2")
    assert [(c.header, c.text) for c in first.other] == [("column 3", "x")]


def test_two_plans_in_one_sheet_each_keep_their_own_columns(agencies: Agencies) -> None:
    plan = table(
        [
            ["Overview recommendations", "", "", ""],
            ["No.", "Recommendation", "Lead", "By when"],
            ["1", ASK, "Police", "May 2020"],
            ["", "", "", ""],
            ["Single agency recommendations", "", "", ""],
            ["Agency", "Recommendation", "Action", "Deadline"],
            ["GP", RECORD, "Change the form", "June 2021"],
        ],
        "sheet 'Plan'",
    )
    first, second = recommendations(agencies, plan)
    assert (first.heading, first.lead_agency) == ("Overview recommendations", "Police")
    assert (second.heading, second.lead_agency) == ("Single agency recommendations", "GP")
    assert (second.action, second.target_date.date) == ("Change the form", "2021-06")


def test_a_plan_that_lies_on_its_side_is_set_upright(agencies: Agencies) -> None:
    plan = table(
        [
            ["Recommendation", ASK, BRIEF],
            ["Lead agency", "Police", "GP"],
            ["Target date", "May 2020", "June 2020"],
            ["Action", "Write it down", "Print it"],
        ]
    )
    assert [(r.text, r.lead_agency, r.action) for r in recommendations(agencies, plan)] == [
        (ASK, "Police", "Write it down"),
        (BRIEF, "GP", "Print it"),
    ]


def test_a_row_one_column_off_below_a_header_of_two_rows_is_set_right(agencies: Agencies) -> None:
    plan = table(
        [
            ["No.", "Recommendation", ("Actions", 3), "RAG"],
            [None, None, "What", "Who", "When", None],
            ["1", ASK, "Write", "Police", "May 2020", "Green"],
            ["2", BRIEF, "Police", "May 2020", "Amber"],
            ["3", RECORD, "Change the form"],
        ]
    )
    _, off, short = recommendations(agencies, plan)
    assert (off.action, off.lead_agency, off.target_date.date) == (None, "Police", "2020-05")
    assert off.flags == ("cells 3–5 stood one column to the left; no action is printed",)
    assert (short.action, short.lead_agency, short.flags) == ("Change the form", None, ())


@pytest.mark.parametrize("beside", ["", "Detail", "Description"])
def test_numbers_under_recommendation_number_the_texts_beside_them(
    beside: str, agencies: Agencies
) -> None:
    plan = table(
        [
            ["Recommendation", beside, "Lead", "Timescale"],
            ["R1", ASK, "CSP", "6 months"],
            ["R2", BRIEF, "Police", "3 months"],
        ]
    )
    assert [(r.number, r.text) for r in recommendations(agencies, plan)] == [
        ("R1", ASK),
        ("R2", BRIEF),
    ]


def test_a_long_text_in_the_row_of_the_headers_is_left_out_and_said(agencies: Agencies) -> None:
    long = f"Progress\n{ASK} {BRIEF}"
    read = blocks_read(agencies, table([["Recommendation", "Lead", long], [RECORD, "GP", "x"]]))
    assert [(left.text, left.why) for left in read.left_out] == [
        (long, "it stands in the row of the headers and is too long for one")
    ]


def test_a_column_of_learning_read_as_recommendations_is_said(agencies: Agencies) -> None:
    read = blocks_read(agencies, table([["Learning", "Action"], ["Nobody asked.", "Ask"]]))
    assert read.notes == ["no column is named recommendation: “Learning” was read as that"]
