"""Precision and recall beside a count, and the count corrected for them."""

from __future__ import annotations

import pytest
from report_factories import TAXONOMY, make_entry, make_tag

from kb.reports import EntryRows, Measured, theme_frequency


def test_a_count_is_corrected_by_precision_through_recall() -> None:
    measured = Measured(wanted=40, given=50, right=30)
    assert measured.precision.value == 0.6
    assert measured.recall.value == 0.75
    found = measured.corrected(100)
    assert found is not None
    value, low, high = found
    assert value == pytest.approx(100 * 0.6 / 0.75)
    assert low < value < high


def test_perfect_tags_leave_the_count_as_it_is_but_not_certain() -> None:
    found = Measured(wanted=20, given=20, right=20).corrected(10)
    assert found is not None
    assert found[0] == 10
    assert found[1] < 10 < found[2]


def test_where_nothing_was_right_nothing_is_corrected() -> None:
    assert Measured(wanted=3, given=0, right=0).corrected(5) is None
    assert Measured(wanted=3, given=4, right=0).corrected(5) is None


def test_what_a_person_decided_is_not_corrected() -> None:
    entries = [
        make_entry(position=at, themes=(make_tag("dash", "person" if at <= 4 else "rule"),))
        for at in range(1, 11)
    ]
    measured = {"dash": Measured(wanted=10, given=20, right=10)}
    report = theme_frequency(EntryRows(entries), TAXONOMY, None, measured)
    dash = next(theme for theme in report.data["themes"] if theme["id"] == "dash")["measured"]
    assert dash["by_machine"] == 6
    assert dash["precision"]["value"] == 0.5
    assert dash["recall"]["value"] == 1.0
    assert dash["corrected"]["value"] == pytest.approx(4 + 6 * 0.5)
    table = next(table for table in report.tables if table.name == "trust")
    assert table.rows[0][table.index("corrected")] == 7


def test_a_report_says_where_its_tags_were_not_measured() -> None:
    report = theme_frequency(EntryRows([make_entry(themes=("dash",))]), TAXONOMY)
    assert all(theme["measured"] is None for theme in report.data["themes"])
    assert any("kb evaluate" in note for note in report.notes)


def test_each_value_of_a_dimension_has_its_corrected_count() -> None:
    entries = [
        make_entry(review="a", position=1, year=2019, themes=(make_tag("dash", "person"),)),
        make_entry(review="a", position=2, year=2019, themes=(make_tag("dash", "rule"),)),
        make_entry(review="b", position=1, year=2021, themes=(make_tag("dash", "starter"),)),
        make_entry(review="b", position=2, year=2021, themes=(make_tag("training", "rule"),)),
    ]
    measured = {"dash": Measured(wanted=10, given=20, right=10)}
    report = theme_frequency(EntryRows(entries), TAXONOMY, "year", measured)
    first, second = report.data["by"]["values"]
    by_theme = [{t["id"]: t["corrected"] for t in part["themes"]} for part in (first, second)]
    assert by_theme[0]["dash"]["value"] == pytest.approx(1 + 1 * 0.5)
    assert by_theme[1]["dash"] == {"value": 1, "low": 1, "high": 1}  # no machine had a part in it
    assert by_theme[1]["training"] is None  # not measured
    long = next(table for table in report.tables if table.name == "themes_by_year")
    corrected = [row[long.index("corrected")] for row in long.rows if row[1] == "dash"]
    assert corrected == [2, 1]
    assert any("as good there as elsewhere" in note for note in report.notes)
