"""Counts of theme frequency against counts made another way: plain loops, and SQL."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest
from report_factories import TAXONOMY, make_base, make_entry, make_tag

from kb.errors import WrongUsage
from kb.model import Entry
from kb.reports import DIMENSIONS, EntryRows, theme_frequency
from kb.reports.export import export_jsonl


def _by_id(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {theme["id"]: theme for theme in data["themes"]}


@pytest.fixture(scope="module")
def base() -> list[Entry]:
    return make_base(reviews=40)


@pytest.fixture(scope="module")
def exported(base: list[Entry]) -> sqlite3.Connection:
    """The JSON Lines export as tables rec, tag and agency, for counting by SQL."""
    facts = {entry.review.id: entry.review for entry in base}
    tables = sqlite3.connect(":memory:")
    tables.execute("create table rec (id, review, status, year, area, kind)")
    tables.execute("create table tag (rec, theme)")
    tables.execute("create table agency (rec, name, sector)")
    for line in export_jsonl(base).decode().splitlines():
        rec = json.loads(line)
        review = facts[rec["review_id"]]
        row = (rec["id"], review.id, rec["status"]["value"], review.year.value, review.area)
        tables.execute("insert into rec values (?, ?, ?, ?, ?, ?)", (*row, review.kind))
        tables.executemany(
            "insert into tag values (?, ?)", [(rec["id"], t["id"]) for t in rec["themes"]]
        )
        tables.executemany(
            "insert into agency values (?, ?, ?)",
            [(rec["id"], a["name"], a["sector"]) for a in rec["lead_agencies"]],
        )
    return tables


def test_counts_equal_a_plain_loop_over_the_entries(base: list[Entry]) -> None:
    data = theme_frequency(EntryRows(base), TAXONOMY).data
    for theme_id in ("dash", "genograms", "training", "rural"):
        carrying = [e for e in base if any(tag.id == theme_id for tag in e.themes)]
        theme = _by_id(data)[theme_id]
        assert theme["recommendations"] == len(carrying)
        assert theme["reviews"] == len({e.review.id for e in carrying})
        assert theme["recommendation_share"]["value"] == len(carrying) / len(base)
        assert theme["review_share"]["value"] == theme["reviews"] / 40
    assert data["denominators"] == {
        "recommendations": len(base),
        "reviews": 40,
        "recommendations_with_a_theme": sum(bool(e.themes) for e in base),
        "recommendations_without_a_theme": sum(not e.themes for e in base),
    }


def test_counts_equal_sql_over_an_export(base: list[Entry], exported: sqlite3.Connection) -> None:
    rows = exported.execute(
        "select theme, count(distinct rec.id), count(distinct review)"
        " from rec join tag on rec.id = tag.rec group by theme"
    ).fetchall()
    found = _by_id(theme_frequency(EntryRows(base), TAXONOMY).data)
    assert {(t["id"], t["recommendations"], t["reviews"]) for t in found.values()} == {
        *rows,
        ("rural", 0, 0),
    }


@pytest.mark.parametrize("by", list(DIMENSIONS))
def test_two_way_counts_equal_sql_over_an_export(
    by: str, base: list[Entry], exported: sqlite3.Connection
) -> None:
    column = {"agency": "agency.name", "sector": "agency.sector"}.get(by, f"rec.{by}")
    rows = exported.execute(
        f"select {column}, theme, count(distinct rec.id), count(distinct review) from rec"
        " left join agency on rec.id = agency.rec join tag on rec.id = tag.rec group by 1, 2"
    ).fetchall()
    sizes = exported.execute(
        f"select {column}, count(distinct rec.id), count(distinct review) from rec"
        " left join agency on rec.id = agency.rec group by 1"
    ).fetchall()
    parts = theme_frequency(EntryRows(base), TAXONOMY, by).data["by"]
    assert parts["field"] == by
    assert {(p["value"], p["recommendations"], p["reviews"]) for p in parts["values"]} == set(sizes)
    assert {
        (part["value"], theme["id"], theme["recommendations"], theme["reviews"])
        for part in parts["values"]
        for theme in part["themes"]
        if theme["recommendations"]
    } == set(rows)


def test_two_way_table_for_the_eye_has_the_same_counts_as_the_long_one(base: list[Entry]) -> None:
    report = theme_frequency(EntryRows(base), TAXONOMY, "sector")
    tables = {table.name: table for table in report.tables}
    across, long = tables["themes_across_sector"], tables["themes_by_sector"]
    counted = {
        (row[long.index("name")], row[long.index("sector")]): row[long.index("recommendations")]
        for row in long.rows
    }
    for row in across.rows[:-1]:
        for column, cell in zip(across.columns[1:], row[1:], strict=True):
            assert cell == counted[row[0], column.label]


def test_groups_and_home_office_themes_count_a_recommendation_once() -> None:
    both = make_entry(themes=("dash", "genograms"))
    data = theme_frequency(EntryRows([both]), TAXONOMY).data
    assert {g["id"]: g["recommendations"] for g in data["groups"]} == {"risk": 1, "people": 0}
    office = {h["name"]: h["recommendations"] for h in data["home_office"]}
    assert office == {"identification of risk": 1, "record keeping": 1, "training": 0}


def test_who_tagged_adds_up_to_the_recommendations_of_each_theme(base: list[Entry]) -> None:
    for theme in theme_frequency(EntryRows(base), TAXONOMY).data["themes"]:
        assert sum(theme["tagged_by"].values()) == theme["recommendations"]


def test_a_person_outweighs_the_machine_that_agrees() -> None:
    entries = [
        make_entry(position=1, themes=(make_tag("dash", "rule", "person"),)),
        make_entry(position=2, themes=(make_tag("dash", "classifier", "starter"),)),
        make_entry(position=3, themes=(make_tag("dash", "classifier", "rule"),)),
        make_entry(position=4, themes=(make_tag("dash", "classifier"),)),
    ]
    (dash,) = [
        t for t in theme_frequency(EntryRows(entries), TAXONOMY).data["themes"] if t["id"] == "dash"
    ]
    assert dash["tagged_by"] == {
        "person": 1,
        "starter": 1,
        "rule_and_classifier": 1,
        "rule": 0,
        "classifier": 1,
    }


def test_a_recommendation_to_several_sectors_counts_in_each_and_a_note_says_so() -> None:
    entry = make_entry(
        themes=("dash",), agencies=(("Avon Police", "police"), ("NHS Kent", "health"))
    )
    report = theme_frequency(EntryRows([entry]), TAXONOMY, "sector")
    values = report.data["by"]["values"]
    assert [(v["value"], v["recommendations"]) for v in values] == [("police", 1), ("health", 1)]
    assert any("more than one sector" in note for note in report.notes)


def test_years_stand_in_order_and_unknown_comes_last_and_is_said() -> None:
    entries = [
        make_entry(review="a", year=None),
        make_entry(review="b", year=2021),
        make_entry(review="c", year=2015),
    ]
    report = theme_frequency(EntryRows(entries), TAXONOMY, "year")
    values = [(v["value"], v["name"]) for v in report.data["by"]["values"]]
    assert values == [(2015, "2015"), (2021, "2021"), (None, "Not stated")]
    assert any("unknown for 1" in note for note in report.notes)


def test_a_tag_that_the_taxonomy_does_not_have_is_left_out_and_said() -> None:
    report = theme_frequency(EntryRows([make_entry(themes=("gone", "dash"))]), TAXONOMY)
    assert {t["id"]: t["recommendations"] for t in report.data["themes"]}["dash"] == 1
    assert any("gone (1)" in note for note in report.notes)


@pytest.mark.parametrize("by", [None, *DIMENSIONS])
def test_an_empty_base_has_no_shares(by: str | None) -> None:
    data = theme_frequency(EntryRows([]), TAXONOMY, by).data
    assert data["denominators"]["recommendations"] == 0
    assert all(
        t["recommendation_share"] == {"value": None, "low": None, "high": None}
        and t["review_share"] == {"value": None, "low": None, "high": None}
        for t in data["themes"]
    )


def test_entries_without_themes_are_counted_in_the_denominators_only() -> None:
    data = theme_frequency(
        EntryRows([make_entry(position=1), make_entry(position=2)]), TAXONOMY
    ).data
    assert data["denominators"]["recommendations_without_a_theme"] == 2
    assert {t["recommendations"] for t in data["themes"]} == {0}


def test_an_unknown_dimension_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(WrongUsage, match=r"'colour'[\s\S]*year, sector"):
        theme_frequency(EntryRows([]), TAXONOMY, "colour")


def test_many_values_are_cut_for_the_page_and_whole_in_the_detail() -> None:
    entries = [
        make_entry(review=f"r{at}", facts={"area": f"Area {at:02}"}, themes=("dash",))
        for at in range(30)
    ]
    report = theme_frequency(EntryRows(entries), TAXONOMY, "area")
    tables = {table.name: table for table in report.tables}
    assert len(tables["themes_across_area"].columns) == 13
    assert "12 most frequent of 30" in tables["themes_across_area"].title
    assert len(tables["themes_by_area"].rows) == 30 * 4
    assert "themes_by_area" not in {table.name for table in report.printed_tables()}


def test_crossed_dimensions_count_what_sql_counts(
    base: list[Entry], exported: sqlite3.Connection
) -> None:
    rows = exported.execute(
        "select rec.year, agency.sector, theme, count(distinct rec.id), count(distinct review)"
        " from rec left join agency on rec.id = agency.rec join tag on rec.id = tag.rec"
        " group by 1, 2, 3"
    ).fetchall()
    sizes = exported.execute(
        "select rec.year, agency.sector, count(distinct rec.id), count(distinct review) from rec"
        " left join agency on rec.id = agency.rec group by 1, 2"
    ).fetchall()
    report = theme_frequency(EntryRows(base), TAXONOMY, "year,sector")
    crossed = report.data["crossed"]["values"]
    assert {(*c["values"], c["recommendations"], c["reviews"]) for c in crossed} == set(sizes)
    assert {
        (*c["values"], theme["id"], theme["recommendations"], theme["reviews"])
        for c in crossed
        for theme in c["themes"]
    } == set(rows)
    assert (report.data["by"]["field"], report.data["and_by"]["field"]) == ("year", "sector")


def test_crossed_dimensions_stand_in_a_table_for_the_eye_and_in_long_form(
    base: list[Entry],
) -> None:
    report = theme_frequency(EntryRows(base), TAXONOMY, "year,sector")
    tables = {table.name: table for table in report.tables}
    across, long = tables["year_across_sector"], tables["year_and_sector"]
    seen = {
        (row[0], column.label): cell
        for row in across.rows[:-1]
        for column, cell in zip(across.columns[1:], row[1:], strict=True)
        if cell
    }
    assert seen == {row[:2]: row[long.index("recommendations")] for row in long.rows}
    assert across.behind is not None
    places = across.behind(0, "sector_1")
    assert places is not None
    assert len(places) == across.rows[0][1]


@pytest.mark.parametrize("by", ["year,year", "year,sector,area", "year,colour"])
def test_only_two_different_dimensions_are_crossed(by: str) -> None:
    with pytest.raises(WrongUsage):
        theme_frequency(EntryRows([]), TAXONOMY, by)
