"""What any search engine offers, and the plain data that goes in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from kb.search.query import Query

if TYPE_CHECKING:
    from kb.search.explanation import Explanation

FACETS = ("theme", "group", "sector", "agency", "area", "kind", "status", "scope", "year")
VALUE_FILTERS = (*FACETS[:-1], "review")

Sort = Literal["relevance", "newest", "status"]


@dataclass(frozen=True)
class Filters:
    """What a search is narrowed to: any of the values of each field, all fields together.

    Values are ids as the columns list them (``Records.columns.values(field)``), whatever their
    case; ``year`` is the first and last year wanted, either open.
    """

    theme: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    year: tuple[int | None, int | None] | None = None
    published_only: bool = False

    def values(self) -> dict[str, tuple[str, ...]]:
        """The fields that are narrowed by value, with their values."""
        named = ((name, getattr(self, name)) for name in VALUE_FILTERS)
        return {name: values for name, values in named if values}


@dataclass(frozen=True)
class Hit:
    """One found recommendation; ``highlights`` are character offsets into its text."""

    row: int
    id: str
    score: float
    text: str
    highlights: tuple[tuple[int, int], ...] = ()


class FacetCount(NamedTuple):
    """How many found recommendations carry a value; ``name`` is the value for display."""

    value: str
    name: str
    count: int  # type: ignore[assignment]  # tuples have a method so named


@dataclass(frozen=True)
class Page:
    """One page of an answer: how many were found in all, these hits, and the facets' counts."""

    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[FacetCount, ...]]


class Engine(Protocol):
    """A search engine over one generation of the index."""

    name: str

    def search(
        self,
        query: Query,
        filters: Filters = ...,
        *,
        limit: int = ...,
        offset: int = ...,
        sort: Sort = ...,
        facets: Sequence[str] = ...,
        highlight: bool = ...,
    ) -> Page:
        """The page of a query: best first, or as ``sort`` says, ties by row."""
        ...

    def count(self, query: Query, filters: Filters = ...) -> int:
        """How many recommendations a query finds."""
        ...

    def explain(self, query: Query, filters: Filters, rows: Sequence[int]) -> Explanation:
        """How a query was understood, and why these rows, which it finds, score as they do."""
        ...

    def words(self) -> Sequence[str]:
        """Every word that any recommendation prints, in lower case."""
        ...

    def frequency(self, word: str) -> float:
        """About how many recommendations hold a word in any of its forms and spellings."""
        ...

    def check(self) -> None:
        """Open everything that is otherwise opened when needed, to see that it can be."""
        ...

    def close(self) -> None:
        """Let go of the index's files."""
        ...
