"""The recommendations whose judgement would teach most, spread over themes and reviews."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.model import Entry, Tag
from kb.tagging.judged import Settled

# A second doubtful theme of the same recommendation teaches too, but less than a new one.
WEIGHT_OF_FURTHER_DOUBTS = 0.25
_NOTHING_FOUND = 0.3
_SAID_NO = 0.05
_CHANGED = 0.9


@dataclass(frozen=True)
class _Candidate:
    id: str
    review: str
    theme: str
    value: float
    why: str
    is_found: bool = True


def queue(
    entries: Iterable[Entry],
    verdicts: Mapping[str, Settled],
    thresholds: Mapping[str, float],
    limit: int | None,
    *,
    theme: str | None = None,
    last: Collection[str] = (),
) -> list[tuple[str, str]]:
    """At most ``limit`` (recommendation id, why in words), the most instructive first.

    ``verdicts`` go by recommendation id; what was judged on another text comes among the first;
    what a person judged completely is left out, and a theme that they judged raises no doubt.
    ``thresholds`` are the classifier's, by theme. Each theme and review already in the queue makes
    the next of it count for less. With ``theme`` its doubts alone count, and where it was not found
    comes after. ``last`` are ids that come after all others.
    """
    found = [_candidate(entry, verdicts.get(entry.id), thresholds, theme) for entry in entries]
    turns: tuple[list[_Candidate], ...] = ([], [], [])
    for candidate in found:
        if candidate is not None:
            turn = 2 if candidate.id in last else 0 if candidate.is_found else 1
            turns[turn].append(candidate)
    chosen: list[tuple[str, str]] = []
    for turn_of in turns:
        chosen += _spread_out(turn_of, len(turn_of) if limit is None else limit - len(chosen))
    return chosen


def _spread_out(candidates: Sequence[_Candidate], limit: int) -> list[tuple[str, str]]:
    waiting = [(-c.value, c.id, c) for c in candidates]
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
    entry: Entry, verdict: Settled | None, thresholds: Mapping[str, float], theme: str | None
) -> _Candidate | None:
    if verdict and (theme is None or verdict.says(theme) is not None):
        if verdict.is_outdated(entry.recommendation.text):
            why = "its text has changed since it was judged"
            return _Candidate(entry.id, entry.review.id, theme or "", _CHANGED, why)
        if verdict.complete_by == "person":
            return None
    doubts = [doubt for doubt in _doubts(entry, verdict, thresholds) if theme in (None, doubt[2])]
    if not doubts:
        return _unfound(theme, entry, verdict) if theme is not None else None
    doubts.sort(key=lambda doubt: (-doubt[0], doubt[2]))
    value = doubts[0][0] + WEIGHT_OF_FURTHER_DOUBTS * sum(doubt[0] for doubt in doubts[1:])
    return _Candidate(entry.id, entry.review.id, doubts[0][2], value, doubts[0][1])


def _doubts(
    entry: Entry, verdict: Settled | None, thresholds: Mapping[str, float]
) -> Iterable[tuple[float, str, str]]:
    """(how doubtful, why, theme) for every tag and suggestion that no person has judged."""
    for tags, is_tag in ((entry.themes, True), (entry.suggestions, False)):
        for tag in tags:
            if not verdict or verdict.by.get(tag.id) != "person":
                yield *_doubt(tag, thresholds, is_tag=is_tag), tag.id
    if not entry.themes and not entry.suggestions and not verdict:
        yield _NOTHING_FOUND, "nothing was found in it", ""


def _unfound(theme: str, entry: Entry, verdict: Settled | None) -> _Candidate | None:
    """A recommendation in which nothing speaks for a theme; None where a person has judged it."""
    if verdict and verdict.by.get(theme) == "person":
        return None
    is_judged = verdict is not None and verdict.says(theme) is not None
    why = "only the starter corpus says no" if is_judged else "nothing speaks for it yet"
    value = _SAID_NO if is_judged else _NOTHING_FOUND
    return _Candidate(entry.id, entry.review.id, theme, value, f"{theme}: {why}", is_found=False)


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
