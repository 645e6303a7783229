"""Rows that a page break cut after their last line but one, in plans and under titles."""

from __future__ import annotations

from shaped import ASK, recommendations, table

from kb.text.agencies import Agencies

HEADER = ["No.", "Recommendation", "Action", "Lead agency", "Target date", "Outcome"]


def test_name_of_an_agency_cut_by_the_break_is_whole_as_in_the_other_rows(
    agencies: Agencies,
) -> None:
    plan = table(
        [
            HEADER,
            ["1", ASK, "Print it", "Tarnmoor Council Housing", "May 2020", "Under way"],
            ["2", "The GP should write to the", "Write to the", "Tarnmoor Council", "May 2020", ""],
            ["", "ward.", "Minister", "Housing", "", ""],
        ],
        breaks=[3],
        feet=[(2, 1), (2, 2), (2, 3), (2, 4)],
    )
    _, second = recommendations(agencies, plan)
    assert [a.text for a in second.actions] == ["Write to the Minister"]
    assert second.actions[0].lead_agency == "Tarnmoor Council Housing"
    assert second.text == "The GP should write to the ward."


def test_last_word_of_an_action_overleaf_is_no_action(agencies: Agencies) -> None:
    plan = table(
        [
            HEADER,
            ["1", ASK, "Report to the Force Domestic Abuse", "Police", "May 2020", "Under way"],
            ["", "", "Board", "", "", ""],
        ],
        breaks=[2],
        feet=[(1, 2)],
    )
    (only,) = recommendations(agencies, plan)
    assert [" ".join((a.text or "").split()) for a in only.actions] == [
        "Report to the Force Domestic Abuse Board"
    ]
    assert only.flags


def test_action_of_a_card_cut_by_the_break_is_whole_again(agencies: Agencies) -> None:
    plan = table(
        [
            ["Recommendation", ASK, None, None],
            ["Action", "Owner", "Target date", "Progress"],
            ["Report to the Force Domestic Abuse", "Police", "May 2020", "Under way"],
            ["Board", "", "", ""],
            ["Print a poster", "Police", "June 2020", "Complete"],
        ],
        breaks=[3],
        feet=[(2, 0)],
    )
    (only,) = recommendations(agencies, plan)
    assert [" ".join((a.text or "").split()) for a in only.actions] == [
        "Report to the Force Domestic Abuse Board",
        "Print a poster",
    ]
