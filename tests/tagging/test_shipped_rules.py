from __future__ import annotations

from pathlib import Path

import pytest

import kb
from kb.tagging.rules import RuleSet
from kb.taxonomy import load_taxonomy

TAXONOMY = Path(kb.__file__).parents[1] / "taxonomy.yaml"


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return RuleSet.of(load_taxonomy(TAXONOMY).model)


@pytest.mark.parametrize(
    ("text", "has", "has_not"),
    [
        ("Refer high risk to the case conference.", "marac-process", "multi-agency-working"),
        ("Agree a protocol for sharing information.", "agency-sharing", "policy-procedure"),
        ("Their right to ask whether he is violent", "disclosure-scheme", "routine-enquiry"),
        (
            "Officers to see each party alone, out of hearing of the other.",
            "safe-contact",
            "routine-enquiry",
        ),
        ("Alarms out of hearing of neighbours to be replaced.", "", "safe-contact"),
        ("Following a MARAC, the surgery should be told who leads.", "", "marac-sharing"),
        ("After a DASH, complete the log.", "", "dash"),
        ("Despite training, staff did not ask.", "", "training"),
        (
            "A restraining order was in place; the landlord should change locks.",
            "housing",
            "protective-orders",
        ),
    ],
)
def test_theme_is_what_is_asked_not_its_setting(
    rules: RuleSet, text: str, has: str, has_not: str
) -> None:
    found = {hit.theme for hit in rules.themes(text) if hit.tags}
    assert has_not not in found
    assert not has or has in found
