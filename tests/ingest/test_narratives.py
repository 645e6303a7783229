"""Recommendations printed as paragraphs: chapters, labels, lead-ins, headings, text around them."""

from __future__ import annotations

import json
import re

import pytest
from narratives import FOLDER, STYLES, WITHOUT, paragraphs, report, told

from kb.ingest.narrative import read_narrative
from kb.ingest.tables import Paragraph
from kb.text.agencies import Agencies


def texts(source: str, agencies: Agencies) -> list[str]:
    return [draft.text for draft in read_narrative(paragraphs(source), agencies).drafts]


@pytest.mark.parametrize("name", STYLES)
def test_a_report_of_each_style_gives_the_recommendations_that_it_prints(
    name: str, agencies: Agencies
) -> None:
    right = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    assert told(read_narrative(report(name), agencies)) == right


@pytest.mark.parametrize("name", WITHOUT)
def test_a_document_that_recommends_nothing_gives_nothing(name: str, agencies: Agencies) -> None:
    assert read_narrative(report("nothing/" + name), agencies).drafts == ()


@pytest.mark.parametrize("name", STYLES)
def test_every_word_of_a_report_is_accounted_for_once(name: str, agencies: Agencies) -> None:
    given = report(name)
    read = read_narrative(given, agencies)
    kept = [*read.used, *(paragraph for paragraph, _ in read.left_out)]
    assert sorted(words(kept)) == sorted(words(given))


@pytest.mark.parametrize("name", STYLES)
def test_every_word_that_is_used_stands_in_a_field_a_heading_or_a_fact(
    name: str, agencies: Agencies
) -> None:
    read = read_narrative(report(name), agencies)
    stands = " ".join(str(one) for one in (*told(read), read.facts))
    long = {word for p in read.used for word in re.findall(r"[A-Za-z]{4,}", p.text)}
    lost = {word for word in long if word not in stands}
    titles_and_names = set(
        "recommendation recommendations report completed conclusions lessons from section action "
        "plan date version chair commissioned community safety partnership died safer timescale "
        "lead agency ownership target actions when overview single agency review summary appendix "
        "imrs".split()
    )
    assert {word.casefold() for word in lost} <= titles_and_names


def words(given: list[Paragraph]) -> list[str]:
    return [word for paragraph in given for word in paragraph.printed.split()]
