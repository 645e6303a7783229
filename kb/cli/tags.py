"""Commands on themes: tag and evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.output import (
    as_json,
    open_base,
    progress,
    put_json,
    put_lines,
    read_json_lines,
    say,
)
from kb.errors import WrongUsage

if TYPE_CHECKING:
    from kb.library.measuring import Agreements
    from kb.tagging.agreement import Agreement
    from kb.tagging.evaluate import Evaluation
    from kb.tagging.judged import Tagged
    from kb.tagging.scores import Share

FICTION = "fiction written for this project"
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
@click.option(
    "--gold",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help='Labelled texts, JSON Lines {"id", "text", "themes"}, instead of the judgements here.',
)
@click.option("--test", is_flag=True, help="The starter's test set, which nothing learns from.")
@click.option("--agreement", is_flag=True, help="How far its two labelling passes agree.")
@as_json
def evaluate(gold: Path | None, test: bool, agreement: bool, json_wanted: bool) -> None:
    """Measure the tags against judgements.

    Each judged review is tagged by a model that has not seen it; or a file of labelled texts is.
    The starter's test set is measured with --test alone: look at it rarely, and never while you
    change rules.
    """
    if sum((gold is not None, test, agreement)) > 1:
        raise WrongUsage(
            "--gold, --test and --agreement each measure something of their own",
            hint="Give one of them: kb evaluate --test",
        )
    base = open_base()
    if agreement:
        _show_agreements(base.agreements(), json_wanted)
        return
    with progress() as tell:
        told = (lambda done, of: tell("evaluating", done, of)) if tell else None
        rows = list(read_json_lines(gold)) if gold else None
        evaluation = base.evaluate_test_set() if test else base.evaluate(rows, told)
    is_fiction = test or (gold is None and base.is_judged_by_starter_alone())
    if json_wanted:
        put_json({**evaluation.as_json(), "measured_on": FICTION if is_fiction else None})
        return
    _show_evaluation(evaluation, _measured_on(evaluation, gold, test))
    if is_fiction:
        click.echo(f"\nMeasured on {FICTION}.")


def _measured_on(evaluation: Evaluation, gold: Path | None, test: bool) -> str:
    if gold is not None:
        return "a file of labelled texts"
    held = "the starter's test set, never learnt from" if test else "held out"
    return f"{evaluation.reviews} reviews, {held}"


def _show_evaluation(evaluation: Evaluation, where: str) -> None:
    click.echo(f"{evaluation.texts} judged recommendations; {where}")
    click.echo(f"\n{'method':16}{'micro-F1':>9}{'macro-F1':>9}")
    for name, scores in evaluation.methods.items():
        click.echo(f"{name:16}{_figure(scores.micro.f1):>9}{_figure(scores.macro_f1):>9}")
    click.echo(f"\n{'theme':26}{'n':>5}{'precision':>20}{'recall':>20}{'F1':>7}")
    for theme, score in evaluation.methods["combined"].themes.items():
        click.echo(
            f"{theme:26}{score.wanted:>5}{_interval(score.precision):>20}"
            f"{_interval(score.recall):>20}{_figure(score.f1):>7}"
        )
    if evaluation.not_learnt:
        say(f"No model (too few examples): {', '.join(evaluation.not_learnt)}")


def _show_agreements(found: Agreements, json_wanted: bool) -> None:
    if json_wanted:
        put_json({**found.as_json(), "measured_on": FICTION})
        return
    _show_agreement("theme", "recommendations", found.themes)
    if found.pairs.texts:
        _show_agreement("pair", "pairs", found.pairs)
    click.echo(f"Measured on {FICTION}; both passes by language models, not by people.")


def _show_agreement(name: str, of: str, found: Agreement) -> None:
    click.echo(f"{found.texts} {of}, each judged twice, blind to the other pass")
    click.echo(f"\n{name:26}{'first':>7}{'second':>8}{'both':>7}{'F1':>8}{'kappa':>8}")
    for label, one in (*found.labels.items(), ("all decisions (micro)", found.micro)):
        click.echo(
            f"{label:26}{one.first:>7}{one.second:>8}{one.both:>7}"
            f"{_figure(one.f1):>8}{_figure(one.kappa):>8}"
        )
    mean = f"{_figure(found.macro_f1):>8}{_figure(found.macro_kappa):>8}"
    click.echo(f"{'mean (macro)':26}{'':22}{mean}\n")


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _interval(share: Share) -> str:
    if share.value is None:
        return "–"
    return f"{share.value:.2f} ({share.low:.2f}–{share.high:.2f})"


COMMANDS = (tag, evaluate)
