"""From the rows of one table to recommendations, each with its actions and its doubts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kb.ingest.headers import Header
from kb.ingest.statuses import read_outcome, read_scope, status_of
from kb.ingest.synonyms import DERIVED, FACT_FIELDS
from kb.ingest.tables import Row
from kb.model import Action, OtherCell, PrintedDate, PrintedStatus, Recommendation, Source
from kb.text.agencies import Agencies
from kb.text.dates import impossible_dates, read_date, serial_day
from kb.text.normalise import fold

_ACTION_FIELDS = (
    "action",
    "lead_agency",
    "milestones",
    "outcome",
    "target_date",
    "completed",
    "status",
)
_HEADING = re.compile(
    r"(?:theme|section|part|agency)\s*(?:[:–-]|\d|[a-z]\b).*|recommendations (?:for|to) .*", re.I
)


@dataclass
class Draft:
    """One recommendation while its rows are being gathered."""

    text: str
    heading: str | None
    values: dict[str, str]
    actions: list[dict[str, str]]
    other: list[OtherCell]
    flags: list[str]
    places: list[str]
    facts: dict[str, str] = field(default_factory=dict)


@dataclass
class Gathered:
    """The drafts of one table, and the rows that belong to none of them (row, why)."""

    drafts: list[Draft] = field(default_factory=list)
    left_out: list[tuple[Row, str]] = field(default_factory=list)
    without_text: list[Row] = field(default_factory=list)
    repeated_headers: list[str] = field(default_factory=list)


def gather(
    rows: Iterable[Row], header: Header, agencies: Agencies, *, records: bool = False
) -> Gathered:
    """Drafts from the rows below a header: heading rows stand over what follows them.

    A row without a recommendation belongs to the one above it, as one more action, unless its
    own number or review says otherwise: then it is left out, with what goes on from it. With
    ``records`` no row belongs to another.
    """
    gathered, headings, above = Gathered(), _Headings(), _Above(header)
    for row in rows:
        if not row.filled:
            continue
        if header.repeats(row):
            gathered.repeated_headers.append(row.place)
            continue
        printed_heading = None if records else _heading(row, header, agencies)
        if printed_heading is not None:
            headings.add(row, printed_heading)
            continue
        values, other = _values(row, header, records=records)
        if "recommendation" in values:
            above.take(values)
            gathered.drafts.append(_draft(row, values, other, headings.use()))
            continue
        why = "it has no recommendation" if records else above.refuses(row, values)
        if why is None and gathered.drafts:
            _continue(gathered.drafts[-1], row, values, other)
            continue
        gathered.left_out.append((row, why or "stands before the first recommendation"))
        if why:
            gathered.without_text.append(row)
    gathered.left_out += [(row, "a heading with nothing below it") for row in headings.unused]
    return gathered


class _Above:
    """What the row above says of itself, and so whether a row without a text goes on from it."""

    def __init__(self, header: Header) -> None:
        numbers = [c.header for c in header.columns if c.field == "number"]
        self._counts_actions = any("action" in fold(h) and "rec" not in fold(h) for h in numbers)
        self._texts = [c.at for c in header.columns if c.field == "recommendation"]
        self._said: dict[str, str] = {}
        self._refused: str | None = None

    def take(self, values: dict[str, str]) -> None:
        """A row with a recommendation stands above from now on."""
        self._said, self._refused = dict(values), None

    def refuses(self, row: Row, values: dict[str, str]) -> str | None:
        """Why the row is not one more action of the recommendation above; None where it is."""
        review = values.get("review", self._said.get("review"))
        if review != self._said.get("review"):
            self._refused = f"row of the review {review!r} has no recommendation"
            self._said = dict(values)
        elif "number" in values and not self._goes_on(row, values["number"]):
            self._refused = f"row numbered {values['number']} has no recommendation"
            self._said = {**self._said, "number": values["number"]}
        return self._refused

    def _goes_on(self, row: Row, number: str) -> bool:
        """The same number, one under it ("2a", "2.1" under "2"), or a text cell merged down."""
        if self._counts_actions or any(c.goes_on and c.at in self._texts for c in row.cells):
            return self._refused is None
        above = fold(self._said.get("number", "")).strip(" .()")
        rest = fold(number).strip(" .()").removeprefix(above)
        is_under = bool(above) and re.fullmatch(r"(?:[ .\-]*\(?[a-z]\)?|[.\-]\d.*)?", rest)
        return bool(is_under) and fold(number).strip(" .()").startswith(above)


class _Headings:
    """The heading that stands; headings straight after one another stand together."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self.unused: list[Row] = []

    def add(self, row: Row, text: str) -> None:
        if not self.unused:
            self._texts = []
        self._texts.append(text)
        self.unused.append(row)

    def use(self) -> str | None:
        self.unused = []
        return "\n".join(self._texts) or None


