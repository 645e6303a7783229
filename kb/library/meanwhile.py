"""Whether something is still as a person was shown it, when their answer comes back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kb.errors import ChangedMeanwhile
from kb.library.showing import wording
from kb.library.sources import by_recommendation

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase


def mark(base: KnowledgeBase, *about: str) -> str:
    """A short digest of a review, or of a recommendation and its judgements, or of a pair.

    Raises NotFound.
    """
    if len(about) > 1:
        return mark_of_pair(base, {identity: wording(base, identity) for identity in about})
    (identity,) = about
    if "/" not in identity:
        return _digest(repr(base.review(identity)))
    stored = base.recommendation(identity)[1]
    judged = by_recommendation(base.corpus).get(identity, [])
    return _digest(repr((stored, judged)))


def mark_of_pair(base: KnowledgeBase, wordings: Mapping[str, str]) -> str:
    """The mark of two recommendations with these wordings, and of what people said of the two."""
    from kb.library.pairing import said_of

    return _digest(repr((sorted(wordings.items()), said_of(base, *wordings))))


def refuse_changed(base: KnowledgeBase, about: tuple[str, ...], seen: str | None) -> None:
    """Raise ChangedMeanwhile where ``seen`` is given and is not the mark of what stands now."""
    if seen is not None and seen != mark(base, *about):
        were = "was" if len(about) == 1 else "were"
        raise ChangedMeanwhile(
            f"{' and '.join(about)} {were} changed or judged by somebody else after being shown",
            hint="Nothing was stored. Look at it as it stands now, then decide again.",
        )


def _digest(told: str) -> str:
    return hashlib.sha256(told.encode()).hexdigest()[:20]
