"""Places of words in a field, and whether two of them are near each other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

# The first and the last word of an occurrence, counted from the beginning of its field.
Place = tuple[int, int]


def phrase_places(words: Sequence[Mapping[int, Sequence[int]]]) -> dict[int, list[Place]]:
    """Where words follow each other, by row; ``words`` are the places of each word by row."""
    rows = set.intersection(*(set(word) for word in words)) if words else set()
    found: dict[int, list[Place]] = {}
    for row in rows:
        begins = set(words[0][row])
        for distance, word in enumerate(words[1:], start=1):
            begins &= {place - distance for place in word[row]}
        if begins:
            found[row] = [(begin, begin + len(words) - 1) for begin in sorted(begins)]
    return found


def are_near(first: Sequence[Place], second: Sequence[Place], distance: int) -> bool:
    """Whether from one of either to one of the other it is at most ``distance`` words.

    1 is the next word. Both are in order; occurrences that overlap are not near.
    """
    return _leads(first, second, distance) or _leads(second, first, distance)


def _leads(before: Sequence[Place], after: Sequence[Place], distance: int) -> bool:
    begins = sorted(begin for begin, _ in after)
    for _, end in before:
        at = bisect_right(begins, end)
        if at < len(begins) and begins[at] - end <= distance:
            return True
    return False
