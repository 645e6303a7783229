from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kb.errors import IndexUnreadable, WrongUsage
from kb.similarity.check import CheckResult, Match, check
from kb.similarity.facts import Facts
from kb.similarity.logits import Linear
from kb.similarity.scorer import DEFAULT_SCORER, VERDICTS, Scorer
from kb.similarity.store import Similarity
from kb.similarity.writing import build_similarity
from kb.text.abbreviations import Abbreviations
from kb.text.tokens import tokenise

MakeBase = Callable[[Sequence[str | Facts]], Similarity]
GENOGRAM = "Social workers to be reminded to draw and use genograms where family ties are complex."
OTHERS = [
    "Health visitors must record the advice that the safeguarding team gives.",
    "The MARAC should tell the referrer the outcome of the conference.",
    "Schools to receive notice of incidents before the start of the next school day.",
    "The CCG should commission a programme for perpetrators.",
    "Case notes to say why appointments were cancelled.",
]


def _match_with(result: CheckResult, text: str) -> Match:
    return next(match for match in result.matches if match.facts.text == text)


def test_a_reworded_repeat_comes_first(make_base: MakeBase) -> None:
    base = make_base([*OTHERS, GENOGRAM])
    result = check(base, "Remind social workers to use genograms in families with complex ties")
    assert result.matches[0].facts.text == GENOGRAM
    assert result.verdict == "duplicate"
    assert any("'genograms'" in reason for reason in result.matches[0].reasons)


def test_at_least_five_matches_come_back_best_first(make_base: MakeBase) -> None:
    result = check(make_base([*OTHERS, GENOGRAM]), "Remind staff about genograms", limit=5)
    scores = [match.score for match in result.matches]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)


def test_repeats_are_found_first_and_seen_as_repeats(
    pairs_base: Similarity, judged_pairs: dict[str, Any]
) -> None:
    results = [(check(pairs_base, draft), stored) for draft, stored in judged_pairs["repeats"]]
    for result, stored in results:
        assert result.matches[0].facts.text == stored
        assert result.verdict in ("duplicate", "overlapping"), stored
    assert sum(result.verdict == "duplicate" for result, _ in results) >= 7


def test_near_misses_are_never_called_duplicate(
    pairs_base: Similarity, judged_pairs: dict[str, Any]
) -> None:
    for draft, stored in judged_pairs["near_misses"]:
        match = _match_with(check(pairs_base, draft, limit=len(pairs_base)), stored)
        assert match.verdict != "duplicate", draft


def test_unrelated_texts_are_at_most_related(
    pairs_base: Similarity, judged_pairs: dict[str, Any]
) -> None:
    for draft, stored in judged_pairs["unrelated"]:
        match = _match_with(check(pairs_base, draft, limit=len(pairs_base)), stored)
        assert match.verdict in ("related", "new"), draft


def _starter_match(starter: Similarity, draft: str, identity: str) -> tuple[int, Match]:
    matches = check(starter, draft, limit=len(starter)).matches
    rank = next(at for at, match in enumerate(matches, 1) if match.facts.id == identity)
    return rank, matches[rank - 1]


def test_reworded_starter_recommendations_come_first(
    starter: Similarity, judged_pairs: dict[str, Any]
) -> None:
    found = [_starter_match(starter, *pair) for pair in judged_pairs["starter_rewordings"]]
    assert all(rank == 1 for rank, _ in found)
    assert all(match.verdict != "new" for _, match in found)
    assert sum(match.verdict == "duplicate" for _, match in found) >= 8


def test_another_thing_in_the_words_of_the_starter_is_no_duplicate(
    starter: Similarity, judged_pairs: dict[str, Any]
) -> None:
    for draft, identity in judged_pairs["starter_near_misses"]:
        _, match = _starter_match(starter, draft, identity)
        assert match.verdict in ("overlapping", "related"), draft
        assert not any("almost whole" in reason for reason in match.reasons), draft


def test_what_the_starter_does_not_hold_is_new(
    starter: Similarity, judged_pairs: dict[str, Any]
) -> None:
    for draft in judged_pairs["starter_unrelated"]:
        assert check(starter, draft).verdict == "new", draft


