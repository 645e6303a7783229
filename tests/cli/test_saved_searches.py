"""Saved searches: kept in a file that people can read, and what has come in since."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from bases import done, kb, make_home, refused, traces, unchanged, write_plan

ASKS = (
    "Draw a genogram of the family.",
    "Train all ward staff in coercive control.",
    "The answerphone message to name the helpline.",
)


def add(home: Path, review: str, *texts: str, publication: str = "published") -> None:
    rows = [(str(n), text, "", "", "", "", "") for n, text in enumerate(texts, 1)]
    plan = write_plan(home.parent / f"{review}.csv", rows)
    done("add", plan, "--review-id", review, "--title", f"Review {review}", "--publication",
         publication, "--area", review.title(), home=home)  # fmt: skip
    done("build", home=home)


@pytest.fixture(scope="module")
def one_review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = make_home(tmp_path_factory.mktemp("saved") / "home")
    add(home, "aldmoor", *ASKS)
    done("search", "genogram OR answerphone", "--save", "mine", home=home)
    done("search", "--area", "aldmoor", "--sort", "newest", "--save", "all of Aldmoor", home=home)
    return home


@pytest.fixture
def home(one_review: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(one_review, tmp_path / "home"))


def told(home: Path, *options: str) -> dict[str, tuple[int, int]]:
    """For each saved search how many it finds and how many of them are new."""
    listed = done("searches", *options, "--json", home=home).json["searches"]
    return {one["name"]: (one["total"], one["new"]) for one in listed}


def test_a_saved_search_is_plain_to_read_in_its_file(home: Path) -> None:
    assert json.loads((home / "searches.json").read_text("utf-8"))["searches"]["mine"] == {
        "query": "genogram OR answerphone",
        "filters": {},
        "sort": "relevance",
        "seen": {"aldmoor": "1 3"},
    }


def test_saved_searches_are_listed_with_their_words_and_filters(home: Path) -> None:
    assert done("searches", home=home).out.splitlines() == [
        "all of Aldmoor  everything --area Aldmoor --sort newest  (3 found, 0 new)",
        "mine  genogram OR answerphone  (2 found, 0 new)",
    ]


def test_what_comes_in_is_new_until_it_was_listed(home: Path) -> None:
    add(home, "brackley", "A genogram at booking.", "Mend the lift.")
    assert told(home) == {"mine": (3, 1), "all of Aldmoor": (3, 0)}
    ran = done("searches", "mine", "--new", home=home)
    assert "brackley/1" in ran.out
    assert "aldmoor/1" not in ran.out
    assert told(home)["mine"] == (3, 0)


def test_what_comes_in_is_seen_by_running_the_search_again(home: Path) -> None:
    add(home, "brackley", "A genogram at booking.")
    found = done("search", "--saved", "mine", "--json", home=home).json
    assert {hit["id"] for hit in found["hits"]} == {"aldmoor/1", "aldmoor/3", "brackley/1"}
    assert told(home)["mine"] == (3, 0)


def test_listing_alone_marks_nothing_as_seen(home: Path) -> None:
    add(home, "brackley", "A genogram at booking.")
    with unchanged(home):
        done("searches", home=home)
        done("searches", "mine", "--json", home=home)


def test_each_search_has_its_own_account_of_what_is_new(home: Path) -> None:
    done("search", "family", "--save", "family", home=home)
    add(home, "brackley", "A genogram for the family.")
    listed = done("searches", "family", "--new", "--json", home=home).json["searches"]
    assert [hit["id"] for one in listed for hit in one["hits"]] == ["brackley/1"]
    assert told(home) == {"family": (2, 0), "mine": (3, 1), "all of Aldmoor": (3, 0)}


def test_a_name_can_be_saved_anew_and_forgotten(home: Path) -> None:
    ran = done("search", "lift", "--save", "mine", home=home)
    assert "Saved anew as mine" in ran.words
    assert told(home)["mine"] == (0, 0)
    done("searches", "--remove", "mine", home=home)
    assert "mine" not in told(home)


def test_a_removed_review_leaves_nothing_in_the_searches(home: Path) -> None:
    add(home, "zanzibar", "A genogram.")
    done("search", "--saved", "mine", home=home)
    assert "zanzibar" in (home / "searches.json").read_text("utf-8")
    done("remove", "zanzibar", "--yes", home=home)
    assert list(traces(home, "zanzibar")) == []
    assert told(home)["mine"] == (2, 0)


def test_nothing_unpublished_is_new_for_a_shared_audience(home: Path) -> None:
    add(home, "brackley", "A genogram for Zanzibarine.", publication="unpublished")
    (home / "kb.toml").write_text('audience = "shared"\n', "utf-8")
    done("build", home=home)
    ran = done("searches", "--new", "--json", home=home)
    assert b"brackley" not in ran.data
    assert told(home)["mine"] == (2, 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--review", "zanzibar-9"],
        ["--area", "Zanzibar-9"],
        ["review:zanzibar-9"],
        ["genogram -area:zanzibar"],
    ],
)
def test_a_search_for_what_is_not_published_tells_a_shared_audience_nothing_of_it(
    home: Path, arguments: list[str]
) -> None:
    add(home, "zanzibar-9", "A genogram.", publication="unpublished")
    done("search", *arguments, "--save", "secret", home=home)
    (home / "kb.toml").write_text('audience = "shared"\n', "utf-8")
    done("build", home=home)
    for options in ([], ["--json"], ["secret", "--new"]):
        ran = done("searches", *options, home=home)
        assert "zanzibar" not in (ran.out + ran.words).lower()
        assert "not shown here" in ran.out
    said = refused(1, "search", "--saved", "secret", home=home)
    assert "not shown here" in said
    assert "zanzibar" not in said.lower()


def test_of_a_long_text_that_is_new_the_sentences_that_were_met_are_shown(home: Path) -> None:
    long = "The lift was out of order for weeks. " * 9 + "A genogram was missing. Nobody asked."
    add(home, "brackley", long, "A genogram.")
    ran = done("searches", "mine", "--new", home=home)
    assert "… A genogram was missing. …" in ran.out
    assert "The lift" not in ran.out


def test_a_filter_whose_value_is_gone_is_told(home: Path) -> None:
    add(home, "brackley", "Mend the lift.")
    done("remove", "aldmoor", "--yes", home=home)
    out = done("searches", home=home).out
    assert "all of Aldmoor" in out
    assert "no recommendation has the area 'Aldmoor'" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["search", "--saved", "mein"], "no saved search 'mein' The nearest are: mine"),
        (["searches", "nobody's"], "no saved search"),
        (["searches", "--remove", "mein"], "no saved search 'mein'"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(
    home: Path, arguments: list[str], words: str
) -> None:
    assert words in refused(1, *arguments, home=home)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["search", "lift", "--saved", "mine"], "has its own words"),
        (["search", "--saved", "mine", "--area", "aldmoor"], "has its own words"),
        (["search", "lift", "--save", " "], "cannot be the name"),
        (["search", "lift", "--save", "a\nb"], "cannot be the name"),
        (["search", "lift", "--save", "a" * 61], "up to 60 characters"),
        (["searches", "--remove"], "kb searches --remove NAME"),
    ],
)
def test_what_does_not_go_together_is_refused(home: Path, arguments: list[str], words: str) -> None:
    assert words in refused(2, *arguments, home=home)


def saved(**wrong: Any) -> str:
    """The file with one search that has something wrong."""
    right = {"query": "", "filters": {}, "sort": "newest", "seen": {}}
    return json.dumps({"searches": {"a": right | wrong}})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"searches": {"a": {}}}',
        saved(query=1),
        saved(sort="best"),
        saved(filters={"area": "x"}),
        saved(filters={"year": 2019}),
        saved(filters={"publication": ["unpublished"]}),
        saved(seen={"b": "x"}),
        saved(seen={"b": 4}),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_left_alone(home: Path, text: str) -> None:
    (home / "searches.json").write_text(text, "utf-8")
    for arguments in (
        ["searches"],
        ["search", "--saved", "mine"],
        ["remove", "aldmoor", "--yes"],
    ):
        said = refused(1, *arguments, home=home)
        assert "searches.json" in said
        assert "Mend it there" in said


def test_the_doctor_looks_at_the_saved_searches(home: Path) -> None:
    assert "searches    2 saved" in done("doctor", home=home).out
    (home / "searches.json").write_text("[]", "utf-8")
    ran = kb("doctor", home=home)
    assert ran.code == 1
    assert "the saved searches cannot be read" in ran.out


def test_searching_needs_no_saved_searches(home: Path) -> None:
    (home / "searches.json").unlink()
    assert done("searches", home=home).data == b""
    with unchanged(home):
        done("search", "genogram", home=home)
