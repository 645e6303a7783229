"""A whole knowledge base of UPR recommendations, as `kb build` makes it: what `kb serve` shows."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from search_base import full_review
from upr import A_REVIEW, upr_rows

from kb import KnowledgeBase
from kb.corpus import review_bytes


def build_whole(home: Path, size: int) -> None:
    """Files of the corpus with a value for every filter, the shipped taxonomy, and their index."""
    base = KnowledgeBase.create(home)
    rows = upr_rows(size)
    for number, first in enumerate(range(0, size, A_REVIEW), start=1):
        review = full_review(number, list(islice(rows, min(A_REVIEW, size - first))))
        (home / "corpus" / f"{review.id}.json").write_bytes(review_bytes(review))
    base.build()
