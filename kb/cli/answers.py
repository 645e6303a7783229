"""Where the answers of a dialogue come from: single keys of a terminal, or whole lines."""

from __future__ import annotations

import sys
from typing import Protocol

import click

from kb.errors import WrongUsage

ENTER = "\n"
_NO_LETTER = "\x1b\x00\xe0"  # what an arrow or a function key begins with


class Answers(Protocol):
    """Asks with a prompt of one line; raises EOFError at the end of input."""

    def line(self, prompt: str) -> str:
        """Words, ended with Enter."""
        ...

    def keys(self, prompt: str) -> list[str]:
        """At least one key or command; ``ENTER`` is the key Enter alone."""
        ...


class Lines:
    """Answers as whole lines: for screen readers, files and pipes."""

    def __init__(self) -> None:
        """Read standard input; where nobody types, each prompt ends its own line."""
        self._is_typed = sys.stdin.isatty()

    def line(self, prompt: str) -> str:
        """One line without the space around it."""
        click.echo(f"{prompt}: ", nl=not self._is_typed)
        try:
            line = sys.stdin.readline()
        except UnicodeDecodeError as error:
            raise WrongUsage(
                f"an answer is not text in UTF-8: {error.object[:40]!r}",
                hint="What was stored before stands; run the same command again to go on.",
            ) from error
        if not line:
            raise EOFError
        return line.strip()

    def keys(self, prompt: str) -> list[str]:
        """Several keys apart by spaces or commas, or one command with its words."""
        line = self.line(prompt)
        if line[:1].isalnum():
            return line.replace(",", " ").split()
        return [line or ENTER]


class SingleKeys(Lines):
    """Answers as single keys of a terminal; words are typed with Enter after them."""

    def keys(self, prompt: str) -> list[str]:
        """One key; of several that come at once, as when text is pasted, the first alone."""
        click.echo(f"{prompt}: ", nl=False)
        typed = click.getchar()
        if not typed:  # the terminal is gone
            raise EOFError
        key = ENTER if typed[:1] in "\r\n" else typed[:1]
        if typed[:1] in _NO_LETTER:
            key = "another key"
        click.echo("Enter" if key == ENTER else key)
        if len(typed) > 1 and typed[0] not in _NO_LETTER:
            click.echo("Several keys came at once; the first alone counts.")
        return [key]


def answers(*, in_lines: bool) -> Answers:
    """Single keys where a person sits at a terminal and does not want lines; else lines."""
    if not in_lines and sys.stdin.isatty() and sys.stdout.isatty():
        return SingleKeys()
    return Lines()
