"""The nouns of the knowledge base: reviews, recommendations, themes, tags and judgements.

Everything here is plain data. A ``Review`` is what one file of the corpus holds; an ``Entry`` is
one recommendation with its review's facts and its tags, which is what search, the duplicate check
and the reports work on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from kb.printed import (
    REVIEW_FACTS,
    Action,
    Correction,
    LeadAgency,
    OtherCell,
    Precision,
    Printed,
    PrintedDate,
    PrintedScope,
    PrintedStatus,
    Recommendation,
    ScopeValue,
    Sector,
    Source,
    SourceCell,
    StatusValue,
)

__all__ = [
    "REVIEW_FACTS",
    "SECTOR_NAMES",
    "STARTER",
    "STATUS_NAMES",
    "TAGGERS",
    "Action",
    "Correction",
    "Entry",
    "Event",
    "Evidence",
    "FieldChange",
    "Group",
    "Judgement",
    "LeadAgency",
    "OtherCell",
    "PairJudgement",
    "PartialDate",
    "Plain",
    "Precision",
    "PrintedDate",
    "PrintedScope",
    "PrintedStatus",
    "Publication",
    "Recommendation",
    "Review",
    "ReviewFacts",
    "Rule",
    "ScopeValue",
    "Sector",
    "Source",
    "SourceCell",
    "SourceFile",
    "StatusValue",
    "Tag",
    "TaggedBy",
    "Taxonomy",
    "Theme",
    "ThemeJudgement",
    "Year",
]

Publication = Literal["published", "unpublished", "unknown"]
TaggedBy = Literal["person", "starter", "rule", "classifier"]
STARTER = "starter"  # in the place of a person's name in judgements that came with the starter

STATUS_NAMES: dict[str, str] = {
    "complete": "Complete",
    "ongoing": "Complete and ongoing",
    "in-progress": "In progress",
    "not-started": "Not started",
    "not-accepted": "Not accepted",
}
TAGGERS: dict[str, str] = {
    "person": "A person",
    "starter": "Starter labels",
    "rule_and_classifier": "Rule and classifier",
    "rule": "Rule alone",
    "classifier": "Classifier alone",
}
SECTOR_NAMES: dict[str, str] = {
    "police": "Police",
    "children-social-care": "Children's social care",
    "adult-social-care": "Adult social care",
    "health": "Health",
    "domestic-abuse-service": "Domestic abuse services",
    "probation": "Probation",
    "housing": "Housing",
    "education": "Education",
    "csp": "Community safety and safeguarding partnerships",
    "government": "Government and national bodies",
    "employer": "Employers",
    "faith": "Faith organisations",
    "military": "Armed forces",
    "prosecution-courts": "Prosecution and courts",
    "all-agencies": "All agencies",
    "other": "Other",
}


def _is_a_date(text: str) -> str:
    """Refuse a month or a day that no calendar has; the parts that are missing do not matter."""
    date.fromisoformat(text + "-01" * (2 - text.count("-")))
    return text


def _in_utc(moment: datetime) -> datetime:
    """A moment without a zone, as written by hand, is one of UTC: moments are put in order."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, AfterValidator(_in_utc)]
