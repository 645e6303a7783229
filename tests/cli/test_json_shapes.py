"""The JSON that scripts may rely on, as DESIGN.md fixes it, and the words beside it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from bases import FELLSIDE, WHO, done, write_plan

RECOMMENDATION = {
    "id", "review_id", "position", "number", "text", "heading", "scope", "status", "lead_agency",
    "lead_agencies", "action", "milestones", "outcome", "target_date", "completed", "actions",
    "other", "flags", "source", "themes", "suggestions",
}  # fmt: skip
REVIEW = {
    "id", "title", "kind", "area", "region", "year", "published", "report_date", "publication",
    "url", "death_month", "sources", "history", "recommendations",
}  # fmt: skip


def theme_ids(found: dict[str, Any]) -> set[str]:
    return {theme["id"] for theme in found["themes"]}


def assert_recommendation(found: dict[str, Any]) -> None:
    """A recommendation has the shape of DESIGN.md."""
    assert set(found) >= RECOMMENDATION
    assert found["id"] == f"{found['review_id']}/{found['position']}"
    assert set(found["scope"]) == set(found["status"]) == {"printed", "value"}
    for date in (found["target_date"], found["completed"]):
        assert set(date) == {"printed", "date", "precision", "all"}
        assert date["date"] == (date["all"][0] if date["all"] else None)
    for agency in found["lead_agencies"]:
        assert set(agency) == {"printed", "name", "sector"}
    for action in found["actions"]:
        assert set(action) >= {
            "text", "lead_agencies", "milestones", "target_date", "outcome", "status", "completed",
        }  # fmt: skip
    assert set(found["source"]) == {"file", "sha256", "place", "url"}
    for tag in (*found["themes"], *found["suggestions"]):
        assert_tag(tag, found["text"])


def assert_tag(tag: dict[str, Any], text: str) -> None:
    assert set(tag) == {"id", "by", "confidence", "evidence"}
    assert set(tag["by"]) <= {"person", "starter", "rule", "classifier"}
    assert 0 <= tag["confidence"] <= 1
    for evidence in tag["evidence"]:
        assert set(evidence) == {"start", "end", "text", "why"}
        assert text[evidence["start"] : evidence["end"]] == evidence["text"]


def test_a_search_as_json(built: Path) -> None:
    found = done("search", "genogram", "--json", home=built).json
    assert set(found) == {"query", "total", "hits", "facets", "did_you_mean", "advice"}
    assert (found["query"], found["total"]) == ("genogram", 2)
    for hit in found["hits"]:
        assert set(hit) >= {"id", "review_id", "text", "score", "themes", "highlights"}
        assert [hit["text"][start:end] for start, end in hit["highlights"]] == ["genogram"]
        for tag in hit["themes"]:
            assert_tag(tag, hit["text"])
    assert {"theme", "group", "sector", "agency", "area", "kind", "status", "scope", "year"} == set(
        found["facets"]
    )
    (genograms,) = found["facets"]["theme"]
    assert (genograms["value"], genograms["count"]) == ("genograms", 2)


def test_filters_narrow_and_facets_follow(built: Path) -> None:
    found = done("search", "--json", "--theme", "genograms", "--sector", "police",
                 "--year", "2019..2022", "--area", "fellside", home=built).json  # fmt: skip
    assert [hit["id"] for hit in found["hits"]] == ["fellside-7/1"]
    by_name = done("search", "--json", "--theme", "Genograms and family history", home=built).json
    assert by_name["total"] == 3


def test_many_queries_from_a_file(built: Path, tmp_path: Path) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text('{"id": "q1", "text": "genogram"}\n{"id": "q2", "text": "zzz"}\n')
    first, second = done("search", "--queries", path, "--json", home=built).lines
    assert first["id"] == "q1"
    assert [set(hit) for hit in first["hits"]] == [{"id", "score"}] * 2
    assert second == {"id": "q2", "hits": []}


def test_a_recommendation_as_json(built: Path) -> None:
    found = done("show", "fellside-7/1", "--json", home=built).json
    assert_recommendation(found)
    assert found["target_date"]["date"] == "2022-07-31"
    assert found["status"] == {"printed": "Complete", "value": "complete"}
    assert [repeat["id"] for repeat in found["repeats"]] == ["quillerby-9/1"]
    assert found["citation"].startswith("Review of Mrs F [Fellside] (2021), recommendation 1.")


def test_a_recommendation_in_words_has_all_that_its_json_has(built: Path) -> None:
    shown = done("show", "quillerby-9/1", home=built).out
    for words in (
        "Quillerby Constabulary (police)", "31.7.22", "Quillerbine forms printed", "unpublished",
        "rule 1 of genograms", "fellside-7/1", "quillerby.csv, line 2", "cite as",
    ):  # fmt: skip
        assert words in shown


def test_a_review_as_json(built: Path) -> None:
    found = done("show", "fellside-7", "--json", home=built).json
    assert set(found) == REVIEW
    assert found["year"] == {"value": 2021, "of": "publication"}
    assert [one["id"] for one in found["recommendations"]] == [f"fellside-7/{n}" for n in (1, 2, 3)]
    assert found["history"][0]["who"] == WHO


def test_a_check_as_json_has_reasons_and_what_became_of_it(built: Path, tmp_path: Path) -> None:
    path = tmp_path / "drafts.jsonl"
    path.write_text(
        '{"id": "d1", "text": "All ward staff to be trained in coercive control."}\n'
        '{"id": "d2", "text": "Plough the moon."}\n'
    )
    same, new = done("check", "--file", path, "--json", home=built).lines
    assert (same["id"], same["verdict"]) == ("d1", "duplicate")
    assert (new["id"], new["verdict"]) == ("d2", "new")
    for answer in (same, new):
        assert len(answer["matches"]) >= 5
        scores = [match["score"] for match in answer["matches"]]
        assert scores == sorted(scores, reverse=True)
        for match in answer["matches"]:
            assert set(match) >= {
                "id", "score", "verdict", "reasons", "text", "review_id", "status",
            }  # fmt: skip
    best = {match["id"]: match for match in same["matches"][:2]}
    assert {i: match["status"] for i, match in best.items()} == {
        "fellside-7/3": "not-started",
        "quillerby-9/3": "complete",
    }
    assert all(match["reasons"] for match in best.values())


def test_a_check_leaves_the_authors_own_review_out(built: Path) -> None:
    text = "All ward staff to be trained in coercive control."
    answer = done("check", text, "--json", "--except", "quillerby-9", home=built).lines[0]
    assert "quillerby-9" not in {match["review_id"] for match in answer["matches"]}
    assert answer["matches"][0]["id"] == "fellside-7/3"


def test_a_draft_plan_is_checked_row_by_row(built: Path, tmp_path: Path) -> None:
    plan = write_plan(tmp_path / "draft.csv", FELLSIDE)
    answers = done("check", "--file", plan, "--json", home=built).lines
    assert [answer["id"] for answer in answers] == ["1", "2", "3"]
    assert {answer["verdict"] for answer in answers} == {"duplicate"}


def test_repeated_learning_as_json(built: Path) -> None:
    found = done("repeated", "--json", home=built).json
    groups = {frozenset(m["id"] for m in g["members"]): g for g in found["groups"]}
    shared = groups[frozenset({"fellside-7/3", "quillerby-9/3"})]
    assert sorted(shared["reviews"]) == ["fellside-7", "quillerby-9"]


def test_a_report_on_themes_as_json(built: Path) -> None:
    found = done("report", "themes", "--json", home=built).json
    assert set(found) >= {"themes", "denominators"}
    rows = {row["id"]: row for row in found["themes"]}
    assert set(rows) == {"genograms", "call-handling", "training"}
    for name, row in rows.items():
        tagged = done("search", "--theme", name, "--json", home=built).json["total"]
        assert row["recommendations"] == tagged > 1
    assert rows["genograms"]["recommendations"] == 3
    assert rows["genograms"]["reviews"] == 3
    for row in rows.values():
        assert set(row) >= {
            "id", "name", "group", "recommendations", "reviews", "recommendation_share",
            "review_share",
        }  # fmt: skip
        for share in (row["recommendation_share"], row["review_share"]):
            assert share["low"] <= share["value"] <= share["high"]
    assert rows["genograms"]["recommendation_share"]["value"] == pytest.approx(3 / 20)


def test_a_report_is_counted_by_year_sector_and_agency_in_text_json_and_csv(built: Path) -> None:
    for by in ("year", "sector", "agency", "area", "kind", "status"):
        crossed = done("report", "themes", "--by", by, "--json", home=built).json
        assert json.dumps(crossed)
        assert "Genograms" in done("report", "themes", "--by", by, home=built).out
        table = done("report", "themes", "--by", by, "--format", "csv", home=built).out
        assert re.search(r"genograms|Genograms", table)


def test_tags_of_a_text_as_json(built: Path, tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text('{"id": "a", "text": "Draw a family tree."}\n{"id": "b", "text": "Zebra."}\n')
    first, second = done("tag", "--file", path, "--json", home=built).lines
    assert set(first) == set(second) == {"id", "themes", "suggestions"}
    assert theme_ids(first) == {"genograms"}
    assert_tag(first["themes"][0], "Draw a family tree.")
    assert second["themes"] == []


def test_an_export_holds_every_recommendation_whole(built: Path, tmp_path: Path) -> None:
    rows = done("export", home=built).lines
    assert len(rows) == 20
    for row in rows:
        assert_recommendation(row)
    done("export", "--format", "csv", "-o", tmp_path / "out", home=built)
    done("export", "--format", "csv", "-o", tmp_path / "all.csv", home=built)
    done("export", "--format", "xlsx", "-o", tmp_path / "out.xlsx", home=built)
    alone = (tmp_path / "all.csv").read_bytes()
    assert alone.count(b"\n") > len(rows)
    assert alone == (tmp_path / "out" / "recommendations.csv").read_bytes()
    assert len(list((tmp_path / "out").iterdir())) > 1
    assert (tmp_path / "out.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    "command",
    [
        ["search", "genogram"],
        ["show", "fellside-7"],
        ["show", "fellside-7/1"],
        ["check", "Draw a genogram"],
        ["repeated"],
        ["report", "themes"],
        ["report", "themes", "--by", "year"],
        ["report", "progress"],
        ["report", "review", "fellside-7"],
        ["report", "agency", "Fellside Constabulary"],
        ["report", "briefing", "--theme", "genograms"],
        ["tag", "Draw a genogram"],
        ["queue"],
        ["taxonomy", "list"],
        ["taxonomy", "show", "genograms"],
        ["taxonomy", "try"],
        ["taxonomy", "check"],
        ["doctor"],
    ],
    ids=" ".join,
)
def test_every_listing_as_json_is_one_object_or_json_lines(built: Path, command: list[str]) -> None:
    ran = done(*command, "--json", home=built)
    assert ran.err == ""
    try:
        assert isinstance(json.loads(ran.out or "{}"), dict)
    except json.JSONDecodeError:
        assert all(isinstance(line, dict) for line in ran.lines)


def test_a_build_and_an_addition_as_json(home: Path, tmp_path: Path) -> None:
    plan = write_plan(tmp_path / "plan.csv", [["7", "Draw.", "", "", "", "", ""]])
    (added,) = done("add", plan, "--review-id", "new-1", "--json", home=home).lines
    assert (added["review_id"], added["outcome"], added["recommendations"]) == ("new-1", "added", 1)
    built = done("build", "--json", home=home).json
    assert (built["is_new"], built["reviews"], built["recommendations"]) == (True, 4, 21)
    assert done("build", "--json", home=home).json["is_new"] is False
