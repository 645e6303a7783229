"""How well best match ranks, beside four other lexical engines on the same documents and queries.

A collection is a folder with ``docs.jsonl`` (id, title, text), ``queries.jsonl`` (id, text) and
``qrels.tsv`` (query, document, grade; a line of headers). Every engine gets title and text as one
text, and every query as it is printed. Printed for each collection: nDCG@10 and recall@100, the
mean over the queries that have a relevant document, and the difference between this search and the
best of the others with its 95 % interval (10,000 resamples of the queries):

    python bench/ranking.py [FOLDER …] [--headings] [--pairs]

Without a folder: Cranfield and CACM in `../shared` (or where `DHR_SHARED` names it). `--headings`
makes a document's title its heading in this search; elsewhere it stays a part of the text. With
`--pairs` the starter corpus is searched instead for what its judged repeats (none of the test set)
say in other words: the one text is the query, the other the only right answer.
The other engines are no part of this project: `pip install tantivy bm25s`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import sqlite3
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from indexed import write_index

from kb import KnowledgeBase
from kb.index.records import Records
from kb.library.starter import PAIRS, JudgedPair
from kb.model import Entry, Recommendation, ReviewFacts, Source, Taxonomy, Year
from kb.search.engines import open_engine
from kb.search.query import parse

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("DHR_SHARED", ROOT.parent / "shared"))
SEARCH = SHARED / "data" / "search"
COLLECTIONS = ("cranfield", "cacm")
DEPTH = 100
RESAMPLES = 10_000

Rankings = Sequence[Sequence[int]]
Grades = Mapping[str, int]


@dataclass(frozen=True)
class Document:
    """One document; ``whole`` is what every engine reads."""

    id: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        return f"{self.title}\n{self.text}".strip() or "-"


@dataclass(frozen=True)
class Collection:
    """Documents, and the queries that have at least one relevant document, with its grades."""

    name: str
    documents: Sequence[Document]
    queries: Sequence[str]
    grades: Sequence[Grades]

    @classmethod
    def read(cls, folder: Path) -> Collection:
        """Read the three files of a folder."""
        documents = [
            Document(one["id"], one.get("title") or "", one["text"])
            for one in lines(folder / "docs.jsonl")
        ]
        grades: dict[str, dict[str, int]] = defaultdict(dict)
        for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
            query, document, grade = line.split("\t")
            if int(grade) > 0:
                grades[query][document] = int(grade)
        asked = [one for one in lines(folder / "queries.jsonl") if one["id"] in grades]
        judged = [grades[one["id"]] for one in asked]
        return cls(folder.name, documents, [one["text"] for one in asked], judged)

    @classmethod
    def of_pairs(cls) -> Collection:
        """The judged repeats of the starter's training part; what is asked is no document."""
        texts = {
            review.recommendation_id(one.position): one.text
            for review in KnowledgeBase.open(ROOT).corpus.reviews()
            for one in review.recommendations
        }
        pairs = [JudgedPair(**one) for one in lines(ROOT / "corpus" / PAIRS)]
        repeats = [pair for pair in pairs if pair.kind == "repeat" and not pair.is_test]
        asked = {pair.a for pair in repeats}
        documents = [Document(one, "", text) for one, text in texts.items() if one not in asked]
        asking = [pair for pair in repeats if pair.b not in asked]
        queries = [texts[pair.a] if pair.a else pair.text or "" for pair in asking]
        return cls("pairs", documents, queries, [{pair.b: 1} for pair in asking])

    def measured(self, rankings: Rankings) -> dict[str, list[float]]:
        """Each measure, for each query."""
        ranked = [[self.documents[row].id for row in rows[:DEPTH]] for rows in rankings]
        both = list(zip(ranked, self.grades, strict=True))
        return {
            "nDCG@10": [ndcg(ids, grades) for ids, grades in both],
            "recall@100": [len(grades.keys() & set(ids)) / len(grades) for ids, grades in both],
        }


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON Lines."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def ndcg(ranked: Sequence[str], grades: Grades, depth: int = 10) -> float:
    """Jaervelin and Kekaelaeinen 2002, with the gain of a grade being the grade."""
    ideal = sorted(grades.values(), reverse=True)[:depth]
    best = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(ideal))
    gains = [grades.get(one, 0) for one in ranked[:depth]]
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains)) / best


