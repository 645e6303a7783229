"""What is left of two texts where the words that both have are taken out.

A light rewording turns sentences round and changes function words: hardly a word of weight is left.
A text that asks something else in the same words has another word of weight in one place, and all
about it stands as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from kb.similarity.alignment import Alignment
from kb.similarity.language import Language
from kb.similarity.reading import Reading
from kb.similarity.words import Word

LEFTOVERS = (
    "both_left",
    "most_left",
    "other_verbs_left",
    "same_bag",
    "moved",
    "verbatim",
    "places_apart",
    "replaced_share",
    "replaced_weight",
)
_FOUR, _SIX, _TEN = 4, 6, 10  # so many words, or places, are much
_FAR = {"verbatim": 0.0, "places_apart": 0.5, "replaced_share": 0.5, "replaced_weight": 1.0}


def leftovers_of(
    draft: Reading,
    stored: Reading,
    alone: tuple[Sequence[Word], Sequence[Word]],
    *,
    alignment: Alignment | None,
    weight: Callable[[str], float],
) -> dict[str, float]:
    """All features of ``LEFTOVERS``.

    ``alone`` are the words that each text has and the other lacks, ``alignment`` is that of their
    content words, None for texts too long for one; ``weight`` gives the idf of a word key in the
    base.
    """
    language = draft.language
    ours, theirs = ([word for word in words if word.key not in language.frame] for words in alone)
    found = {
        "both_left": min(1.0, min(len(ours), len(theirs)) / _FOUR),
        "most_left": min(1.0, max(len(ours), len(theirs)) / _SIX),
        "other_verbs_left": float(_other_verbs(ours, theirs, language)),
        **_bags(draft.in_order, stored.in_order, alignment),
    }
    weights = {word.key: weight(word.key) / weight("") for word in (*ours, *theirs)}
    return {**found, **_places(draft, stored, weights)}


def _other_verbs(ours: Sequence[Word], theirs: Sequence[Word], language: Language) -> bool:
    """Whether both have ask verbs of their own, and none of one kind."""
    first, second = (
        {name for word in words for name in language.classes_of(word.form)}
        for words in (ours, theirs)
    )
    return bool(first) and bool(second) and not first & second


def _bags(a: Sequence[str], b: Sequence[str], alignment: Alignment | None) -> dict[str, float]:
    """How many words both have wherever they stand, and how many of these in another order."""
    both = (Counter(a) & Counter(b)).total()
    in_order = sum(length for _, _, length in alignment.runs) if alignment else both
    shorter, longer = sorted((len(a), len(b)))
    return {
        "same_bag": both / longer if longer else 0.0,
        "moved": (both - in_order) / shorter if shorter else 0.0,
    }


def _places(draft: Reading, stored: Reading, weights: dict[str, float]) -> dict[str, float]:
    """How much stands word for word, in how many places the two are apart, and in how many of
    these a word of weight stands in place of another.

    ``weights`` are those of the words that one text has alone, in [0, 1].
    """
    ours, theirs = ([word.key for word in one.words] for one in (draft, stored))
    alignment = Alignment.of(ours, theirs)
    if alignment is None:
        return _FAR
    apart = list(alignment.gaps())
    replaced = [
        min(max(weights.get(key, 0.0) for key in keys) for keys in (ours[at:end], theirs[to:until]))
        for at, end, to, until in apart
        if end > at and until > to
    ]
    told = [heaviest for heaviest in replaced if heaviest > 0]
    same = sum(length for _, _, length in alignment.runs)
    return {
        "verbatim": 2 * same / max(1, len(ours) + len(theirs)),
        "places_apart": min(1.0, len(apart) / _TEN),
        "replaced_share": len(told) / len(apart) if apart else 0.0,
        "replaced_weight": min(1.0, max(told, default=0.0)),
    }
