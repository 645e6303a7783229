"""Numbered lists of recommendations in which one is worded unlike the others."""

from __future__ import annotations

from pathlib import Path

from kb.ingest import Reading, read_document
from kb.ingest.prose.labels import recommendation_label
from kb.text.agencies import load_agencies

_ASKS = (
    "The Partnership should publish a briefing on this review.",
    "Tarnmoor Council should revise its allocations policy.",
    "The police should dip-sample twenty cases a quarter.",
)


def _read(tmp_path: Path, text: str) -> Reading:
    path = tmp_path / "report.md"
    path.write_text(text, encoding="utf-8")
    return read_document(path, agencies=load_agencies())[0]


def _chapter(*asked: str) -> str:
    items = "\n\n".join(f"{number}. {text}" for number, text in enumerate(asked, start=1))
    return f"# Domestic Homicide Review\n\n## Recommendations\n\n{items}\n"


def test_quoted_words_do_not_make_a_recommendation_a_report_of_the_past(tmp_path: Path) -> None:
    asked = "Review the ‘Did Not Attend’ policy so that a missed visit leads to a check."
    read = _read(tmp_path, _chapter(_ASKS[0], asked, _ASKS[1]))
    assert [r.text for r in read.recommendations] == [_ASKS[0], asked, _ASKS[1]]
    assert not read.recommendations[1].flags


def test_numbered_item_between_two_recommendations_is_one_and_flagged(tmp_path: Path) -> None:
    told = "Staff were found to lack guidance on strangulation and a pathway was missing."
    read = _read(tmp_path, _chapter(_ASKS[0], told, *_ASKS[1:]))
    assert [r.number for r in read.recommendations] == ["1", "2", "3", "4"]
    assert read.recommendations[1].text == told
    assert any("no word of it asks" in flag for flag in read.recommendations[1].flags)


def test_clause_before_the_agency_is_no_part_of_its_name(tmp_path: Path) -> None:
    asked = "When a perpetrator moves between areas, police should transfer the plan in 48 hours."
    read = _read(tmp_path, _chapter(*_ASKS, asked))
    assert [a.name for a in read.recommendations[3].lead_agencies] == ["Police"]


def test_recommendation_of_the_text_is_that_of_the_plan_although_the_plan_numbers_it_in_its_cell(
    tmp_path: Path,
) -> None:
    rows = "\n".join(
        f"| {number}. {text} | Set up a group | Tarnmoor CSP |"
        for number, text in enumerate(_ASKS, start=1)
    )
    plan = f"\n## Action plan\n\n| Recommendation | Action | Lead |\n|---|---|---|\n{rows}\n"
    read = _read(tmp_path, _chapter(*_ASKS) + plan)
    assert [r.number for r in read.recommendations] == ["1", "2", "3"]
    assert all(r.actions[0].text == "Set up a group" for r in read.recommendations)


def test_a_line_of_dashes_is_read_at_once(tmp_path: Path) -> None:
    rule = "-" * 80
    read = _read(tmp_path, f"# Domestic Homicide Review\n\nx {rule}\n\n" + _chapter(*_ASKS))
    assert [r.text for r in read.recommendations] == list(_ASKS)
    assert recommendation_label(rule) is None
    assert recommendation_label("multi-" * 60 + "agency") is None


def test_the_same_words_to_another_body_are_another_recommendation(tmp_path: Path) -> None:
    ask = "should review its policy on domestic abuse and share it with all {}its staff."
    names = ("The GP practice", "The hospital trust", "The association")
    report = (
        _chapter(*(f"{name} {ask.format('')}" for name in names[:2]))
        + "\n## Appendix A: Single agency recommendations\n\n"
        + f"1. {names[2]} {ask.format('of ')}\n\n2. The practice {ask.format('of ')}\n"
    )
    read = _read(tmp_path, report)
    assert [r.text.split(" should")[0] for r in read.recommendations] == list(names)
    (left,) = [one for one in read.left_out if "stands again" in one.why]
    assert left.text.startswith("2. The practice")


def test_labelled_lines_under_a_recommendation_are_of_its_place_and_accounted_for(
    tmp_path: Path,
) -> None:
    read = _read(
        tmp_path,
        "# Domestic Homicide Review\n\n## Recommendations\n\nRecommendation 1\n\n"
        "Learning: the GP did not ask.\n\nThe ICB should train all GPs.\n\n"
        "Lead: Tarnmoor ICB\n\nTimescale: March 2024\n\nRationale: GPs are told first.\n",
    )
    (recommendation,) = read.recommendations
    assert recommendation.lead_agency == "Tarnmoor ICB"
    assert recommendation.target_date.printed == "March 2024"
    assert recommendation.source.place == "line 5 to line 15"
    assert read.left_out == ()


def test_what_people_are_to_be_told_is_asked(tmp_path: Path) -> None:
    report = "# Domestic Homicide Review\n\n## 8. Recommendations\n\n"
    report += "8.1 Midwives to be told about the pathway.\n\n8.2 Nobody told the family.\n"
    assert [r.number for r in _read(tmp_path, report).recommendations] == ["8.1"]


def test_an_agency_named_national_gives_no_scope(tmp_path: Path) -> None:
    report = (
        "# Domestic Homicide Review\n\n## National Probation Service recommendations\n\n"
        f"1. {_ASKS[0]}\n\n2. {_ASKS[1]}\n"
    )
    assert [r.scope.value for r in _read(tmp_path, report).recommendations] == [None, None]


def test_a_label_inside_a_paragraph_takes_no_letter_of_the_word_behind_it(tmp_path: Path) -> None:
    parts = "(a) code abuse; (b) ask about safety; and (c) keep a list."
    report = "# Domestic Homicide Review\n\n## Recommendations\n\n"
    report += f"Recommendation 2: It is recommended that all GP practices in Tarnmoor: {parts}\n"
    read = _read(tmp_path, report)
    assert [r.number for r in read.recommendations] == ["2(a)", "2(b)", "2(c)"]
    assert read.left_out == ()