def this_search(documents: Sequence[Document], queries: Sequence[str], folder: Path) -> Rankings:
    """The real engine: entries, build, open, search."""
    return ranked_by_kb(
        [entry(n, one.whole) for n, one in enumerate(documents, 1)], queries, folder
    )


def with_headings(documents: Sequence[Document], queries: Sequence[str], folder: Path) -> Rankings:
    """The same, the title of a document being the heading that it stood under."""
    entries = [entry(n, one.text or "-", one.title) for n, one in enumerate(documents, 1)]
    return ranked_by_kb(entries, queries, folder)


def ranked_by_kb(entries: Sequence[Entry], queries: Sequence[str], folder: Path) -> Rankings:
    """The rows of each query's first hits."""
    write_index(folder, entries, Taxonomy(version="1", groups=()))
    engine = open_engine("arrays", folder, Records.open(folder))
    pages = [engine.search(parse(query), limit=DEPTH, highlight=False) for query in queries]
    engine.close()
    return [[hit.row for hit in page.hits] for page in pages]


def entry(position: int, text: str, heading: str = "") -> Entry:
    """A document as a recommendation of a review without a title."""
    source = Source(file="docs.jsonl", sha256="0" * 64, place=f"line {position}")
    recommendation = Recommendation(position=position, text=text, source=source)
    if heading:
        recommendation = recommendation.model_copy(update={"heading": heading})
    review = ReviewFacts(id="collection", title="", year=Year(), publication="published")
    return Entry(id=f"collection/{position}", recommendation=recommendation, review=review)


def fts5(documents: Sequence[Document], queries: Sequence[str], folder: Path) -> Rankings:
    """SQLite FTS5 with the porter tokeniser: any of the words, ordered by its bm25."""
    base = sqlite3.connect(folder / "fts5.db")
    base.execute("create virtual table documents using fts5(text, tokenize='porter unicode61')")
    rows = ((n, one.whole) for n, one in enumerate(documents))
    base.executemany("insert into documents(rowid, text) values (?, ?)", rows)
    wanted = "select rowid from documents where documents match ? order by rank limit ?"
    asked = [" OR ".join(f'"{word}"' for word in words(query)) for query in queries]
    found = [[row for (row,) in base.execute(wanted, (one, DEPTH))] for one in asked]
    base.close()
    return found


def tantivy(documents: Sequence[Document], queries: Sequence[str], folder: Path) -> Rankings:
    """tantivy with its English stemmer: any of the words."""
    import tantivy as engine

    schema = engine.SchemaBuilder()
    schema.add_text_field("text", stored=False, tokenizer_name="en_stem")
    schema.add_unsigned_field("row", stored=True)
    index = engine.Index(schema.build(), str(folder))
    writer = index.writer(num_threads=1)
    for n, one in enumerate(documents):
        writer.add_document(engine.Document(text=one.whole, row=n))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    parsed = [index.parse_query(" ".join(words(query.lower())), ["text"]) for query in queries]
    hits = [searcher.search(query, DEPTH).hits for query in parsed]
    return [[searcher.doc(place)["row"][0] for _, place in one] for one in hits]


def bm25s(documents: Sequence[Document], queries: Sequence[str], _folder: Path) -> Rankings:
    """bm25s as it comes, with its English stop list and the Snowball stemmer."""
    import bm25s as engine
    import Stemmer

    stemmer = Stemmer.Stemmer("english")

    def cut(texts: list[str]) -> engine.tokenization.Tokenized:
        return engine.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)

    ranker = engine.BM25()
    ranker.index(cut([one.whole for one in documents]), show_progress=False)
    size = min(DEPTH, len(documents))
    found = ranker.retrieve(cut(list(queries)), k=size, show_progress=False)
    # It fills up the page with documents that hold none of the words, at a score of zero.
    return [
        [int(row) for row, score in zip(rows, scores, strict=True) if score > 0]
        for rows, scores in zip(found.documents, found.scores, strict=True)
    ]


