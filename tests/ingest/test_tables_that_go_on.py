"""Tables continued as a new table, and tables that stand in the cells of another."""

from __future__ import annotations

from pathlib import Path

import pytest
from shaped import ASK, BRIEF, RECORD, blocks_read, from_word, recommendations, table

from kb.text.agencies import Agencies

HEADER = ["No.", "Recommendation", "Lead agency", "Target date"]
FIRST = table([HEADER, ["1", ASK, "Police", "May 2020"]])
SECOND = table([["2", BRIEF, "CSP", "June 2020"], ["3", RECORD, "GP", "TBC"]], "table 2")


@pytest.mark.parametrize("between", [[], [""], ["Continued"], ["Action plan (continued)"]])
def test_a_table_without_a_header_goes_on_from_the_one_above(
    between: list[str], tmp_path: Path, agencies: Agencies
) -> None:
    reading = from_word(tmp_path, agencies, FIRST, *(between or [""]), SECOND)
    assert [(r.number, r.text, r.lead_agency) for r in reading.recommendations] == [
        ("1", ASK, "Police"),
        ("2", BRIEF, "CSP"),
        ("3", RECORD, "GP"),
    ]
    assert reading.recommendations[1].source.place == "table 2, row 1"
    assert reading.recommendations[1].flags == ()
    assert "table 2 has no header of its own: read under that of table 1" in reading.notes


def test_over_a_paragraph_of_other_text_it_goes_on_with_a_flag(agencies: Agencies) -> None:
    read = blocks_read(agencies, FIRST, "The board met in May and agreed the rest.", SECOND)
    assert [draft.flags for draft in read.drafts] == [
        [],
        ["table 2 has no header of its own: read under that of table 1"],
        ["table 2 has no header of its own: read under that of table 1"],
    ]


def test_a_heading_between_the_pieces_stands_over_the_rows_below_it(agencies: Agencies) -> None:
    rows = recommendations(agencies, FIRST, "Recommendations for health", SECOND)
    assert [r.heading for r in rows] == [
        None,
        "Recommendations for health",
        "Recommendations for health",
    ]


def test_an_action_of_the_last_row_may_stand_first_in_the_next_table(agencies: Agencies) -> None:
    header = ["Recommendation", "Action", "Lead agency"]
    (row,) = recommendations(
        agencies,
        table([header, [ASK, "Write it down", "Police"]]),
        table([["", "Print it", "CSP"]], "table 2"),
    )
    assert [a.text for a in row.actions] == ["Write it down", "Print it"]


@pytest.mark.parametrize(
    "other",
    [
        [["Jane Rowan", "Chair", "Independent", "none"], ["A Lee", "Member", "Police", "none"]],
        [["May 2020", "Police", "Called to the house", "x"], ["June 2020", "GP", "Seen", "y"]],
        [["CSP", "Community Safety Partnership", "GP", "General practitioner"]],
        [["2", BRIEF]],
    ],
    ids=["members", "chronology", "abbreviations", "fewer columns"],
)
def test_a_table_of_something_else_does_not_go_on(
    other: list[list[str]], agencies: Agencies
) -> None:
    read = blocks_read(agencies, FIRST, table(other, "table 2"))
    assert [draft.text for draft in read.drafts] == [ASK]
    assert [left.text for left in read.left_out] == [" | ".join(row) for row in other]


def test_several_tables_with_different_columns(tmp_path: Path, agencies: Agencies) -> None:
    reading = from_word(
        tmp_path,
        agencies,
        "Police recommendations",
        table([["Rec", "Recommendation", "Owner"], ["1", ASK, "Police"]]),
        "National recommendations",
        table([["Recommendation", "Responsible body", "Due", "Budget"],
               [BRIEF, "Home Office", "2024", "£40"]]),
    )  # fmt: skip
    first, second = reading.recommendations
    assert (first.number, first.heading) == ("1", "Police recommendations")
    assert (second.heading, second.lead_agency) == ("National recommendations", "Home Office")
    assert [c.header for c in second.other] == ["Budget"]


INNER = table([["Action", "Lead", "By when", "No."], ["Write it down", "Police", "May 2020", "a"],
               ["Print it", "CSP", "June 2020", "b"]])  # fmt: skip


def test_a_table_of_actions_inside_a_cell_gives_the_actions(agencies: Agencies) -> None:
    first, second = recommendations(
        agencies,
        table([["No.", "Recommendation", "Actions"], ["1", ASK, INNER], ["2", BRIEF, "x"]]),
    )
    assert [(a.text, a.lead_agency, a.target_date.date) for a in first.actions] == [
        ("Write it down", "Police", "2020-05"),
        ("Print it", "CSP", "2020-06"),
    ]
    assert [(c.header, c.text) for c in first.other] == [("No.", "a"), ("No.", "b")]
    assert second.action == "x"


