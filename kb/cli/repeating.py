"""``kb repeated``: what several reviews keep recommending."""

from __future__ import annotations

from typing import Any

import click

from kb.cli.output import progress
from kb.cli.reports import format_options, put_report


@click.command()
@click.option(
    "--since",
    metavar="WHEN",
    help="Only what was asked in 2019 (or 2019-06) or later, with all earlier askings.",
)
@format_options
def repeated(since: str | None, **rest: Any) -> None:
    """Show what several reviews keep recommending.

    Groups of the same ask, with when and where it was asked and what became of it, and the themes
    that come back after they had been marked complete. The filters narrow what is grouped.
    """
    with progress() as tell:
        put_report("repeated", since=since, progress=tell, **rest)


COMMANDS = (repeated,)