def test_the_themes_of_a_text_do_not_make_it_overlap(make_base: MakeBase) -> None:
    stored = Facts("r/1", "r", "Write to the licence holder before renewal", themes=("firearms",))
    base = make_base([stored, *OTHERS])
    draft = "Tell the driving licence office of a change of address before renewal"
    assert check(base, draft, themes=["firearms"]).matches[0].verdict in ("related", "new")


def test_who_is_asked_to_advertise_is_asked_to_raise_awareness(make_base: MakeBase) -> None:
    stored = "Raise awareness of the disclosure scheme"
    match = check(make_base([*OTHERS, stored]), "The CSP is asked to advertise the scheme")
    assert "the same ask verb 'raise awareness'" in match.matches[0].reasons


@pytest.mark.parametrize(
    ("draft", "stored", "reason"),
    [
        (
            "Officers to follow the lone working policy at every call to a farm at night, and the"
            " force to audit that they do so each and every year",
            "Officers to follow the mobile phone policy at every call to a farm at night, and the"
            " sergeants to audit that they do so each year after midsummer and report in writing",
            "says 'mobile' where the text says 'lone'",
        )
    ],
)
def test_what_stands_in_the_place_of_another_is_said(
    make_base: MakeBase, draft: str, stored: str, reason: str
) -> None:
    match = check(make_base([*OTHERS, stored]), draft).matches[0]
    assert reason in match.reasons
    assert match.verdict != "duplicate"


@pytest.mark.parametrize(
    ("draft", "stored", "reason"),
    [
        (
            "The CSP should audit referrals annually",
            "The CSP should audit referrals.",
            "the same words but for 'annually'",
        ),
        (
            "Offer the course to new staff",
            "Evaluate the course for new staff",
            "asks to evaluate, not to offer",
        ),
        (
            "Information to be passed from the MARAC to GPs",
            "Information to be passed from GPs to the MARAC",
            "the other direction: from gp to marac, not from marac to gp",
        ),
        (
            "Staff should use children as interpreters",
            "Staff should not use children as interpreters",
            "one of the two negates 'use', 'children', 'interpreters'",
        ),
        (
            "GPs should ask about abuse at every contact",
            "Health visitors should ask about abuse at every contact",
            "another addressee: health visitors, not GPs",
        ),
        (
            "Let the MARAC know, in writing, what the surgery has decided to do for a patient",
            "Let the surgery know, in writing, what the MARAC has decided to do for a patient",
            "says 'surgery' where the text says 'MARAC'",
        ),
        (
            "Cases must be allocated within 24 hours",
            "Cases must be allocated within 72 hours",
            "other figures: 72, not 24",
        ),
    ],
)
def test_reasons_name_what_joins_and_what_parts(
    make_base: MakeBase, draft: str, stored: str, reason: str
) -> None:
    match = check(make_base([*OTHERS, stored]), draft).matches[0]
    assert match.facts.text == stored
    assert reason in match.reasons


def test_a_list_in_another_order_parts_nothing(make_base: MakeBase) -> None:
    base = make_base([*OTHERS, "Housing, health and the police to meet monthly about the farm"])
    match = check(base, "The police, health and housing to meet monthly about the farm").matches[0]
    assert match.features["swapped_words"] == 0


def test_of_verbs_that_are_not_listed_nothing_is_said(make_base: MakeBase) -> None:
    base = make_base(["Whoever asks at home should not be content with the first answer."])
    match = check(base, "All agencies should use the form at home").matches[0]
    assert 0 < match.features["other_ask"] < 1
    assert not [reason for reason in match.reasons if reason.startswith("asks to")]


def test_what_did_not_happen_is_no_negated_ask(make_base: MakeBase) -> None:
    stored = (
        "The surgery knew much and MARAC never saw it. The CCG and the MARAC Steering Group should"
        " set up a route by which practices can send what they know of a patient to MARAC."
    )
    draft = (
        "CCG and MARAC Steering Group to set up a route by which practices can send what they know"
        " of a patient to MARAC and be told what was decided."
    )
    match = check(make_base([*OTHERS, stored]), draft).matches[0]
    assert match.facts.text == stored
    assert match.verdict in ("duplicate", "overlapping")
    assert match.features["other_polarity"] == 0


def test_a_given_sector_parts_two_addressees(make_base: MakeBase) -> None:
    stored = Facts("r/1", "r", "All staff to complete training on stalking", sectors=("police",))
    match = check(
        make_base([stored, *OTHERS]),
        "Staff should complete training on stalking",
        sectors=["health"],
    ).matches[0]
    assert match.verdict == "overlapping"
    assert "another addressee: police, not health" in match.reasons


