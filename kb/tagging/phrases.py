"""Phrases of a rule, turned into RE2 patterns.

A phrase is words in order: ``shar*/pass* [5] information``. ``*`` ends a word anyhow, ``/`` parts
alternatives for one place, ``[n]`` lets up to n other words stand between within one sentence, a
hyphen also matches a space or nothing, and an abbreviation matches its expansions and the other
way round. RE2 runs in time linear in the text, so that no rule can hang the program.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.errors import TaxonomyError
from kb.text.abbreviations import Abbreviation, Abbreviations
from kb.text.tokens import tokenise

_BETWEEN = r"[^\pL\pN.;!?]{1,4}"
_WORD = r"[\pL\pN][\pL\pN'’&-]*"
_LETTER_BEFORE = r"(?:^|[^\pL\pN])"
_LETTER_AFTER = r"(?:$|[^\pL\pN])"
_GAP = re.compile(r"^\[(\d{1,2})\]$")
_PART = re.compile(r"^[^\W_]+(?:['’&+-][^\W_+]*)*\*?$")
_PLURAL = r"(?:['’]s|s['’]?)?"


class Phrase:
    """One phrase of a rule: its RE2 pattern, and a text that it must match.

    The match stands in the pattern's first group, so that the letters around it stay out.
    """

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
        groups = _group(parts, abbreviations, text)
        pattern = ""
        sample: list[str] = []
        gap: int | None = None
        for group in groups:
            if isinstance(group, int):
                gap = group
                continue
            if pattern:
                pattern += (
                    _BETWEEN if gap is None else rf"(?:{_BETWEEN}{_WORD}){{0,{gap}}}{_BETWEEN}"
                )
            pattern += group[0]
            sample.append(group[1])
            gap = None
        self.sample = " ".join(sample)
        self.pattern = rf"(?i){_LETTER_BEFORE}({pattern}){_LETTER_AFTER}"


def _group(
    parts: Sequence[str], abbreviations: Abbreviations, text: str
) -> list[tuple[str, str] | int]:
    """Gaps as their number, words and abbreviations as (pattern, sample)."""
    groups: list[tuple[str, str] | int] = []
    at = 0
    while at < len(parts):
        gap = _GAP.match(parts[at])
        if gap:
            groups.append(int(gap.group(1)))
            at += 1
            continue
        length, abbreviation = _abbreviation_at(parts, at, abbreviations)
        if abbreviation:
            groups.append((_abbreviation_pattern(abbreviation), " ".join(parts[at : at + length])))
            at += length
            continue
        groups.append(_word(parts[at], abbreviations, text))
        at += 1
    return groups


def _abbreviation_at(
    parts: Sequence[str], at: int, abbreviations: Abbreviations
) -> tuple[int, Abbreviation | None]:
    """How many parts from ``at`` on are an abbreviation, in its short or a long form."""
    for length in range(min(9, len(parts) - at), 0, -1):
        piece = " ".join(parts[at : at + length])
        if any(sign in piece for sign in "*[]/"):
            continue
        mentions = abbreviations.find(piece)
        if len(mentions) == 1 and (mentions[0].start, mentions[0].end) == (0, len(piece)):
            return length, abbreviations.get(mentions[0].short)
    return 0, None


def _abbreviation_pattern(abbreviation: Abbreviation) -> str:
    short = re.escape(abbreviation.short) + _PLURAL
    forms = [f"(?-i:{short})" if abbreviation.capitals else short]
    for long in abbreviation.long:
        words = (re.escape(token.text).replace("'", "['’]?") for token in tokenise(long))
        forms.append(_BETWEEN.join(words) + _PLURAL)
    return "(?:" + "|".join(forms) + ")"


def _word(part: str, abbreviations: Abbreviations, text: str) -> tuple[str, str]:
    choices = part.split("/")
    patterns = []
    for choice in choices:
        if not _PART.match(choice):
            raise TaxonomyError(
                f"the phrase {text!r} can never match: {choice!r} is not a word",
                hint="Use letters and digits, * at a word's end, a/b for others, [n] for a gap.",
            )
        _, abbreviation = _abbreviation_at([choice], 0, abbreviations)
        if abbreviation:
            patterns.append(_abbreviation_pattern(abbreviation))
            continue
        stem = re.escape(choice.removesuffix("*")).replace("'", "['’]").replace("’", "['’]")
        stem = stem.replace(r"\-", r"[\s‐‑–-]?")
        patterns.append(stem + (r"[\pL\pN'’]*" if choice.endswith("*") else _PLURAL))
    sample = choices[0].removesuffix("*")
    return ("(?:" + "|".join(patterns) + ")" if len(patterns) > 1 else patterns[0]), sample
