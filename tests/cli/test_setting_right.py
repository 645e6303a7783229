"""Corrections, judgements, reading again, and taking a review out for good."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bases import FELLSIDE, WHO, digests, done, kb, traces, write_plan


def theme_ids(found: dict[str, Any]) -> set[str]:
    return {theme["id"] for theme in found["themes"]}


def test_a_correction_is_shown_at_once_and_found_after_a_build(home: Path) -> None:
    ran = done("correct", "fellside-7/2", "status=complete and ongoing", "text=Voicemail names it.",
               home=home)  # fmt: skip
    assert "fellside-7/2 status: In progress → complete and ongoing" in ran.out
    shown = done("show", "fellside-7/2", "--json", home=home).json
    assert shown["status"]["value"] == "ongoing"
    assert [(c["field"], c["before"], c["who"]) for c in shown["corrections"]] == [
        ("status", "In progress", WHO),
        ("text", FELLSIDE[1][1], WHO),
    ]
    done("build", home=home)
    assert "fellside-7/2" in done("search", "voicemail", home=home).out
    history = done("show", "fellside-7", "--json", home=home).json["history"]
    assert history[-1]["what"] == "corrected"


def test_a_correction_that_says_what_is_there_already_changes_nothing(home: Path) -> None:
    before = digests(home)
    done("correct", "fellside-7", "title=Review of Mrs F", home=home)
    done("correct", "fellside-7/1", "number=1", home=home)
    assert digests(home) == before


def test_corrections_and_judgements_outlive_a_changed_document(home: Path, tmp_path: Path) -> None:
    done("correct", "fellside-7/2", "status=complete", "outcome=Voicemail changed", home=home)
    done("correct", "fellside-7", "title=Review of Frances", home=home)
    done("judge", "fellside-7/1", "--theme", "-genograms", "--theme", "+training", home=home)
    done("judge", "fellside-7/1", "quillerby-9/1", "--different", home=home)
    rows = [list(row) for row in FELLSIDE]
    rows.insert(0, ["0", "Plough the moon.", "", "", "", "", ""])
    rows[1][6] = "Forms printed in June"
    plan = write_plan(tmp_path / "fellside.csv", rows)
    ran = done("add", plan, "--review-id", "fellside-7", home=home)
    assert "read again, 4 recommendations" in ran.out
    done("build", home=home)
    found = {row["id"]: row for row in done("export", home=home).lines}
    assert found["fellside-7/4"]["text"] == "Plough the moon."  # a new one gets a new id
    assert found["fellside-7/1"]["outcome"] == "Forms printed in June"
    assert found["fellside-7/2"]["status"]["value"] == "complete"
    assert found["fellside-7/2"]["outcome"] == "Voicemail changed"
    assert theme_ids(found["fellside-7/1"]) == {"training"}
    assert done("show", "fellside-7", "--json", home=home).json["title"] == "Review of Frances"
    groups = done("repeated", "--json", home=home).json["groups"]
    pairs = [{member["id"] for member in group["members"]} for group in groups]
    assert not any({"fellside-7/1", "quillerby-9/1"} <= pair for pair in pairs)


def test_a_persons_judgement_wins_over_rules_and_model(home: Path) -> None:
    done("judge", "fellside-7/1", "--theme", "+training", "--complete", home=home)
    done("build", home=home)
    (tag,) = done("show", "fellside-7/1", "--json", home=home).json["themes"]
    assert (tag["id"], tag["by"][0], tag["confidence"]) == ("training", "person", 1.0)
    done("judge", "fellside-7/1", "--theme", "+genograms", home=home)  # later judgements add
    assert theme_ids(done("show", "fellside-7/1", "--json", home=home).json) == {
        "training",
        "genograms",
    }


def test_the_doctor_finds_a_judgement_on_a_text_that_has_changed(home: Path) -> None:
    done("judge", "fellside-7/1", "--theme", "+training", home=home)
    done("correct", "fellside-7/1", "text=Something else altogether.", home=home)
    ran = done("doctor", home=home)
    assert "a text that has changed" in ran.out
    assert "fellside-7/1" in ran.out


def test_a_removed_review_leaves_no_trace(home: Path) -> None:
    done("judge", "quillerby-9/1", "--theme", "+training", home=home)
    done("judge", "quillerby-9/1", "fellside-7/1", "--same", home=home)
    done("correct", "quillerby-9/2", "outcome=Zanzibarine voicemail", home=home)
    done("build", home=home)
    words = ("zanzibarin", "quiller")
    assert all(len(list(traces(home, word))) > 3 for word in words)
    ran = done("remove", "quillerby-9", "--yes", home=home)
    assert "3 recommendations" in ran.out
    assert {word: list(traces(home, word)) for word in words} == {word: [] for word in words}
    assert done("search", "zanzibarine", "--json", home=home).json["total"] == 0
    assert kb("show", "quillerby-9", home=home).code == 1
    assert "fellside-7/1" in done("search", "genogram", home=home).out
    assert done("doctor", home=home).out.count("fault") == 0


def test_a_review_that_a_person_deleted_by_hand_is_forgotten_at_the_next_build(home: Path) -> None:
    (home / "corpus" / "quillerby-9.json").unlink()
    done("build", home=home)
    assert list(traces(home, "zanzibarin")) == []


def test_a_removal_asks_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digests(home)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "n")
    assert kb("remove", "fellside-7", home=home).code == 1
    assert digests(home) == before


def listed(home: Path, review_id: str) -> list[str]:
    lines = done("show", review_id, home=home).out.splitlines()
    return [line.split()[0] for line in lines if line.startswith(f"{review_id}/")]


def test_a_review_is_listed_by_its_numbers_as_people_sort_them(home: Path, tmp_path: Path) -> None:
    numbers = ("3.140(a)", "3.9", "2a", "R10", "R2", "2")
    texts = [f"Wardens to {verb} first." for verb in ("ring", "knock", "call", "ask", "go", "see")]
    rows = [(n, text, "", "", "", "", "") for n, text in zip(numbers, texts, strict=True)]
    done("add", write_plan(tmp_path / "a.csv", rows), "--review-id", "a-1", home=home)
    by_number = [f"a-1/{numbers.index(n) + 1}" for n in ("2", "2a", "3.9", "3.140(a)", "R2", "R10")]
    assert sorted(listed(home, "a-1")) == sorted(by_number)
    order = listed(home, "a-1")
    assert order.index("a-1/2") < order.index("a-1/1")  # 3.9 before 3.140(a)
    assert order.index("a-1/6") < order.index("a-1/3")  # 2 before 2a
    assert order.index("a-1/5") < order.index("a-1/4")  # R2 before R10


def test_a_review_whose_numbers_stand_twice_is_listed_as_its_document_has_it(
    home: Path, tmp_path: Path
) -> None:
    texts = [f"Wardens to {verb} first." for verb in ("ring", "knock", "call")]
    rows = [(n, text, "", "", "", "", "") for n, text in zip("211", texts, strict=True)]
    done("add", write_plan(tmp_path / "a.csv", rows), "--review-id", "a-1", home=home)
    assert listed(home, "a-1") == ["a-1/1", "a-1/2", "a-1/3"]


def test_a_judgement_made_again_on_the_new_text_ends_the_doctors_warning(home: Path) -> None:
    done("judge", "fellside-7/1", "--theme", "+training", home=home)
    done("correct", "fellside-7/1", "text=Something else altogether.", home=home)
    done("judge", "fellside-7/1", "--theme", "-training", home=home)
    assert "a text that has changed" not in done("doctor", home=home).out
