"""Two texts word by word: what stands in both in the same order, and what takes whose place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from kb.similarity.words import Word

_LONGEST = 400
_LONG_RUN = 12
_MUCH = 20.0


def aligned(
    draft: Sequence[Word], stored: Sequence[Word], weigh: Callable[[str], float]
) -> dict[str, float]:
    """How much stands in both in order, in place of one another, and in the longest equal run.

    Each is a share in [0, 1] of the weight of all words; ``replaced_much`` counts what is replaced
    in weight that seven or eight rare words have. Texts too long to be aligned give 0.
    """
    names = ("in_order", "replaced", "replaced_much", "long_run")
    if max(len(draft), len(stored)) > _LONGEST:
        return dict.fromkeys(names, 0.0)
    a, b = [word.key for word in draft], [word.key for word in stored]
    equal = replaced = whole = 0.0
    run = 0
    for kind, start, end, from_, to in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        ours, theirs = sum(map(weigh, a[start:end])), sum(map(weigh, b[from_:to]))
        whole += max(ours, theirs)
        if kind == "equal":
            equal += ours
            run = max(run, end - start)
        elif kind == "replace":
            replaced += min(ours, theirs)
    shares = (equal / whole, replaced / whole) if whole else (0.0, 0.0)
    values = (*shares, min(1.0, replaced / _MUCH), min(1.0, run / _LONG_RUN))
    return dict(zip(names, values, strict=True))
