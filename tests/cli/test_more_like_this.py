"""``kb show`` leads on to others about the same subject."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bases import done, make_home, write_plan

SECRET = "zanzibar"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three reviews that ask for genograms in other words, one of them unpublished."""
    home = make_home(tmp_path_factory.mktemp("like") / "home")
    asks = {
        "aldmoor": "Draw a genogram with the family at the first visit and keep it on file.",
        "brackley": "Genograms should be explained to the family of each child.",
        SECRET: "A genogram is kept on the family's file at school.",
    }
    others = [f"Mend the {thing} of the town hall." for thing in ("lift", "roof", "door", "gate")]
    for review, ask in asks.items():
        rows = [(str(n), text, "", "", "", "", "") for n, text in enumerate([ask, *others], 1)]
        plan = write_plan(home.parent / f"{review}.csv", rows)
        published = "unpublished" if review == SECRET else "published"
        done("add", plan, "--review-id", review, "--title", review, "--publication", published,
             home=home)  # fmt: skip
    done("build", home=home)
    return home


def like(home: Path) -> list[str]:
    ids: list[str] = done("show", "aldmoor/1", "--json", home=home).json["more_like_this"]
    return ids


def test_the_nearest_that_are_no_repeats_are_named(home: Path) -> None:
    assert set(like(home)) == {"brackley/1", f"{SECRET}/1"}
    last = done("show", "aldmoor/1", home=home).out.splitlines()[-1]
    assert last == f"  more like this (kb show ID): {', '.join(like(home))}"


def test_repeats_are_not_named_twice(home: Path) -> None:
    shown = done("show", "aldmoor/2", "--json", home=home).json
    repeats = {repeat["id"] for repeat in shown["repeats"]}
    assert {"brackley/2", f"{SECRET}/2"} <= repeats
    assert repeats.isdisjoint(shown["more_like_this"])


def test_nothing_unpublished_is_named_to_others(home: Path, tmp_path: Path) -> None:
    others = Path(shutil.copytree(home, tmp_path / "others"))
    (others / "kb.toml").write_text('audience = "shared"\n', "utf-8")
    assert like(others) == []
    done("build", home=others)
    assert like(others) == ["brackley/1"]
