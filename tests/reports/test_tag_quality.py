"""The report on how good the tags are: what stands in it, and the drawings of its page."""

from __future__ import annotations

import json
from typing import Any

import lxml.html
import pytest
from evaluations import FICTION, THEMES, evaluation, passes

from kb.reports import FORMATS, passes_agreement, render, render_text, tag_quality
from kb.reports.report import Report

TEXTUAL = ("text", "html", "json", "csv", "md")


def table(report: Report, name: str) -> list[dict[str, Any]]:
    found = next(table for table in report.tables if table.name == name)
    heads = [column.name for column in found.columns]
    return [dict(zip(heads, row, strict=True)) for row in found.rows]


def test_methods_stand_beside_each_other_with_the_two_passes_last() -> None:
    rows = table(tag_quality(evaluation()), "methods")
    assert [row["method"] for row in rows] == [
        "combination (rules and model)",
        "rules alone",
        "model alone",
        "always the most frequent theme",
        "the two labelling passes with each other",
    ]
    for row in rows:
        low, high = row["micro_f1_interval"]
        assert low <= row["micro_f1"] <= high


def test_each_theme_has_its_score_by_every_method() -> None:
    found = evaluation()
    rows = table(tag_quality(found), "themes_by_method")
    assert [row["theme"] for row in rows] == list(THEMES)
    wanted = [found["methods"][name]["themes"]["dash"]["f1"] for name in found["methods"]]
    assert [rows[0][f"f1_{at}"] for at in range(4)] == wanted


def test_theme_without_a_model_is_listed_with_its_positives() -> None:
    assert table(tag_quality(evaluation()), "without_model") == [
        {"theme": "<rural>", "positives": 3}
    ]
    assert "without_model" not in {
        one.name for one in tag_quality({**evaluation(), "not_learnt": []}).tables
    }


def test_calibration_has_ten_bins_and_says_its_error() -> None:
    found = evaluation()
    report = tag_quality(found)
    rows = table(report, "calibration")
    assert [row["confidence"] for row in rows][::9] == ["0.0–0.1", "0.9–1.0"]
    assert len(rows) == 10
    assert sum(row["pairs"] for row in rows) == 72
    error = found["calibration"]["expected_calibration_error"]
    assert f"expected calibration error {error:.3f}" in render_text(report).replace("\n", " ")


@pytest.mark.parametrize("format_name", TEXTUAL)
@pytest.mark.parametrize("report", [tag_quality(evaluation()), passes_agreement(passes())])
def test_every_format_says_that_it_was_measured_on_fiction(
    report: Report, format_name: str
) -> None:
    assert FICTION in " ".join(render(report, format_name).decode().split())


def test_nothing_is_called_fiction_that_is_not() -> None:
    report = tag_quality({**evaluation(), "measured_on": None})
    for format_name in TEXTUAL:
        assert "fiction" not in render(report, format_name).decode()


def test_page_draws_calibration_and_curve_and_keeps_their_tables() -> None:
    page = lxml.html.fromstring(render(tag_quality(evaluation()), "html"))
    drawings = page.findall(".//svg")
    assert [drawing.get("role") for drawing in drawings] == ["img", "img"]
    captions = [caption.text_content() for caption in page.iter("caption")]
    for drawing in drawings:
        assert any(caption in drawing.get("aria-label", "") for caption in captions)
    curve = drawings[1]
    assert {"micro-F1", "macro-F1"} <= {word.text for word in curve.iter("text")}


def test_page_without_a_curve_has_one_drawing() -> None:
    report = tag_quality(evaluation(curve=False))
    assert len(lxml.html.fromstring(render(report, "html")).findall(".//svg")) == 1


def test_json_keeps_the_data_and_tells_what_it_is_about() -> None:
    read = json.loads(render(tag_quality(evaluation()), "json"))
    assert read["methods"]["combined"]["themes"]["dash"]["f1_interval"].keys() == {"low", "high"}
    assert read["calibration"]["bins"][3]["from"] == 0.3
    assert [point["share"] for point in read["learning_curve"]] == [0.125, 0.25, 0.5, 1]
    assert read["about"]["title"] == "How good the tags are"
    assert set(FORMATS) >= {*TEXTUAL}
