"""One action of several, and a cell without a field, set right by a person."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from factories import make_entry
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import WrongUsage
from kb.ingest import corrected, correction_of, first_reading, read_document, reread
from kb.ingest.corrections import numbered_cells
from kb.ingest.drafts import Draft
from kb.ingest.joining import ACTION_FIELDS, joined
from kb.ingest.records import recommendation_of
from kb.model import Review
from kb.printed import Correction, OtherCell, PrintedStatus, Recommendation, Source
from kb.reports import EntryRows, progress
from kb.text.agencies import load_agencies

WHEN = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)
AGENCIES = load_agencies()
SOURCE = Source(file="plan.docx", sha256="0" * 64, place="table 1, row 2")
HEADERS = ("No", "Recommendation", "Action", "Lead", "Target date", "Status", "Contact")
ASK = "Wardens to ring the family before each visit."
RING = ("Ring first", "Fellside Constabulary", "31.7.22", "In progress", "Jo: 01632 960123")
WRITE = ("Write a letter", "NHS England", "December 2020", "In progress", "")
DRAW = ("Draw a map", "Quillerby Borough Council", "2021", "Complete", "")
Row = Sequence[str]
Read = Callable[..., Review]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A plan of one recommendation with these actions, as a first or a newer version."""
    made: list[Path] = []

    def make(*actions: Row, over: Review | None = None) -> Review:
        path = tmp_path / f"plan{len(made)}.csv"
        made.append(path)
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = [("", "", *action) for action in actions[1:]]
            csv.writer(file).writerows([HEADERS, ("1", ASK, *actions[0]), *rows])
        (reading,) = read_document(path, agencies=AGENCIES)
        if over is None:
            return first_reading(reading, "ousel-1", when=WHEN, who="ann")
        return reread(over, reading, when=WHEN, who="ben")[0]

    return make


def held(review: Review, *changes: tuple[str, str | None]) -> Review:
    """The review with corrections of its first recommendation, one after the other."""
    one = review.recommendations[0]
    for field, value in changes:
        correction = correction_of(one, field, value, who="ann", when=WHEN)
        one = one.model_copy(update={"corrections": (*one.corrections, correction)})
    return review.model_copy(update={"recommendations": (one, *review.recommendations[1:])})


def now(review: Review) -> Recommendation:
    return corrected(review.recommendations[0], AGENCIES)


def statuses(review: Review) -> dict[str | None, str | None]:
    return {action.text: action.status.value for action in now(review).actions}


def test_one_action_of_several_is_set_right_and_the_joined_view_follows(read: Read) -> None:
    review = read(RING, WRITE, DRAW)
    assert now(review).status.value == "in-progress"
    review = held(
        review,
        ("actions.1.status", "complete"),
        ("actions.2.status", "Complete"),
        ("actions.2.lead_agency", "KMPT"),
        ("actions.2.outcome", "Sent in May"),
    )
    shown = now(review)
    assert {action.status.value for action in shown.actions} == {"complete"}
    assert shown.status.value == "complete"
    assert shown.outcome == "Sent in May"
    assert "KMPT" in {agency.printed for agency in shown.lead_agencies}
    assert "NHS England" not in (shown.lead_agency or "")
    assert "NHS England" not in {agency.name for agency in shown.lead_agencies}


def test_actions_that_differ_after_a_correction_are_flagged_and_those_that_agree_no_more(
    read: Read,
) -> None:
    flag = "its 2 actions have different statuses"
    review = read(RING, DRAW)
    assert flag in now(review).flags
    assert flag not in now(held(review, ("actions.1.status", "complete"))).flags
    agreed = read(RING, WRITE)
    assert flag in now(held(agreed, ("actions.1.status", "complete"))).flags


