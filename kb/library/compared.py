"""What ``--compare`` names: two sides of the recommendations that the filters leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from kb.errors import WrongUsage
from kb.search.engine import FACETS

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase
    from kb.library.counted import IndexRows
    from kb.reports.rows import Places

_EXAMPLE = (
    "Write --compare area=Harrowdale, or two: --compare year=2015..2018 --compare year=2019.."
)


def sides(
    base: KnowledgeBase, rows: IndexRows, compare: Sequence[str]
) -> tuple[tuple[str, str], tuple[Places, Places]]:
    """The names of both sides and their places among the rows.

    One ``field=value`` is compared with all other rows, two with each other. Raises WrongUsage for
    anything else, for a side that is empty, and QueryError for a value that is not stored.
    """
    if len(compare) > 2:
        raise WrongUsage(f"{len(compare)} sides cannot be compared", hint=_EXAMPLE)
    named = [_parted(typed) for typed in compare]
    places = [_places(base, rows, field, value) for field, value in named]
    names = [_words(field, value) for field, value in named]
    if len(compare) == 1:
        names.append("all others")
        places.append(np.setdiff1d(np.arange(len(rows)), places[0]))
    for name, found in zip(names, places, strict=True):
        if not len(found):
            raise WrongUsage(
                f"nothing is left on one side: {name}",
                hint="A filter may leave it out. To compare two areas give --compare twice: "
                "--compare area=A --compare area=B",
            )
    if np.array_equal(places[0], places[1]):
        raise WrongUsage("both sides are the same recommendations", hint=_EXAMPLE)
    return (names[0], names[1]), (places[0], places[1])


def _parted(typed: str) -> tuple[str, str]:
    field, sign, value = (part.strip() for part in typed.partition("="))
    if not sign or not value or field not in FACETS:
        raise WrongUsage(
            f"{typed!r} names no side to compare",
            hint=f"{_EXAMPLE}. Fields: {', '.join(FACETS)}",
        )
    return field, value


def _words(field: str, value: str) -> str:
    """A side as people read it: ``area Harrowdale``, ``up to 2018``, ``2019 and after``."""
    first, dots, last = (part.strip() for part in value.partition(".."))
    if field != "year" or not dots:
        return f"{field} {value}"
    if first and last:
        return f"{first}–{last}"
    return f"{first} and after" if first else f"up to {last}"


def _places(base: KnowledgeBase, rows: IndexRows, field: str, value: str) -> Places:
    chosen = {field: value if field == "year" else [value]}
    mask = base.index.mask(base.index.filters(chosen, published_only=base.published_only))
    return np.flatnonzero(mask[rows.rows])
