"""Parts of an index put together: as if all rows had been written at once, nothing left over."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from factories import make_entry, make_taxonomy
from indexed import write_records

from kb.errors import IndexUnreadable
from kb.index import lines
from kb.index.lines import Lines, LinesWriter, join_lines, save_places
from kb.index.records import Records, join_records
from kb.index.wording import Wording, WordingWriter
from kb.model import Entry
from kb.search.indexing import texts_of
from kb.text.abbreviations import load_abbreviations

FIRST = [
    make_entry("Zebra crossings.", review="z-1", themes=("dash", "genograms"), area="Leeds"),
    make_entry("A CCG lead.", review="b-2", agencies=(("Kent Police", "police"),), year=2020),
    make_entry("Write to GPs, and to the CCG.", review="b-2", position=2, status="complete"),
]
SECOND = [
    make_entry("An independent domestic violence adviser.", review="m-1", themes=("training",)),
    make_entry("Nothing to do.", review="a-1", area="York", heading="Zebra", year=2020),
]
CHOSEN = [4, 1, 2, 3]  # of both, one after another; the first row of all is gone


def chosen() -> list[Entry]:
    every = [*FIRST, *SECOND]
    return [every[at] for at in CHOSEN]


def records_of(folder: Path, entries: list[Entry]) -> Records:
    folder.mkdir()
    write_records(folder, entries, make_taxonomy())
    return Records.open(folder)


def wording_of(entries: list[Entry]) -> Wording:
    writer = WordingWriter(load_abbreviations())
    for entry in entries:
        writer.add(texts_of(entry))
    return writer.wording()


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_joined_records_are_those_that_were_written_at_once(tmp_path: Path) -> None:
    parts = [records_of(tmp_path / "1", FIRST), records_of(tmp_path / "2", SECOND)]
    joined = tmp_path / "joined"
    joined.mkdir()
    join_records(joined, parts, np.array(CHOSEN))
    records_of(tmp_path / "at-once", chosen())
    assert files_of(joined) == files_of(tmp_path / "at-once")


def test_joined_words_are_those_that_were_read_at_once(tmp_path: Path) -> None:
    joined = Wording.joined([wording_of(FIRST), wording_of(SECOND)], np.array(CHOSEN))
    at_once = wording_of(chosen())
    assert len(at_once.mentions) >= 3
    for folder, wording in ((tmp_path / "1", joined), (tmp_path / "2", at_once)):
        folder.mkdir()
        wording.save(folder)
    assert files_of(tmp_path / "1") == files_of(tmp_path / "2")


def test_words_read_back_as_they_were_saved(tmp_path: Path) -> None:
    wording = wording_of(FIRST)
    wording.save(tmp_path)
    again = Wording.open(tmp_path)
    assert (again.words, again.shorts) == (wording.words, wording.shorts)
    text = again.cells("text")[0]
    words = again.flat[again.bounds[text] : again.bounds[text + 1]]
    assert [again.words[word] for word in words] == ["zebra", "crossings"]


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of lines as if a few bytes were a few megabytes."""
    monkeypatch.setattr(lines, "FULL", 20)
    monkeypatch.setattr(lines, "LEAST_KEPT", 10)


def lines_of(folder: Path, *texts: str) -> Lines:
    folder.mkdir()
    writer = LinesWriter(folder, "store")
    for text in texts:
        writer.add(text.encode())
    save_places(folder, "store", writer.close())
    return Lines.open(folder, "store")


@pytest.mark.usefixtures("small_files")
def test_a_file_of_which_every_line_is_wanted_is_shared(tmp_path: Path) -> None:
    before = lines_of(tmp_path / "1", "first line\n", "second line\n", "third line\n")
    new = lines_of(tmp_path / "2", "new\n")
    (tmp_path / "joined").mkdir()
    join_lines(tmp_path / "joined", "store", [before, new], np.array([0, 3, 1]))
    joined = Lines.open(tmp_path / "joined", "store")
    assert [joined[row] for row in range(3)] == [b"first line\n", b"new\n", b"second line\n"]
    assert joined.path(0).samefile(before.path(0))


@pytest.mark.usefixtures("small_files")
def test_a_line_that_is_gone_is_in_no_file(tmp_path: Path) -> None:
    before = lines_of(tmp_path / "1", "a secret\n", "a line that stays\n", "the last of all\n")
    (tmp_path / "joined").mkdir()
    join_lines(tmp_path / "joined", "store", [before], np.array([1, 2]))
    assert all(b"secret" not in data for data in files_of(tmp_path / "joined").values())


@pytest.mark.usefixtures("small_files")
@pytest.mark.parametrize("name", ["store-0.jsonl", "store_places.npy"])
def test_lines_that_were_cut_off_are_not_read(tmp_path: Path, name: str) -> None:
    path = lines_of(tmp_path / "1", "first line\n", "second line\n").path(0).parent / name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexUnreadable, match="kb build"):
        Lines.open(tmp_path / "1", "store")


@pytest.mark.parametrize("place", [[1 << 40, 0, 11], [-1, 0, 11], [0, 30, 11]])
def test_places_that_can_be_none_are_not_read(tmp_path: Path, place: list[int]) -> None:
    folder = lines_of(tmp_path / "1", "first line\n", "second line\n").path(0).parent
    places = np.load(folder / "store_places.npy")
    places[0, :3] = place
    save_places(folder, "store", places)
    with pytest.raises(IndexUnreadable, match="kb build"):
        Lines.open(folder, "store")
