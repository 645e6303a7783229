from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from factories import make_entry, make_taxonomy
from indexed import write_records

from kb.errors import IndexUnreadable
from kb.index.records import Records

ENTRIES = [
    make_entry("Zebra.", review="z-2020", themes=("dash", "genograms"), status="complete"),
    make_entry("Ärztin — naïve.", review="a-2019", position=2, themes=("training",)),
    make_entry("Third.", review="a-2019", position=10, agencies=(("Kent Police", "police"),)),
]


@pytest.fixture
def records(tmp_path: Path) -> Records:
    write_records(tmp_path, ENTRIES, make_taxonomy())
    return Records.open(tmp_path)


def test_every_entry_reads_back_as_it_was(records: Records) -> None:
    assert list(records) == ENTRIES
    assert records.text(1) == "Ärztin — naïve."


def test_a_text_is_read_whatever_stands_around_it(tmp_path: Path) -> None:
    texts = ['He said "text":"no".', '\\"text":', "\u2028\t“Ünï”", "{}"]
    entries = [
        make_entry(text, position=at, number='"text":"7"', heading='"text":')
        for at, text in enumerate(texts, start=1)
    ]
    write_records(tmp_path, entries, make_taxonomy())
    with Records.open(tmp_path) as records:
        assert [records.text(row) for row in range(len(texts))] == texts


def test_rows_are_found_by_id(records: Records) -> None:
    assert [records.row(entry.id) for entry in ENTRIES] == [0, 1, 2]
    assert [records.id(row) for row in range(3)] == [entry.id for entry in ENTRIES]
    assert [records.row(unknown) for unknown in ("", "a-2019/1", "zz", "Ä", "z-2020/1 ")] == [
        None
    ] * 5


def test_no_records_at_all_are_an_empty_index(tmp_path: Path) -> None:
    write_records(tmp_path, [], make_taxonomy())
    with Records.open(tmp_path) as records:
        assert len(records) == 0
        assert records.row("a/1") is None
        assert records.columns["theme"].counts(np.zeros(0, bool)).tolist() == []


def test_columns_count_the_values_of_the_matching_rows(records: Records) -> None:
    theme = records.columns["theme"]
    assert dict(zip(theme.values, theme.counts(np.array([True, True, False])), strict=True)) == {
        "dash": 1,
        "genograms": 1,
        "training": 1,
    }
    assert theme.counts(np.array([0, 1])).sum() == 3
    assert theme.counts(np.empty(0, dtype=np.intp)).sum() == 0
    assert [set(theme.of(row)) for row in range(3)] == [{"dash", "genograms"}, {"training"}, set()]
    group = records.columns["group"]
    assert dict(zip(group.names, group.counts(np.ones(3, bool)), strict=True)) == {
        "Risk": 1,
        "People": 1,
    }


def test_columns_list_their_values_with_names(records: Records) -> None:
    assert records.columns.values("sector") == (("police", "Police"),)
    assert records.columns.values("status") == (("complete", "Complete"),)
    assert records.columns.values("year") == ()


def test_rows_with_a_code_are_the_rows_that_carry_it(records: Records) -> None:
    theme = records.columns["theme"]
    assert theme.rows_with([theme.values.index("genograms")]).tolist() == [True, False, False]
    assert theme.rows_with([]).tolist() == [False] * 3


@pytest.mark.parametrize(
    "name", ["records-0.jsonl", "records_places.npy", "ids.npy", "id_order.npy", "columns.json"]
)
@pytest.mark.parametrize("damage", [b"", b"\x00garbage", None])
def test_a_damaged_file_is_an_unreadable_index(
    tmp_path: Path, name: str, damage: bytes | None
) -> None:
    write_records(tmp_path, ENTRIES, make_taxonomy())
    (tmp_path / name).unlink()
    if damage is not None:
        (tmp_path / name).write_bytes(damage)
    with pytest.raises(IndexUnreadable, match="kb build"):
        _ = Records.open(tmp_path).columns["theme"]
