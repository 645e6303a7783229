"""Advice where nothing is found: which word, phrase or filter left nothing over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from kb.search.engine import Engine, Filters
from kb.search.query import (
    TEXT_FIELDS,
    And,
    Best,
    Field,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
    Years,
)
from kb.search.wording import written, written_filters

SAID = 5


@dataclass(frozen=True)
class Advice:
    """One thing that excludes, as one would type it, and how many are found without it.

    ``found`` is 0 where the thing stands nowhere at all, whatever else was asked for.
    """

    about: str
    found: int
    words: str

    def as_json(self) -> dict[str, Any]:
        """``{about, found, words}``."""
        return asdict(self)


def advise(engine: Engine, query: Query, filters: Filters) -> tuple[Advice, ...]:
    """What to change in a search that found nothing, in the order in which to try it."""
    nowhere = [one for part in _parts(query.root) for one in _nowhere(engine, part, filters)]
    without = list(_without(engine, query, filters))
    if not without:
        without = list(_without_all(engine, query, filters))
    without.sort(key=lambda one: -one.found)
    return tuple(dict.fromkeys([*nowhere, *without]))[:SAID]


def _parts(node: Node | None) -> Iterator[Node]:
    """What a query asks for, each by itself; not what it excludes."""
    match node:
        case And(parts) | Or(parts) | Best(parts):
            for part in parts:
                yield from _parts(part)
        case None | Not():
            return
        case _:
            yield node


def _nowhere(engine: Engine, part: Node, filters: Filters) -> Iterator[Advice]:
    everybody = Filters(published_only=filters.published_only)
    if engine.count(Query("", part), everybody):
        return
    together = 0
    if isinstance(part, (Phrase, Near)):
        words = part.parts if isinstance(part, Near) else [Term(w, w) for w in part.words]
        together = engine.count(Query("", And(tuple(words))), everybody)
    yield Advice(written(part), 0, _said_of_nothing(part, together))


def _said_of_nothing(part: Node, together: int) -> str:
    text = written(part)
    match part:
        case Prefix():
            return f"no word begins with {text.removesuffix('*')!r}"
        case Phrase() | Near():
            said = "in these words" if isinstance(part, Phrase) else "so close to each other"
            less = f"; all of them together stand in {together}" if together else ""
            return f"nothing has {text} {said}{less}"
        case Years():
            return f"no review is of {text.removeprefix('year:')}"
        case Field(name, value) if name in TEXT_FIELDS:
            return f"no {name} holds {value!r}"
        case Field(name, value):
            return f"no recommendation has the {name} {value!r}"
        case _:
            return f"nothing holds {text!r}"


def _without(engine: Engine, query: Query, filters: Filters) -> Iterator[Advice]:
    """What is found when one filter, or one part that must hold, is left out."""
    for field, told in written_filters(filters).items():
        yield from _one(told, engine.count(query, _left_out(filters, field)))
    root = query.root
    if isinstance(root, (And, Best)):
        for at, part in enumerate(root.parts):
            others = root.parts[:at] + root.parts[at + 1 :]
            rest = others[0] if len(others) == 1 else type(root)(others)
            if _has_words(rest) or not _has_words(part):
                yield from _one(written(part), engine.count(Query("", rest), filters))


def _has_words(node: Node) -> bool:
    return any(isinstance(part, (Term, Phrase, Prefix, Near)) for part in _parts(node))


def _left_out(filters: Filters, field: str) -> Filters:
    kept = {name: values for name, values in filters.values().items() if name != field}
    return Filters(
        **kept,
        year=None if field == "year" else filters.year,
        published_only=filters.published_only,
    )


def _without_all(engine: Engine, query: Query, filters: Filters) -> Iterator[Advice]:
    """What is found by words alone, where several filters exclude each other."""
    everybody = Filters(published_only=filters.published_only)
    root = query.root
    if isinstance(root, (And, Best)):
        left = tuple(part for part in root.parts if not isinstance(part, (Field, Years)))
        root = type(root)(left) if left else root
    if root != query.root or written_filters(filters):
        yield from _one("any filter", engine.count(Query("", root), everybody))


def _one(about: str, found: int) -> Iterator[Advice]:
    if found:
        is_found = "1 is found" if found == 1 else f"{found} are found"
        yield Advice(about, found, f"without {about} {is_found}")
