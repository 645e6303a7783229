"""Cells merged down and across: what a merged cell says, and what stands under a heading."""

from __future__ import annotations

from pathlib import Path

import pytest
from shaped import ASK, BRIEF, RECORD, blocks_read, from_word, recommendations, table

from kb.ingest.tables import Table
from kb.text.agencies import Agencies

HEADER = ["No.", "Recommendation", "Action", "Lead agency", "Outcome"]


def test_a_merged_lead_is_that_of_every_recommendation_it_covers(
    tmp_path: Path, agencies: Agencies
) -> None:
    plan = table(
        [
            ["No.", "Recommendation", "Learning", "Lead agency", "Target date"],
            ["1", ASK, "Nobody asked", "Police", "May 2020"],
            ["2", BRIEF, None, None, None],
            ["3", RECORD, "No form", None, "TBC"],
        ]
    )
    rows = from_word(tmp_path, agencies, plan).recommendations
    assert [(r.lead_agency, r.target_date.printed) for r in rows] == [
        ("Police", "May 2020"),
        ("Police", "May 2020"),
        ("Police", "TBC"),
    ]
    assert [r.other[0].text for r in rows] == ["Nobody asked", "Nobody asked", "No form"]
    assert rows[1].flags == (
        "the lead agency is one merged cell from row 2 on",
        "the target date is one merged cell from row 2 on",
    )


def test_one_recommendation_with_many_actions_each_with_its_own_outcome(
    tmp_path: Path, agencies: Agencies
) -> None:
    plan = table(
        [
            HEADER,
            ["1", ASK, "Write it down", "Police", "Complete"],
            [None, None, "Print it", "CSP", "In progress"],
            [None, None, "Send it out", None, ""],
            ["2", BRIEF, "Brief them", "GP", ""],
        ]
    )
    first, second = from_word(tmp_path, agencies, plan).recommendations
    assert [(a.text, a.lead_agency, a.status.value) for a in first.actions] == [
        ("Write it down", "Police", "complete"),
        ("Print it", "CSP", "in-progress"),
        ("Send it out", "CSP", None),
    ]
    assert (second.number, len(second.actions)) == ("2", 1)


def test_empty_cells_below_a_recommendation_are_more_of_its_actions(agencies: Agencies) -> None:
    plan = table(
        [HEADER, ["1", ASK, "Write it down", "Police", ""], ["", "", "Print it", "CSP", "Complete"]]
    )
    (row,) = recommendations(agencies, plan)
    assert [(a.text, a.outcome) for a in row.actions] == [
        ("Write it down", None),
        ("Print it", "Complete"),
    ]


HEADINGS = table(
    [
        HEADER,
        [("Theme 1: Families", 5)],
        ["1", ASK, "", "", ""],
        ["Police", "Police", "Police", "Police", "Police"],
        ["2", BRIEF, "", "", ""],
        ["Tarnmoor Hospitals NHS Trust", "", "", "", ""],
        ["3", RECORD, "", "", ""],
        ["", "SINGLE AGENCY RECOMMENDATIONS", "", "", ""],
        ["4", "Midwives should ask at each visit.", "", "", ""],
        ["", "Housing recommendations", "", "", ""],
        ["5", "Housing officers should ask.", "", "", ""],
    ]
)


def test_headings_across_repeated_or_alone_stand_over_the_rows_below(
    tmp_path: Path, agencies: Agencies
) -> None:
    wanted = [
        ("1", "Theme 1: Families"),
        ("2", "Police"),
        ("3", "Tarnmoor Hospitals NHS Trust"),
        ("4", "SINGLE AGENCY RECOMMENDATIONS"),
        ("5", "Housing recommendations"),
    ]
    assert [(r.number, r.heading) for r in recommendations(agencies, HEADINGS)] == wanted
    rows = from_word(tmp_path, agencies, HEADINGS).recommendations
    assert [(r.number, r.heading) for r in rows] == wanted


@pytest.mark.parametrize("text", ["Police", "Theme 2 – Records", "IMR recommendations – Health"])
def test_a_line_just_above_a_table_is_its_heading(text: str, agencies: Agencies) -> None:
    (row,) = recommendations(agencies, text, table([["Recommendation", "Lead"], [ASK, "GP"]]))
    assert row.heading == text


