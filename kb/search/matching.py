"""What a query's parts ask for, and what an engine must tell of them: the rows that match.

This is where engines differ. All else (scores, filters, facets, order, pages, highlights) is shared
and stands in ``local_engine.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from kb.index.columns import Mask
from kb.search.compounds import ways, words_read
from kb.search.query import (
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
from kb.search.spelling import beginnings
from kb.text.tokens import STOP_WORDS

STRICT = (Phrase, Near, Field, Years, Not)

# What stands for one part of ``near/5``: stems in a row, or the beginning of a word.
Alternative = tuple[str, ...] | str


class Matching(Protocol):
    """Finds the rows of one generation that a query matches."""

    name: str

    def mask(self, node: Node | None) -> Mask:
        """Which rows a query's tree, once ``settled``, matches: shape (rows,); all for no tree."""
        ...

    def check(self) -> None:
        """Open everything that is otherwise opened when needed, to see that it can be."""
        ...

    def close(self) -> None:
        """Let go of the index's files."""
        ...


def settled(node: Node | None) -> Node | None:
    """The same tree, in which ``Best`` stands for any of some words and for nothing else.

    What must hold is then told by ``And``, ``Or`` and ``Not`` alone, as any engine knows them.
    """
    match node:
        case Not(part):
            return Not(_settled(part))
        case Or(parts):
            return Or(tuple(map(_settled, parts)))
        case And(parts):
            return And(tuple(map(_settled, meaning(parts))))
        case Best(parts):
            return _settled_best(parts)
        case _:
            return node


def _settled(node: Node) -> Node:
    return settled(node) or node


def _settled_best(parts: Sequence[Node]) -> Node:
    terms = tuple(part for part in parts if isinstance(part, Term))
    must = [_settled(part) for part in parts if isinstance(part, STRICT)]
    may = [_settled(part) for part in parts if not isinstance(part, (Term, *STRICT))]
    may += [Best(terms)] if terms else []
    if may and not any(isinstance(part, (Phrase, Near)) for part in parts):
        must.append(may[0] if len(may) == 1 else Or(tuple(may)))
    return must[0] if len(must) == 1 else And(tuple(must))


def words_of(node: Term | Best) -> tuple[Term, ...]:
    """The words of which a settled part asks for any."""
    if isinstance(node, Term):
        return (node,)
    return tuple(part for part in node.parts if isinstance(part, Term))


def positive_terms(node: Node | None) -> list[Term]:
    """Every plain word that a query looks for, in order; not those it excludes."""
    match node:
        case Term():
            return [node]
        case And(parts) | Or(parts) | Best(parts):
            return [term for part in parts for term in positive_terms(part)]
        case _:
            return []


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
            return list(ways((word,)))
        case Phrase(words):
            return list(ways(words))
        case Prefix(start):
            return list(beginnings(start))
        case Or(parts):
            return [one for inner in parts for one in alternatives(inner)]
        case _:
            return []


def runs_of(node: Phrase | Field) -> list[tuple[str, ...]]:
    """The stems that may follow each other for a phrase, or for the words of a text's field."""
    if isinstance(node, Phrase):
        return ways(node.words)
    return ways([word for word, _, _ in words_read(node.value, hyphened=False)])


def looked_for(node: Node | None) -> Iterator[Node]:
    """The words, phrases, beginnings and nearnesses that a query looks for, each by itself."""
    match node:
        case And(parts) | Or(parts) | Best(parts):
            for part in parts:
                yield from looked_for(part)
        case Near(parts):
            yield node
            for part in parts:
                yield from looked_for(part)
        case None | Not():
            return
        case _:
            yield node


def meaning(parts: Sequence[Node]) -> Sequence[Node]:
    """The parts that ask for something: not function words, unless there is nothing else."""
    return [
        part for part in parts if not (isinstance(part, Term) and part.word in STOP_WORDS)
    ] or parts
