"""``kb evaluate``: how good the tags are, and the duplicate check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli.output import open_base, progress, put_bytes, read_json_lines
from kb.cli.reports import chosen_format, command_line, output_options
from kb.errors import WrongUsage

if TYPE_CHECKING:
    from kb.library import KnowledgeBase
    from kb.tagging.evaluation import Evaluation


@click.command()
@click.option(
    "--gold",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help='Labelled texts, JSON Lines {"id", "text", "themes"}, instead of the judgements here.',
)
@click.option("--test", is_flag=True, help="The starter's test set, which nothing learns from.")
@click.option("--agreement", is_flag=True, help="How far its two labelling passes agree.")
@click.option("--pairs", is_flag=True, help="How well the duplicate check tells judged pairs.")
@click.option(
    "--folds",
    type=click.IntRange(2, 20),
    help="How many parts are held out in turn: 5, or 2 for a quick look that learns from less.",
)
@click.option("--curve", is_flag=True, help="Also learn from fewer reviews: a learning curve.")
@output_options
def evaluate(
    *,
    gold: Path | None,
    test: bool,
    agreement: bool,
    pairs: bool,
    folds: int | None,
    curve: bool,
    format_name: str | None,
    output: Path | None,
    json_wanted: bool,
) -> None:
    """Measure the tags against judgements.

    Each judged review is tagged by a model that has not seen it; or a file of labelled texts is.
    The starter's test set is measured with --test alone: look at it rarely, and never while you
    change rules. --pairs measures the duplicate check instead, each judged pair by a model that
    has seen neither text.
    """
    from kb.library.measuring import agreement_report, evaluation_report, pairs_report

    if sum((gold is not None, test, agreement, pairs, curve)) > 1:
        raise WrongUsage(
            "--gold, --test, --agreement, --pairs and --curve each measure something of their own",
            hint="Give one of them: kb evaluate --test",
        )
    if folds and (gold or test or agreement or pairs):
        raise WrongUsage(
            "--folds says how the judged reviews are held out, which --gold, --test, --agreement"
            " and --pairs do not do",
            hint=f"Leave one of them out: kb evaluate --folds {folds}",
        )
    chosen = chosen_format(format_name, output, json_wanted=json_wanted)
    base = open_base()
    if agreement:
        report = agreement_report(base, base.agreements(), command=command_line())
    elif pairs:
        with progress() as tell:
            report = pairs_report(base, tell, command=command_line())
    else:
        evaluation = _evaluation(base, gold, test=test, folds=folds, curve=curve)
        report = evaluation_report(base, evaluation, command=command_line())
    put_bytes(report.render(chosen), output)


def _evaluation(
    base: KnowledgeBase, gold: Path | None, *, test: bool, folds: int | None, curve: bool
) -> Evaluation:
    from kb.library.measuring import keep_measured

    rows = list(read_json_lines(gold)) if gold else None
    with progress() as tell:
        if test:
            return base.evaluate_test_set(tell)
        found = base.evaluate(rows, tell, folds=folds, curve=curve)
    if rows is None:
        keep_measured(base, found)
    return found


COMMANDS = (evaluate,)
