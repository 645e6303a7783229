"""The command that shows a recommendation or a review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from kb.cli.output import (
    as_json,
    counted,
    open_base,
    put_json,
    say,
    told_evidence,
    wrapped,
)

if TYPE_CHECKING:
    from kb.library import KnowledgeBase
    from kb.model import Entry, Review
    from kb.similarity.check import CheckResult

_LISTED = 5  # repeats of a recommendation, and others like it
_GONE = "no longer in the document"


@click.command()
@click.argument("identity", metavar="ID")
@click.option("--source", "as_it_stood", is_flag=True, help="Its cells as the document has them.")
@as_json
def show(identity: str, as_it_stood: bool, json_wanted: bool) -> None:
    """Show a recommendation or a review, whole.

    A recommendation comes with its tags and their evidence, its source, its repeats, a citation and
    others like it; with --source its row as it stood in the document, before anything was joined
    or corrected.
    """
    base = open_base()
    if as_it_stood:
        _show_source(base, identity, json_wanted=json_wanted)
    elif "/" in identity:
        _show_recommendation(base, identity, json_wanted=json_wanted)
    else:
        _show_review(base, base.review(identity), json_wanted=json_wanted)


def _show_source(base: KnowledgeBase, identity: str, *, json_wanted: bool) -> None:
    from kb.library.showing import source_of

    found = source_of(base, identity)
    if json_wanted:
        put_json(found)
        return
    click.echo(click.style(str(found["id"]), bold=True) + f"  {found['file']}, {found['place']}")
    click.echo(f"  sha256 {found['sha256']}")
    if found["url"]:
        click.echo(f"  {found['url']}")
    places = {cell["place"] for cell in found["cells"]}
    last = None
    for cell in found["cells"]:
        if len(places) > 1 and cell["place"] != last:
            click.echo(f"  {cell['place']}")
            last = cell["place"]
        if cell["header"]:
            click.echo(f"    {cell['header']}:")
        click.echo(wrapped(cell["text"], "      "))
    if found["note"]:
        say(f"  {found['note']}")


def _repeats(base: KnowledgeBase, identity: str) -> CheckResult | None:
    from kb.errors import IndexMissing, IndexUnreadable

    try:
        return base.repeats_of(identity, limit=2 * _LISTED)
    except (IndexMissing, IndexUnreadable):
        return None


def _show_recommendation(base: KnowledgeBase, identity: str, *, json_wanted: bool) -> None:
    from kb.library.showing import citation, corrections_json, numbered_parts

    entry = base.entry(identity)
    found = _repeats(base, identity)
    near = found.matches if found else ()
    repeats = [one for one in near if one.verdict in ("duplicate", "overlapping")][:_LISTED]
    like_this = [one.facts.id for one in near if one.verdict == "related"][:_LISTED]
    if json_wanted:
        data = entry.as_json()
        data["review"] = entry.review.model_dump(mode="json")
        data["repeats"] = [match.as_json() for match in repeats]
        data["more_like_this"] = like_this
        data["citation"] = citation(entry)
        data["removed"] = entry.recommendation.removed
        data["corrections"] = corrections_json(base, entry.id)
        put_json(data)
        return
    gone = f"  [{_GONE}]" if entry.recommendation.removed else ""
    click.echo(click.style(entry.id, bold=True) + gone)
    click.echo(wrapped(entry.recommendation.text))
    _show_fields(entry, numbered_parts(base, entry.id))
    for tag in entry.themes:
        _show_tag("theme", tag)
    for tag in entry.suggestions:
        _show_tag("maybe", tag)
    for match in repeats:
        click.echo(f"  repeat    {match.facts.id} ({match.verdict} {match.score:.2f})")
        click.echo(wrapped(match.facts.text, " " * 12))
    if found and found.history:
        click.echo(f"  {found.history}")
    click.echo(f"  cite as   {citation(entry)}")
    if like_this:
        click.echo(f"  more like this (kb show ID): {', '.join(like_this)}")


def _show_tag(label: str, tag: Any) -> None:
    said = ", ".join(tag.by)
    click.echo(f"  {label:9} {tag.id} ({said}, {tag.confidence:.2f})")
    for line in told_evidence(tag):
        click.echo(f"            {line}")


def _show_fields(entry: Entry, parts: Sequence[tuple[str, str]]) -> None:
    from kb.library.showing import is_said_by_actions

    recommendation, review = entry.recommendation, entry.review
    own = {
        name: None if is_said_by_actions(recommendation, name) else getattr(recommendation, name)
        for name in ("action", "milestones", "outcome")
    }
    agencies = "; ".join(f"{a.name} ({a.sector})" for a in recommendation.lead_agencies)
    fields = (
        ("review", f"{review.title} [{review.id}]"),
        ("year", f"{review.year.value} (of {review.year.of})" if review.year.value else "unknown"),
        ("published", review.publication),
        ("number", recommendation.number),
        ("heading", recommendation.heading),
        ("scope", recommendation.scope.value),
        ("agency", agencies),
        ("action", own["action"]),
        ("miles.", own["milestones"]),
        ("target", recommendation.target_date.printed),
        ("status", recommendation.status.value),
        ("completed", recommendation.completed.date),
        ("outcome", own["outcome"]),
        *parts,
        ("source", f"{recommendation.source.file}, {recommendation.source.place}"),
        *(("doubt", flag) for flag in recommendation.flags),
    )
    for label, value in fields:
        if value:
            click.echo(f"  {label:9} {wrapped(str(value), ' ' * 12).lstrip()}")


def _show_review(base: KnowledgeBase, review: Review, *, json_wanted: bool) -> None:
    from kb.library.showing import corrected_recommendations, review_json, sorted_by_number

    if json_wanted:
        put_json(review_json(base, review))
        return
    click.echo(click.style(review.id, bold=True) + f"  {review.title}")
    year = f"{review.year.value} (of {review.year.of})" if review.year.value else "year unknown"
    facts = (review.kind, review.area, review.region, year, review.publication, review.url)
    click.echo("  " + " · ".join(str(fact) for fact in facts if fact))
    for recommendation in sorted_by_number(corrected_recommendations(base, review)):
        status = f"  {recommendation.status.value}" if recommendation.status.value else ""
        gone = f"  [{_GONE}]" if recommendation.removed else ""
        is_position = recommendation.number in (None, str(recommendation.position))
        number = "" if is_position else f"  [{recommendation.number}]"
        identity = review.recommendation_id(recommendation.position)
        click.echo(f"{identity}{number}{status}{gone}")
        click.echo(wrapped(recommendation.text, "     "))
        for flag in recommendation.flags:
            click.echo(wrapped(f"doubt: {flag}", "     "))
    for event in review.history:
        changes = f", {counted(len(event.changes), 'change')}" if event.changes else ""
        say(f"  {event.when:%Y-%m-%d} {event.what} by {event.who}{changes}")


COMMANDS = (show,)
