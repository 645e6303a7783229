"""Tables of actions that stand apart from their recommendations, which the text prints.

Such a table stands just below its recommendation ("Recommendation 3", its text, its actions), or
names it by number in each row ("Rec. no. | Action | Lead").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kb.ingest.blocks import placed
from kb.ingest.drafts import Draft, Shape, action_values, names_completion
from kb.ingest.headers import Header
from kb.ingest.nested import actions_header
from kb.ingest.tables import CellRun, Paragraph, Row, Table
from kb.model import OtherCell
from kb.text.normalise import fold

Block = Table | CellRun | Paragraph

_MOST_BETWEEN = 2  # paragraphs between a recommendation and its table
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
    row: Row
    number: str
    values: dict[str, str]
    other: list[OtherCell]


def attach_actions(
    blocks: Sequence[Block], drafts: Sequence[Draft], overrides: Mapping[str, str]
) -> Attached:
    """Give each draft of the text the actions of the tables that stand below it or name it."""
    attached = Attached()
    below = list(_tables_below(blocks, drafts, overrides))
    if len({id(draft) for draft, _, _ in below}) * 2 <= len(drafts):
        below = []
    for draft, table, header in below:
        actions = list(_actions_of(table, header))
        _attach(attached, table, header, [(draft, action) for action in actions])
    for table in (block for block in blocks if isinstance(block, Table)):
        found = actions_header(table, overrides)
        if found and "number" in found.fields and table.name not in attached.tables:
            _attach(attached, table, found, _by_number(table, found, drafts))
    return attached


def _tables_below(
    blocks: Sequence[Block], drafts: Sequence[Draft], overrides: Mapping[str, str]
) -> Iterator[tuple[Draft, Table, Header]]:
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
            header = actions_header(block, overrides)
            if above and header and between <= _MOST_BETWEEN:
                yield above, block, header
            else:
                above = None


def _by_number(
    table: Table, header: Header, drafts: Sequence[Draft]
) -> list[tuple[Draft, _Action]]:
    """Each row with the draft that its number names; [] where too many rows name none."""
    numbered = {_bare(d.values["number"]): d for d in drafts if "number" in d.values}
    if len(numbered) < len(drafts) or not drafts:
        return []
    found: list[tuple[Draft, _Action]] = []
    actions = list(_actions_of(table, header))
    above: Draft | None = None
    for action in actions:
        above = _named(action.number, numbered) if action.number else above
        if above is not None:
            found.append((above, action))
    return found if len(found) >= _MOSTLY * len(actions) else []


def _named(number: str, numbered: Mapping[str, Draft]) -> Draft | None:
    """The draft with this number, or with the one that it stands under ("3.1", "3a": "3")."""
    bare = _bare(number)
    for form in (bare, re.sub(r"\.\d{1,2}$|\(?[a-z]\)?$", "", bare)):
        if form in numbered:
            return numbered[form]
    return None


def _bare(number: str) -> str:
    return re.sub(r"^(?:recommendation|rec|r)\b[. ]*|[ .:()]+$", "", fold(number)).strip()


def _actions_of(table: Table, header: Header) -> Iterator[_Action]:
    for row in table.rows[header.end :]:
        if not row.filled or header.repeats(row):
            continue
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
        other += [
            OtherCell(header=name, text=text)
            for name, text in values.items()
            if name not in action_values(values)
        ]
        yield _Action(row, number, action_values(values), other)


def _attach(
    attached: Attached, table: Table, header: Header, actions: Sequence[tuple[Draft, _Action]]
) -> None:
    if not actions:
        return
    attached.tables.append(table.name)
    attached.columns |= {column.header: column.field for column in header.columns}
    for row in header.printed:
        place = placed(table.name, [row.place])
        attached.rows.add((place, row.printed))
        attached.shapes += [Shape(place, cell.text, "header of actions") for cell in row.filled]
    own: dict[int, dict[str, str]] = {}
    for draft, action in actions:
        if id(draft) not in own:
            own[id(draft)] = _own(draft)
        place = placed(table.name, [action.row.place])
        attached.rows.add((place, action.row.printed))
        if action.number:
            attached.shapes.append(Shape(place, action.number, "number"))
        draft.actions.append({**own[id(draft)], **action.values})
        draft.other += action.other
        draft.places.append(place)
        draft.flags += action.row.flags
        draft.dated = draft.dated or names_completion(header)


def _own(draft: Draft) -> dict[str, str]:
    """What the text says of all its actions; who is asked there is the recommendation's own."""
    first = draft.actions[0] if len(draft.actions) == 1 and "action" not in draft.actions[0] else {}
    if not first and draft.actions[0]:
        return {}
    draft.actions.clear()
    if "lead_agency" in first:
        draft.values["lead_agency"] = first["lead_agency"]
    return {name: text for name, text in first.items() if name != "lead_agency"}
