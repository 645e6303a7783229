"""What people judged after the last build, and the tags that this makes of the index's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kb.library.stamps import judged_mark

if TYPE_CHECKING:
    from pathlib import Path

    from kb.library.base import KnowledgeBase
    from kb.library.folder import Folder
    from kb.model import Entry, ThemeJudgement
    from kb.tagging.judged import Tagged


@dataclass(frozen=True)
class SinceBuild:
    """The recommendations on whose themes other judgements stand now than when it was built.

    ``now`` and ``then`` are the judgements on them by id. Where the file of judgements was
    rewritten since, nobody knows which are new: all judged ones are here, ``is_known`` is False.
    """

    now: dict[str, list[ThemeJudgement]]
    then: dict[str, list[ThemeJudgement]]
    is_known: bool = True

    @property
    def ids(self) -> frozenset[str]:
        """The ids of these recommendations."""
        return frozenset(self.now.keys() | self.then.keys())


def since_build(base: Folder) -> SinceBuild:
    """What was judged, judged otherwise or taken back since the index was built."""
    manifest = base.index.generation.manifest
    path = base.home / "corpus" / "judgements.jsonl"
    try:
        stat = path.stat()
    except FileNotFoundError:
        return SinceBuild({}, {})
    return _since(
        path, (stat.st_size, stat.st_mtime_ns), manifest.judged_bytes, manifest.judged_digest
    )


@lru_cache(maxsize=1)
def _since(
    path: Path, written: tuple[int, int], judged_bytes: int, judged_digest: str
) -> SinceBuild:
    """``written`` is the size and time by which a file is known to be read already."""
    from kb.corpus import standing
    from kb.library.sources import on_themes

    del written
    data = path.read_bytes()
    before = data[:judged_bytes]
    is_known = judged_mark(before)["judged_digest"] == judged_digest
    if is_known and len(data) == judged_bytes:
        return SinceBuild({}, {})
    now = on_themes(standing(data))
    if not is_known:
        return SinceBuild(now, {}, is_known=False)
    then = on_themes(standing(before))
    changed = {i for i in now.keys() | then.keys() if now.get(i) != then.get(i)}
    return SinceBuild(
        {i: js for i, js in now.items() if i in changed},
        {i: js for i, js in then.items() if i in changed},
    )


def judged_since_build(base: Folder) -> int:
    """How many recommendations that are shown were judged since; 0 where nobody can know."""
    return len(shown_since_build(base))


def shown_since_build(base: Folder) -> set[str]:
    """The ids of those in the index that are known to be judged since."""
    since = since_build(base)
    if not since.is_known:
        return set()
    return {identity for identity in since.ids if base.index.records.row(identity) is not None}


def tags_since_build(base: KnowledgeBase, entries: Iterable[Entry]) -> dict[str, Tagged]:
    """The tags as they are now of those entries of the index that were judged since, by id."""
    since = since_build(base)
    if not since.ids:
        return {}
    from kb.tagging.judged import Tagged, with_judgements

    judged = [entry for entry in entries if entry.id in since.ids]
    of_machine = {
        entry.id: Tagged(entry.themes, entry.suggestions)
        for entry in judged
        if since.is_known and entry.id not in since.then
    }
    again = [entry for entry in judged if entry.id not in of_machine]
    texts = [entry.recommendation.text for entry in again]
    of_machine |= dict(zip((entry.id for entry in again), machine_tags(base, texts), strict=True))
    return {
        entry.id: with_judgements(
            of_machine[entry.id], since.now.get(entry.id, ()), entry.recommendation.text
        )
        for entry in judged
    }


def with_tags_since_build(base: KnowledgeBase, entries: Sequence[Entry]) -> list[Entry]:
    """Entries of the index with the tags that people judged up to now."""
    judged = tags_since_build(base, entries)
    return [
        entry.model_copy(
            update={
                "themes": judged[entry.id].themes,
                "suggestions": judged[entry.id].suggestions,
            }
        )
        if entry.id in judged
        else entry
        for entry in entries
    ]


def machine_tags(base: KnowledgeBase, texts: Sequence[str]) -> list[Tagged]:
    """Tags by rules and model; by rules alone where nothing has been built yet."""
    from kb.errors import IndexMissing, IndexUnreadable
    from kb.tagging.combine import Tagger

    if not texts:
        return []
    try:
        return base.tagger.tag(texts)
    except (IndexMissing, IndexUnreadable):
        return Tagger(base.taxonomy, base.abbreviations).tag(texts)