def whoosh(documents: Sequence[Document], queries: Sequence[str], folder: Path) -> Rankings:
    """Whoosh as it comes: one field, its stemming analyser, its BM25F; any of the words."""
    from whoosh import analysis, fields, index, query

    analyser = analysis.StemmingAnalyzer()
    schema = fields.Schema(text=fields.TEXT(analyzer=analyser, phrase=False))
    made = index.create_in(str(folder), schema)
    writer = made.writer(limitmb=256)
    for one in documents:
        writer.add_document(text=one.whole)
    writer.commit(optimize=True)
    with made.searcher() as searcher:
        asked = [
            query.Or([query.Term("text", word.text) for word in analyser(one)]) for one in queries
        ]
        return [[hit.docnum for hit in searcher.search(one, limit=DEPTH)] for one in asked]


PEERS: dict[str, Callable[[Sequence[Document], Sequence[str], Path], Rankings]] = {
    "SQLite FTS5, porter": fts5,
    "tantivy, English stemmer": tantivy,
    "bm25s, Snowball stemmer": bm25s,
    "Whoosh as it comes": whoosh,
}


def words(text: str) -> list[str]:
    """The words of a query, free of the signs that another engine's language gives a meaning."""
    return re.findall(r"\w+", text)


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """Where the mean lies in 95 of 100 resamples of the queries."""
    drawn = np.random.default_rng(0).choice(differences, (RESAMPLES, len(differences)))
    low, high = np.percentile(drawn.mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def compare(collection: Collection, *, headings: bool) -> None:
    """Rank with every engine and print the table of one collection."""
    size, asked = len(collection.documents), len(collection.queries)
    print(f"\n{collection.name}: {size} documents, {asked} queries")
    print(f"{'':28}nDCG@10   recall@100")
    engines = {**PEERS, "this search": with_headings if headings else this_search}
    results = {}
    for name, ranked in engines.items():
        with tempfile.TemporaryDirectory() as folder:
            rankings = ranked(collection.documents, collection.queries, Path(folder))
        results[name] = collection.measured(rankings)
        print(f"{name:28}" + "".join(f"{np.mean(one):7.4f}   " for one in results[name].values()))
    own = results.pop("this search")
    for measure, values in own.items():
        best = max(results, key=lambda name: float(np.mean(results[name][measure])))
        differences = np.subtract(values, results[best][measure])
        low, high = interval(differences.tolist())
        print(f"{measure}: {differences.mean():+.4f} over {best} (95 % {low:+.4f} to {high:+.4f})")


def main() -> None:
    """Read the collections and print a table for each."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "folders", nargs="*", type=Path, help="collections; default: the shared two"
    )
    parser.add_argument(
        "--headings", action="store_true", help="titles are headings in this search"
    )
    parser.add_argument("--pairs", action="store_true", help="the repeats of the starter corpus")
    wanted = parser.parse_args()
    missing = [name for name in ("tantivy", "bm25s") if find_spec(name) is None]
    if missing:
        sys.exit(f"pip install {' '.join(missing)}")
    for collection in collections(wanted.folders, pairs=wanted.pairs):
        compare(collection, headings=wanted.headings)


def collections(folders: Sequence[Path], *, pairs: bool) -> Iterator[Collection]:
    """What was asked for; ends the bench where a folder holds no collection."""
    if pairs:
        yield Collection.of_pairs()
        return
    for folder in folders or [SEARCH / name for name in COLLECTIONS]:
        if not (folder / "qrels.tsv").is_file():
            sys.exit(
                f"no collection in {folder}: docs.jsonl, queries.jsonl and qrels.tsv are wanted"
            )
        yield Collection.read(folder)


if __name__ == "__main__":
    main()
