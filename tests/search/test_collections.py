"""How well best match ranks, on two public collections (bench/ranking.py compares it)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from ranking import SEARCH, Collection, this_search

pytestmark = pytest.mark.skipif(
    not SEARCH.is_dir(), reason="the collections lie in ../shared (or DHR_SHARED), which is absent"
)


@pytest.mark.parametrize(
    ("name", "gain", "recall"), [("cranfield", 0.382, 0.735), ("cacm", 0.530, 0.724)]
)
def test_ranking_is_at_least_as_good_as_the_best_lexical_engines(
    name: str, gain: float, recall: float, tmp_path: Path
) -> None:
    collection = Collection.read(SEARCH / name)
    rankings = this_search(collection.documents, collection.queries, tmp_path)
    measured = collection.measured(rankings)
    assert float(np.mean(measured["nDCG@10"])) >= gain
    assert float(np.mean(measured["recall@100"])) >= recall
