"""What ``kb search`` says beside its hits."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import get_args

import pytest
from bases import done, make_home, refused, write_plan

from kb.search.engines import ENGINES
from kb.settings import EngineName


@pytest.fixture(scope="module")
def shared(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for others, who are shown what is published."""
    home = Path(shutil.copytree(built, tmp_path_factory.mktemp("shared") / "home"))
    (home / "kb.toml").write_text('audience = "shared"\n', "utf-8")
    done("build", home=home)
    return home


def test_a_slip_of_typing_is_answered_with_the_word_that_was_meant(built: Path) -> None:
    ran = done("search", "genagram", home=built)
    assert ran.data == b""
    assert "nothing holds 'genagram'" in ran.words
    assert ran.words.endswith("Did you mean: genogram?")
    found = done("search", "genagram", "--json", home=built).json
    assert found["did_you_mean"] == ["genogram"]
    assert found["advice"] == [
        {"about": "genagram", "found": 0, "words": "nothing holds 'genagram'"}
    ]


def test_what_is_found_comes_without_advice(built: Path) -> None:
    found = done("search", "genogram", "--json", home=built).json
    assert (found["did_you_mean"], found["advice"]) == ([], [])
    assert done("search", "genogram", home=built).words == ""


def test_the_filter_that_left_nothing_over_is_named(built: Path) -> None:
    ran = done("search", "genogram", "--theme", "training", home=built)
    assert "Nothing found for 'genogram'. without theme:training 2 are found" in ran.words
    (advice,) = done("search", "genogram theme:training", "--json", home=built).json["advice"]
    assert (advice["about"], advice["found"]) == ("theme:training", 2)


def test_help_with_words_tells_nothing_unpublished(built: Path, shared: Path) -> None:
    assert done("search", "zanzibrine", "--json", home=built).json["did_you_mean"]
    assert done("search", "zanzibrine", "--json", home=shared).json["did_you_mean"] == []
    ran = done("search", "genogram", "--theme", "training", home=shared)
    assert "without theme:training 1 is found" in ran.words


def test_explain_tells_how_words_were_read_and_why_a_hit_scored(built: Path) -> None:
    ran = done("search", "the genogram", "--explain", "--sector", "police", home=built)
    assert "Read as: the genogram" in ran.words
    assert "too common to find anything by: the" in ran.words
    assert "only sector:police" in ran.words
    assert ran.out.count("= genogram") == 2
    found = done("search", "the genogram", "--explain", "--json", home=built).json
    assert found["explain"]["passed_over"] == ["the"]
    for hit in found["hits"]:
        scores = [reason["score"] for reason in hit["explain"]]
        assert sum(scores) == pytest.approx(hit["score"], abs=1e-9)
    assert "explain" not in done("search", "genogram", "--json", home=built).json


def test_explain_counts_nothing_unpublished(built: Path, shared: Path) -> None:
    def told(home: Path) -> int:
        why = done("search", "genogram", "--explain", "--json", home=home).json["explain"]
        return int(why["words"][0]["recommendations"])

    assert (told(built), told(shared)) == (2, 1)


def test_a_long_text_shows_the_sentences_with_the_words(tmp_path: Path) -> None:
    other = "Nothing of note stands in this long sentence about the other matters of a case. "
    text = f"Draw a genogram. {other * 4}Show the family tree. {other}"
    home = make_home(tmp_path / "home")
    plan = write_plan(tmp_path / "plan.csv", [("1", text, "", "", "", "", "")])
    done("add", plan, "--review-id", "long-1", "--title", "Long", home=home)
    done("build", home=home)
    shown = done("search", "genogram tree", home=home).out.splitlines()
    assert shown[1:] == ["     Draw a genogram. … Show the family tree. …"]
    (hit,) = done("search", "genogram tree", "--json", home=home).json["hits"]
    parts = [hit["text"][start:end] for start, end in hit["sentences"]]
    assert parts == ["Draw a genogram.", "Show the family tree."]


def test_the_engine_that_is_set_finds_the_rows_from_the_next_build_on(
    built: Path, tmp_path: Path
) -> None:
    queries = ("genogram", '"ward staff"', "train* -midwives", "helpline near/9 name")
    home = Path(shutil.copytree(built, tmp_path / "home"))
    settings = home / "kb.toml"
    settings.write_text(settings.read_text().replace('engine = "arrays"', 'engine = "whoosh"'))
    assert "engine arrays" in done("search", "genogram", "--explain", home=home).words
    done("build", home=home)
    assert "engine whoosh" in done("search", "genogram", "--explain", home=home).words
    assert "engine whoosh" in done("doctor", home=home).out
    for query in queries:
        found = [done("search", query, "--json", home=one).json for one in (built, home)]
        assert found[0] == found[1]


def test_an_engine_that_there_is_not_is_refused(built: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(built, tmp_path / "home"))
    (home / "kb.toml").write_text('engine = "lucene"\n', "utf-8")
    said = refused(1, "search", "genogram", home=home)
    assert "engine is 'lucene'" in said
    assert "'arrays' or 'whoosh'" in said


def test_settings_and_engines_have_the_same_names() -> None:
    assert get_args(EngineName) == ENGINES
