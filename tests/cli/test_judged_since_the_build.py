"""A judgement shows at once wherever tags are shown; what follows at the next build is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bases import WHO, done, write_plan

from kb.library import KnowledgeBase

ID = "fellside-7/1"  # tagged "genograms" by rule and classifier


@pytest.fixture
def judged(home: Path) -> Path:
    """A knowledge base in which a person has judged otherwise than it was built."""
    done("judge", ID, "--theme", "-genograms", "--theme", "+training", home=home)
    return home


def exported(home: Path) -> dict[str, Any]:
    return {row["id"]: row for row in done("export", home=home).lines}


def found(home: Path) -> dict[str, Any]:
    hits = done("search", "genogram", "--json", home=home).json["hits"]
    return {hit["id"]: hit for hit in hits}


def ids(record: dict[str, Any], kind: str = "themes") -> list[str]:
    return [tag["id"] for tag in record[kind]]


def test_a_judgement_shows_at_once_in_show_search_and_export(judged: Path) -> None:
    assert ids(done("show", ID, "--json", home=judged).json) == ["training"]
    assert ids(found(judged)[ID]) == ["training"]
    assert ids(exported(judged)[ID]) == ["training"]
    assert exported(judged)[ID]["themes"][0]["by"] == ["person"]


def test_it_shows_the_themes_that_the_next_build_will_show(judged: Path) -> None:
    before = exported(judged)[ID]
    done("build", home=judged)
    after = exported(judged)[ID]
    assert ids(after) == ids(before) == ["training"]
    assert after["themes"][0]["by"][0] == "person"
    assert "genograms" not in (*ids(before, "suggestions"), *ids(after, "suggestions"))


def test_reports_count_the_tags_as_judged(judged: Path) -> None:
    rows = done("report", "themes", "--review", "fellside-7", "--json", home=judged).json["themes"]
    counts = {row["id"]: row["recommendations"] for row in rows}
    assert (counts.get("genograms", 0), counts["training"]) == (0, 2)


def test_what_is_stale_is_said_with_the_figure(judged: Path) -> None:
    note = "1 recommendation judged since the last build"
    for command in (["search", "genogram", "--facets"], ["report", "themes"], ["export"]):
        assert note in done(*command, home=judged).words, command
    base = KnowledgeBase.open(judged)
    report = base.report("themes", command="kb report themes").render("text").decode()
    assert "judged after the index was built: 1" in report
    assert str(date.today().year) in report
    done("build", home=judged)
    assert done("search", "genogram", home=judged).err == ""


def test_other_changes_are_told_apart(home: Path, tmp_path: Path) -> None:
    done("correct", "fellside-7/2", "status=complete", home=home)
    words = done("search", "genogram", home=home).words
    assert "have changed since" in words
    assert "judged since" not in words
    done("judge", ID, "--theme", "+training", home=home)
    words = done("search", "genogram", home=home).words
    assert "have changed since" in words
    assert "1 recommendation judged since" in words


def test_a_judgement_taken_back_gives_the_machine_its_word_again(judged: Path) -> None:
    done("build", home=judged)
    assert "genograms" not in ids(found(judged)[ID])
    done("judge", ID, "--undo", home=judged)
    for record in (found(judged)[ID], exported(judged)[ID]):
        assert "genograms" in ids(record)
        assert not any("person" in tag["by"] for tag in record["themes"])


def test_judged_and_taken_back_since_the_build_is_as_if_nothing_was_said(judged: Path) -> None:
    done("judge", ID, "--undo", home=judged)
    assert done("search", "genogram", home=judged).err == ""
    assert ids(found(judged)[ID]) == ["genograms"]


def test_judged_again_after_a_build_shows_the_later_word(judged: Path) -> None:
    done("build", home=judged)
    done("judge", ID, "--theme", "+genograms", "--complete", home=judged)
    assert ids(found(judged)[ID]) == ["genograms"]
    assert found(judged)[ID]["themes"][0]["by"][0] == "person"


def test_lines_that_a_merge_put_in_between_show_too(judged: Path) -> None:
    done("build", home=judged)
    done("judge", "fellside-7/2", "--theme", "+training", "--complete", home=judged)
    path = judged / "corpus" / "judgements.jsonl"
    path.write_text("".join(reversed(path.read_text("utf-8").splitlines(keepends=True))), "utf-8")
    assert ids(exported(judged)["fellside-7/2"]) == ["training"]
    assert "have changed since" in done("search", "genogram", home=judged).words


def test_an_open_knowledge_base_sees_what_is_judged_meanwhile(home: Path) -> None:
    base = KnowledgeBase.open(home)
    assert base.judged_since_build() == 0
    assert [tag.id for tag in base.entries(review=["fellside-7"])[0].themes] == ["genograms"]
    KnowledgeBase.open(home).judge_themes(ID, yes=["training"], complete=True, who=WHO)
    assert base.judged_since_build() == 1
    assert [tag.id for tag in base.entries(review=["fellside-7"])[0].themes] == ["training"]


def test_what_is_not_indexed_is_not_counted(home: Path, tmp_path: Path) -> None:
    rows = [["1", "Draw a map.", "", "", "", "", ""]]
    done("add", write_plan(tmp_path / "new.csv", rows), "--review-id", "new-1", home=home)
    done("judge", "new-1/1", "--theme", "+training", home=home)
    assert "judged since" not in done("search", "genogram", home=home).words


def test_a_shared_audience_is_not_told_of_judgements_on_what_it_may_not_see(home: Path) -> None:
    done("judge", "quillerby-9/1", "--theme", "+training", home=home)
    (home / "kb.toml").write_text('audience = "shared"\n', "utf-8")
    done("build", home=home)
    done("judge", "fellside-7/1", "--theme", "+training", home=home)
    done("judge", "fellside-7/1", "--undo", home=home)
    assert "judged since" not in done("search", "genogram", home=home).words
    assert "judged after" not in done("report", "themes", home=home).out
    assert KnowledgeBase.open(home).judging(who=WHO).unbuilt == 0
