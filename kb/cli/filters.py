"""The filter options that search, repeats and reports share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click
from click.shell_completion import CompletionItem

from kb.errors import KnowledgeBaseError

NAMES = ("theme", "group", "agency", "sector", "area", "kind", "status", "scope", "review")
_HELP = {
    "theme": "Only this theme (id or name).",
    "group": "Only this group of themes.",
    "agency": "Only recommendations to this agency.",
    "sector": "Only recommendations to this sector: police, health, housing, …",
    "area": "Only reviews of this area.",
    "kind": "Only this kind of review: DHR, DARDR, SAR, CSPR, MHHR.",
    "status": "Only this status: complete, ongoing, in-progress, not-started, not-accepted.",
    "scope": "Only this scope: local, regional, national.",
    "review": "Only this review.",
}


def filter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add every filter; the command gets them together as ``filters``."""

    @functools.wraps(function)
    def gathered(**arguments: Any) -> Any:
        filters: dict[str, Any] = {name: list(arguments.pop(f"only_{name}")) for name in NAMES}
        filters["year"] = arguments.pop("only_year")
        return function(filters=filters, **arguments)

    wrapped: Any = click.option(
        "--year", "only_year", metavar="YEARS", help="Only these years: 2021 or 2019..2022."
    )(gathered)
    for name in reversed(NAMES):
        wrapped = click.option(
            f"--{name}",
            f"only_{name}",
            multiple=True,
            metavar="VALUE",
            help=_HELP[name],
            shell_complete=_completer(name),
        )(wrapped)
    result: Callable[..., Any] = wrapped
    return result


def _completer(name: str) -> Callable[..., list[CompletionItem]]:
    """What the shell offers for a filter: the values that are stored."""

    def complete(
        context: click.Context, _parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from kb.library import KnowledgeBase

        try:
            base = KnowledgeBase.open(context.find_root().params.get("home"))
            known = base.values(name)
        except KnowledgeBaseError:
            return []
        return [
            CompletionItem(value, help=shown)
            for value, shown in known
            if value.startswith(incomplete)
        ]

    return complete
