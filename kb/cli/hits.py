"""How hits are shown, by the commands that find them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kb.cli.output import emphasised

if TYPE_CHECKING:
    from kb.library.results import FoundRecommendation

_MARKS = {"unpublished": "unpublished", "unknown": "publication unknown"}


def show_hit(place: int, hit: FoundRecommendation) -> None:
    """A hit under its number: id, facts, and its text or the sentences of it that were met."""
    click.echo(f"{place:>3}. {click.style(hit.id, bold=True)}  {_facts_line(hit)}")
    click.echo(emphasised(*hit.excerpt, "     "))


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
