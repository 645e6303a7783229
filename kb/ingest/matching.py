"""Which stored recommendation each row of a newer document is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from kb.printed import Recommendation
from kb.text.normalise import fold

SIMILAR = 85.0  # rapidfuzz ratio of folded texts, 0–100
SIMILAR_IN_CONTEXT = 60.0  # … where the number or the action is the same
PART = 88.0  # rapidfuzz partial ratio: the shorter text stands in the longer one
_SHORTEST_PART = 25  # characters; a shorter text stands in many
_SHORTEST_ACTION = 15
_UNPRINTED = re.compile(r"[\s\-]+")


def matched(
    stored: Sequence[Recommendation], read: Sequence[Recommendation]
) -> dict[int, Recommendation]:
    """Which stored recommendation each row read is: {index in ``read``: stored}.

    Same text first; then similar text with the same number or action; then similar text; then one
    that holds the other. Each stored one is used once, document order breaks ties, and one marked
    removed comes last.
    """
    pairs: dict[int, Recommendation] = {}
    free = sorted(stored, key=lambda old: (old.removed, old.position))
    for form in (fold, unspaced):
        _pair_same(free, read, pairs, form)
    for likenesses in (_likenesses, _parts):
        for _, number, old in sorted(likenesses(free, read, pairs), key=lambda found: found[0]):
            if number not in pairs and old in free:
                pairs[number] = old
                free.remove(old)
    return pairs


def unspaced(text: str) -> str:
    """A text without what another format may print otherwise: white space and hyphens."""
    return _UNPRINTED.sub("", fold(text))


def is_part(short: str, long: str) -> bool:
    """Whether the first text stands in the second, a few words apart from it."""
    from rapidfuzz import fuzz

    short, long = fold(short), fold(long)
    return _SHORTEST_PART <= len(short) < len(long) and fuzz.partial_ratio(short, long) >= PART


def _pair_same(
    free: list[Recommendation],
    read: Sequence[Recommendation],
    pairs: dict[int, Recommendation],
    form: Callable[[str], str],
) -> None:
    by_text: dict[str, list[Recommendation]] = {}
    for old in free:
        for text in {form(text) for text in texts_of(old)}:
            by_text.setdefault(text, []).append(old)
    for number, new in enumerate(read):
        same = [old for old in by_text.get(form(new.text), ()) if old in free]
        if same and number not in pairs:
            best = min(same, key=lambda old: (old.removed, old.number != new.number))
            pairs[number] = best
            free.remove(best)


def texts_of(old: Recommendation) -> list[str]:
    """The text of a stored recommendation as printed, and as a person corrected it."""
    corrected = [c.value for c in old.corrections if c.field == "text" and c.value]
    return [old.text, *corrected[-1:]]


_Likeness = tuple[tuple[int, float, int], int, Recommendation]


def _likenesses(
    free: Sequence[Recommendation],
    read: Sequence[Recommendation],
    pairs: Mapping[int, Recommendation],
) -> Iterator[_Likeness]:
    """(rank, index in ``read``, stored) of every pair that is similar enough; best rank first."""
    from rapidfuzz import fuzz

    old_texts = [(old, fold(text)) for old in free for text in texts_of(old)]
    for number, new in enumerate(read):
        if number in pairs:
            continue
        text = fold(new.text)
        for old, old_text in old_texts:
            score = fuzz.ratio(text, old_text, score_cutoff=SIMILAR_IN_CONTEXT)
            in_context = score > 0 and _shares_context(old, new)
            if score >= (SIMILAR_IN_CONTEXT if in_context else SIMILAR):
                far = abs(old.position - number - 1)
                yield (0 if in_context else 1, -score, far), number, old


def _parts(
    free: Sequence[Recommendation],
    read: Sequence[Recommendation],
    pairs: Mapping[int, Recommendation],
) -> Iterator[_Likeness]:
    """Pairs of which one holds the other, the longest part first."""
    for number, new in enumerate(read):
        if number in pairs:
            continue
        for old in free:
            if is_part(new.text, old.text) or is_part(old.text, new.text):
                other_number = int(not _same_number(old, new))
                size = min(len(old.text), len(new.text))
                far = abs(old.position - number - 1)
                yield (other_number, -float(size), far), number, old


def _shares_context(old: Recommendation, new: Recommendation) -> bool:
    action = new.action or ""
    return _same_number(old, new) or (
        len(action) >= _SHORTEST_ACTION and unspaced(action) == unspaced(old.action or "")
    )


def _same_number(old: Recommendation, new: Recommendation) -> bool:
    return new.number is not None and new.number == old.number
