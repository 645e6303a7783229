"""Fields that a person has set right: they stand over what the document printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar, get_args

from kb.errors import WrongUsage
from kb.ingest.joining import (
    ACTION_FIELDS,
    each_once,
    joined,
    joined_agencies,
    joined_text,
    with_statuses_compared,
)
from kb.ingest.matching import unspaced
from kb.ingest.parts import Part, as_text, made_on, part_of, part_text, standing_part
from kb.ingest.quotes import shortened
from kb.ingest.statuses import read_scope, read_status
from kb.printed import (
    Action,
    Correction,
    OtherCell,
    PrintedDate,
    PrintedScope,
    PrintedStatus,
    Recommendation,
    ScopeValue,
    StatusValue,
)
from kb.text.agencies import Agencies, load_agencies
from kb.text.dates import impossible_dates, read_date
from kb.text.personal import masked
from kb.text.tokens import tokenise

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
DISAGREES = "the document now says "  # begins a flag of a newer version
_NOT_TEXTS = ("status", "target_date", "completed")
_STATUSES: tuple[StatusValue, ...] = get_args(StatusValue)
_SCOPES: tuple[ScopeValue, ...] = get_args(ScopeValue)


def corrected(recommendation: Recommendation, agencies: Agencies | None = None) -> Recommendation:
    """The recommendation with its corrections applied in order; the later one holds.

    A corrected status, scope or date carries the person's words as ``printed``. The joined view
    follows a corrected action. ``agencies`` is the registry that a corrected lead agency is read
    by (the shipped one if None). Flags about personal data are those of the corrected fields.
    """
    from kb.ingest.personal import with_personal_flags

    if not recommendation.corrections:
        return recommendation
    row = _set_right(recommendation, agencies)
    cells = zip(recommendation.other, row.other, strict=True)
    other = tuple(now for was, now in cells if now.text or not was.text)
    flags = tuple(_doubts_left(recommendation, row))
    return with_personal_flags(row.model_copy(update={"other": other, "flags": flags}))


def numbered_cells(recommendation: Recommendation) -> dict[int, OtherCell]:
    """The other cells of a stored recommendation as corrected, by number; not those taken out."""
    now = _set_right(recommendation, None).other
    cells = enumerate(zip(recommendation.other, now, strict=True), start=1)
    return {number: cell for number, (was, cell) in cells if cell.text or not was.text}


def _set_right(recommendation: Recommendation, agencies: Agencies | None) -> Recommendation:
    """With all corrections that stand; a cell that was taken out is left, empty, for its number."""
    row = recommendation
    registry = agencies or load_agencies()
    for correction in recommendation.corrections:
        field = standing_field(recommendation, correction)
        if field is None:
            continue
        part, value = part_of(field), parsed(field, correction.value)
        if part is None:
            row = _updated(row, _read(field, value, registry))
        elif part.field is None:
            row = row.model_copy(update={"other": _replaced(row.other, part, text=value or "")})
        else:
            update = _read(part.field, value, registry)
            actions = _replaced(row.actions, part, **update)
            view = _joined_view(recommendation, actions, part.field, registry)
            row = row.model_copy(update={"actions": actions, **view})
    return row


_Held = TypeVar("_Held", Action, OtherCell)  # what a number counts


def _replaced(held: tuple[_Held, ...], part: Part, **update: object) -> tuple[_Held, ...]:
    now = list(held)
    now[part.number - 1] = now[part.number - 1].model_copy(update=update)
    return tuple(now)


def _read(field: str, value: Any, agencies: Agencies) -> dict[str, Any]:
    if field == "lead_agency":
        return {field: value, "lead_agencies": agencies.read(value)}
    return {field: value}


def _joined_view(
    stored: Recommendation, actions: Sequence[Action], field: str, agencies: Agencies
) -> dict[str, Any]:
    """The joined fields that follow this field of the actions.

    Texts that the recommendation printed beside its actions stay.
    """
    own = _beside_actions(stored, field)
    if field == "lead_agency":
        text = own or joined_text(actions, field)
        return {field: text, "lead_agencies": joined_agencies(own, actions, agencies)}
    together = joined(actions, field)
    if own and field not in _NOT_TEXTS:
        known = {unspaced(text) for text in _paragraphs(joined_text(stored.actions, field))}
        more = [text for text in _paragraphs(own) if unspaced(text) not in known]
        together = each_once([*more, as_text(together)])
    return {"action" if field == "text" else field: together}


def _paragraphs(text: str | None) -> list[str]:
    return (text or "").split("\n\n")


def _beside_actions(stored: Recommendation, field: str) -> str | None:
    """What the joined field printed if that is not what its actions print together."""
    whole = printed_text(stored, "action" if field == "text" else field)
    together = as_text(joined(stored.actions, field))
    return None if unspaced(whole or "") == unspaced(together or "") else whole


def standing_field(recommendation: Recommendation, correction: Correction) -> str | None:
    """The field that a correction is of in this version of the document; None where it is gone."""
    if part_of(correction.field) is None:
        return correction.field
    part = standing_part(recommendation, correction)
    return str(part) if part else None


def _doubts_left(stored: Recommendation, row: Recommendation) -> Iterator[str]:
    """The flags of a corrected row: those not settled, and corrections that cannot be applied."""
    fields = [standing_field(stored, each) for each in stored.corrections]
    parts = [part for field in fields if field and (part := part_of(field))]
    flags = _unsettled(stored, [field for field in fields if field])
    if any(part.field == "status" for part in parts):
        flags = with_statuses_compared(flags, row.actions)
    yield from flags
    for name in dict.fromkeys(part.field for part in parts):
        own = _beside_actions(stored, name) if name in _NOT_TEXTS and name not in fields else None
        if name and own:
            yield shortened(
                f"the {name.replace('_', ' ')} “{own}” was printed beside the actions;"
                " what they say as corrected is taken"
            )
    for correction, field in zip(stored.corrections, fields, strict=True):
        if field is None and not _is_met(stored, correction):
            yield _not_applied(correction)


def _is_met(stored: Recommendation, correction: Correction) -> bool:
    """Whether a cell that a person took out is gone from the document too, with its header."""
    part, header = part_of(correction.field), _header(correction)
    is_out = part is not None and part.field is None and correction.value is None
    return is_out and all(unspaced(cell.header) != unspaced(header) for cell in stored.other)


def _header(correction: Correction) -> str:
    made = correction.made_on
    return (made.printed.get("header") if made else None) or ""


def _not_applied(correction: Correction) -> str:
    part = part_of(correction.field)
    what, it = f"cell “{_header(correction)}”", "cell"
    if part and part.field:
        what, it = f"{part.field.replace('_', ' ')} of what was action {part.number}", "action"
    return shortened(
        f"the correction {quoted(correction.value)} for the {what} is kept but not applied:"
        f" the {it} that it was made on no longer stands in the document, or more than once"
    )


def _unsettled(stored: Recommendation, fields: Sequence[str]) -> list[str]:
    """The flags without those that quote what a corrected field printed and doubt it."""
    settled: set[str] = set()
    for field in fields:
        settled |= _quotes(stored, [field]) - _quotes(stored, _others_alike(stored, field, fields))
    return [
        flag
        for flag in stored.flags
        if flag.startswith(DISAGREES) or not any(text in flag for text in settled)
    ]


def _quotes(recommendation: Recommendation, fields: Iterable[str]) -> set[str]:
    """How flags quote what these fields printed, and the days in it that no calendar has."""
    printed = [printed_text(recommendation, field) for field in fields]
    texts = [text for one in printed for text in (one, *impossible_dates(one)) if text]
    forms = {f"“{form}”" for text in texts for form in (text, masked(text))}
    return forms | {shortened(form) for form in forms}


def _others_alike(stored: Recommendation, field: str, corrected: Sequence[str]) -> list[str]:
    """Fields that may have been quoted as well as this part, and were not corrected."""
    part = part_of(field)
    if part is None:
        return []
    if part.field is None:
        return [name for name in CORRECTABLE if name not in corrected]
    numbers = range(1, len(stored.actions) + 1)
    names = [str(Part(number, part.field)) for number in numbers]
    return [name for name in names if name not in corrected]


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
    _check_field(recommendation, field)
    value = value.strip() if value and value.strip() else None
    parsed(field, value)
    part = part_of(field)
    return Correction(
        field=field,
        value=value,
        before=printed_text(_set_right(recommendation, None), field),
        who=who,
        when=when,
        made_on=made_on(recommendation, part) if part else None,
    )


def _check_field(recommendation: Recommendation, field: str) -> None:
    """Refuse a field that this recommendation cannot have."""
    part = part_of(field)
    if part is None and field in CORRECTABLE:
        return
    if part is None:
        message = f"the field {field!r} cannot be corrected"
    elif part.number > len(part.among(recommendation)):
        held = len(part.among(recommendation)) or "no"
        noun = "action" if part.field else "other cell"
        has = f"it has {held} {noun}{'' if held == 1 else 's'}"
        message = f"there is no {noun} {part.number}: {has}"
    else:
        return
    raise WrongUsage(message, hint=f"Fields that can: {', '.join(_correctable(recommendation))}.")


def _correctable(recommendation: Recommendation) -> Iterator[str]:
    yield from CORRECTABLE
    for number in range(1, len(recommendation.actions) + 1):
        yield f"actions.{number}.FIELD"
    for number in range(1, len(recommendation.other) + 1):
        yield f"other.{number}"
    if recommendation.actions:
        yield f"where FIELD is one of {', '.join(ACTION_FIELDS)}"


def printed_text(recommendation: Recommendation, field: str) -> str | None:
    """One correctable field as text: of a status, scope or date, its printed words."""
    part = part_of(field)
    if part:
        return part_text(recommendation, part)
    return as_text(getattr(recommendation, field))


def parsed(
    field: str, value: str | None
) -> str | PrintedStatus | PrintedScope | PrintedDate | None:
    """What a corrected value is, read by the same functions as a document's cell."""
    part = part_of(field)
    if part:
        return parsed(part.whole, value)
    if field not in CORRECTABLE:
        raise WrongUsage(
            f"the field {field!r} cannot be corrected",
            hint=f"Fields that can: {', '.join(CORRECTABLE)}.",
        )
    if field == "text" and not tokenise(value or ""):
        raise WrongUsage(
            "the text of a recommendation cannot be empty or without a word", field=field
        )
    if field == "status":
        return _status(value)
    if field == "scope":
        return _scope(value)
    if field in ("target_date", "completed"):
        return _date(field, value)
    return value


def quoted(text: str | None) -> str:
    """A value as a flag quotes it."""
    return shortened(f"“{text}”") if text else "nothing"


def _status(value: str | None) -> PrintedStatus:
    named = next((status for status in _STATUSES if status == value), None)
    read = PrintedStatus(printed=value, value=named) if named else read_status(value)
    if value and read.value is None:
        raise WrongUsage(
            f"{value!r} is not a status",
            hint=f"A status is one of {', '.join(_STATUSES)}.",
            field="status",
        )
    return read


def _scope(value: str | None) -> PrintedScope:
    read = read_scope(value)
    if value and read.value is None:
        raise WrongUsage(
            f"{value!r} is not a scope",
            hint=f"A scope is one of {', '.join(_SCOPES)}.",
            field="scope",
        )
    return read


def _date(field: str, value: str | None) -> PrintedDate:
    read = read_date(value)
    if value and (read.date is None or impossible_dates(value)):
        raise WrongUsage(
            f"{value!r} is not a date for {field.replace('_', ' ')}",
            hint="Give a day, a month or a year: 31/07/2022, July 2022 or 2022.",
            field=field,
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
