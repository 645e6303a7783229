"""How often the same was asked before, and what became of it, in one line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from kb.model import STATUS_NAMES
from kb.similarity.facts import Facts

_TIMES = {1: "once", 2: "twice"}


def history_line(asked: Sequence[Facts]) -> str | None:
    """For example "Asked 3 times since 2015; twice marked complete"; None where never asked.

    Counts reviews: what one plan says twice was asked once. A review counts as complete where all
    it said of the ask is complete.
    """
    by_review: dict[str, list[Facts]] = defaultdict(list)
    for facts in asked:
        by_review[facts.review_id].append(facts)
    if not by_review:
        return None
    years = [int(facts.when[:4]) for facts in asked if facts.when]
    complete = sum(all(facts.is_complete for facts in same) for same in by_review.values())
    asked_line = _asked(len(by_review), years)
    if len(by_review) == 1 and {facts.status for facts in asked} == {"ongoing"}:
        return f"{asked_line}; marked complete and ongoing"
    return f"{asked_line}; {_completed(complete, len(by_review))}"


def _asked(reviews: int, years: Sequence[int]) -> str:
    if reviews == 1:
        return f"Asked once, in {years[0]}" if years else "Asked once"
    since = f" since {min(years)}" if years else ""
    return f"Asked {times(reviews)}{since}"


def _completed(complete: int, reviews: int) -> str:
    if not complete:
        return "never marked complete"
    if reviews == 1:
        return "marked complete"
    return (
        "each time marked complete" if complete == reviews else f"{times(complete)} marked complete"
    )


def told(facts: Facts) -> str:
    """Where and when it was asked, and what became of it: "Ousel, 2015, complete (May 2016)"."""
    status = STATUS_NAMES.get(facts.status or "", "status not stated").lower()
    done = f" ({_in_words(facts.completed)})" if facts.completed else ""
    return f"{facts.area or facts.review_id}, {facts.year or 'year unknown'}, {status}{done}"


def _in_words(iso: str) -> str:
    """A date to its own precision: "31 May 2016", "May 2016" or "2016"."""
    year, *month_and_day = (int(part) for part in iso.split("-"))
    day = date(year, *(*month_and_day, 1, 1)[:2])
    return [f"{year}", f"{day:%B} {year}", f"{day.day} {day:%B} {year}"][len(month_and_day)]


def times(number: int) -> str:
    """ "once", "twice", "3 times"."""
    return _TIMES.get(number, f"{number} times")
