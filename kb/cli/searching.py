"""The command that searches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.explained import show_reading, show_reasons, with_reasons
from kb.cli.filters import filter_options
from kb.cli.output import (
    as_json,
    emphasised,
    limit_option,
    open_base,
    put_json,
    put_lines,
    read_json_lines,
    say,
    warn_if_stale,
)

if TYPE_CHECKING:
    from kb.library import KnowledgeBase
    from kb.library.results import FoundRecommendation, SearchHelp, SearchResult
    from kb.search.engine import Explanation

_FACETS = ("theme", "group", "sector", "agency", "area", "kind", "status", "scope", "year")
_FACET_VALUES = 8


@click.command()
@click.argument("query", nargs=-1)
@click.option(
    "--queries",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help='A file of many queries, JSON Lines {"id", "text"}; answers are JSON Lines.',
)
@filter_options
@limit_option
@click.option("--page", type=click.IntRange(1), default=1, help="Which page of that many.")
@click.option(
    "--sort",
    type=click.Choice(["relevance", "newest", "status"]),
    default="relevance",
    show_default=True,
    help="In which order.",
)
@click.option("--explain", is_flag=True, help="Say how the words were read, and why each scored.")
@click.option("--facets", is_flag=True, help="Show how many each filter would leave.")
@as_json
def search(  # noqa: PLR0917  (click calls it by name)
    query: tuple[str, ...],
    queries: Path | None,
    filters: dict[str, Any],
    limit: int,
    page: int,
    sort: Any,
    explain: bool,
    facets: bool,
    json_wanted: bool,
) -> None:
    """Find recommendations by words, best match first.

    A query may hold plain words, "a phrase", prefix*, -without, OR and field:value;
    docs/search.md tells the whole language. Without words, everything under the filters is listed.
    """
    base = open_base()
    warn_if_stale(base)
    if queries is not None:
        _search_many(base, queries, filters, limit)
        return
    result = base.search(
        " ".join(query),
        limit=limit,
        offset=(page - 1) * limit,
        sort=sort,
        facets=_FACETS if facets or json_wanted else (),
        **filters,
    )
    helped = base.help_with(result)
    why = base.explain(result) if explain else None
    if json_wanted:
        put_json(result.as_json() | helped.as_json() | (with_reasons(result, why) if why else {}))
        return
    if why:
        show_reading(why)
    _show_result(result, (page - 1) * limit, why)
    _show_help(result, helped)


def _search_many(base: KnowledgeBase, path: Path, filters: dict[str, Any], limit: int) -> None:
    for row in read_json_lines(path):
        result = base.search(row["text"], limit=limit, **filters)
        hits = [{"id": hit.id, "score": round(hit.score, 6)} for hit in result.hits]
        put_lines([{"id": row["id"], "hits": hits}])


def _show_result(result: SearchResult, before: int, why: Explanation | None) -> None:
    for place, hit in enumerate(result.hits, start=before + 1):
        click.echo(f"{place:>3}. {click.style(hit.id, bold=True)}  {_facts_line(hit)}")
        click.echo(emphasised(*_excerpt(hit), "     "))
        if why:
            show_reasons(hit.score, why.hits[place - before - 1])
    if before >= result.total > 0:
        say(f"{result.total} found; that page is beyond the last.")
    elif result.total > len(result.hits):
        say(f"{result.total} found; {before + 1} to {before + len(result.hits)} shown.")
    for field, counts in result.facets.items():
        if counts:
            shown = ", ".join(f"{c.value} {c.count}" for c in counts[:_FACET_VALUES])
            more = f", … {len(counts) - _FACET_VALUES} more" if len(counts) > _FACET_VALUES else ""
            click.echo(f"{field + ':':9} {shown}{more}")


def _excerpt(hit: FoundRecommendation) -> tuple[str, list[tuple[int, int]]]:
    """What is shown of a hit's text, and the highlights within that."""
    shown, spans, after = "", list[tuple[int, int]](), 0
    for start, end in hit.sentences:
        shown += " … " if shown else "… " if hit.text[:start].strip() else ""
        moved = len(shown) - start
        inside = ((max(first, start), min(last, end)) for first, last in hit.highlights)
        spans += [(first + moved, last + moved) for first, last in inside if first < last]
        shown += hit.text[start:end]
        after = end
    return shown + (" …" if hit.text[after:].strip() else ""), spans


def _show_help(result: SearchResult, helped: SearchHelp) -> None:
    if not result.total:
        other = "" if helped.advice or helped.did_you_mean else " Try fewer or other words."
        say(f"Nothing found for {result.query!r}.{other}")
    for one in helped.advice:
        say(f"  {one.words}")
    if helped.did_you_mean:
        say(f"Did you mean: {' or '.join(helped.did_you_mean)}?")


def _facts_line(hit: FoundRecommendation) -> str:
    review, recommendation = hit.review, hit.record["recommendation"]
    agencies = "; ".join(agency["name"] for agency in recommendation["lead_agencies"])
    parts = [
        review["area"],
        str(review["year"]["value"] or "year unknown"),
        review["kind"],
        agencies,
        recommendation["status"]["value"],
        None if review["publication"] == "published" else f"[{_MARKS[review['publication']]}]",
    ]
    return " · ".join(part for part in parts if part)


_MARKS = {"unpublished": "unpublished", "unknown": "publication unknown"}


COMMANDS = (search,)
