"""What every engine must do when a file of its index is damaged: answer, or say ``kb build``."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from engines import index_entries, opened
from factories import make_entry

from kb.errors import IndexUnreadable
from kb.search.advice import advise
from kb.search.correcting import corrections
from kb.search.engine import FACETS, Filters
from kb.search.engines import ENGINES
from kb.search.query import parse

ENTRIES = [
    make_entry(
        f"Police officer {n} shall draw a genogram before the MARAC meets in town {n % 7}.",
        position=n,
        themes=("genograms",) if n % 2 else ("training", "dash"),
        agencies=((f"Police {n % 3}", "police"),),
        status="complete" if n % 3 else None,
        year=2015 + n % 8,
        heading="The families",
    )
    for n in range(1, 20)
]
QUERIES = (
    "",
    "police genogram the",
    '"draw a genogram"',
    "gen* near/3 draw",
    "polcie marac heading:families year:2016..",
    "xyzzy AND (police OR wors*)",
)
Damage = Callable[[bytes, random.Random], bytes]


def empty(_: bytes, __: random.Random) -> bytes:
    return b""


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(1 + len(data) // 200):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def garbage(_: bytes, __: random.Random) -> bytes:
    return b"\x80\x04garbage\n" * 40


def ask_everything(folder: Path, name: str) -> None:
    """All that an engine can be asked."""
    engine = opened(folder, name)
    for text in QUERIES:
        query = parse(text)
        engine.search(query, Filters(status=("complete",)), sort="newest", facets=FACETS)
        page = engine.search(query, sort="status")
        engine.explain(query, Filters(), [hit.row for hit in page.hits])
        corrections(engine, query, Filters(), page.total, lambda _: [])
        advise(engine, query, Filters(published_only=True))
    engine.close()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_entries(tmp_path_factory.mktemp("index"), ENTRIES)


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("damage", [empty, cut, flipped, garbage])
def test_a_damaged_file_never_raises_anything_else(
    index: Path, tmp_path: Path, name: str, damage: Damage
) -> None:
    chance = random.Random(7)
    folder = Path(shutil.copytree(index, tmp_path / "copy"))
    ask_everything(folder, name)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        path.write_bytes(damage(data, chance) if data else b"")
        try:
            ask_everything(folder, name)
        except IndexUnreadable as error:
            assert "kb build" in str(error)  # noqa: PT017
        path.write_bytes(data)


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("damage", [empty, garbage, None])
@pytest.mark.parametrize(
    "pattern", ["postings_*.npy", "places*.npy", "vocabulary*", "terms.txt", "abbrev*.json",
                "records-0*", "column_*.npy"],
)  # fmt: skip
def test_checking_sees_what_is_empty_or_gone(
    index: Path, tmp_path: Path, name: str, pattern: str, damage: Damage | None
) -> None:
    folder = Path(shutil.copytree(index, tmp_path / "copy"))
    for path in folder.glob(pattern):
        path.unlink()
        if damage:
            path.write_bytes(damage(b"", random.Random()))
    with pytest.raises(IndexUnreadable, match="kb build"):
        opened(folder, name).check()


def test_checking_whoosh_sees_that_its_index_is_gone(index: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(index, tmp_path / "copy"))
    shutil.rmtree(folder / "whoosh")
    with pytest.raises(IndexUnreadable, match="kb build"):
        opened(folder, "whoosh").check()


def test_a_record_of_which_a_byte_has_changed_is_never_shown(index: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(index, tmp_path / "copy"))
    path = folder / "records-0.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Police officer 9 ", b"Police officer 8 ", 1))
    with pytest.raises(IndexUnreadable, match="line 8 of the records is damaged"):
        opened(folder).search(parse('"officer 9"'))
