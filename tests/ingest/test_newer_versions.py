"""What a newer version of a plan, another format of it or a further document changes."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.ingest import Reading, correction_of, first_reading, read_document, reread
from kb.ingest.further import add_further
from kb.model import Review
from kb.text.agencies import Agencies

WHEN = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 6, 2, 9, 0, tzinfo=UTC)
RING = "Wardens to ring each tenant who is said to be at risk before they call at the flat."
NOTE = "The library to note who asks for the domestic abuse leaflets in the back room."
BOTH = "Surgeries to offer a room for private talk, and midwives to ask about home at each visit."
ROOM = "Surgeries to offer a room for private talk."
HOME = "Midwives to ask about home at each visit."
HEADERS = ["No", "Recommendation", "Lead agency", "Outcome"]


class Plans:
    """Writes versions of one plan and reads them."""

    def __init__(self, folder: Path, agencies: Agencies) -> None:
        self.folder = folder
        self.agencies = agencies
        self.count = 0

    def read(
        self,
        rows: Sequence[Sequence[str]],
        headers: Sequence[str] = HEADERS,
        suffix: str = ".csv",
        name: str = "plan",
    ) -> Reading:
        """A reading of these rows; with another suffix, as if that format had been read."""
        self.count += 1
        path = self.folder / f"{name}{self.count}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([headers, *rows])
        (reading,) = read_document(path, agencies=self.agencies)
        file_name = path.with_suffix(suffix).name
        source = reading.source.model_copy(update={"file": file_name})
        named = [
            one.model_copy(update={"source": one.source.model_copy(update={"file": file_name})})
            for one in reading.recommendations
        ]
        return replace(reading, source=source, recommendations=tuple(named))


@pytest.fixture
def plans(tmp_path: Path, agencies: Agencies) -> Plans:
    return Plans(tmp_path, agencies)


def rows(*texts: str, outcome: str = "") -> list[list[str]]:
    return [[str(n), text, "Ousel Police", outcome] for n, text in enumerate(texts, start=1)]


def first(reading: Reading) -> Review:
    return first_reading(reading, "ousel-1", when=WHEN, who="ann")


def again(review: Review, reading: Reading) -> tuple[Review, set[tuple[int | None, str]]]:
    review, changes = reread(review, reading, when=LATER, who="ben")
    assert Review.model_validate(review.model_dump()) == review
    return review, {(change.recommendation, change.field) for change in changes}


def texts(review: Review) -> dict[int, str]:
    return {one.position: one.text for one in review.recommendations if not one.removed}


def test_rows_in_another_order_with_new_numbers_keep_their_ids(plans: Plans) -> None:
    review = first(plans.read(rows(RING, NOTE, BOTH)))
    review, changes = again(review, plans.read(rows(BOTH, RING, NOTE)))
    assert texts(review) == {1: RING, 2: NOTE, 3: BOTH}
    assert [one.number for one in review.recommendations] == ["2", "3", "1"]
    assert changes == {(1, "number"), (2, "number"), (3, "number")}


def test_a_reworded_row_without_a_number_is_known_by_its_action(plans: Plans) -> None:
    headers = ["Recommendation", "Action"]
    action = "Write a practice note to all teams"
    review = first(plans.read([[RING, action], [NOTE, "Poster"]], headers))
    reworded = "Wardens should always ring tenants at risk before a call at their flat."
    review, changes = again(review, plans.read([[NOTE, "Poster"], [reworded, action]], headers))
    assert texts(review) == {1: reworded, 2: NOTE}
    assert changes == {(1, "text")}


def test_a_row_that_was_split_keeps_its_id_and_the_other_part_says_where_it_was(
    plans: Plans,
) -> None:
    review = first(plans.read(rows(RING, BOTH)))
    review, changes = again(review, plans.read(rows(RING, ROOM, HOME)))
    assert set(texts(review)) == {1, 2, 3}
    assert {texts(review)[2], texts(review)[3]} == {ROOM, HOME}
    assert {(2, "text"), (3, "added"), (3, "split-from")} <= changes
    split = next(c for c in review.history[-1].changes if c.field == "split-from")
    assert split.before == "ousel-1/2"


def test_rows_that_were_merged_say_where_the_second_went(plans: Plans) -> None:
    review = first(plans.read(rows(RING, ROOM, HOME)))
    review, changes = again(review, plans.read(rows(RING, BOTH)))
    gone = next(one for one in review.recommendations if one.removed)
    kept = ({2, 3} - {gone.position}).pop()
    assert texts(review) == {1: RING, kept: BOTH}
    assert {(gone.position, "removed"), (gone.position, "merged-into"), (kept, "text")} <= changes
    merged = next(c for c in review.history[-1].changes if c.field == "merged-into")
    assert merged.after == f"ousel-1/{kept}"


def test_the_same_plan_in_another_format_is_no_change_and_the_better_copy_stays(
    plans: Plans,
) -> None:
    review = first(
        plans.read(rows(RING, NOTE, outcome="Complete\n\nLeaflets print-ed"), suffix=".docx")
    )
    broken = [RING.replace("ring each", "ring\neach"), NOTE.replace("domestic ", "domes-\ntic ")]
    copy = plans.read(rows(*broken, outcome="Complete Leaflets printed"), suffix=".pdf")
    review, changes = again(review, copy)
    assert changes == set()
    assert texts(review) == {1: RING, 2: NOTE}
    assert {one.source.file for one in review.recommendations} == {"plan1.docx"}
    assert [source.file for source in review.sources] == ["plan1.docx", "plan2.pdf"]


def test_a_better_copy_takes_the_place_of_a_worse_one_without_a_change(plans: Plans) -> None:
    broken = RING.replace("ring each", "ring\neach")
    review = first(plans.read(rows(broken), suffix=".pdf"))
    review, changes = again(review, plans.read(rows(RING), suffix=".docx"))
    assert (texts(review), changes) == ({1: RING}, set())
    assert review.recommendations[0].source.file == "plan2.docx"


def test_a_pdf_that_says_something_new_changes_that_alone(plans: Plans) -> None:
    review = first(plans.read(rows(RING, outcome="In progress"), suffix=".docx"))
    broken = RING.replace("ring each", "ring\neach")
    review, changes = again(review, plans.read(rows(broken, outcome="Complete"), suffix=".pdf"))
    assert changes == {(1, "outcome"), (1, "status")}
    assert texts(review) == {1: RING}


def corrected_to(review: Review, field: str, value: str) -> Review:
    one = review.recommendations[0]
    correction = correction_of(one, field, value, who="ann", when=WHEN)
    held = one.model_copy(update={"corrections": (correction,)})
    return review.model_copy(update={"recommendations": (held, *review.recommendations[1:])})


def test_a_correction_that_the_document_contradicts_stands_and_is_said(plans: Plans) -> None:
    review = corrected_to(
        first(plans.read(rows(RING, outcome="In progress"))), "status", "complete"
    )
    review, _ = again(review, plans.read(rows(RING, outcome="Not started")))
    flag = "the document now says “Not started” for the status; the correction “complete” stands"
    assert review.recommendations[0].flags == (flag,)
    review, _ = again(review, plans.read(rows(RING, NOTE, outcome="Not started")))
    assert review.recommendations[0].flags == (flag,)


@pytest.mark.parametrize("outcome", ["In progress", "Complete"])
def test_a_correction_that_the_document_does_not_contradict_raises_no_doubt(
    plans: Plans, outcome: str
) -> None:
    review = corrected_to(
        first(plans.read(rows(RING, outcome="In progress"))), "status", "complete"
    )
    review, _ = again(review, plans.read(rows(RING, NOTE, outcome=outcome)))
    assert review.recommendations[0].flags == ()
    assert review.recommendations[0].corrections


def test_a_text_corrected_by_a_person_is_known_in_the_next_version(plans: Plans) -> None:
    review = corrected_to(first(plans.read([["", "Wadens ot rnig befroe", "", ""]])), "text", RING)
    review, changes = again(review, plans.read([["", RING, "", ""], ["", NOTE, "", ""]]))
    assert texts(review) == {1: RING, 2: NOTE}
    assert changes == {(1, "text"), (2, "added")}


def further(review: Review, reading: Reading) -> tuple[Review, set[tuple[int | None, str]]]:
    review, changes = add_further(review, reading, when=LATER, who="ben")
    assert Review.model_validate(review.model_dump()) == review
    return review, {(change.recommendation, change.field) for change in changes}


def test_a_further_document_takes_nothing_away_and_gives_what_was_missing(plans: Plans) -> None:
    review = first(plans.read(rows(RING, NOTE)))
    report = plans.read([["", BOTH, "", ""], ["9", RING, "", "Complete"]], name="overview")
    review, changes = further(review, report)
    assert texts(review) == {1: RING, 2: NOTE, 3: BOTH}
    assert changes == {(1, "outcome"), (1, "status"), (1, "other"), (3, "added")}
    one = review.recommendations[0]
    assert (one.number, one.outcome, one.status.value) == ("1", "Complete", "complete")
    assert one.actions[0].outcome == "Complete"
    assert [(cell.header, cell.text) for cell in one.other] == [("number in overview2.csv", "9")]
    assert [source.also for source in review.sources] == [False, True]
    assert review.history[-1].what == "also"


def test_a_newer_plan_keeps_what_a_further_document_gave(plans: Plans) -> None:
    review = first(plans.read(rows(RING, NOTE)))
    review, _ = further(review, plans.read([["", BOTH, "", ""], ["9", RING, "", "Complete"]]))
    review, changes = again(review, plans.read(rows(RING)))
    assert texts(review) == {1: RING, 3: BOTH}
    assert changes == {(2, "removed")}
    assert review.recommendations[0].status.value == "complete"
    review, changes = again(review, plans.read(rows(RING, outcome="Ongoing")))
    assert review.recommendations[0].status.value == "ongoing"
    assert changes == {(1, "outcome"), (1, "status")}


def test_the_same_further_document_again_changes_nothing(plans: Plans) -> None:
    report = plans.read(rows(RING, BOTH, outcome="Complete"))
    review, _ = further(first(plans.read(rows(RING))), report)
    assert add_further(review, report, when=LATER, who="ben") == (review, ())


def test_a_status_that_a_further_document_only_implies_makes_no_cell(plans: Plans) -> None:
    review = first(plans.read(rows(RING, outcome="In progress: two wards have been trained")))
    report = plans.read(rows(RING, outcome="Complete. All wards, June 2024"), name="report")
    review, _ = further(review, report)
    kept = [(cell.header, cell.text) for cell in review.recommendations[0].other]
    assert kept == [("outcome in report2.csv", "Complete. All wards, June 2024")]


def test_a_status_in_a_cell_of_its_own_is_kept_beside_the_stored_one(plans: Plans) -> None:
    headers = [*HEADERS, "Status"]
    review = first(plans.read([["1", RING, "", "Two wards", "In progress"]], headers))
    later = [["1", RING, "", "Complete. All wards", "Complete"]]
    review, _ = further(review, plans.read(later, headers, name="report"))
    kept = {cell.header: cell.text for cell in review.recommendations[0].other}
    assert kept == {
        "outcome in report2.csv": "Complete. All wards",
        "status in report2.csv": "Complete",
    }