def test_the_later_of_a_joined_field_and_an_action_holds(read: Read) -> None:
    review = read(RING, WRITE)
    whole, part = ("status", "not-accepted"), ("actions.1.status", "complete")
    assert now(held(review, part, whole)).status.value == "not-accepted"
    assert now(held(review, whole, part)).status.value == "in-progress"
    other = ("actions.1.outcome", "Rang all")
    assert now(held(review, whole, other)).status.value == "not-accepted"


def test_what_stands_beside_the_actions_is_kept_with_a_corrected_one(read: Read) -> None:
    review = read(RING, WRITE)
    one = review.recommendations[0].model_copy(
        update={"outcome": "The report tells more", "lead_agency": "Tarnmoor Trust"}
    )
    review = review.model_copy(update={"recommendations": (one,)})
    shown = now(held(review, ("actions.2.outcome", "Sent"), ("actions.2.lead_agency", "Police")))
    assert shown.outcome == "The report tells more\n\nSent"
    assert shown.lead_agency == "Tarnmoor Trust"


def test_a_status_beside_the_actions_gives_way_to_a_corrected_one_and_is_said(read: Read) -> None:
    silent = ("Ring first", "Police", "", "", "")
    review = read(silent, ("Write", "Police", "", "", ""))
    one = review.recommendations[0].model_copy(
        update={"status": PrintedStatus(printed="Closed", value="complete")}
    )
    review = review.model_copy(update={"recommendations": (one,)})
    shown = now(held(review, ("actions.2.status", "not-started")))
    assert shown.status == PrintedStatus(printed="not-started")
    assert any(flag.startswith("the status “Closed” was printed beside") for flag in shown.flags)


def test_paragraphs_of_actions_do_not_stand_twice_in_the_joined_view(read: Read) -> None:
    review = read(RING, WRITE)
    one = review.recommendations[0].model_copy(
        update={"action": "By the report\n\nRing first\n\nWrite a letter"}
    )
    review = review.model_copy(update={"recommendations": (one,)})
    shown = now(held(review, ("actions.1.text", "Ring twice")))
    assert shown.action == "By the report\n\nRing twice\n\nWrite a letter"


def test_a_flag_about_a_corrected_action_goes_and_the_others_stay(read: Read) -> None:
    bad = ("Call", "Police", "31.2.22", "Mauve", "")
    review = read(bad, ("Knock", "Police", "31.2.22", "Puce", ""))
    flags = now(review).flags
    assert "“31.2.22” is not a day" in flags
    assert "the status “Mauve” was not understood" in flags
    review = held(review, ("actions.1.status", "complete"), ("actions.1.target_date", "28.2.22"))
    assert "the status “Mauve” was not understood" not in now(review).flags
    assert "the status “Puce” was not understood" in now(review).flags
    assert "“31.2.22” is not a day" in now(review).flags
    review = held(review, ("actions.2.target_date", "28.2.22"))
    assert "“31.2.22” is not a day" not in now(review).flags


def test_a_cell_without_a_field_is_set_right_or_taken_out_with_its_flag(read: Read) -> None:
    review = read(RING, WRITE)
    (cell,) = review.recommendations[0].other
    assert "a telephone number may stand in the cell “Contact”" in now(review).flags[0]
    mended = now(held(review, ("other.1", "Jo rang back")))
    assert mended.other == (OtherCell(header=cell.header, text="Jo rang back"),)
    assert not [flag for flag in mended.flags if "telephone" in flag]
    gone = now(held(review, ("other.1", "")))
    assert gone.other == ()
    assert not [flag for flag in gone.flags if "telephone" in flag]


def test_numbers_of_cells_stay_when_one_is_taken_out() -> None:
    cells = tuple(OtherCell(header=name, text=name) for name in ("Notes", "RAG", "Budget"))
    stored = make_entry(other=cells).recommendation
    first = correction_of(stored, "other.1", None, who="ann", when=WHEN)
    stored = stored.model_copy(update={"corrections": (first,)})
    assert {n: cell.header for n, cell in numbered_cells(stored).items()} == {2: "RAG", 3: "Budget"}
    back = correction_of(stored, "other.1", "Seen", who="ann", when=WHEN)
    assert (back.before, back.value) == (None, "Seen")
    second = correction_of(stored, "other.2", "Green", who="ann", when=WHEN)
    assert second.before == "RAG"


