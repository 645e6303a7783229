"""The search engine of one laptop: what is shared by all that can find a query's rows in its files.

Scores, filters, facet counts, order, pages and highlights come from arrays, whatever ``Matching``
finds the rows. ``indexing.py`` writes what is read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kb.index.columns import Mask
from kb.index.damage import reading
from kb.index.records import Records
from kb.index.words import Words
from kb.search.engine import FACETS, Filters, Hit, Page, Sort
from kb.search.facets import count_facets, narrowed
from kb.search.filters import filter_masks
from kb.search.highlight import highlights, wanted_by
from kb.search.indexing import texts_of
from kb.search.matching import Matching, positive_terms
from kb.search.query import Query
from kb.search.ranking import RERANKED, Ranker, Scores
from kb.search.scoring import Scorer
from kb.search.spelling import MARK, stem
from kb.text.abbreviations import Abbreviations

if TYPE_CHECKING:
    from kb.search.explanation import Explanation

STATUS_ORDER = ("not-started", "in-progress", "ongoing", "complete", "not-accepted")


class LocalEngine:
    """Searches one generation of the index."""

    def __init__(
        self,
        records: Records,
        ranker: Ranker,
        matching: Matching,
        abbreviations: Abbreviations,
    ) -> None:
        """Search these open files; ``open_engine`` opens them."""
        self.name = matching.name
        self._records = records
        self._abbreviations = abbreviations
        self._matching = matching
        self._ranker = ranker
        self._scorer = Scorer(ranker, matching, len(records))

    @cached_property
    def _words(self) -> Words:
        return Words.open(self._records.folder)

    def check(self) -> None:
        """Open everything that is otherwise opened when needed, to see that it can be."""
        with self._reading():
            self._matching.check()
            _ = self._words, self._ranker.frequency("")
            for name in (*FACETS, "review", "publication"):
                self._records.columns[name]

    def close(self) -> None:
        """Let go of the index's files; the records stay with who opened them."""
        self._matching.close()

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
        with self._reading():
            columns = self._records.columns
            found = self._scorer.mask(query.root)
            masks = filter_masks(columns, filters)
            mask = narrowed(found, masks)
            scores = self._reranked(query, mask, self._scorer.scores(query.root))
            order = self._order(mask, scores, sort, offset + limit)[offset : offset + limit]
            hits = self._hits(query, order, scores, highlight=highlight)
            return Page(int(mask.sum()), hits, count_facets(columns, facets, found, masks))

    def count(self, query: Query, filters: Filters = Filters()) -> int:  # noqa: B008  (frozen)
        """How many recommendations a query finds."""
        with self._reading():
            masks = filter_masks(self._records.columns, filters)
            return int(narrowed(self._scorer.mask(query.root), masks).sum())

    def explain(self, query: Query, filters: Filters, rows: Sequence[int]) -> Explanation:
        """How a query was understood, and why these rows, which it finds, score as they do."""
        from kb.search.explaining import Explainer, Gained

        with self._reading():
            found, scores = self._scorer.mask(query.root), self._scorer.scores(query.root)
            mask = narrowed(found, filter_masks(self._records.columns, filters))
            words, best = positive_terms(query.root), _best_rows(mask, scores, RERANKED)
            raises = self._ranker.raises(words, best, scores[best]) if words else {}
            place = {row: at for at, row in enumerate(best.tolist())}
            gained = []
            for row in rows:
                more = {name: float(by[place[row]]) for name, by in raises.items() if row in place}
                score = float(scores[row]) + sum(more.values())
                gained.append(Gained(row, texts_of(self._records.entry(row)), score, more))
            explainer = Explainer(
                self._scorer, self._records.columns, self._abbreviations, self.name
            )
            return explainer.explain(query, filters, gained)

    def words(self) -> Sequence[str]:
        """Every word that any recommendation prints, in lower case."""
        with self._reading():
            return [word for word in self._words.listed if not word.startswith(MARK)]

    def frequency(self, word: str) -> float:
        """About how many recommendations hold a word in any of its forms and spellings."""
        with self._reading():
            return self._ranker.frequency(stem(word))

    def _reading(self) -> AbstractContextManager[None]:
        """Damage that opening does not see (it does not read all) is told where it is met."""
        return reading("the index", self._records.folder)

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