def test_what_the_row_says_for_all_holds_for_each_inner_action(agencies: Agencies) -> None:
    inner = table([["Action", "By when"], ["Write it down", "May 2020"], ["Print it", ""]])
    (row,) = recommendations(
        agencies, table([["Recommendation", "Action", "Lead"], [ASK, inner, "Police"]])
    )
    assert [(a.text, a.lead_agency) for a in row.actions] == [
        ("Write it down", "Police"),
        ("Print it", "Police"),
    ]


def test_lead_merged_down_beside_inner_actions_with_leads_of_their_own_is_kept_once(
    agencies: Agencies,
) -> None:
    first, second = (
        table([["Action", "Lead"], [one, "CSP"], [other, "GP"]])
        for one, other in (("Write it down", "Print it"), ("Read it out", "Send it"))
    )
    (row,) = recommendations(
        agencies,
        table(
            [["Recommendation", "Actions", "Lead"], [ASK, first, "Police"], [None, second, None]]
        ),
    )
    assert row.lead_agency == "Police"
    assert [a.lead_agency for a in row.actions] == ["CSP", "GP", "CSP", "GP"]
    assert row.other == ()


def test_the_text_of_any_other_inner_table_joins_that_of_its_cell(agencies: Agencies) -> None:
    inner = table([["Ward", "Sessions"], ["North", "3"]])
    (row,) = recommendations(agencies, table([["Recommendation", "Progress"], [ASK, inner]]))
    assert row.outcome == "Ward\nSessions\nNorth\n3"


def test_a_plan_inside_a_table_that_lays_out_the_page(agencies: Agencies) -> None:
    layout = table([["Tarnmoor DHR 7 – Action plan"], [FIRST], [SECOND], ["Signed by the chair"]])
    read = blocks_read(agencies, layout)
    assert [draft.text for draft in read.drafts] == [ASK, BRIEF, RECORD]
    assert read.title == "Tarnmoor DHR 7 – Action plan"
    assert [left.text for left in read.left_out] == ["Signed by the chair"]


def test_a_layout_in_a_layout_is_read_too(agencies: Agencies) -> None:
    read = blocks_read(agencies, table([[table([["x", table([[FIRST]])]])]]))
    assert [draft.text for draft in read.drafts] == [ASK]
    assert [left.text for left in read.left_out] == ["x"]


def test_learning_points_stay_out_beside_recommendations_and_count_where_they_are_all(
    agencies: Agencies,
) -> None:
    learning = table([["Learning point", "Agency"], ["People did not ask at home.", "Police"]])
    both = blocks_read(agencies, learning, table([["Recommendation", "Agency"], [ASK, "GP"]], "t"))
    assert [draft.text for draft in both.drafts] == [ASK]
    assert [left.text for left in both.left_out][1] == "People did not ask at home. | Police"
    alone = blocks_read(agencies, learning)
    assert [draft.text for draft in alone.drafts] == ["People did not ask at home."]


def test_the_other_tables_of_a_report_stay_out_and_are_listed(agencies: Agencies) -> None:
    others = [
        table([["Name", "Agency", "Role"], ["J Rowan", "Police", "Member"]], "table 1"),
        table(
            [["Date", "Event", "Source"], ["May 2020", "Police were called", "Police"]], "table 2"
        ),
        table([["Term", "Meaning"], ["CSP", "Community Safety Partnership"]], "table 3"),
        table([["Version", "Date", "Sent to"], ["1", "May 2020", "Panel"]], "table 4"),
        table([["Key line of enquiry", "Agency"], ["Was the risk seen?", "Police"]], "table 5"),
        table([["Agency", "Contact", "Chronology"], ["GP", "Yes", "Yes"]], "table 6"),
        table([["Action", "Meaning"], ["Arrest", "Taken into custody"]], "table 7"),
    ]
    plan = table([["Recommendation", "Agency"], [ASK, "GP"]], "table 8")
    read = blocks_read(agencies, *others, plan)
    assert [draft.text for draft in read.drafts] == [ASK]
    assert len(read.left_out) == sum(len(other.rows) for other in others)


@pytest.mark.parametrize(
    ("title", "rows"),
    [
        (
            "Appendix B: Chronology",
            [["1", "The police came after a call about shouting", "Police"]],
        ),
        ("Review panel members", [["1", "Detective inspector, public protection unit", "Police"]]),
        ("Others", [["Jo Smith", "Detective inspector, public protection unit", "Police"]]),
        ("Others", [["3 May 2019", "She told her GP that she had been hurt at home", "GP"]]),
    ],
)
def test_another_table_without_a_header_is_no_part_of_the_plan(
    title: str, rows: list[list[str]], agencies: Agencies
) -> None:
    plan = table([HEADER[:3], ["1", ASK, "Police"]])
    read = blocks_read(agencies, plan, title, table(rows, "table 2"))
    assert [draft.text for draft in read.drafts] == [ASK]
    assert [left.text for left in read.left_out] == [" | ".join(rows[0])]