def test_a_correction_follows_its_action_when_rows_are_in_another_order(read: Read) -> None:
    review = held(read(RING, WRITE), ("actions.2.status", "complete"))
    review = read(DRAW, WRITE, RING, over=review)
    assert statuses(review) == {
        "Draw a map": "complete",
        "Write a letter": "complete",
        "Ring first": "in-progress",
    }
    assert not [flag for flag in now(review).flags if "correction" in flag]


def test_a_correction_whose_action_is_gone_is_kept_and_said_not_given_to_another(
    read: Read,
) -> None:
    review = held(read(RING, WRITE), ("actions.2.status", "complete"))
    review = read(RING, ("Send a card", *WRITE[1:]), over=review)
    assert statuses(review) == {"Ring first": "in-progress", "Send a card": "in-progress"}
    said = [flag for flag in now(review).flags if "not applied" in flag]
    assert len(said) == 1
    assert "“complete” for the status of what was action 2" in said[0]
    assert len(review.recommendations[0].corrections) == 1
    review = read(WRITE, RING, over=review)  # it comes back
    assert statuses(review)["Write a letter"] == "complete"
    assert not [flag for flag in now(review).flags if "not applied" in flag]


def test_actions_with_one_text_are_told_apart_by_who_does_them(read: Read) -> None:
    police, health = RING, ("Ring first", "NHS England", *RING[2:4], "")
    review = held(read(police, health), ("actions.2.status", "complete"))
    moved = now(read(health, police, over=review))
    assert [action.status.value for action in moved.actions] == ["complete", "in-progress"]
    alone = now(read(police, over=review))
    assert [action.status.value for action in alone.actions] == ["in-progress"]
    assert any("not applied" in flag for flag in alone.flags)


def test_an_action_that_is_there_twice_now_is_not_guessed(read: Read) -> None:
    review = held(read(RING, WRITE), ("actions.1.status", "complete"))
    doubled = now(read(RING, ("Ring first", "NHS England", *RING[2:4], ""), WRITE, over=review))
    assert {action.status.value for action in doubled.actions} == {"in-progress"}
    assert any("more than once" in flag for flag in doubled.flags)


def test_a_corrected_text_of_an_action_is_known_in_the_next_version(read: Read) -> None:
    wrong = ("Wrtie a lettre", *WRITE[1:])
    changes = (("actions.2.text", WRITE[0]), ("actions.2.status", "complete"))
    review = read(WRITE, RING, over=held(read(RING, wrong), *changes))
    assert statuses(review) == {"Write a letter": "complete", "Ring first": "in-progress"}
    assert not [flag for flag in now(review).flags if "not applied" in flag]


def test_what_a_newer_version_says_otherwise_is_said_with_the_number_it_has_now(
    read: Read,
) -> None:
    review = held(read(RING, WRITE), ("actions.2.status", "complete"), ("other.1", "Jo rang back"))
    changed = (*WRITE[:3], "Not started", "")
    review = read(RING, changed, over=review)
    said = "the document now says “Not started” for the status of action {}; the correction"
    assert [flag for flag in now(review).flags if flag.startswith(said.format(2))]
    again = now(read((*changed[:4], RING[4]), (*RING[:4], ""), over=review))
    assert [flag for flag in again.flags if flag.startswith(said.format(1))]
    assert not [flag for flag in again.flags if flag.startswith(said.format(2))]


