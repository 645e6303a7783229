"""From the rows below a header to drafts: which row is a recommendation, an action, a heading."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set

from kb.ingest.drafts import (
    ACTION_FIELDS,
    Draft,
    Gathered,
    action_values,
    draft_of,
    names_completion,
)
from kb.ingest.facts import is_table_heading, kind_in, names_a_plan
from kb.ingest.plans.headers import Header
from kb.ingest.plans.merged import Merged, over_pages
from kb.ingest.plans.nested import NestedAction, with_text
from kb.ingest.plans.numbering import head_number
from kb.ingest.plans.synonyms import DERIVED
from kb.ingest.prose.asks import obliges
from kb.ingest.readings import Shape
from kb.ingest.tables import Cell, Row
from kb.printed import OtherCell
from kb.text.agencies import Agencies
from kb.text.normalise import fold
from kb.text.patterns import late

_HEADING = late(
    r"(?:theme|section|part|agency|priority|objective|key line of enquiry|area|strand|chapter|"
    r"appendix|pillar|workstream)\s*(?:[:–-]|\d|[a-z]\b).*|recommendations? (?:for|to|from) .*",
    re.I,
)
_WHOSE = late(
    r"(?:(?:[A-Z][\w'’&-]*|and|&|of|-|–) ){1,6}[Rr]ecommendations?(?:\s*[:–-]\s*.{2,60}|:)?"
)
_NAMED_PART = late(r"\w+ ?[\w.]{0,4} ?[:–-].*[^.]", re.DOTALL)
_NOTE = late(
    r"\*.*|(?:please note|notes?\s*[:–-]|note that|n\.?b\.?\W).*|signed (?:off )?(?:by|on)\b.*|"
    r"(?:official|confidential|restricted)(?:\W.*)?|"
    r"private (?:and|&) confidential.*|"
    r"(?:last |date )?(?:updated?|reviewed|revised|amended)\b.*\d.*|as (?:at|of) .*\d.*|"
    r"(?:version|v)\.? ?\d.*|draft(?:\W.*)?|(?:(?:b?rag|colour|status) )?(?:key|legend)\s*[:–-].*",
    re.IGNORECASE | re.DOTALL,
)
_NOT_YET = late(r"tb[acd]|n/?a|none|nil|total|sub-?total", re.IGNORECASE)
_FEWEST_EQUAL = 3  # cells with the same text that make a heading repeated in every column
_LONGEST_HEADING, _LONGEST_CAPITALS = 12, 8  # words


def gather(
    rows: Sequence[Row],
    header: Header,
    agencies: Agencies,
    *,
    overrides: Mapping[str, str],
    records: bool = False,
) -> Gathered:
    """Drafts from the rows below a header: heading rows stand over what follows them.

    A row without a recommendation belongs to the one above it, as one more action, unless its
    own number or review says otherwise: then it is left out, with what goes on from it. With
    ``records`` no row belongs to another.
    """
    gathered, headings, above = Gathered(), _Headings(), _Above(header)
    merged = Merged(header)
    for printed in over_pages(rows, header):
        row, inner, inner_headers = with_text(printed, overrides)
        covered = merged.over(row)
        if not row.filled and not inner:
            continue
        heading = None if records or inner else _heading(row, header, agencies)
        if heading is not None and is_note(heading):
            gathered.left_out.append((row, "a note across the table"))
            continue
        if heading is not None:
            headings.add(row, heading)
            continue
        gathered.shapes += [Shape(row.place, text, "header of actions") for text in inner_headers]
        values, other = _values(row, header, covered=covered.fields, records=records)
        if "recommendation" not in values and not covered.recommendation:
            headings.lend(values)
        if "recommendation" in values:
            above.take(values)
            own = covered.lent_to(values)
            draft = draft_of(
                {**own, **values}, [*other, *covered.other], heading=headings.use(), row=row
            )
            draft.flags += covered.flags(own)
            draft.values |= _own_lead(draft.actions[0], inner)
            draft.other += _own_cells(draft.actions[0], inner, header)
            draft.actions[:] = _with_inner(draft.actions[0], inner)
            draft.other += [cell for _, cells in inner for cell in cells]
            gathered.drafts.append(draft)
            continue
        why = "it has no recommendation" if records else above.refuses(row, values)
        if why is None and gathered.drafts:
            other += _own_cells(values, inner, header, "lead_agency")
            _continue(gathered.drafts[-1], row, {**covered.of_action, **values}, other, inner)
            continue
        gathered.left_out.append((row, why or "stands before the first recommendation"))
        if why:
            gathered.without_text.append(row)
    gathered.left_out += [(row, "a heading with nothing below it") for row in headings.unused]
    gathered.shapes += headings.used
    dated = names_completion(header)
    for draft in gathered.drafts:
        draft.dated, draft.header = dated, header
    return gathered


def _continue(
    draft: Draft,
    row: Row,
    values: Mapping[str, str],
    other: Sequence[OtherCell],
    inner: Sequence[NestedAction],
) -> None:
    """Add a further action row to the recommendation above it; nothing printed is dropped."""
    first, *more = _with_inner(dict(values), inner)
    draft.add_action(first, other)
    for action in more:
        draft.actions.append(action_values(action))
    draft.other += [cell for _, cells in inner for cell in cells]
    draft.places.append(row.place)
    draft.flags += row.flags


def _with_inner(values: dict[str, str], inner: Sequence[NestedAction]) -> list[dict[str, str]]:
    """The actions of a row: those of its inner table, each with what the row holds for all."""
    if not inner:
        return [values]
    if "action" in values:
        return [values, *(dict(action) for action, _ in inner)]
    return [{**values, **action} for action, _ in inner]


def _said_anew(values: Mapping[str, str], inner: Sequence[NestedAction]) -> list[str]:
    """The fields of a row that each action of its inner table says for itself."""
    if not inner or "action" in values:
        return []
    return [name for name in values if all(name in action for action, _ in inner)]


def _own_lead(values: Mapping[str, str], inner: Sequence[NestedAction]) -> dict[str, str]:
    """Who leads a recommendation, where each of its actions names an owner of its own."""
    return {name: values[name] for name in _said_anew(values, inner) if name == "lead_agency"}


def _own_cells(
    values: Mapping[str, str], inner: Sequence[NestedAction], header: Header, *also: str
) -> list[OtherCell]:
    """What a row says beside its actions that each of them says otherwise: no field has it."""
    headers = {column.field: column.header for column in header.columns}
    return [
        OtherCell(header=headers.get(name, name), text=values[name])
        for name in _said_anew(values, inner)
        if name in also or (name in ACTION_FIELDS and name != "lead_agency")
    ]


class _Above:
    """What the row above says of itself, and so whether a row without a text goes on from it."""

    def __init__(self, header: Header) -> None:
        numbers = [c.header for c in header.columns if c.field == "number"]
        self._counts_actions = any("action" in fold(h) and "rec" not in fold(h) for h in numbers)
        self._texts = [c.at for c in header.columns if c.field == "recommendation"]
        self._said: dict[str, str] = {}
        self._refused: str | None = None

    def take(self, values: Mapping[str, str]) -> None:
        """A row with a recommendation stands above from now on."""
        self._said, self._refused = dict(values), None

    def refuses(self, row: Row, values: Mapping[str, str]) -> str | None:
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
        self.used: list[Shape] = []

    def add(self, row: Row, text: str) -> None:
        if not self.unused:
            self._texts = []
        self._texts.append(text)
        self.unused.append(row)

    def use(self) -> str | None:
        self.used += [Shape(row.place, row.printed, "heading") for row in self.unused]
        self.unused = []
        return "\n".join(self._texts) or None

    def lend(self, values: dict[str, str]) -> None:
        """A row across the table that prints a recommendation is that of the row below it."""
        if self.unused and is_recommendation(self._texts[-1]):
            values["recommendation"] = self._texts.pop()
            self.unused.pop()


def is_recommendation(text: str) -> bool:
    """Whether a row across a table prints "Recommendation 4: …" and no mere heading."""
    found = head_number(text)
    return found is not None and "rec" in fold(found.printed) and len(found.rest.split()) > 3


def is_note(text: str) -> bool:
    """Whether a line says something of the paper ("Draft", "Key: …", "* dates …"): no heading."""
    return _NOTE.fullmatch(text) is not None


def heads_a_group(text: str, agencies: Agencies) -> bool:
    """Whether a line names a theme, an agency or whose recommendations follow."""
    if len(text.split()) > _LONGEST_HEADING:
        return False
    named = _HEADING.fullmatch(text) or (_WHOSE.fullmatch(text) and not kind_in(text))
    if named or is_table_heading(text):
        return True
    return not names_a_plan(text) and agencies.knows(text)


def _heading(row: Row, header: Header, agencies: Agencies) -> str | None:
    """The text of a row that is one cell across the table, or names an agency or a theme."""
    filled = row.filled
    texts = {fold(cell.text) for cell in filled}
    if len(texts) != 1 or len(header.columns) < 2:
        return None
    cell = filled[0]
    if len(filled) > 1:
        fewest = max(_FEWEST_EQUAL, len(header.columns) - 1)
        return cell.text if len(filled) >= fewest else None
    covered = [c for c in header.columns if cell.at <= c.at < cell.at + cell.span]
    if len(covered) > 1 or (len(row.cells) == 1 and cell.span > 1):
        return cell.text
    if any(c.goes_on for c in row.cells):
        return None
    return cell.text if _names_a_group(cell, header, agencies) else None


def _names_a_group(cell: Cell, header: Header, agencies: Agencies) -> bool:
    """Whether the only filled cell of a row is a sub-heading and no recommendation or number."""
    words = len(cell.text.split())
    column = header.by_grid.get(cell.at)
    field = column.field if column else None
    is_first = cell.at == min(c.at for c in header.columns)
    if not (is_first or field == "recommendation") or words > _LONGEST_HEADING:
        return False
    asks = obliges(cell.text) and not _NAMED_PART.fullmatch(cell.text)
    if asks or _NOT_YET.fullmatch(cell.text.strip(" .:")):
        return False
    if field in ("number", "heading", "themes") and is_first:
        return bool(re.search(r"[^\W\d_]{3}", cell.text)) and head_number(cell.text + " A") is None
    if heads_a_group(cell.text, agencies):
        return True
    return cell.text.isupper() and 1 < words <= _LONGEST_CAPITALS and cell.text[-1] not in ".:;"


def _values(
    row: Row, header: Header, *, covered: Set[str], records: bool
) -> tuple[dict[str, str], list[OtherCell]]:
    """Field → text, and the cells whose column has no field; ``covered`` are said from above."""
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
    for field, spare in spares:
        if field not in {*values, *covered} and (records or field != "recommendation"):
            values[field] = [spare.text]
        elif not header.is_export:
            other.append(spare)
    return {name: "\n".join(texts) for name, texts in values.items()}, other
