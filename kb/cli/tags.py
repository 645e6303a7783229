"""Commands on themes: tag, judge and queue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.output import (
    as_json,
    limit_option,
    open_base,
    progress,
    put_lines,
    read_json_lines,
    say,
    who,
    wrapped,
)
from kb.errors import WrongUsage

if TYPE_CHECKING:
    from kb.tagging.judged import Tagged

_JSON_LINES = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("text", nargs=-1)
@click.option("--file", "path", type=_JSON_LINES, help='JSON Lines {"id", "text"}.')
@as_json
def tag(text: tuple[str, ...], path: Path | None, json_wanted: bool) -> None:
    """The themes of a text, with the evidence for each."""
    if bool(text) == bool(path):
        raise WrongUsage(
            "give one text, or a file", hint='kb tag "Train GPs on …"  or  kb tag --file FILE'
        )
    base = open_base()
    rows = list(read_json_lines(path)) if path else [{"id": "1", "text": " ".join(text)}]
    with progress() as tell:
        told = (lambda done, of: tell("tagging", done, of)) if tell and path else None
        tagged = base.tag([row["text"] for row in rows], told)
    if json_wanted:
        put_lines(_tagged_json(row["id"], one) for row, one in zip(rows, tagged, strict=True))
        return
    for row, one in zip(rows, tagged, strict=True):
        if path:
            click.echo(click.style(f"{row['id']}. {row['text']}", bold=True))
        _show_tags(one)


def _tagged_json(identity: Any, tagged: Tagged) -> dict[str, Any]:
    return {
        "id": identity,
        "themes": [one.model_dump(mode="json") for one in tagged.themes],
        "suggestions": [one.model_dump(mode="json") for one in tagged.suggestions],
    }


def _show_tags(tagged: Tagged) -> None:
    if not tagged.themes:
        say("  no theme")
    for mark, tags in (("", tagged.themes), ("maybe ", tagged.suggestions)):
        for one in tags:
            click.echo(f"  {mark}{one.id} ({', '.join(one.by)}, {one.confidence:.2f})")
            for evidence in one.evidence[:3]:
                click.echo(f"      “{evidence.text}”: {evidence.why}")


@click.command()
@click.argument("identities", nargs=-1, required=True, metavar="ID [ID]")
@click.option(
    "--theme", "themes", multiple=True, metavar="±THEME", help="+dash carries it, -dash does not."
)
@click.option("--complete", is_flag=True, help="No other theme holds.")
@click.option("--same/--different", default=None, help="Whether two recommendations ask the same.")
def judge(
    identities: tuple[str, ...],
    themes: tuple[str, ...],
    complete: bool,
    same: bool | None,
) -> None:
    """Decide on themes or repeats; no machine overrules it.

    \b
    kb judge harrowdale-02/4 --theme +dash --theme -training
    kb judge harrowdale-02/4 aldermere-04/7 --same
    """
    base = open_base()
    if len(identities) == 1 and same is None:
        yes, no = _signed(themes)
        base.judge_themes(identities[0], yes=yes, no=no, complete=complete, who=who())
        tags = ", ".join(one.id for one in base.entry(identities[0]).themes) or "no theme"
        click.echo(f"{identities[0]}: {tags}")
    elif len(identities) == 2 and same is not None and not themes and not complete:
        base.judge_pair(*identities, same=same, who=who())
        word = "the same ask" if same else "different asks"
        click.echo(f"{identities[0]} and {identities[1]}: {word}")
    else:
        raise WrongUsage(
            "judge the themes of one recommendation, or whether two are the same",
            hint="kb judge ID --theme +dash   or   kb judge ID ID --same",
        )
    say("Next: kb build")


def _signed(themes: tuple[str, ...]) -> tuple[list[str], list[str]]:
    for theme in themes:
        if theme[:1] not in ("+", "-") or len(theme) < 2:
            raise WrongUsage(
                f"{theme!r} does not say yes or no", hint=f"Write +{theme} or -{theme}"
            )
    return (
        [theme[1:] for theme in themes if theme[0] == "+"],
        [theme[1:] for theme in themes if theme[0] == "-"],
    )


@click.command()
@limit_option
@as_json
def queue(limit: int, json_wanted: bool) -> None:
    """List what would teach most if it were judged."""
    rows = open_base().queue(limit)
    if json_wanted:
        put_lines({**entry.as_json(), "why": why} for entry, why in rows)
        return
    for entry, why in rows:
        click.echo(click.style(entry.id, bold=True) + f"  {why}")
        click.echo(wrapped(entry.recommendation.text, "     "))
    if rows:
        say(f"Judge one with: kb judge {rows[0][0].id} --theme +THEME --theme -THEME --complete")
    else:
        say("Nothing waits to be judged.")


COMMANDS = (tag, judge, queue)
