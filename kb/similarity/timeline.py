"""What the dates of repeated asks say: asked again after it was marked complete."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kb.similarity.facts import Facts


@dataclass(frozen=True)
class Return:
    """An ask that came back: ``later`` asks what ``earlier`` had marked complete before."""

    later: Facts
    earlier: Facts

    @property
    def is_same_area(self) -> bool:
        """Whether both are of one area."""
        return bool(self.later.area) and self.later.area == self.earlier.area

    @property
    def months(self) -> int | None:
        """How long after the completion, in months; None where a date names no month."""
        start, end = _done(self.earlier) or "", self.later.when or ""
        if len(start) < 7 or len(end) < 7:
            return None
        return (int(end[:4]) - int(start[:4])) * 12 + int(end[5:7]) - int(start[5:7])

    @property
    def length(self) -> str:
        """The time between, in words, in the finest unit that both dates allow."""
        if self.months is None:
            return _count(self.years, "year")
        return _count(self.months, "month") if self.months else "in the same month, days"

    @property
    def years(self) -> int:
        """How many calendar years lie between the two dates."""
        return int((self.later.when or "0")[:4]) - int((_done(self.earlier) or "0")[:4])

    def __str__(self) -> str:
        where = f"the same area ({self.later.area})" if self.is_same_area else "another area"
        return f"{self.later.id}: asked again {self.length} after {_what(self.earlier)} in {where}"

    def as_json(self) -> dict[str, Any]:
        """The two ids and the time between."""
        return {
            "later": self.later.id,
            "earlier": self.earlier.id,
            "same_area": self.is_same_area,
            "months": self.months,
            "years": self.years,
            "says": str(self),
        }


def returns_of(members: Sequence[Facts]) -> tuple[Return, ...]:
    """Each asking that came after a completion by another review, in the order of the members.

    ``members`` stand in order of date. The latest completion before an asking counts, one in the
    same area before all others. After these stand, for a completion that is in none of them, the
    first asking that came after it, one in the same area before all others.
    """
    found = list(_of_later(members))
    told = {one.earlier.id for one in found}
    return (*found, *_of_earlier(members, told))


def _of_later(members: Sequence[Facts]) -> Iterator[Return]:
    for at, later in enumerate(members):
        before = [Return(later, known) for known in members[:at] if _done_before(known, later)]
        if before:
            yield max(before, key=lambda one: (one.is_same_area, _done(one.earlier) or ""))


def _of_earlier(members: Sequence[Facts], told: Collection[str]) -> Iterator[Return]:
    for at, earlier in enumerate(members):
        if earlier.id in told or not earlier.is_complete:
            continue
        after = [Return(later, earlier) for later in members[at:] if _done_before(earlier, later)]
        if after:
            yield min(after, key=lambda one: (not one.is_same_area, one.later.when or ""))


def gaps_of(members: Sequence[Facts]) -> tuple[str, ...]:
    """One sentence for each asking that came after a completion in the same area."""
    found = (str(one) for one in returns_of(members) if one.is_same_area)
    return tuple(dict.fromkeys(found))


def _done(facts: Facts) -> str | None:
    """When it was completed, or the review's date where only "complete" is printed."""
    return facts.completed or facts.when if facts.is_complete else None


def _what(facts: Facts) -> str:
    if facts.completed:
        return f"it was marked complete ({facts.id})"
    return f"a review whose plan marks it complete ({facts.id})"


def _done_before(earlier: Facts, later: Facts) -> bool:
    done, asked = _done(earlier), later.when
    if not done or not asked:
        return False
    precision = min(len(done), len(asked))
    return earlier.review_id != later.review_id and done[:precision] < asked[:precision]


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