def test_a_cell_keeps_its_correction_under_its_header_and_new_words_are_said(read: Read) -> None:
    review = held(read(RING, WRITE), ("other.1", "Jo rang back"))
    newer = (*RING[:4], "Ask Sam")
    shown = now(read(newer, WRITE, over=review))
    assert [cell.text for cell in shown.other] == ["Jo rang back"]
    flag = "the document now says “Ask Sam” for the cell “Contact”;"
    assert [one for one in shown.flags if one.startswith(flag)]


def test_a_cell_that_was_taken_out_stays_out_and_is_not_quoted(read: Read) -> None:
    review = held(read(RING, WRITE), ("other.1", None))
    shown = now(read((*RING[:4], "Ask Samuel"), WRITE, over=review))
    assert shown.other == ()
    assert not [flag for flag in shown.flags if "Samuel" in flag]
    assert [flag for flag in shown.flags if "something else for the cell “Contact”" in flag]
    assert now(read((*RING[:4], ""), WRITE, over=review)).flags == ()  # the document follows


def test_a_cell_taken_out_that_stands_twice_now_is_said() -> None:
    cell = OtherCell(header="Contact", text="Jo: 01632 960123")
    stored = make_entry(other=(cell,)).recommendation
    out = correction_of(stored, "other.1", None, who="ann", when=WHEN)
    doubled = (cell, OtherCell(header="Contact", text="Sam"))
    newer = stored.model_copy(update={"other": doubled, "corrections": (out,)})
    (said,) = [flag for flag in corrected(newer).flags if "not applied" in flag]
    assert "for the cell “Contact”" in said


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("actions.3.status", "complete", "no action 3: it has 2 actions"),
        ("actions.0.status", "complete", "actions.2.FIELD"),
        ("actions.1.colour", "red", "milestones"),
        ("actions.1", "x", "cannot be corrected"),
        ("actions.9999999999999.text", "x", "cannot be corrected"),
        ("other.2", "x", "no other cell 2: it has 1 other cell"),
        ("other.x", "x", "other.1"),
        ("actions.1.status", "perhaps", "not-started"),
        ("actions.1.target_date", "soon", "31/07/2022"),
        ("actions.1.completed", "31.2.22", "31/07/2022"),
    ],
)
def test_what_cannot_be_corrected_is_refused_with_what_can(
    read: Read, field: str, value: str, said: str
) -> None:
    with pytest.raises(WrongUsage, match=r".") as refusal:
        held(read(RING, WRITE), (field, value))
    assert said in str(refusal.value)


def test_a_stored_correction_of_a_whole_field_is_written_as_it_was_read() -> None:
    stored = (
        '{"field":"status","value":"complete","before":null,"who":"ann",'
        '"when":"2026-01-02T09:00:00Z"}'
    )
    dumped = Correction.model_validate(json.loads(stored)).model_dump(mode="json")
    assert dumped == json.loads(stored)


def overdue(review: Review) -> list[str]:
    recommendation = now(review)
    entry = make_entry().model_copy(update={"recommendation": recommendation})
    data = progress(EntryRows([entry]), date(2026, 1, 1)).data
    return [item["target_date"] for item in data["overdue"]]


def test_corrected_actions_decide_what_is_late(read: Read) -> None:
    review = read(RING, WRITE)
    assert overdue(review) == ["2020-12"]
    assert overdue(held(review, ("actions.2.status", "complete"))) == ["2022-07-31"]
    moved = (("actions.1.target_date", "2030"), ("actions.2.target_date", "2031"))
    assert overdue(held(review, *moved)) == []
    whole = ("target_date", "2019")
    assert overdue(held(review, *moved, whole)) == ["2019"]
    assert overdue(held(review, whole, *moved)) == []
    both = (("actions.1.status", "complete"), ("actions.2.status", "complete"))
    assert overdue(held(review, *both)) == []


