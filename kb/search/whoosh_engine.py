"""The search engine of one laptop: Whoosh for words in order and vocabulary, arrays for the rest.

Whoosh holds the fields, the places of their stems and the words as printed; it answers phrases,
beginnings and words in one field. Ranking, filters and counts are sums over arrays, which Whoosh
does too slowly. A document's number in Whoosh is its row: one segment, written in order.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from kb.index.columns import Mask
from kb.index.manifest import unreadable
from kb.index.postings import Postings, PostingsWriter
from kb.index.records import Records
from kb.search.engine import FACETS, Filters, Hit, Page, Sort
from kb.search.facets import count_facets, narrowed
from kb.search.filters import filter_masks
from kb.search.highlight import highlights
from kb.search.matching import Matcher, positive_terms, wanted_by
from kb.search.query import Query
from kb.search.ranking import FIELD_WEIGHTS, RERANKED, B, Ranker, Scores
from kb.search.synonyms import concepts_in, read_abbreviations, write_abbreviations
from kb.text.abbreviations import Abbreviations
from kb.text.tokens import STOP_WORDS, stem, tokenise

if TYPE_CHECKING:
    from kb.model import Entry

FOLDER = "whoosh"
WORDS = "words"
STATUS_ORDER = ("not-started", "in-progress", "ongoing", "complete", "not-accepted")


def build_search(folder: Path, entries: Iterable[Entry], abbreviations: Abbreviations) -> None:
    """Index these entries, in row order, into a generation's folder."""
    from whoosh import index

    (folder / FOLDER).mkdir()
    writer = index.create_in(str(folder / FOLDER), _schema()).writer(limitmb=256)
    postings = PostingsWriter(FIELD_WEIGHTS, B)
    try:
        for entry in entries:
            writer.add_document(**_add(postings, entry, abbreviations))
        writer.commit(optimize=True)
    except BaseException:
        # What stopped the build matters, not what giving it up trips over.
        with contextlib.suppress(Exception):
            writer.cancel()
        raise
    postings.write(folder)
    write_abbreviations(folder, abbreviations)


class WhooshEngine:
    """Searches one generation of the index."""

    name = "whoosh"

    def __init__(
        self, folder: Path, records: Records, postings: Postings, abbreviations: Abbreviations
    ) -> None:
        """Search these open files; use ``WhooshEngine.open``."""
        self._records = records
        self._postings = postings
        self._abbreviations = abbreviations
        self._ranker = Ranker(postings, abbreviations)
        self._whoosh = WhooshText(folder / FOLDER, len(records))
        self._matcher = Matcher(self._ranker, records.columns, self._whoosh, len(records))

    @classmethod
    def open(cls, folder: Path, records: Records) -> Self:
        """Open a generation's folder; raises IndexUnreadable if it is damaged."""
        postings = Postings.open(folder)
        if len(postings) != len(records):
            raise unreadable("the postings do not fit the records", folder)
        return cls(folder, records, postings, read_abbreviations(folder))

    def check(self) -> None:
        """Open everything that is otherwise opened when needed, to see that it can be."""
        self._whoosh.open()
        _ = self._postings.vocabulary
        for name in (*FACETS, "review", "publication"):
            self._records.columns[name]

    def close(self) -> None:
        """Let go of the index's files; the records stay with who opened them."""
        self._whoosh.close()

    def search(
        self,
        query: Query,
        filters: Filters = Filters(),  # noqa: B008  (frozen)
        *,
        limit: int = 20,
        offset: int = 0,
        sort: Sort = "relevance",
        facets: Sequence[str] = (),
        highlight: bool = True,
    ) -> Page:
        """The page of a query: best first, or as ``sort`` says, ties by row.

        A query without a word matches everything. ``facets`` are names of ``FACETS``.
        """
        columns = self._records.columns
        found = self._matcher.matches(query.root)
        masks = filter_masks(columns, filters)
        mask = narrowed(found.mask, masks)
        scores = self._reranked(query, mask, found.scores)
        order = self._order(mask, scores, sort, offset + limit)[offset : offset + limit]
        hits = self._hits(query, order, scores, highlight=highlight)
        return Page(int(mask.sum()), hits, count_facets(columns, facets, found.mask, masks))

    def _reranked(self, query: Query, mask: Mask, scores: Scores) -> Scores:
        """The scores, raised for the best few by what ranking finds out about them together.

        The same few whatever page is asked for, so that pages never overlap.
        """
        words = positive_terms(query.root)
        rows = _best_rows(mask, scores, RERANKED)
        if not words or not len(rows):
            return scores
        raised = scores.copy()
        raised[rows] = self._ranker.reranked(words, rows, scores[rows])
        return raised

    def _order(self, mask: Mask, scores: Scores, sort: Sort, upto: int) -> NDArray[np.intp]:
        if sort == "relevance":
            rows = _best_rows(mask, scores, upto)
            return rows[np.lexsort((rows, -scores[rows]))]
        rows = np.flatnonzero(mask)
        if sort == "newest":
            column = self._records.columns["year"]
            keys = [-int(year) for year in column.values] + [0]
        else:
            column = self._records.columns["status"]
            keys = [STATUS_ORDER.index(status) for status in column.values] + [len(STATUS_ORDER)]
        key = np.array(keys)[column.first()[rows]]
        return rows[np.lexsort((rows, -scores[rows], key))]

    def _hits(
        self, query: Query, rows: NDArray[np.intp], scores: Scores, *, highlight: bool
    ) -> tuple[Hit, ...]:
        wanted = wanted_by(query.root, self._ranker)
        return tuple(
            Hit(
                row,
                self._records.id(row),
                round(float(scores[row]), 4),
                highlights(self._records.text(row), wanted, self._abbreviations)
                if highlight
                else (),
            )
            for row in rows.tolist()
        )


