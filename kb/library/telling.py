"""What adding a document came to, in words: its account, and what it changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.ingest import Account
    from kb.ingest.readings import Fate
    from kb.library.adding import Added
    from kb.model import FieldChange

_KEPT: tuple[tuple[Fate, str], ...] = (
    ("field", "in recommendations"),
    ("heading", "in headings"),
    ("fact", "in facts of the review"),
    ("header", "in headers"),
)


def account_lines(account: Account) -> Iterator[str]:
    """How many cells and paragraphs went where; nothing for what there is none of."""
    for name, counts in (("cells", account.cells), ("paragraphs", account.paragraphs)):
        kept = [f"{counts[fate]} {where}" for fate, where in _KEPT if counts.get(fate)]
        if counts:
            left = f"{counts.get('left_out', 0)} left out"
            yield f"{name}: {', '.join([*kept, left])}"


def change_lines(one: Added) -> Iterator[str]:
    """What a newer or further document changed, in words."""
    is_new = {c.recommendation for c in one.changes if c.field == "added"}
    for change in one.changes:
        if change.field == "added" and one.before is not None:
            yield f"new {_named(one, change)}: {change.after}"
        elif change.field == "removed":
            came = change.before is None
            word = "back in the document" if came else "gone from the document"
            yield f"{word}, {_named(one, change)}: {change.after if came else change.before}"
        elif change.field == "split-from":
            yield f"{_named(one, change)} was part of {change.before}"
        elif change.field == "merged-into":
            yield f"{_named(one, change)} is part of {change.after} now"
        elif change.field == "text" and change.recommendation not in is_new:
            yield f"reworded {_named(one, change)}: {change.before} → {change.after}"
        else:
            place = f"{_named(one, change)} {change.field}"
            before, after = (text or "not said" for text in (change.before, change.after))
            yield f"changed {place}: {before} → {after}"
    yield from _corrected(one)


def _named(one: Added, change: FieldChange) -> str:
    return one.review.id + (f"/{change.recommendation}" if change.recommendation else "")


def _corrected(one: Added) -> Iterator[str]:
    """Corrections that the document now says too; where it says something else, a doubt does."""
    from kb.ingest.contradictions import agreements, means_the_same, unplaced

    stored = {r.position: r for r in one.review.recommendations}
    for change in one.changes:
        held = stored.get(change.recommendation or 0)
        for correction in held.corrections if held else ():
            if correction.field == change.field and means_the_same(
                change.field, change.after, correction.value
            ):
                yield f"the document now says so too: {_named(one, change)} {change.field}"
    for was in one.before.recommendations if one.before else ():
        held, identity = stored.get(was.position), one.review.recommendation_id(was.position)
        for field in agreements(was, held) if held else ():
            yield f"the document now says so too: {identity} {field}"
        for field in unplaced(was, held) if held and not held.removed else ():
            yield f"no longer there, so its correction is not applied: {identity} {field}"
