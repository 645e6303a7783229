"""``kb check``: has this been recommended before?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.output import (
    emphasised,
    is_json_lines,
    numbered_json_lines,
    open_base,
    progress,
    put_bytes,
    put_lines,
    readable,
    say,
    warn_if_stale,
    wrapped,
)
from kb.cli.reports import chosen_format, command_line, output_options
from kb.errors import WrongUsage

if TYPE_CHECKING:
    from kb.library import KnowledgeBase
    from kb.library.drafts import Draft
    from kb.reports import Report

_PHRASES = 8  # of the shared or the differing ones that a terminal shows


@click.command()
@click.argument("text", nargs=-1)
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help='A draft plan (Word, Excel, CSV, …), or JSON Lines {"id", "text"}.',
)
@click.option("--except", "except_review", metavar="REVIEW", help="Leave this review out.")
@click.option("--advice", is_flag=True, help="With hints on the wording.")
@click.option(
    "--limit", type=click.IntRange(5, 100), default=5, show_default=True, help="How many matches."
)
@output_options
def check(
    text: tuple[str, ...],
    path: Path | None,
    *,
    except_review: str | None,
    advice: bool,
    limit: int,
    format_name: str | None,
    output: Path | None,
    json_wanted: bool,
) -> None:
    """Has this been recommended before?

    Each match comes with a verdict, the reasons, what became of it, and its source. A draft plan is
    checked against itself too; with --format or -o FILE the answer is a report to hand on.
    """
    if bool(text) == bool(path):
        raise WrongUsage(
            "give one text, or a file", hint='kb check "Train GPs on …"  or  kb check --file FILE'
        )
    chosen = chosen_format(format_name, output, json_wanted=json_wanted)
    base = open_base()
    warn_if_stale(base)
    drafts = _drafts(base, text, path)
    answers = _answers(base, drafts, except_review, limit, advice=advice)
    if format_name or output:
        made = _report(base, list(answers), path, except_review)
        put_bytes(made.render(chosen), output)
    elif json_wanted:
        put_lines(answers)
    else:
        shown = Counter(_show(row, is_one_of_several=path is not None) for row in answers)
        if path:
            told = ", ".join(f"{number} {verdict}" for verdict, number in shown.items())
            say(f"Checked: {told}. A report to hand on: -o FILE")
        if advice:
            say("What the hints rest on: docs/wording.md")


def _drafts(base: KnowledgeBase, text: Sequence[str], path: Path | None) -> list[Draft]:
    """The text, or the drafts of a file: JSON Lines of texts, or a document as ``add`` reads it."""
    from kb.library.drafts import Draft, read_drafts

    if path is None:
        return [Draft("1", " ".join(text))]
    if is_json_lines(path):
        return [Draft(name, text) for name, text in _listed(path).items()]
    return read_drafts(base, path)


def _listed(path: Path) -> dict[str, str]:
    """The texts of a JSON Lines file by their ids, which must tell them apart."""
    texts: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, row in numbered_json_lines(path):
        name = str(number if row.get("id") is None else row["id"])
        if name in texts:
            raise WrongUsage(
                f"the id {name!r} stands on line {lines[name]}, too",
                place=f"{path}, line {number}",
                hint="Give each text an id of its own, or none: its line then counts.",
            )
        texts[name], lines[name] = row["text"], number
    return texts


def _answers(
    base: KnowledgeBase,
    drafts: Sequence[Draft],
    except_review: str | None,
    limit: int,
    *,
    advice: bool,
) -> Iterator[dict[str, Any]]:
    from kb.library.drafts import check_drafts

    checked = check_drafts(base, drafts, except_review=except_review, limit=limit)
    with progress() as tell:
        for done, one in enumerate(checked, start=1):
            if tell and len(drafts) > 1:
                tell("checking", done, len(drafts))
            yield one.as_json(base, advice=advice)


def _report(
    base: KnowledgeBase, rows: Sequence[dict[str, Any]], path: Path | None, left_out: str | None
) -> Report:
    from kb.library.drafts import digest_of, draft_report

    about = [("Checked", f"{path.name}, digest {digest_of(path)[:16]}" if path else "a text")]
    if left_out:
        about.append(("Review left out", left_out))
    return draft_report(base, rows, about, command=command_line())


def _show(row: Mapping[str, Any], *, is_one_of_several: bool) -> str:
    """Show one answer; its verdict."""
    if is_one_of_several:
        click.echo(click.style(readable(f"{row['id']}. {row['draft']}"), bold=True))
    click.echo(f"{row['verdict']}: {row['says']}")
    if row["history"]:
        click.echo(row["history"])
    for note in row["notes"]:
        say(f"Note: {note}")
    for one in row["within"]:
        click.echo(wrapped(f"repeats no. {one['id']} of this draft ({one['verdict']})", ""))
    for hint in row.get("advice", ()):
        found = _phrases(row["draft"], hint["words"])
        quoted = f" (“{'”, “'.join(found)}”)" if found else ""
        click.echo(wrapped(f"wording ({hint['id']}): {hint['says']}{quoted}", ""))
    alike = [match for match in row["matches"] if match["verdict"] != "new"]
    for place, match in enumerate(alike, start=1):
        _show_match(match, row["draft"], place)
    more = [name for name in row["counted"] if name not in {match["id"] for match in alike}]
    if more:
        say(f"Counted, too, and not shown: {', '.join(more)}. To see them: --limit")
    return str(row["verdict"])


def _show_match(match: Mapping[str, Any], draft: str, place: int) -> None:
    heading = f"{place:>3}. {match['id']}  {match['verdict']} {match['score']:.2f}"
    if match["counted"] and match["verdict"] != "duplicate":
        heading += ", nearly the same"
    click.echo(f"{heading}  {match['says']}")
    marks = sorted((start, end) for _, (start, end) in match["shared"])
    click.echo(emphasised(match["text"], marks, "     "))
    for reason in match["reasons"]:
        click.echo(f"     – {reason}")
    _show_phrases("both say", draft, [here for here, _ in match["shared"]])
    if match["verdict"] != "related":
        _show_phrases("only yours", draft, match["only_text"])
        _show_phrases("only there", match["text"], match["only_stored"])
    if match["outcome"]:
        click.echo(wrapped(f"outcome: {' '.join(match['outcome'].split())[:300]}", "     "))
    source = match["source"]
    click.echo(f"     source: {match['title']}; {source['file']}, {source['place']}")


def _show_phrases(label: str, text: str, spans: Sequence[Sequence[int]]) -> None:
    found = _phrases(text, spans)
    more = " …" if len(found) > _PHRASES else ""
    if found:
        click.echo(wrapped(f"{label}: {' · '.join(found[:_PHRASES])}{more}", "     "))


def _phrases(text: str, spans: Sequence[Sequence[int]]) -> list[str]:
    """The words of stretches, each on one line and once."""
    return list(dict.fromkeys(" ".join(text[start:end].split()) for start, end in spans))


COMMANDS = (check,)
