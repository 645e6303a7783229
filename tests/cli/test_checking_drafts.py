"""A whole draft plan: checked against the base and against itself, as words, data and reports."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from bases import FELLSIDE, Ran, done, kb, refused, write_plan

from kb.cli.reports import command_line

TRAINING = "All ward staff to be trained in coercive control."
DRAFTS = (
    ("1", TRAINING, "", "Fellside Constabulary", "31.7.27", "", ""),
    ("2", "Plough the moon.", "", "", "", "", ""),
    ("3", "Coercive control training for all ward staff.", "", "", "", "", ""),
    ("4", "…", "", "", "", "", ""),
)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return write_plan(tmp_path / "draft.csv", DRAFTS[:3])


def lines(path: Path, *texts: str) -> Path:
    rows = [{"id": str(number), "text": text} for number, text in enumerate(texts, start=1)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_each_match_tells_what_both_say_and_what_became_of_it(built: Path) -> None:
    text = "Ward staff should be trained in stalking"
    answer = done("check", text, "--json", home=built).lines[0]
    assert answer["draft"] == text
    match = next(one for one in answer["matches"] if one["id"] == "quillerby-9/3")
    (here, there), *_ = match["shared"]
    assert text[here[0] : here[1]].lower() == "ward staff"
    assert match["text"][there[0] : there[1]] == "ward staff"
    assert [text[start:end] for start, end in match["only_text"]] == ["stalking"]
    assert [match["text"][start:end] for start, end in match["only_stored"]] == ["coercive control"]
    assert {"title", "area", "year", "completed", "outcome", "source", "citation"} <= set(match)
    assert set(match["source"]) == {"file", "sha256", "place", "url"}


def test_the_same_is_said_in_words(built: Path) -> None:
    text = "Ward staff should be trained in coercive control by the stalking clinic"
    said = done("check", text, home=built).out
    assert "both say: Ward staff · trained in coercive control" in said
    assert "only yours: stalking clinic" in said


def test_nothing_that_a_draft_says_steers_the_terminal(built: Path, tmp_path: Path) -> None:
    steering = "Ward staff\x01 to be trained\x1b]0;x\x07 in coercive control\x9b2J"
    drafts = lines(tmp_path / "drafts.jsonl", steering, f"{steering} yearly")
    said = done("check", "--file", drafts, home=built).out
    assert not [sign for sign in said if not sign.isprintable() and sign != "\n"]
    assert "\ufffd" in said


def test_a_draft_is_checked_against_itself(built: Path, plan: Path) -> None:
    first, second, third = done("check", "--file", plan, "--json", home=built).lines
    assert [one["id"] for one in first["within"]] == ["3"]
    assert [one["id"] for one in third["within"]] == ["1"]
    assert third["within"][0]["verdict"] in ("duplicate", "overlapping")
    assert second["within"] == []
    assert "repeats no. 3 of this draft" in done("check", "--file", plan, home=built).out


def test_a_report_tells_what_was_checked_and_each_answer(built: Path, plan: Path) -> None:
    report = done("check", "--file", plan, "--format", "text", home=built).out
    for words in (
        "draft.csv, digest", "Corpus:", "Date:", "Made with:", "Recommendation 1: duplicate",
        "Repeats no. 3", "Asked before: Asked", "Recommendation 2: new",
    ):  # fmt: skip
        assert words in report


def test_no_two_drafts_have_one_number(built: Path, tmp_path: Path) -> None:
    rows = (("2", TRAINING, *[""] * 5), ("", "Plough the moon.", *[""] * 5))
    answers = done("check", "--file", write_plan(tmp_path / "d.csv", rows), "--json", home=built)
    assert [answer["id"] for answer in answers.lines] == ["1", "2"]


def test_a_report_names_files_and_not_where_they_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = ["kb", "--home", "cases", "check", "--file", "cases/ann/draft.csv", "--output=out/a.md"]
    monkeypatch.setattr("sys.argv", typed)
    assert command_line() == "kb check --file draft.csv --output=a.md"


@pytest.mark.parametrize("ending", ["txt", "html", "docx", "xlsx", "csv", "json", "md"])
def test_a_report_is_written_in_every_format_and_always_the_same(
    built: Path, plan: Path, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"report.{ending}"
    done("check", "--file", plan, "-o", out, home=built)
    first = out.read_bytes()
    done("check", "--file", plan, "-o", out, home=built)
    assert out.read_bytes() == first
    assert first


def test_a_page_marks_shared_words_and_names_its_sections(
    built: Path, plan: Path, tmp_path: Path
) -> None:
    done("check", "--file", plan, "-o", tmp_path / "report.html", home=built)
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "<mark>ward staff" in page
    assert page.count("<section>") == page.count("</section>") > 3
    assert '<a href="#part-1">' in page
    assert 'id="part-1"' in page


def test_a_workbook_holds_every_match(built: Path, plan: Path, tmp_path: Path) -> None:
    done("check", "--file", plan, "-o", tmp_path / "report.xlsx", home=built)
    book = openpyxl.load_workbook(BytesIO((tmp_path / "report.xlsx").read_bytes()))
    assert book.sheetnames[:4] == [
        "What was found", "Each draft", "Earlier recommendations", "Repeats in this draft",
    ]  # fmt: skip
    rows = list(book["Earlier recommendations"].values)
    assert len(rows) == 1 + 3 * 5


def test_a_report_as_one_object(built: Path, plan: Path) -> None:
    found = done("check", "--file", plan, "--format", "json", home=built).json
    assert [one["id"] for one in found["drafts"]] == ["1", "2", "3"]
    assert found["summary"]["recommendations"] == 3
    assert found["summary"]["repeated_within"] == 2
    assert found["about"]["report"] == "drafts"


def test_lines_of_json_asked_into_a_file_become_the_report(
    built: Path, plan: Path, tmp_path: Path
) -> None:
    done("check", "--file", plan, "--json", "-o", tmp_path / "report.json", home=built)
    assert len(json.loads((tmp_path / "report.json").read_text("utf-8"))["drafts"]) == 3


def test_the_end_of_a_draft_sums_up(built: Path, plan: Path) -> None:
    ran = kb("check", "--file", plan, home=built)
    assert "1 new" in ran.err
    assert "-o FILE" in ran.err


def test_a_review_is_left_out_of_a_report_and_named(built: Path, plan: Path) -> None:
    left_out = ("--except", "quillerby-9")
    report = done("check", "--file", plan, *left_out, "--format", "text", home=built).out
    assert "Review left out" in report
    assert "quillerby-9/" not in report


def test_one_draft_without_a_word_does_not_stop_the_others(built: Path, tmp_path: Path) -> None:
    path = lines(tmp_path / "drafts.jsonl", TRAINING, "?! …", "")
    first, second, third = done("check", "--file", path, "--json", home=built).lines
    assert first["verdict"] == "duplicate"
    for answer in (second, third):
        assert (answer["verdict"], answer["matches"], answer["within"]) == ("new", [], [])
        assert answer["notes"] == ["there is nothing to check: the text has no word"]


def test_fifty_thousand_words_in_another_language_get_an_answer(
    built: Path, tmp_path: Path
) -> None:
    path = lines(tmp_path / "drafts.jsonl", "Die Polizei soll alles melden. " * 10_000)
    ran: Ran = kb("check", "--file", path, "--format", "text", home=built)
    assert ran.code == 0
    assert "one by one" in " ".join(ran.out.split())


def test_a_file_without_recommendations_is_refused(built: Path, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear aunt, the weather was fine.\n", "utf-8")
    assert "no recommendations were found" in refused(1, "check", "--file", path, home=built)


def test_numbers_printed_twice_give_way_to_positions(built: Path, tmp_path: Path) -> None:
    twice = [("1", *row[1:]) for row in FELLSIDE]
    plan = write_plan(tmp_path / "draft.csv", twice)
    answers = done("check", "--file", plan, "--json", home=built).lines
    assert [answer["id"] for answer in answers] == ["1", "2", "3"]


def test_hints_on_the_wording_come_when_asked_for(built: Path, tmp_path: Path) -> None:
    text = "All staff to be reminded of professional curiosity."
    answer = done("check", text, "--advice", "--json", home=built).lines[0]
    found = {hint["id"]: hint for hint in answer["advice"]}
    assert set(found) == {"no-owner", "no-date", "no-result", "weaker-action"}
    ((start, end),) = found["no-result"]["words"]
    assert text[start:end] == "reminded"
    assert found["no-result"]["see"] == "docs/wording.md#no-result"
    assert "advice" not in done("check", text, "--json", home=built).lines[0]
    assert "wording (no-owner): Nobody" in done("check", text, "--advice", home=built).out


def test_what_the_plan_prints_beside_it_is_not_missed(built: Path, tmp_path: Path) -> None:
    rows = (
        ("1", "Review the visiting policy.", "", "Fellside Constabulary", "31.7.27", "", ""),
        ("2", "Review the parking policy.", "", "All agencies", "tbc", "", ""),
    )
    plan = write_plan(tmp_path / "draft.csv", rows)
    first, second = done("check", "--file", plan, "--advice", "--json", home=built).lines
    assert [hint["id"] for hint in first["advice"]] == ["weaker-action"]
    assert [hint["id"] for hint in second["advice"]] == ["no-owner", "no-date", "weaker-action"]


def test_a_report_holds_the_hints(built: Path, tmp_path: Path) -> None:
    path = lines(tmp_path / "drafts.jsonl", "Review the visiting policy.", TRAINING)
    words = ("check", "--file", str(path), "--advice")
    assert "Wording: Nobody is named" in done(*words, "--format", "text", home=built).out
    done(*words, "-o", tmp_path / "report.xlsx", home=built)
    book = openpyxl.load_workbook(BytesIO((tmp_path / "report.xlsx").read_bytes()))
    rows = list(book["Hints on the wording"].values)
    assert rows[0] == ("Draft no.", "Hint", "Says", "Words", "See")
    assert "no-date" in {row[1] for row in rows[1:]}


def test_a_text_with_no_id_is_known_by_its_line(built: Path, tmp_path: Path) -> None:
    drafts = tmp_path / "drafts.jsonl"
    drafts.write_text('{"id": null, "text": "Plough the moon."}\n\n{"text": "Ward staff"}\n')
    answers = done("check", "--file", drafts, "--json", home=built).lines
    assert [one["id"] for one in answers] == ["1", "3"]


@pytest.mark.parametrize(
    ("second", "says"),
    [
        ('{"id": "1", "text": "Ward staff"}', "the id '1' stands on line 1, too"),
        ('{"id": "2", "text": "Ward \\ud800 staff"}', "surrogates not allowed"),
    ],
)
def test_a_line_that_cannot_be_told_or_read_is_named(
    built: Path, tmp_path: Path, second: str, says: str
) -> None:
    drafts = tmp_path / "drafts.jsonl"
    drafts.write_text(f'{{"id": 1, "text": "Plough the moon."}}\n{second}\n')
    said = refused(2, "check", "--file", drafts, home=built)
    assert says in said
    assert "line 2" in said