class WhooshText:
    """The Whoosh index of a generation, opened when first asked."""

    def __init__(self, folder: Path, rows: int) -> None:
        """Answer from this folder, which must hold so many documents."""
        self._folder = folder
        self._rows = rows
        self._searcher: Any = None

    def open(self) -> None:
        """Open the index; raises IndexUnreadable if it is damaged or does not fit the records."""
        if self._searcher is None:
            with self._guard():
                from whoosh import index

                self._searcher = index.open_dir(str(self._folder), readonly=True).searcher()
            if self._searcher.doc_count_all() != self._rows:
                raise unreadable("the full-text index does not fit the records", self._folder)

    def close(self) -> None:
        """Let go of the index's files."""
        if self._searcher is not None:
            self._searcher.close()
            self._searcher = None

    def phrase(self, stems: Sequence[str], field: str | None = None) -> list[int]:
        """The rows where these stems follow each other, in any field or in this one."""
        self.open()
        with self._guard():
            from whoosh import query

            fields = [field] if field else list(FIELD_WEIGHTS)
            parts = [
                query.Phrase(name, list(stems)) if len(stems) > 1 else query.Term(name, stems[0])
                for name in fields
            ]
            return sorted({row for part in parts for row in part.docs(self._searcher)})

    def beginning(self, start: str) -> list[int]:
        """The rows with a word that begins so."""
        self.open()
        with self._guard():
            from whoosh import query

            return sorted(query.Prefix(WORDS, start).docs(self._searcher))

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        """Whoosh raises whatever its damaged files make it do: all of it means unreadable."""
        try:
            yield
        except MemoryError:
            raise
        except Exception as error:
            raise unreadable(
                f"the full-text index cannot be read ({type(error).__name__}: {error})",
                self._folder,
            ) from error


def _schema() -> Any:
    from whoosh import analysis, fields

    # Fields are given as lists of stems, so that every part of the program cuts words alike; the
    # analyser only stands in where Whoosh wants one.
    analyser = analysis.SpaceSeparatedTokenizer()
    texts = {name: fields.TEXT(analyzer=analyser, phrase=True) for name in FIELD_WEIGHTS}
    words = fields.TEXT(analyzer=analyser, phrase=False)
    return fields.Schema(id=fields.ID(stored=True), **{WORDS: words}, **texts)


def _add(postings: PostingsWriter, entry: Entry, abbreviations: Abbreviations) -> dict[str, Any]:
    """Add an entry to the postings; returns it as a document of Whoosh."""
    stems: dict[str, list[str]] = {}
    concepts: dict[str, list[str]] = {}
    lengths: dict[str, int] = {}
    words: set[str] = set()
    for name, text in _texts(entry).items():
        tokens = tokenise(text)
        stems[name] = [stem(token.text) for token in tokens]
        concepts[name] = concepts_in(abbreviations, text, tokens)
        lengths[name] = sum(token.text not in STOP_WORDS for token in tokens)
        words.update(token.text for token in tokens)
    postings.add(stems, concepts, lengths, stems["text"])
    filled = {name: found for name, found in stems.items() if found}
    return {"id": entry.id, **filled, **({WORDS: sorted(words)} if words else {})}


def _texts(entry: Entry) -> dict[str, str]:
    """The text of each field that is searched."""
    recommendation = entry.recommendation
    agencies = [recommendation.lead_agency or ""]
    agencies += [agency.name for agency in recommendation.lead_agencies]
    return {
        "text": recommendation.text,
        "heading": recommendation.heading or "",
        "agency": " | ".join(dict.fromkeys(filter(None, agencies))),
        "title": entry.review.title,
        "action": recommendation.action or "",
        "outcome": recommendation.outcome or "",
    }


def _best_rows(mask: Mask, scores: Scores, size: int) -> NDArray[np.intp]:
    """The matching rows that score best, at least ``size`` where there are so many.

    Every row that ties with the last is among them, so that an order by score and row is the same
    however many are asked for.
    """
    rows = np.flatnonzero(mask)
    if len(rows) <= size or size < 1:
        return rows
    held = scores[rows]
    border = np.partition(held, len(rows) - size)[len(rows) - size]
    best: NDArray[np.intp] = rows[held >= border]
    return best
