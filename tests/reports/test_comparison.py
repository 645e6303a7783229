"""Two sides beside each other: differences, their intervals, and what may be said of them."""

from __future__ import annotations

import numpy as np
import pytest
from report_factories import TAXONOMY, make_base, make_entry

from kb.intervals import wilson
from kb.model import Entry
from kb.reports import EntryRows, theme_comparison, theme_frequency
from kb.reports.differences import (
    TOO_FEW,
    Difference,
    Side,
    clustered_differences,
    newcombe,
)


def test_newcombe_gives_the_interval_of_the_paper() -> None:
    # Newcombe 1998, table II, case (a): 56/70 and 48/80, method 10.
    found = newcombe(wilson(56, 70), wilson(48, 80))
    assert found.value == pytest.approx(0.2)
    assert found.low == pytest.approx(0.0524, abs=5e-5)
    assert found.high == pytest.approx(0.3339, abs=5e-5)


def test_nothing_is_said_where_the_interval_holds_nought_or_reviews_are_few() -> None:
    words = ("more", "less", "no difference shown")
    assert Difference(0.1, -0.01, 0.2).says(50, *words) == "no difference shown"
    assert Difference(0.1, 0.01, 0.2).says(50, *words) == "more"
    assert Difference(-0.1, -0.2, -0.01).says(50, *words) == "less"
    assert Difference(0.1, 0.01, 0.2).says(9, *words) == TOO_FEW
    assert Difference(None, None, None).says(50, *words) == "nothing to compare"


def _side(carrying: list[int], sizes: list[int]) -> Side:
    return Side(np.array([[each] for each in carrying]), np.array(sizes))


def test_difference_of_two_parts_agrees_with_theory() -> None:
    first = _side([1] * 120 + [0] * 280 + [0] * 400, [1] * 400 + [0] * 400)
    second = _side([0] * 400 + [1] * 80 + [0] * 320, [0] * 400 + [1] * 400)
    (found,) = clustered_differences(first, second)
    spread = 1.96 * (0.3 * 0.7 / 400 + 0.2 * 0.8 / 400) ** 0.5
    assert found.value == pytest.approx(0.1)
    assert found.low == pytest.approx(0.1 - spread, abs=0.008)
    assert found.high == pytest.approx(0.1 + spread, abs=0.008)


def test_sides_that_carry_nothing_are_not_compared() -> None:
    empty = _side([0, 0], [0, 0])
    assert clustered_differences(empty, _side([1, 0], [1, 1]))[0].value is None


def _two_areas(reviews: int) -> list[Entry]:
    """North always asks for training, South never."""
    return [
        make_entry(
            review=f"{area}-{at}",
            facts={"area": area},
            themes=("training",) if area == "north" else (),
            year=2010 + at % 10,
        )
        for area in ("north", "south")
        for at in range(reviews)
    ]


def _compared(entries: list[Entry]) -> dict[str, dict[str, str]]:
    half = len(entries) // 2
    places = (np.arange(half), np.arange(half, len(entries)))
    report = theme_comparison(EntryRows(entries), TAXONOMY, ("North", "South"), places)
    return {
        theme["id"]: {"difference": theme["difference"]["says"]}
        | {"notes": "\n".join(report.notes)}
        for theme in report.data["themes"]
    }


def test_a_clear_difference_is_said_and_few_reviews_are_cautioned() -> None:
    assert _compared(_two_areas(40))["training"]["difference"] == "more in North"
    few = _compared(_two_areas(4))["training"]
    assert few["difference"] == TOO_FEW
    assert "Caution: few reviews stand behind this: 4 (North) and 4 (South)" in few["notes"]


def test_counts_of_both_sides_are_plain_counts() -> None:
    base = make_base(reviews=30)
    north = [at for at, entry in enumerate(base) if entry.review.area == "North"]
    others = [at for at, entry in enumerate(base) if entry.review.area != "North"]
    report = theme_comparison(
        EntryRows(base), TAXONOMY, ("North", "others"), (np.array(north), np.array(others))
    )
    for theme in report.data["themes"]:
        for side, places in (("first", north), ("second", others)):
            carrying = [at for at in places if any(t.id == theme["id"] for t in base[at].themes)]
            assert theme[side]["recommendations"] == len(carrying)
            assert theme[side]["recommendation_share"]["value"] == len(carrying) / len(places)
        difference = theme["difference"]
        assert difference["low"] <= difference["value"] <= difference["high"]


def test_change_over_time_parts_the_years_into_halves_of_as_many_reviews() -> None:
    entries = [
        make_entry(review=f"r{at}", year=2010 + at // 20, themes=("dash",) if at >= 40 else ())
        for at in range(80)
    ]
    change = theme_frequency(EntryRows(entries), TAXONOMY, "year").data["change"]
    assert [side["name"] for side in change["sides"]] == ["2012–2013", "2010–2011"]
    assert [side["reviews"] for side in change["sides"]] == [40, 40]
    assert {t["id"]: t["difference"]["says"] for t in change["themes"]} == {"dash": "rose"}


def test_one_year_alone_has_no_change() -> None:
    report = theme_frequency(EntryRows([make_entry(themes=("dash",))]), TAXONOMY, "year")
    assert "change" not in report.data


@pytest.mark.parametrize("column", ["first", "second"])
def test_behind_a_number_stand_as_many_recommendations(column: str) -> None:
    entries = make_base(reviews=20)
    half = len(entries) // 2
    report = theme_comparison(
        EntryRows(entries),
        TAXONOMY,
        ("a", "b"),
        (np.arange(half), np.arange(half, len(entries))),
    )
    table = next(table for table in report.tables if table.name == "comparison")
    assert table.behind is not None
    for row in range(len(table.rows)):
        places = table.behind(row, column)
        assert places is not None
        assert len(places) == table.rows[row][table.index(column)]
