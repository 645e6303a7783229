"""Personal data in a plan is flagged with its field and place, and not repeated."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.corpus import Corpus
from kb.ingest import corrected, correction_of, read_document
from kb.ingest.personal import is_personal_flag, personal_flags
from kb.library.home import starter_home
from kb.text.agencies import Agencies

WHEN = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.csv"
    rows = [
        ["Tarnmoor DHR 4 action plan, 07700 900999"],
        ["Recommendation", "Action", "Lead", "Cost code"],
        ["Ring first.", "Ask Jo on 01632 960123.", "Ousel Police", "jo@example.org"],
        ["Knock twice.", "Letter", "Ousel Police", "4711"],
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def test_a_flag_names_field_and_place_and_not_the_datum(plan: Path, agencies: Agencies) -> None:
    (reading,) = read_document(plan, agencies=agencies)
    first, second = reading.recommendations
    assert first.flags == (
        "a telephone number may stand in the action (characters 11–22)",
        "an e-mail address may stand in the cell “Cost code” (characters 1–14)",
    )
    assert all(map(is_personal_flag, first.flags))
    assert second.flags == ()
    assert "a telephone number may stand in the review's title (characters 29–40)" in reading.notes
    assert first.action == "Ask Jo on 01632 960123."


def test_left_out_text_is_looked_at_too(tmp_path: Path, agencies: Agencies) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("Contact: Mrs Jo Hale,\nNo,Recommendation\n1,Ring first.\n", "utf-8")
    (reading,) = read_document(path, agencies=agencies)
    assert reading.notes[0] == (
        "a person's name may stand in text left out, line 1 (characters 10–20)"
    )


def test_a_flag_goes_when_the_field_is_corrected(plan: Path, agencies: Agencies) -> None:
    (reading,) = read_document(plan, agencies=agencies)
    first = reading.recommendations[0]
    correction = correction_of(first, "action", "Ask the duty line.", who="ann", when=WHEN)
    held = first.model_copy(update={"corrections": (correction,)})
    assert [flag for flag in corrected(held).flags if "action" in flag] == []
    assert len(corrected(held).flags) == 1


def test_ordinary_plans_raise_no_alarm(shared_documents: Path, agencies: Agencies) -> None:
    for path in sorted(shared_documents.iterdir()):
        if path.suffix in (".docx", ".txt"):
            for reading in read_document(path, agencies=agencies):
                flags = [f for r in reading.recommendations for f in r.flags]
                assert [f for f in (*flags, *reading.notes) if is_personal_flag(f)] == []


def test_the_starter_corpus_raises_no_alarm() -> None:
    reviews = list(Corpus(starter_home() / "corpus").reviews())
    assert [
        flag for r in reviews for one in r.recommendations for flag in personal_flags(one)
    ] == []


def test_a_flag_that_quotes_a_cell_does_not_repeat_it_and_goes_with_its_correction(
    tmp_path: Path, agencies: Agencies
) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(
        "No,Recommendation,Status,Date due\n1,Ring first.,Dr Jo Hale rang 01632 960123,31.2.22\n",
        "utf-8",
    )
    (reading,) = read_document(path, agencies=agencies)
    (stored,) = reading.recommendations
    rang = "the status “[a person's name] rang [a telephone number]” was not understood"
    assert rang in stored.flags
    assert "“31.2.22” is not a day" in stored.flags
    correction = correction_of(stored, "target_date", "28.2.22", who="ann", when=WHEN)
    shown = corrected(stored.model_copy(update={"corrections": (correction,)}))
    assert "“31.2.22” is not a day" not in shown.flags
    assert rang in shown.flags
    of_status = correction_of(stored, "status", "complete", who="ann", when=WHEN)
    shown = corrected(stored.model_copy(update={"corrections": (correction, of_status)}))
    assert shown.flags == ()


def test_what_a_correction_leaves_in_one_of_several_actions_is_flagged(
    tmp_path: Path, agencies: Agencies
) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(
        "No,Recommendation,Action\n1,Ring first.,Write the letter\n,,Ask Jo on 01632 960123\n",
        "utf-8",
    )
    (reading,) = read_document(path, agencies=agencies)
    (stored,) = reading.recommendations
    assert len(stored.actions) == 2
    assert sum(map(is_personal_flag, stored.flags)) == 1
    correction = correction_of(stored, "action", "Write, and ask.", who="ann", when=WHEN)
    shown = corrected(stored.model_copy(update={"corrections": (correction,)}))
    assert "a telephone number may stand in the text of action 2 (characters 11–22)" in shown.flags