# ISO text to its own precision: 2021, 2021-06 or 2021-06-30
PartialDate = Annotated[str, Field(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$"), AfterValidator(_is_a_date)]


class Plain(BaseModel):
    """Data that refuses unknown fields and does not change once made."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


# What became of a review --------------------------------------------------------------------


class FieldChange(Plain):
    """One change to one field, as text; ``recommendation`` is null for a fact of the review."""

    recommendation: int | None
    field: str
    before: str | None
    after: str | None


class Event(Plain):
    """Something that happened to a review: it was added, read again or corrected.

    "also": a further document of the same review was added.
    """

    when: datetime
    who: str
    what: Literal["added", "read-again", "also", "corrected", "facts"]
    file: str | None = None
    sha256: str | None = None
    changes: tuple[FieldChange, ...] = ()


class SourceFile(Plain):
    """A document that a review was read from; ``also``: beside its plan, not a version of it."""

    file: str
    sha256: str
    url: str | None = None
    read_at: datetime
    also: bool = False


class Year(Plain):
    """A review's year, and the date it is the year of; both null where unknown."""

    value: int | None = None
    of: Literal["publication", "report"] | None = None


class Review(Plain):
    """One review with its recommendations: what one file of the corpus holds."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")
    title: str
    kind: str | None = None
    area: str | None = None
    region: str | None = None
    published: PartialDate | None = None
    report_date: PartialDate | None = None
    publication: Publication = "unknown"
    url: str | None = None
    death_month: Annotated[PartialDate, Field(pattern=r"^\d{4}-\d\d$")] | None = None
    sources: tuple[SourceFile, ...] = ()
    history: tuple[Event, ...] = ()
    next_position: int = Field(default=1, ge=1)
    recommendations: tuple[Recommendation, ...] = ()

    @model_validator(mode="after")
    def _positions_are_unique(self) -> Review:
        positions = [recommendation.position for recommendation in self.recommendations]
        doubled = sorted(p for p, times in Counter(positions).items() if times > 1)
        if doubled:
            raise ValueError(f"position {doubled[0]} stands twice")
        if positions and max(positions) >= self.next_position:
            raise ValueError(
                f"next_position is {self.next_position} but position {max(positions)} is in use"
            )
        return self

    @property
    def year(self) -> Year:
        """The year of publication, else of the report, else unknown; always said which."""
        if self.published:
            return Year(value=int(self.published[:4]), of="publication")
        if self.report_date:
            return Year(value=int(self.report_date[:4]), of="report")
        return Year()

    def recommendation_id(self, position: int) -> str:
        """The public id of the recommendation at a position."""
        return f"{self.id}/{position}"


# Themes -------------------------------------------------------------------------------------


class Rule(Plain):
    """A readable rule: it fires when all of ``all`` and one of ``any`` is found and no ``none``.

    ``pattern`` is an RE2 pattern on the text as printed. A rule with ``suggest`` only raises a
    suggestion.
    """

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    pattern: str | None = None
    suggest: bool = False

    @model_validator(mode="after")
    def _asks_for_something(self) -> Rule:
        if not (self.any or self.all or self.pattern):
            raise ValueError("a rule needs 'any', 'all' or 'pattern'")
        return self


class Theme(Plain):
    """One theme: what it covers, where its border runs, its rules and its worked examples."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    covers: str | None = None
    border: str | None = None
    home_office: str | None = None
    rules: tuple[Rule, ...] = ()
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class Group(Plain):
    """A group of themes."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    themes: tuple[Theme, ...] = ()


class Taxonomy(Plain):
    """All groups and themes; ``version`` is the maintainers' word, not a digest."""

    version: str = "0"
    groups: tuple[Group, ...]

    def themes(self) -> Iterator[Theme]:
        """Every theme, in the order of the file."""
        for group in self.groups:
            yield from group.themes

    def theme_ids(self) -> tuple[str, ...]:
        """The ids of all themes, sorted."""
        return tuple(sorted(theme.id for theme in self.themes()))

    def names(self) -> dict[str, str]:
        """The name of each theme by its id."""
        return {theme.id: theme.name for theme in self.themes()}

    def theme(self, theme_id: str) -> Theme | None:
        """The theme with this id, or None."""
        return next((theme for theme in self.themes() if theme.id == theme_id), None)

    def group_of(self) -> dict[str, str]:
        """Theme id to group id."""
        return {theme.id: group.id for group in self.groups for theme in group.themes}


# Tags and judgements ------------------------------------------------------------------------


@dataclass(frozen=True)
class Evidence(Printed):
    """A stretch of the recommendation's text (character offsets) and why it counts."""

    start: int
    end: int
    text: str
    why: str


@dataclass(frozen=True)
class Tag(Printed):
    """A theme on a recommendation: who says so, how sure, and why."""

    id: str
    by: tuple[TaggedBy, ...]
    confidence: Annotated[float, Field(ge=0, le=1)]
    evidence: tuple[Evidence, ...] = ()

    @property
    def said_by(self) -> str:
        """Who stands behind it, as one key of ``TAGGERS``: the most trusted where several do."""
        for trusted in ("person", "starter"):
            if trusted in self.by:
                return trusted
        return "rule_and_classifier" if len(set(self.by)) > 1 else self.by[0]

    @property
    def tagged(self) -> str:
        """The theme and who stands behind it, as one word to count by: ``dash:rule``."""
        return f"{self.id}:{self.said_by}"


class ThemeJudgement(Plain):
    """What a person decided about the themes of one recommendation.

    ``yes`` and ``no`` are the themes judged; with ``complete`` every theme of ``themes`` that is
    not in ``yes`` is judged "no". ``themes`` are those that the taxonomy had then; a line without
    them judges every theme. ``digest`` is that of the text judged. One that judges nothing was
    passed over. ``retracts`` takes back what the same person said of the recommendation at that
    time; such a line says nothing else.
    """

    kind: Literal["themes"] = "themes"
    who: str
    when: Moment
    recommendation: str
    digest: str
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    complete: bool = False
    themes: tuple[str, ...] = ()
    taxonomy_version: str | None = None
    retracts: Moment | None = None

    @property
    def about(self) -> tuple[str, ...]:
        """The id of what is judged."""
        return (self.recommendation,)

    @property
    def judges_nothing(self) -> bool:
        """Whether the recommendation was looked at and passed over."""
        return not (self.yes or self.no or self.complete)

    def judges(self, theme: str) -> bool:
        """Whether it says yes or no to a theme."""
        is_among = not self.themes or theme in self.themes
        return theme in self.yes or theme in self.no or (self.complete and is_among)


class PairJudgement(Plain):
    """What a person decided about two recommendations: the same ask, or a different one.

    ``retracts`` takes back what the same person said of the two at that time, which such a line
    repeats.
    """

    kind: Literal["pair"] = "pair"
    who: str
    when: Moment
    a: str
    b: str
    digest_a: str
    digest_b: str
    same: bool
    retracts: Moment | None = None

    @property
    def about(self) -> tuple[str, ...]:
        """The ids of the two that are judged."""
        return (self.a, self.b)


Judgement = ThemeJudgement | PairJudgement


# The unit that search, checks and reports work on -------------------------------------------


class ReviewFacts(Plain):
    """The facts of a review that its recommendations are found and counted by."""

    id: str
    title: str
    kind: str | None = None
    area: str | None = None
    region: str | None = None
    year: Year = Year()
    published: str | None = None
    publication: Publication = "unknown"
    url: str | None = None

    @classmethod
    def of(cls, review: Review) -> ReviewFacts:
        """The facts of this review."""
        return cls(
            id=review.id,
            title=review.title,
            kind=review.kind,
            area=review.area,
            region=review.region,
            year=review.year,
            published=review.published,
            publication=review.publication,
            url=review.url,
        )


class Entry(Plain):
    """One recommendation, corrected, with its review's facts and its tags."""

    id: str
    recommendation: Recommendation
    review: ReviewFacts
    themes: tuple[Tag, ...] = ()
    suggestions: tuple[Tag, ...] = ()

    @field_validator("recommendation")
    @classmethod
    def _without_cells(cls, recommendation: Recommendation) -> Recommendation:
        if not recommendation.source.cells:
            return recommendation
        source = recommendation.source.model_copy(update={"cells": ()})
        return recommendation.model_copy(update={"source": source})

    def as_json(self) -> dict[str, Any]:
        """The recommendation in the shape that scripts may rely on (see DESIGN, JSON)."""
        data = self.recommendation.model_dump(mode="json", exclude={"corrections", "removed"})
        source = data.pop("source")
        flags = data.pop("flags")
        return {
            "id": self.id,
            "review_id": self.review.id,
            **data,
            "flags": flags,
            "source": source,
            "themes": [tag.model_dump(mode="json") for tag in self.themes],
            "suggestions": [tag.model_dump(mode="json") for tag in self.suggestions],
        }