def _heading(row: Row, header: Header, agencies: Agencies) -> str | None:
    """The text of a row that is one cell across the table, or names an agency or a theme."""
    filled = row.filled
    if len(filled) != 1 or len(header.columns) < 2:
        return None
    cell = filled[0]
    covered = [c for c in header.columns if cell.at <= c.at < cell.at + cell.span]
    if len(covered) > 1 or (len(row.cells) == 1 and cell.span > 1):
        return cell.text
    words = len(cell.text.split())
    first = min(column.at for column in header.columns)
    is_named = _HEADING.fullmatch(cell.text) or agencies.knows(cell.text)
    if cell.at == first and words <= 12 and is_named:
        return cell.text
    return None


def _values(row: Row, header: Header, *, records: bool) -> tuple[dict[str, str], list[OtherCell]]:
    """Field → text, and the cells whose column has no field."""
    values: dict[str, list[str]] = {}
    other: list[OtherCell] = []
    spares: list[tuple[str, OtherCell]] = []
    for cell in row.filled:
        column = header.by_grid.get(cell.at)
        name = column.header if column else f"column {cell.at + 1}"
        if header.is_export and fold(name) in DERIVED:
            continue
        if column is not None and column.field:
            values.setdefault(column.field, []).append(cell.text)
        elif column is not None and column.spare:
            spares.append((column.spare, OtherCell(header=name, text=cell.text)))
        else:
            other.append(OtherCell(header=name, text=cell.text))
    for field_, spare in spares:
        if field_ not in values and (records or field_ != "recommendation"):
            values[field_] = [spare.text]
        elif not header.is_export:
            other.append(spare)
    return {name: "\n".join(texts) for name, texts in values.items()}, other


def _draft(row: Row, values: dict[str, str], other: list[OtherCell], heading: str | None) -> Draft:
    return Draft(
        text=values["recommendation"],
        heading=values.get("heading") or heading,
        values={name: values[name] for name in ("number", "scope") if name in values},
        actions=[_action_values(values)],
        other=other,
        flags=list(row.flags),
        places=[row.place],
        facts={n: values[n] for n in (*FACT_FIELDS, "review", "themes") if n in values},
    )


def _continue(draft: Draft, row: Row, values: dict[str, str], other: list[OtherCell]) -> None:
    """Add a further action row to the recommendation above it; nothing printed is dropped."""
    draft.actions.append(_action_values(values))
    draft.places.append(row.place)
    draft.flags += row.flags
    draft.other += other
    draft.other += [
        OtherCell(header=name, text=text)
        for name, text in values.items()
        if name not in _ACTION_FIELDS
    ]


def _action_values(values: dict[str, str]) -> dict[str, str]:
    return {name: values[name] for name in _ACTION_FIELDS if name in values}


def recommendation_of(
    draft: Draft, position: int, source: Source, agencies: Agencies, header: Header
) -> Recommendation:
    """The recommendation that a draft has become."""
    dated = header.names_completion
    actions = [_action(values, agencies, dated) for values in draft.actions if values]
    flags = [*draft.flags, *_doubts(draft, actions)]
    lead = _joined(action.lead_agency for action in actions)
    return Recommendation(
        position=position,
        number=draft.values.get("number"),
        text=draft.text,
        heading=draft.heading,
        scope=read_scope(draft.values.get("scope")),
        status=_joined_status(actions),
        lead_agency=lead,
        lead_agencies=tuple({a.name: a for x in actions for a in x.lead_agencies}.values()),
        action=_joined(action.text for action in actions),
        milestones=_joined(action.milestones for action in actions),
        outcome=_joined(action.outcome for action in actions),
        target_date=_joined_date([action.target_date for action in actions]),
        completed=_joined_date([action.completed for action in actions]),
        actions=tuple(actions),
        other=tuple(draft.other),
        flags=tuple(dict.fromkeys(flags)),
        source=source,
    )


