"""Recommendations printed as paragraphs: chapters, labels, lead-ins, headings, text around them."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from narratives import FOLDER, STYLES, WITHOUT, paragraphs, report, told

from kb.ingest.prose.narrative import read_narrative
from kb.ingest.tables import Paragraph
from kb.text.agencies import Agencies, load_agencies


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
        "imrs five".split()
    )
    assert {word.casefold() for word in lost} <= titles_and_names


def words(given: list[Paragraph]) -> list[str]:
    return [word for paragraph in given for word in paragraph.printed.split()]


PRINTED = st.sampled_from(
    (
        "Recommendations|5. Recommendations"
        "|Recommendation 1|Recommendation 2: The Police should ask."
        "|R3 Review it.|The Council should:|(a) ask|(b) listen.|• to ask|Rationale: It was late."
        "|Timescale|Home Office"
        "|National recommendations|5.1 The panel found this.|5.2 It should."
        "|6. Conclusion|Contents|Lessons and recommendations|1 The GP should ask."
        "|(i) hold a meeting"
        "|Appendix 1|12|Recommendations from earlier reviews|They should ask.|o ask|v. x"
        "|and to listen\nRecommendation 4"
    ).split("|")
)


@given(
    st.lists(
        st.builds(
            Paragraph,
            PRINTED | st.text("Ra.1():•\n 5–§\x00", max_size=8),
            place=st.sampled_from(["line 1", "line 2", "paragraph 7"]),
            label=st.sampled_from([None, "1.", "(a)", "•", "Recommendation 5:", "", "§"]),
            level=st.integers(0, 3),
            strong=st.booleans(),
            aside=st.sampled_from([None, None, "page header", "text box"]),
        ),
        max_size=14,
    )
)
@settings(deadline=None, max_examples=300)
def test_paragraphs_in_any_order_are_read_and_accounted_for(given_: list[Paragraph]) -> None:
    read = read_narrative(given_, load_agencies())
    kept = [*read.used, *(paragraph for paragraph, _ in read.left_out)]
    assert sorted(words(kept)) == sorted(words([p for p in given_ if p.text.strip()]))
    assert all(draft.text.strip() and draft.places for draft in read.drafts)


def test_a_report_of_ten_thousand_paragraphs_is_read(agencies: Agencies) -> None:
    body = [Paragraph(f"2.{n} Officers should have asked about case {n}.", f"paragraph {n}")
            for n in range(10_000)]  # fmt: skip
    assert len(read_narrative([*body, *report("styled")], agencies).drafts) == 6


def test_a_label_behind_a_sentence_begins_a_recommendation(agencies: Agencies) -> None:
    source = """
    # Recommendations
    Recommendation 1
    The Police should ask. Timescale: May 2021 Recommendation 2 was dropped.
    Recommendation 3: The Police should listen. Recommendation 4
    The Police should write. See Recommendation 4.
    """
    assert texts(source, agencies) == [
        "The Police should ask.",
        "The Police should listen.",
        "The Police should write. See Recommendation 4.",
    ]


def test_words_below_a_bullet_that_ends_in_a_colon_belong_to_it(agencies: Agencies) -> None:
    source = """
    # Recommendations
    • To train call handlers on:
    • stalking
    • coercive control
    • Review the policy on bail.
    """
    assert texts(source, agencies) == [
        "To train call handlers on:\n• stalking\n• coercive control",
        "Review the policy on bail.",
    ]


def test_a_list_among_labelled_recommendations_is_read_too(agencies: Agencies) -> None:
    source = """
    # Recommendations
    The Partnership should:
    (a) fund a refuge;
    (b) count its beds.
    1. All agencies should train their staff.
    5.4 Professionals should be curious.
    Recommendation 7: The Council should listen.
    """
    assert texts(source, agencies) == [
        "The Partnership should: fund a refuge;",
        "The Partnership should: count its beds.",
        "All agencies should train their staff.",
        "The Council should listen.",
    ]


def test_the_heading_counts_and_a_text_that_asks_another_sector_is_flagged(
    agencies: Agencies,
) -> None:
    source = """
    # Recommendations
    ## Tarnmoor Council
    1. The Home Office should consult.
    """
    (draft,) = read_narrative(paragraphs(source), agencies).drafts
    assert draft.actions[0]["lead_agency"] == "Tarnmoor Council"
    assert draft.flags[-1] == "its text asks “Home Office”"
