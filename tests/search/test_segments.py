"""Whoosh's segments: shared while whole, written again without what is gone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from factories import make_entry

from kb.index.wording import Wording, WordingWriter
from kb.search import whoosh_text
from kb.search.indexing import texts_of
from kb.search.whoosh_text import WhooshText, join_segments, write_segments
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


def segments(folder: Path) -> set[str]:
    return {path.name for path in (folder / "whoosh").glob("*.seg")}


def test_rows_are_found_whatever_the_order_of_the_segments(tmp_path: Path) -> None:
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
    write_segments(tmp_path / "before", wording_of(*TEXTS))
    # Two new rows come first, and of the old ones the third is gone.
    words = wording_of("A red cat.", TEXTS[3], TEXTS[0], TEXTS[1], "House cats.")
    rows = np.array([2, 3, -1, 1])
    join_segments(tmp_path / "after", words, [tmp_path / "before"], [rows])
    assert len(segments(tmp_path / "before") & segments(tmp_path / "after")) == 1
    text = WhooshText(tmp_path / "after", 5)
    assert text.phrase(["red"]).tolist() == [0, 1, 2, 3]
    assert text.phrase(["red", "hous"]).tolist() == [1, 2]
    assert text.beginning("cat").tolist() == [0, 4]
    assert text.beginning("secret").tolist() == []
    text.close()
    written = b"".join(path.read_bytes() for path in (tmp_path / "after" / "whoosh").iterdir())
    assert b"secret" not in written


def test_every_place_of_a_word_is_written_however_many_there_are(tmp_path: Path) -> None:
    many = [f"Red {'very ' * (at % 5)}house number {at}." for at in range(300)]
    words = wording_of(*many)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whoosh_text, "LARGEST", 1_000)
        write_segments(tmp_path, words)
    text = WhooshText(tmp_path, 300)
    assert text.phrase(["red", "hous"]).tolist() == list(range(0, 300, 5))
    assert text.phrase(["veri"]).tolist() == [at for at in range(300) if at % 5]
    assert text.phrase(["number", "7"]).tolist() == [7]
    text.close()
