"""Arrays spliced where few rows have changed: to the byte those that counting all gives."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.index.postings import Postings, mean_lengths
from kb.index.splicing import Change, Succession
from kb.index.wording import FIELDS, Wording, WordingWriter
from kb.search.indexing import index_wording, reindex_wording
from kb.similarity.store import FOLDER
from kb.similarity.writing import compare_wording, recompare_wording
from kb.text.abbreviations import load_abbreviations

KNOWN = load_abbreviations()
SAID = (
    "police", "organise", "organize", "training", "trains", "MARAC", "GP", "GPs", "the", "of",
    "multi-agency risk assessment conference", "genogram", "a", "shared", "sharing", "naïve", "x",
    "co-ordinator", "co", "coordinator", "follow", "up", "follow-up",
)  # fmt: skip
texts = st.lists(st.sampled_from(SAID), max_size=8).map(" ".join)
rows = st.fixed_dictionaries({"text": texts, "title": texts, "action": texts})
Row = dict[str, str]


def wording_of(entries: Sequence[Row]) -> Wording:
    writer = WordingWriter(KNOWN)
    for entry in entries:
        writer.add(entry)
    return writer.wording()


def indexed(folder: Path, wording: Wording) -> Path:
    folder.mkdir()
    (folder / FOLDER).mkdir()
    wording.save(folder)
    index_wording(folder, wording, KNOWN)
    compare_wording(folder, wording, ["r"] * len(wording), KNOWN)
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def spliced(folder: Path, before: Path, old: Wording, new: Wording, of_old: Sequence[int]) -> Path:
    """The index of ``new`` made from that of ``old``, whose rows stand at ``of_old`` now."""
    now = np.array(of_old, dtype=np.int64).reshape(-1)
    come = np.setdiff1d(np.arange(len(new)), now)
    rows = Succession(now, come)
    gone = Wording.joined([old], rows.gone)
    change = Change(before, rows, old, gone, Wording.joined([new], come))
    folder.mkdir()
    (folder / FOLDER).mkdir()
    new.save(folder)
    reindex_wording(folder, new, KNOWN, change)
    recompare_wording(folder, ["r"] * len(new), KNOWN, change)
    return folder


@settings(deadline=None)
@given(
    stood=st.lists(rows, max_size=12),
    came=st.lists(st.tuples(rows, st.integers(0, 12)), max_size=4),
    went=st.sets(st.integers(0, 11), max_size=3),
)
def test_whatever_came_and_went(
    stood: list[Row], came: list[tuple[Row, int]], went: set[int]
) -> None:
    # An old row that stays is its number; one that comes is given with its text.
    order: list[int | Row] = [at for at in range(len(stood)) if at not in went]
    for row, at in came:
        order.insert(at, row)
    of_old = [order.index(at) if at in order else -1 for at in range(len(stood))]
    old = wording_of(stood)
    new = wording_of([stood[one] if isinstance(one, int) else one for one in order])
    with tempfile.TemporaryDirectory() as place:
        before = indexed(Path(place) / "before", old)
        now = spliced(Path(place) / "now", before, old, new, of_old)
        assert content(now) == content(indexed(Path(place) / "nothing", new))


def test_weights_that_stand_are_kept_while_the_mean_length_is_about_the_same(
    tmp_path: Path,
) -> None:
    stood = [{"text": "police share information"}] * 30
    old, new = wording_of(stood), wording_of([*stood, {"text": "police share all of it"}])
    before = indexed(tmp_path / "before", old)
    now = spliced(tmp_path / "now", before, old, new, list(range(30)))
    held = [Postings.open(folder, len(FIELDS)) for folder in (before, now)]
    assert (mean_lengths(held[0].field_totals) == mean_lengths(held[1].field_totals)).all()
    assert held[0].of("polic")[1].tolist() == held[1].of("polic")[1].tolist()[:30]
    assert content(now) == content(indexed(tmp_path / "nothing", new))


def test_a_mean_length_is_told_in_steps_of_a_sixteenth_of_an_octave() -> None:
    totals = np.array([[160, 0, 167], [10, 0, 10]])
    assert mean_lengths(totals).tolist() == [16.0, mean_lengths(totals)[1], 16.0 * 2 ** (1 / 16)]
