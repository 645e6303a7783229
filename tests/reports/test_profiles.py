"""Review profile, agency profile, briefing and repeated learning."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from report_factories import TAXONOMY, make_base, make_entry

from kb.errors import NotFound
from kb.reports import EntryRows, agency_profile, briefing, repeated, review_profile
from kb.reports.again import areas_again
from kb.reports.briefing import documented_outcomes
from kb.reports.wordings import typical_wordings

POLICE, ALL = ("Avon Police", "police"), ("All agencies", "all-agencies")


def test_review_profile_sets_a_review_beside_the_whole_base() -> None:
    base = [
        make_entry(review="a", position=1, themes=("dash",)),
        make_entry(review="a", position=2, themes=("dash", "training")),
        make_entry(review="b", position=1, themes=("training",)),
        make_entry(review="c", position=1),
    ]
    data = review_profile(EntryRows(base), "a", TAXONOMY).data
    themes = {theme["id"]: theme for theme in data["themes"]}
    assert (themes["dash"]["here"], themes["dash"]["here_share"]) == (2, 1.0)
    assert themes["dash"]["base"]["reviews"] == 1
    assert themes["training"]["base"]["review_share"]["value"] == 2 / 3
    assert "genograms" not in themes
    assert data["denominators"] == {"recommendations": 4, "reviews": 3}
    assert [item["id"] for item in data["items"]] == ["a/1", "a/2"]


def test_review_profile_of_an_unknown_review_says_where_to_look() -> None:
    with pytest.raises(NotFound, match=r"'nowhere'[\s\S]*kb search"):
        review_profile(EntryRows([make_entry()]), "nowhere", TAXONOMY)


def test_agency_profile_takes_its_own_and_all_agencies_only_where_wanted() -> None:
    base = [
        make_entry(position=1, agencies=(POLICE,), themes=("dash",), status="complete"),
        make_entry(position=2, agencies=(ALL,), themes=("dash",)),
        make_entry(position=3, agencies=(POLICE, ALL)),
        make_entry(position=4, agencies=(("NHS Kent", "health"),)),
    ]
    own = agency_profile(EntryRows(base), "avon police", TAXONOMY)
    assert [item["id"][-1] for item in own.data["items"]] == ["1", "3"]
    assert own.data["denominators"]["to_all_agencies"] == 0
    assert any("1 more are addressed to all agencies" in note for note in own.notes)
    both = agency_profile(EntryRows(base), "Avon Police", TAXONOMY, all_agencies=True)
    assert [item["id"][-1] for item in both.data["items"]] == ["1", "3", "2"]
    (dash,) = both.data["themes"]
    assert (dash["recommendations"], dash["status"]["complete"]) == (2, 1)


def test_an_agency_is_the_same_in_small_and_capital_letters() -> None:
    base = [
        make_entry(position=1, agencies=(("Elm Trust", "other"),)),
        make_entry(position=2, agencies=(("ELM TRUST", "other"),)),
    ]
    assert len(agency_profile(EntryRows(base), "elm trust", TAXONOMY).data["items"]) == 2


def test_an_unknown_agency_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(NotFound, match="Did you mean: Avon Police"):
        agency_profile(EntryRows([make_entry(agencies=(POLICE,))]), "Avon Polise", TAXONOMY)
    with pytest.raises(NotFound, match="kb search --facets"):
        agency_profile(EntryRows([]), "Avon Police", TAXONOMY)


def test_briefing_counts_the_theme_and_names_its_sources() -> None:
    base = make_base(reviews=20)
    carrying = [e for e in base if any(tag.id == "dash" for tag in e.themes)]
    data = briefing(EntryRows(base), "dash", TAXONOMY).data
    assert data["theme"]["recommendations"] == len(carrying)
    assert data["theme"]["recommendation_share"]["value"] == len(carrying) / len(base)
    assert {s["id"]: s["recommendations"] for s in data["sources"]} == {
        review: sum(e.review.id == review for e in carrying)
        for review in {e.review.id for e in carrying}
    }
    beside = {b["id"]: b["recommendations"] for b in data["beside"]}
    assert beside["training"] == sum(any(t.id == "training" for t in e.themes) for e in carrying)


def test_briefing_has_every_area_as_data_and_prints_those_with_most() -> None:
    base = [
        make_entry(review=f"{area}-{n}", themes=("dash",), facts={"area": area})
        for many, area in enumerate(("Ash", "Birch", "Cedar", "Damson", "Elm"), start=1)
        for n in range(many)
    ]
    base.append(make_entry(review="elm", facts={"area": "Elm"}))
    report = briefing(EntryRows(base), "dash", TAXONOMY)
    (by_area,) = (one for one in report.data["by"] if one["field"] == "area")
    counts = [
        (value["name"], value["recommendations"], value["all_recommendations"])
        for value in by_area["values"]
    ]
    assert counts == [
        ("Elm", 5, 6), ("Damson", 4, 4), ("Cedar", 3, 3), ("Birch", 2, 2), ("Ash", 1, 1)
    ]  # fmt: skip
    tables = {table.name: table for table in report.tables}
    assert [row[:3] for row in tables["by_area"].rows] == counts
    assert [row[0] for row in tables["by_area_short"].rows] == ["Elm", "Damson", "Cedar"]
    assert tables["by_area_short"].title == "By area (the 3 with most of 5)"


def test_briefing_prints_the_latest_years_with_what_stands_behind_them() -> None:
    base = [
        make_entry(review=f"r{year}", themes=("dash",), year=year) for year in range(2012, 2020)
    ]
    tables = {table.name: table for table in briefing(EntryRows(base), "dash", TAXONOMY).tables}
    short = tables["by_year_short"]
    assert [row[0] for row in short.rows] == ["2015", "2016", "2017", "2018", "2019"]
    assert short.behind is not None
    behind = short.behind(0, "recommendations")
    assert behind is not None
    assert behind.tolist() == [3]


def test_briefing_of_a_theme_that_nobody_carries_still_stands() -> None:
    report = briefing(EntryRows(make_base()), "rural", TAXONOMY)
    assert report.data["theme"]["recommendations"] == 0
    assert report.data["wordings"] == report.data["sources"] == []
    assert briefing(EntryRows([]), "rural", TAXONOMY).data["denominators"]["recommendations"] == 0


def test_briefing_of_an_unknown_theme_is_refused() -> None:
    with pytest.raises(NotFound, match="'geno'"):
        briefing(EntryRows([]), "geno", TAXONOMY)


def test_typical_wordings_are_central_unlike_each_other_and_one_a_review() -> None:
    texts = {
        "a": "Use genograms in complex families.",
        "b": "Staff use genograms where families are complex.",
        "c": "Genograms in complex families, use them!",
        "d": "The lighthouse keeper paints boats.",
    }
    entries = [make_entry(text, review=review) for review, text in texts.items()]
    entries.append(make_entry("Draw genograms of each family.", review="a", position=2))
    picked = [
        entry.id for entry in typical_wordings(EntryRows(entries), np.arange(len(entries)), limit=3)
    ]
    assert picked[0] != "d/1"
    assert not {"a/1", "c/1"} <= set(picked)
    assert len({each.split("/")[0] for each in picked}) == len(picked)


def test_outcomes_are_of_completed_recommendations_the_most_told_first() -> None:
    entries = [
        make_entry(review="a", position=1, status="complete", outcome="Done."),
        make_entry(review="a", position=2, status="complete", outcome="Done in all of the teams."),
        make_entry(review="b", status="ongoing", outcome="Audited in May."),
        make_entry(review="c", status="in-progress", outcome="A very long tale of what may be."),
        make_entry(review="d", status="complete"),
    ]
    assert [entry.id for entry in documented_outcomes(entries)] == ["a/2", "b/1"]


def test_an_area_that_asks_again_after_completion_is_named() -> None:
    def asked(review: str, year: int, area: str, **more: Any) -> Any:
        return make_entry(review=review, year=year, facts={"area": area}, **more)

    entries = [
        asked("a", 2015, "North", status="complete", completed="2016-05"),
        asked("b", 2019, "North"),
        asked("c", 2015, "South", status="complete", completed="2020"),
        asked("d", 2019, "South"),
        asked("e", 2019, "West"),
    ]
    done = [entry for entry in entries if entry.recommendation.status.value == "complete"]
    found = {
        each["area"]: each
        for each in areas_again(EntryRows(entries), np.arange(len(entries)), done)
    }
    assert set(found) == {"North", "South"}
    assert found["North"]["after_completion"] is True
    assert found["South"]["after_completion"] is False
    assert found["North"]["years"] == [2015, 2019]


def _group() -> dict[str, Any]:
    def member(review: str, year: int | None, status: str | None) -> dict[str, Any]:
        return {
            "id": f"{review}/1",
            "text": "Use genograms.",
            "review_id": review,
            "title": f"Review {review}",
            "area": "North",
            "year": year,
            "status": status,
        }

    members = [member("a", 2015, "complete"), member("b", 2019, None), member("c", None, None)]
    return {
        "wording": "Use genograms.",
        "members": members,
        "reviews": ["a", "b", "c"],
        "areas": ["North"],
        "sectors": ["police"],
        "years": [2015, 2019],
        "statuses": {"complete": 1},
        "notes": ["asked again 14 months after it was marked complete in the same area"],
    }


def test_repeated_learning_lists_each_group_and_its_members() -> None:
    report = repeated([_group()])
    groups, _, members = report.tables
    assert groups.rows[0][1:8] == ("Use genograms.", 3, 3, "2015–2019", "North", "Police", 1)
    assert [row[1] for row in members.rows] == ["a/1", "b/1", "c/1"]
    assert report.data["denominators"] == {"groups": 1, "recommendations": 3, "reviews": 3}


def test_no_repeats_make_an_empty_report() -> None:
    assert repeated([]).data["denominators"] == {"groups": 0, "recommendations": 0, "reviews": 0}


def test_briefing_takes_the_repeats_of_its_theme_where_the_caller_has_them() -> None:
    report = briefing(EntryRows([make_entry(themes=("dash",))]), "dash", TAXONOMY, [_group()])
    assert "groups" in {table.name for table in report.tables}
    assert report.data["repeated"][0]["wording"] == "Use genograms."
