"""A text, or a stored recommendation, beside all that the audience may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.library.lessons import judged_rows
from kb.library.placing import place
from kb.search.engine import Filters
from kb.similarity.check import check as compare

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase
    from kb.similarity.check import CheckResult


def check(base: KnowledgeBase, text: str, *, except_review: str | None, limit: int) -> CheckResult:
    """As ``KnowledgeBase.check``."""
    if except_review is not None:
        base.review(except_review)
    with base.index.comparing():
        return compare(
            base.index.similarity,
            text,
            **place(base, [text])[0],
            exclude_review=except_review,
            allowed=base.index.mask(Filters(published_only=base.published_only)),
            judged=judged_rows(base, text),
            theme_names=base.taxonomy.names(),
            limit=limit,
        )


def repeats_of(base: KnowledgeBase, identity: str, *, limit: int) -> CheckResult | None:
    """As ``KnowledgeBase.repeats_of``."""
    row = base.index.records.row(identity)
    if row is None:
        return None
    allowed = base.index.mask(Filters(published_only=base.published_only))
    allowed[row] = False
    similarity = base.index.similarity
    facts = similarity.facts(row)
    with base.index.comparing():
        return compare(
            similarity,
            facts.text,
            themes=facts.themes,
            latent=similarity.latent.of(row),
            sentence=similarity.sentences.vectors.of(row) if similarity.sentences else None,
            allowed=allowed,
            judged=judged_rows(base, facts.text),
            theme_names=base.taxonomy.names(),
            limit=limit,
        )