def _action(values: dict[str, str], agencies: Agencies, dated: bool) -> Action:
    status, completed = read_outcome(values.get("outcome"), dated=dated)
    if "status" in values:
        status, _ = status_of(values["status"], values.get("outcome"))
    if "completed" in values:
        said, _ = read_outcome(values["completed"])
        completed = _read_date(values["completed"])
        is_silent = status.value is None and status.printed is None
        status = said if is_silent and said.printed else status
    return Action(
        text=values.get("action"),
        lead_agency=values.get("lead_agency"),
        lead_agencies=agencies.read(values.get("lead_agency")),
        milestones=values.get("milestones"),
        target_date=_read_date(values.get("target_date")),
        outcome=values.get("outcome"),
        status=status,
        completed=completed,
    )


def _doubts(draft: Draft, actions: Sequence[Action]) -> list[str]:
    flags = []
    printed = [values for values in draft.actions if values]
    for values, action in zip(printed, actions, strict=True):
        for name in ("target_date", "completed"):
            flags += [f"“{text}” is not a day" for text in impossible_dates(values.get(name))]
            day = serial_day(values.get(name))
            if day:
                flags.append(f"“{values[name]}” was read as Excel's number of the day {day}")
        if "status" in values:
            flags += status_of(values["status"], values.get("outcome"))[1]
        elif action.status.printed and action.status.value is None:
            flags.append(f"the status “{action.status.printed}” was not understood")
    if len({action.status.value for action in actions}) > 1:
        flags.append(f"its {len(actions)} actions have different statuses")
    return flags


def _joined(texts: Iterable[str | None]) -> str | None:
    return "\n\n".join(dict.fromkeys(text for text in texts if text)) or None


def _joined_date(dates: Sequence[PrintedDate]) -> PrintedDate:
    by_printed = {date.printed: date for date in dates if date.printed}
    every = tuple(iso for date in by_printed.values() for iso in date.all)
    first = next((date for date in by_printed.values() if date.date), PrintedDate())
    return PrintedDate(
        printed=_joined(by_printed), date=first.date, precision=first.precision, all=every
    )


def _read_date(cell: str | None) -> PrintedDate:
    """A date cell, Excel's number of a day included."""
    day = serial_day(cell)
    if day is None:
        return read_date(cell)
    return PrintedDate(printed=cell, date=day, precision="day", all=(day,))


def _joined_status(actions: Sequence[Action]) -> PrintedStatus:
    """The status of all actions together: the same one, or what the least advanced leaves."""
    printed = _joined(action.status.printed for action in actions)
    values = {action.status.value for action in actions}
    if len(values) == 1:
        return PrintedStatus(printed=printed, value=values.pop())
    if values == {"complete", "ongoing"}:
        return PrintedStatus(printed=printed, value="ongoing")
    if None in values or not values:
        return PrintedStatus(printed=printed)
    return PrintedStatus(printed=printed, value="in-progress")


_REPEATED = "the same text stands at "
_NAMED = 5  # a text that stands more often is not listed in full


def with_repeats_flagged(recommendations: Sequence[Recommendation]) -> list[Recommendation]:
    """The same recommendations; each whose text stands elsewhere among them says where."""
    places: dict[str, list[int]] = {}
    for recommendation in recommendations:
        places.setdefault(fold(recommendation.text), []).append(recommendation.position)
    flagged = []
    for recommendation in recommendations:
        same = places[fold(recommendation.text)]
        others = [p for p in same[: _NAMED + 1] if p != recommendation.position][:_NAMED]
        more = len(same) - 1 - _NAMED
        flags = [flag for flag in recommendation.flags if not flag.startswith(_REPEATED)]
        if others:
            where = ", ".join(map(str, others))
            where += f" and {more} more" if more > 0 else ""
            word = "position" if len(others) == 1 else "positions"
            flags.append(f"{_REPEATED}{word} {where}")
        flagged.append(recommendation.model_copy(update={"flags": tuple(flags)}))
    return flagged
