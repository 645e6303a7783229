"""The search page in Datasette, over the SQLite FTS5 index of `search_peers`: two ways to ask it.

One way is a canned query, as lean as SQL makes it: one scan weighs what is found by bm25, the best
20 with `snippet()` and the eight commonest values of each filter come back as one cell, and a
template of ours (`datasette_site/templates`) writes the page that `kb serve` writes. The other is
Datasette's own page of a table, searched and narrowed, with its own facets: its own look, rows in
the order of the table, no snippets; each facet asks the index again.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from search_peers import A_FACET, FIELDS, SHOWN, Document, Fts5, Question

from kb import KnowledgeBase
from kb.model import STATUS_NAMES
from kb.search.engine import FACETS
from kb.web.narrowing import FACETS as COUNTED
from kb.web.pages.searching import SHOWN_VALUES

HERE = Path(__file__).parent / "datasette_site"
MOST_FILTERS = 2
LISTS = ("theme", "group", "sector", "agency")
_YEARS = FACETS.index("year") * A_FACET
SETTINGS = {
    "cache_size_kb": "400000",
    "sql_time_limit_ms": "100000",
    "facet_time_limit_ms": "100000",
    "suggest_facets": "off",
    "default_facet_size": str(SHOWN_VALUES),
    "default_page_size": str(SHOWN),
}


class Pages:
    """The addresses of the pages, once the database is written."""

    def __init__(self, folder: Path, base: KnowledgeBase, documents: list[Document]) -> None:
        """Write the database and what Datasette is told of it into a folder."""
        self._fts5 = Fts5(folder, documents)
        self._fts5.close()
        self.database = folder / "fts5.db"
        self.metadata = folder / "metadata.json"
        self._codes = self._fts5.codes
        with sqlite3.connect(self.database) as written:
            _write_values(written, base, self._codes)
            _write_items(written, base, documents)
        written.close()
        queries = {f"search{count}": {"sql": _sql(count)} for count in range(MOST_FILTERS + 1)}
        tables = {"item": {"fts_table": "docs", "fts_pk": "id"}}
        told = {"databases": {"fts5": {"queries": queries, "tables": tables}}}
        self.metadata.write_text(json.dumps(told), "utf-8")

    def options(self) -> list[str]:
        """How Datasette is started on them."""
        settings = [word for pair in SETTINGS.items() for word in ("--setting", *pair)]
        folders = [f"--{name}-dir={HERE / name}s" for name in ("template", "plugin")]
        folders[1] = f"--plugins-dir={HERE / 'plugins'}"
        return ["-i", str(self.database), "-m", str(self.metadata), *folders, *settings]

    def canned(self, question: Question) -> str:
        """The address of the canned query."""
        asked: dict[str, Any] = {"q": self._fts5.matching(question)}
        for at, (name, values) in enumerate(question.filters):
            asked[f"codes{at}"] = json.dumps([self._codes.get((name, one), -1) for one in values])
            asked[f"own{at}"] = FACETS.index(name) * A_FACET
        return f"/fts5/search{len(question.filters)}?{urlencode(asked)}"

    def table(self, question: Question) -> str:
        """The address of the table."""
        asked: list[tuple[str, str]] = [
            ("_search", self._fts5.matching(question)),
            ("_searchmode", "raw"),
            *(("_facet_array" if one in LISTS else "_facet", one) for one in COUNTED),
        ]
        for name, values in question.filters:
            if name in LISTS:
                asked += [(f"{name}__arraycontains", one) for one in values]
            else:
                asked += [(f"{name}__in", json.dumps(values))]
        return f"/fts5/item?{urlencode(asked)}"


def _write_values(
    written: sqlite3.Connection, base: KnowledgeBase, codes: dict[tuple[str, str], int]
) -> None:
    """The names of the values, and what is counted: all but the years."""
    names = {field: dict(base.values(field)) for field in COUNTED}
    written.execute("CREATE TABLE value (code INTEGER PRIMARY KEY, field, value, name)")
    written.executemany(
        "INSERT INTO value VALUES (?, ?, ?, ?)",
        [
            (code, field, value, names[field].get(value, value))
            for (field, value), code in codes.items()
            if field in names
        ],
    )
    written.execute(
        "CREATE TABLE counted (doc INT, code INT, PRIMARY KEY (doc, code)) WITHOUT ROWID"
    )
    written.execute("INSERT INTO counted SELECT * FROM facet WHERE code < ?", [_YEARS])


def _write_items(
    written: sqlite3.Connection, base: KnowledgeBase, documents: list[Document]
) -> None:
    """What a page shows of each recommendation beside its text."""
    themes = dict(base.values("theme"))
    columns = ("identity", "title", "position", "text", "status_name", "themes", *FACETS)
    quoted = ", ".join(f'"{name}"' for name in columns)
    written.execute(f"CREATE TABLE item (id INTEGER PRIMARY KEY, {quoted})")
    rows = []
    for row, document in enumerate(documents):
        data = base.index.records.json(row)
        position = data["recommendation"]["position"]
        values = {
            name: json.dumps(held) if name in LISTS else next(iter(held), None)
            for name, held in document.values.items()
        }
        shown = (
            f"{data['review']['id']}/{position}",
            data["review"]["title"],
            position,
            document.texts["text"],
            STATUS_NAMES.get(values["status"] or "", "Status not stated"),
            json.dumps([(one, themes[one]) for one in document.values["theme"]]),
        )
        rows.append((row, *shown, *(values[name] for name in FACETS)))
    written.executemany(f"INSERT INTO item VALUES (?{', ?' * (len(columns))})", rows)
    written.execute("ANALYZE")


def _sql(filters: int) -> str:
    """The page under so many filters, each filter's own counts without it."""
    holds = [
        f"EXISTS (SELECT 1 FROM facet WHERE doc = id AND code IN (SELECT value FROM json_each(:codes{at})))"  # noqa: E501
        for at in range(filters)
    ]
    narrowed = " AND ".join(holds) or "1"
    own = [f"code BETWEEN :own{at} AND :own{at} + {A_FACET - 1}" for at in range(filters)]
    counts = [
        "SELECT code, count(*) AS number FROM narrowed CROSS JOIN counted ON doc = id"
        f" WHERE {' AND '.join(f'NOT ({one})' for one in own) or '1'} GROUP BY code",
        *(
            "SELECT code, count(*) FROM found CROSS JOIN counted ON doc = id"
            f" WHERE {' AND '.join([one, *holds[:at], *holds[at + 1 :]])} GROUP BY code"
            for at, one in enumerate(own)
        ),
    ]
    return f"""
WITH found AS MATERIALIZED (
  SELECT rowid AS id, bm25(docs, {", ".join(map(str, FIELDS.values()))}) AS score
  FROM docs WHERE docs MATCH :q
),
narrowed AS MATERIALIZED (SELECT id, score FROM found WHERE {narrowed}),
best AS MATERIALIZED (SELECT id, score FROM narrowed ORDER BY score, id LIMIT {SHOWN}),
counts AS MATERIALIZED ({" UNION ALL ".join(counts)}),
ranked AS (
  SELECT field, value, name, number, count(*) OVER (PARTITION BY field) AS held,
    row_number() OVER (PARTITION BY field ORDER BY number DESC, value) AS place
  FROM counts JOIN value USING (code)
),
hits AS (
  SELECT item.*, snippet(docs, 0, char(2), char(3), '…', 40) AS marked
  FROM docs JOIN item ON item.id = docs.rowid JOIN best ON best.id = docs.rowid
  WHERE docs MATCH :q AND docs.rowid IN (SELECT id FROM best) ORDER BY best.score, best.id
)
SELECT json_object(
  'total', (SELECT count(*) FROM narrowed),
  'hits', (SELECT json_group_array(json_object('identity', identity, 'title', title,
    'position', position, 'marked', marked, 'status', status, 'status_name', status_name,
    'area', area, 'year', year, 'kind', kind, 'agency', agency, 'themes', json(themes)))
    FROM hits),
  'facets', (SELECT json_group_array(json_object('field', field, 'value', value, 'name', name,
    'number', number, 'held', held)) FROM ranked WHERE place <= {SHOWN_VALUES})
) AS page
"""
