"""``kb report`` and ``kb export``."""

from __future__ import annotations

import shlex
import sys
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.filters import filter_options
from kb.cli.output import as_json, open_base, put_bytes, say, warn_if_stale
from kb.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable

_FORMATS = ("text", "html", "docx", "xlsx", "csv", "json", "md")
_FILES = ("--file", "--gold", "-o", "--output")
_BY = ("year", "sector", "agency", "area", "kind", "status")


def command_line() -> str:
    """The command that makes the same again, to be printed in the head of what it made.

    Where folders lie and who typed it are nobody else's business: files stand by their names.
    """
    words = iter(sys.argv[1:])
    kept = []
    for word in words:
        name, equals, path = word.partition("=")
        if word in ("--home", "--who"):
            next(words, None)
        elif word in _FILES:
            kept += [word, *(Path(file).name for file in islice(words, 1))]
        elif equals and name in _FILES:
            kept.append(f"{name}={Path(path).name}")
        elif word.startswith("-o"):
            kept.append(f"-o{Path(word.removeprefix('-o')).name}")
        elif not word.startswith(("--home=", "--who=")):
            kept.append(word)
    return shlex.join(["kb", *kept])


def output_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--format``, ``--output`` and ``--json``."""
    for option in (
        as_json,
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path, dir_okay=False),
            help="The file to write.",
        ),
        click.option(
            "--format",
            "format_name",
            type=click.Choice(_FORMATS),
            help="Else from the ending of -o FILE, else text.",
        ),
    ):
        function = option(function)
    return function


def format_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add every filter, ``--format``, ``--output`` and ``--json``."""
    return filter_options(output_options(function))


def put_report(
    name: str,
    filters: dict[str, Any],
    format_name: str | None,
    output: Path | None,
    json_wanted: bool,
    *,
    untyped: str = "",
    **options: Any,
) -> None:
    """Make a report of this knowledge base and write it where it is wanted.

    ``untyped`` is what the printed command needs besides to make the same again on another day.
    """
    base = open_base()
    warn_if_stale(base)
    report = base.report(name, command=command_line() + untyped, filters=filters, **options)
    put_bytes(report.render(chosen_format(format_name, output, json_wanted=json_wanted)), output)


def chosen_format(format_name: str | None, output: Path | None, *, json_wanted: bool) -> str:
    """The format asked for, else that of the file's ending, else text; raises WrongUsage."""
    if json_wanted:
        return "json"
    ending = output.suffix.lstrip(".").lower() if output else ""
    if format_name:
        return format_name
    named = {"txt": "text", "htm": "html"}.get(ending, ending)
    if named in _FORMATS:
        return named
    if ending:
        raise WrongUsage(
            f"no report is written as {output}",
            hint=f"Endings are .txt .html .docx .xlsx .csv .json .md; or say --format "
            f"{'|'.join(_FORMATS)}",
        )
    return "text"


@click.group()
def report() -> None:
    """Report on themes, progress, a review, an agency or a theme."""


@report.command()
@click.option(
    "--by",
    metavar="|".join(_BY),
    help="Cross the themes with this; two with a comma are crossed as well: --by year,sector.",
)
@click.option(
    "--compare",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Beside all others; given twice, beside each other: --compare year=2015..2018.",
)
@format_options
def themes(by: str | None, compare: tuple[str, ...], **rest: Any) -> None:
    """How many recommendations and reviews carry each theme."""
    if by is not None and not by.strip(" ,"):
        raise WrongUsage(
            f"--by {by!r} names nothing to cross with", hint="kb report themes --by year"
        )
    put_report("themes", by=by, compare=compare, **rest)


@report.command()
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Overdue before this day; today if not given.",
)
@click.option(
    "--asked-again",
    is_flag=True,
    help="Also what another review asked again after it was complete; looks for repeats.",
)
@format_options
def progress(at: datetime | None, **rest: Any) -> None:
    """What is open, overdue, or complete without an outcome.

    For all recommendations, and by agency and by review.
    """
    day = at.date() if at else date.today()
    put_report("progress", at=day, untyped="" if at else f" --at {day.isoformat()}", **rest)


@report.command()
@click.argument("review_id", metavar="REVIEW")
@format_options
def review(review_id: str, **rest: Any) -> None:
    """One review's themes against the whole knowledge base."""
    put_report("review", review_id=review_id, **rest)


@report.command()
@click.argument("name", metavar="AGENCY")
@click.option("--all-agencies", is_flag=True, help="With what is addressed to all agencies.")
@format_options
def agency(name: str, all_agencies: bool, **rest: Any) -> None:
    """Everything that one agency has been asked, by theme and status."""
    put_report("agency", agency=name, all_agencies=all_agencies, **rest)


@report.command()
@format_options
def briefing(**rest: Any) -> None:
    """A short summary of one theme: --theme genograms."""
    wanted = rest["filters"].pop("theme")
    if len(wanted) != 1:
        raise WrongUsage("a briefing is about one theme", hint="kb report briefing --theme dash")
    put_report("briefing", theme=wanted[0], **rest)


@click.command()
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["jsonl", "csv", "xlsx"]),
    default="jsonl",
    show_default=True,
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A folder, or one file.")
def export(format_name: str, output: Path | None) -> None:
    """Everything, to take away, with the codebook.

    Into a folder go the recommendations and the codebook (in xlsx they are sheets of one file).
    One file of JSON Lines or CSV (-o all.csv), or JSON Lines on standard output, gets the
    recommendations alone.
    """
    from kb.files import write_atomically

    base = open_base()
    warn_if_stale(base)
    files = base.export(format_name, command=command_line())
    to_one_file = bool(output.suffix) and not output.is_dir() if output else format_name == "jsonl"
    if len(files) == 1 or to_one_file:
        put_bytes(next(iter(files.values())), output)
        if len(files) > 1:
            say("The codebook is left out; it goes into a folder: kb export -o FOLDER")
        return
    if output is None:
        raise WrongUsage(f"this export has {len(files)} files", hint="Name a folder with -o FOLDER")
    for name, data in files.items():
        write_atomically(output / name, data)
        say(f"Written: {output / name}")


COMMANDS = (report, export)
