"""The review's facts from front pages, headers, openings and tables of facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.ingest import read_document
from kb.ingest.facts import facts_in_table, facts_of
from kb.ingest.prose.front import Front, review_facts
from kb.ingest.tables import Paragraph, row_of
from kb.text.agencies import Agencies


def front(text: str, *, header: str | None = None) -> Front:
    lines = [Paragraph(line, f"paragraph {n}") for n, line in enumerate(text.splitlines(), 1)]
    beside = [Paragraph(header, "page 2, header", aside="page header")] if header else []
    return review_facts([*lines, *beside])


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (
            "Safer Tarnmoor Partnership\nDomestic Homicide Review\nOverview Report\n"
            "In respect of Willow\nIndependent Chair and Author: M. Penhallow\n"
            "Report completed: 14 March 2021\nContents\n1. Introduction\n"
            "1.1 This review concerns the death of Willow in June 2019; her mother died in 2001.",
            {
                "title": "Domestic Homicide Review Overview Report In respect of Willow",
                "area": "Tarnmoor",
                "case": "Willow",
                "report_date": "14 March 2021",
                "death_month": "June 2019",
            },
        ),
        (
            "EXECUTIVE SUMMARY\nDOMESTIC HOMICIDE REVIEW\ninto the death of ‘Anna’\n"
            "who died in March 2018\nFellside Community Safety Partnership\nVersion 5 – June 2020",
            {
                "title": "EXECUTIVE SUMMARY DOMESTIC HOMICIDE REVIEW into the death of ‘Anna’",
                "area": "Fellside",
                "case": "Anna",
                "report_date": "June 2020",
                "death_month": "March 2018",
            },
        ),
        (
            "DOMESTIC ABUSE RELATED DEATH REVIEW\nOverview report into the death of Juniper\n"
            "Commissioned by Northbeck Community Safety Partnership\nDate of report: May 2024",
            {
                "title": "DOMESTIC ABUSE RELATED DEATH REVIEW Overview report into the death of"
                " Juniper",
                "area": "Northbeck",
                "case": "Juniper",
                "report_date": "May 2024",
            },
        ),
        (
            "DHR 7\nTarnmoor Community Safety Partnership\nDomestic Homicide Review (DHR 7)\n"
            "March 2021\nPublished: 3 May 2022",
            {
                "title": "DHR 7 Domestic Homicide Review (DHR 7)",
                "area": "Tarnmoor",
                "case": "7",
                "report_date": "March 2021",
                "published": "3 May 2022",
            },
        ),
        (
            "Offensive Weapons Homicide Review\nCase 024\nDate of death: 4 May 2023\nRegion: North",
            {
                "title": "Offensive Weapons Homicide Review Case 024",
                "case": "024",
                "death_month": "4 May 2023",
                "region": "North",
            },
        ),
        (
            "LOCAL CHILD SAFEGUARDING PRACTICE REVIEW: CHILD Q\n"
            "Quillerby Safeguarding Children Partnership\nDate: 12/09/2022",
            {
                "title": "LOCAL CHILD SAFEGUARDING PRACTICE REVIEW: CHILD Q",
                "area": "Quillerby",
                "case": "CHILD Q",
                "report_date": "12/09/2022",
            },
        ),
        (
            "Domestic Homicide Review\nOverview Report on the death of Mrs B in October 2017\n"
            "Version 1 – May 2019\nVersion 2 – June 2020\nVersion 10 - Sept 2020",
            {
                "title": "Domestic Homicide Review Overview Report on the death of Mrs B in"
                " October 2017",
                "case": "Mrs B",
                "report_date": "Sept 2020",
                "death_month": "October 2017",
            },
        ),
    ],
)
def test_front_pages_of_different_houses_give_what_they_print(
    text: str, right: dict[str, str]
) -> None:
    assert front(text).facts == right


def test_a_bare_date_straight_below_the_death_may_be_either_date_and_is_neither() -> None:
    read = front("Overview Report\ninto the death of Anna\nMarch 2019\nFellside Council")
    assert read.facts == {
        "title": "Overview Report into the death of Anna March 2019",
        "area": "Fellside",
        "case": "Anna",
    }


def test_what_the_document_contradicts_is_not_taken_and_noted() -> None:
    read = front("Domestic Homicide Review\nDate of report: May 2020\nReport dated 1 June 2021")
    assert "report_date" not in read.facts
    assert read.notes == (
        "the document gives report_date differently, and none was taken:"
        " “May 2020” (paragraph 2); “1 June 2021” (paragraph 3)",
    )


def test_a_fuller_date_does_not_contradict_its_month() -> None:
    read = front("Domestic Homicide Review\nDate of report: May 2020\nReport dated 1 May 2020")
    assert (read.facts["report_date"], read.notes) == ("1 May 2020", ())


def test_a_label_counts_before_a_date_that_stands_alone_and_that_before_a_version() -> None:
    lines = "Domestic Homicide Review\nVersion 3 – May 2020\nJune 2020"
    assert front(lines).facts["report_date"] == "June 2020"
    assert front(lines + "\nReport completed July 2020").facts["report_date"] == "July 2020"


def test_the_area_may_stand_in_the_page_header_only() -> None:
    read = front("Domestic Homicide Review\nDHR 9", header="Tarnmoor Community Safety Partnership")
    assert read.facts["area"] == "Tarnmoor"
    assert "area" not in front("Domestic Homicide Review\nDHR 9").facts


@pytest.mark.parametrize(
    "text",
    [
        "Minutes of the meeting\n4 May 2022\nPresent: the chair",
        "Introduction\nThe review panel met in March 2020. Her mother died in May 2012.",
        "Overview\nTraining should be refreshed every year.",
    ],
)
def test_other_documents_have_no_facts(text: str) -> None:
    assert front(text).facts == {}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Joint Safeguarding Adult Review and Domestic Homicide Review", "SAR"),
        ("Domestic Homicide Review / Safeguarding Adult Review", "DHR"),
        ("Offensive Weapons Homicide Review", "OWHR"),
        ("LCSPR Child Q", "CSPR"),
        ("Domestic Abuse Related Death Review (formerly DHR)", "DARDR"),
    ],
)
def test_the_kind_is_the_one_that_the_title_names_first(line: str, kind: str) -> None:
    assert facts_of({}, line, None).kind == kind


def test_a_table_of_facts_gives_its_facts_and_a_table_of_anything_else_none() -> None:
    rows = [
        row_of(texts, "row")
        for texts in (
            ["Area", "Tarnmoor"],
            ["Date of report", "May 2020"],
            ["Type of review", "Domestic Homicide Review"],
            ["Case reference:", "DHR12"],
            ["Chair", "M. Penhallow"],
        )
    ]
    assert facts_in_table(rows) == {
        "area": "Tarnmoor",
        "report_date": "May 2020",
        "kind": "DHR",
        "case": "DHR12",
    }
    assert facts_in_table([row_of(["Agency", "Role", "Name"], "row 1")]) == {}
    assert facts_in_table([*rows, row_of(["Area", "Fellside"], "row 6")]).get("area") is None
    assert facts_in_table([row_of(["Recommendation", "Review the policy"], "row 1")]) == {}
    glossary = [["Term", "Meaning"], ["CSP", "Community Safety Partnership"]]
    assert facts_in_table([row_of(texts, "row") for texts in glossary]) == {}
    control = [["Version", "1.2"], ["Date", "May 2020"], ["Status", "Draft"]]
    assert facts_in_table([row_of(texts, "row") for texts in control]) == {}


def test_two_dates_of_a_report_that_differ_are_none(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "plan.md"
    path.write_text(
        "# Tarnmoor DHR 3 action plan\n\nDate of report: March 2021\n\nReport date: May 2022\n\n"
        "| Recommendation | Lead |\n|---|---|\n| The Trust should ring back. | Trust |\n",
        "utf-8",
    )
    (reading,) = read_document(path, agencies=agencies)
    assert reading.facts.report_date is None
    assert any("report_date differently, and none was taken" in note for note in reading.notes)
    assert [left.text for left in reading.left_out] == [
        "Date of report: March 2021",
        "Report date: May 2022",
    ]


def test_a_table_of_facts_that_contradicts_itself_is_noted(
    tmp_path: Path, agencies: Agencies
) -> None:
    path = tmp_path / "plan.md"
    path.write_text(
        "# Tarnmoor DHR 3 action plan\n\n| Area | Tarnmoor |\n|---|---|\n"
        "| Date of report | March 2021 |\n| Report date | May 2022 |\n\n"
        "| Recommendation | Lead |\n|---|---|\n| The Trust should ring back. | Trust |\n",
        "utf-8",
    )
    (reading,) = read_document(path, agencies=agencies)
    assert reading.facts.report_date is None
    assert (
        "table 1 gives report_date differently, and none was taken: “March 2021”; “May 2022”"
        in reading.notes
    )
