"""A query or a part of it, written out as one would type it."""

from __future__ import annotations

import re

from kb.search.engine import Filters
from kb.search.query import (
    OPERATORS,
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

_PLAIN = re.compile(r'[^\s()"“”]+')


def written(node: Node | None) -> str:
    """A part of a query in its own language; an empty text for none."""
    match node:
        case Near(parts, distance):
            return f" near/{distance} ".join(_together(part) for part in parts)
        case And(parts):
            return " AND ".join(_together(part) for part in parts)
        case Or(parts):
            return " OR ".join(_together(part) for part in parts)
        case Best(parts):
            return " ".join(_together(part) for part in parts)
        case Not(part):
            return f"-({written(part)})" if isinstance(part, Not) else f"-{_together(part)}"
        case _:
            return _written_leaf(node)


def _written_leaf(node: Term | Phrase | Prefix | Field | Years | None) -> str:
    match node:
        case None:
            return ""
        case Term():
            printed = node.word if node.printed in OPERATORS else node.printed
            return f'"{printed}"' if " " in printed else printed
        case Phrase(words):
            return f'"{node.printed or " ".join(words)}"'
        case Prefix(start):
            return f"{start}*"
        case Field(name, value):
            return f"{name}:{_quoted(value)}"
        case Years():
            return f"year:{written_years(node.first, node.last)}"


def written_years(first: int | None, last: int | None) -> str:
    """A span of years: 2019, 2019..2022, 2019.. or ..2022."""
    if first == last:
        return f"{first:04}"
    return f"{'' if first is None else f'{first:04}'}..{'' if last is None else f'{last:04}'}"


def written_filters(filters: Filters) -> dict[str, str]:
    """Each filter that narrows, by its field: ``{"status": "status:complete or status:ongoing"}``.

    What the audience may not see is no filter of anybody's choosing, and is not told.
    """
    told = {
        name: " or ".join(f"{name}:{_quoted(value)}" for value in values)
        for name, values in filters.values().items()
    }
    if filters.year is not None:
        told["year"] = f"year:{written_years(*filters.year)}"
    return told


def _quoted(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else f'"{value}"'


def _together(node: Node) -> str:
    is_several = isinstance(node, (And, Or, Best, Near))
    return f"({written(node)})" if is_several else written(node)
