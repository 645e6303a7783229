"""SQLite FTS5 and tantivy giving the page that `kb search` gives: a search engine to a class.

The page is the 20 best with their texts and the matched words marked, how many were found, and the
counts of every facet, each without its own filter. Both index the same three fields with the same
weights, stem English, and are spared function words, which they would look up one by one.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kb.search.engine import FACETS
from kb.text.tokens import STOP_WORDS, tokenise

FIELDS = {"text": 1.0, "agency": 0.3, "title": 0.2}
SHOWN = 20
A_FACET = 1_000_000


class Question(NamedTuple):
    """What is asked: words to add up, a phrase, or a beginning; the values of filters."""

    kind: str
    words: tuple[str, ...]
    filters: tuple[tuple[str, tuple[str, ...]], ...]

    def content(self) -> list[str]:
        """The words without function words, unless there is nothing else."""
        words = [token.text for word in self.words for token in tokenise(word)]
        return [word for word in words if word not in STOP_WORDS] or words


class Document(NamedTuple):
    """One recommendation as the peers take it in: three texts, and the values of each facet."""

    texts: dict[str, str]
    values: dict[str, tuple[str, ...]]


class Found(NamedTuple):
    """The page: how many in all, (text, marked text) of the best, and the counts."""

    total: int
    shown: list[tuple[str, str]]
    counts: dict[str, dict[str, int]]


class Fts5:
    """SQLite's full-text index; one scan weighs all that is found into a table in memory."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path, documents: Iterable[Document]) -> None:
        self._base = sqlite3.connect(folder / "fts5.db")
        self.codes: dict[tuple[str, str], int] = {}
        run = self._base.execute
        run("PRAGMA cache_size = -400000")
        run("PRAGMA temp_store = MEMORY")
        run(
            f"CREATE VIRTUAL TABLE docs USING fts5({', '.join(FIELDS)},"
            " tokenize='porter unicode61', prefix='3 4 5')"
        )
        run("CREATE TABLE facet (doc INT, code INT, PRIMARY KEY (doc, code)) WITHOUT ROWID")
        run("CREATE TEMP TABLE found (id INTEGER PRIMARY KEY, score REAL)")
        for number, document in enumerate(documents):
            self._add(number, document)
        run("INSERT INTO docs(docs) VALUES ('optimize')")
        run("ANALYZE")
        self._base.commit()
        self._values = {code: pair for pair, code in self.codes.items()}

    def _add(self, number: int, document: Document) -> None:
        texts = [document.texts[field] for field in FIELDS]
        self._base.execute(
            f"INSERT INTO docs(rowid, {', '.join(FIELDS)}) VALUES (?, ?, ?, ?)", [number, *texts]
        )
        codes = [
            self.codes.setdefault((name, value), at * A_FACET + len(self.codes))
            for at, (name, values) in enumerate(document.values.items())
            for value in values
        ]
        self._base.executemany("INSERT INTO facet VALUES (?, ?)", [(number, c) for c in codes])

    def page(self, question: Question) -> Found:
        """The page of a question."""
        run = self._base.execute
        words = self.matching(question)
        run("DELETE FROM found")
        run(
            "INSERT INTO found SELECT rowid, bm25(docs, ?, ?, ?) FROM docs WHERE docs MATCH ?",
            [*FIELDS.values(), words],
        )
        narrowed = self._narrowed(question, None)
        total = run(f"SELECT count(*) FROM found WHERE {narrowed}").fetchone()[0]
        best = run(
            f"SELECT id FROM found WHERE {narrowed} ORDER BY score, id LIMIT {SHOWN}"
        ).fetchall()
        marked = {
            row[0]: (row[1], row[2])
            for row in run(
                "SELECT rowid, text, snippet(docs, 0, '<b>', '</b>', '…', 40) FROM docs"
                f" WHERE docs MATCH ? AND rowid IN ({', '.join(str(one) for (one,) in best)})",
                [words],
            )
        }
        counts = self._counts(narrowed)
        for name, _ in question.filters:
            code = FACETS.index(name) * A_FACET
            own = f"code BETWEEN {code} AND {code + A_FACET - 1}"
            counts[name] = self._counts(f"{own} AND {self._narrowed(question, name)}").get(name, {})
        return Found(total, [marked[one] for (one,) in best], counts)

    def matching(self, question: Question) -> str:
        """The question in FTS5's own language."""
        if question.kind == "phrase":
            return f'"{" ".join(question.words)}"'
        if question.kind == "prefix":
            return f'"{question.words[0]}"*'
        return " OR ".join(f'"{word}"' for word in question.content())

    def _narrowed(self, question: Question, without: str | None) -> str:
        """The condition that all filters but one set."""
        conditions = [
            f"EXISTS (SELECT 1 FROM facet WHERE doc = id AND code IN ({self._listed(*one)}))"
            for one in question.filters
            if one[0] != without
        ]
        return " AND ".join(conditions) or "1"

    def _listed(self, name: str, values: Iterable[str]) -> str:
        return ", ".join(str(self.codes.get((name, value), -1)) for value in values)

    def _counts(self, narrowed: str) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        rows = self._base.execute(
            "SELECT code, count(*) FROM found CROSS JOIN facet ON doc = id"
            f" WHERE {narrowed} GROUP BY code"
        )
        for code, count in rows:
            name, value = self._values[code]
            counts.setdefault(name, {})[value] = count
        return counts

    def close(self) -> None:
        self._base.close()


