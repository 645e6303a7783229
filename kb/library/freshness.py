"""Whether an index may still be answered from: what has changed, and what must not be shown."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import kb
from kb.errors import IndexMissing
from kb.library.home import TAXONOMY
from kb.library.stamps import are_reviews_fresh, is_corpus_fresh

if TYPE_CHECKING:
    from kb.library.folder import Folder
    from kb.library.opened import OpenIndex


def has_changed(base: Folder) -> bool:
    """Whether anything but judgements has changed since the index was built."""
    manifest = base.index.generation.manifest
    if manifest.program.partition("+")[0] != kb.__version__:
        return True
    taxonomy = hashlib.sha256((base.home / TAXONOMY).read_bytes()).hexdigest()
    if taxonomy != manifest.taxonomy_digest or base.settings.digest != manifest.settings_digest:
        return True
    return not are_reviews_fresh(manifest, base.home / "corpus")


def refuse_unpublished(base: Folder, opened: OpenIndex) -> None:
    """Raise IndexMissing where an index holds anything unpublished: its model quotes it."""
    from kb.search.engine import Filters

    if opened.mask(Filters(published_only=True)).all() and (
        is_corpus_fresh(opened.generation.manifest, base.corpus.folder)
        or all(
            base.corpus.publication(review_id) == "published"
            for review_id, _ in opened.values("review", published_only=True)
        )
    ):
        return
    raise IndexMissing(
        "the index holds reviews that are not published, or not any more",
        place=str(base.index_dir),
        hint="Build it anew before it is shown to others: kb build",
    )