def test_the_same_words_to_another_body_are_a_duplicate_that_says_so(make_base: MakeBase) -> None:
    stored = Facts("r/1", "r", GENOGRAM, sectors=("children-social-care",))
    match = check(make_base([stored, *OTHERS]), GENOGRAM, sectors=["education"]).matches[0]
    assert match.verdict == "duplicate"
    assert match.reasons == (
        "the same words",
        "another addressee: children's social care, not education",
    )


def test_an_abbreviation_is_the_same_as_its_long_form_and_its_successor(
    make_base: MakeBase,
) -> None:
    result = check(
        make_base([*OTHERS, GENOGRAM]),
        "The Integrated Care Board should commission a programme for perpetrators.",
    )
    assert result.verdict == "duplicate"
    assert result.matches[0].facts.text == OTHERS[3]


def test_shared_themes_are_said(make_base: MakeBase) -> None:
    stored = Facts("r/1", "r", GENOGRAM, themes=("genograms", "training"))
    names = {"genograms": "Family trees"}
    base = make_base([stored, *OTHERS])
    match = check(base, "Use genograms", themes=["genograms"], theme_names=names).matches[0]
    assert "the same theme 'Family trees'" in match.reasons


def test_shared_words_are_quoted_as_they_stand_in_the_stored_text(make_base: MakeBase) -> None:
    stored = "Every ward to ring the hospital IDVA on Sundays."
    base = make_base([stored, *OTHERS, GENOGRAM])
    match = _match_with(check(base, "A HIDVA to train midwives and porters every Sunday"), stored)
    assert "'hospital IDVA'" in match.reasons[0]
    assert "hidva" not in " ".join(match.reasons)


def test_what_the_history_counts_is_marked_among_the_matches(make_base: MakeBase) -> None:
    part = "Teachers to audit how complex families are recorded in genograms."
    asked = [Facts("r1/1", "r1", GENOGRAM, year=2015), Facts("r2/1", "r2", part, year=2017)]
    result = check(make_base([*asked, *OTHERS]), GENOGRAM)
    assert {one.facts.id: one.is_asked for one in result.matches[:2]} == {
        "r1/1": True,
        "r2/1": False,
    }
    assert result.asked == ("r1/1",)
    assert result.history == "Asked once, in 2015; never marked complete"


def test_an_excluded_review_and_a_hidden_row_are_never_shown(make_base: MakeBase) -> None:
    base = make_base([GENOGRAM, GENOGRAM, *OTHERS])
    allowed = np.ones(len(base), dtype=bool)
    allowed[1] = False
    result = check(base, GENOGRAM, exclude_review="review-0", allowed=allowed, limit=20)
    assert {match.row for match in result.matches} == set(range(2, len(base)))
    assert result.verdict != "duplicate"


def test_earlier_askings_are_told_in_one_line(make_base: MakeBase) -> None:
    asked = [
        Facts(f"r{year}/1", f"r{year}", GENOGRAM, year=year, status=status)
        for year, status in ((2015, "complete"), (2018, "ongoing"), (2021, None))
    ]
    result = check(make_base([*asked, *OTHERS]), GENOGRAM)
    assert result.history == "Asked 3 times since 2015; twice marked complete"


@pytest.mark.parametrize("text", ["", "   \n", "?!… – •", "___"])
def test_a_text_without_a_word_is_refused(make_base: MakeBase, text: str) -> None:
    with pytest.raises(WrongUsage, match="nothing to check"):
        check(make_base(OTHERS), text)


def test_fifty_thousand_words_get_an_answer_and_a_note(make_base: MakeBase) -> None:
    result = check(make_base([*OTHERS, GENOGRAM]), " ".join([*OTHERS, GENOGRAM] * 750))
    assert result.verdict in VERDICTS
    assert any("one by one" in note for note in result.notes)


def test_another_language_is_new_and_doubted(make_base: MakeBase) -> None:
    base = make_base([f"{text} Number {at}." for at in range(10) for text in OTHERS])
    result = check(base, "Die Polizei soll alle Gefährdungen schriftlich festhalten")
    assert result.verdict == "new"
    assert any("English" in note for note in result.notes)


