"""Tables of actions that stand apart from their recommendations, which the text prints.

Such a table stands just below its recommendation ("Recommendation 3", its text, its actions), or
names it by number in each row ("Rec. no. | Action | Lead").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kb.ingest.drafts import ACTION_FIELDS, Draft, action_values, names_completion
from kb.ingest.plans.blocks import placed
from kb.ingest.plans.card_rows import pairs_of
from kb.ingest.plans.cuts import Words, joined_rows
from kb.ingest.plans.headers import Header
from kb.ingest.plans.nested import actions_header
from kb.ingest.prose.drafting import LEAD_FROM
from kb.ingest.readings import Shape
from kb.ingest.tables import CellRun, Paragraph, Row, Table
from kb.printed import OtherCell
from kb.text.agencies import Agencies
from kb.text.normalise import fold

Block = Table | CellRun | Paragraph

_MOST_BETWEEN = 2  # paragraphs between a recommendation and its table
_FEWEST_LABELS = 2  # of a table that gives one action
_MOSTLY = 0.8  # share of the rows of a table that must name a recommendation


@dataclass
class Attached:
    """The tables whose rows became actions, by name, and those rows: (place, printed text)."""

    tables: list[str] = field(default_factory=list)
    rows: set[tuple[str, str]] = field(default_factory=set)
    shapes: list[Shape] = field(default_factory=list)
    columns: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class _Action:
    rows: tuple[Row, ...]
    number: str
    values: dict[str, str]
    other: list[OtherCell]


@dataclass(frozen=True)
class _Actions:
    """A table of actions read: (row, text) of its headers or labels, and field by header."""

    table: str
    actions: tuple[_Action, ...]
    labels: tuple[tuple[Row, str], ...]
    columns: dict[str, str | None]
    numbered: bool = False
    dated: bool = False


def attach_actions(
    blocks: Sequence[Block],
    drafts: Sequence[Draft],
    overrides: Mapping[str, str],
    *,
    words: Callable[[], Words],
    agencies: Agencies,
) -> Attached:
    """Give each draft of the text the actions of the tables that stand below it or name it.

    ``words`` gives the words of the document, by which cut words are joined.
    """
    attached = Attached()
    read = {
        block.name: found
        for block in (blocks if drafts else ())
        if isinstance(block, Table)
        and (found := _under_labels(block, overrides) or _under_header(block, overrides, words))
    }
    below = list(_tables_below(blocks, drafts, read))
    if len({id(draft) for draft, _ in below}) * 2 <= len(drafts):
        below = []
    for draft, found in below:
        _attach(attached, found, [(draft, action) for action in found.actions])
    for found in read.values():
        if found.numbered and found.table not in attached.tables:
            _attach(attached, found, _by_number(found, drafts))
    for draft in drafts:
        _prefer_printed_lead(draft, agencies)
    return attached


def _tables_below(
    blocks: Sequence[Block], drafts: Sequence[Draft], read: Mapping[str, _Actions]
) -> Iterator[tuple[Draft, _Actions]]:
    """Each table of actions with the draft whose text stands just above it."""
    by_place = {place: draft for draft in drafts for place in draft.places}
    above: Draft | None = None
    between = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            between += not block.aside
            if block.place in by_place:
                above, between = by_place[block.place], 0
        elif isinstance(block, Table):
            if above and block.name in read and between <= _MOST_BETWEEN:
                yield above, read[block.name]
            else:
                above = None


def _by_number(found: _Actions, drafts: Sequence[Draft]) -> list[tuple[Draft, _Action]]:
    """Each row with the draft that its number names; [] where too many rows name none."""
    numbered = {_bare(d.values["number"]): d for d in drafts if "number" in d.values}
    if len(numbered) < len(drafts):
        return []
    named: list[tuple[Draft, _Action]] = []
    above: Draft | None = None
    for action in found.actions:
        above = _named(action.number, numbered) if action.number else above
        if above is not None:
            named.append((above, action))
    return named if len(named) >= _MOSTLY * len(found.actions) else []


def _named(number: str, numbered: Mapping[str, Draft]) -> Draft | None:
    """The draft with this number, or with the one that it stands under ("3.1", "3a": "3")."""
    bare = _bare(number)
    for form in (bare, re.sub(r"\.\d{1,2}$|\(?[a-z]\)?$", "", bare)):
        if form in numbered:
            return numbered[form]
    return None


def _bare(number: str) -> str:
    return re.sub(r"^(?:recommendation|rec|r)\b[. ]*|[ .:()]+$", "", fold(number)).strip()


def _under_header(
    table: Table, overrides: Mapping[str, str], words: Callable[[], Words]
) -> _Actions | None:
    """The rows of a table of actions, each under its header; None where it is none."""
    header = actions_header(table, overrides)
    if header is None:
        return None
    rows = [row for row in table.rows[header.end :] if not header.repeats(row)]
    whole = joined_rows(rows, header, words, whole=True)
    return _Actions(
        table.name,
        tuple(_action_of(row, header) for row in whole if row.filled),
        tuple((row, cell.text) for row in header.printed for cell in row.filled),
        {column.header: column.field for column in header.columns},
        "number" in header.fields,
        names_completion(header),
    )


def _action_of(row: Row, header: Header) -> _Action:
    values: dict[str, str] = {}
    other = []
    for cell in row.filled:
        column = header.by_grid.get(cell.at)
        if column is None or column.field is None:
            name = column.header if column else f"column {cell.at + 1}"
            other.append(OtherCell(header=name, text=cell.text))
        else:
            before = values.get(column.field)
            values[column.field] = f"{before}\n{cell.text}" if before else cell.text
    number = values.pop("number", "")
    action = action_values(values)
    rest = [OtherCell(header=name, text=values[name]) for name in values if name not in action]
    return _Action((row,), number, action, [*other, *rest])


def _under_labels(table: Table, overrides: Mapping[str, str]) -> _Actions | None:
    """A table that gives one action, a label and its value a row; None where it is none."""
    rows = [row for row in table.rows if row.filled]
    found = [(row, pair) for row in rows for pair in pairs_of(row, overrides)]
    values: dict[str, str] = {}
    other = []
    for _, pair in found:
        if pair.field in ACTION_FIELDS and pair.field not in values:
            values[pair.field] = pair.value
        elif pair.value:
            other.append(OtherCell(header=pair.label, text=pair.value))
    if len({id(row) for row, _ in found}) < len(rows) or len(values) < _FEWEST_LABELS:
        return None
    values = {name: text for name, text in values.items() if text}
    dated = any(p.field == "outcome" and "complet" in fold(p.label) for _, p in found)
    return _Actions(
        table.name,
        (_Action(tuple(rows), "", values, other),),
        tuple((row, pair.label) for row, pair in found),
        {pair.label: None if pair.field == "kept" else pair.field for _, pair in found},
        dated=dated,
    )


def _attach(attached: Attached, found: _Actions, actions: Sequence[tuple[Draft, _Action]]) -> None:
    if not actions:
        return
    attached.tables.append(found.table)
    attached.columns |= found.columns
    for row, text in found.labels:
        place = placed(found.table, [row.place])
        attached.rows.add((place, row.printed))
        attached.shapes.append(Shape(place, text, "header of actions"))
    own: dict[int, dict[str, str]] = {}
    for draft, action in actions:
        if id(draft) not in own:
            own[id(draft)] = _own(draft)
        places = [placed(found.table, [row.place]) for row in action.rows]
        attached.rows |= {(at, row.printed) for at, row in zip(places, action.rows, strict=True)}
        if action.number:
            attached.shapes.append(Shape(places[0], action.number, "number"))
        draft.actions.append({**own[id(draft)], **action.values})
        draft.other += action.other
        draft.places += places
        draft.flags += [flag for row in action.rows for flag in row.flags]
        draft.dated = draft.dated or found.dated


def _prefer_printed_lead(draft: Draft, agencies: Agencies) -> None:
    """An agency that a table names as the lead stands over one read from the text."""
    guessed = [flag for flag in draft.flags if flag.startswith(LEAD_FROM)]
    named = [action.get("lead_agency", "") for action in draft.actions]
    if guessed and "lead_agency" in draft.values and all(agencies.knows(one) for one in named):
        del draft.values["lead_agency"]
        draft.flags = [flag for flag in draft.flags if flag not in guessed]


def _own(draft: Draft) -> dict[str, str]:
    """What the text says of all its actions; who is asked there is the recommendation's own."""
    first = draft.actions[0] if len(draft.actions) == 1 and "action" not in draft.actions[0] else {}
    if not first and draft.actions[0]:
        return {}
    draft.actions.clear()
    if "lead_agency" in first:
        draft.values["lead_agency"] = first["lead_agency"]
    return {name: text for name, text in first.items() if name != "lead_agency"}
