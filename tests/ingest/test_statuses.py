from __future__ import annotations

import pytest

from kb.ingest.statuses import read_outcome, read_scope, read_status, status_of


@pytest.mark.parametrize(
    ("cell", "printed", "value"),
    [
        ("Complete", "Complete", "complete"),
        ("Complete \n\nAll staff use it.", "Complete", "complete"),
        ("Completed in May by the team", "Completed", "complete"),
        ("This action has been completed.", "completed", "complete"),
        ("Closed – see minutes", "Closed", "complete"),
        ("Achieved.", "Achieved", "complete"),
        ("Complete and ongoing", "Complete and ongoing", "ongoing"),
        ("Complete- Ongoing\n\nmanagers check", "Complete- Ongoing", "ongoing"),
        (
            "Complete and \nOngoing and part of practice",
            "Complete and \nOngoing",
            "ongoing",
        ),
        ("Ongoing", "Ongoing", "ongoing"),
        ("Partially complete", "Partially complete", "in-progress"),
        ("In progress: two of three teams", "In progress", "in-progress"),
        ("Not complete", "Not complete", "in-progress"),
        ("This has not yet been completed", "not yet been completed", "in-progress"),
        ("Incomplete", "Incomplete", "in-progress"),
        ("Underway", "Underway", "in-progress"),
        ("Not yet started", "Not yet started", "not-started"),
        ("Outstanding", "Outstanding", "not-started"),
        ("Not accepted - out of our remit", "Not accepted", "not-accepted"),
        ("Rejected", "Rejected", "not-accepted"),
        ("Ongoing – in progress", "Ongoing – in progress", "in-progress"),
        ("Work ongoing", "ongoing", "in-progress"),
        ("This work is ongoing.", "ongoing", "in-progress"),
        ("Signed off by the board", "Signed off", "complete"),
        ("Discharged", "Discharged", "complete"),
        ("100%", "100%", "complete"),
        ("60% complete", "60% complete", "in-progress"),
        ("No progress", "No progress", "not-started"),
        ("No progress to date.", "No progress to date", "not-started"),
        ("Green – completed", "completed", "complete"),
        ("Closed – not progressed", "Closed – not progressed", None),
        ("Closed, not implemented", "Closed, not implemented", None),
        ("Partially accepted", "Partially accepted", None),
    ],
)
def test_the_head_of_an_outcome_says_the_status(cell: str, printed: str, value: str | None) -> None:
    status, _ = read_outcome(cell)
    assert status.model_dump() == {"printed": printed, "value": value}


@pytest.mark.parametrize(
    "cell",
    [
        "Planned audit of the forms to be completed by July",
        "Complete a review of the policy",
        "Completed risk assessments to be stored centrally",
        "Ongoing training dates are on the intranet",
        "Outstanding practice was shared at the forum",
        "Done-up offices make the service welcoming to incompleteness",
        "Roll out of training across the service – monitored.",
        "Closeding",
        "Discharged from hospital without a plan",
        "100% of staff to be trained",
        "Green Street surgery leads",
        None,
        "",
    ],
)
def test_a_sentence_that_merely_holds_such_a_word_decides_nothing(cell: str | None) -> None:
    status, completed = read_outcome(cell, dated=True)
    assert status.value is None
    assert completed.date is None


@pytest.mark.parametrize(
    ("cell", "printed", "date"),
    [
        ("Complete (November 2019)\nThe results", "November 2019", "2019-11"),
        ("Completed on 3 May 2021", "3 May 2021", "2021-05-03"),
        ("Complete - 31.7.22", "31.7.22", "2022-07-31"),
        ("31.7.22 – Complete", "31.7.22", "2022-07-31"),
        ("Complete and ongoing, since June 2020", None, None),
        ("Complete\n\nApril 2022: All cases", None, None),
    ],
)
def test_the_date_beside_complete_is_that_of_completion(
    cell: str, printed: str | None, date: str | None
) -> None:
    _, completed = read_outcome(cell)
    assert (completed.printed, completed.date) in {(printed, date), ("June 2020", "2020-06")}


def test_a_date_at_the_head_counts_only_where_the_header_names_the_completion() -> None:
    cell = "June 2021\n\nWorkshops developed to improve practice and ongoing"
    status, completed = read_outcome(cell, dated=True)
    assert (status.printed, status.value, completed.date) == ("ongoing", "ongoing", "2021-06")
    status, completed = read_outcome("April 2022: all cases are looked at again")
    assert (status.value, completed.date) == (None, None)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("Green", "complete"), ("RAG: Amber", "in-progress"), ("Red", "not-started"), ("Tbc", None)],
)
def test_a_status_column_keeps_the_whole_cell(cell: str, value: str | None) -> None:
    assert read_status(cell).model_dump() == {"printed": cell, "value": value}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Local", "local"),
        ("Local and National", "national"),
        ("Regional/local", "regional"),
        ("Local, not national", "local"),
        ("The whole county", None),
    ],
)
def test_the_widest_named_scope_counts(cell: str, value: str | None) -> None:
    assert read_scope(cell).model_dump() == {"printed": cell, "value": value}


@pytest.mark.parametrize(
    ("cell", "outcome", "value"),
    [
        ("Red", "Not accepted – funding not available", "not-accepted"),
        ("Green", "Completed – ongoing", "ongoing"),
        ("Amber", "Not started", "not-started"),
        ("Green", "June 2021 – in progress", "in-progress"),
        ("Green", "Closed – not progressed", None),
        ("Amber – not started", None, "not-started"),
        ("R", None, "not-started"),
        ("a", "", "in-progress"),
        ("G", "Posters are up in every surgery.", "complete"),
        ("B", "Green", "complete"),
        ("Green", "Amber", "complete"),
    ],
)
def test_a_colour_decides_only_where_no_words_do(
    cell: str, outcome: str | None, value: str | None
) -> None:
    status, _ = status_of(cell, outcome)
    assert status.model_dump() == {"printed": cell, "value": value}


def test_words_that_overrule_a_colour_are_said_in_words() -> None:
    _, doubts = status_of("Red", "Not accepted – funding not available")
    assert doubts == [
        "the status “Red” is a colour; the outcome's words “Not accepted” decide: not-accepted"
    ]
    assert status_of("Red", "Not started")[1] == []


def test_the_words_of_the_status_column_win_over_the_outcomes_and_it_is_said() -> None:
    status, doubts = status_of("In progress", "Completed in May")
    assert status.value == "in-progress"
    assert doubts == [
        "the status says “In progress” but the outcome “Completed”: the status was taken"
    ]


@pytest.mark.parametrize("cell", ["Partially accepted", "Closed, not implemented", "Tbc"])
def test_a_status_that_is_none_of_the_statuses_is_null_and_said(cell: str) -> None:
    status, doubts = status_of(cell, "Complete")
    assert status.model_dump() == {"printed": cell, "value": None}
    assert doubts == [f"the status “{cell}” was not understood"]
