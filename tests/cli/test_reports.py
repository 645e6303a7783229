"""``kb report``: two sides compared, what was measured beside the counts, and the head."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from bases import done, refused

from kb.cli.reports import command_line


def test_two_sides_are_compared_with_all_others_or_with_each_other(home: Path) -> None:
    one = done("report", "themes", "--compare", "status=complete", "--json", home=home).json
    assert [side["name"] for side in one["sides"]] == ["status complete", "all others"]
    two = done(
        "report", "themes", "--compare", "status=complete", "--compare", "scope=national", "--json",
        home=home,
    ).json  # fmt: skip
    assert [side["name"] for side in two["sides"]] == ["status complete", "scope national"]
    everything = len(done("export", home=home).lines)
    assert sum(side["recommendations"] for side in one["sides"]) == everything
    for report in (one, two):
        said = {theme["difference"]["says"] for theme in report["themes"]}
        assert said == {"too few reviews to say"}


def test_what_cannot_be_compared_is_told_with_what_can(home: Path) -> None:
    def told(*options: str) -> str:
        return refused(2, "report", "themes", *options, home=home)

    assert "Fields: theme, group" in told("--compare", "colour=red")
    assert "2015..2018" in told("--compare", "status")
    assert "two different reports" in told("--compare", "status=complete", "--by", "year")
    assert "nothing is left on one side: status complete" in told(
        "--status", "in-progress", "--compare", "status=complete"
    )
    three = ("--compare", "status=complete") * 3
    assert "3 sides cannot be compared" in told(*three)


def test_the_head_says_what_nobody_judged(home: Path) -> None:
    def unjudged() -> str:
        head = done("report", "themes", "--json", home=home).json["about"]["head"]
        told = {line["label"]: line["value"] for line in head}
        return str(told["Unjudged, counted here"])

    before = unjudged()
    done("judge", "fellside-7/2", "--theme", "+call-handling", home=home)
    many, _, rest = before.partition(" ")
    assert unjudged() == f"{int(many) - 1} {rest}"


def test_progress_tells_what_was_asked_again_when_it_is_asked(home: Path) -> None:
    assert done("report", "progress", "--json", home=home).json["asked_again"] is None
    found = done("report", "progress", "--asked-again", "--json", home=home).json["asked_again"]
    assert isinstance(found, list)


def test_the_head_names_a_file_without_its_folder_however_it_is_typed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def made_with(*words: str) -> str:
        monkeypatch.setattr("sys.argv", ["kb", "report", "themes", *words])
        return command_line()

    for name in ("-o ", "-o", "--output ", "--output="):
        typed = f"{name}/home/anna/x.json".split(" ")
        assert made_with(*typed) == f"kb report themes {name}x.json"


def test_an_agency_profile_heeds_the_filter_by_another_agency(home: Path) -> None:
    facets = done("search", "--facets", "--json", home=home).json["facets"]["agency"]
    name = facets[0]["value"]
    whole = done("report", "agency", name, "--json", home=home).json
    same = done("report", "agency", name, "--agency", name, "--json", home=home).json
    assert same["denominators"]["to_the_agency"] == whole["denominators"]["to_the_agency"]
    refused(1, "report", "agency", name, "--agency", "Nobody at all", home=home)


def test_the_command_of_a_report_as_of_today_names_the_day(home: Path) -> None:
    def made_with(*words: str) -> str:
        about = done("report", "progress", *words, "--json", home=home).json["about"]
        return str({line["label"]: line["value"] for line in about["head"]}["Made with"])

    assert made_with().endswith(f" --at {date.today().isoformat()}")
    assert not made_with("--at", "2020-01-31").endswith(date.today().isoformat())


def test_a_briefing_takes_its_theme_by_id_or_by_name(home: Path) -> None:
    one = done("report", "themes", "--json", home=home).json["themes"][0]
    by_name = done("report", "briefing", "--theme", one["name"].upper(), "--json", home=home).json
    assert by_name["theme"]["id"] == one["id"]
    refused(1, "report", "briefing", "--theme", "nothing of the sort", home=home)
