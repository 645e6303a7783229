"""Features of a pair beyond its words: what is spoken of, who acts, the nearest sentences."""

from __future__ import annotations

import math
from collections.abc import Callable

from kb.similarity.concepts import Named, load_concepts
from kb.similarity.reading import Reading

GROUPS = load_concepts().groups
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
_MEASURING = frozenset({"audit", "evaluation", "survey"})


def traits_of(draft: Reading, stored: Reading, weight: Callable[[str], float]) -> dict[str, float]:
    """All features of ``TRAITS``; ``weight`` gives the idf of a word key in the base."""
    return {
        **sentences(draft, stored, weight),
        **concepts(draft.concepts, stored.concepts),
        **parted(draft, stored),
    }


def concepts(a: Named, b: Named) -> dict[str, float]:
    """How far both name the same concepts, and for each group how far they name others."""
    found = {"same_concepts": len(a & b) / (len(a) * len(b)) ** 0.5 if a and b else 0.0}
    for group in GROUPS:
        ours, theirs = ({one for one in named if one[0] == group} for named in (a, b))
        shared, apart = len(ours & theirs), min(len(ours - theirs), len(theirs - ours))
        found[f"same_{group}"] = shared / (shared + apart + 1)
        found[f"other_{group}"] = apart / (shared + apart + 1)
    measured = [any(concept in _MEASURING for _, concept in named) for named in (a, b)]
    return {**found, "measured_or_done": float(measured[0] != measured[1])}


def parted(a: Reading, b: Reading) -> dict[str, float]:
    """Other agents, conditions, numbers and negations; roles turned round between the two."""
    turned = _acts_elsewhere(a, b) and _acts_elsewhere(b, a)
    return {
        "turned_roles": float(turned),
        "other_agent": float(bool(a.agents) and bool(b.agents) and not a.agents & b.agents),
        "other_condition": _apart(a.conditions, b.conditions),
        "other_counts": _apart(a.counts, b.counts),
        "other_negation": min(1.0, abs(a.negations - b.negations) / 2),
    }


def _acts_elsewhere(a: Reading, b: Reading) -> bool:
    """Whether all that act in one text stand in the other, and none of them acts there."""
    return bool(a.agents) and bool(b.agents) and a.agents <= b.keys.keys() - b.agents


def _apart(a: frozenset[str], b: frozenset[str]) -> float:
    """The share of either that the other lacks; 0 where both are empty."""
    return len(a ^ b) / len(a | b) if a | b else 0.0


def sentences(a: Reading, b: Reading, weight: Callable[[str], float]) -> dict[str, float]:
    """The cosine of the two sentences that are most alike, and likeness as sets of words."""
    from rapidfuzz.fuzz import token_set_ratio

    best = max(_cosine(one, other, weight) for one in a.sentences for other in b.sentences)
    return {
        "word_set": token_set_ratio(a.sorted_words[:_LONGEST_EDIT], b.sorted_words[:_LONGEST_EDIT])
        / 100,
        "best_sentence": best,
    }


def _cosine(a: frozenset[str], b: frozenset[str], weight: Callable[[str], float]) -> float:
    shared = sum(weight(key) ** 2 for key in a & b)
    if not shared:
        return 0.0
    lengths = (sum(weight(key) ** 2 for key in keys) for keys in (a, b))
    return float(shared / math.prod(length**0.5 for length in lengths))
