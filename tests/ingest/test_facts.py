from __future__ import annotations

import pytest

from kb.errors import WrongUsage
from kb.ingest.facts import facts_of


@pytest.mark.parametrize(
    ("title", "kind", "area", "case"),
    [
        ("Tarnmoor Domestic Homicide Review (017) Action Plan", "DHR", "Tarnmoor", "017"),
        ("Safer Tarnmoor Partnership – DHR 7: action plan", "DHR", "Tarnmoor", "7"),
        ("Eskdale Community Safety Partnership Domestic Homicide Review", "DHR", "Eskdale", None),
        ("Domestic Abuse Related Death Review: Action Plan", "DARDR", None, None),
        (
            "Overview Report of the Domestic Homicide Review into Ann's death",
            "DHR",
            None,
            None,
        ),
        ("Safeguarding Adult Review Action Plan", "SAR", None, None),
        ("Action Plan", None, None, None),
    ],
)
def test_a_title_gives_what_it_names_and_nothing_else(
    title: str, kind: str | None, area: str | None, case: str | None
) -> None:
    facts = facts_of({}, title, None)
    assert (facts.title, facts.kind, facts.area, facts.case) == (title, kind, area, case)


def test_named_facts_stand_over_the_title_and_dates_are_iso() -> None:
    named = {"kind": "SAR", "published": "3 May 2021", "death_month": "June 2019", "url": "u"}
    facts = facts_of(named, "Tarnmoor Domestic Homicide Review", "https://example.org/a")
    assert (facts.kind, facts.published, facts.death_month) == ("SAR", "2021-05-03", "2019-06")
    assert facts.url == "https://example.org/a"
    assert facts_of({"year": "2020"}, None, None).published == "2020"


@pytest.mark.parametrize("named", [{"published": "soon"}, {"publication": "secret"}])
def test_a_fact_that_cannot_be_understood_is_named(named: dict[str, str]) -> None:
    with pytest.raises(WrongUsage, match=next(iter(named.values()))):
        facts_of(named, None, None)