def test_an_empty_base_answers_new(make_base: MakeBase) -> None:
    assert check(make_base([]), GENOGRAM) == CheckResult("new", ())


def test_a_match_is_json_of_the_promised_shape(make_base: MakeBase) -> None:
    match = check(make_base([GENOGRAM, *OTHERS]), GENOGRAM).as_json()["matches"][0]
    whole = [0, len(GENOGRAM) - 1]
    assert match == {
        "id": "review-0/1",
        "score": 1.0,
        "verdict": "duplicate",
        "reasons": ["the same words"],
        "text": GENOGRAM,
        "shared": [[whole, whole]],
        "only_text": [],
        "only_stored": [],
        "addressee": None,
        "review_id": "review-0",
        "area": None,
        "year": None,
        "status": None,
        "completed": None,
        "says": "review-0, year unknown, status not stated",
        "counted": True,
    }


_RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@_RELAXED
@given(st.text())
@example("from to from A to")
@example("not")
@example("\x00 \u200b")
def test_any_text_gets_an_answer_or_a_clear_refusal(pairs_base: Similarity, text: str) -> None:
    if not tokenise(text):
        with pytest.raises(WrongUsage):
            check(pairs_base, text)
        return
    result = check(pairs_base, text)
    assert result.verdict in VERDICTS
    assert len(result.matches) == 5
    assert all(0 <= match.score <= 1 and match.reasons for match in result.matches)
    assert all(0 <= v <= 1 for match in result.matches for v in match.features.values())


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text().filter(lambda text: bool(tokenise(text))))
def test_a_text_is_always_a_duplicate_of_itself(make_base: MakeBase, text: str) -> None:
    best = check(make_base([*OTHERS, text]), text).matches[0]
    assert (best.score, best.verdict, best.facts.text) == (1.0, "duplicate", text)


def test_a_damaged_index_says_kb_build(tmp_path: Path, abbreviations: Abbreviations) -> None:
    build_similarity(tmp_path, [Facts("r/1", "r", GENOGRAM)], abbreviations)
    for path in sorted((tmp_path / "similarity").iterdir()):
        copy = tmp_path / "copy"
        shutil.copytree(tmp_path / "similarity", copy / "similarity")
        (copy / "similarity" / path.name).write_bytes(b"\x93 torn")
        with pytest.raises(IndexUnreadable, match="kb build"):
            Similarity.open(copy)
        shutil.rmtree(copy)


def test_a_scorer_is_saved_and_loaded_without_loss(tmp_path: Path) -> None:
    scorer = dataclasses.replace(DEFAULT_SCORER, slope=1 / 3, conflicts=("other_ask",))
    scorer.save(tmp_path / "scorer.json")
    assert Scorer.load(tmp_path / "scorer.json") == scorer


def test_a_scorer_with_an_unknown_feature_is_refused(tmp_path: Path) -> None:
    Scorer(Linear(0.0, {"moon": 1.0}), Linear(0.0, {})).save(tmp_path / "scorer.json")
    with pytest.raises(IndexUnreadable, match="another version"):
        Scorer.load(tmp_path / "scorer.json")


def test_the_verdict_is_that_of_the_highest_score_which_is_always_shown(
    pairs_base: Similarity,
) -> None:
    draft = pairs_base.facts(0).text + " Twice a year."
    whole = check(pairs_base, draft, limit=50)
    highest = max(match.score for match in whole.matches)
    for limit in (1, 3, 5):
        few = check(pairs_base, draft, limit=limit)
        assert few.verdict == whole.verdict == pairs_base.scorer.verdict(highest)
        assert max(match.score for match in few.matches) == highest


def test_a_verb_is_the_same_in_its_irregular_forms(make_base: MakeBase) -> None:
    stored = "The poster should be hung up on every ward"
    match = check(make_base([*OTHERS, stored]), "Hang up the poster on every ward").matches[0]
    assert match.facts.text == stored
    assert not match.features["other_ask"]


def test_what_both_negate_does_not_part_them(make_base: MakeBase) -> None:
    stored = "Where abuse is suspected, records must not be shared by staff with the family"
    draft = "Staff must not share records with the family where abuse is suspected"
    match = check(make_base([*OTHERS, stored]), draft).matches[0]
    assert match.facts.text == stored
    assert match.features["other_polarity"] == 0
