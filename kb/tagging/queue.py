"""The recommendations whose judgement would teach most, spread over themes and reviews."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb.model import Entry, Tag
from kb.tagging.judged import Settled

# A second doubtful theme of the same recommendation teaches too, but less than a new one.
WEIGHT_OF_FURTHER_DOUBTS = 0.25


@dataclass(frozen=True)
class _Candidate:
    id: str
    review: str
    theme: str
    value: float
    why: str


def queue(
    entries: Iterable[Entry],
    verdicts: Mapping[str, Settled],
    thresholds: Mapping[str, float],
    limit: int,
) -> list[tuple[str, str]]:
    """At most ``limit`` (recommendation id, why in words), the most instructive first.

    ``verdicts`` go by recommendation id; what a person judged completely is left out, and a theme
    that a person judged raises no doubt. ``thresholds`` are the classifier's, by theme. Each theme
    and review already in the queue makes the next of it count for less.
    """
    candidates = [_candidate(entry, verdicts.get(entry.id), thresholds) for entry in entries]
    waiting = [(-c.value, c.id, c) for c in candidates if c is not None]
    heapq.heapify(waiting)
    taken: dict[str, int] = {}
    chosen: list[tuple[str, str]] = []
    while waiting and len(chosen) < limit:
        _, _, best = heapq.heappop(waiting)
        now = _spread(best, taken)
        if waiting and now < -waiting[0][0]:
            # Values only ever fall: whatever still leads with its fresh value is the greatest.
            heapq.heappush(waiting, (-now, best.id, best))
            continue
        chosen.append((best.id, best.why))
        for key in (f"theme {best.theme}", f"review {best.review}"):
            taken[key] = taken.get(key, 0) + 1
    return chosen


def _spread(candidate: _Candidate, taken: Mapping[str, int]) -> float:
    themes = taken.get(f"theme {candidate.theme}", 0)
    reviews = taken.get(f"review {candidate.review}", 0)
    return candidate.value / ((1 + themes) * (1 + 0.5 * reviews))


def _candidate(
    entry: Entry, verdict: Settled | None, thresholds: Mapping[str, float]
) -> _Candidate | None:
    if verdict and verdict.complete_by == "person":
        return None
    doubts = [
        (*_doubt(tag, thresholds, is_tag=is_tag), tag.id)
        for tags, is_tag in ((entry.themes, True), (entry.suggestions, False))
        for tag in tags
        if not verdict or verdict.by.get(tag.id) != "person"
    ]
    if not entry.themes and not entry.suggestions and not verdict:
        doubts.append((0.3, "nothing was found in it", ""))
    if not doubts:
        return None
    doubts.sort(key=lambda doubt: (-doubt[0], doubt[2]))
    value = doubts[0][0] + WEIGHT_OF_FURTHER_DOUBTS * sum(doubt[0] for doubt in doubts[1:])
    return _Candidate(entry.id, entry.review.id, doubts[0][2], value, doubts[0][1])


def _doubt(tag: Tag, thresholds: Mapping[str, float], *, is_tag: bool) -> tuple[float, str]:
    """How doubtful a tag is (0 to 1), and why in words."""
    if "starter" in tag.by or "person" in tag.by:
        return 0.1, f"{tag.id}: only the starter corpus says so"
    if tag.by == ("rule",):
        if not is_tag:
            return 0.7, f"{tag.id}: a rule only suggests it"
        if tag.id in thresholds:
            return 0.8, f"{tag.id}: a rule finds it, the classifier does not"
        return 1.0 - tag.confidence, f"{tag.id}: only a rule finds it"
    threshold = thresholds.get(tag.id, 0.5)
    reach = (1.0 - threshold) if is_tag else threshold
    closeness = max(0.0, 1.0 - abs(tag.confidence - threshold) / max(reach, 1e-9))
    side = "just over" if is_tag else "just under"
    return closeness, f"{tag.id}: {side} the threshold ({tag.confidence:.2f})"
