"""What any search engine offers, and the plain data that goes in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

from kb.search.query import Query

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


@dataclass(frozen=True)
class Reason:
    """What a hit gained by one thing sought.

    ``found_as`` is the abbreviation by which it was found where that counted more than the word
    itself, ``weight`` how much such a find counts (the word itself 1). ``fields`` share the score
    out by where it stands; empty where what counted is no word in a place.
    """

    what: str
    score: float
    found_as: str | None = None
    weight: float = 1.0
    fields: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """``{what, score, found_as, weight, fields}``."""
        return asdict(self)


@dataclass(frozen=True)
class WordRead:
    """A word of a query as it was looked for.

    ``recommendations`` is how many hold it in any form, ``weight`` how much it counts for its
    rarity, and ``also`` the abbreviations that stand for it, each with its weight.
    """

    word: str
    recommendations: int
    weight: float
    also: tuple[tuple[str, float], ...]

    def as_json(self) -> dict[str, Any]:
        """``{word, recommendations, weight, also: {abbreviation: weight}}``."""
        return asdict(self) | {"also": dict(self.also)}


@dataclass(frozen=True)
class Explanation:
    """How a query was understood, and the reasons of each hit asked about, in their order."""

    read_as: str
    words: tuple[WordRead, ...]
    passed_over: tuple[str, ...]
    filters: tuple[str, ...]
    notes: tuple[str, ...]
    hits: tuple[tuple[Reason, ...], ...]

    def as_json(self) -> dict[str, Any]:
        """``{read_as, words, passed_over, filters, notes}``; the reasons go with their hits."""
        return {
            "read_as": self.read_as,
            "words": [word.as_json() for word in self.words],
            "passed_over": list(self.passed_over),
            "filters": list(self.filters),
            "notes": list(self.notes),
        }


class Engine(Protocol):
    """A search engine over one generation of the index."""

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

    def close(self) -> None:
        """Let go of the index's files."""
        ...
