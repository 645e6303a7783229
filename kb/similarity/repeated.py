"""Repeated learning: groups of the same ask across reviews.

Identical wordings are put together first; then all pairs of wordings that are near are found, and
the graph that they make is cut into tight groups. What a person judged stands over what is
computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from kb.model import PairJudgement
from kb.similarity.grouping import Grouping, JudgedPairs, edges
from kb.similarity.groups import Group
from kb.similarity.nearness import nearness
from kb.similarity.pairs import Tell
from kb.similarity.store import Similarity
from kb.similarity.wordings import Wordings

THRESHOLD = 0.3
SHARED = 0.4
LEANING = 0.8  # of the training pairs that are grouped none has less than 0.9


def repeated(
    similarity: Similarity,
    *,
    judgements: Iterable[PairJudgement] = (),
    allowed: NDArray[np.bool_] | None = None,
    threshold: float = THRESHOLD,
    progress: Callable[[str, int, int], None] | None = None,
) -> list[Group]:
    """Groups of the same ask across at least two reviews, those of most reviews first.

    Candidates are all pairs with a cosine of at least ``threshold`` that share enough of what they
    say; one joins where the duplicate check calls it ``duplicate`` of the group's central member
    (the same ask of another body counts: the group names the sectors), or a person did.
    ``allowed`` is ``bool[n]``, the rows that may be shown; ``progress`` hears (step, done, of).
    """
    rows = np.arange(len(similarity)) if allowed is None else np.flatnonzero(allowed)
    by_row = JudgedPairs.of(similarity, judgements)
    wordings = Wordings.of(similarity.same, rows, by_row.rows)
    judged = by_row.by(wordings.of_row())
    near = nearness(
        similarity,
        wordings.first,
        threshold=threshold,
        shared=SHARED,
        leaning=LEANING,
        same=edges(judged.same),
        different=edges(judged.different),
        tell=_telling(progress, "finding what is near"),
    )
    grouping = Grouping(similarity, wordings, near, judged)
    groups = [
        _group(similarity, wordings, members)
        for members in grouping.run(_telling(progress, "grouping"))
    ]
    return sorted(
        groups, key=lambda group: (-len(group.reviews), -len(group.members), group.central.id)
    )


def _telling(progress: Callable[[str, int, int], None] | None, step: str) -> Tell | None:
    return (lambda done, of: progress(step, done, of)) if progress else None


def _group(similarity: Similarity, wordings: Wordings, members: list[int]) -> Group:
    rows = [row for member in members for row in wordings.rows_of(member)]
    facts = [similarity.facts(row) for row in rows]
    return Group.of(facts[0], facts)
