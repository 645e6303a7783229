from __future__ import annotations

import pytest

from kb.ingest.statuses import read_outcome, read_scope, read_status


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
    ],
)
def test_the_head_of_an_outcome_says_the_status(cell: str, printed: str, value: str) -> None:
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
