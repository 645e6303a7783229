"""The query language: what a person types, as data that any engine can carry out.

    words           best match: the more of the words, and the rarer, the higher
    "a phrase"      these words in this order
    word*           words that begin so
    -word, NOT word without it; -( … ) without any of what stands in the brackets
    a near/5 b      at most five words from one to the other, in one field, in any order
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
from dataclasses import dataclass, field

from kb.search.compounds import words_read
from kb.search.pieces import Piece, cut
from kb.text.tokens import tokenise

SENTENCE = 12
PASTED = 32
SHOUTED = 8
DEEPEST = 20
OPERATORS = frozenset(("OR", "AND", "NOT"))
FACET_FIELDS = frozenset(
    ("theme", "group", "agency", "sector", "area", "kind", "status", "scope", "review")
)
TEXT_FIELDS = frozenset(("heading", "action", "outcome"))
_STRUCTURE = re.compile(
    rf"\b(?:OR|AND)\b|\s(?i:near)/\d|\b(?:year|{'|'.join(sorted(FACET_FIELDS | TEXT_FIELDS))}):\S"
)
_YEARS = re.compile(r"(\d{4})?(?:(\.\.|-)(\d{4})?)?")


@dataclass(frozen=True)
class Term:
    """One word; ``printed`` keeps its capitals, which some abbreviations need."""

    word: str
    printed: str


@dataclass(frozen=True)
class Phrase:
    """Words that follow each other; ``printed`` is how they were typed."""

    words: tuple[str, ...]
    printed: str = field(compare=False, default="")


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
class Near:
    """Two parts (words, phrases, beginnings, or any of several such) close to each other.

    At most ``distance`` words lead from the end of one to the beginning of the other.
    """

    parts: tuple[Node, Node]
    distance: int


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
    """Parts side by side: phrases, nearness, fields and exclusions are strict, the others add up.

    Where there is neither phrase nor nearness, at least one of the other parts must match.
    """

    parts: tuple[Node, ...]


Node = Term | Phrase | Prefix | Field | Years | Not | Near | And | Or | Best


@dataclass(frozen=True)
class Query:
    """A query as typed and as understood; ``root`` is None where it holds no word.

    ``notes`` say in words what of it was read otherwise than it may have been meant.
    """

    text: str
    root: Node | None
    notes: tuple[str, ...] = field(default=(), compare=False)


def parse(text: str) -> Query:
    """Understand any text as a query; never raises."""
    why = _why_plain(text)
    if why is not None:
        return Query(text, _best(_terms(text)), (f"read as plain words, {why}",))
    parser = _Parser(text)
    return Query(text, parser.query(), tuple(dict.fromkeys(parser.notes)))


def _why_plain(text: str) -> str | None:
    """Why a text is read as words alone; None where its operators count."""
    words = len(tokenise(text))
    if words > PASTED:
        return f"being a text of more than {PASTED}"
    if words > SENTENCE and not _STRUCTURE.search(text):
        return f"being a sentence of more than {SENTENCE} without OR, AND, near/ or a field"
    if words > SHOUTED and not any(character.islower() for character in text):
        return f"being more than {SHOUTED} in capitals throughout"
    return None


def facets_of(node: Node | None) -> Iterator[Field]:
    """Every facet's value that a query names, excluded ones too."""
    match node:
        case Field(name) if name in FACET_FIELDS:
            yield node
        case Not(part):
            yield from facets_of(part)
        case And(parts) | Or(parts) | Best(parts):
            for part in parts:
                yield from facets_of(part)
        case _:
            return