texts = st.sampled_from(["", "Ring first", "Write", "Police", "KMPT; NHS England", "Jo and Sam"])
days = st.sampled_from(["", "31.7.22", "December 2020", "2021", "soon"])
words = st.sampled_from(["", "complete", "In progress", "Ongoing", "Not started", "Mauve"])
drafted = st.fixed_dictionaries(
    {
        "action": texts,
        "lead_agency": texts,
        "milestones": texts,
        "outcome": texts,
        "target_date": days,
        "completed": days,
        "status": words,
    }
).map(lambda values: {name: text for name, text in values.items() if text})
given_values = st.one_of(
    st.tuples(st.sampled_from(["text", "lead_agency", "milestones", "outcome"]), texts),
    st.tuples(st.sampled_from(["target_date", "completed"]), days.filter(lambda d: d != "soon")),
    st.tuples(st.just("status"), words.filter(lambda word: word != "Mauve")),
)


@settings(deadline=None)
@given(
    st.lists(drafted.filter(bool), min_size=1, max_size=4), given_values, st.integers(1, 4),
    st.lists(st.builds(OtherCell, header=texts, text=texts.filter(bool)), max_size=2),
)  # fmt: skip
def test_correcting_an_action_changes_that_action_and_the_joined_view_alone(
    rows: list[dict[str, str]], change: tuple[str, str], number: int, cells: list[OtherCell]
) -> None:
    number = min(number, len(rows))
    field, value = change
    draft = Draft(ASK, None, {}, rows, cells, [], [])
    stored = recommendation_of(draft, 1, SOURCE, AGENCIES)
    correction = correction_of(stored, f"actions.{number}.{field}", value, who="ann", when=WHEN)
    shown = corrected(stored.model_copy(update={"corrections": (correction,)}), AGENCIES)
    follows = {"lead_agency": {"lead_agency", "lead_agencies"}}.get(field, {field})
    for at, (was, is_now) in enumerate(zip(stored.actions, shown.actions, strict=True), start=1):
        same = {field.name for field in fields(was)} - (follows if at == number else set())
        assert all(getattr(was, name) == getattr(is_now, name) for name in same)
    for name in ACTION_FIELDS:
        view = getattr(shown, "action" if name == "text" else name)
        assert view == joined(shown.actions, name)
    view = {"action" if name == "text" else name for name in follows}
    untouched = (
        {field.name for field in fields(stored)} - view - {"actions", "flags", "corrections"}
    )
    assert all(getattr(stored, name) == getattr(shown, name) for name in untouched)


@settings(deadline=None)
@given(st.lists(drafted.filter(bool), min_size=1, max_size=5), st.data())
def test_no_other_action_is_given_a_correction_when_rows_move_or_go(
    rows: list[dict[str, str]], data: st.DataObject
) -> None:
    number = data.draw(st.integers(1, len(rows)))
    stored = recommendation_of(Draft(ASK, None, {}, rows, [], [], []), 1, SOURCE, AGENCIES)
    correction = correction_of(
        stored, f"actions.{number}.milestones", "Put right", who="ann", when=WHEN
    )
    left = data.draw(st.permutations(rows))[: data.draw(st.integers(1, len(rows)))]
    newer = recommendation_of(Draft(ASK, None, {}, left, [], [], []), 1, SOURCE, AGENCIES)
    shown = corrected(newer.model_copy(update={"corrections": (correction,)}), AGENCIES)
    marks = ("action", "lead_agency", "milestones", "target_date")
    mended = [
        row
        for row, action in zip(left, shown.actions, strict=True)
        if action.milestones == "Put right"
    ]
    was = rows[number - 1]
    assert len(mended) <= 1
    assert all(row.get(name) == was.get(name) for row in mended for name in marks)
    assert mended or any("not applied" in flag for flag in shown.flags)


def test_a_recommendation_with_a_corrected_part_still_goes_into_a_set(read: Read) -> None:
    review = held(read(RING, WRITE), ("actions.2.status", "complete"))
    again = Review.model_validate(review.model_dump(mode="json"))
    assert len({*review.recommendations, *again.recommendations}) == 1
