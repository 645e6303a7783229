"""Where two texts say almost the same of two different things."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

from kb.similarity.alignment import Alignment
from kb.similarity.reading import Reading
from kb.similarity.words import Word

_LONGEST_SWAP = 4
_RARE = 0.6
_OF_LISTS = frozenset({"and", "or", "the", "a", "an", "all", "other", "both", "their", "its"})


def swaps_of(
    draft: Reading,
    stored: Reading,
    alignment: Alignment,
    alone: frozenset[str],
    weight: Callable[[str], float],
) -> tuple[tuple[str, str], ...]:
    """Nouns of the draft and those that stand in their place between the same words, in pairs.

    "the Trust's lone working policy" beside "the Trust's access policy" gives ("lone", "access").
    ``alone`` holds the keys that one text has and the other lacks; verbs and bodies are no swap.
    In the subject of who must act, where another body is often named, both must be rare words.
    """
    a, b = draft.content, stored.content
    found: list[tuple[str, str]] = []
    for start, end, from_, to in alignment.gaps():
        at_the_end = end == len(a) or to == len(b)
        is_short = 0 < end - start <= _LONGEST_SWAP and 0 < to - from_ <= _LONGEST_SWAP
        if at_the_end or not is_short:
            continue
        ours = _things(a[start:end], draft, alone)
        theirs = _things(b[from_:to], stored, alone)
        if ours and theirs and _parts(ours, theirs, draft, stored, weight):
            found.append((_said(ours, draft), _said(theirs, stored)))
    return (*found, *_exchanged(draft, stored, alignment))


def _exchanged(draft: Reading, stored: Reading, alignment: Alignment) -> list[tuple[str, str]]:
    """Words that stand in each other's place, all about them as it was: "let A know what B did".

    Bodies count here, too; a list that is given in another order does not.
    """
    gaps = [
        (draft.content[start:end], stored.content[from_:to])
        for start, end, from_, to in alignment.gaps()
        if 0 < end - start <= _LONGEST_SWAP and 0 < to - from_ <= _LONGEST_SWAP
    ]
    keys = [tuple(frozenset(word.key for word in words) for words in gap) for gap in gaps]
    return [
        (_said(gaps[at][0], draft), _said(gaps[at][1], stored))
        for first, last in combinations(range(len(gaps)), 2)
        if keys[first] == keys[last][::-1] and keys[first][0].isdisjoint(keys[first][1])
        if not _is_list(draft, gaps[first][0][-1].end, gaps[last][0][0].start)
        for at in (first, last)
    ]


def _is_list(reading: Reading, start: int, end: int) -> bool:
    """Whether between two places of a text nothing but names of a list and "and" stands."""
    between = (word for word in reading.words if start <= word.start < end)
    return all(word.form in _OF_LISTS for word in between if word.is_stop)


def _parts(
    ours: Sequence[Word],
    theirs: Sequence[Word],
    draft: Reading,
    stored: Reading,
    weight: Callable[[str], float],
) -> bool:
    sides = ((ours, draft), (theirs, stored))
    if all(_is_name(word, reading) for words, reading in sides for word in words):
        return False
    if all(words[0].start >= reading.asked_from for words, reading in sides):
        return True
    return all(max(weight(w.key) for w in words) >= _RARE * weight("") for words, _ in sides)


def _things(words: Sequence[Word], reading: Reading, alone: frozenset[str]) -> list[Word]:
    return [word for word in words if word.key in alone and _is_thing(word, reading)]


def _is_thing(word: Word, reading: Reading) -> bool:
    """Not a verb, an adverb, a figure, a body or a word of the frame, as far as form tells."""
    language = reading.language
    form = word.form
    if word.key in language.no_things:
        return False
    if form.endswith(("ed", "ly")) or language.classes_of(form) or form.isdecimal():
        return False
    clause = reading.text[max(0, word.start - 2) : word.start]
    return not (form.endswith("ing") and "," in clause)


def _is_name(word: Word, reading: Reading) -> bool:
    return reading.text[word.start : word.end].istitle()


def _said(words: Sequence[Word], reading: Reading) -> str:
    return " ".join(dict.fromkeys(reading.printed(word) for word in words))
