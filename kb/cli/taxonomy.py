"""``kb taxonomy``: its faults, its themes, one theme, and rules tried on the corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kb.cli.output import as_json, counted, open_base, put_json, put_lines, say, wrapped
from kb.errors import NotFound, WrongUsage

if TYPE_CHECKING:
    from kb.tagging.trial import RuleTrial

_SHOWN = 10


@click.group()
def taxonomy() -> None:
    """Check the taxonomy, list its themes, try its rules."""


@taxonomy.command()
@as_json
def check(json_wanted: bool) -> None:
    """Find faults, and run the worked examples as tests."""
    found = open_base().taxonomy_faults()
    faults = [fault for fault in found if fault.severity == "fault"]
    if json_wanted:
        put_lines(fault.as_json() for fault in found)
    else:
        for fault in found:
            click.echo(str(fault))
        warnings = len(found) - len(faults)
        say(f"{counted(len(faults), 'fault')}, {counted(warnings, 'warning')}")
    if faults:
        click.get_current_context().exit(1)


@taxonomy.command(name="list")
@as_json
def list_themes(json_wanted: bool) -> None:
    """Every group and theme."""
    groups = open_base().taxonomy.groups
    if json_wanted:
        put_lines(
            {
                "id": theme.id,
                "name": theme.name,
                "group": group.id,
                "home_office": theme.home_office,
            }
            for group in groups
            for theme in group.themes
        )
        return
    for group in groups:
        click.echo(click.style(group.name, bold=True) + f" ({group.id})")
        for theme in group.themes:
            click.echo(f"  {theme.id:24} {theme.name}")


@taxonomy.command()
@click.argument("theme_id", metavar="THEME")
@as_json
def show(theme_id: str, json_wanted: bool) -> None:
    """One theme: what it covers, its border, rules and examples."""
    base = open_base()
    theme = base.theme(theme_id)
    if json_wanted:
        put_json(theme.model_dump(mode="json"))
        return
    click.echo(click.style(theme.name, bold=True) + f" ({theme.id})")
    for label, value in (
        ("covers", theme.covers),
        ("border", theme.border),
        ("Home Office", theme.home_office),
    ):
        if value:
            click.echo(wrapped(f"{label}: {value}"))
    for number, rule in enumerate(theme.rules, start=1):
        click.echo(f"  rule {number}" + (" (only a suggestion)" if rule.suggest else ""))
        for name, phrases in (("any", rule.any), ("all", rule.all), ("none", rule.none)):
            for phrase in phrases:
                click.echo(wrapped(f"{name}: {phrase}", "    "))
        if rule.pattern:
            click.echo(wrapped(f"pattern: {rule.pattern}", "    "))
    for label, texts in (("example", theme.examples), ("not", theme.counter_examples)):
        for text in texts:
            click.echo(wrapped(f"{label}: {text}"))


@taxonomy.command(name="try")
@click.argument("theme_id", metavar="[THEME]", required=False)
@click.option("--any", "any_", multiple=True, metavar="PHRASE", help="One of these phrases.")
@click.option("--all", "all_", multiple=True, metavar="PHRASE", help="All of these phrases.")
@click.option("--none", "none", multiple=True, metavar="PHRASE", help="None of these phrases.")
@as_json
def try_rules(
    theme_id: str | None,
    any_: tuple[str, ...],
    all_: tuple[str, ...],
    none: tuple[str, ...],
    json_wanted: bool,
) -> None:
    """Try rules on the corpus: a theme's, all, or a new one.

    \b
    kb taxonomy try genograms
    kb taxonomy try genograms --any "family tree*" --none "christmas"
    """
    base = open_base()
    if (any_ or all_ or none) and not (theme_id and (any_ or all_)):
        raise WrongUsage(
            "a new rule needs a theme and --any or --all",
            hint='kb taxonomy try genograms --any "family tree*"',
        )
    if any_ or all_:
        trials = base.try_rule(str(theme_id), any_=any_, all_=all_, none=none)
    else:
        trials = base.try_rules(theme_id)
    if not trials:
        raise NotFound("there is no rule to try", hint="Add one: docs/taxonomy.md")
    if json_wanted:
        put_lines(trial.as_json() for trial in trials)
        return
    for trial in trials:
        _show_trial(trial, with_hits=theme_id is not None)


def _show_trial(trial: RuleTrial, *, with_hits: bool) -> None:
    score = trial.score
    precision, recall = score.precision.value, score.recall.value
    judged = f"precision {precision:.2f}" if precision is not None else "precision not known"
    reach = f", recall {recall:.2f}" if recall is not None else ""
    kind = " (suggestion)" if trial.suggest else ""
    click.echo(f"{trial.theme} rule {trial.rule}{kind}: {len(trial.hits)} hits, {judged}{reach}")
    if not with_hits:
        return
    marks = {True: "yes", False: "NO", None: "?"}
    for hit in trial.hits[:_SHOWN]:
        words = ", ".join(f"“{evidence.text}”" for evidence in hit.evidence)
        click.echo(wrapped(f"{marks[hit.judged]:3} {hit.id}: {words}", "    "))
    if len(trial.hits) > _SHOWN:
        say(f"    … and {len(trial.hits) - _SHOWN} more")


COMMANDS = (taxonomy,)
