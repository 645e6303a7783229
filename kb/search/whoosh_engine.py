"""The search engine of one laptop: an index of Whoosh, and beside it arrays that answer quickly.

Whoosh holds the fields, the places of their stems and the words as printed. The arrays hold the
same in the form in which ranking, phrases, beginnings, filters and counts are a few operations on
whole arrays; a test holds them to what Whoosh answers. ``indexing.py`` writes what is read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from kb.index.columns import Mask
from kb.index.manifest import unreadable
from kb.index.postings import Postings
from kb.index.records import Records
from kb.index.wording import FIELDS
from kb.search.array_text import ArrayText
from kb.search.engine import FACETS, Filters, Hit, Page, Sort
from kb.search.facets import count_facets, narrowed
from kb.search.filters import filter_masks
from kb.search.highlight import highlights
from kb.search.indexing import texts_of
from kb.search.matching import Matcher, positive_terms, wanted_by
from kb.search.query import Query
from kb.search.ranking import RERANKED, Ranker, Scores
from kb.search.spelling import MARK, stem
from kb.search.synonyms import read_abbreviations
from kb.search.whoosh_text import WhooshText
from kb.text.abbreviations import Abbreviations

if TYPE_CHECKING:
    from kb.search.explanation import Explanation

STATUS_ORDER = ("not-started", "in-progress", "ongoing", "complete", "not-accepted")


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
        self._whoosh = WhooshText(folder, len(records))
        self._text = ArrayText(folder, postings)
        self._matcher = Matcher(self._ranker, records.columns, self._text, len(records))

    @classmethod
    def open(cls, folder: Path, records: Records) -> Self:
        """Open a generation's folder; raises IndexUnreadable if it is damaged."""
        postings = Postings.open(folder, len(FIELDS))
        if len(postings) != len(records):
            raise unreadable("the postings do not fit the records", folder)
        return cls(folder, records, postings, read_abbreviations(folder))

    def check(self) -> None:
        """Open everything that is otherwise opened when needed, to see that it can be."""
        self._whoosh.open()
        _ = self._postings.vocabulary, self._text.words
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

    def count(self, query: Query, filters: Filters = Filters()) -> int:  # noqa: B008  (frozen)
        """How many recommendations a query finds."""
        found = self._matcher.matches(query.root).mask
        return int(narrowed(found, filter_masks(self._records.columns, filters)).sum())

    def explain(self, query: Query, filters: Filters, rows: Sequence[int]) -> Explanation:
        """How a query was understood, and why these rows, which it finds, score as they do."""
        from kb.search.explaining import Explainer, Gained

        found = self._matcher.matches(query.root)
        mask = narrowed(found.mask, filter_masks(self._records.columns, filters))
        words, best = positive_terms(query.root), _best_rows(mask, found.scores, RERANKED)
        raises = self._ranker.raises(words, best, found.scores[best]) if words else {}
        place = {row: at for at, row in enumerate(best.tolist())}
        gained = []
        for row in rows:
            more = {name: float(by[place[row]]) for name, by in raises.items() if row in place}
            score = float(found.scores[row]) + sum(more.values())
            gained.append(Gained(row, texts_of(self._records.entry(row)), score, more))
        explainer = Explainer(self._matcher, self._abbreviations)
        return explainer.explain(query, filters, gained)

    def words(self) -> Sequence[str]:
        """Every word that any recommendation prints, in lower case."""
        return [word for word in self._text.words.listed if not word.startswith(MARK)]

    def frequency(self, word: str) -> float:
        """About how many recommendations hold a word in any of its forms and spellings."""
        return self._postings.frequency(stem(word))

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
        hits = []
        for row in rows.tolist():
            text = self._records.text(row)
            spans = highlights(text, wanted, self._abbreviations) if highlight else ()
            score = round(float(scores[row]), 4)
            hits.append(Hit(row, self._records.id(row), score, text, spans))
        return tuple(hits)


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