class Tantivy:
    """The Rust library; counts are its terms aggregations over fast fields."""

    name = "tantivy"

    def __init__(self, folder: Path, documents: Iterable[Document]) -> None:
        import tantivy

        self._tantivy: Any = tantivy
        place = folder / "tantivy"
        place.mkdir()
        builder = tantivy.SchemaBuilder()
        for field in FIELDS:
            builder.add_text_field(field, stored=field == "text", tokenizer_name="english")
        for name in FACETS:
            builder.add_text_field(
                f"facet_{name}", fast=True, tokenizer_name="raw", index_option="basic"
            )
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(place))
        analyser = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        for step in (tantivy.Filter.lowercase(), tantivy.Filter.stemmer("english")):
            analyser = analyser.filter(step)
        self._analyser = analyser.build()
        self._index.register_tokenizer("english", self._analyser)
        writer = self._index.writer(heap_size=400_000_000, num_threads=1)
        for document in documents:
            values = {f"facet_{name}": list(values) for name, values in document.values.items()}
            writer.add_document(tantivy.Document(**document.texts, **values))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def page(self, question: Question) -> Found:
        """The page of a question."""
        words = self._words(question)
        query = self._narrowed(words, question, None)
        result: Any = self._searcher.search(query, limit=SHOWN, count=True)
        marker = self._tantivy.SnippetGenerator.create(self._searcher, words, self._schema, "text")
        shown: list[tuple[str, str]] = []
        for _, address in result.hits:
            document = self._searcher.doc(address)
            snippet = marker.snippet_from_doc(document)
            shown.append((str(document.get_first("text")), snippet.to_html()))
        counts = self._counts(
            query, [name for name in FACETS if name not in dict(question.filters)]
        )
        for name, _ in question.filters:
            counts |= self._counts(self._narrowed(words, question, name), [name])
        return Found(result.count, shown, counts)

    def _words(self, question: Question) -> Any:
        kinds = self._tantivy.Query
        should = self._tantivy.Occur.Should
        stems = self._analyser.analyze(" ".join(question.words))
        parts = []
        for field, weight in FIELDS.items():
            if question.kind == "phrase":
                one = kinds.phrase_query(self._schema, field, stems)
                parts.append(kinds.boost_query(one, weight))
            elif question.kind == "prefix":
                one = kinds.regex_query(self._schema, field, f"{question.words[0]}.*")
                parts.append(kinds.boost_query(one, weight))
            else:
                for stem in self._analyser.analyze(" ".join(question.content())):
                    one = kinds.term_query(self._schema, field, stem)
                    parts.append(kinds.boost_query(one, weight))
        return kinds.boolean_query([(should, part) for part in parts])

    def _narrowed(self, words: Any, question: Question, without: str | None) -> Any:
        kinds = self._tantivy.Query
        must = self._tantivy.Occur.Must
        filters = [
            (
                must,
                kinds.const_score_query(
                    kinds.term_set_query(self._schema, f"facet_{name}", values), 0.0
                ),
            )
            for name, values in question.filters
            if name != without
        ]
        return kinds.boolean_query([(must, words), *filters]) if filters else words

    def _counts(self, query: Any, names: list[str]) -> dict[str, dict[str, int]]:
        wanted = {name: {"terms": {"field": f"facet_{name}", "size": 10_000}} for name in names}
        answer = self._searcher.aggregate(query, wanted)
        return {
            name: {bucket["key"]: bucket["doc_count"] for bucket in answer[name]["buckets"]}
            for name in names
        }

    def close(self) -> None:
        """Nothing needs closing."""


@contextlib.contextmanager
def peers(folder: Path, documents: list[Document]) -> Iterator[list[Fts5 | Tantivy]]:
    """Both, having taken in the same documents."""
    made: list[Fts5 | Tantivy] = [Fts5(folder, documents), Tantivy(folder, documents)]
    try:
        yield made
    finally:
        for one in made:
            one.close()
