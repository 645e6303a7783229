"""Features of a pair beyond its words: what is spoken of, who acts, the nearest sentences."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping

from kb.similarity.concepts import Named, load_concepts
from kb.similarity.reading import Reading

GROUPS = tuple(load_concepts().groups)
TRAITS = (
    "word_set",
    "best_sentence",
    "same_concepts",
    *(f"same_{group}" for group in GROUPS),
    *(f"other_{group}" for group in GROUPS),
    "measured_or_done",
    "turned_roles",
    "other_agent",
    "other_condition",
    "other_counts",
    "other_negation",
)
_LONGEST_EDIT = 4_000
MEASURING = sum(
    1 << number
    for (_, concept), number in load_concepts().numbers.items()
    if concept in ("audit", "evaluation", "survey")
)
_UNNAMED = {f"{how}_{group}": 0.0 for group in GROUPS for how in ("same", "other")}


def traits_of(draft: Reading, stored: Reading, weight: Callable[[str], float]) -> dict[str, float]:
    """All features of ``TRAITS``; ``weight`` gives the idf of a word key in the base."""
    return {
        **sentences(draft, stored, weight),
        **concepts(draft.concepts, stored.concepts),
        **parted(draft, stored),
    }


def concepts(a: Named, b: Named) -> dict[str, float]:
    """How far both name the same concepts, and for each group how far they name others."""
    shared, ours, theirs = a & b, a & ~b, b & ~a
    lengths = a.bit_count() * b.bit_count()
    found = {
        **_UNNAMED,
        "same_concepts": shared.bit_count() / lengths**0.5 if lengths else 0.0,
        "measured_or_done": float(bool(a & MEASURING) != bool(b & MEASURING)),
    }
    for group, mask in groups_of_concepts().items():
        if (a | b) & mask:
            same = (shared & mask).bit_count()
            apart = min((ours & mask).bit_count(), (theirs & mask).bit_count())
            found[f"same_{group}"] = same / (same + apart + 1)
            found[f"other_{group}"] = apart / (same + apart + 1)
    return found


def groups_of_concepts() -> Mapping[str, Named]:
    """The concepts of each group."""
    return load_concepts().groups


def parted(a: Reading, b: Reading) -> dict[str, float]:
    """Other agents, conditions, numbers and negations; roles turned round between the two."""
    turned = _acts_elsewhere(a, b) and _acts_elsewhere(b, a)
    return {
        "turned_roles": float(turned),
        "other_agent": float(bool(a.agents) and bool(b.agents) and not a.agents & b.agents),
        "other_condition": apart(a.conditions, b.conditions),
        "other_counts": apart(a.counts, b.counts),
        "other_negation": min(1.0, abs(a.negations - b.negations) / 2),
    }


def _acts_elsewhere(a: Reading, b: Reading) -> bool:
    """Whether all that act in one text stand in the other, and none of them acts there."""
    return bool(a.agents) and bool(b.agents) and a.agents <= b.keys.keys() - b.agents


def apart(a: frozenset[str], b: frozenset[str]) -> float:
    """The share of either that the other lacks; 0 where both are empty."""
    return len(a ^ b) / len(a | b) if a | b else 0.0


def sentences(a: Reading, b: Reading, weight: Callable[[str], float]) -> dict[str, float]:
    """The cosine of the two sentences that are most alike, and likeness as sets of words."""
    return {
        "word_set": word_set(a.sorted_words, b.sorted_words),
        "best_sentence": best_sentence(a.sentences, b.sentences, weight),
    }


def word_set(a: str, b: str) -> float:
    """Likeness of two texts' sorted words as sets (rapidfuzz's ``token_set_ratio``)."""
    from rapidfuzz.fuzz import token_set_ratio

    return token_set_ratio(a[:_LONGEST_EDIT], b[:_LONGEST_EDIT]) / 100


def best_sentence(
    a: Iterable[frozenset[str]], b: Collection[frozenset[str]], weight: Callable[[str], float]
) -> float:
    """The cosine of the two sentences that are most alike, of texts that have one each at least."""
    return max(_cosine(one, other, weight) for one in a for other in b)


def _cosine(a: frozenset[str], b: frozenset[str], weight: Callable[[str], float]) -> float:
    shared = a & b
    if not shared:
        return 0.0
    squares = [math.fsum([weight(key) ** 2 for key in keys]) for keys in (shared, a, b)]
    return squares[0] / math.sqrt(squares[1] * squares[2])
