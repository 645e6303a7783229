"""Plans that are forms: a card for each recommendation, or its actions under its title."""

from __future__ import annotations

from pathlib import Path

import pytest
from shaped import ASK, BRIEF, RECORD, blocks_read, from_word, recommendations, table

from kb.ingest.tables import Table
from kb.model import Recommendation
from kb.text.agencies import Agencies

Seen = tuple[str | None, str, str | None, str | None, str | None]
WANTED: list[Seen] = [
    ("4", ASK, "Police", "Write it down", "2020-05"),
    ("5", BRIEF, "GP", "Print it", "2021-06"),
]


def seen(recommendation: Recommendation) -> Seen:
    return (
        recommendation.number,
        recommendation.text,
        recommendation.lead_agency,
        recommendation.action,
        recommendation.target_date.date,
    )


def card(*rows: list[str | tuple[str, int]], name: str = "table 1") -> Table:
    return table(rows, name)


SHAPES: dict[str, list[Table]] = {
    "a table each, number in the label": [
        card(["Recommendation 4", ASK], ["Lead agency", "Police"], ["Action", "Write it down"],
             ["Target date", "May 2020"], ["Progress", "Complete"]),
        card(["Recommendation 5", BRIEF], ["Lead agency", "GP"], ["Action", "Print it"],
             ["Target date", "June 2021"], ["Progress", ""], name="table 2"),
    ],
    "one long table": [
        card(["Recommendation no.", "4"], ["Recommendation", ASK], ["Owner", "Police"],
             ["What will we do?", "Write it down"], ["By when", "May 2020"],
             ["Recommendation no.", "5"], ["Recommendation", BRIEF], ["Owner", "GP"],
             ["What will we do?", "Print it"], ["By when", "June 2021"]),
    ],
    "one long table, the label again": [
        card(["Recommendation", ASK], ["Ref", "4"], ["Owner", "Police"],
             ["Action required", "Write it down"], ["By when", "May 2020"],
             ["Recommendation", BRIEF], ["Ref", "5"], ["Owner", "GP"],
             ["Action required", "Print it"], ["By when", "June 2021"]),
    ],
    "a title across each card": [
        card([("Recommendation 4", 2)], ["Recommendation", ASK], ["Lead officer", "Police"],
             ["Action", "Write it down"], ["Deadline", "May 2020"]),
        card([("Recommendation 5", 2)], ["Recommendation", BRIEF], ["Lead officer", "GP"],
             ["Action", "Print it"], ["Deadline", "June 2021"], name="table 2"),
    ],
    "four columns": [
        card(["Ref", "4", "Recommendation", ASK], ["Lead", "Police", "Target date", "May 2020"],
             ["Action", "Write it down", "RAG", "Green"]),
        card(["Ref", "5", "Recommendation", BRIEF], ["Lead", "GP", "Target date", "June 2021"],
             ["Action", "Print it", "RAG", ""], name="table 2"),
    ],
    "four columns, the text across three": [
        card(["Recommendation 4", (ASK, 3)], ["Lead", "Police", "Target date", "May 2020"],
             ["Action", ("Write it down", 3)]),
        card(["Recommendation 5", (BRIEF, 3)], ["Lead", "GP", "Target date", "June 2021"],
             ["Action", ("Print it", 3)], name="table 2"),
    ],
    "a table of actions below the fields": [
        card([("Recommendation 4", 3)], [(ASK, 3)], ["Action", "Lead", "By when"],
             ["Write it down", "Police", "May 2020"],
             [("Recommendation 5", 3)], [(BRIEF, 3)], ["Action", "Lead", "By when"],
             ["Print it", "GP", "June 2021"]),
    ],
    "number and text beside each other above the actions": [
        card(["Recommendation 4", (ASK, 2)], ["Action", "Lead", "By when"],
             ["Write it down", "Police", "May 2020"],
             ["Recommendation 5", (BRIEF, 2)], ["Action", "Lead", "By when"],
             ["Print it", "GP", "June 2021"]),
    ],
}  # fmt: skip


@pytest.mark.parametrize("cards", SHAPES.values(), ids=SHAPES.keys())
def test_each_card_is_a_recommendation(cards: list[Table], agencies: Agencies) -> None:
    assert [seen(r) for r in recommendations(agencies, *cards)] == WANTED
    assert blocks_read(agencies, *cards).left_out == []


@pytest.mark.parametrize("cards", SHAPES.values(), ids=SHAPES.keys())
def test_each_card_of_a_word_document_is_a_recommendation(
    cards: list[Table], tmp_path: Path, agencies: Agencies
) -> None:
    blocks = [block for made in cards for block in ("", made)]
    reading = from_word(tmp_path, agencies, *blocks)
    assert [seen(r) for r in reading.recommendations] == WANTED


