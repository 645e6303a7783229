"""One recommendation or review as it stands now, before any build."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kb.errors import NotFound, WrongUsage
from kb.model import Entry, ReviewFacts

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase
    from kb.model import Action, Evidence, Recommendation, Review, Tag

SHARED = (
    'This knowledge base is set to audience = "shared", which knows published reviews alone; its'
    ' owner sees, adds to, corrects, judges and removes all of them with audience = "own" in'
    " kb.toml."
)


def known_review(base: KnowledgeBase, review_id: str) -> Review:
    """A stored review that the audience may see; raises NotFound with the nearest ids."""
    ids = base.corpus.review_ids()
    if base.published_only:
        ids = [one for one in ids if base.corpus.publication(one) == "published"]
    if review_id in ids:
        return base.corpus.review(review_id)
    near = difflib.get_close_matches(review_id, ids, n=3) or ids[:3]
    hint = f"The nearest are: {', '.join(near)}" if near else "Add one with: kb add FILE"
    if base.published_only:
        hint += f"\n{SHARED}"
    raise NotFound(f"there is no review {review_id!r}", hint=hint)


def stored_recommendation(base: KnowledgeBase, identity: str) -> tuple[Review, Recommendation]:
    """A recommendation as read, and its review; raises NotFound."""
    review_id, _, position = identity.rpartition("/")
    review = known_review(base, review_id)
    for recommendation in review.recommendations:
        if str(recommendation.position) == position:
            return review, recommendation
    raise NotFound(
        f"the review {review_id!r} has no recommendation {position}",
        hint=f"See its recommendations with: kb show {review_id}",
    )


def known_id(base: KnowledgeBase, identity: str) -> str:
    """An id as typed, checked to be ``review/position`` of a stored recommendation.

    Raises WrongUsage for what is no such id, NotFound where none is stored.
    """
    review_id, _, position = identity.rpartition("/")
    if not review_id or not position.isdecimal():
        raise WrongUsage(
            f"{identity!r} is not the id of a recommendation",
            hint="An id is the review's id, a slash and a number: harrowdale-02/4",
        )
    stored_recommendation(base, f"{review_id}/{int(position)}")
    return f"{review_id}/{int(position)}"


def entry(base: KnowledgeBase, identity: str) -> Entry:
    """A recommendation with its corrections and judgements, as the corpus has them now."""
    from kb.ingest.corrections import corrected
    from kb.library.since import machine_tags
    from kb.library.sources import by_recommendation
    from kb.tagging.judged import with_judgements

    review, stored = stored_recommendation(base, identity)
    recommendation = corrected(stored, base.agencies)
    judgements = by_recommendation(base.corpus).get(identity, [])
    of_machine = machine_tags(base, [recommendation.text])[0]
    tags = with_judgements(of_machine, judgements, recommendation.text)
    return Entry(
        id=identity,
        recommendation=recommendation,
        review=ReviewFacts.of(review),
        themes=tags.themes,
        suggestions=tags.suggestions,
    )


def wording(base: KnowledgeBase, identity: str) -> str:
    """The text of a recommendation with its corrections, as it stands now; raises NotFound."""
    from kb.ingest.corrections import corrected

    return corrected(base.recommendation(identity)[1], base.agencies).text


def citation(entry: Entry) -> str:
    """A reference to copy into a report: title, area, year, recommendation, address or file."""
    review, recommendation = entry.review, entry.recommendation
    year = str(review.year.value) if review.year.value else "no date"
    number = recommendation.number or str(recommendation.position)
    parts = [review.title, f"({year})"]
    if review.area and review.area not in review.title:
        parts.insert(1, f"[{review.area}]")
    where = recommendation.source.url or review.url
    source = where or f"{recommendation.source.file}, {recommendation.source.place}"
    mark = "" if review.publication == "published" else " Not published."
    return f"{' '.join(parts)}, recommendation {number}. {source}.{mark}"


_NO_CELLS = (
    "Its cells as they stood were not kept: it was stored before kb kept them, or without a"
    " document. They come with the next version of its plan."
)
_CORRECTED = (
    "Its cells as they stood are not shown: some of it was corrected since, and this knowledge base"
    ' is set to audience = "shared".'
)


def source_of(base: KnowledgeBase, identity: str) -> dict[str, Any]:
    """Where a recommendation was read, and its cells as they stood there.

    ``{id, file, sha256, place, url, cells: [{header, text, place}], note}``; the note says in words
    why there are no cells. For a shared audience what may be personal data is masked, and the cells
    of what was corrected are withheld: it may have been corrected to withhold them.
    """
    from kb.text.personal import masked

    identity = base.known_id(identity)
    recommendation = base.recommendation(identity)[1]
    source, note = recommendation.source, _NO_CELLS
    cells = [cell.model_dump() for cell in source.cells]
    if base.published_only and recommendation.corrections:
        cells, note = [], _CORRECTED
    if base.published_only:
        cells = [{**cell, "text": masked(cell["text"])} for cell in cells]
    return {
        "id": identity,
        **source.model_dump(mode="json", exclude={"cells"}),
        "cells": cells,
        "note": None if cells else note,
    }


def corrections_json(base: KnowledgeBase, identity: str) -> list[dict[str, Any]]:
    """The corrections of a recommendation; what stood before is not for a shared audience."""
    hidden = {"before", "made_on"} if base.published_only else set[str]()
    stored = base.recommendation(identity)[1]
    return [c.model_dump(mode="json", exclude=hidden) for c in stored.corrections]


def without_before(entry: Entry) -> Entry:
    """An entry for a shared audience: its corrections without what stood before them."""
    recommendation = entry.recommendation
    if not recommendation.corrections:
        return entry
    told = tuple(
        each.model_copy(update={"before": None, "made_on": None})
        for each in recommendation.corrections
    )
    shown = recommendation.model_copy(update={"corrections": told})
    return entry.model_copy(update={"recommendation": shown})


def leading_evidence(tag: Tag) -> list[Evidence]:
    """The pieces of a tag's evidence that say most, few enough to read at a glance.

    What is said by people first, then two places that rules met, none inside another, two words
    that weighed for the classifier, and the judged text that is most like it.
    """
    said = [one for one in tag.evidence if not one.text]
    words = [one for one in tag.evidence if one.why.startswith("classifier")]
    met = [one for one in tag.evidence if one.text and one not in words]
    rules = [
        one
        for at, one in enumerate(met)
        if not any(_within(one, at, *more) for more in enumerate(met))
    ]
    notes = [one for one in said if not one.why.startswith("most like")]
    return [*notes, *rules[:2], *words[:2], *(one for one in said if one not in notes)]


def _within(one: Evidence, at: int, other_at: int, other: Evidence) -> bool:
    """Whether a stretch lies inside another one; of two that are the same the later does."""
    is_same = (one.start, one.end) == (other.start, other.end)
    is_inside = other.start <= one.start and one.end <= other.end
    return other_at < at if is_same else is_inside


def numbered_parts(base: KnowledgeBase, identity: str) -> list[tuple[str, str]]:
    """(name for ``kb correct``, text) of each action of several, and of each other cell."""
    from kb.ingest.corrections import corrected, numbered_cells

    stored = base.recommendation(identity)[1]
    actions = corrected(stored, base.agencies).actions
    listed = [(f"actions.{n}", _action_text(one)) for n, one in enumerate(actions, start=1)]
    cells = numbered_cells(stored).items()
    others = [(f"other.{n}", f"{cell.header}: {cell.text}") for n, cell in cells]
    return [*(listed if len(actions) > 1 else []), *others]


def _action_text(action: Action) -> str:
    """The text of an action, and a line of each other field that it has."""
    from kb.ingest.joining import ACTION_FIELDS
    from kb.ingest.parts import as_text

    fields = [(name, as_text(getattr(action, name))) for name in ACTION_FIELDS if name != "text"]
    return "\n".join([action.text or "–", *(f"{name}: {text}" for name, text in fields if text)])


def is_said_by_actions(recommendation: Recommendation, field: str) -> bool:
    """Whether a joined field says no more than the several actions do one by one."""
    from kb.ingest.joining import joined_text

    together = joined_text(recommendation.actions, "text" if field == "action" else field)
    return len(recommendation.actions) > 1 and together == printed(recommendation, field)


def corrected_recommendations(base: KnowledgeBase, review: Review) -> list[Recommendation]:
    """All recommendations of a review with their corrections, those no longer printed too."""
    from kb.ingest.corrections import corrected

    return [corrected(stored, base.agencies) for stored in review.recommendations]


def sorted_by_number(recommendations: Sequence[Recommendation]) -> list[Recommendation]:
    """In the order of their numbers as people sort them; rows that are gone come last.

    As stored where a number is missing or stands twice.
    """
    from kb.text.numbers import number_key

    standing = [one for one in recommendations if not one.removed]
    gone = [one for one in recommendations if one.removed]
    keys = [number_key(one.number) for one in standing if one.number]
    if len(set(keys)) < len(standing):
        return list(recommendations)
    return [*sorted(standing, key=lambda one: number_key(one.number)), *gone]


def printed(recommendation: Recommendation, field: str) -> str | None:
    """One field as its document printed it."""
    from kb.ingest.corrections import printed_text

    return printed_text(recommendation, field)


def would_store(review: Review) -> list[dict[str, object]]:
    """The standing recommendations of a review as scripts read them; nothing is tagged yet."""
    facts = ReviewFacts.of(review)
    return [
        Entry(id=review.recommendation_id(one.position), recommendation=one, review=facts).as_json()
        for one in review.recommendations
        if not one.removed
    ]


def review_json(base: KnowledgeBase, review: Review) -> dict[str, object]:
    """A review in the shape of DESIGN.md, with its recommendations as corrected.

    What stood before a change, perhaps to be withheld, is not for a shared audience.
    """
    data = review.model_dump(mode="json", exclude={"recommendations", "next_position"})
    for event in data["history"] if base.published_only else ():
        event["changes"] = [{**change, "before": None} for change in event["changes"]]
    data["year"] = review.year.model_dump()
    facts = ReviewFacts.of(review)
    data["recommendations"] = [
        Entry(
            id=review.recommendation_id(stored.position),
            recommendation=stored,
            review=facts,
        ).as_json()
        | {"removed": stored.removed}
        for stored in corrected_recommendations(base, review)
    ]
    for recommendation in data["recommendations"]:
        del recommendation["themes"], recommendation["suggestions"]
    return data
