"""Whether something is still as a person was shown it, when their answer comes back."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kb.errors import ChangedMeanwhile
from kb.library.sources import by_recommendation

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase


def mark(base: KnowledgeBase, identity: str) -> str:
    """A short digest of a recommendation and its judgements, or of a review; raises NotFound."""
    if "/" not in identity:
        return _digest(repr(base.review(identity)))
    stored = base.recommendation(identity)[1]
    judged = by_recommendation(base.corpus).get(identity, [])
    return _digest(repr((stored, judged)))


def refuse_changed(base: KnowledgeBase, identity: str, seen: str | None) -> None:
    """Raise ChangedMeanwhile where ``seen`` is given and is not the mark of what stands now."""
    if seen is not None and seen != mark(base, identity):
        raise ChangedMeanwhile(
            f"{identity} was changed or judged by somebody else after it was shown",
            hint="Nothing was stored. Look at it as it stands now, then decide again.",
        )


def _digest(told: str) -> str:
    return hashlib.sha256(told.encode()).hexdigest()[:20]
