"""The number that stands at the head of a recommendation's own cell."""

from __future__ import annotations

import re
from typing import NamedTuple

from kb.text.patterns import late

_FIGURES = r"(?:[A-Z]{1,4}[ .-]?)?\d{1,3}(?:\.\d{1,3}){0,4}(?: ?\([a-z]{1,4}\)|[a-z])?"
_KIND = (
    r"(?:(?:overview|report|national|local|regional|single|individual|multi|agency|imr|dhr|dardr|"
    r"panel|key|final|review|sar|cspr|strategic|specific|police|health|partnership)[ -]){0,4}"
)
_WORD = late(
    rf"\s*{_KIND}rec(?:ommendation)?s?\b\.?[ \t]*(?:(?:no\.?|number|ref\.?)[ \t]*|#[ \t]*)?"
    rf"(?P<number>\(?{_FIGURES}\)?|[A-Z](?=\s*[:\n])|(?:one|two|three|four|five|six|seven|eight|"
    r"nine|ten|eleven|twelve)\b)(?![\w/])[ \t]*(?P<mark>[:.)–—-]+(?=\s|$|[A-Z])|$|\n)?",
    re.IGNORECASE,
)
_CODE = late(
    r"\s*(?P<number>[A-Z]{0,4}R(?:ec)?[ .]?\d{1,3}(?:\.\d{1,3})?[a-z]?)(?![\w/])[ \t]*"
    r"(?:[:.)–—-]+(?=\s|$)|(?=\s|$))"
)
_MARKED = late(
    r"\s*\(?(?P<number>\d{1,3}(?:\.\d{1,3}){0,4}(?: ?\([a-z]{1,4}\)|[a-z])?)(?:[.):]+|[ \t]*[–-])"
    r"(?=\s+\W{0,2}[A-Za-z]|\s*\n|\s*$|[A-Z][a-z])"
)
_DECIMAL = late(
    r"\s*(?P<number>\d{1,3}(?:\.\d{1,3}){1,4}(?: ?\([a-z]{1,4}\)|[a-z])?)(?=\s+\W{0,2}[A-Z]|\s*$)"
)
_OWN_LINE = late(r"\s*(?P<number>\d{1,3}[a-z]?)[ \t]*(?=\n\s*\S)|(?P<tab>\d{1,3}[a-z]?)\t+")
_BARE = late(r"\s*(?P<number>\d{1,3})\s+(?=\W{0,2}[A-Z][a-z]*)")
_PATTERNS = (_CODE, _MARKED, _DECIMAL, _OWN_LINE)


class HeadNumber(NamedTuple):
    """A number as printed, the words that print it, and the text below where it has its own line.

    ``rest`` is the text after the printed words; ``own_line`` says that these stand in a line of
    their own.
    """

    number: str
    printed: str
    rest: str
    own_line: bool


def head_number(text: str) -> HeadNumber | None:
    """The number that a text begins with ("115.1 The …", "Recommendation 3: …", "R7 – …")."""
    match = _WORD.match(text)
    if match and (match["mark"] is not None or _begins_sentence(text[match.end() :])):
        return _found(text, match, match["number"].strip("()"))
    for pattern in _PATTERNS:
        match = pattern.match(text)
        if match:
            number = next(group for group in match.groups() if group)
            return _found(text, match, number)
    return None


def bare_number(text: str) -> int | None:
    """The figure that a text begins with although no mark parts it: "4 The Trust should …"."""
    match = _BARE.match(text)
    return int(match["number"]) if match else None


def _begins_sentence(rest: str) -> bool:
    """A number without a mark behind it: "Recommendation 4 The …", not "Recommendation 4 of"."""
    return not rest.strip() or bool(re.match(r"\s+\W?[A-Z]", rest))


def _found(text: str, match: re.Match[str], number: str) -> HeadNumber:
    printed, rest = text[: match.end()].strip(), text[match.end() :]
    own_line = bool(re.match(r"[ \t]*\n", rest)) or text[: match.end()].endswith("\n")
    return HeadNumber(number.strip(), printed, rest.strip(), own_line)
