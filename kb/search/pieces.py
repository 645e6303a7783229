"""Cutting a query into pieces: words, phrases, fields, brackets and signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PIECE = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<open>\()
    | (?P<close>\))
    | (?P<negated>-(?=[\w"“(]))
    | ["“”](?P<phrase>[^"“”]*)(?P<end>["“”]|$)
    | (?P<field>[A-Za-z]+):(?:["“”](?P<quoted>[^"“”]+)(?:["“”]|$)|(?P<value>[^\s()"“”]+))
    | (?P<near>(?i:near)/0*[1-9]\d{0,3})(?![^\s()"“”])
    | (?P<word>[^\s()"“”]+)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Piece:
    """One piece; ``kind`` is the name of its group in the pattern.

    The text of a field is its name and ``value`` its value; a phrase left open has ``open`` there.
    """

    kind: str
    text: str
    value: str = ""


def cut(text: str) -> Iterator[Piece]:
    """Cut a query into pieces; a hyphen negates only where a word could begin."""
    at, fresh = 0, True
    while at < len(text):
        match = _PIECE.match(text, at)
        if match is None:
            at += 1
            continue
        kind = str(match.lastgroup)
        if kind == "negated" and not fresh:
            at += 1
            continue
        if kind in {"quoted", "value"}:
            yield Piece("field", match["field"], match[kind])
        elif kind == "end":
            yield Piece("phrase", match["phrase"], "" if match["end"] else "open")
        elif kind != "space":
            yield Piece(kind, match[kind])
        fresh = kind in {"space", "open", "negated"}
        at = match.end()
