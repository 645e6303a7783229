"""Rows that a page break cut are whole again; what is a judgement is flagged."""

from __future__ import annotations

import pytest
from shaped import ASK, BRIEF, RECORD, recommendations, table

from kb.ingest.plans.cuts import Words
from kb.text.agencies import Agencies

HEADER = ["No.", "Recommendation", "Action", "Lead agency", "Target date", "Outcome"]
JUDGED = "read as the lower part of the row that the page break cut"
UPPER = ["1", ASK, "Write the path-", "Police", "May 2020", "Under"]
LOWER = ["", "", "way down. Print it.", "", "", "way since June."]
AFTER = ["2", BRIEF, "Brief them", "GP", "", ""]


def test_a_row_cut_by_a_page_break_is_whole_again(agencies: Agencies) -> None:
    first, second = recommendations(
        agencies, table([HEADER, UPPER, LOWER, AFTER], breaks=[2], cut=True)
    )
    assert first.action == "Write the pathway down. Print it."
    assert first.outcome == "Under way since June."
    assert (first.flags, second.number) == ((), "2")


def test_where_the_rules_leave_it_open_the_text_decides_and_is_flagged(agencies: Agencies) -> None:
    plan = table([HEADER, UPPER, LOWER, AFTER], breaks=[2], feet=[(1, 2), (1, 5)])
    first, _ = recommendations(agencies, plan)
    assert (first.action, first.flags) == ("Write the pathway down. Print it.", (JUDGED,))
    assert len(first.actions) == 1


def test_a_header_repeated_on_the_page_does_not_stop_the_joining(agencies: Agencies) -> None:
    plan = table([HEADER, UPPER, HEADER, LOWER, AFTER], breaks=[2])
    first, second = recommendations(agencies, plan)
    assert (first.action, second.text) == ("Write the pathway down. Print it.", BRIEF)


def test_a_row_may_go_over_three_pages(agencies: Agencies) -> None:
    plan = table(
        [
            HEADER,
            ["1", "The multi-agency panel should meet the multi-", "Write", "Police", "", ""],
            ["", "agency group, agree what it will", "", "", "", ""],
            ["", "share and report.", "", "", "", ""],
        ],
        breaks=[2, 3],
    )
    (row,) = recommendations(agencies, plan)
    assert row.text == (
        "The multi-agency panel should meet the multi-agency group, agree what it will share"
        " and report."
    )


def test_a_cell_that_did_not_reach_the_foot_of_its_page_does_not_go_on(agencies: Agencies) -> None:
    plan = table(
        [
            HEADER,
            ["1", ASK, "Write", "Police", "May 2020", "x"],
            ["", "", "then print", "", "", ""],
        ],
        breaks=[2],
        feet=[(1, 5)],
    )
    (row,) = recommendations(agencies, plan)
    assert [a.text for a in row.actions] == ["Write", "then print"]
    assert row.flags == ("first on its page, without a recommendation: read as one more action",)


def test_rules_that_exclude_it_are_believed(agencies: Agencies) -> None:
    plan = table([HEADER, UPPER, LOWER], breaks=[2], cut=False)
    (row,) = recommendations(agencies, plan)
    assert len(row.actions) == 2


def test_a_new_row_after_the_break_is_a_row(agencies: Agencies) -> None:
    plan = table(
        [HEADER, ["1", "The Partnership should review", "", "", "", ""], AFTER], breaks=[2]
    )
    assert [r.number for r in recommendations(agencies, plan)] == ["1", "2"]


def test_a_merged_recommendation_that_goes_on_over_the_break_beside_a_new_action(
    agencies: Agencies,
) -> None:
    rows = [
        HEADER,
        ["1", "The Partnership should review its", "Write.", "Police", "May 2020", "x"],
        ["", "pathway for families.", "Print it.", "GP", "June 2020", ""],
    ]
    (row,) = recommendations(agencies, table(rows, breaks=[2]))
    assert row.text == "The Partnership should review its pathway for families."
    assert [(a.text, a.lead_agency) for a in row.actions] == [
        ("Write.", "Police"),
        ("Print it.", "GP"),
    ]
    assert "goes on over the page break" in row.flags[0]


def test_a_row_cut_where_no_reader_can_say_is_joined_in_the_midst_of_a_sentence(
    agencies: Agencies,
) -> None:
    plan = table(
        [
            HEADER,
            ["1", "The Partnership should review its", "Write the", "Police", "May 2020", "x"],
            ["", "pathway for families.", "pathway", "", "", ""],
            AFTER,
        ]
    )
    first, second = recommendations(agencies, plan)
    assert (first.text, first.action) == (
        "The Partnership should review its pathway for families.",
        "Write the pathway",
    )
    assert "in the middle of a sentence" in first.flags[0]
    assert second.flags == ()


@pytest.mark.parametrize(
    "below",
    [
        ["", "", "Print it.", "GP", "June 2020", ""],
        ["", "", "Print it.", "", "", ""],
        ["2", "pathway for families.", "", "", "", ""],
    ],
)
def test_a_row_that_starts_anew_is_not_joined(below: list[str], agencies: Agencies) -> None:
    above = ["1", "The Partnership should review its", "Write the", "Police", "May 2020", "x"]
    first = recommendations(agencies, table([HEADER, above, below]))[0]
    assert first.text == "The Partnership should review its"


