"""Long quotations in flags and notes, cut: a cell may hold a megabyte, a doubt should not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kb.printed import Recommendation

if TYPE_CHECKING:
    from kb.ingest.readings import Reading

_QUOTED = 80  # characters
_LONGEST = 1_000  # characters of a flag or note
_QUOTE = re.compile(r"“([^“”]*)”")


def bounded(readings: Sequence[Reading]) -> list[Reading]:
    """The readings, each quotation in their flags and notes cut to 80 characters."""
    return [
        replace(
            reading,
            notes=tuple(map(shortened, reading.notes)),
            recommendations=tuple(map(_with_short_flags, reading.recommendations)),
        )
        for reading in readings
    ]


def shortened(flag: str) -> str:
    """A flag or note whose quotations have 80 characters at most, and itself 1,000."""
    flag = _QUOTE.sub(_cut, flag)
    return flag if len(flag) <= _LONGEST else flag[: _LONGEST - 1] + "…"


def _cut(quote: re.Match[str]) -> str:
    words = quote[1]
    return quote[0] if len(words) <= _QUOTED else f"“{words[: _QUOTED - 1].rstrip()}…”"


def _with_short_flags(recommendation: Recommendation) -> Recommendation:
    flags = tuple(dict.fromkeys(map(shortened, recommendation.flags)))
    if flags == recommendation.flags:
        return recommendation
    return recommendation.model_copy(update={"flags": flags})