def test_a_recommendation_across_the_table_is_that_of_the_row_without_one_below(
    agencies: Agencies,
) -> None:
    title = f"Recommendation 7: {ASK}"
    plan = table(
        [
            ["Recommendation", "Action", "Lead agency"],
            [(title, 3)],
            ["", "Write it down", "Police"],
            ["", "Print it", "GP"],
            [BRIEF, "Brief them", "GP"],
        ]
    )
    first, second = recommendations(agencies, plan)
    assert (first.number, first.text, first.heading) == ("7", title, None)
    assert [a.text for a in first.actions] == ["Write it down", "Print it"]
    assert second.text == BRIEF


def test_a_heading_with_nothing_below_it_is_left_out_and_said(agencies: Agencies) -> None:
    read = blocks_read(agencies, Table("t", (*HEADINGS.rows, *table([[("Health", 5)]]).rows)))
    assert [(left.text, left.why) for left in read.left_out] == [
        ("Health", "a heading with nothing below it")
    ]


NUMBERS = [
    ("115.1 The Trust should ask.", "115.1", "115.1 The Trust should ask."),
    ("Recommendation 3: The Trust should ask.", "3", "Recommendation 3: The Trust should ask."),
    ("Police Recommendation 2 – Ask.", "2", "Police Recommendation 2 – Ask."),
    ("R7 – Ask people.", "R7", "R7 – Ask people."),
    ("1. Ask people.", "1", "1. Ask people."),
    ("2a) Ask people.", "2a", "2a) Ask people."),
    ("3.140(a) States should ask.", "3.140(a)", "3.140(a) States should ask."),
    ("10.1.1.1 Ask people.", "10.1.1.1", "10.1.1.1 Ask people."),
    ("Recommendation 9\nThe Trust should ask.", "9", "The Trust should ask."),
    ("4\nThe Trust should ask.", "4", "The Trust should ask."),
    ("24 hour cover should be offered.", None, "24 hour cover should be offered."),
    ("2.5 million people should know.", None, "2.5 million people should know."),
    ("2021. The year should be said.", None, "2021. The year should be said."),
    ("Recommendation 3 of the report is kept.", None, "Recommendation 3 of the report is kept."),
    ("NHS 111 should ask.", None, "NHS 111 should ask."),
]


@pytest.mark.parametrize(("cell", "number", "text"), NUMBERS)
def test_the_number_at_the_head_of_a_recommendation_is_its_number(
    cell: str, number: str | None, text: str, agencies: Agencies
) -> None:
    (row,) = recommendations(agencies, table([["Recommendation", "Lead"], [cell, "GP"]]))
    assert (row.number, row.text) == (number, text)


def test_bare_figures_are_numbers_where_they_rise_row_by_row(agencies: Agencies) -> None:
    header = ["Recommendation", "Lead"]
    rising = table([header, ["1 Ask people.", "GP"], ["2 Train staff.", "GP"]])
    assert [r.number for r in recommendations(agencies, rising)] == ["1", "2"]
    alone = table([header, ["2 Officers should attend.", "GP"], ["Train staff.", "GP"]])
    assert [r.number for r in recommendations(agencies, alone)] == [None, None]


@pytest.mark.parametrize(
    "number", ["3.140(a)", "10.1.1.1", "9.1 a", "2a", "R1", "Recommendation 4", "4."]
)
def test_a_number_in_its_own_column_is_kept_as_printed(number: str, agencies: Agencies) -> None:
    plan = table([["No.", "Recommendation", "Lead"], [number, ASK, "GP"]])
    assert recommendations(agencies, plan)[0].number == number


def test_a_header_over_two_columns_covers_the_number_and_the_text(agencies: Agencies) -> None:
    plan = table([[("Recommendation", 2), "Lead"], ["1", ASK, "GP"], ["2", BRIEF, "GP"]])
    assert [(r.number, r.text) for r in recommendations(agencies, plan)] == [
        ("1", ASK),
        ("2", BRIEF),
    ]


def test_a_merged_agency_goes_before_the_officer_of_the_row(agencies: Agencies) -> None:
    plan = table(
        [
            ["Agency", "Recommendation", "Implementation lead"],
            ["Fellside Constabulary", ASK, "DCI Brown"],
            [None, BRIEF, "DI Green"],
        ]
    )
    second = recommendations(agencies, plan)[1]
    assert second.lead_agency == "Fellside Constabulary"
    assert [(c.header, c.text) for c in second.other] == [("Implementation lead", "DI Green")]
