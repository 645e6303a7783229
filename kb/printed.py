"""The nouns of what a document prints, as plain data: a recommendation and its parts.

Whoever reads a document makes them. What comes from outside, a file of the corpus or the answer of
the process that read, pydantic checks on its way in; they do without it otherwise, since loading
it takes longer than reading a plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

if TYPE_CHECKING:
    from pydantic import TypeAdapter

StatusValue = Literal["complete", "ongoing", "in-progress", "not-started", "not-accepted"]
CLOSED = frozenset({"complete", "ongoing", "not-accepted"})  # statuses of what is not open
ScopeValue = Literal["local", "regional", "national"]
Precision = Literal["day", "month", "year"]
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


class Printed:
    """Data that does not change once made; read from outside it refuses unknown fields."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 - pydantic asks for a dictionary

    def model_copy(self, *, update: Mapping[str, Any]) -> Self:
        """The same with some fields changed."""
        return replace(self, **update)  # type: ignore[type-var]

    def model_dump(self, **how: Any) -> dict[str, Any]:
        """Its fields as plain data, as pydantic's models give theirs."""
        noun: Any = type(self)
        dumped: dict[str, Any] = _checker(noun).dump_python(self, **how)
        return dumped

    @classmethod
    def model_validate(cls, data: object) -> Self:
        """What plain data holds, checked; raises pydantic's ValidationError."""
        noun: Any = cls
        checked: Self = _checker(noun).validate_python(data)
        return checked


@cache
def _checker(noun: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(noun)


class _Bound:
    """What pydantic holds a field to, named as in its core schemas ("ge", "min_length")."""

    def __init__(self, bounds: Mapping[str, int]) -> None:
        self._bounds = bounds

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        return {**handler(source), **self._bounds}


def _without_empty(source: Source, handler: Any) -> dict[str, Any]:
    data: dict[str, Any] = handler(source)
    if not source.cells:
        data.pop("cells", None)
    return data


@dataclass(frozen=True, kw_only=True)
class PrintedStatus(Printed):
    """A status as printed, and what it means; both are null where the document does not say."""

    printed: str | None = None
    value: StatusValue | None = None


@dataclass(frozen=True, kw_only=True)
class PrintedScope(Printed):
    """A scope as printed, and what it means."""

    printed: str | None = None
    value: ScopeValue | None = None


@dataclass(frozen=True, kw_only=True)
class PrintedDate(Printed):
    """A date cell: as printed, and every date in it as ISO text to its own precision.

    ``date`` is the first of ``all``: ``2022-07-31`` (day), ``2020-12`` (month) or ``2020`` (year).
    """

    printed: str | None = None
    date: str | None = None
    precision: Precision | None = None
    all: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LeadAgency(Printed):
    """One agency: as printed, its canonical name and its sector."""

    printed: str
    name: str
    sector: Sector


@dataclass(frozen=True, kw_only=True)
class Action(Printed):
    """One action row of a recommendation, with its own owner, dates and outcome."""

    text: str | None = None
    lead_agency: str | None = None
    lead_agencies: tuple[LeadAgency, ...] = ()
    milestones: str | None = None
    target_date: PrintedDate = PrintedDate()
    outcome: str | None = None
    status: PrintedStatus = PrintedStatus()
    completed: PrintedDate = PrintedDate()


@dataclass(frozen=True, kw_only=True)
class OtherCell(Printed):
    """A printed cell whose column has no field of its own; nothing printed is lost."""

    header: str
    text: str


@dataclass(frozen=True, kw_only=True)
class SourceCell(OtherCell):
    """One cell or paragraph as the document had it, before anything was straightened or joined.

    ``header`` is that of its column as printed, empty where it has none; ``place`` is its own
    place in words.
    """

    place: str


@dataclass(frozen=True, kw_only=True)
class Source(Printed):
    """Where a recommendation was read: file name, digest of the file, and place in words.

    ``cells`` are its cells as they stood. The corpus keeps them; an ``Entry`` does not, so that
    neither the index nor an export carries a text twice.
    """

    file: str
    sha256: str
    place: str
    url: str | None = None
    cells: tuple[SourceCell, ...] = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Its cells are written only where it has some."""
        from pydantic_core import core_schema

        schema = handler(source)
        schema["serialization"] = core_schema.wrap_serializer_function_ser_schema(_without_empty)
        return schema


Mark = Literal["text", "lead_agency", "milestones", "target_date", "header"]


@dataclass(frozen=True, kw_only=True)
class MadeOn(Printed):
    """What an action or cell printed when it was corrected, enough of it to be known again.

    It was the ``nth`` of ``of`` that printed the same.
    """

    printed: dict[Mark, str | None] = field(hash=False)
    nth: Annotated[int, _Bound({"ge": 1})] = 1
    of: Annotated[int, _Bound({"ge": 1})] = 1


@dataclass(frozen=True, kw_only=True)
class Correction(Printed):
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

    def model_dump(self, **how: Any) -> dict[str, Any]:
        """Its fields as plain data; of a whole field nothing is said of a part."""
        data = super().model_dump(**how)
        if self.made_on is None:
            data.pop("made_on", None)
        return data


@dataclass(frozen=True, kw_only=True)
class Recommendation(Printed):
    """One recommendation as its document printed it, with the corrections that stand over it.

    ``position`` counts 1…n at first reading and is never used again, so that ``id``
    (``<review-id>/<position>``) always means the same recommendation.
    """

    position: Annotated[int, _Bound({"ge": 1})]
    number: str | None = None
    text: Annotated[str, _Bound({"min_length": 1})]
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

    @property
    def is_open(self) -> bool:
        """Whether it is not complete, not kept up and not turned down; also where nothing says."""
        return self.status.value not in CLOSED

    @property
    def has_outcome(self) -> bool:
        """Whether it or one of its actions states an outcome."""
        outcomes = [self.outcome, *(action.outcome for action in self.actions)]
        return any(outcome and outcome.strip() for outcome in outcomes)

    @property
    def open_targets(self) -> tuple[str, ...]:
        """The target dates that still hold: of open actions where these have any, else its own.

        None where it is not open. A target date that a person corrected stands over those of the
        actions, unless one of these was corrected later.
        """
        if not self.is_open:
            return ()
        own = _dates(self.target_date)
        corrected = [(each.field, each.value) for each in self.corrections]
        dated = [action for action in self.actions if _dates(action.target_date)]
        if not dated or ("target_date", self.target_date.printed) in corrected:
            return own
        return tuple(
            target
            for action in dated
            if action.status.value not in CLOSED
            for target in _dates(action.target_date)
        )


def _dates(printed: PrintedDate) -> tuple[str, ...]:
    return (printed.date,) if printed.date and is_date(printed.date) else ()


def is_date(printed: str) -> bool:
    """Whether a text is ``2022-07-31``, ``2022-07`` or ``2022``, and a day that there was."""
    full = printed + "2000-01-01"[len(printed) :]
    try:
        return date.fromisoformat(full).isoformat() == full and len(printed) in (4, 7, 10)
    except ValueError:
        return False
