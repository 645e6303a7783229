"""What ``kb add`` says of a document: what was kept, left out and doubted; what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from bases import FELLSIDE, HEADERS, digests, done, kb, refused, unchanged, write_plan

NOTE = "Wardens to note in the blue book who opened the door and who stood behind it."
LEFT = ("", "", "", "Fellside Constabulary", "", "", "Put a sign up")


def plan(folder: Path, *more: tuple[str, ...], name: str = "plan.csv") -> Path:
    """The plan of Fellside as another file, with these rows before the others."""
    path = write_plan(folder / name, [*more, *FELLSIDE])
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    return path


def test_counts_come_first_and_what_was_left_out_is_named(home: Path, tmp_path: Path) -> None:
    ran = done("add", plan(tmp_path, LEFT), "--review-id", "new-1", home=home)
    assert ran.out.splitlines() == [
        "new-1: added, 3 recommendations — plan",
        "  cells: 19 in recommendations, 7 in headers, 2 left out",
    ]
    assert (
        "left out, line 2 (stands before the first recommendation):"
        " 'Fellside Constabulary | Put a sign up'" in ran.words
    )


def test_long_lists_are_cut_short_unless_all_is_asked_for(home: Path, tmp_path: Path) -> None:
    rows = [("", "", "", "Fellside Constabulary", "", "", f"Sign {n}") for n in range(30)]
    path = plan(tmp_path, *rows)
    short = done("add", path, "--review-id", "new-1", "--dry-run", home=home)
    assert short.err.count("left out, line") == 20
    assert "… and 10 more texts left out: --all" in short.err
    assert done("add", path, "--dry-run", "--all", home=home).err.count("left out, line") == 30


def test_strict_refuses_a_plan_with_a_cell_left_out_and_names_it(
    home: Path, tmp_path: Path
) -> None:
    said = refused(1, "add", plan(tmp_path, LEFT), "--review-id", "new-1", "--strict", home=home)
    assert "2 cells of tables are left out: line 2 (stands before the first" in said
    assert "--column" in said
    whole = plan(tmp_path, name="whole.csv")
    done("add", whole, "--review-id", "new-1", "--strict", home=home)


def test_strict_stores_none_of_several_plans_where_one_has_a_cell_left_out(
    home: Path, tmp_path: Path
) -> None:
    with unchanged(home):
        paths = (plan(tmp_path, name="a.csv"), plan(tmp_path, LEFT, name="b.csv"))
        assert kb("add", *paths, "--strict", home=home).code == 1


def test_strict_lets_paragraphs_outside_tables_be(home: Path, tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("Minutes of the board, for its members.")
    table = document.add_table(rows=0, cols=2)
    for cells in (("Recommendation", "Lead agency"), (NOTE, "Fellside Homes")):
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    document.save(str(tmp_path / "plan.docx"))
    ran = done("add", tmp_path / "plan.docx", "--strict", "--review-id", "new-1", home=home)
    assert "paragraphs: 1 left out" in ran.out


def test_a_dry_run_shows_each_recommendation_and_stores_nothing(home: Path, tmp_path: Path) -> None:
    path = plan(tmp_path)
    with unchanged(home):
        ran = done("add", path, "--review-id", "new-1", "--dry-run", home=home)
        (row,) = done("add", path, "--review-id", "new-1", "--dry-run", "--json", home=home).lines
    for line in ("1. Health visitors to draw", "scope: Local", "lead: Fellside CCG",
                 "target: December 2020", "status: In progress", "from: line 3"):  # fmt: skip
        assert line in ran.out
    first = row["would_store"][0]
    assert (first["id"], first["number"], first["text"]) == ("new-1/1", "1", FELLSIDE[0][1])
    assert first["status"] == {"printed": "Complete", "value": "complete"}
    assert set(first["source"]) == {"file", "sha256", "place", "url"}
    assert row["account"]["cells"] == {"field": 19, "header": 7}


def test_the_row_is_shown_as_it_stood_whatever_was_corrected(home: Path, tmp_path: Path) -> None:
    path = plan(tmp_path)
    done("add", path, "--review-id", "new-1", home=home)
    done("correct", "new-1/1", "text=Draw a genogram.", "outcome=", home=home)
    shown = done("show", "new-1/1", "--source", "--json", home=home).json
    assert [(cell["header"], cell["text"]) for cell in shown["cells"]] == list(
        zip(HEADERS, FELLSIDE[0], strict=True)
    )
    assert (shown["file"], shown["place"], shown["note"]) == ("plan.csv", "line 2", None)
    assert "Forms printed in May" in done("show", "new-1/1", "--source", home=home).out
    done("build", home=home)
    assert "cells" not in done("export", home=home).lines[-1]["source"]
    assert '"cells"' not in "".join(
        path.read_text("utf-8") for path in (home / "index").rglob("records-*.jsonl")
    )


def test_a_recommendation_without_cells_says_so(home: Path) -> None:
    path = home / "corpus" / "fellside-7.json"
    import json

    data = json.loads(path.read_text("utf-8"))
    for recommendation in data["recommendations"]:
        del recommendation["source"]["cells"]
    path.write_text(json.dumps(data), "utf-8")
    ran = done("show", "fellside-7/1", "--source", home=home)
    assert "cells as they stood were not kept" in ran.words


def test_another_document_under_a_stored_id_is_refused_with_the_next_step(
    home: Path, tmp_path: Path
) -> None:
    other = write_plan(tmp_path / "other.csv", [("1", NOTE, "", "", "", "", "")])
    said = refused(2, "add", other, "--review-id", "fellside-7", home=home)
    assert "shares 0 of its 1 recommendations" in said
    assert "would mark 3 of 3 as gone" in said
    assert "--review-id fellside-7 --also" in said


def test_a_further_document_is_added_beside_the_plan(home: Path, tmp_path: Path) -> None:
    rows = [
        ("1", NOTE, "", "", "", "", ""),
        ("2", FELLSIDE[1][1], "", "", "", "", "Ward staff told"),
    ]
    other = write_plan(tmp_path / "report.csv", rows)
    ran = done("add", other, "--review-id", "fellside-7", "--also", home=home)
    assert "further document read, 4 recommendations" in ran.out
    assert f"new fellside-7/4: {NOTE}" in ran.err
    assert "changed fellside-7/2 outcome: not said → Ward staff told" in ran.err
    again = done("add", other, "--review-id", "fellside-7", home=home)
    assert "unchanged, 4 recommendations" in again.out


def test_a_further_document_needs_a_stored_review(home: Path, tmp_path: Path) -> None:
    said = refused(2, "add", plan(tmp_path), "--review-id", "new-1", "--also", home=home)
    assert "there is no review 'new-1'" in said


def test_an_earlier_version_added_again_changes_nothing_and_is_said(
    home: Path, tmp_path: Path
) -> None:
    old = plan(tmp_path, name="old.csv")
    rows = [FELLSIDE[0], (*FELLSIDE[1][:5], "Complete", "Line changed"), FELLSIDE[2]]
    new = write_plan(tmp_path / "new.csv", rows)
    done("add", old, "--review-id", "new-1", home=home)
    ran = done("add", new, "--review-id", "new-1", home=home)
    assert "changed new-1/2 status: In progress → Complete" in ran.err
    before = digests(home)
    ran = done("add", old, "--review-id", "new-1", home=home)
    assert "this is an earlier version" in ran.words
    assert "the latest is new.csv" in ran.words
    assert digests(home) == before


def test_reworded_and_gone_rows_are_said_in_words(home: Path, tmp_path: Path) -> None:
    reworded = FELLSIDE[0][1].replace("draw a genogram", "draw up a genogram")
    rows = [(FELLSIDE[0][0], reworded, *FELLSIDE[0][2:]), FELLSIDE[1]]
    ran = done("add", write_plan(tmp_path / "p.csv", rows), "--review-id", "fellside-7", home=home)
    assert f"reworded fellside-7/1: {FELLSIDE[0][1]} → {reworded}" in ran.err
    assert f"gone from the document, fellside-7/3: {FELLSIDE[2][1]}" in ran.err
    back = write_plan(tmp_path / "p2.csv", [*rows, FELLSIDE[2]])
    ran = done("add", back, "--review-id", "fellside-7", home=home)
    assert f"back in the document, fellside-7/3: {FELLSIDE[2][1]}" in ran.err


def test_a_correction_that_the_document_now_says_too_is_said(home: Path, tmp_path: Path) -> None:
    done("correct", "fellside-7/2", "status=complete", home=home)
    rows = [FELLSIDE[0], (*FELLSIDE[1][:5], "Complete", ""), FELLSIDE[2]]
    new = write_plan(tmp_path / "new.csv", rows)
    ran = done("add", new, "--review-id", "fellside-7", home=home)
    assert "the document now says so too: fellside-7/2 status" in ran.err


def test_personal_data_comes_first_with_what_to_do_and_is_not_repeated(
    home: Path, tmp_path: Path
) -> None:
    row = ("4", "Ring the line 01632 960123 first.", "", "", "", "", "")
    ran = done("add", plan(tmp_path, row), "--review-id", "new-1", home=home)
    assert ran.err.splitlines()[0].strip().startswith("PERSONAL DATA may stand")
    flag = "new-1/1: a telephone number may stand in the text (characters 15–26)"
    assert flag in ran.words
    assert "960123" not in ran.err
    assert "kb remove new-1" in ran.words
    warned = done("doctor", home=home).out
    assert "personal data may stand: 0 of published reviews, 1 of others" in warned


@pytest.mark.parametrize("what", ["read-again", "also"])
def test_history_says_what_kind_of_reading_it_was(home: Path, tmp_path: Path, what: str) -> None:
    rows = [FELLSIDE[0], (*FELLSIDE[1][:5], "Complete", "")]
    new = write_plan(tmp_path / "new.csv", rows)
    options = ["--also"] if what == "also" else []
    done("add", new, "--review-id", "fellside-7", *options, home=home)
    shown = done("show", "fellside-7", "--json", home=home).json
    assert shown["history"][-1]["what"] == what
    assert len([r for r in shown["recommendations"] if not r["removed"]]) == (
        3 if what == "also" else 2
    )


def test_the_cells_of_what_was_corrected_are_withheld_from_a_shared_audience(home: Path) -> None:
    done("correct", "fellside-7/2", "outcome=Withheld", home=home)
    done("correct", "fellside-7", "publication=published", home=home)
    assert done("show", "fellside-7/2", "--source", "--json", home=home).json["cells"]
    settings = home / "kb.toml"
    settings.write_text('audience = "shared"\n', "utf-8")
    shown = done("show", "fellside-7/2", "--source", "--json", home=home).json
    assert shown["cells"] == []
    assert "some of it was corrected" in shown["note"]
    assert done("show", "fellside-7/1", "--source", "--json", home=home).json["cells"]
