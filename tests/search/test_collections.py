"""How well best match ranks, on two public collections (nDCG@10, and recall@100)."""

from __future__ import annotations

import json
import math
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from factories import make_entry, make_taxonomy

from kb.index.records import Records, write_records
from kb.search.indexing import build_search
from kb.search.query import parse
from kb.search.whoosh_engine import WhooshEngine
from kb.text.abbreviations import load_abbreviations

SHARED = Path(os.environ.get("DHR_SHARED", Path(__file__).resolve().parents[2].parent / "shared"))
SEARCH = SHARED / "data" / "search"

pytestmark = pytest.mark.skipif(
    not SEARCH.is_dir(), reason="the collections lie in ../shared (or DHR_SHARED), which is absent"
)


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Jaervelin and Kekaelaeinen 2002, with the gain of a grade being the grade."""
    gains = [grades.get(one, 0) for one in ranked[:depth]]
    ideal = sorted(grades.values(), reverse=True)[:depth]
    best = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(ideal))
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains)) / best


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def measure(collection: Path, folder: Path) -> tuple[float, float]:
    documents = lines(collection / "docs.jsonl")
    entries = [
        make_entry(f"{one.get('title', '')}\n{one['text']}".strip() or "-", position=n, title="")
        for n, one in enumerate(documents, 1)
    ]
    write_records(folder, entries, make_taxonomy())
    build_search(folder, entries, load_abbreviations())
    engine = WhooshEngine.open(folder, Records.open(folder))
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (collection / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        if int(grade) > 0:
            grades[query][document] = int(grade)
    gained, recalled, judged = 0.0, 0.0, 0
    for one in lines(collection / "queries.jsonl"):
        if one["id"] not in grades:
            continue
        page = engine.search(parse(one["text"]), limit=100, highlight=False)
        ranked = [documents[hit.row]["id"] for hit in page.hits]
        wanted = grades[one["id"]]
        gained += ndcg(ranked, wanted)
        recalled += len(wanted.keys() & set(ranked)) / len(wanted)
        judged += 1
    return gained / judged, recalled / judged


@pytest.mark.parametrize(("name", "best_of_others"), [("cranfield", 0.382), ("cacm", 0.530)])
def test_ranking_is_at_least_as_good_as_the_best_lexical_engines(
    name: str, best_of_others: float, tmp_path: Path
) -> None:
    gained, recalled = measure(SEARCH / name, tmp_path)
    print(f"{name}: nDCG@10 {gained:.4f}, recall@100 {recalled:.4f}")  # noqa: T201
    assert gained >= best_of_others
