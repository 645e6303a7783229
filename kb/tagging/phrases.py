"""Phrases of a rule: words in order, as places that words of a text may fill.

A phrase is written ``shar*/pass* [5] information``: ``*`` ends a word anyhow, ``/`` parts
alternatives for one place, ``[n]`` lets up to n other words stand between within one sentence, a
hyphen also matches a space or nothing, and an abbreviation matches its expansions and the other
way round. ``PhraseSet`` looks for many phrases in many texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kb.errors import TaxonomyError
from kb.text.abbreviations import Abbreviation, Abbreviations
from kb.text.tokens import tokenise

_GAP = re.compile(r"^\[(\d{1,2})\]$")
_PART = re.compile(r"^[^\W_]+(?:['’&+-][^\W_+]*)*\*?$")


class WordPattern(NamedTuple):
    """One word of a phrase: a whole word with its plural and possessive, or a beginning.

    With ``capitals`` the word counts only as printed in capitals.
    """

    word: str
    is_prefix: bool = False
    capitals: bool = False

    def matches(self, word: str, printed: str) -> bool:
        """Whether a word of a text (in lower case, and as printed) is this word."""
        if self.capitals and not printed.startswith(self.word.upper()):
            return False
        return self.could_be(word)

    def could_be(self, word: str) -> bool:
        """Whether a word in lower case is this word, however the text prints it."""
        if word.startswith(self.word):
            return self.is_prefix or word[len(self.word) :] in ("", "s", "'s")
        return False


Alternative = tuple[WordPattern, ...]


class Step(NamedTuple):
    """One place of a phrase: what may stand there, after at most ``gap`` other words."""

    gap: int
    alternatives: tuple[Alternative, ...]


class Phrase:
    """One phrase of a rule: its steps, and a text that it must match."""

    def __init__(self, text: str, abbreviations: Abbreviations) -> None:
        """Compile a phrase; raises TaxonomyError with the fault and the phrase in words."""
        self.text = text
        parts = text.split()
        if not parts:
            raise TaxonomyError("a phrase is empty and can never match", hint="Take it out.")
        if _GAP.match(parts[0]) or _GAP.match(parts[-1]):
            raise TaxonomyError(
                f"the phrase {text!r} begins or ends with a gap",
                hint="A gap such as [5] stands between two words.",
            )
        self.steps = tuple(_steps(parts, abbreviations, text))
        self.sample = " ".join(
            part.split("/")[0].removesuffix("*") for part in parts if not _GAP.match(part)
        )


def _steps(parts: Sequence[str], abbreviations: Abbreviations, text: str) -> Iterator[Step]:
    at = gap = 0
    while at < len(parts):
        found = _GAP.match(parts[at])
        if found:
            gap = int(found.group(1))
            at += 1
            continue
        length, abbreviation = _abbreviation_at(parts, at, abbreviations)
        if abbreviation:
            alternatives = _forms(abbreviation)
        else:
            length = 1
            alternatives = _place(parts[at], abbreviations)
            if not alternatives:
                raise _never(parts[at], text)
        yield Step(gap, alternatives)
        at += length
        gap = 0


def _abbreviation_at(
    parts: Sequence[str], at: int, abbreviations: Abbreviations
) -> tuple[int, Abbreviation | None]:
    """How many parts from ``at`` on are an abbreviation, in its short or a long form."""
    if not _may_begin(parts[at], abbreviations):
        return 0, None
    for length in range(min(9, len(parts) - at), 0, -1):
        piece = " ".join(parts[at : at + length])
        if any(sign in piece for sign in "*[]/"):
            continue
        mentions = abbreviations.find(piece)
        if len(mentions) == 1 and (mentions[0].start, mentions[0].end) == (0, len(piece)):
            return length, abbreviations.get(mentions[0].short)
    return 0, None


@lru_cache(maxsize=16_384)
def _may_begin(part: str, abbreviations: Abbreviations) -> bool:
    """Whether an abbreviation, in its short or a long form, may begin with this part."""
    first = [token.text for token in tokenise(part)[:1]]
    return bool(first) and abbreviations.may_begin(first)


@lru_cache(maxsize=4096)
def _forms(abbreviation: Abbreviation) -> tuple[Alternative, ...]:
    forms = [(abbreviation.short, abbreviation.capitals)]
    forms += [(long, False) for long in abbreviation.long]
    return tuple(
        tuple(WordPattern(token.text, capitals=capitals) for token in tokenise(form))
        for form, capitals in forms
    )


def _never(part: str, text: str) -> TaxonomyError:
    choice = next(choice for choice in part.split("/") if not _PART.match(choice))
    return TaxonomyError(
        f"the phrase {text!r} can never match: {choice!r} is not a word",
        hint="Use letters and digits, * at a word's end, a/b for others, [n] for a gap.",
    )


@lru_cache(maxsize=16_384)
def _place(part: str, abbreviations: Abbreviations) -> tuple[Alternative, ...]:
    """The alternatives of one place, empty where one of them is no word."""
    choices = part.split("/")
    if not all(map(_PART.match, choices)):
        return ()
    return tuple(form for choice in choices for form in _choice(choice, abbreviations))


@lru_cache(maxsize=16_384)
def _choice(choice: str, abbreviations: Abbreviations) -> tuple[Alternative, ...]:
    """One alternative of one place, in every form that its hyphens allow."""
    _, abbreviation = _abbreviation_at([choice], 0, abbreviations)
    if abbreviation:
        return _forms(abbreviation)
    is_prefix = choice.endswith("*")
    apart = [token.text for token in tokenise(choice)]
    forms = {tuple(apart), ("".join(apart),)}
    return tuple(
        tuple(
            WordPattern(word, is_prefix=is_prefix and at == len(form) - 1)
            for at, word in enumerate(form)
        )
        for form in sorted(forms, key=len, reverse=True)
    )
