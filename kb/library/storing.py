"""What changes the corpus: documents taken in, corrections, and a review taken out for good."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import KnowledgeBaseError

if TYPE_CHECKING:
    from kb.library.adding import Added, AddRequest
    from kb.library.base import KnowledgeBase
    from kb.library.building import Progress
    from kb.model import Review


def add(
    base: KnowledgeBase,
    paths: Sequence[Path],
    request: AddRequest | None,
    *,
    who: str,
    when: datetime,
    dry_run: bool,
    progress: Progress | None,
) -> list[Added]:
    """Read documents and store their reviews, all of them or none (see ``KnowledgeBase.add``)."""
    from kb.ingest.guarded import ReadingProcess

    suffix = paths[0].suffix.lower() if paths else ""
    # It imports what it needs to read the first document while this process does the same.
    with (
        ReadingProcess(suffix) as first,
        contextlib.nullcontext() if dry_run else base.corpus.changing(),
    ):
        from kb.library.adding import AddRequest, read_all, store

        added = read_all(
            paths,
            request or AddRequest(),
            corpus=base.corpus,
            taxonomy=lambda: base.taxonomy,
            settings=base.settings,
            who=who,
            when=when,
            dry_run=dry_run,
            first=first,
            progress=progress,
        )
        if not dry_run:
            store(base.corpus, added)
    return added


def correct(
    base: KnowledgeBase,
    identity: str,
    changes: Mapping[str, str | None],
    *,
    who: str,
    when: datetime,
    seen: str | None,
) -> Review:
    """Set fields of a recommendation, or facts of a review, right (see ``KnowledgeBase``)."""
    from kb.library import editing
    from kb.library.meanwhile import refuse_changed

    with base.corpus.changing():
        refuse_changed(base, (identity,), seen)
        if "/" in identity:
            known = base.known_id(identity)
            return editing.correct(base.corpus, known, changes, who=who, when=when)
        review = base.review(identity)
        corrected = editing.with_facts(review, changes, who=who, when=when)
        if corrected != review:
            base.corpus.save(corrected)
        return corrected


def remove(base: KnowledgeBase, review_id: str) -> Review:
    """Take a review out of corpus, judgements, saved searches, index and older generations."""
    review = base.review(review_id)
    is_indexed = (base.index_dir / "current").exists()
    # A fault in taxonomy, settings or saved searches is told before anything is taken out.
    _ = base.sources, base.searches.all()
    with base.corpus.changing():
        base.corpus.remove(review_id)
    base.searches.forget_review(review_id)
    if is_indexed:
        try:
            base.build()
        except KnowledgeBaseError as error:
            raise type(error)(
                f"{review_id} is out of the corpus but still in the index: {error.message}",
                place=error.place,
                hint="Take it out of the index too with: kb build",
            ) from error
    return review