TITLES = {
    "one header above all": table(
        [
            ["Action", "Lead", "By when", "Progress"],
            [(f"Recommendation 1: {ASK}", 4)],
            ["Write it down", "Police", "May 2020", "Complete"],
            ["Print it", "CSP", "June 2020", "Complete"],
            [(f"Recommendation 2: {BRIEF}", 4)],
            ["Brief them", "GP", "May 2021", "Complete"],
        ]
    ),
    "a header below each title": table(
        [
            [(f"Recommendation 1: {ASK}", 4)],
            ["Action", "Lead", "By when", "Progress"],
            ["Write it down", "Police", "May 2020", "Complete"],
            ["Print it", "CSP", "June 2020", "Complete"],
            [(f"Recommendation 2: {BRIEF}", 4)],
            ["Action", "Lead", "By when", "Progress"],
            ["Brief them", "GP", "May 2021", "Complete"],
        ]
    ),
}


@pytest.mark.parametrize("plan", TITLES.values(), ids=TITLES.keys())
def test_a_row_across_the_table_is_the_recommendation_of_the_actions_below(
    plan: Table, agencies: Agencies
) -> None:
    first, second = recommendations(agencies, plan)
    assert (first.number, first.text) == ("1", f"Recommendation 1: {ASK}")
    assert [(a.text, a.lead_agency, a.target_date.date) for a in first.actions] == [
        ("Write it down", "Police", "2020-05"),
        ("Print it", "CSP", "2020-06"),
    ]
    assert (second.action, second.status.value) == ("Brief them", "complete")


def test_a_paragraph_that_prints_the_recommendation_heads_the_table_of_its_actions(
    agencies: Agencies,
) -> None:
    header = ["Action", "Lead", "By when"]
    first, second = recommendations(
        agencies,
        f"Recommendation 1: {ASK}",
        table([header, ["Write it down", "Police", "May 2020"], ["Print it", "CSP", ""]]),
        f"Recommendation 2: {BRIEF}",
        table([header, ["Brief them", "GP", "May 2021"]], "table 2"),
    )
    assert (first.number, len(first.actions), second.action) == ("1", 2, "Brief them")


def test_a_label_without_a_field_and_a_value_over_two_rows_lose_nothing(
    agencies: Agencies,
) -> None:
    (row,) = recommendations(
        agencies,
        card(["Recommendation", ASK], ["Lead agency", "Police"], ["Desired outcome", "Calm"],
             ["", "and order"], ["Lead officer", "Chief Inspector"], ["RAG", "Amber"]),
    )  # fmt: skip
    assert [(c.header, c.text) for c in row.other] == [
        ("Desired outcome", "Calm\nand order"),
        ("Lead officer", "Chief Inspector"),
    ]
    assert row.status.value == "in-progress"


def test_a_theme_across_the_cards_below_is_their_heading(agencies: Agencies) -> None:
    rows = recommendations(
        agencies,
        card([("Theme 1: Families", 2)], ["Recommendation 1", ASK], ["Lead", "Police"],
             ["Action", "Write"], ["Recommendation 2", BRIEF], ["Lead", "GP"], ["Action", "Do"]),
    )  # fmt: skip
    assert [(r.heading, r.number) for r in rows] == [
        ("Theme 1: Families", "1"),
        ("Theme 1: Families", "2"),
    ]


@pytest.mark.parametrize(
    "other",
    [
        [["Term", "Meaning"], ["Action", "Something done"], ["Recommendation", "Something asked"],
         ["Lead agency", "Who sees to it"]],
        [["Name", "Organisation"], ["J Rowan", "Fellside Constabulary"], ["A Lee", "CSP"]],
        [["Version", "1.2"], ["Author", "A Lee"], ["Date", "May 2020"], ["Status", "Draft"]],
    ],
    ids=["glossary", "members", "document control"],
)  # fmt: skip
def test_other_tables_of_two_columns_are_no_cards(
    other: list[list[str]], agencies: Agencies
) -> None:
    read = blocks_read(agencies, table(other), table([["Recommendation"], [RECORD]], "table 2"))
    assert [draft.text for draft in read.drafts] == [RECORD]
    assert [left.text for left in read.left_out] == [" | ".join(row) for row in other]


def test_an_unknown_label_without_a_value_heads_no_card(agencies: Agencies) -> None:
    cards = [
        ["Recommendation", ASK], ["Lead agency", "CSP"], ["Anything else", ""],
        ["Recommendation", BRIEF], ["Lead agency", "Police"], ["Anything else", "No"],
    ]  # fmt: skip
    read = blocks_read(agencies, table(cards))
    assert [(draft.text, draft.heading) for draft in read.drafts] == [(ASK, None), (BRIEF, None)]
    assert read.left_out == []
