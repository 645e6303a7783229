"""The query language: what a person types, as data that any engine can carry out.

    words           best match: the more of the words, and the rarer, the higher
    "a phrase"      these words in this order
    word*           words that begin so
    -word, NOT word without it
    a OR b          either; a AND b: both
    ( … )           together
    field:value     only these: theme, group, agency, sector, area, kind, status, scope, review,
                    year (2019, 2019..2022, 2019.., ..2022), heading, action, outcome

No text is an error: what does not follow the grammar is read as words. So is a whole sentence:
more than ``SENTENCE`` words without OR, AND or a field, more than ``PASTED`` words whatever is in
them, or more than ``SHOUTED`` all in capitals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.text.tokens import tokenise

SENTENCE = 12
PASTED = 32
SHOUTED = 8
DEEPEST = 20
FACET_FIELDS = frozenset(
    ("theme", "group", "agency", "sector", "area", "kind", "status", "scope", "review")
)
TEXT_FIELDS = frozenset(("heading", "action", "outcome"))
_STRUCTURE = re.compile(
    rf"\b(?:OR|AND)\b|\b(?:year|{'|'.join(sorted(FACET_FIELDS | TEXT_FIELDS))}):\S"
)
_YEARS = re.compile(r"(\d{4})?(?:(\.\.|-)(\d{4})?)?")


@dataclass(frozen=True)
class Term:
    """One word; ``printed`` keeps its capitals, which some abbreviations need."""

    word: str
    printed: str


@dataclass(frozen=True)
class Phrase:
    """Words that follow each other."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Prefix:
    """Any word that begins so."""

    start: str


@dataclass(frozen=True)
class Field:
    """Only recommendations whose field has this value (a facet) or these words (a text)."""

    name: str
    value: str


@dataclass(frozen=True)
class Years:
    """Only reviews of these years, first and last included; None is open."""

    first: int | None
    last: int | None


@dataclass(frozen=True)
class Not:
    """Only what the part does not match."""

    part: Node


@dataclass(frozen=True)
class And:
    """What every part matches."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Or:
    """What any part matches."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Best:
    """Parts side by side: phrases, fields and exclusions are strict, the other parts add up.

    Where there is no phrase, at least one of the other parts must match.
    """

    parts: tuple[Node, ...]


Node = Term | Phrase | Prefix | Field | Years | Not | And | Or | Best


@dataclass(frozen=True)
class Query:
    """A query as typed and as understood; ``root`` is None where it holds no word."""

    text: str
    root: Node | None


def parse(text: str) -> Query:
    """Understand any text as a query; never raises."""
    if _is_sentence(text):
        return Query(text, _best(_terms(text)))
    return Query(text, _Parser(text).query())


def _is_sentence(text: str) -> bool:
    words = len(tokenise(text))
    return (
        words > PASTED
        or (words > SENTENCE and not _STRUCTURE.search(text))
        or (words > SHOUTED and not any(character.islower() for character in text))
    )


