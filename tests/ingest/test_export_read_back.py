"""What ``kb export`` wrote, read again: the same reviews and the same printed words."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.ingest import Reading, read_document
from kb.model import (
    Entry,
    LeadAgency,
    PrintedDate,
    PrintedScope,
    PrintedStatus,
    Recommendation,
    ReviewFacts,
    Source,
    Tag,
    Taxonomy,
    Year,
)
from kb.reports.export import export
from kb.text.agencies import Agencies

NAMES = {
    "jsonl": "recommendations.jsonl",
    "csv": "recommendations.csv",
    "xlsx": "recommendations.xlsx",
}


def entry(review: str, position: int, number: str | None) -> Entry:
    recommendation = Recommendation(
        position=position,
        number=number,
        text=f"Ask about pets, {review} {position}.",
        scope=PrintedScope(printed="Local & National", value="national"),
        status=PrintedStatus(printed=None, value="in-progress"),
        lead_agency="KMPT",
        lead_agencies=(LeadAgency(printed="KMPT", name="Kent Trust", sector="health"),),
        target_date=PrintedDate(
            printed="31.7.22", date="2022-07-31", precision="day", all=("2022-07-31",)
        ),
        source=Source(file="plan.docx", sha256="0" * 64, place="table 1, row 2"),
    )
    facts = ReviewFacts(
        id=review,
        title=f"Review {review}",
        kind="DHR",
        area="Tarnmoor",
        region="North",
        year=Year(value=2021, of="report"),
        publication="unpublished",
        url=f"https://example.org/{review}",
    )
    tags = (Tag(id="dash", by=("classifier",), confidence=0.7),)
    return Entry(
        id=f"{review}/{position}", recommendation=recommendation, review=facts, themes=tags
    )


def read_back(tmp_path: Path, agencies: Agencies, format_name: str) -> list[Reading]:
    entries = [entry("a-1", 1, "R1"), entry("a-1", 2, None), entry("b-2", 1, "R1")]
    files = export(entries, Taxonomy(groups=()), format_name)
    path = tmp_path / NAMES[format_name]
    path.write_bytes(files[path.name])
    return read_document(path, agencies=agencies)


@pytest.mark.parametrize("format_name", ["jsonl", "csv", "xlsx"])
def test_an_export_comes_back_as_its_reviews_with_their_printed_words(
    tmp_path: Path, agencies: Agencies, format_name: str
) -> None:
    first, second = read_back(tmp_path, agencies, format_name)
    assert (first.name, second.name) == ("a-1", "b-2")
    assert [r.number for r in first.recommendations] == ["R1", None]
    recommendation = first.recommendations[0]
    assert recommendation.text == "Ask about pets, a-1 1."
    assert recommendation.scope.model_dump() == {"printed": "Local & National", "value": "national"}
    assert recommendation.status.value == "in-progress"
    assert recommendation.lead_agency == "KMPT"
    assert recommendation.target_date.model_dump() == {
        "printed": "31.7.22",
        "date": "2022-07-31",
        "precision": "day",
        "all": ("2022-07-31",),
    }
    assert recommendation.other == ()


@pytest.mark.parametrize("format_name", ["jsonl", "csv", "xlsx"])
def test_tags_of_the_machine_come_back_as_no_judgement(
    tmp_path: Path, agencies: Agencies, format_name: str
) -> None:
    assert [reading.judged for reading in read_back(tmp_path, agencies, format_name)] == [{}, {}]


@pytest.mark.parametrize("format_name", ["csv", "xlsx"])
def test_facts_of_the_reviews_come_back(
    tmp_path: Path, agencies: Agencies, format_name: str
) -> None:
    facts = read_back(tmp_path, agencies, format_name)[1].facts
    assert (facts.title, facts.kind, facts.area, facts.region) == (
        "Review b-2",
        "DHR",
        "Tarnmoor",
        "North",
    )
    assert (facts.published, facts.report_date, facts.publication) == (None, "2021", "unpublished")
    assert facts.url == "https://example.org/b-2"


def test_facts_beside_a_review_id_are_the_reviews(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text(
        '{"id": "x/1", "number": "7", "review_id": "x", "title": "Review X", "kind": "SAR",'
        ' "report_date": "2020-05", "death_month": "2019-03", "published": "2021-02-03",'
        ' "url": "https://example.org/x", "text": "Ask."}\n',
        "utf-8",
    )
    (reading,) = read_document(path, agencies=agencies)
    facts = reading.facts
    assert (reading.name, reading.recommendations[0].number) == ("x", "7")
    assert (facts.title, facts.kind, facts.url) == ("Review X", "SAR", "https://example.org/x")
    assert (facts.report_date, facts.death_month, facts.published) == (
        "2020-05",
        "2019-03",
        "2021-02-03",
    )


def test_an_id_alone_is_the_number(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "all.csv"
    path.write_text("id,recommendation\n7,Ask.\n", "utf-8")
    (reading,) = read_document(path, agencies=agencies)
    assert reading.recommendations[0].number == "7"
