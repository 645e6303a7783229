from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from counted import counts_of
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import IndexUnreadable
from kb.index.arrays import (
    SparseMatrix,
    StringArray,
    combine,
    cosines,
    cosines_of_pairs,
    load_array,
    save_array,
    tf_idf,
    tf_idf_query,
    vector_lengths,
)

DOCUMENTS = [["a", "b", "b"], ["b", "c"], [], ["c"]]


def test_transposing_twice_gives_the_matrix_back() -> None:
    counts = counts_of(DOCUMENTS)
    back = counts.transposed().transposed()
    assert back.indptr.tolist() == counts.indptr.tolist()
    assert back.indices.tolist() == counts.indices.tolist()
    assert back.data.tolist() == counts.data.tolist()


def test_a_document_scores_one_against_itself() -> None:
    counts = counts_of(DOCUMENTS)
    weights = tf_idf(counts)
    query = tf_idf_query(np.array([1, 2]), np.array([1, 2]), 4)
    scores = combine(weights.transposed(), np.array([0, 1]), query)
    assert scores[0] == pytest.approx(1.0, abs=1e-6)
    assert 0 < scores[1] < 1
    assert scores[2:].tolist() == [0, 0]


def test_a_pair_is_as_near_as_it_stands_among_all_to_the_last_bit() -> None:
    counts = counts_of(DOCUMENTS)
    counts = replace(counts, data=counts.data.astype(np.uint8))
    by_term, pairs = counts.transposed(), np.array([(a, b) for a in range(4) for b in range(4)])
    lengths, frequency = vector_lengths(by_term), counts.column_counts()
    among_all = []
    for row in range(4):
        terms, often = counts.row(row)
        query = tf_idf_query(often.astype(np.int64), frequency[terms], 4)
        among_all.append(cosines(by_term, lengths, terms, query))
    assert cosines_of_pairs(by_term, lengths, pairs).tolist() == np.concatenate(among_all).tolist()


def test_a_saved_matrix_is_memory_mapped_and_equal(tmp_path: Path) -> None:
    counts = counts_of(DOCUMENTS)
    counts.save(tmp_path, "m")
    opened = SparseMatrix.open(tmp_path, "m")
    assert isinstance(opened.indices.base, np.memmap)
    assert opened.columns == 3
    assert opened.data.tolist() == counts.data.tolist()


@pytest.mark.parametrize("damage", [b"", b"not an array", None])
def test_a_damaged_or_missing_array_says_kb_build(tmp_path: Path, damage: bytes | None) -> None:
    save_array(tmp_path, "x", np.arange(3))
    path = tmp_path / "x.npy"
    path.unlink() if damage is None else path.write_bytes(damage)
    with pytest.raises(IndexUnreadable, match="kb build"):
        load_array(tmp_path, "x")


def test_a_pickle_is_never_loaded(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(IndexUnreadable):
        load_array(tmp_path, "x")


def test_parts_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    counts = counts_of(DOCUMENTS)
    counts.save(tmp_path, "m")
    save_array(tmp_path, "m.data", counts.data[:-1])
    with pytest.raises(IndexUnreadable, match="do not fit"):
        SparseMatrix.open(tmp_path, "m")


@given(st.sets(st.text(min_size=1)), st.text())
def test_a_string_is_found_where_it_stands_and_only_there(strings: set[str], other: str) -> None:
    ordered = sorted(strings, key=str.encode)
    packed = StringArray.of(ordered)
    assert [packed.find(string) for string in ordered] == list(range(len(ordered)))
    assert packed.find(other) == (ordered.index(other) if other in strings else None)


def test_a_matrix_with_a_column_that_is_none_is_refused_before_scipy_has_it() -> None:
    one = np.array([0, 1], dtype=np.int64)
    damaged = SparseMatrix(one, np.array([1 << 30], dtype=np.int32), np.ones(1), 2)
    with pytest.raises(IndexUnreadable, match="kb build"):
        damaged.transposed()
