"""Compounds that are written as one word by some and with a hyphen by others: co-ordinator.

Where a text has the two parts, the index holds the whole word as well; a query's parts are read as
the whole, which then stands for either. Only the compounds named here, which mean the same in
both; the parts of all others are words of their own (multi-agency is found by "agency").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from kb.index.ragged import bounds_of
from kb.index.wording import Wording
from kb.search.spelling import stem
from kb.text.tokens import tokenise

# First parts, each with the beginnings of the second parts that go with it.
_PARTS = {
    first: tuple(seconds.split())
    for first, seconds in {
        "ante": "natal",
        "anti": "social",
        "care": "giver giving",
        "case": "load work",
        "child": "care minder",
        "co": "operat ordinat produc",
        "e": "mail",
        "follow": "up",
        "inter": "agenc personal",
        "life": "style",
        "multi": "disciplin",
        "non": "attend complian engag molest",
        "on": "going",
        "peri": "natal",
        "post": "natal",
        "pre": "birth natal",
        "re": "assess audit hous issu locat offend open referr tender",
        "safe": "guard",
        "self": "harm referr",
        "sub": "group",
        "time": "scale",
        "well": "being",
        "work": "force place",
    }.items()
}
_BOTH_WAYS = 6  # compounds of one phrase
_HYPHENS = ("-", "‐", "‑")


def whole(first: str, second: str) -> str | None:
    """The compound of two lower-case words, written as one; None where they make none."""
    return first + second if second.startswith(_PARTS.get(first, ())) else None


@lru_cache(maxsize=4_096)
def parted(word: str) -> tuple[str, ...] | None:
    """A lower-case word in the parts in which others write it."""
    for first, seconds in _PARTS.items():
        if word.startswith(first) and word.startswith(seconds, len(first)):
            return first, word[len(first) :]
    return None


def begun(start: str) -> list[tuple[str, str]]:
    """The compounds that begin so: the first part of each, and how the second begins."""
    return [
        (first, max(start[len(first) :], second, key=len))
        for first, seconds in _PARTS.items()
        if start.startswith(first) and start != first
        for second in seconds
        if second.startswith(start[len(first) :]) or start.startswith(second, len(first))
    ]


def words_read(text: str, *, hyphened: bool = True) -> Iterator[tuple[str, int, int]]:
    """The words of a query, compounds as one word, each with its start and end.

    Parts make one where a hyphen joins them; with ``hyphened`` False wherever they follow.
    """
    held: tuple[str, int, int] | None = None
    for word, start, end in tokenise(text):
        one = whole(held[0], word) if held else None
        if held and one and (not hyphened or text[held[2] : start] in _HYPHENS):
            yield one, held[1], end
            held = None
            continue
        if held:
            yield held
        held = word, start, end
    if held:
        yield held


def ways(words: Sequence[str]) -> list[tuple[str, ...]]:
    """The stems of words in a row, in each way in which their compounds can be written.

    After the first few compounds all others are as written, since the ways double with each.
    """
    of_each: list[list[tuple[str, ...]]] = []
    left = _BOTH_WAYS
    for word in words:
        parts = parted(word) if left else None
        left -= parts is not None
        of_each.append([(word,), *filter(None, [parts])])
    return [tuple(stem(word) for part in way for word in part) for way in product(*of_each)]


def with_compounds(wording: Wording) -> tuple[Wording, NDArray[np.bool_]]:
    """The same words, and after the parts of each compound the whole; which words those are."""
    flat, place = wording.flat.astype(np.int64), {word: at for at, word in enumerate(wording.words)}
    many = max(len(place), 1)
    firsts = np.zeros(many, dtype=bool)
    firsts[[place[first] for first in _PARTS if first in place]] = True
    cells = np.repeat(np.arange(len(wording.bounds) - 1), np.diff(wording.bounds))
    at = np.flatnonzero(firsts[flat[:-1]] & (cells[:-1] == cells[1:]))
    pairs, of_place = np.unique(flat[at] * many + flat[at + 1], return_inverse=True)
    wholes = [
        whole(wording.words[one // many], wording.words[one % many]) for one in pairs.tolist()
    ]
    added = sorted({word for word in wholes if word} - place.keys())
    words = (*wording.words, *added)
    place |= {word: many + number for number, word in enumerate(added)}
    numbers = np.array([place[word] if word else -1 for word in wholes], dtype=np.int64)[of_place]
    at, numbers = at[numbers >= 0], numbers[numbers >= 0]
    lengths = np.diff(wording.bounds) + np.bincount(cells[at], minlength=len(wording.bounds) - 1)
    is_added = np.insert(np.zeros(len(flat), dtype=bool), at + 2, values=True)
    more = np.insert(wording.flat, at + 2, numbers)
    return replace(wording, words=words, flat=more, bounds=bounds_of(lengths)), is_added
