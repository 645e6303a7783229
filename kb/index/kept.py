"""A few results that are kept, so that what is asked for again is not worked out again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Result = TypeVar("Result")


class Kept(Generic[Key, Result]):
    """The latest results by what they were asked for.

    It holds nothing but results. ``functools.lru_cache`` over a method would hold its object too,
    in a circle: the files of an index that nobody uses would stay open until garbage is collected.
    Threads may ask at once.
    """

    def __init__(self, most: int) -> None:
        """Keep so many; the oldest goes first."""
        self._most = most
        self._results: dict[Key, Result] = {}
        self._changing = threading.Lock()

    def of(self, key: Key, make: Callable[[Key], Result]) -> Result:
        """The result for a key, made if it is not kept."""
        try:
            return self._results[key]
        except KeyError:
            made = make(key)
        with self._changing:
            if len(self._results) >= self._most:
                self._results.pop(next(iter(self._results)), None)
            self._results[key] = made
        return made
