"""The command that tags texts: tag."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.output import (
    as_json,
    open_base,
    progress,
    put_lines,
    read_json_lines,
    say,
    told_evidence,
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
            for line in told_evidence(one):
                click.echo(f"      {line}")


COMMANDS = (tag,)
