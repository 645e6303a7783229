"""Builds while people read: nobody is shown an error, and the new index is there at once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from bases import done, write_plan
from sites import Site, site

from kb.library import KnowledgeBase
from kb.web.site import Site as Held

PATHS = (
    "/search?q=genogram", "/recommendation/fellside-7/1", "/themes", "/repeated", "/queue",
    "/api/v1/search?q=training&facets=true", "/reports/themes",
)  # fmt: skip


def change(home: Path, number: int) -> None:
    KnowledgeBase.open(home).correct("fellside-7/1", {"outcome": f"Audit {number}"}, who="anna")


def test_a_build_from_elsewhere_shows_with_the_next_request(
    own: Site, home: Path, tmp_path: Path
) -> None:
    assert "0 recommendations" in own.words("/search?q=lighthouse")
    rows = [("1", "Train every lighthouse keeper.", "Local", "X", "2022", "", "")]
    done("add", write_plan(tmp_path / "new.csv", rows), "--review-id", "new-1", home=home)
    done("build", home=home)
    assert "1 recommendation" in own.words("/search?q=lighthouse")


def test_builds_break_no_request(home: Path, tmp_path: Path) -> None:
    """Six builds, of which each deletes the generation but one before, under four readers."""
    held = site(home, tmp_path / "served")
    wrong: list[tuple[str, int]] = []
    is_over = threading.Event()

    def read(first: int) -> None:
        at = first
        while not is_over.is_set():
            path = PATHS[at % len(PATHS)]
            code = held.get(path).status_code
            if code != 200:
                wrong.append((path, code))
            at += 1

    readers = [threading.Thread(target=read, args=(at,)) for at in range(4)]
    for reader in readers:
        reader.start()
    for number in range(6):
        change(home, number)
        KnowledgeBase.open(home).build()
    is_over.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_a_base_held_past_two_builds_still_answers(own: Site, home: Path) -> None:
    held: Held = own.client.app.state.site  # type: ignore[attr-defined]
    base = held.base()
    for number in range(2):
        change(home, number)
        KnowledgeBase.open(home).build()
    assert base.search("genogram").total == 2
    assert base.check("Draw a genogram").matches
    assert held.base() is not base


def test_a_base_is_opened_once_for_one_generation(own: Site) -> None:
    held: Held = own.client.app.state.site  # type: ignore[attr-defined]
    assert held.base() is held.base()


def test_what_is_remembered_is_forgotten_when_somebody_judges(own: Site, home: Path) -> None:
    before = own.words("/theme/training")
    base = KnowledgeBase.open(home)
    base.judge_themes("fellside-7/1", yes=["training"], who="ben")
    assert own.words("/theme/training") != before


@pytest.mark.parametrize(
    ("name", "fault"),
    [("kb.toml", "audience = "), ("taxonomy.yaml", "groups: 7"), ("corpus/fellside-7.json", "{")],
)
def test_a_fault_in_peoples_files_is_told_without_their_place(
    own: Site, home: Path, name: str, fault: str
) -> None:
    assert own.get("/review/fellside-7").status_code == 200
    (home / name).write_text(fault)
    answers = [own.get("/review/fellside-7"), own.get("/themes"), own.get("/")]
    assert 503 in {answer.status_code for answer in answers}
    for answer in answers:
        assert answer.status_code in (200, 503)
        assert str(home) not in answer.text


@pytest.mark.parametrize("name", ["current", "generations"])
def test_a_damaged_index_is_told_in_words(own: Site, home: Path, name: str) -> None:
    place = home / "index" / name
    if place.is_dir():
        place.rename(home / "index" / "away")
    else:
        place.write_text("nothing of the kind")
    answer = own.get("/search")
    assert answer.status_code == 503
    assert "Build the index" in answer.text
    assert str(home) not in answer.text
