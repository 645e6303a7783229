"""Sorting the numbers of recommendations as people would."""

from __future__ import annotations

import re

from kb.text.normalise import fold

_PART = re.compile(r"\d+|[^\W\d_]+")
_WORDS = re.compile(
    r"\b(?:overview|report|dhr|sar|recommendations?|recs?|numbers?|nos?|paragraphs?|para|items?|"
    r"actions?|ref|reference)\b\.?"
)
_ROMAN = {"i": 1, "v": 5, "x": 10}
_IS_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")

NumberKey = tuple[tuple[tuple[int, int, str], ...], str]


def number_key(printed: str | None) -> NumberKey:
    """The key by which printed numbers sort: figures by value, letters after the bare number.

    R2 comes before R10, 2 before 2a before 2b before 3, 3.9 before 3.140(a), (ii) before (ix);
    words like "Recommendation" and "No." do not count. What has no number comes last.
    """
    folded = fold(printed or "")
    parts = _PART.findall(_WORDS.sub(" ", folded))
    key = tuple(
        _part_key(part, after_figure=number > 0 and parts[number - 1].isdigit(), text=folded)
        for number, part in enumerate(parts)
    )
    return (key or ((9, 0, ""),), folded)


def _part_key(part: str, *, after_figure: bool, text: str) -> tuple[int, int, str]:
    """A figure by its value; letters by their value as roman figures where they are some."""
    if part.isdigit():
        return (1, int(part), "")
    place = 2 if after_figure else 1
    if _is_roman(part, text, after_figure=after_figure):
        return (place, _roman(part), "")
    return (place, 0, part)


def _is_roman(part: str, text: str, *, after_figure: bool) -> bool:
    """(ii), (iv), (v) … in brackets or alone; "i" sorts first either way, so it stays a letter."""
    alone = not after_figure and text.strip(" .()") == part
    is_one = bool(_IS_ROMAN.fullmatch(part)) and part != "i"
    return is_one and (len(part) > 1 or f"({part})" in text or alone)


def _roman(part: str) -> int:
    values = [_ROMAN[letter] for letter in part]
    return sum(
        -value if value < max(values[number:]) else value for number, value in enumerate(values)
    )
