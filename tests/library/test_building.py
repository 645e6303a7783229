"""A build: the same from the same files, however the index came to be, and nothing when done."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from bases import FELLSIDE, HIDDEN, TARNMOOR, digests, done, make_home, write_plan

from kb.corpus import Corpus
from kb.errors import BuildInterrupted, CorpusError, IndexUnreadable
from kb.library import KnowledgeBase
from kb.library.building import Built
from kb.model import Review

# These hold the time of the build, or names made by chance.
DERIVED = ("manifest.json", "snapshot.json", "model/snapshot.json", "whoosh/")


def generation(home: Path) -> Path:
    return home / "index" / "generations" / (home / "index" / "current").read_text().strip()


def content(home: Path) -> dict[str, str]:
    """The digests of everything in the current generation that has no time or chance in it."""
    found = digests(generation(home))
    return {name: value for name, value in found.items() if not name.startswith(DERIVED)}


def answers(home: Path) -> list[Any]:
    """What a knowledge base says to a handful of questions."""
    base = KnowledgeBase.open(home)
    return [
        [base.search(query, facets=("theme",), limit=50).as_json() for query in ("", "genogram")],
        [base.search(query).as_json() for query in ('"ward staff"', "train* OR answerphone")],
        base.check("Draw a genogram for every family", limit=20).as_json(),
        [[member.id for member in group.members] for group in base.repeated()],
        [entry.as_json() for entry in base.entries()],
        [tagged.themes for tagged in base.tag(["Draw a family tree", "A course on stalking"])],
    ]


def build(home: Path, *, relearn: bool = False) -> Built:
    return KnowledgeBase.open(home).build(relearn=relearn)


def test_the_same_build_twice_is_equal_to_the_last_byte(home: Path) -> None:
    before, said = content(home), answers(home)
    assert build(home, relearn=True).has_learnt
    assert content(home) == before
    assert answers(home) == said


def test_a_build_elsewhere_from_the_same_files_is_equal(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(home, other, ignore=shutil.ignore_patterns("index"))
    build(other)
    assert content(other) == content(home)
    assert answers(other) == answers(home)


def test_documents_added_bit_by_bit_answer_as_a_build_from_nothing(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    plans = {"ashdale-1": FELLSIDE, "birkdale-2": HIDDEN}
    done("add", TARNMOOR, home=home)
    for number, (review_id, rows) in enumerate(plans.items(), start=1):
        learnt = build(home).has_learnt
        assert learnt == (number == 1)  # later builds keep the model: nothing new was judged
        plan = write_plan(tmp_path / f"{review_id}.csv", rows)
        done("add", plan, "--review-id", review_id, home=home)
    build(home)
    step_by_step = answers(home)
    shutil.rmtree(home / "index")
    build(home)
    assert answers(home) == step_by_step


def test_a_build_with_nothing_new_writes_nothing(home: Path) -> None:
    before = digests(home)
    assert not build(home).is_new
    assert digests(home) == before


@pytest.mark.parametrize("name", ["taxonomy.yaml", "kb.toml"])
def test_a_changed_taxonomy_or_setting_is_built(home: Path, name: str) -> None:
    (home / name).write_text((home / name).read_text() + "\n# a remark\n")
    base = KnowledgeBase.open(home)
    assert base.is_stale()
    assert base.build().is_new
    assert not base.is_stale()


def test_a_judgement_teaches_the_model_again(home: Path) -> None:
    base = KnowledgeBase.open(home)
    before = base.index.generation.manifest.model_version
    base.judge_themes("fellside-7/2", yes=["training"], who="anna")
    built = base.build()
    assert built.has_learnt
    assert built.manifest.model_version != before


def test_the_generation_before_is_kept_for_its_readers_and_older_ones_go(home: Path) -> None:
    reader = KnowledgeBase.open(home)
    before = reader.search("genogram").as_json()
    for number in range(3):
        done("correct", "fellside-7", f"region=Region {number}", home=home)
        build(home)
    assert len(list((home / "index" / "generations").iterdir())) == 2
    assert reader.search("genogram").as_json() == before


def test_a_taxonomy_without_rules_and_examples_is_built_and_searched(tmp_path: Path) -> None:
    bare = "groups:\n- {id: g, name: G, themes: [{id: a, name: A}, {id: b, name: B}]}\n"
    home = make_home(tmp_path / "home", bare)
    done("add", TARNMOOR, home=home)
    build(home)
    assert json.loads(done("search", "ward", "--json", home=home).out)["total"] > 0
    assert done("taxonomy", "check", home=home).code == 0


def test_an_empty_knowledge_base_builds_and_answers(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    build(home)
    base = KnowledgeBase.open(home)
    assert base.search("genogram").total == 0
    assert base.entries() == []
    assert base.repeated() == []
    assert base.check("Draw a genogram").verdict == "new"
    for command in (["report", "themes"], ["report", "progress"], ["repeated"], ["export"]):
        done(*command, home=home)


def test_two_processes_build_what_one_builds(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.library.second.LEAST_BYTES", 0)
    other = tmp_path / "other"
    shutil.copytree(home, other, ignore=shutil.ignore_patterns("index"))
    build(other)
    assert content(other) == content(home)
    assert answers(other) == answers(home)


def test_what_the_second_process_cannot_do_the_first_one_does(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.library.second.LEAST_BYTES", 0)
    monkeypatch.setattr("kb.library.second._START", "raise SystemExit(1)")
    other = tmp_path / "other"
    shutil.copytree(home, other, ignore=shutil.ignore_patterns("index"))
    build(other)
    assert content(other) == content(home)


@pytest.mark.parametrize("few", [0, 2])  # nothing is spliced, or everything
def test_any_change_gives_what_a_build_from_nothing_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: float
) -> None:
    monkeypatch.setattr("kb.index.splicing._FEW", few)
    home = make_home(tmp_path / "home")
    done("add", TARNMOOR, home=home)
    done("add", write_plan(tmp_path / "b.csv", FELLSIDE), "--review-id", "b-2", home=home)
    build(home)
    done("add", write_plan(tmp_path / "a.csv", HIDDEN), "--review-id", "a-1", home=home)
    build(home)
    done("correct", "b-2/1", "text=Draw a genogram of the wider family", home=home)
    done("correct", "a-1", "area=Fellside", home=home)
    build(home)
    done("remove", "b-2", "--yes", home=home)
    done("add", write_plan(tmp_path / "b.csv", FELLSIDE[:2]), "--review-id", "b-2", home=home)
    build(home)
    step_by_step, said = content(home), answers(home)
    shutil.rmtree(home / "index")
    build(home)
    assert content(home) == step_by_step
    assert answers(home) == said


def test_a_review_that_has_not_changed_is_not_read_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    original = Corpus.review_with_digest

    def noted(corpus: Corpus, review_id: str) -> tuple[Review, str]:
        read.append(review_id)
        return original(corpus, review_id)

    monkeypatch.setattr(Corpus, "review_with_digest", noted)
    done("correct", "fellside-7", "region=Elsewhere", home=home)
    read.clear()
    build(home)
    assert set(read) == {"fellside-7"}


def test_a_damaged_review_is_told_with_its_file_and_the_index_stays(home: Path) -> None:
    before = generation(home)
    path = home / "corpus" / "fellside-7.json"
    path.write_text(path.read_text()[:-20])
    with pytest.raises(CorpusError, match=r"fellside-7\.json"):
        build(home)
    assert generation(home) == before
    assert [folder.name for folder in before.parent.iterdir()] == [before.name]


def test_a_build_that_is_stopped_ends_its_second_process_and_leaves_what_stood(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, said = generation(home), answers(home)

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kb.library.second.LEAST_BYTES", 0)
    monkeypatch.setattr("kb.library.building.write_part", stopped)
    with pytest.raises(BuildInterrupted, match="still stands"):
        build(home, relearn=True)
    assert [folder.name for folder in before.parent.iterdir()] == [before.name]
    assert answers(home) == said


@pytest.mark.parametrize(
    ("damaged", "is_gone"),
    [("words.txt", True), ("model/rules.json", True), ("column_theme.npy", False)],
)
def test_a_build_of_something_new_mends_a_damaged_index(
    home: Path, damaged: str, is_gone: bool
) -> None:
    path = generation(home) / damaged
    if is_gone:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-8] + b"\x7f" * 8)
    done("correct", "fellside-7", "region=Elsewhere", home=home)
    build(home)
    mended = content(home)
    shutil.rmtree(home / "index")
    build(home)
    assert content(home) == mended


def test_a_damaged_record_is_told_with_the_build_that_mends_it(home: Path) -> None:
    path = generation(home) / "records-0.jsonl"
    path.write_bytes(b"#" * path.stat().st_size)
    with pytest.raises(IndexUnreadable) as told:
        KnowledgeBase.open(home).search("genogram")
    assert "kb build --relearn" in str(told.value.hint)
    build(home, relearn=True)
    assert KnowledgeBase.open(home).search("genogram").total


def test_rows_of_another_program_are_not_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not build(home).is_new
    for module in ("building.stamps", "keeping"):
        monkeypatch.setattr(f"kb.library.{module}.program", lambda: "0.1.0+another")
    built = build(home)
    assert built.is_new
    assert built.manifest.program == "0.1.0+another"
    assert not [path for path in generation(home).glob("records-*") if path.stat().st_nlink > 1]