_PIECE = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<open>\()
    | (?P<close>\))
    | (?P<negated>-(?=[\w"“(]))
    | ["“”](?P<phrase>[^"“”]*)(?:["“”]|$)
    | (?P<field>[A-Za-z]+):(?:["“”](?P<quoted>[^"“”]+)(?:["“”]|$)|(?P<value>[^\s()"“”]+))
    | (?P<word>[^\s()"“”]+)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class _Piece:
    kind: str
    text: str
    value: str = ""


def _pieces(text: str) -> Iterator[_Piece]:
    """Cut a query into pieces; a hyphen negates only where a word could begin."""
    at, fresh = 0, True
    while at < len(text):
        match = _PIECE.match(text, at)
        if match is None:
            at += 1
            continue
        kind = str(match.lastgroup)
        if kind == "negated" and not fresh:
            at += 1
            continue
        if kind in {"quoted", "value"}:
            yield _Piece("field", match["field"], match[kind])
        elif kind != "space":
            yield _Piece(kind, match[kind])
        fresh = kind in {"space", "open", "negated"}
        at = match.end()


class _Parser:
    """Recursive descent over the pieces; unfit operators and brackets are passed over."""

    def __init__(self, text: str) -> None:
        self._pieces = list(_pieces(text))
        self._at = 0
        self._depth = 0

    def query(self) -> Node | None:
        parts: list[Node] = []
        while self._at < len(self._pieces):
            node = self._either()
            if node is not None:
                parts.append(node)
            if self._peek("close"):
                self._at += 1
        return _best(_flat(parts))

    def _either(self) -> Node | None:
        parts = [self._both()]
        while self._take_word("OR"):
            parts.append(self._both())
        found = tuple(part for part in parts if part is not None)
        return _one_or(Or, found)

    def _both(self) -> Node | None:
        parts = [self._side_by_side()]
        while self._take_word("AND"):
            parts.append(self._side_by_side())
        found = tuple(part for part in parts if part is not None)
        return _one_or(And, found)

    def _side_by_side(self) -> Node | None:
        parts: list[Node] = []
        while self._at < len(self._pieces) and not self._peek("close"):
            if self._is_word("OR") or self._is_word("AND"):
                break
            parts += self._part()
        return _best(parts)

    def _part(self) -> list[Node]:
        piece = self._pieces[self._at]
        self._at += 1
        if piece.kind == "negated" or (piece.kind == "word" and piece.text == "NOT"):
            return self._negation()
        if piece.kind == "open":
            return self._bracket()
        if piece.kind == "phrase":
            return _phrase(piece.text)
        if piece.kind == "field":
            return _field(piece.text, piece.value)
        return _word(piece.text)

    def _negation(self) -> list[Node]:
        if self._at == len(self._pieces) or self._peek("close"):
            return []
        parts = self._part()
        if not parts:
            return []
        if all(isinstance(part, Term) for part in parts) and len(parts) > 1:
            return [Not(Phrase(tuple(p.word for p in parts if isinstance(p, Term))))]
        node = _best(parts)
        return [Not(node)] if node is not None else []

    def _bracket(self) -> list[Node]:
        self._depth += 1
        node = self._either() if self._depth <= DEEPEST else None
        self._depth -= 1
        if self._peek("close"):
            self._at += 1
        return _flat([node]) if node is not None else []

    def _peek(self, kind: str) -> bool:
        return self._at < len(self._pieces) and self._pieces[self._at].kind == kind

    def _is_word(self, word: str) -> bool:
        return self._peek("word") and self._pieces[self._at].text == word

    def _take_word(self, word: str) -> bool:
        if self._is_word(word):
            self._at += 1
            return True
        return False


def _terms(text: str) -> list[Node]:
    return [Term(token.text, text[token.start : token.end]) for token in tokenise(text)]


def _word(text: str) -> list[Node]:
    """A bare piece: a prefix where it ends in ``*``, else the words in it."""
    nodes = _terms(text)
    last = nodes[-1] if nodes else None
    if text.endswith("*") and isinstance(last, Term) and len(last.word) > 1:
        return [*nodes[:-1], Prefix(last.word)]
    return nodes


def _phrase(text: str) -> list[Node]:
    words = tuple(token.text for token in tokenise(text))
    return [Phrase(words)] if len(words) > 1 else _terms(text)


def _field(name: str, value: str) -> list[Node]:
    """A field with its value; plain words where there is no such field or no such year."""
    known = name.lower()
    if known == "year":
        years = _years(value)
        if years is not None:
            return [years]
    elif known in FACET_FIELDS or (known in TEXT_FIELDS and tokenise(value)):
        return [Field(known, value.strip(" ,.;"))]
    return _terms(f"{name} {value}")


def _years(value: str) -> Years | None:
    match = _YEARS.fullmatch(value.strip(" ,;"))
    if match is None or not (match[1] or match[3]):
        return None
    first = int(match[1]) if match[1] else None
    last = int(match[3]) if match[3] else None
    return Years(first, last if match[2] else first)


def _best(parts: list[Node]) -> Node | None:
    return _one_or(Best, tuple(parts))


def _flat(parts: list[Node]) -> list[Node]:
    """Parts that stand side by side in brackets, as if the brackets were not there."""
    return [
        inner for part in parts for inner in (part.parts if isinstance(part, Best) else (part,))
    ]


def _one_or(kind: type[Best | And | Or], parts: tuple[Node, ...]) -> Node | None:
    if len(parts) > 1:
        return kind(parts)
    return parts[0] if parts else None
