"""Words that make no sense get a clear error, exit 1 or 2, and nothing changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from bases import (
    Ran,
    done,
    kb,
    refused,
    unchanged,
    write_plan,
)

# Words that are typed -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "value", "offered"),
    [
        ("--theme", "gnomes", "genograms"),
        ("--group", "gnomes", "practice"),
        ("--agency", "Nobody", "Fellside Constabulary"),
        ("--sector", "navy", "police"),
        ("--area", "Nowhere", "Fellside"),
        ("--kind", "XYZ", "DHR"),
        ("--status", "finished", "complete"),
        ("--scope", "galactic", "local"),
        ("--review", "nothing-1", "fellside-7"),
        ("--year", "soon", "2019..2022"),
        ("--year", "2022-2019", "2019..2022"),
    ],
)
def test_a_filter_value_that_is_not_there_offers_those_that_are(
    home: Path, option: str, value: str, offered: str
) -> None:
    said = refused(1, "search", "genogram", option, value, home=home)
    assert value in said
    assert offered in said


@pytest.mark.parametrize(
    "query",
    [
        "AND",
        '"',
        '"answerphone',
        "((",
        "field:value",
        "theme:",
        "*",
        "-",
        "^~?[",
        "NOT NOT",
        "a:b:c",
    ],
)
def test_plain_words_never_raise_an_error(built: Path, query: str) -> None:
    done("search", "--", query, home=built)


@pytest.mark.parametrize(
    "command",
    [
        ["show", "fellside-8"],
        ["show", "fellside-8/1"],
        ["correct", "fellside-8", "title=x"],
        ["correct", "fellside-8/1", "status=complete"],
        ["remove", "fellside-8", "--yes"],
        ["judge", "fellside-8/1", "--theme", "+training"],
        ["check", "Draw a genogram", "--except", "fellside-8"],
        ["report", "review", "fellside-8"],
    ],
    ids=" ".join,
)
def test_an_unknown_review_offers_the_nearest(home: Path, command: list[str]) -> None:
    said = refused(1, *command, home=home)
    assert "'fellside-8'" in said
    assert "fellside-7" in said


def test_an_unknown_recommendation_names_its_review(home: Path) -> None:
    said = refused(1, "show", "fellside-7/99", home=home)
    assert "no recommendation 99" in said
    assert "kb show fellside-7" in said


@pytest.mark.parametrize("identity", ["fellside-7/", "fellside-7/x", "/1", "fellside-7/-1"])
def test_what_is_no_id_says_what_an_id_is(home: Path, identity: str) -> None:
    assert "harrowdale-02/4" in refused(2, "show", identity, home=home)


def test_an_unknown_theme_offers_the_nearest(home: Path) -> None:
    assert "genograms" in refused(1, "taxonomy", "show", "genogram", home=home)
    assert "genograms" in refused(1, "report", "briefing", "--theme", "genogram", home=home)


def test_an_unknown_agency_in_a_report_is_told(home: Path) -> None:
    assert "Nobody at all" in refused(1, "report", "agency", "Nobody at all", home=home)


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (2, ["fellside-7/1"]),  # nothing is judged
        (2, ["fellside-7/1", "--theme", "genograms"]),  # neither + nor -
        (2, ["fellside-7/1", "--theme", "+"]),
        (2, ["fellside-7/1", "--theme", "+training", "--theme", "-training"]),
        (1, ["fellside-7/1", "--theme", "+gnomes"]),
        (2, ["fellside-7/1", "--same"]),  # with what?
        (2, ["fellside-7/1", "fellside-7/1", "--same"]),
        (2, ["fellside-7/1", "fellside-7/2"]),  # the same, or different?
        (2, ["fellside-7/1", "fellside-7/2", "--same", "--theme", "+training"]),
        (2, ["fellside-7/1", "fellside-7/2", "tarnmoor-017/1", "--same"]),
        (2, ["fellside-7", "--complete"]),  # a review is not a recommendation
        (1, ["fellside-7/1", "fellside-7/99", "--different"]),
    ],
)
def test_a_judgement_that_makes_no_sense_is_not_stored(
    home: Path, code: int, arguments: list[str]
) -> None:
    refused(code, "judge", *arguments, home=home)


@pytest.mark.parametrize(
    ("code", "arguments", "said"),
    [
        (2, ["fellside-7/1", "status=perhaps"], "not-started"),
        (2, ["fellside-7/1", "colour=red"], "lead_agency"),
        (2, ["fellside-7/1", "target_date=soon"], "31/07/2022"),
        (2, ["fellside-7/1", "text="], "cannot be empty"),
        (2, ["fellside-7/1", "status"], "NAME=VALUE"),
        (2, ["fellside-7", "published=tomorrow"], "2021-06-30"),
        (2, ["fellside-7", "id=another"], "title"),
    ],
)
def test_a_correction_that_cannot_be_is_not_stored(
    home: Path, code: int, arguments: list[str], said: str
) -> None:
    assert said in refused(code, "correct", *arguments, home=home)


@pytest.mark.parametrize(
    "command",
    [
        ["check"],
        ["tag"],
        ["check", "…!"],
        ["report", "briefing"],
        ["report", "themes", "--by", "colour"],
        ["report", "themes", "--by", " "],
        ["report", "themes", "-o", "report.odt"],
        ["export", "--format", "csv"],
        ["search", "--limit", "0"],
        ["search", "--queries", "no-such-file.jsonl"],
        ["search", "--sort", "oldest"],
        ["taxonomy", "try", "genograms", "--none", "tree"],
        ["no-such-command"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(home: Path, command: list[str]) -> None:
    refused(2, *command, home=home)


@pytest.mark.parametrize(
    "command", [["check", "--file"], ["tag", "--file"], ["search", "--queries"]]
)
@pytest.mark.parametrize("line", ["{oops", '{"id": "2"}', "[1]"])
def test_a_line_that_is_no_text_is_named(
    home: Path, tmp_path: Path, command: list[str], line: str
) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text(f'{{"id": "1", "text": "Draw."}}\n{line}\n', "utf-8")
    with unchanged(home):
        ran: Ran = kb(*command, path, home=home)
    assert ran.code == 2
    assert f"{path}, line 2" in ran.words


def test_no_knowledge_base_here_says_kb_init(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KB_HOME", raising=False)
    ran = kb("search", "genogram")
    assert (ran.code, ran.data) == (1, b"")
    assert "kb init" in ran.words
    assert list(tmp_path.iterdir()) == []


def test_init_refuses_a_folder_that_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    ran = kb("init", tmp_path)
    assert ran.code == 2
    assert str(tmp_path) in ran.words
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_folder_that_may_not_be_written_to(home: Path, tmp_path: Path) -> None:
    plan = write_plan(tmp_path / "plan.csv")
    (home / "corpus").rename(home / "elsewhere")
    (home / "corpus").write_text("a file where a folder should be")
    refused(1, "add", plan, "--review-id", "new-1", home=home)


def test_an_id_with_a_zero_before_it_judges_the_same_recommendation(home: Path) -> None:
    done("judge", "fellside-7/001", "--theme", "+training", home=home)
    tags = done("show", "fellside-7/1", "--json", home=home).json["themes"]
    assert "training" in {tag["id"] for tag in tags}
    refused(2, "judge", "fellside-7/1", "fellside-7/01", "--same", home=home)


@pytest.mark.parametrize(
    "command",
    [
        ["search", "caf\udce9 genogram", "--json"],
        ["correct", "fellside-7/1", "outcome=caf\udce9"],
        ["correct", "fellside-7", "title=caf\udce9"],
        ["--who", "caf\udce9", "judge", "fellside-7/1", "--theme", "+training"],
    ],
    ids=["search", "correct", "fact", "judge"],
)
def test_a_word_that_is_not_utf_8_is_told(home: Path, command: list[str]) -> None:
    assert "caf" in refused(2, *command, home=home)
