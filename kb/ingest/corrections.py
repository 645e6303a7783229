"""Fields that a person has set right: they stand over what the document printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, get_args

from kb.errors import WrongUsage
from kb.ingest.quotes import shortened
from kb.ingest.statuses import read_scope, read_status
from kb.printed import (
    Action,
    Correction,
    PrintedDate,
    PrintedScope,
    PrintedStatus,
    Recommendation,
    ScopeValue,
    StatusValue,
)
from kb.text.agencies import Agencies, load_agencies
from kb.text.dates import impossible_dates, read_date
from kb.text.normalise import fold
from kb.text.personal import masked

CORRECTABLE = (
    "text",
    "number",
    "heading",
    "scope",
    "status",
    "lead_agency",
    "action",
    "milestones",
    "outcome",
    "target_date",
    "completed",
)
_STATUSES: tuple[StatusValue, ...] = get_args(StatusValue)
_SCOPES: tuple[ScopeValue, ...] = get_args(ScopeValue)


def corrected(recommendation: Recommendation, agencies: Agencies | None = None) -> Recommendation:
    """The recommendation with its corrections applied in order; the later one holds.

    A corrected status, scope or date carries the person's words as ``printed``. ``agencies`` is
    the registry that a corrected lead agency is read by (the shipped one if None). Flags about
    personal data are those of the corrected fields.
    """
    from kb.ingest.personal import with_personal_flags

    if not recommendation.corrections:
        return recommendation
    update: dict[str, Any] = {}
    for correction in recommendation.corrections:
        update[correction.field] = parsed(correction.field, correction.value)
    if "lead_agency" in update:
        registry = agencies or load_agencies()
        update["lead_agencies"] = registry.read(update["lead_agency"])
    update["flags"] = _unsettled(recommendation, update)
    return with_personal_flags(_updated(recommendation, update))


def _unsettled(recommendation: Recommendation, update: Mapping[str, Any]) -> tuple[str, ...]:
    """The flags without those that quote what a corrected field printed and doubt it."""
    quoted = set()
    for field in update.keys() & set(CORRECTABLE):
        printed = printed_text(recommendation, field)
        texts = [text for text in (printed, *impossible_dates(printed)) if text]
        quoted |= {f"“{form}”" for text in texts for form in (text, masked(text))}
    return tuple(
        flag
        for flag in recommendation.flags
        if flag.startswith(_DISAGREES) or not any(text in flag for text in quoted)
    )


def with_fields(
    recommendation: Recommendation, fields: dict[str, Any], *, of: Recommendation
) -> Recommendation:
    """The recommendation with some fields as ``of`` has them, its one action row with it."""
    if not fields:
        return recommendation
    update = dict(fields)
    if "lead_agency" in update:
        update["lead_agencies"] = of.lead_agencies
    action = _corrected_action(Action(), update)
    if not recommendation.actions and action != Action():
        return recommendation.model_copy(update={**update, "actions": (action,)})
    return _updated(recommendation, update)


def _updated(recommendation: Recommendation, update: dict[str, Any]) -> Recommendation:
    if len(recommendation.actions) == 1:
        action = _corrected_action(recommendation.actions[0], update)
        return recommendation.model_copy(update={**update, "actions": (action,)})
    return recommendation.model_copy(update=update)


def correction_of(
    recommendation: Recommendation, field: str, value: str | None, *, who: str, when: datetime
) -> Correction:
    """A checked correction of one field; an empty value says that the document has none.

    Raises WrongUsage naming the fields that can be corrected, or the values that a field takes.
    """
    value = value.strip() if value and value.strip() else None
    parsed(field, value)
    before = printed_text(corrected(recommendation), field)
    return Correction(field=field, value=value, before=before, who=who, when=when)


def printed_text(recommendation: Recommendation, field: str) -> str | None:
    """One correctable field as text: of a status, scope or date, its printed words."""
    value = getattr(recommendation, field)
    if isinstance(value, PrintedStatus | PrintedScope):
        return value.printed or value.value
    if isinstance(value, PrintedDate):
        return value.printed
    return value if isinstance(value, str) else None


def parsed(
    field: str, value: str | None
) -> str | PrintedStatus | PrintedScope | PrintedDate | None:
    """What a corrected value is, read by the same functions as a document's cell."""
    if field not in CORRECTABLE:
        raise WrongUsage(
            f"the field {field!r} cannot be corrected",
            hint=f"Fields that can: {', '.join(CORRECTABLE)}.",
        )
    if field == "text" and not value:
        raise WrongUsage("the text of a recommendation cannot be empty")
    if field == "status":
        return _status(value)
    if field == "scope":
        return _scope(value)
    if field in ("target_date", "completed"):
        return _date(field, value)
    return value


_DISAGREES = "the document now says "


def disagreements(old: Recommendation, new: Recommendation) -> list[str]:
    """In words: corrections of the stored row that the newer document contradicts.

    One that was said before is said again while the document has not changed there.
    """
    said = []
    for correction in old.corrections:
        name = correction.field.replace("_", " ")
        was, now = (printed_text(one, correction.field) for one in (old, new))
        stands = f"for the {name}; the correction {_quoted(correction.value)} stands"
        if fold(was or "") == fold(now or ""):
            said += [f for f in old.flags if f.startswith(_DISAGREES) and f.endswith(stands)]
        elif not means_the_same(correction.field, now, correction.value):
            said.append(f"{_DISAGREES}{_quoted(now)} {stands}")
    return said


def means_the_same(field: str, printed: str | None, value: str | None) -> bool:
    """Whether a printed cell says what a correction says: the same words, status, scope or day."""
    if fold(printed or "") == fold(value or ""):
        return True
    try:
        one, other = parsed(field, printed), parsed(field, value)
    except WrongUsage:
        return False
    if isinstance(one, PrintedDate) and isinstance(other, PrintedDate):
        return one.date is not None and one.date == other.date
    if isinstance(one, PrintedStatus | PrintedScope) and type(one) is type(other):
        return one.value is not None and one.value == getattr(other, "value", None)
    return False


def _quoted(text: str | None) -> str:
    return shortened(f"“{text}”") if text else "nothing"


def _status(value: str | None) -> PrintedStatus:
    named = next((status for status in _STATUSES if status == value), None)
    read = PrintedStatus(printed=value, value=named) if named else read_status(value)
    if value and read.value is None:
        raise WrongUsage(
            f"{value!r} is not a status", hint=f"A status is one of {', '.join(_STATUSES)}."
        )
    return read


def _scope(value: str | None) -> PrintedScope:
    read = read_scope(value)
    if value and read.value is None:
        raise WrongUsage(
            f"{value!r} is not a scope", hint=f"A scope is one of {', '.join(_SCOPES)}."
        )
    return read


def _date(field: str, value: str | None) -> PrintedDate:
    read = read_date(value)
    if value and (read.date is None or impossible_dates(value)):
        raise WrongUsage(
            f"{value!r} is not a date for {field}",
            hint="Give a day, a month or a year: 31/07/2022, July 2022 or 2022.",
        )
    return read


def _corrected_action(action: Action, update: dict[str, Any]) -> Action:
    """The one action row of a recommendation follows its joined view."""
    names = {"action": "text"}
    known = {field.name for field in fields(Action)}
    return action.model_copy(
        update={
            names.get(name, name): value
            for name, value in update.items()
            if name != "text" and names.get(name, name) in known
        }
    )
