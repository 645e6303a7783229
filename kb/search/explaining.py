"""Why a hit scores as it does: its score taken apart into what each thing sought gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from kb.index.columns import Columns, Mask
from kb.search.compounds import whole
from kb.search.engine import Filters
from kb.search.explanation import Explanation, Reason, WordRead
from kb.search.facets import narrowed
from kb.search.filters import filter_masks
from kb.search.matching import meaning, positive_terms, spoken
from kb.search.query import And, Best, Near, Node, Or, Phrase, Prefix, Query, Term
from kb.search.ranking import FIELD_WEIGHTS, Scores, Sought, content
from kb.search.scoring import Scorer
from kb.search.spelling import stem
from kb.search.synonyms import concept, short_of
from kb.search.wording import written, written_filters
from kb.text.abbreviations import Abbreviations
from kb.text.tokens import tokenise

DIGITS = 4  # decimals of a score as it is told


@dataclass(frozen=True)
class Gained:
    """A row to explain: its texts by field, its whole score, and what raised it by how much."""

    row: int
    texts: Mapping[str, str]
    score: float
    raised: Mapping[str, float]


@dataclass(frozen=True)
class _Share:
    """What every row gains by one thing: ``sought``, or a part of the query as a whole."""

    what: str
    scores: Scores
    sought: Sought | None = None


class Explainer:
    """Takes the scores of one generation's engine apart."""

    def __init__(
        self, scorer: Scorer, columns: Columns, abbreviations: Abbreviations, engine: str
    ) -> None:
        """Explain the scores of the engine of this name."""
        self._scorer = scorer
        self._columns = columns
        self._ranker = scorer.ranker
        self._abbreviations = abbreviations
        self._engine = engine

    def explain(self, query: Query, filters: Filters, hits: Sequence[Gained]) -> Explanation:
        """How the query was understood, and the reasons of each of these hits."""
        shares = self._shares(query.root)
        shown = self._shown(Filters(published_only=filters.published_only))
        words = positive_terms(query.root)
        kept = {term.word for term in content(words)}
        dropped = [term.printed for term in words if term.word not in kept]
        return Explanation(
            read_as=written(query.root),
            words=tuple(dict.fromkeys(self._read(s.sought, shown) for s in shares if s.sought)),
            passed_over=tuple(dict.fromkeys(dropped)),
            filters=tuple(written_filters(filters).values()),
            notes=query.notes,
            engine=self._engine,
            hits=tuple(self._reasons(shares, hit) for hit in hits),
        )

    def _shares(self, node: Node | None) -> list[_Share]:
        """What a part gives, in pieces that add up to the scores that the matcher gives it."""
        match node:
            case Term():
                return self._bag([node])
            case Or(parts):
                return [share for part in parts for share in self._shares(part)]
            case And(parts):
                return self._held(node, [s for part in meaning(parts) for s in self._shares(part)])
            case Best(parts):
                terms = [part for part in parts if isinstance(part, Term)]
                others = [s for p in parts if not isinstance(p, Term) for s in self._shares(p)]
                return self._held(node, [*self._bag(terms), *others])
            case Phrase() | Near() | Prefix():
                return self._in_place(node)
            case _:
                return []

    def _bag(self, terms: Sequence[Term]) -> list[_Share]:
        shares = []
        for sought in self._ranker.sought(terms):
            rows, gained = self._ranker.gain(sought)
            scores = np.zeros(self._scorer.rows, dtype=np.float32)
            scores[rows] = gained
            shares.append(_Share(" ".join(sought.words), scores, sought))
        return shares

    def _in_place(self, node: Phrase | Near | Prefix) -> list[_Share]:
        words = self._held(node, self._bag(spoken(node)))
        whole = self._scorer.scores(node)
        for share in words:
            whole = whole - share.scores
        return [*words, _Share(written(node), whole)]

    def _held(self, node: Node, shares: Sequence[_Share]) -> list[_Share]:
        """Shares of the parts of a node, which count where the node as a whole matches."""
        mask = self._scorer.mask(node)
        return [replace(share, scores=np.where(mask, share.scores, 0)) for share in shares]

    def _shown(self, audience: Filters) -> Mask:
        """The rows that the audience may know of."""
        everything = np.ones(self._scorer.rows, dtype=bool)
        return narrowed(everything, filter_masks(self._columns, audience))

    def _read(self, sought: Sought, shown: Mask) -> WordRead:
        rows, _ = self._ranker.gain(sought)
        forms = [(short_of(self._abbreviations, term), weight) for term, weight in sought.members]
        return WordRead(
            " ".join(sought.words),
            int(shown[rows].sum()),
            round(sought.weight, DIGITS),
            tuple((short, weight) for short, weight in forms if short),
        )

    def _reasons(self, shares: Sequence[_Share], hit: Gained) -> tuple[Reason, ...]:
        counts = _counts(hit.texts, self._abbreviations)
        reasons = [
            self._reason(share, float(share.scores[hit.row]), hit.row, counts)
            for share in shares
            if share.scores[hit.row] > 0
        ]
        reasons += [Reason(what, gain) for what, gain in hit.raised.items() if gain > 0]
        told = _adding_up([reason.score for reason in reasons], hit.score)
        return tuple(
            replace(
                reason,
                score=score,
                fields=dict(
                    zip(reason.fields, _adding_up(list(reason.fields.values()), score), strict=True)
                ),
            )
            for reason, score in zip(reasons, told, strict=True)
        )

    def _reason(
        self, share: _Share, score: float, row: int, counts: Mapping[str, Mapping[str, int]]
    ) -> Reason:
        if share.sought is None:
            return Reason(share.what, score)
        term, weight = self._ranker.strongest(share.sought, row)
        parts = {name: FIELD_WEIGHTS[name] * held.get(term, 0) for name, held in counts.items()}
        whole = sum(parts.values())
        fields = {name: score * part / whole for name, part in parts.items() if part}
        return Reason(share.what, score, short_of(self._abbreviations, term), weight, fields)


def _counts(texts: Mapping[str, str], abbreviations: Abbreviations) -> dict[str, dict[str, int]]:
    """How often each term stands in each field."""
    counts: dict[str, dict[str, int]] = {}
    for name, text in texts.items():
        tokens = tokenise(text)
        held = counts[name] = {}
        concepts = [concept(mention.short) for mention in abbreviations.find(text, tokens)]
        words = [token.text for token in tokens]
        wholes = [one for first, second in pairwise(words) if (one := whole(first, second))]
        for term in [*map(stem, words), *map(stem, wholes), *concepts]:
            held[term] = held.get(term, 0) + 1
    return counts


def _adding_up(parts: Sequence[float], whole: float) -> list[float]:
    """Parts as they are told, rounded so that they add up to the whole as it is told.

    What rounding leaves over goes to the largest part.
    """
    told = [round(part, DIGITS) for part in parts]
    if told:
        largest = told.index(max(told))
        others = sum(told) - told[largest]
        told[largest] = round(round(whole, DIGITS) - others, DIGITS)
    return told
