"""A search of the knowledge base, and the help that comes with its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from kb.library.results import FoundRecommendation, SearchHelp, SearchResult

if TYPE_CHECKING:
    from kb.index.records import Records
    from kb.library.base import KnowledgeBase
    from kb.model import Entry
    from kb.search.engine import Hit, Sort
    from kb.search.explanation import Explanation
    from kb.tagging.judged import Tagged


def search(
    base: KnowledgeBase,
    query: str,
    filters: Mapping[str, Any],
    *,
    limit: int,
    offset: int,
    sort: Sort,
    facets: Sequence[str],
) -> SearchResult:
    """One page of a search; raises QueryError for a filter's value that is not stored here."""
    from kb.search.query import parse

    opened = base.index
    chosen = opened.filters(dict(filters), published_only=base.published_only)
    page = opened.engine.search(
        parse(query), chosen, limit=limit, offset=offset, sort=sort, facets=facets
    )
    return SearchResult(query, page.total, found(base, page.hits), page.facets, chosen)


def found_ids(base: KnowledgeBase, query: str, filters: Mapping[str, Any]) -> frozenset[str]:
    """The ids of everything that a search finds; raises QueryError as ``search`` does."""
    from kb.search.query import parse

    opened = base.index
    chosen = opened.filters(dict(filters), published_only=base.published_only)
    limit = max(1, len(opened.records))
    page = opened.engine.search(parse(query), chosen, limit=limit, highlight=False)
    return frozenset(hit.id for hit in page.hits)


def entries(base: KnowledgeBase, filters: Mapping[str, Any]) -> list[Entry]:
    """Every recommendation of the index that the filters and the audience leave.

    Filters read the index; tags are as people judged them up to now.
    """
    import numpy as np

    from kb.library.since import with_tags_since_build

    opened = base.index
    mask = opened.mask(opened.filters(dict(filters), published_only=base.published_only))
    listed = [opened.records.entry(int(row)) for row in np.flatnonzero(mask)]
    return with_tags_since_build(base, listed)


def found(base: KnowledgeBase, hits: Sequence[Hit]) -> tuple[FoundRecommendation, ...]:
    """Hits with all that is stored of them, their tags as people judged them up to now."""
    judged = _judged_since(base, hits)
    return tuple(
        FoundRecommendation(
            hit.id,
            hit.score,
            hit.highlights,
            hit.text,
            partial(_record, base.index.records, hit.row, judged.get(hit.id)),
        )
        for hit in hits
    )


def _record(records: Records, row: int, tags: Tagged | None) -> dict[str, Any]:
    """What is stored in a row, with these tags where there are any."""
    if tags is None:
        return records.json(row)
    return {
        **records.json(row),
        "themes": [tag.model_dump(mode="json") for tag in tags.themes],
        "suggestions": [tag.model_dump(mode="json") for tag in tags.suggestions],
    }


def _judged_since(base: KnowledgeBase, hits: Sequence[Hit]) -> dict[str, Tagged]:
    """The tags as they are now of what people judged since the build."""
    from kb.library.since import since_build, tags_since_build

    ids = since_build(base).ids
    judged = [base.index.records.entry(hit.row) for hit in hits if hit.id in ids]
    return tags_since_build(base, judged) if judged else {}


def explain(base: KnowledgeBase, result: SearchResult) -> Explanation:
    """How the words of a search were understood, and why each of its hits scores as it does."""
    from kb.search.query import parse

    rows = [base.index.records.row(hit.id) for hit in result.hits]
    known = [row for row in rows if row is not None]
    return base.index.engine.explain(parse(result.query), result.filters, known)


def help_with(base: KnowledgeBase, result: SearchResult) -> SearchHelp:
    """Slips of typing in a search's words, and what left nothing over where nothing was found."""
    from kb.search.correcting import corrections
    from kb.search.query import parse

    engine, query = base.index.engine, parse(result.query)
    meant = corrections(engine, query, result.filters, result.total, base.values)
    if result.total:
        return SearchHelp(meant, ())
    from kb.search.advice import advise

    return SearchHelp(meant, advise(engine, query, result.filters))
