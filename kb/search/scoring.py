"""How well rows match a query: what each of its parts gives, added up where it holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kb.index.columns import Mask
from kb.index.kept import Kept
from kb.search.matching import Matching, meaning, settled, spoken
from kb.search.query import And, Best, Near, Node, Or, Phrase, Prefix, Term
from kb.search.ranking import Ranker, Scores

_REMEMBERED = 32  # parts of queries whose rows are kept: each is asked for more than once


class Scorer:
    """Scores queries over one generation, whatever finds their rows."""

    def __init__(self, ranker: Ranker, matching: Matching, rows: int) -> None:
        """Score by this ranker what this matching finds among so many rows."""
        self.ranker = ranker
        self.rows = rows
        self._matching = matching
        self._masks: Kept[Node | None, Mask] = Kept(_REMEMBERED)

    def mask(self, node: Node | None) -> Mask:
        """Which rows a query's tree matches."""
        return self._masks.of(node, lambda one: self._matching.mask(settled(one)))

    def scores(self, node: Node | None) -> Scores:
        """What a query's tree gives each row; 0 where it does not match: shape (rows,)."""
        match node:
            case Term():
                return self.ranker.bag((node,)).scores
            case Phrase() | Prefix() | Near():
                return self._in_place(node)
            case Or(parts):
                return self._sum([self.scores(part) for part in parts])
            case And(parts):
                return self._where_held(node, [self.scores(part) for part in meaning(parts)])
            case Best():
                return self._best(node)
            case _:
                return self._zeros()

    def _best(self, node: Best) -> Scores:
        terms = tuple(part for part in node.parts if isinstance(part, Term))
        bag = [self.ranker.bag(terms).scores] if terms else []
        if len(terms) == len(node.parts):
            return bag[0]
        others = [self.scores(part) for part in node.parts if not isinstance(part, Term)]
        return self._where_held(node, [*others, *bag])

    def _in_place(self, node: Phrase | Prefix | Near) -> Scores:
        """Rows with words in their places; each word counts beside how rare the whole is."""
        mask = self.mask(node)
        scores = self._zeros()
        scores[mask] = self.ranker.idf(int(mask.sum()))
        words = tuple(spoken(node))
        return self._where_held(node, [scores, self.ranker.bag(words).scores]) if words else scores

    def _where_held(self, node: Node, scores: Sequence[Scores]) -> Scores:
        held: Scores = np.where(self.mask(node), self._sum(scores), np.float32(0))
        return held

    def _sum(self, scores: Sequence[Scores]) -> Scores:
        return sum(scores[1:], start=scores[0])

    def _zeros(self) -> Scores:
        return np.zeros(self.rows, dtype=np.float32)
