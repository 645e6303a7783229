"""Carries out a query: which rows it matches, and how well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kb.index.columns import Columns, Mask
from kb.search.filters import field_mask, years_mask
from kb.search.highlight import Wanted
from kb.search.query import (
    FACET_FIELDS,
    And,
    Best,
    Field,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Years,
)
from kb.search.ranking import Matches, Ranker, content
from kb.search.spelling import beginnings, stem
from kb.text.tokens import STOP_WORDS, tokenise

STRICT = (Phrase, Near, Field, Years, Not)

# What stands for one part of ``near/5``: stems in a row, or the beginning of a word.
Alternative = tuple[str, ...] | str


class FullText(Protocol):
    """What matching asks of a full-text index: the rows that hold something, each once."""

    def phrase(self, stems: Sequence[str], field: str | None = None) -> NDArray[np.integer[Any]]:
        """The rows where these stems follow each other, in any field or in this one."""
        ...

    def beginning(self, starts: Sequence[str]) -> NDArray[np.integer[Any]]:
        """The rows with a word that begins in one of these ways."""
        ...

    def near(
        self, first: Sequence[Alternative], second: Sequence[Alternative], distance: int
    ) -> NDArray[np.integer[Any]]:
        """The rows where any of the first and any of the second stand so close in one field."""
        ...


@dataclass(frozen=True)
class Matcher:
    """Finds what a query matches in one generation."""

    ranker: Ranker
    columns: Columns
    full_text: FullText
    rows: int

    def matches(self, node: Node | None) -> Matches:  # noqa: PLR0911  (one for each kind of node)
        """The rows that a query's tree matches, and their scores; no tree matches every row."""
        match node:
            case None:
                return self._all()
            case Term():
                return self.ranker.bag([node])
            case Phrase() | Prefix() | Near():
                return self._in_place(node)
            case Field() | Years():
                return Matches(self._narrow(node), self._zeros())
            case Not(part):
                return Matches(~self.matches(part).mask, self._zeros())
            case Or(parts):
                found = [self.matches(part) for part in parts]
                return Matches(_any([one.mask for one in found]), _sum(found, self._zeros()))
            case And(parts):
                found = [self.matches(part) for part in meaning(parts)]
                mask = np.logical_and.reduce([one.mask for one in found])
                return Matches(mask, np.where(mask, _sum(found, self._zeros()), 0))
            case Best(parts):
                return self._best(parts)

    def _best(self, parts: Sequence[Node]) -> Matches:
        terms = [part for part in parts if isinstance(part, Term)]
        strict = [self.matches(part) for part in parts if isinstance(part, STRICT)]
        others = [self.matches(part) for part in parts if not isinstance(part, (Term, *STRICT))]
        if terms:
            others.append(self.ranker.bag(terms))
        if not strict and len(others) == 1:
            return others[0]
        masks = [one.mask for one in strict]
        if others and not any(isinstance(part, (Phrase, Near)) for part in parts):
            masks.append(_any([one.mask for one in others]))
        mask = np.logical_and.reduce(masks)
        return Matches(mask, np.where(mask, _sum(strict + others, self._zeros()), 0))

    def _in_place(self, node: Phrase | Prefix | Near) -> Matches:
        """Rows with words in their places; each word counts beside how rare the whole is."""
        match node:
            case Prefix(start):
                return self._scored(self.full_text.beginning(beginnings(start)))
            case Phrase(words):
                found = self._scored(self.full_text.phrase([stem(word) for word in words]))
            case Near(parts, distance):
                first, second = (alternatives(part) for part in parts)
                found = self._scored(self.full_text.near(first, second, distance))
        scores = found.scores + self.ranker.bag(spoken(node)).scores
        return Matches(found.mask, np.where(found.mask, scores, 0))

    def _narrow(self, node: Field | Years) -> Mask:
        if isinstance(node, Years):
            return years_mask(self.columns, node)
        if node.name in FACET_FIELDS:
            return field_mask(self.columns, node)
        words = [stem(token.text) for token in tokenise(node.value)]
        return self._scored(self.full_text.phrase(words, node.name)).mask

    def _scored(self, rows: NDArray[np.integer[Any]]) -> Matches:
        """Rows that hold something, each worth its rarity."""
        mask = np.zeros(self.rows, dtype=bool)
        mask[rows] = True
        scores = self._zeros()
        scores[mask] = self.ranker.idf(len(rows))
        return Matches(mask, scores)

    def _all(self) -> Matches:
        return Matches(np.ones(self.rows, dtype=bool), self._zeros())

    def _zeros(self) -> NDArray[np.float32]:
        return np.zeros(self.rows, dtype=np.float32)


def positive_terms(node: Node | None) -> list[Term]:
    """Every plain word that a query looks for, in order; not those it excludes."""
    match node:
        case Term():
            return [node]
        case And(parts) | Or(parts) | Best(parts):
            return [term for part in parts for term in positive_terms(part)]
        case _:
            return []


def wanted_by(node: Node | None, ranker: Ranker) -> Wanted:
    """What of a text to highlight for a query."""
    terms = positive_terms(node)
    wanted = Wanted(
        stems=frozenset(stem(term.word) for term in content(terms)),
        concepts=frozenset(ranker.concepts(terms)),
    )
    for part in _positive(node):
        if isinstance(part, Prefix):
            wanted = replace(wanted, starts=(*wanted.starts, *beginnings(part.start)))
        elif isinstance(part, Phrase):
            stems = tuple(stem(word) for word in part.words)
            wanted = replace(wanted, phrases=(*wanted.phrases, stems))
        elif isinstance(part, Near):
            stems = tuple(stem(term.word) for side in part.parts for term in positive_terms(side))
            wanted = replace(wanted, stems=wanted.stems.union(stems))
    return wanted


def spoken(node: Node | None) -> list[Term]:
    """Every word that a part looks for, those of phrases too; not those it excludes."""
    match node:
        case Term():
            return [node]
        case Phrase(words):
            return [Term(word, word) for word in words]
        case Near(parts) | Or(parts) | And(parts) | Best(parts):
            return [term for part in parts for term in spoken(part)]
        case _:
            return []


def alternatives(part: Node) -> list[Alternative]:
    """What may stand for one part of ``near/5``."""
    match part:
        case Term(word):
            return [(stem(word),)]
        case Phrase(words):
            return [tuple(stem(word) for word in words)]
        case Prefix(start):
            return list(beginnings(start))
        case Or(parts):
            return [one for inner in parts for one in alternatives(inner)]
        case _:
            return []


def _positive(node: Node | None) -> list[Node]:
    match node:
        case And(parts) | Or(parts) | Best(parts):
            return [inner for part in parts for inner in _positive(part)]
        case Near(parts):
            return [node, *(inner for part in parts for inner in _positive(part))]
        case None | Not():
            return []
        case _:
            return [node]


def meaning(parts: Sequence[Node]) -> Sequence[Node]:
    """The parts that ask for something: not function words, unless there is nothing else."""
    return [
        part for part in parts if not (isinstance(part, Term) and part.word in STOP_WORDS)
    ] or parts


def _any(masks: Sequence[Mask]) -> Mask:
    result: Mask = np.logical_or.reduce(masks)
    return result


def _sum(found: Sequence[Matches], scores: NDArray[np.float32]) -> NDArray[np.float32]:
    for one in found:
        scores = scores + one.scores
    return scores
