from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.errors import WrongUsage
from kb.ingest import Reading, corrected, correction_of, first_reading, read_document, reread
from kb.model import Recommendation, Review, Source
from kb.text.agencies import Agencies

WHEN = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 6, 2, 9, 0, tzinfo=UTC)
ASK = "Crews to ask about pets whenever they are called to shouting next door."
LISTEN = "Reception staff to listen for worry in the voice of a caller."
WRITE = "The board to write once a year to each surgery with what was learnt."


def reading_of(folder: Path, agencies: Agencies, rows: list[dict[str, str]]) -> Reading:
    path = folder / "plan.json"
    path.write_text(json.dumps(rows), "utf-8")
    (reading,) = read_document(path, agencies=agencies)
    return reading


def row(text: str, outcome: str = "", number: str = "") -> dict[str, str]:
    return {"no": number, "recommendation": text, "outcome": outcome}


@pytest.fixture
def stored(tmp_path: Path, agencies: Agencies) -> Review:
    rows = [row(ASK, "In progress", "1"), row(LISTEN, "", "2"), row(WRITE, "", "3")]
    reading = reading_of(tmp_path, agencies, rows)
    return first_reading(reading, "tarnmoor-1", when=WHEN, who="ann", facts={"area": "Tarnmoor"})


def test_a_first_reading_makes_a_review_with_its_history(stored: Review) -> None:
    assert (stored.id, stored.title, stored.area) == ("tarnmoor-1", "tarnmoor-1", "Tarnmoor")
    assert stored.next_position == 4
    assert [(event.what, event.who) for event in stored.history] == [("added", "ann")]
    assert stored.sources[0].file == "plan.json"


def test_the_same_file_again_changes_nothing(
    stored: Review, tmp_path: Path, agencies: Agencies
) -> None:
    rows = [row(ASK, "In progress", "1"), row(LISTEN, "", "2"), row(WRITE, "", "3")]
    again = reading_of(tmp_path, agencies, rows)
    assert reread(stored, again, when=LATER, who="ben") == (stored, ())


def test_an_updated_plan_keeps_positions_and_says_what_changed(
    stored: Review, tmp_path: Path, agencies: Agencies
) -> None:
    new = "Hostels to keep a list of vets who board a pet at short notice."
    rows = [
        row(new),
        row(LISTEN.replace("Reception", "All reception")),
        row(ASK, "Complete (May 2026)", "1"),
    ]
    review, changes = reread(stored, reading_of(tmp_path, agencies, rows), when=LATER, who="ben")
    by_position = {r.position: r for r in review.recommendations}
    assert by_position[1].status.value == "complete"
    assert by_position[1].completed.date == "2026-05"
    assert by_position[2].text.startswith("All reception")
    assert by_position[3].removed
    assert by_position[3].text == WRITE
    assert by_position[4].text == new
    assert review.next_position == 5
    said = {(c.recommendation, c.field, c.before, c.after) for c in changes}
    assert {
        (1, "status", "In progress", "Complete"),
        (1, "completed", None, "May 2026"),
        (2, "text", LISTEN, by_position[2].text),
        (2, "number", "2", None),
        (3, "removed", WRITE, None),
        (4, "added", None, new),
    } <= said
    assert review.history[-1].what == "read-again"
    assert review.history[-1].changes == changes
    assert Review.model_validate(review.model_dump()) == review


def test_a_reworded_row_with_its_old_number_is_the_same_recommendation(
    stored: Review, tmp_path: Path, agencies: Agencies
) -> None:
    reworded = "Crews to ask about pets and children whenever they go out to shouting."
    rows = [row(WRITE, "", "3"), row(reworded, "", "1"), row(LISTEN, "", "2")]
    review, _ = reread(stored, reading_of(tmp_path, agencies, rows), when=LATER, who="ben")
    assert {r.position: r.text for r in review.recommendations} == {
        1: reworded,
        2: LISTEN,
        3: WRITE,
    }


def test_equal_texts_are_matched_in_document_order_and_flags_name_stored_positions(
    tmp_path: Path, agencies: Agencies
) -> None:
    first = reading_of(tmp_path, agencies, [row(ASK, "Complete"), row(ASK, "Ongoing")])
    review = first_reading(first, "r", when=WHEN, who="ann")
    newer = reading_of(
        tmp_path, agencies, [row(LISTEN), row(ASK, "Closed"), row(ASK, "Outstanding")]
    )
    review, _ = reread(review, newer, when=LATER, who="ann")
    assert [(r.position, r.outcome) for r in review.recommendations] == [
        (1, "Closed"),
        (2, "Outstanding"),
        (3, None),
    ]
    assert review.recommendations[0].flags == ("the same text stands at position 2",)


def test_corrections_survive_and_a_row_that_comes_back_is_no_longer_removed(
    stored: Review, tmp_path: Path, agencies: Agencies
) -> None:
    first = stored.recommendations[0]
    correction = correction_of(first, "status", "complete", who="ann", when=WHEN)
    held = first.model_copy(update={"corrections": (correction,)})
    review = stored.model_copy(update={"recommendations": (held, *stored.recommendations[1:])})
    gone, _ = reread(review, reading_of(tmp_path, agencies, [row(LISTEN)]), when=WHEN, who="ben")
    assert gone.recommendations[0].removed
    back, _ = reread(
        gone, reading_of(tmp_path, agencies, [row(ASK, "Ongoing")]), when=LATER, who="ben"
    )
    assert not back.recommendations[0].removed
    assert back.recommendations[0].status.value == "ongoing"
    assert corrected(back.recommendations[0]).status.value == "complete"


def recommendation(**fields: str) -> Recommendation:
    source = Source(file="plan.txt", sha256="0", place="line 1")
    return Recommendation(position=1, text=fields.pop("text", ASK), source=source, **fields)  # type: ignore[arg-type]


def with_correction(field: str, value: str | None) -> Recommendation:
    one = recommendation(outcome="Complete")
    correction = correction_of(one, field, value, who="ann", when=WHEN)
    return corrected(one.model_copy(update={"corrections": (correction,)}))


def test_a_corrected_field_is_read_as_a_cell_would_be() -> None:
    assert with_correction("status", "in-progress").status.value == "in-progress"
    assert with_correction("status", "Complete and ongoing").status.value == "ongoing"
    assert with_correction("target_date", "31.7.22").target_date.date == "2022-07-31"
    assert with_correction("scope", "National").scope.value == "national"
    assert with_correction("outcome", "").outcome is None
    agency = with_correction("lead_agency", "KMPT and Police")
    assert [a.sector for a in agency.lead_agencies] == ["health", "police"]


def test_the_correction_says_what_stood_before() -> None:
    correction = correction_of(
        recommendation(outcome="Complete"), "outcome", "Closed", who="ann", when=WHEN
    )
    assert (correction.before, correction.value) == ("Complete", "Closed")


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("colour", "red", "Fields that can: text, number"),
        ("status", "nearly", "complete, ongoing, in-progress"),
        ("scope", "wide", "local, regional, national"),
        ("target_date", "31.2.22", "31/07/2022"),
        ("text", "  ", "cannot be empty"),
    ],
)
def test_a_wrong_correction_names_what_is_allowed(field: str, value: str, named: str) -> None:
    with pytest.raises(WrongUsage, match=named):
        correction_of(recommendation(), field, value, who="ann", when=WHEN)
