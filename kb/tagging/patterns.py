"""RE2 patterns looked for in many texts: together where they stand, alone what they met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import re2

from kb.errors import TaxonomyError
from kb.tagging.phrase_set import Spots

# RE2 gives one pattern 8 MB, so that as many patterns as this always find room together.
_TOGETHER = 32
_MEMORY = _TOGETHER << 23


class PatternSet:
    """Patterns compiled together, each with its place in the order they were given."""

    def __init__(self, patterns: Sequence[str]) -> None:
        """Compile the patterns; raises TaxonomyError naming the first that is none."""
        self._each = [compile_pattern(pattern) for pattern in patterns]
        self._parts = [
            (first, _together(patterns[first : first + _TOGETHER]))
            for first in range(0, len(patterns), _TOGETHER)
        ]

    def find(self, texts: Sequence[str]) -> Spots:
        """The first match of each pattern in each text."""
        found = [
            (first + at, row, *self._each[first + at].search(text).span())
            for first, part in self._parts
            for row, text in enumerate(texts)
            for at in part.Match(text.encode()) or ()
        ]
        return Spots(*np.asarray(found, dtype=np.int64).reshape(-1, 4).T)


def compile_pattern(pattern: str) -> Any:
    """An RE2 pattern, compiled; raises TaxonomyError where it is none."""
    try:
        return re2.compile(pattern, _options())
    except re2.error as error:
        raise TaxonomyError(
            f"the pattern {pattern!r} is not an RE2 pattern: {error}",
            hint="RE2 knows no look-around and no back references.",
        ) from error


def _together(patterns: Sequence[str]) -> Any:
    options = _options()
    options.max_mem = _MEMORY
    together = re2.Set.SearchSet(options)
    for pattern in patterns:
        together.Add(pattern)
    together.Compile()
    return together


def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    return options
