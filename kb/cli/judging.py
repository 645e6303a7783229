"""Commands by which a person decides: judge and queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kb.cli.output import as_json, open_base, put_lines, say, who, wrapped
from kb.errors import WrongUsage

if TYPE_CHECKING:
    from kb.library import KnowledgeBase

_LISTED = 20


@click.command()
@click.argument("identities", nargs=-1, required=True, metavar="ID [ID]")
@click.option(
    "--theme", "themes", multiple=True, metavar="±THEME", help="+dash carries it, -dash does not."
)
@click.option("--complete", is_flag=True, help="No other theme holds.")
@click.option("--same/--different", default=None, help="Whether two recommendations ask the same.")
@click.option("--undo", is_flag=True, help="Take back your last judgement on it, or them.")
def judge(
    identities: tuple[str, ...],
    themes: tuple[str, ...],
    complete: bool,
    same: bool | None,
    undo: bool,
) -> None:
    """Decide on themes or repeats; no machine overrules it.

    \b
    kb judge harrowdale-02/4 --theme +dash --theme -training
    kb judge harrowdale-02/4 aldermere-04/7 --same
    """
    base = open_base()
    judges_themes = bool(themes or complete)
    if len(identities) == 1 and same is None and not (undo and judges_themes):
        _judge_themes(base, identities[0], themes, complete=complete, undo=undo)
    elif len(identities) == 2 and not judges_themes and (same is None) == undo:
        _judge_pair(base, *identities, same=same)
    else:
        raise WrongUsage(
            "judge the themes of one recommendation, or whether two are the same",
            hint="kb judge ID --theme +dash   or   kb judge ID ID --same   or either with --undo",
        )
    say("Next: kb build")


def _judge_themes(
    base: KnowledgeBase, identity: str, themes: tuple[str, ...], *, complete: bool, undo: bool
) -> None:
    identity = base.known_id(identity)
    if undo:
        base.take_back(identity, who=who())
    else:
        yes, no = _signed(themes)
        base.judge_themes(identity, yes=yes, no=no, complete=complete, who=who())
    tags = ", ".join(one.id for one in base.entry(identity).themes) or "no theme"
    click.echo(f"{identity}: {tags}")


def _judge_pair(base: KnowledgeBase, a: str, b: str, *, same: bool | None) -> None:
    if same is None:
        base.take_back_pair(a, b, who=who())
        click.echo(f"{a} and {b}: your last judgement no longer stands")
    else:
        judged = base.judge_pair(a, b, same=same, who=who())
        click.echo(f"{judged.a} and {judged.b}: {'the same ask' if same else 'different asks'}")


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
@click.option("--judge", "to_judge", is_flag=True, help="Ask one after another, and store.")
@click.option("--lines", "in_lines", is_flag=True, help="With --judge: answer in whole lines.")
@click.option("--theme", metavar="THEME", help="What would teach this theme most.")
@click.option("--review", metavar="REVIEW", help="Of this review alone.")
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    help=f"How many; {_LISTED} are listed, and --judge asks all.",
)
@as_json
def queue(  # noqa: PLR0917  (click calls it by name)
    to_judge: bool,
    in_lines: bool,
    theme: str | None,
    review: str | None,
    limit: int | None,
    json_wanted: bool,
) -> None:
    """List what would teach most if it were judged, or judge it.

    With --judge each is shown in turn, and its themes are marked with keys; every answer is
    stored at once, and nothing that you have judged is asked again.
    """
    if (to_judge and json_wanted) or (in_lines and not to_judge):
        raise WrongUsage(
            "--json lists, and --lines is for judging", hint="kb queue --json or kb queue --judge"
        )
    base = open_base()
    if to_judge:
        _judge(base, theme, review, limit, in_lines=in_lines)
        return
    rows = base.queue(limit or _LISTED, who=who(), theme=theme, review=review)
    if json_wanted:
        put_lines({**entry.as_json(), "why": why} for entry, why in rows)
        return
    for entry, why in rows:
        click.echo(click.style(entry.id, bold=True) + f"  {why}")
        click.echo(wrapped(entry.recommendation.text, "     "))
    if rows:
        say("Judge them one after another with: kb queue --judge")
    else:
        _say_nothing_waits(base)


def _judge(
    base: KnowledgeBase, theme: str | None, review: str | None, limit: int | None, *, in_lines: bool
) -> None:
    from kb.cli.answers import answers
    from kb.cli.dialogue import Dialogue

    session = base.judging(who=who(), limit=limit, theme=theme, review=review)
    if session.ask() is None:
        _say_nothing_waits(base)
        return
    Dialogue(session, base.taxonomy, answers(in_lines=in_lines)).run()


def _say_nothing_waits(base: KnowledgeBase) -> None:
    if len(base.index.records):
        say("Nothing waits to be judged.")
    else:
        say("Nothing waits to be judged: no recommendation is indexed. Add some with: kb add FILE")


COMMANDS = (judge, queue)
