"""The nouns of the knowledge base: reviews, recommendations, themes, tags and judgements.

Everything here is plain data. A ``Review`` is what one file of the corpus holds; an ``Entry`` is
one recommendation with its review's facts and its tags, which is what search, the duplicate check
and the reports work on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
    model_validator,
)

StatusValue = Literal["complete", "ongoing", "in-progress", "not-started", "not-accepted"]
ScopeValue = Literal["local", "regional", "national"]
Precision = Literal["day", "month", "year"]
Publication = Literal["published", "unpublished", "unknown"]
Sector = Literal[
    "police",
    "children-social-care",
    "adult-social-care",
    "health",
    "domestic-abuse-service",
    "probation",
    "housing",
    "education",
    "csp",
    "government",
    "employer",
    "faith",
    "military",
    "prosecution-courts",
    "all-agencies",
    "other",
]
TaggedBy = Literal["person", "starter", "rule", "classifier"]

STATUS_NAMES: dict[str, str] = {
    "complete": "Complete",
    "ongoing": "Complete and ongoing",
    "in-progress": "In progress",
    "not-started": "Not started",
    "not-accepted": "Not accepted",
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


# ISO text to its own precision: 2021, 2021-06 or 2021-06-30
PartialDate = Annotated[str, Field(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$"), AfterValidator(_is_a_date)]


class Plain(BaseModel):
    """Data that refuses unknown fields and does not change once made."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


# What a document prints ---------------------------------------------------------------------


class PrintedStatus(Plain):
    """A status as printed, and what it means; both are null where the document does not say."""

    printed: str | None = None
    value: StatusValue | None = None


class PrintedScope(Plain):
    """A scope as printed, and what it means."""

    printed: str | None = None
    value: ScopeValue | None = None


class PrintedDate(Plain):
    """A date cell: as printed, and every date in it as ISO text to its own precision.

    ``date`` is the first of ``all``: ``2022-07-31`` (day), ``2020-12`` (month) or ``2020`` (year).
    """

    printed: str | None = None
    date: str | None = None
    precision: Precision | None = None
    all: tuple[str, ...] = ()


class LeadAgency(Plain):
    """One agency: as printed, its canonical name and its sector."""

    printed: str
    name: str
    sector: Sector


class Action(Plain):
    """One action row of a recommendation, with its own owner, dates and outcome."""

    text: str | None = None
    lead_agency: str | None = None
    lead_agencies: tuple[LeadAgency, ...] = ()
    milestones: str | None = None
    target_date: PrintedDate = PrintedDate()
    outcome: str | None = None
    status: PrintedStatus = PrintedStatus()
    completed: PrintedDate = PrintedDate()


class OtherCell(Plain):
    """A printed cell whose column has no field of its own; nothing printed is lost."""

    header: str
    text: str


class SourceCell(OtherCell):
    """One cell or paragraph as the document had it, before anything was straightened or joined.

    ``header`` is that of its column as printed, empty where it has none; ``place`` is its own
    place in words.
    """

    place: str


class Source(Plain):
    """Where a recommendation was read: file name, digest of the file, and place in words.

    ``cells`` are its cells as they stood. The corpus keeps them; an ``Entry`` does not, so that
    neither the index nor an export carries a text twice.
    """

    file: str
    sha256: str
    place: str
    url: str | None = None
    cells: tuple[SourceCell, ...] = ()

    @model_serializer(mode="wrap")
    def _without_empty_cells(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        data: dict[str, Any] = handler(self)
        if not self.cells:
            data.pop("cells", None)
        return data


Mark = Literal["text", "lead_agency", "milestones", "target_date", "header"]


class MadeOn(Plain):
    """What an action or cell printed when it was corrected, enough of it to be known again.

    It was the ``nth`` of ``of`` that printed the same.
    """

    printed: dict[Mark, str | None]
    nth: int = Field(default=1, ge=1)
    of: int = Field(default=1, ge=1)


class Correction(Plain):
    """One field set right by a person; it stands over what the document printed.

    ``field`` is a name of ``CORRECTABLE``, ``actions.N.FIELD`` or ``other.N``, and ``made_on`` the
    action or cell that the number meant then. ``before`` is the value it replaced and ``value``
    the one that holds, both as text.
    """

    field: str
    value: str | None
    before: str | None
    who: str
    when: datetime
    made_on: MadeOn | None = None

    @model_serializer(mode="wrap")
    def _without_no_part(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        data: dict[str, Any] = handler(self)
        if self.made_on is None:
            data.pop("made_on", None)
        return data


class Recommendation(Plain):
    """One recommendation as its document printed it, with the corrections that stand over it.

    ``position`` counts 1…n at first reading and is never used again, so that ``id``
    (``<review-id>/<position>``) always means the same recommendation.
    """

    position: int = Field(ge=1)
    number: str | None = None
    text: str = Field(min_length=1)
    heading: str | None = None
    scope: PrintedScope = PrintedScope()
    status: PrintedStatus = PrintedStatus()
    lead_agency: str | None = None
    lead_agencies: tuple[LeadAgency, ...] = ()
    action: str | None = None
    milestones: str | None = None
    outcome: str | None = None
    target_date: PrintedDate = PrintedDate()
    completed: PrintedDate = PrintedDate()
    actions: tuple[Action, ...] = ()
    other: tuple[OtherCell, ...] = ()
    flags: tuple[str, ...] = ()
    source: Source
    corrections: tuple[Correction, ...] = ()
    removed: bool = False


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

    def theme(self, theme_id: str) -> Theme | None:
        """The theme with this id, or None."""
        return next((theme for theme in self.themes() if theme.id == theme_id), None)

    def group_of(self) -> dict[str, str]:
        """Theme id to group id."""
        return {theme.id: group.id for group in self.groups for theme in group.themes}


# Tags and judgements ------------------------------------------------------------------------


class Evidence(Plain):
    """A stretch of the recommendation's text (character offsets) and why it counts."""

    start: int
    end: int
    text: str
    why: str


class Tag(Plain):
    """A theme on a recommendation: who says so, how sure, and why."""

    id: str
    by: tuple[TaggedBy, ...]
    confidence: float = Field(ge=0, le=1)
    evidence: tuple[Evidence, ...] = ()


class ThemeJudgement(Plain):
    """What a person decided about the themes of one recommendation.

    ``yes`` and ``no`` are the themes judged; with ``complete`` every theme of
    ``taxonomy_version`` that is not in ``yes`` is judged "no". ``digest`` is that of the text
    judged.
    """

    kind: Literal["themes"] = "themes"
    who: str
    when: datetime
    recommendation: str
    digest: str
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    complete: bool = False
    taxonomy_version: str | None = None


class PairJudgement(Plain):
    """What a person decided about two recommendations: the same ask, or a different one."""

    kind: Literal["pair"] = "pair"
    who: str
    when: datetime
    a: str
    b: str
    digest_a: str
    digest_b: str
    same: bool


Judgement = ThemeJudgement | PairJudgement


# The unit that search, checks and reports work on -------------------------------------------


REVIEW_FACTS = (
    "title",
    "kind",
    "area",
    "region",
    "published",
    "report_date",
    "publication",
    "url",
    "death_month",
)
"""The facts of a review that a document may print and a person may set right."""


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
