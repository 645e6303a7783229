"""Repeated learning in a knowledge base: what people judged, who may see what, since when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kb.errors import WrongUsage
from kb.model import PairJudgement

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase
    from kb.library.building import Progress
    from kb.similarity.groups import Group

_WHEN = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?", re.ASCII)


def repeated(
    base: KnowledgeBase,
    filters: Mapping[str, Any],
    *,
    since: str | None = None,
    progress: Progress | None = None,
) -> list[Group]:
    """As ``KnowledgeBase.repeated``."""
    from kb.similarity.repeated import repeated as groups_of

    if since is not None and not _WHEN.fullmatch(since):
        raise WrongUsage(
            f"{since!r} is neither a year nor a month",
            hint="Write it like 2019 or 2019-06.",
            field="since",
        )
    opened = base.index
    judgements = [j for j in base.corpus.judgements() if isinstance(j, PairJudgement)]
    allowed = opened.mask(opened.filters(dict(filters), published_only=base.published_only))
    with opened.comparing():
        groups = groups_of(
            opened.similarity, judgements=judgements, allowed=allowed, progress=progress
        )
    return [group for group in groups if since is None or group.was_asked_since(since)]
