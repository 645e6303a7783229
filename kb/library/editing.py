"""What people decide and set right: judgements and corrections, checked before they are stored."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import ValidationError

from kb.errors import NotFound, WrongUsage
from kb.model import (
    REVIEW_FACTS,
    Event,
    FieldChange,
    Recommendation,
    Review,
    ThemeJudgement,
)
from kb.text.normalise import digest

_DATE = "Write it as 2021, 2021-06 or 2021-06-30."
_FACT_HINTS = {
    "published": _DATE,
    "report_date": _DATE,
    "death_month": "Write it as 2019-08.",
    "publication": "It may be published, unpublished or unknown.",
    "id": "A review id has small letters, digits and hyphens: somerset-024",
}

if TYPE_CHECKING:
    from kb.corpus import Corpus
    from kb.library.base import KnowledgeBase
    from kb.model import Taxonomy, Theme


def theme_judgement(
    base: KnowledgeBase,
    identity: str,
    *,
    yes: Sequence[str],
    no: Sequence[str],
    complete: bool,
    who: str,
    when: datetime,
) -> ThemeJudgement:
    """A judgement on the themes of one recommendation; raises NotFound or WrongUsage."""
    if not (yes or no or complete):
        raise WrongUsage(
            "no theme is judged",
            hint="Say which: kb judge ID --theme +dash --theme -training, or --complete.",
        )
    both = set(yes) & set(no)
    if both:
        raise WrongUsage(
            f"{sorted(both)[0]!r} is judged yes and no at once", hint="Give it once, + or -."
        )
    for theme in (*yes, *no):
        known_theme(base.taxonomy, theme)
    return ThemeJudgement(
        who=who,
        when=when,
        recommendation=identity,
        digest=digest(base.entry(identity).recommendation.text),
        yes=tuple(dict.fromkeys(yes)),
        no=tuple(dict.fromkeys(no)),
        complete=complete,
        themes=base.taxonomy.theme_ids() if complete else (),
        taxonomy_version=base.taxonomy.version,
    )


def known_theme(taxonomy: Taxonomy, theme_id: str) -> Theme:
    """The theme with this id; raises NotFound with the nearest ids."""
    theme = taxonomy.theme(theme_id)
    if theme is not None:
        return theme
    ids = [theme.id for theme in taxonomy.themes()]
    near = difflib.get_close_matches(theme_id, ids, n=3, cutoff=0.5)
    raise NotFound(
        f"the taxonomy has no theme {theme_id!r}",
        hint=f"Did you mean {' or '.join(near)}?" if near else "See the ids with: kb taxonomy list",
    )


def correct(
    corpus: Corpus,
    identity: str,
    changes: Mapping[str, str | None],
    *,
    who: str,
    when: datetime,
) -> Review:
    """Store corrections of one recommendation; those that change nothing are left out.

    ``identity`` is known to exist. Raises WrongUsage for a field or a value that cannot be.
    """
    review_id, _, position = identity.rpartition("/")
    review = corpus.review(review_id)
    recommendation = next(r for r in review.recommendations if str(r.position) == position)
    logged = []
    for field, value in changes.items():
        recommendation, change = _set_right(recommendation, field, value, who=who, when=when)
        logged += [change] if change else []
    if not logged:
        return review
    event = Event(when=when, who=who, what="corrected", changes=tuple(logged))
    corrected = review.model_copy(
        update={
            "recommendations": _replaced(review, recommendation),
            "history": (*review.history, event),
        }
    )
    corpus.save(corrected)
    return corrected


def _set_right(
    stored: Recommendation, field: str, value: str | None, *, who: str, when: datetime
) -> tuple[Recommendation, FieldChange | None]:
    """With a correction in the place of an earlier one of the same field, and what it changed."""
    from kb.ingest.corrections import correction_of, standing_field

    new = correction_of(stored, field, value, who=who, when=when)
    if new.before == new.value:
        return stored, None
    kept = [each for each in stored.corrections if standing_field(stored, each) != field]
    change = FieldChange(
        recommendation=stored.position, field=field, before=new.before, after=new.value
    )
    return stored.model_copy(update={"corrections": (*kept, new)}), change


def with_facts(
    review: Review, changes: Mapping[str, str | None], *, who: str, when: datetime
) -> Review:
    """A review with some of its facts set right, and its history; the same where nothing changes.

    Raises WrongUsage for a fact or a value that cannot be.
    """
    for field in changes:
        if field not in REVIEW_FACTS:
            raise WrongUsage(
                f"a review has no fact {field!r} that can be corrected",
                hint=f"Choose from: {', '.join(REVIEW_FACTS)}",
            )
    logged = tuple(
        FieldChange(recommendation=None, field=field, before=getattr(review, field), after=value)
        for field, value in changes.items()
        if getattr(review, field) != value
    )
    if not logged:
        return review
    event = Event(when=when, who=who, what="facts", changes=logged)
    data = review.model_dump() | dict(changes) | {"history": (*review.history, event)}
    try:
        return Review.model_validate(data)
    except ValidationError as error:
        raise refused_fact(error) from error


def refused_fact(error: ValidationError, place: str | None = None) -> WrongUsage:
    """A fact of a review that cannot be, in words."""
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else "a fact"
    return WrongUsage(
        f"{name.replace('_', ' ')} cannot be "
        f"{'empty' if first['input'] is None else repr(first['input'])}",
        place=place,
        hint=_FACT_HINTS.get(name),
        field=name,
    )


def _replaced(review: Review, recommendation: Recommendation) -> tuple[Recommendation, ...]:
    return tuple(
        recommendation if r.position == recommendation.position else r
        for r in review.recommendations
    )
