"""A file that cannot be read gets a clear error, exit 1, and nothing changed."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import docx
import pytest
from bases import (
    FELLSIDE,
    HEADERS,
    TAXONOMY,
    digests,
    done,
    kb,
    make_home,
    refused,
    write_plan,
)

# Documents ------------------------------------------------------------------------------------


def test_an_empty_file(home: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.docx"
    plan.write_bytes(b"")
    said = refused(1, "add", plan, home=home)
    assert "plan.docx" in said
    assert "empty" in said


def test_a_file_that_does_not_exist(home: Path, tmp_path: Path) -> None:
    said = refused(1, "add", tmp_path / "nowhere.docx", home=home)
    assert "nowhere.docx" in said


def test_a_wrong_type_says_which_are_read(home: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.png"
    plan.write_bytes(b"\x89PNG\r\n")
    said = refused(1, "add", plan, home=home)
    assert "plan.png" in said
    assert ".docx" in said


def test_a_damaged_word_file(home: Path, tmp_path: Path) -> None:
    whole, plan = tmp_path / "whole.docx", tmp_path / "plan.docx"
    docx.Document().save(str(whole))
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(plan, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            half = len(data) // 2
            target.writestr(name, data[:half] if name == "word/document.xml" else data)
    said = refused(1, "add", plan, home=home)
    assert "plan.docx" in said
    assert "damaged" in said


def test_a_table_without_a_recommendation_column_prints_the_headers_it_saw(
    home: Path, tmp_path: Path
) -> None:
    plan = write_plan(
        tmp_path / "rota.csv", [["Mo", "Kim", "9"]], headers=["Weekday", "Whose turn", "Hour"]
    )
    said = refused(1, "add", plan, home=home)
    assert "rota.csv" in said
    for header in ("Weekday", "Whose turn", "Hour"):
        assert header in said
    assert "--column" in said


def test_one_bad_document_of_several_keeps_all_out(home: Path, tmp_path: Path) -> None:
    good = write_plan(tmp_path / "good.csv")
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"")
    refused(1, "add", good, bad, home=home)


def test_a_windows_1252_sheet_is_read_and_that_is_said(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    rows = [["1", "Ask “is it safe?” – always", "", "Trust’s board", "", "", ""]]
    plan = write_plan(tmp_path / "plan.csv", rows, encoding="cp1252")
    ran = done("add", plan, "--review-id", "old-1", home=home)
    assert "Windows-1252" in ran.err
    shown = done("show", "old-1", "--json", home=home).json
    assert shown["recommendations"][0]["text"] == "Ask “is it safe?” – always"
    assert shown["recommendations"][0]["lead_agencies"][0]["printed"] == "Trust’s board"


def test_an_unknown_theme_in_a_column_of_themes_names_its_row(home: Path, tmp_path: Path) -> None:
    plan = write_plan(
        tmp_path / "coded.csv",
        [[*FELLSIDE[0], "genograms"], [*FELLSIDE[1], "no-such-theme"]],
        headers=[*HEADERS, "themes"],
    )
    said = refused(1, "add", plan, "--review-id", "coded-1", home=home)
    assert "line 3" in said
    assert "no-such-theme" in said
    assert "kb taxonomy list" in said


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        (("--review-id", "Not An Id!"), "Not An Id!"),
        (("--published", "June 2021"), "June 2021"),
        (("--column", "text"), "'text'"),
        (("--publication", "maybe"), "maybe"),
    ],
)
def test_facts_that_cannot_be(
    home: Path, tmp_path: Path, arguments: tuple[str, ...], value: str
) -> None:
    plan = write_plan(tmp_path / "plan.csv", [["9", "Draw maps.", "", "", "", "", ""]])
    assert value in refused(2, "add", plan, *arguments, home=home)


# The people's files ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", [["build"], ["show", "fellside-7"], ["remove", "--yes", "fellside-7"]]
)
def test_a_review_edited_into_invalid_json_is_named_with_its_line(
    home: Path, command: list[str]
) -> None:
    path = home / "corpus" / "fellside-7.json"
    lines = path.read_text("utf-8").split("\n")
    lines[4] += " oops"
    path.write_text("\n".join(lines), "utf-8")
    said = refused(1, *command, home=home)
    assert f"{path}, line 5" in said
    assert "git" in said


def test_a_review_edited_into_something_else_names_the_field(home: Path) -> None:
    path = home / "corpus" / "fellside-7.json"
    data = json.loads(path.read_bytes())
    data["recommendations"][1]["text"] = ""
    path.write_text(json.dumps(data), "utf-8")
    said = refused(1, "build", home=home)
    assert str(path) in said
    assert "recommendations.1.text" in said


def test_search_still_answers_while_a_review_is_broken(home: Path) -> None:
    (home / "corpus" / "fellside-7.json").write_text("{", "utf-8")
    ran = done("search", "genogram", home=home)
    assert "fellside-7/1" in ran.out
    assert "kb build" in ran.words


@pytest.mark.parametrize(
    ("before", "after", "place", "fault"),
    [
        ("covers: Family", "cover: Family", "line 8, theme genograms", "unknown key 'cover'"),
        ("- id: call-handling", "- id: genograms", "line 18, theme genograms", "on line 6 too"),
        ("name: Answering calls", "name: [Answering", "line 20", "not valid YAML"),
        ("name: Training", "name: {a: 1}", "line 31, theme training", "name: Input should be"),
    ],
)
def test_a_fault_of_the_taxonomy_names_line_and_theme(
    home: Path, before: str, after: str, place: str, fault: str
) -> None:
    assert before in TAXONOMY
    (home / "taxonomy.yaml").write_text(TAXONOMY.replace(before, after), "utf-8")
    said = refused(1, "build", home=home)
    assert "taxonomy.yaml" in said
    assert f"{place}: " in said
    assert fault in said
    checked = kb("taxonomy", "check", home=home)
    assert checked.code == 1
    assert f"{place}: " in checked.out
    assert "1 fault, 0 warnings" in checked.err


def test_a_counter_example_that_a_rule_meets_fails_the_check(home: Path) -> None:
    broken = TAXONOMY.replace("Invite the family to", "Pin the family tree to")
    (home / "taxonomy.yaml").write_text(broken, "utf-8")
    ran = kb("taxonomy", "check", home=home)
    assert ran.code == 1
    assert "theme genograms" in ran.out
    assert "family tree" in ran.out


def test_a_setting_that_cannot_be(home: Path) -> None:
    (home / "kb.toml").write_text('audience = "everyone"\n', "utf-8")
    said = refused(1, "search", "genogram", home=home)
    assert "kb.toml" in said
    assert "everyone" in said
    (home / "kb.toml").write_text('audience = "own"\naudience = \n', "utf-8")
    assert "line 2" in refused(1, "search", "genogram", home=home)


def test_a_torn_last_judgement_harms_nothing_else(home: Path) -> None:
    done("judge", "fellside-7/1", "--theme", "+training", home=home)
    path = home / "corpus" / "judgements.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])
    done("judge", "fellside-7/2", "--theme", "-training", home=home)
    assert path.read_bytes().startswith(whole + whole[: len(whole) // 2] + b"\n")
    shown = done("show", "fellside-7/1", "--json", home=home).json
    assert {"training": ["person"]}.items() <= {t["id"]: t["by"] for t in shown["themes"]}.items()
    found = kb("doctor", "--json", home=home)
    assert found.code == 1
    (fault,) = [finding for finding in found.lines if finding["level"] == "fault"]
    assert fault["part"] == "judgements"
    assert "line 2" in fault["message"]


# The index ------------------------------------------------------------------------------------

ASKING = (
    ["search", "genogram"],
    ["check", "Draw a genogram"],
    ["report", "themes"],
    ["repeated"],
    ["export"],
    ["queue"],
    ["tag", "Draw a genogram"],
)


@pytest.mark.parametrize("command", ASKING, ids=lambda c: c[0])
def test_a_missing_index_says_kb_build(tmp_path: Path, command: list[str]) -> None:
    home = make_home(tmp_path / "home")
    assert "kb build" in refused(1, *command, home=home)


def test_a_damaged_index_is_kept_and_says_kb_build(home: Path) -> None:
    generation = home / "index" / "generations" / (home / "index" / "current").read_text().strip()
    for path in generation.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:10])
    for command in ASKING:
        assert "kb build" in refused(1, *command, home=home)
    done("build", home=home)
    for command in ASKING:
        done(*command, home=home)


@pytest.mark.parametrize(
    "damaged", ["records-0.jsonl", "columns.json", "terms.txt", "similarity/scorer.json", "ids.npy"]
)
def test_one_damaged_file_of_the_index_is_told_and_mended_by_a_build(
    home: Path, damaged: str
) -> None:
    generation = home / "index" / "generations" / (home / "index" / "current").read_text().strip()
    (generation / damaged).write_bytes(b"{")
    for command in ASKING[:4]:
        ran = kb(*command, home=home)
        assert ran.code == 0 or (ran.code, "kb build" in ran.words) == (1, True), ran.err
    done("build", home=home)
    for command in ASKING:
        done(*command, home=home)


def test_an_index_from_another_version_says_kb_build(home: Path) -> None:
    generation = home / "index" / "generations" / (home / "index" / "current").read_text().strip()
    manifest = json.loads((generation / "manifest.json").read_text())
    (generation / "manifest.json").write_text(json.dumps({**manifest, "format": 99}))
    assert "kb build" in refused(1, "search", "genogram", home=home)


@pytest.mark.parametrize("command", ASKING[:5], ids=lambda c: c[0])
def test_a_stale_index_says_so_and_answers(home: Path, command: list[str]) -> None:
    done("correct", "fellside-7/2", "status=complete", home=home)
    before = digests(home)
    ran = done(*command, home=home)
    assert ran.out
    assert "kb build" in ran.words
    assert digests(home) == before


def test_touching_a_file_makes_no_index_stale(home: Path) -> None:
    (home / "corpus" / "fellside-7.json").touch()
    assert done("search", "genogram", home=home).err == ""


def test_a_mark_of_byte_order_before_piped_lines_is_passed_over(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('\ufeff{"id": "a", "text": "Train staff."}\n'))
    assert done("tag", "--file", "-", "--json", home=built).lines[0]["id"] == "a"
