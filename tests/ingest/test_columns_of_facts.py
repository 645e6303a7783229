"""Columns of review facts and of leads, where a sheet has more than one that could be meant."""

from __future__ import annotations

from pathlib import Path

from kb.ingest import read_document
from kb.text.agencies import load_agencies


def reading_of(tmp_path: Path, text: str):  # type: ignore[no-untyped-def]
    path = tmp_path / "plan.csv"
    path.write_text(text, "utf-8")
    (reading,) = read_document(path, agencies=load_agencies())
    return reading


def test_titles_that_differ_between_rows_are_their_headings(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, "Title,Recommendation\nRisk,Use DASH.\nTraining,Train staff.\n")
    assert [r.heading for r in reading.recommendations] == ["Risk", "Training"]
    assert reading.facts.title is None


def test_facts_that_differ_between_rows_are_kept_with_each_of_them(tmp_path: Path) -> None:
    reading = reading_of(
        tmp_path, "Recommendation,Area,URL\nUse DASH.,Ousel,u:1\nTrain.,Fell,u:2\n"
    )
    assert [r.other[0].text for r in reading.recommendations] == ["Ousel", "Fell"]
    assert [r.source.url for r in reading.recommendations] == ["u:1", "u:2"]
    assert reading.facts.area is None


def test_a_fact_that_all_rows_share_is_the_reviews(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, "Recommendation,Area\nUse DASH.,Ousel\nTrain staff.,Ousel\n")
    assert reading.facts.area == "Ousel"
    assert reading.recommendations[0].other == ()


def test_a_lead_officer_is_no_agency_beside_a_lead_agency(tmp_path: Path) -> None:
    text = "Recommendation,Lead officer,Lead agency\nUse DASH.,Matron,Ousel NHS Trust\n"
    recommendation = reading_of(tmp_path, text).recommendations[0]
    assert recommendation.lead_agency == "Ousel NHS Trust"
    assert [(c.header, c.text) for c in recommendation.other] == [("Lead officer", "Matron")]


def test_a_lead_officer_alone_is_the_lead(tmp_path: Path) -> None:
    recommendation = reading_of(tmp_path, "Recommendation,Lead officer\nUse DASH.,Matron\n")
    assert recommendation.recommendations[0].lead_agency == "Matron"
