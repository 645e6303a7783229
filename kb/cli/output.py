"""Data on stdout, words and progress on stderr."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.errors import WrongUsage

if TYPE_CHECKING:
    from kb.library import KnowledgeBase
    from kb.model import Tag

WIDTH = 96
_STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ON, _OFF = "\x01", "\x02"  # stand for bold while lines are broken
as_json = click.option("--json", "json_wanted", is_flag=True, help="Data for scripts.")
limit_option = click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many."
)


def open_base() -> KnowledgeBase:
    """The knowledge base that this command is about."""
    from kb.library import KnowledgeBase

    return KnowledgeBase.open(click.get_current_context().obj["home"])


def who() -> str:
    """The person on whose word something is stored."""
    import getpass

    from kb.model import STARTER

    hint = "Say who you are with --who NAME or KB_WHO=NAME"
    named = (click.get_current_context().obj["who"] or "").strip()
    try:
        name = named or getpass.getuser()
    except (OSError, KeyError) as error:
        raise WrongUsage("nobody knows who you are here", hint=hint) from error
    if name == STARTER:
        raise WrongUsage(f"{STARTER!r} stands for the starter corpus, not for a person", hint=hint)
    return name


def say(words: str) -> None:
    """Words for the person at the terminal."""
    click.echo(words, err=True)


def told_evidence(tag: Tag) -> Iterator[str]:
    """The leading evidence of a tag, a line a piece."""
    from kb.library.showing import leading_evidence

    for evidence in leading_evidence(tag):
        quoted = f"“{' '.join(evidence.text.split())}”: " if evidence.text else ""
        yield f"{quoted}{evidence.why}"


def put_json(data: Any) -> None:
    """One JSON object, indented."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=1))


def put_lines(rows: Iterable[Any]) -> None:
    """JSON Lines, each as soon as it is known."""
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False))


def put_bytes(data: bytes, output: Path | None) -> None:
    """A rendered file to ``-o FILE`` or to stdout, which binary formats refuse on a terminal."""
    from kb.files import write_atomically

    if output is not None and not output.absolute().parent.is_dir():
        raise WrongUsage(
            "this folder does not exist", place=str(output.parent), hint="Make it, or name another."
        )
    if output is not None:
        write_atomically(output, data)
        say(f"Written: {output}")
        return
    if sys.stdout.isatty() and b"\0" in data[:4096]:
        raise WrongUsage("this format is not for a terminal", hint="Name a file with -o FILE")
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def counted(number: int, noun: str) -> str:
    """A count with its noun: "1 review", "2 reviews"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def wrapped(text: str, indent: str = "  ", width: int = WIDTH) -> str:
    """A text on indented lines; its own line breaks stay, and nothing in it steers a terminal."""
    return _wrapped(readable(text), indent, width)


def readable(text: str) -> str:
    """A text with a mark in place of each character that steers a terminal."""
    return _STEERS.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def _wrapped(text: str, indent: str, width: int = WIDTH) -> str:
    return "\n".join(_filled(line, indent, width) for line in text.split("\n") if line.strip())


def _filled(line: str, indent: str, width: int) -> str:
    if len(indent) + len(line) <= width and line.isprintable() and line == line.strip():
        return indent + line
    words = line.split(" ")
    is_plain = "-" not in line and "" not in words and line.isprintable()
    if not is_plain or max(map(len, words)) > width - len(indent):
        return textwrap.fill(line, width, initial_indent=indent, subsequent_indent=indent)
    lines = [indent + words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(indent + word)
    return "\n".join(lines)


def emphasised(text: str, spans: Iterable[tuple[int, int]], indent: str) -> str:
    """A text on indented lines, these stretches in bold (click drops that off a terminal)."""
    parts, at = [], 0
    for start, end in spans:
        parts += [readable(text[at:start]), _ON, readable(text[start:end]), _OFF]
        at = end
    lines = _wrapped("".join([*parts, readable(text[at:])]), indent)
    return lines.replace(_ON, "\x1b[1m").replace(_OFF, "\x1b[0m")


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """A line of progress on stderr while it is a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    shape = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*shape, console=console, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def tell(step: str, done: int, of: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=of or None)
            bars.update(tasks[step], completed=done, total=of or None)

        yield tell


def is_json_lines(path: Path) -> bool:
    """Whether a file begins with a JSON object on one line that has a "text"."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            first = next((line for line in file if line.strip()), "")
        row = json.loads(first)
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(row, dict) and isinstance(row.get("text"), str)


def read_json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file (``-`` is stdin); raises WrongUsage naming the line.

    One without an id, or with none in it, has the number of its line.
    """
    for number, row in numbered_json_lines(path):
        yield {**row, "id": str(number) if row.get("id") is None else row["id"]}


def numbered_json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The number of each line that is not empty, with the object that stands there as it is."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUsage(
            f"cannot be read as UTF-8 text: {error}",
            place=str(path),
            hint='Give a file of JSON Lines, each an object such as {"id": "1", "text": "…"}',
        ) from error
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            json.dumps(row, ensure_ascii=False).encode()  # half a surrogate pair is no text
        except (ValueError, RecursionError) as error:
            raise WrongUsage(
                f"this is not a JSON object: {error}",
                place=f"{path}, line {number}",
                hint='Each line is an object such as {"id": "1", "text": "…"}',
            ) from error
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise WrongUsage(
                'this line has no "text"',
                place=f"{path}, line {number}",
                hint='Each line is an object such as {"id": "1", "text": "…"}',
            )
        yield number, row


def warn_if_stale(base: KnowledgeBase) -> None:
    """Say that the answer is from before the latest changes, and answer all the same."""
    if base.has_changed():
        say("Note: corpus, taxonomy or settings have changed since the index was built: kb build")
    if judged := base.judged_since_build():
        say(
            f"Note: {counted(judged, 'recommendation')} judged since the last build; tags show it,"
            " filters, counts and ranking after: kb build"
        )
