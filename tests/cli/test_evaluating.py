"""``kb evaluate`` on a small knowledge base, in its formats."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bases import FELLSIDE, done, make_home, refused, write_plan

from kb.library.starter import is_test_review

OWN_ALONE = "learn_from_starter = false\n"


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three reviews of three judged recommendations each, judged by a person; not built."""
    home = make_home(tmp_path_factory.mktemp("judged") / "home")
    (home / "kb.toml").write_text(OWN_ALONE, "utf-8")
    for review in ("fellside-7", "ousel-2", "wren-3"):
        rows = [(row[0], f"{row[1][:-1]} of {review}.", *row[2:]) for row in FELLSIDE]
        done("add", write_plan(home.parent / f"{review}.csv", rows), "--review-id", review,
             home=home)  # fmt: skip
        for at, theme in enumerate(("genograms", "call-handling", "training"), start=1):
            done("judge", f"{review}/{at}", "--theme", f"+{theme}", "--complete", home=home)
    return home


def test_own_judgements_are_not_called_fiction_and_near_copies_are_counted(judged: Path) -> None:
    found = done("evaluate", "--json", home=judged).json
    assert (found["texts"], found["reviews"], found["folds"]) == (9, 3, 3)
    assert found["measured_on"] is None
    assert "reviews; rules that you have written" in found["tuned"]
    assert found["kept_out"]["judged"] == 9
    assert found["passes"] is None
    assert found["methods"]["rules"]["micro"]["f1"] == 1
    assert found["learning_curve"] == []
    assert found["about"]["head"][-1]["label"] == "Made with"


def test_page_and_text_hold_the_same_figures(judged: Path, tmp_path: Path) -> None:
    text = done("evaluate", home=judged).out
    done("evaluate", "-o", tmp_path / "tags.html", home=judged)
    page = (tmp_path / "tags.html").read_text("utf-8")
    for words in ("rules alone", "model alone", "held out in 3 folds", "genograms"):
        assert words in text
        assert words in page
    assert "<svg" in page
    assert "fiction" not in text + page


def test_curve_is_drawn_where_it_is_asked_for(judged: Path) -> None:
    found = done("evaluate", "--curve", "--format", "json", home=judged).json
    assert [point["share"] for point in found["learning_curve"]] == [0.125, 0.25, 0.5, 1]
    assert "Learning curve" in done("evaluate", "--curve", home=judged).out


def test_fewer_folds_hold_out_more_at_a_time(judged: Path) -> None:
    assert done("evaluate", "--folds", "2", "--json", home=judged).json["folds"] == 2
    assert done("evaluate", "--folds", "20", "--json", home=judged).json["folds"] == 3
    said = refused(2, "evaluate", "--folds", "2", "--test", home=judged)
    assert "--folds" in said
    assert "--test" in said


def test_starter_label_makes_it_fiction_in_so_many(judged: Path, tmp_path: Path) -> None:
    path = judged / "corpus" / "judgements.jsonl"
    before = path.read_text("utf-8")
    lines = [json.loads(line) for line in before.splitlines()]
    line = next(line for line in lines if not is_test_review(line["recommendation"][:-2]))
    try:
        path.write_text(before + json.dumps({**line, "who": "starter"}) + "\n", "utf-8")
        found = done("evaluate", "--json", home=judged).json
    finally:
        path.write_text(before, "utf-8")
    assert found["measured_on"] == "fiction written for this project in 3 of 9 recommendations"


def test_gold_file_is_measured_beside_rules_and_model_alone(home: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    rows = [{"id": "1", "text": "Draw a genogram.", "themes": ["genograms"]}]
    gold.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (home / "kb.toml").write_text(OWN_ALONE, "utf-8")
    done("build", home=home)
    found = done("evaluate", "--gold", gold, "--json", home=home).json
    assert list(found["methods"]) == ["combined", "rules", "classifier", "most-frequent"]
    assert found["methods"]["rules"]["micro"]["f1"] == 1
    assert (found["folds"], found["kept_out"], found["inputs"]) == (0, None, None)
    assert "from a file of labelled texts" in done("evaluate", "--gold", gold, home=home).out


def test_formats_and_kinds_that_do_not_go_together_are_refused(judged: Path) -> None:
    assert "Give one of them" in refused(2, "evaluate", "--curve", "--test", home=judged)
    said = refused(2, "evaluate", "-o", "tags.pdf", home=judged)
    assert ".html" in said
