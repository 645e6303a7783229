"""What the starter alone teaches is learnt once a machine, and no build differs by it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from bases import TAXONOMY, digests, done, make_home, write_plan

import kb

WRITTEN = {"snapshot.json", "manifest.json", "whoosh"}  # tell the time, or have names by chance


@pytest.fixture(autouse=True)
def starter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A starter of a few practice texts in the place of the shipped one."""
    home = make_home(tmp_path / "kb" / "starter")
    told = {"genograms": "Midwives to draw a genogram", "training": "All staff to be trained"}
    texts = [
        {"text": f"{text} in ward {number}.", "themes": [theme]}
        for theme, text in told.items()
        for number in range(10)
    ]
    lines = "\n".join(json.dumps(text) for text in texts)
    (home / "corpus" / "practice.jsonl").write_text(lines, "utf-8")
    monkeypatch.setattr(kb, "__file__", str(home.parent / "__init__.py"))
    return home


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KB_CACHE", str(tmp_path / "caches"))
    return tmp_path / "caches" / "learnt"


def new_base(folder: Path, taxonomy: str = TAXONOMY) -> Path:
    home = make_home(folder / "home", taxonomy)
    plan = write_plan(folder / "plan.csv")
    done("add", plan, "--review-id", "fellside-7", "--title", "Mrs F", home=home)
    return home


def has_learnt(home: Path, *options: str) -> bool:
    return bool(done("build", "--json", *options, home=home).json["has_learnt"])


def generation(home: Path) -> dict[str, str]:
    place = home / "index" / "generations" / (home / "index" / "current").read_text().strip()
    return {
        name: one for name, one in digests(place).items() if WRITTEN.isdisjoint(name.split("/"))
    }


def test_a_build_from_the_shelf_is_to_the_byte_one_that_learnt(
    tmp_path: Path, caches: Path
) -> None:
    home = new_base(tmp_path)
    assert has_learnt(home)
    learnt = generation(home)
    shutil.rmtree(home / "index")
    assert not has_learnt(home)
    assert generation(home) == learnt
    assert has_learnt(home, "--relearn")
    assert generation(home) == learnt


def test_a_model_on_the_shelf_that_is_not_whole_is_learnt_again(
    tmp_path: Path, caches: Path
) -> None:
    home = new_base(tmp_path)
    assert has_learnt(home)
    learnt, (model,) = generation(home), caches.iterdir()
    for file in ("classifier.json", "note.json"):
        (model / file).write_bytes(b"{}")
        shutil.rmtree(home / "index")
        assert has_learnt(home)
        assert generation(home) == learnt


def test_what_ones_own_files_teach_is_never_laid_there(tmp_path: Path, caches: Path) -> None:
    home = new_base(tmp_path)
    done("judge", "fellside-7/1", "--theme", "+genograms", home=home)
    assert has_learnt(home)
    (home / "corpus" / "judgements.jsonl").unlink()
    (home / "taxonomy.yaml").write_text(TAXONOMY.replace("at booking", "at Quillerby"), "utf-8")
    assert has_learnt(home)
    (home / "taxonomy.yaml").write_text(TAXONOMY, "utf-8")
    (home / "kb.toml").write_text('[abbreviations]\nQBY = "Quillerby"\n', "utf-8")
    assert has_learnt(home)
    assert not caches.exists()


def test_nothing_is_kept_where_nothing_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = new_base(tmp_path)
    (tmp_path / "file").write_text("no folder", "utf-8")
    for place in ("", str(tmp_path / "file")):
        monkeypatch.setenv("KB_CACHE", place)
        shutil.rmtree(home / "index", ignore_errors=True)
        assert has_learnt(home)


def test_the_latest_few_models_are_kept(tmp_path: Path, caches: Path) -> None:
    """Nor is anything deleted there that is none of them."""
    home = new_base(tmp_path)
    (caches / "somebody's").mkdir(parents=True)
    for limit in range(6):
        (home / "kb.toml").write_text(f"[reading]\nseconds = {60 + limit}\n", "utf-8")
        done("build", home=home)
    (caches / "somebody's").rmdir()
    assert len(list(caches.iterdir())) == 4


def test_a_model_that_may_only_be_read_is_taken(
    tmp_path: Path, caches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = new_base(tmp_path)
    assert has_learnt(home)
    shutil.rmtree(home / "index")

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("kb.library.shelf.os.utime", refuse)
    assert not has_learnt(home)
