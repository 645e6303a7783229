"""Whoosh's segments: shared while whole, written again without what is gone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from engines import opened
from factories import make_entry, make_taxonomy
from indexed import write_records

from kb.index.wording import Wording, WordingWriter
from kb.search import whoosh_text
from kb.search.indexing import index_wording, texts_of
from kb.search.query import parse
from kb.search.whoosh_text import join_segments, write_segments
from kb.text.abbreviations import load_abbreviations

TEXTS = ("A red house.", "Red doors.", "House of a secret.", "Green house, red house.")


@pytest.fixture(autouse=True)
def _small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whoosh_text, "LARGEST", 2)
    monkeypatch.setattr(whoosh_text, "LEAST_SHARED", 2)


def wording_of(*texts: str) -> Wording:
    writer = WordingWriter(load_abbreviations())
    for at, text in enumerate(texts, start=1):
        writer.add(texts_of(make_entry(text, position=at)))
    return writer.wording()


def found(folder: Path, texts: Sequence[str], *queries: str) -> list[list[int]]:
    """The rows that Whoosh finds, where these texts stand in the rows of a folder."""
    entries = [make_entry(text, position=at) for at, text in enumerate(texts, start=1)]
    write_records(folder, entries, make_taxonomy())
    wording = wording_of(*texts)
    wording.save(folder)
    index_wording(folder, wording, load_abbreviations())
    engine = opened(folder, "whoosh")
    rows = [
        sorted(hit.row for hit in engine.search(parse(query), limit=len(texts)).hits)
        for query in queries
    ]
    engine.close()
    return rows


def segments(folder: Path) -> set[str]:
    return {path.name for path in (folder / "whoosh").glob("*.seg")}


def test_rows_are_found_whatever_the_order_of_the_segments(tmp_path: Path) -> None:
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
    write_segments(tmp_path / "before", wording_of(*TEXTS))
    # Two new rows come first, and of the old ones the third is gone.
    texts = ("A red cat.", TEXTS[3], TEXTS[0], TEXTS[1], "House cats.")
    rows = np.array([2, 3, -1, 1])
    join_segments(tmp_path / "after", wording_of(*texts), [tmp_path / "before"], [rows])
    assert len(segments(tmp_path / "before") & segments(tmp_path / "after")) == 1
    queries = ("red", '"red house"', "cat*", "secret*", "-red")
    assert found(tmp_path / "after", texts, *queries) == [
        [0, 1, 2, 3], [1, 2], [0, 4], [], [4],
    ]  # fmt: skip
    written = b"".join(path.read_bytes() for path in (tmp_path / "after" / "whoosh").iterdir())
    assert b"secret" not in written


def test_every_place_of_a_word_is_written_however_many_there_are(tmp_path: Path) -> None:
    many = [f"Red {'very ' * (at % 5)}house number {at}." for at in range(300)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whoosh_text, "LARGEST", 1_000)
        write_segments(tmp_path, wording_of(*many))
    queries = ('"red house"', '"red very"', '"number 7"')
    assert found(tmp_path, many, *queries) == [
        list(range(0, 300, 5)), [at for at in range(300) if at % 5], [7],
    ]  # fmt: skip
