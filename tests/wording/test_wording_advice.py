"""Hints on the wording: given where the words are sure, and silent everywhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.wording.advice import Hint, advise

PAGE = Path(__file__).resolve().parents[2] / "docs" / "wording.md"


def hints(text: str, *, in_a_plan: bool = False) -> dict[str, Hint]:
    found = advise(text, has_owner=in_a_plan, has_date=in_a_plan)
    assert len({hint.id for hint in found}) == len(found)
    return {hint.id: hint for hint in found}


def words(text: str, hint: Hint) -> list[str]:
    return [text[start:end] for start, end in hint.words]


@pytest.mark.parametrize(
    "text",
    [
        "Review the domestic abuse policy.",
        "Train all staff in coercive control.",
        "Letters to families to be signed by somebody who has read the file.",
        "Agencies must work together.",
        "All agencies to confirm that they have read the policy.",
    ],
)
def test_nobody_is_named(text: str) -> None:
    assert "no-owner" in hints(text)
    assert "no-owner" not in hints(text, in_a_plan=True)


@pytest.mark.parametrize(
    "text",
    [
        "GPs should ask about abuse.",
        "Train ward staff in coercive control.",
        "OICs: give updates on a safe number only.",
        "Windlass’s leaflets to be translated.",
        "Prosecutors should not leave a witness alone.",
        "The control room needs to be kind to callers, and ring back.",
        "Publish the findings on the website of Borchester Council.",
        "It rained on the day of the funeral.",
    ],
)
def test_somebody_is_or_may_be_named(text: str) -> None:
    assert "no-owner" not in hints(text)


def test_everybody_is_nobody_and_the_words_are_shown() -> None:
    text = "All agencies should share what they know."
    assert words(text, hints(text)["no-owner"]) == ["All agencies"]


@pytest.mark.parametrize(
    ("text", "is_missed"),
    [
        ("The Trust should appoint a lead.", True),
        ("The Trust should appoint a lead by March 2027.", False),
        ("The Trust should appoint a lead within six months.", False),
        ("The Trust should appoint a lead immediately.", False),
        ("The Trust appointed no lead.", False),
    ],
)
def test_a_date_is_missed_only_where_no_word_speaks_of_time(text: str, is_missed: bool) -> None:
    assert ("no-date" in hints(text)) is is_missed
    assert "no-date" not in hints(text, in_a_plan=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The Trust should consider a lead nurse for domestic abuse.", "consider"),
        ("Staff to be reminded of professional curiosity.", "reminded"),
        ("Consideration should be given to a joint protocol.", "Consideration should be given"),
        ("Raise awareness of stalking.", "Raise awareness"),
        ("The Board may wish to ask why.", "may wish to"),
    ],
)
def test_a_thought_is_no_result(text: str, said: str) -> None:
    assert words(text, hints(text)["no-result"]) == [said]


@pytest.mark.parametrize(
    "text",
    [
        "Staff to be reminded of the form, and 50 files sampled to see that it is used.",
        "The Trust should consider a lead nurse and report its decision to the Board.",
        "Officers should consider an order in each case.",
        "A protection order should be considered anew.",
        "Teams should consider pregnancy as a time of risk.",
        "Staff must not be reminded of the address.",
        "She was asked to consider a move.",
    ],
)
def test_a_result_or_a_decision_in_a_case_is_left_alone(text: str) -> None:
    assert "no-result" not in hints(text)


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        (
            "Police to review the policy, train call handlers and publish the results.",
            ["review", "train", "publish"],
        ),
        (
            "The Board should: (a) review the policy; (b) train managers; (c) appoint a lead.",
            ["review", "train", "appoint"],
        ),
    ],
)
def test_several_things_are_asked(text: str, verbs: list[str]) -> None:
    assert words(text, hints(text)["several-asks"]) == verbs


@pytest.mark.parametrize(
    "text",
    [
        "Officers should take her outside, listen, ask what she wants and act on it.",
        "Police to review the policy and publish it.",
        "The training, review and audit officers should meet.",
    ],
)
def test_the_steps_of_one_thing_are_one_ask(text: str) -> None:
    assert "several-asks" not in hints(text)


@pytest.mark.parametrize(
    ("text", "cannot"),
    [
        ("The Community Safety Partnership should change the law on tenancies.", True),
        ("Borchester Council to amend the statutory guidance on allocations.", True),
        ("The Council should press the Home Office to change the law on tenancies.", False),
        ("The Home Office should change the law on tenancies.", False),
        ("Police should explain the law to victims.", False),
        ("The Council should make sure that a daughter-in-law is seen.", False),
        ("Somebody should change the law.", False),
    ],
)
def test_a_local_body_is_not_asked_for_a_law(text: str, cannot: bool) -> None:
    assert ("cannot-act" in hints(text)) is cannot


@pytest.mark.parametrize(
    ("text", "level", "kind"),
    [
        ("All midwives to attend a domestic abuse course.", "weaker", "training"),
        ("Ensure that all midwives are trained in routine enquiry.", "weaker", "training"),
        ("Training to be provided to all midwives.", "weaker", "training"),
        ("The Trust to remind nurses of the form.", "weaker", "a reminder or memorandum"),
        ("The Trust to revise its visiting policy.", "weaker", "a policy or procedure"),
        ("The Trust to fund research into visits.", "weaker", "more study"),
        ("The Trust should add a checklist for discharge.", "intermediate", "checklist or prompt"),
        ("Police to put a marker on the address.", "intermediate", "a change to software"),
        ("The CSP should fund two IDVA posts.", "intermediate", "more staff or less load"),
        ("Build it so that a file cannot be closed early.", "stronger", "a forcing function"),
        ("Agencies to agree a single referral form.", "stronger", "one standard process"),
        ("The project to scrap its three-calls rule.", "stronger", "a simpler process"),
        ("Housing to fit new locks.", "stronger", "a change to the building"),
    ],
)
def test_the_strength_of_an_action(text: str, level: str, kind: str) -> None:
    hint = hints(text)[f"{level}-action"]
    assert kind in hint.says
    assert hint.words
    assert not {f"{other}-action" for other in ("weaker", "stronger") if other != level} & set(
        hints(text)
    )


@pytest.mark.parametrize(
    "text",
    [
        "The training manager should appoint a deputy.",
        "A nurse was trained and went to a course.",
        "The Board to review compliance with the information sharing protocol.",
        "All Trusts to adopt a single escalation policy.",
        "The Home Office should revise its guidance.",
        "Nurses to be trained by role play with a survivor in the room.",
        "Each practice should name a lead who shall have received training.",
        "Keep one record for each pupil. All tutors to do the recording training.",
        "Put a prompt on the reception screen.",
        "A file cannot be closed without a DASH. The Board should see one.",
    ],
)
def test_doubtful_strength_is_not_told(text: str) -> None:
    assert {"weaker-action", "stronger-action"}.isdisjoint(hints(text))


def test_the_strongest_of_several_actions_is_told() -> None:
    found = hints("Police to train officers and put a marker on the address.")
    assert "intermediate-action" in found
    assert "weaker-action" not in found


@pytest.mark.parametrize("text", ["", "…!", "word " * 1000, "Die Polizei soll alles melden."])
def test_what_is_no_recommendation_gets_no_hint(text: str) -> None:
    assert hints(text) == {}


def test_each_hint_is_explained_in_the_documentation() -> None:
    source = (Path(__file__).resolve().parents[2] / "kb" / "wording" / "advice.py").read_text(
        "utf-8"
    )
    named = set(re.findall(r'Hint\(\s*"([a-z-]+)"', source))
    named |= {f"{level}-action" for level in ("weaker", "intermediate", "stronger")}
    headings = set(re.findall(r"^### (\S+)$", PAGE.read_text("utf-8"), re.MULTILINE))
    assert headings == named
    assert hints("Train all staff.")["no-date"].as_json() == {
        "id": "no-date",
        "says": "No date is given: say by when, here or in the plan.",
        "words": [],
        "see": "docs/wording.md#no-date",
    }


@settings(max_examples=150, deadline=None)
@given(
    st.text()
    | st.lists(st.sampled_from("should to be train and , . the ( a ) law".split())).map(" ".join)
)
def test_any_text_gets_hints_whose_words_lie_in_it(text: str) -> None:
    for hint in advise(text):
        edges = [edge for span in hint.words for edge in span]
        assert edges == sorted(edges)
        assert all(0 <= edge <= len(text) for edge in edges)
