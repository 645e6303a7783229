"""What issue 2 wants to be seen, on the real plan, where the shared documents are present."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bases import done

SHARED = Path(os.environ.get("DHR_SHARED") or Path(__file__).resolve().parents[2].parent / "shared")
PLAN = SHARED / "documents" / "somerset-024-action-plan.txt"
pytestmark = pytest.mark.skipif(not PLAN.exists(), reason=f"the real plan is not at {PLAN}")


@pytest.fixture(scope="module")
def somerset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge base as ``kb init mine --empty``, ``kb add`` and ``kb build`` leave it."""
    home = tmp_path_factory.mktemp("somerset") / "mine"
    done("init", home, "--empty")
    added = done("add", PLAN, "--json", home=home).lines
    assert [one["recommendations"] for one in added] == [28]
    done("build", home=home)
    return home


def first_hit(home: Path, query: str) -> str:
    return str(done("search", query, "--json", home=home).json["hits"][0]["text"]).lower()


@pytest.mark.parametrize(
    ("query", "held"),
    [
        ("genogram", ("genogram",)),
        ('"answerphone message"', ("answerphone message",)),
        ("MARAC GP", ("marac", "gp")),
        ("victims code", ("victim", "code")),
    ],
)
def test_a_search_finds_a_right_recommendation_first(
    somerset: Path, query: str, held: tuple[str, ...]
) -> None:
    text = first_hit(somerset, query)
    assert [word for word in held if word not in text] == []


def test_a_reworded_recommendation_names_number_12(somerset: Path) -> None:
    text = "Remind staff to use genograms in families with complicated relationships"
    (answer,) = done("check", text, "--json", home=somerset).lines
    assert answer["verdict"] in ("duplicate", "overlapping")
    best = answer["matches"][0]
    assert best["id"].endswith("/12")
    assert best["reasons"]
    assert len(answer["matches"]) >= 5


def test_the_repeats_inside_the_plan_are_both_kept_and_flagged(somerset: Path) -> None:
    rows = {row["position"]: row for row in done("export", home=somerset).lines}
    assert sorted(rows) == list(range(1, 29))
    for first, second in ((10, 24), (11, 25)):
        assert rows[first]["text"].split() == rows[second]["text"].split()
        assert any(f"position {second}" in flag for flag in rows[first]["flags"])
        assert any(f"position {first}" in flag for flag in rows[second]["flags"])


def test_the_report_on_themes_counts_the_plan(somerset: Path) -> None:
    found = done("report", "themes", "--json", home=somerset).json
    counts = {row["id"]: row["recommendations"] for row in found["themes"]}
    assert len(counts) == 58
    assert counts["genograms"] >= 1
    assert sum(counts.values()) >= 28
    text = done("report", "themes", home=somerset).out
    assert "Genograms" in text


def test_every_recommendation_of_the_plan_is_found_by_its_own_words(somerset: Path) -> None:
    rows = done("export", home=somerset).lines
    for row in rows:
        same = {other["id"] for other in rows if other["text"].split() == row["text"].split()}
        hits = done("search", row["text"], "--json", home=somerset).json["hits"]
        assert hits[0]["id"] in same, row["text"]
