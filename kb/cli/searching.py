"""Commands that search: search and searches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.explained import show_reading, show_reasons, with_reasons
from kb.cli.filters import filter_options
from kb.cli.hits import show_hit
from kb.cli.output import (
    as_json,
    limit_option,
    open_base,
    put_json,
    put_lines,
    read_json_lines,
    say,
    warn_if_stale,
)
from kb.errors import QueryError, WrongUsage

if TYPE_CHECKING:
    from kb.library import KnowledgeBase
    from kb.library.results import SearchHelp, SearchResult
    from kb.library.searches import SavedSearch
    from kb.search.engine import Sort
    from kb.search.explanation import Explanation

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
    show_default="relevance",
    help="In which order.",
)
@click.option("--explain", is_flag=True, help="Say how the words were read, and why each scored.")
@click.option("--facets", is_flag=True, help="Show how many each filter would leave.")
@click.option("--save", metavar="NAME", help="Save this search under a name; see kb searches.")
@click.option("--saved", metavar="NAME", help="Run the search saved under this name.")
@as_json
def search(  # noqa: PLR0917  (click calls it by name)
    query: tuple[str, ...],
    queries: Path | None,
    filters: dict[str, Any],
    limit: int,
    page: int,
    sort: Sort | None,
    explain: bool,
    facets: bool,
    save: str | None,
    saved: str | None,
    json_wanted: bool,
) -> None:
    """Find recommendations by words, best match first.

    A query may hold plain words, "a phrase", prefix*, -without, near/5, OR and field:value;
    docs/search.md tells the whole language. Without words, everything under the filters is listed.
    """
    base = open_base()
    warn_if_stale(base)
    if queries is not None:
        _search_many(base, queries, filters, limit)
        return
    text, order = " ".join(query), sort or "relevance"
    known = _known(base, saved, is_alone=not (text or save or any(filters.values())))
    if known:
        text, filters, order = known.query, known.filters, sort or known.sort
    result = base.search(
        text,
        limit=limit,
        offset=(page - 1) * limit,
        sort=order,
        facets=_FACETS if facets or json_wanted else (),
        **filters,
    )
    replaced = base.searches.save(save, result, order) if save is not None else False
    _show(base, result, (page - 1) * limit, explain=explain, json_wanted=json_wanted)
    if known:
        base.searches.look_at(known)
    if save is not None:
        say(f"{'Saved anew' if replaced else 'Saved'} as {save}. See what comes in: kb searches")


def _known(base: KnowledgeBase, name: str | None, *, is_alone: bool) -> SavedSearch | None:
    if name is None:
        return None
    if not is_alone:
        raise WrongUsage(
            "a saved search has its own words and filters",
            place="--saved",
            hint=f"kb search --saved {name!r} alone, or give the words without it",
        )
    return base.searches.runnable(name)


def _show(
    base: KnowledgeBase, result: SearchResult, before: int, *, explain: bool, json_wanted: bool
) -> None:
    helped = base.help_with(result)
    why = base.explain(result) if explain else None
    if json_wanted:
        put_json(result.as_json() | helped.as_json() | (with_reasons(result, why) if why else {}))
        return
    if why:
        show_reading(why)
    _show_result(result, before, why)
    _show_help(result, helped)


def _search_many(base: KnowledgeBase, path: Path, filters: dict[str, Any], limit: int) -> None:
    for row in read_json_lines(path):
        result = base.search(row["text"], limit=limit, **filters)
        hits = [{"id": hit.id, "score": round(hit.score, 6)} for hit in result.hits]
        put_lines([{"id": row["id"], "hits": hits}])


def _show_result(result: SearchResult, before: int, why: Explanation | None) -> None:
    for place, hit in enumerate(result.hits, start=before + 1):
        show_hit(place, hit)
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


def _show_help(result: SearchResult, helped: SearchHelp) -> None:
    if not result.total:
        other = "" if helped.advice or helped.did_you_mean else " Try fewer or other words."
        say(f"Nothing found for {result.query!r}.{other}")
    for one in helped.advice:
        say(f"  {one.words}")
    if helped.did_you_mean:
        say(f"Did you mean: {' or '.join(helped.did_you_mean)}?")


@click.command()
@click.argument("name", required=False)
@click.option("--new", "new_wanted", is_flag=True, help="List what has come in since last time.")
@click.option("--remove", is_flag=True, help="Forget the search of this name.")
@as_json
def searches(name: str | None, new_wanted: bool, remove: bool, json_wanted: bool) -> None:
    """Saved searches, and what has come in since.

    kb search … --save NAME saves one; what it found then counts as seen. So does what --new has
    listed, and whatever is found when it is run again: kb search --saved NAME.
    """
    base = open_base()
    if remove:
        _forget(base, name)
        return
    warn_if_stale(base)
    chosen = [base.searches.get(name)] if name is not None else base.searches.all()
    told = [_told(base, saved) for saved in chosen]
    if json_wanted:
        kept_back = {"found"} if new_wanted else {"found", "hits"}
        listed = [{key: one[key] for key in one if key not in kept_back} for one in told]
        put_json({"searches": listed})
    for one in told if not json_wanted else ():
        _show_saved(one, new_wanted=new_wanted)
    if not chosen:
        say("No search is saved yet. Save one with: kb search … --save NAME")
    for saved, one in zip(chosen, told, strict=True):
        if new_wanted and one["new"]:
            base.searches.look_at(saved)


def _forget(base: KnowledgeBase, name: str | None) -> None:
    if name is None:
        raise WrongUsage("which search shall be forgotten?", hint="kb searches --remove NAME")
    base.searches.remove(name)
    say(f"Forgotten: {name}")


def _told(base: KnowledgeBase, saved: SavedSearch) -> dict[str, Any]:
    """A saved search with what it finds now; ``problem`` says why it finds nothing at all."""
    problem = None
    try:
        total, new = base.searches.now(saved)
    except QueryError as error:
        total, new, problem = 0, (), error.message
    counts = {"total": total, "new": len(new), "problem": problem}
    hits = [hit.as_json() for hit in new]
    return base.searches.told(saved).as_json() | counts | {"hits": hits, "found": new}


def _show_saved(told: dict[str, Any], *, new_wanted: bool) -> None:
    filters = [
        f"--{field} {value}"
        for field, values in told["filters"].items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    order = [] if told["sort"] == "relevance" else [f"--sort {told['sort']}"]
    what = " ".join([told["query"] or "everything", *filters, *order])
    counts = told["problem"] or f"{told['total']} found, {told['new']} new"
    click.echo(f"{click.style(told['name'], bold=True)}  {what}  ({counts})")
    for place, hit in enumerate(told["found"] if new_wanted else (), start=1):
        show_hit(place, hit)


COMMANDS = (search, searches)