class _Parser:
    """Recursive descent over the pieces; unfit operators and brackets are passed over."""

    def __init__(self, text: str) -> None:
        self._pieces = list(cut(text))
        self._at = 0
        self._depth = 0
        self.notes: list[str] = []

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
        return _one_or(Or, self._filled(parts, "OR"))

    def _both(self) -> Node | None:
        parts = [self._side_by_side()]
        while self._take_word("AND"):
            parts.append(self._side_by_side())
        return _one_or(And, self._filled(parts, "AND"))

    def _filled(self, parts: list[Node | None], operator: str) -> tuple[Node, ...]:
        found = tuple(part for part in parts if part is not None)
        if len(found) < len(parts) and len(parts) > 1:
            self._pass_over(operator)
        return found

    def _pass_over(self, operator: str) -> None:
        self.notes.append(f"{operator} passed over: it has nothing to join on one side")

    def _side_by_side(self) -> Node | None:
        parts: list[Node] = []
        while self._at < len(self._pieces) and not self._peek("close"):
            if self._is_word("OR") or self._is_word("AND"):
                break
            parts += self._with_near(self._part())
        return _best(parts)

    def _with_near(self, first: list[Node]) -> list[Node]:
        """These nodes, joined to what follows by ``near/5`` where that stands next.

        In a chain the part in the middle is near to both.
        """
        done: list[Node] = []
        last, is_joined = first, False
        while self._peek("near"):
            sign = self._pieces[self._at].text
            self._at += 1
            following = [] if self._is_at_an_end() else self._part()
            left, right = _operand(last), _operand(following)
            if left is not None and right is not None:
                done.append(Near((left, right), int(sign.partition("/")[2])))
                last, is_joined = following, True
                continue
            self.notes.append(f"{sign} passed over: it joins words, phrases and beginnings")
            done += [] if is_joined else last
            last, is_joined = following, False
        return done if is_joined else [*done, *last]

    def _part(self) -> list[Node]:
        piece = self._pieces[self._at]
        self._at += 1
        if piece.kind == "negated" or (piece.kind == "word" and piece.text == "NOT"):
            return self._negation()
        if piece.kind == "open":
            return self._bracket()
        if piece.kind == "phrase":
            return self._phrase(piece)
        if piece.kind == "field":
            return self._field(piece)
        if piece.kind == "near":
            self._pass_over(piece.text)
            return []
        return _word(piece.text)

    def _negation(self) -> list[Node]:
        if self._is_at_an_end():
            return []
        is_bracket = self._peek("open")
        parts = self._part()
        node = _any_of(parts) if is_bracket else _operand(parts) or _best(parts)
        return [Not(node)] if node is not None else []

    def _bracket(self) -> list[Node]:
        self._depth += 1
        node = self._either() if self._depth <= DEEPEST else None
        self._depth -= 1
        if self._peek("close"):
            self._at += 1
        return _flat([node]) if node is not None else []

    def _phrase(self, piece: Piece) -> list[Node]:
        if piece.value == "open":
            self.notes.append("the quotation mark is left open: it ends where the query ends")
        read = list(words_read(piece.text, hyphened=False))
        printed = " ".join(piece.text.split())
        if len(read) > 1:
            return [Phrase(tuple(word for word, _, _ in read), printed)]
        return [Term(word, piece.text[start:end]) for word, start, end in read]

    def _field(self, piece: Piece) -> list[Node]:
        """A field with its value; plain words where there is no such field or no such year."""
        name, value = piece.text.lower(), piece.value.strip(" ,.;")
        if name == "year":
            years = _years(piece.value)
            if years is not None:
                return [years]
            self.notes.append(f"“{piece.text}:{value}” read as words: that is no year")
        elif (name in FACET_FIELDS and value) or (name in TEXT_FIELDS and tokenise(value)):
            return [Field(name, value)]
        elif name not in FACET_FIELDS | TEXT_FIELDS:
            self.notes.append(f"“{piece.text}:” read as a word: there is no such field")
        return _terms(f"{piece.text} {value}")

    def _peek(self, kind: str) -> bool:
        return self._at < len(self._pieces) and self._pieces[self._at].kind == kind

    def _is_at_an_end(self) -> bool:
        is_over = self._at == len(self._pieces) or self._peek("close")
        return is_over or self._is_word("OR") or self._is_word("AND")

    def _is_word(self, word: str) -> bool:
        return self._peek("word") and self._pieces[self._at].text == word

    def _take_word(self, word: str) -> bool:
        if self._is_word(word):
            self._at += 1
            return True
        return False


def _terms(text: str) -> list[Node]:
    return [Term(word, text[start:end]) for word, start, end in words_read(text)]


def _word(text: str) -> list[Node]:
    """A bare piece: a prefix where it ends in ``*``, else the words in it."""
    nodes = _terms(text)
    last = nodes[-1] if nodes else None
    if text.endswith("*") and isinstance(last, Term) and len(last.word) > 1:
        return [*nodes[:-1], Prefix(last.word)]
    return nodes


def _operand(nodes: list[Node]) -> Node | None:
    """What ``near/`` and ``-`` take as one part: the words of a compound are a phrase."""
    if len(nodes) > 1 and all(isinstance(node, Term) for node in nodes):
        terms = [node for node in nodes if isinstance(node, Term)]
        printed = " ".join(term.printed for term in terms)
        return Phrase(tuple(term.word for term in terms), printed)
    only = nodes[0] if len(nodes) == 1 else None
    if isinstance(only, Or):
        return only if all(isinstance(p, (Term, Phrase, Prefix)) for p in only.parts) else None
    return only if isinstance(only, (Term, Phrase, Prefix)) else None


def _any_of(nodes: list[Node]) -> Node | None:
    """What ``-( … )`` excludes: whatever has any of its words, phrases, beginnings, nearnesses."""
    words = tuple(node for node in nodes if isinstance(node, Term))
    others = [node for node in nodes if not isinstance(node, Term)]
    if not others or not all(isinstance(node, (Phrase, Prefix, Near, Or)) for node in others):
        return _best(nodes)
    return _one_or(Or, (Best(words), *others) if len(words) > 1 else (*words, *others))


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