def test_a_list_of_short_asks_in_lower_case_stays_a_list(agencies: Agencies) -> None:
    plan = table([["Recommendation", "Lead"], ["train staff", ""], ["review policy", ""]])
    assert [r.text for r in recommendations(agencies, plan)] == ["train staff", "review policy"]


@pytest.mark.parametrize(
    ("known", "upper", "lower", "joined"),
    [
        ("", "the recommen-", "dation made", "the recommendation made"),
        ("a multi-agency plan", "a multi-", "agency plan", "a multi-agency plan"),
        ("", "a multi-", "agency plan", "a multi-agency plan"),
        ("a multiagency plan", "a multi-", "agency plan", "a multiagency plan"),
        ("", "North-", "East Council", "North-East Council"),
        ("", "day-to-", "day work", "day-to-day work"),
        ("", "ends here.", "Begins here", "ends here.\nBegins here"),
        ("", "goes on", "here", "goes on here"),
        ("", "", "here", "here"),
    ],
)
def test_words_at_a_cut(known: str, upper: str, lower: str, joined: str) -> None:
    assert Words([known]).joined(upper, lower) == joined


def test_an_unfinished_recommendation_goes_on_over_the_break_with_a_capital(
    agencies: Agencies,
) -> None:
    plan = table(
        [
            HEADER,
            ["1", "Where there are concerns about anybody's", "Ask each", "Police", "May 2020", ""],
            ["", "Health, officers should ask the GP", "or write.", "", "", ""],
        ],
        breaks=[2],
    )
    (row,) = recommendations(agencies, plan)
    assert (
        row.text == "Where there are concerns about anybody's\nHealth, officers should ask the GP"
    )
    assert (row.action, row.flags) == ("Ask each or write.", (JUDGED,))


def test_a_header_that_no_rule_parts_from_a_cut_row_is_taken_off_it(agencies: Agencies) -> None:
    glued = [f"{name}\n{text}" if text else name for name, text in zip(HEADER, LOWER, strict=True)]
    first, second = recommendations(agencies, table([HEADER, UPPER, glued, AFTER], breaks=[2]))
    assert (first.action, first.outcome) == (
        "Write the pathway down. Print it.",
        "Under way since June.",
    )
    assert second.number == "2"


def test_the_rest_of_a_merged_cell_goes_back_to_its_first_row(agencies: Agencies) -> None:
    plan = table(
        [
            HEADER,
            ["1", "The Partnership should review its", "Write.", "Police", "May 2020", ""],
            [None, None, "Print", "GP", "June 2020", ""],
            ["", "pathway.", "it.", "", "", ""],
        ],
        breaks=[3],
        cut=True,
    )
    (row,) = recommendations(agencies, plan)
    assert row.text == "The Partnership should review its pathway."
    assert [a.text for a in row.actions] == ["Write.", "Print it."]


def test_a_short_action_in_small_letters_is_one_more_action_where_no_page_breaks(
    agencies: Agencies,
) -> None:
    header = ["No.", "Recommendation", "Action", "Outcome"]
    plan = table(
        [
            header,
            ["1", ASK, "Write the course", "Complete"],
            ["", "", "run it twice", "ongoing"],
            ["TBC", "", "", ""],
            ["2", BRIEF, "", ""],
        ]
    )
    first, second = recommendations(agencies, plan)
    assert [(a.text, a.status.value) for a in first.actions] == [
        ("Write the course", "complete"),
        ("run it twice", "ongoing"),
    ]
    assert second.heading is None


def test_a_cell_merged_down_over_a_page_holds_for_the_rows_of_the_next_page(
    agencies: Agencies,
) -> None:
    plan = table(
        [
            ["Theme", "Recommendation", "Scope", "Lead agency"],
            ["Health", ASK, "Local", "CSP"],
            [None, BRIEF, "National", "Police"],
            ["", RECORD, "", "GP"],
            [None, "The Trust should ring back.", None, "Trust"],
            ["Police", "Officers should ring back.", "Local", "Police"],
            ["", "Officers should write back.", "", "Police"],
        ],
        breaks=[3, 6],
        cut=False,
    )
    rows = recommendations(agencies, plan)
    assert [r.heading for r in rows] == ["Health"] * 4 + ["Police", None]
    assert [r.scope.printed for r in rows] == [
        "Local", "National", "National", "National", "Local", None,
    ]  # fmt: skip
    assert [flag for flag in rows[2].flags if "page before" in flag] == [
        "what stands under 'Theme' and 'Scope' is printed on the page before"
    ]


def test_a_lone_row_overleaf_stands_under_the_theme_merged_down_to_its_page_s_foot(
    agencies: Agencies,
) -> None:
    plan = table(
        [
            ["Theme", "Recommendation", "Scope"],
            ["Health", ASK, "Local"],
            [None, BRIEF, None],
            ["", RECORD, ""],
        ],
        breaks=[3],
        cut=False,
    )
    last = recommendations(agencies, plan)[-1]
    assert (last.heading, last.scope.printed) == ("Health", None)
