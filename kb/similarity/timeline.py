"""What the dates of repeated asks say: asked again after it was marked complete."""

from __future__ import annotations

from collections.abc import Sequence

from kb.similarity.facts import Facts


def gaps_of(members: Sequence[Facts]) -> tuple[str, ...]:
    """One sentence for each asking that came after a completion in the same area.

    ``members`` stand in order of date; the latest completion before an asking counts.
    """
    found: list[str] = []
    for at, later in enumerate(members):
        earlier = [known for known in members[:at] if _done_before(known, later)]
        if earlier and later.when and later.area:
            last = max(earlier, key=lambda known: _done(known) or "")
            found.append(
                f"{later.id}: asked again {_length(_done(last) or '', later.when)} after "
                f"{_what(last)} in the same area ({later.area})"
            )
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
    if not done or not asked or earlier.area != later.area:
        return False
    precision = min(len(done), len(asked))
    return earlier.review_id != later.review_id and done[:precision] < asked[:precision]


def _length(start: str, end: str) -> str:
    """The time between two ISO dates, in the finest unit that both allow."""
    if len(start) < 7 or len(end) < 7:
        return _count(int(end[:4]) - int(start[:4]), "year")
    months = (int(end[:4]) - int(start[:4])) * 12 + int(end[5:7]) - int(start[5:7])
    if not months:
        return "in the same month, days"
    return _count(months, "month")


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
