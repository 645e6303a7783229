"""The command ``kb`` and what all of its subcommands share."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Any

import click

from kb import __version__
from kb.cli import (
    checking,
    corpus,
    evaluating,
    finding,
    judging,
    repeating,
    reports,
    searching,
    serving,
    tags,
    taxonomy,
)
from kb.errors import KnowledgeBaseError

_OBJECTS_BETWEEN = 50_000  # new objects from one search for garbage to the next; 700 is usual
_SECTIONS = (
    ("Put in", ("init", "add", "build", "correct", "remove")),
    ("Find", ("search", "searches", "show", "check", "repeated")),
    ("Count and take away", ("report", "export")),
    ("Themes", ("tag", "judge", "queue", "evaluate", "taxonomy")),
    ("Care", ("doctor",)),
    ("In a browser", ("serve",)),
)


class Sections(click.Group):
    """The group ``kb``, whose help lists its commands by what people want to do."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; that the reader of its output goes away (kb … | head) is no failure."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _let_stdout_go()
            ctx.exit(0)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands under the sections' names."""
        del ctx
        for title, names in _SECTIONS:
            with formatter.section(title):
                listed = [(name, self.commands[name].get_short_help_str(70)) for name in names]
                formatter.write_dl(listed)


@click.group(
    cls=Sections,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="kb")
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    help="The knowledge base's folder; else KB_HOME, else the nearest one upwards.",
)
@click.option(
    "--who", envvar="KB_WHO", help="Who decides or corrects; else KB_WHO, else your user name."
)
@click.pass_context
def cli(context: click.Context, home: Path | None, who: str | None) -> None:
    """A knowledge base of the recommendations that Domestic Homicide Reviews have made.

    Has this been recommended before, by whom, and what became of it? What keeps being recommended?
    Is this new recommendation a repeat?
    """
    context.obj = {"home": home, "who": who}


_MODULES = (
    corpus,
    searching,
    finding,
    checking,
    repeating,
    tags,
    judging,
    evaluating,
    taxonomy,
    reports,
    serving,
)
for module in _MODULES:
    for command in module.COMMANDS:
        cli.add_command(command)


def main(arguments: list[str] | None = None) -> Any:
    """Run ``kb``: exit 0 done, 1 failed, 2 wrong usage; a user's mistake shows no traceback."""
    gc.set_threshold(_OBJECTS_BETWEEN)
    # pydantic's plugins are none of ours, and to look for them takes longer than most commands
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        code = cli.main(args=arguments, prog_name="kb", standalone_mode=False)
        sys.stdout.flush()
    except KnowledgeBaseError as error:
        _fail(str(error), error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _fail("stopped", 1)
    except BrokenPipeError:
        _let_stdout_go()
    except UnicodeEncodeError as error:
        near = error.object[max(0, error.start - 20) : error.end + 20]
        _fail(f"this is not text in UTF-8: {near!r}\nWrite that word again.", 2)
    except OSError as error:
        _fail(f"{error.filename or 'the system'}: {error.strerror or error}", 1)
    else:
        if code:  # what a command that found faults exits with
            sys.exit(code)
    finally:
        gc.freeze()  # the end of the process need not look for garbage once more


def _let_stdout_go() -> None:
    """Let what is still to be written go nowhere, now that nobody reads it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, code: int) -> None:
    click.echo(f"kb: {message}", err=True)
    sys.exit(code)
