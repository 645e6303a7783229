"""Commands that put documents in, build, correct, remove and examine."""

from __future__ import annotations

from pathlib import Path

import click

from kb.cli.output import (
    as_json,
    counted,
    open_base,
    progress,
    put_json,
    put_lines,
    say,
    who,
)
from kb.errors import WrongUsage

_FILES = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--starter/--empty",
    "with_starter",
    default=False,
    help="With the fictional starter reviews, or with none (the default).",
)
def init(folder: Path, with_starter: bool) -> None:
    """Make a new knowledge base in a new folder."""
    from kb.library import KnowledgeBase

    base = KnowledgeBase.create(folder, with_starter=with_starter)
    reviews = len(base.corpus.review_ids())
    click.echo(f"A new knowledge base with {counted(reviews, 'review')}: {folder}")
    step = "kb build" if with_starter else "kb add PLAN.docx"
    say(f"Next: cd {folder} && {step}")


@click.command()
@click.argument("files", nargs=-1, required=True, type=_FILES)
@click.option("--review-id", metavar="ID", help="The review's id; made from area and case if not.")
@click.option("--title", help="The review's title, where the document prints none.")
@click.option("--kind", help="DHR, DARDR, SAR, CSPR, MHHR, …")
@click.option("--area", help="The area or Community Safety Partnership.")
@click.option("--region", help="The region.")
@click.option("--published", metavar="DATE", help="When it was published: 2021, 2021-06, …")
@click.option("--report-date", metavar="DATE", help="The date of the report.")
@click.option(
    "--publication",
    type=click.Choice(["published", "unpublished", "unknown"]),
    help="Whether it is published; unknown counts as unpublished.",
)
@click.option("--url", help="Where it is published.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=HEADER",
    help="Which header holds a field, where it is not found: --column text=Wording",
)
@click.option("--also", is_flag=True, help="A further document of a stored review.")
@click.option("--strict", is_flag=True, help="Store nothing if a table's cell is left out.")
@click.option("--dry-run", is_flag=True, help="Show what would be stored; store nothing.")
@click.option("--all", "in_full", is_flag=True, help="List all doubts, changes, texts left out.")
@as_json
def add(  # noqa: PLR0917  (click calls it by name)
    files: tuple[Path, ...],
    review_id: str | None,
    columns: tuple[str, ...],
    also: bool,
    strict: bool,
    dry_run: bool,
    in_full: bool,
    json_wanted: bool,
    **facts: str | None,
) -> None:
    """Read action plans and store their recommendations.

    The same file again changes nothing. A newer version of a plan, added under the same review id,
    is matched to what is stored, and every change is shown and kept with history. With --also
    nothing that is stored is taken away: the document adds rows and what the stored ones lack.
    """
    from kb.cli.added import added_json, show_all
    from kb.library.adding import AddRequest

    request = AddRequest(
        review_id=review_id,
        facts={name: value for name, value in facts.items() if value is not None},
        columns=dict(_assigned(column, "--column text=Wording") for column in columns),
        strict=strict,
        also=also,
    )
    base = open_base()
    with progress() as tell:
        added = base.add(files, request, who=who(), dry_run=dry_run, progress=tell)
    if json_wanted:
        put_lines(added_json(one, dry_run=dry_run) for one in added)
        return
    show_all(added, dry_run=dry_run, in_full=in_full)
    if dry_run:
        say("Nothing was stored (--dry-run).")
    elif any(one.outcome != "unchanged" or one.judged for one in added):
        say("Next: kb build")


def _assigned(words: str, example: str) -> tuple[str, str]:
    name, equals, value = words.partition("=")
    if not equals or not name.strip():
        raise WrongUsage(f"{words!r} is not NAME=VALUE", hint=f"Write it like {example}")
    return name.strip(), value.strip()


@click.command()
@click.option(
    "--relearn", is_flag=True, help="Make everything from nothing, the themes' model too."
)
@as_json
def build(relearn: bool, json_wanted: bool) -> None:
    """Tag and index what is new or changed."""
    base = open_base()
    with progress() as tell:
        built = base.build(relearn=relearn, progress=tell)
    manifest = built.manifest
    if json_wanted:
        put_json(
            {
                "is_new": built.is_new,
                "has_learnt": built.has_learnt,
                "reviews": manifest.reviews,
                "recommendations": manifest.recommendations,
                "model_version": manifest.model_version,
                "taxonomy_version": manifest.taxonomy_version,
            }
        )
        return
    recommendations = counted(manifest.recommendations, "recommendation")
    what = f"{recommendations} of {counted(manifest.reviews, 'review')}"
    click.echo(f"Indexed {what}." if built.is_new else f"Nothing has changed: {what}.")
    if not manifest.recommendations:
        say("Next: kb add PLAN.docx")


@click.command()
@click.argument("identity", metavar="ID")
@click.argument("changes", nargs=-1, required=True, metavar="FIELD=VALUE…")
def correct(identity: str, changes: tuple[str, ...]) -> None:
    """Set right what was misread or has moved on.

    ID is a recommendation (harrowdale-02/4: text, status, outcome, lead_agency, target_date, …) or
    a review (harrowdale-02: title, area, published, publication, …). One action of several is
    actions.2.status=complete, a cell whose column has no field other.1="Rang back"; kb show lists
    them by number. An empty value takes a field away. What stood before is kept as history; a
    correction outlives re-reading the document.
    """
    asked = dict(_assigned(change, "status=complete") for change in changes)
    values = {field: value or None for field, value in asked.items()}
    base = open_base()
    before = len(base.review(identity.rpartition("/")[0] or identity).history)
    review = base.correct(identity, values, who=who())
    if len(review.history) == before:
        say("It says so already; nothing was changed.")
        return
    for change in review.history[-1].changes:
        click.echo(f"{identity} {change.field}: {change.before} → {change.after}")
    say("Next: kb build")


@click.command()
@click.argument("review_id", metavar="REVIEW")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(review_id: str, yes: bool) -> None:
    """Take a review out for good.

    It leaves the corpus, the judgements, the index and older generations of the index.
    """
    base = open_base()
    review = base.review(review_id)
    count = len(review.recommendations)
    if not yes:
        question = f"Remove {review.title!r} with {count} recommendations and their judgements?"
        click.confirm(question, abort=True, err=True)
    base.remove(review_id)
    click.echo(f"{review_id}: removed, {count} recommendations")


@click.command()
@as_json
def doctor(json_wanted: bool) -> None:
    """Check corpus, taxonomy and index, and say what to do."""
    findings = open_base().doctor()
    faults = [finding for finding in findings if finding.level == "fault"]
    if json_wanted:
        put_lines(finding.as_json() for finding in findings)
    else:
        for finding in findings:
            click.echo(f"{finding.level:8}{finding.part:12}{finding.message}")
            if finding.step and finding.level != "fine":
                click.echo(f"{'':20}→ {finding.step}")
    if faults:
        click.get_current_context().exit(1)


COMMANDS = (init, add, build, correct, remove, doctor)
