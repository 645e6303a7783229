"""The main job on fictional plans: from an empty folder to answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bases import FELLSIDE, HEADERS, TARNMOOR, digests, done, kb, make_home, write_plan


def theme_ids(found: dict[str, Any]) -> set[str]:
    return {theme["id"] for theme in found["themes"]}


def test_from_an_empty_folder_to_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KB_HOME", raising=False)
    made = done("init", tmp_path / "mine", "--empty")
    assert "0 reviews" in made.out
    (tmp_path / "mine" / "taxonomy.yaml").write_bytes(
        (make_home(tmp_path / "small") / "taxonomy.yaml").read_bytes()
    )
    inside = tmp_path / "mine" / "corpus"
    monkeypatch.chdir(inside)
    added = done("add", TARNMOOR)
    assert "tarnmoor-017: added, 14 recommendations" in added.out
    assert "31.2.21" in added.err
    assert "Indexed 14 recommendations of 1 review." in done("build").out
    assert "1. tarnmoor-017/9" in done("search", "family trees").out.splitlines()[0]
    again = done("build")
    assert "Nothing has changed" in again.out


def test_a_dry_run_shows_what_would_be_stored_and_stores_nothing(
    home: Path, tmp_path: Path
) -> None:
    before = digests(home)
    plan = write_plan(tmp_path / "plan.csv", FELLSIDE[:2])
    ran = done("add", plan, "--review-id", "new-1", "--dry-run", home=home)
    assert FELLSIDE[0][1] in " ".join(ran.out.split())
    assert "'Lead agency' → lead_agency" in ran.err
    assert digests(home) == before


def test_adding_the_same_document_again_changes_nothing(home: Path) -> None:
    before = digests(home)
    assert "unchanged" in done("add", TARNMOOR, home=home).out
    assert digests(home) == before


def test_a_made_up_id_that_meets_another_review_is_refused(home: Path, tmp_path: Path) -> None:
    plan = write_plan(tmp_path / "fellside-7.csv", [["1", "Paint it blue.", "", "", "", "", ""]])
    ran = kb("add", plan, home=home)
    assert ran.code == 2
    assert "--review-id fellside-7-2" in ran.words


def test_a_column_of_reviews_parts_one_sheet_and_a_column_of_themes_judges(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    rows = [
        [*FELLSIDE[0], "Ashdale 1", "genograms; training"],
        [*FELLSIDE[1], "Birkdale 2", "none"],
        [*FELLSIDE[2], "Birkdale 2", ""],
    ]
    plan = write_plan(tmp_path / "coded.csv", rows, headers=[*HEADERS, "review", "themes"])
    added = done("add", plan, "--json", home=home).lines
    assert [(one["review_id"], one["recommendations"], one["judged"]) for one in added] == [
        ("ashdale-1", 1, 1),
        ("birkdale-2", 2, 1),
    ]
    done("build", home=home)
    exported = {row["id"]: row for row in done("export", home=home).lines}
    assert theme_ids(exported["ashdale-1/1"]) == {"genograms", "training"}
    assert {by for tag in exported["ashdale-1/1"]["themes"] for by in tag["by"]} >= {"person"}
    assert exported["birkdale-2/1"]["themes"] == []  # judged "none", whatever the rules say
    assert theme_ids(exported["birkdale-2/2"]) == {"training"}
    done("add", plan, home=home)
    assert len((home / "corpus" / "judgements.jsonl").read_text().splitlines()) == 2


def test_a_sheet_whose_header_is_not_known_can_be_told(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    rows = [["Ask about stalking.", "Police"]]
    plan = write_plan(tmp_path / "plan.csv", rows, headers=["Wish of the panel", "For whom"])
    done("add", plan, "--column", "recommendation=Wish of the panel",
         "--column", "lead_agency=For whom", "--review-id", "wish-1", home=home)  # fmt: skip
    (stored,) = done("show", "wish-1", "--json", home=home).json["recommendations"]
    assert stored["text"] == "Ask about stalking."
    assert stored["lead_agencies"][0]["sector"] == "police"
