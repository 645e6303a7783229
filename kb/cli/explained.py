"""What ``kb search --explain`` says: how words were read, and why a hit scored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from kb.cli.output import say, wrapped

if TYPE_CHECKING:
    from kb.library.results import SearchResult
    from kb.search.explanation import Explanation, Reason


def with_reasons(result: SearchResult, why: Explanation) -> dict[str, Any]:
    """``{explain, hits}`` for JSON: every hit with the reasons of its score."""
    hits = [
        hit.as_json() | {"explain": [reason.as_json() for reason in reasons]}
        for hit, reasons in zip(result.hits, why.hits, strict=True)
    ]
    return {"hits": hits, "explain": why.as_json()}


def show_reading(why: Explanation) -> None:
    """How the query was understood."""
    say(f"Read as: {why.read_as or 'no word; everything is listed'}")
    for note in why.notes:
        say(f"  {note}")
    for word in why.words:
        also = ", ".join(f"{short} in any form ×{weight:g}" for short, weight in word.also)
        means = f"; means {also}" if also else ""
        say(f"  {word.word}: in {word.recommendations}, weight {word.weight:.2f}{means}")
    if why.passed_over:
        say(f"  too common to find anything by: {', '.join(why.passed_over)}")
    for told in why.filters:
        say(f"  only {told}")
    say(f"  found by the engine {why.engine}")


def show_reasons(score: float, reasons: Sequence[Reason]) -> None:
    """What a hit's score is made of."""
    parts = [_told(reason) for reason in reasons]
    click.echo(wrapped(f"score {score:.4f} = {' + '.join(parts) or 'nothing to weigh'}", "     "))


def _told(reason: Reason) -> str:
    places = ", ".join(f"{name} {score:.4f}" for name, score in reason.fields.items())
    inside = [f"as {reason.found_as} ×{reason.weight:g}"] if reason.found_as else []
    inside += [places] if len(reason.fields) > 1 else list(reason.fields)
    return f"{reason.what} {reason.score:.4f}" + (f" ({'; '.join(inside)})" if inside else "")
