"""What is said where nothing is found."""

from __future__ import annotations

import pytest
from engines import engine_over
from factories import make_entry

from kb.search.advice import advise
from kb.search.engine import Engine, Filters
from kb.search.query import parse

POLICE = ("Kent Police", "police")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    entries = [
        make_entry("Draw a genogram.", status="complete", area="Kent", year=2019, title=""),
        make_entry("A genogram again.", position=2, status="ongoing", year=2019, title=""),
        make_entry("Duty of care.", position=3, agencies=(POLICE,), heading="Housing", title=""),
        make_entry("The care duty.", position=4, publication="unpublished", title=""),
    ]
    return engine_over(tmp_path_factory.mktemp("index"), entries)


def said(engine: Engine, text: str, filters: Filters = Filters()) -> list[str]:  # noqa: B008
    query = parse(text)
    assert engine.count(query, filters) == 0
    return [one.words for one in advise(engine, query, filters)]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("genagram", ["nothing holds 'genagram'"]),
        ("genagram xyz", ["nothing holds 'genagram'", "nothing holds 'xyz'"]),
        ("zeb*", ["no word begins with 'zeb'"]),
        (
            '"duty care"',
            ['nothing has "duty care" in these words; all of them together stand in 2'],
        ),
        (
            "draw near/1 genogram",
            [
                "nothing has draw near/1 genogram so close to each other;"
                " all of them together stand in 1"
            ],
        ),
        (
            "theme:dash genogram",
            ["no recommendation has the theme 'dash'", "without theme:dash 2 are found"],
        ),
        ("heading:care", ["no heading holds 'care'"]),
        ("year:1999", ["no review is of 1999"]),
        ("genogram AND care", ["without genogram 2 are found", "without care 2 are found"]),
        ("status:complete year:2019 care", ["without any filter 2 are found"]),
        ("genogram -draw -again", ["without -draw 1 is found", "without -again 1 is found"]),
        ('genogram area:"Kent" status:ongoing', ["without area:Kent 1 is found",
                                                 "without status:ongoing 1 is found"]),
    ],
)  # fmt: skip
def test_it_is_said_what_left_nothing_over(engine: Engine, query: str, words: list[str]) -> None:
    assert said(engine, query) == words


def test_it_is_said_which_option_left_nothing_over(engine: Engine) -> None:
    assert said(engine, "care", Filters(status=("complete", "ongoing"))) == [
        "without status:complete or status:ongoing 2 are found"
    ]
    assert said(engine, "genogram", Filters(agency=("Kent Police",), year=(2019, None))) == [
        'without agency:"Kent Police" 2 are found'
    ]
    assert said(engine, "care", Filters(area=("Kent",), year=(2019, 2019))) == [
        "without any filter 2 are found"
    ]


def test_nothing_unpublished_is_counted_for_a_shared_audience(engine: Engine) -> None:
    everybody = Filters(published_only=True)
    assert said(engine, '"care duty"', everybody) == [
        'nothing has "care duty" in these words; all of them together stand in 1'
    ]
