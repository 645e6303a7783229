"""What the knowledge base answers: plain data with the JSON that scripts rely on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.search.advice import Advice
    from kb.search.engine import FacetCount, Filters


@dataclass(frozen=True)
class FoundRecommendation:
    """One hit of a search; ``read`` gives what else is stored of it."""

    id: str
    score: float
    highlights: tuple[tuple[int, int], ...]
    text: str
    read: Callable[[], dict[str, Any]] = field(repr=False, compare=False)

    @cached_property
    def record(self) -> dict[str, Any]:
        """The stored entry as plain data; read when first asked for."""
        return self.read()

    @property
    def review(self) -> dict[str, Any]:
        """The facts of its review."""
        return dict(self.record["review"])

    @property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """What to show of a long text: its sentences with a highlight, as character offsets."""
        from kb.search.sentences import shown_sentences

        return shown_sentences(self.text, self.highlights)

    @property
    def excerpt(self) -> tuple[str, tuple[tuple[int, int], ...]]:
        """The sentences to show, gaps marked, and the highlights as offsets into that."""
        shown, spans, after = "", list[tuple[int, int]](), 0
        for start, end in self.sentences:
            shown += " … " if shown else "… " if self.text[:start].strip() else ""
            moved = len(shown) - start
            inside = ((max(first, start), min(last, end)) for first, last in self.highlights)
            spans += [(first + moved, last + moved) for first, last in inside if first < last]
            shown += self.text[start:end]
            after = end
        return shown + (" …" if self.text[after:].strip() else ""), tuple(spans)

    def as_json(self) -> dict[str, Any]:
        """The hit in the shape of DESIGN.md, with the facts that a reader wants beside it."""
        recommendation, review = self.record["recommendation"], self.record["review"]
        return {
            "id": self.id,
            "review_id": review["id"],
            "text": self.text,
            "score": round(self.score, 4),
            "themes": self.record["themes"],
            "highlights": [list(span) for span in self.highlights],
            "sentences": [list(span) for span in self.sentences],
            "area": review["area"],
            "year": review["year"]["value"],
            "kind": review["kind"],
            "status": recommendation["status"]["value"],
            "lead_agencies": recommendation["lead_agencies"],
            "publication": review["publication"],
        }


@dataclass(frozen=True)
class SearchResult:
    """One page of a search; ``filters`` are what it was narrowed to, as the index knows them."""

    query: str
    total: int
    hits: tuple[FoundRecommendation, ...]
    facets: dict[str, tuple[FacetCount, ...]]
    filters: Filters

    def as_json(self) -> dict[str, Any]:
        """``{query, total, hits, facets}`` as DESIGN.md fixes it."""
        return {
            "query": self.query,
            "total": self.total,
            "hits": [hit.as_json() for hit in self.hits],
            "facets": {
                field: [
                    {"value": count.value, "name": count.name, "count": count.count}
                    for count in counts
                ]
                for field, counts in self.facets.items()
            },
        }


@dataclass(frozen=True)
class SearchHelp:
    """Queries that may have been meant, best first, and advice where nothing was found."""

    did_you_mean: tuple[str, ...]
    advice: tuple[Advice, ...]

    def as_json(self) -> dict[str, Any]:
        """``{did_you_mean: [query, …], advice: [{about, found, words}, …]}``."""
        return {
            "did_you_mean": list(self.did_you_mean),
            "advice": [one.as_json() for one in self.advice],
        }
