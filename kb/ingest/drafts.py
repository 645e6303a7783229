"""Recommendations while their rows are being gathered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kb.ingest.plans.headers import Header
from kb.ingest.plans.numbering import bare_number, head_number
from kb.ingest.plans.synonyms import FACT_FIELDS
from kb.ingest.readings import Shape
from kb.ingest.tables import Row
from kb.printed import OtherCell
from kb.text.normalise import fold

ACTION_FIELDS = (
    "action",
    "lead_agency",
    "milestones",
    "outcome",
    "target_date",
    "completed",
    "status",
)


@dataclass
class Draft:
    """One recommendation while its rows are being gathered.

    ``values`` are its number, its scope, and its lead agency where that is not its actions'.
    ``dated`` says that the header of its outcome names the completion, so that a date at the
    outcome's head is that of completion. ``table`` is the name of the table that it stands in,
    ``header`` the one that its rows stand under (None of a card or a paragraph).
    """

    text: str
    heading: str | None
    values: dict[str, str]
    actions: list[dict[str, str]]
    other: list[OtherCell]
    flags: list[str]
    places: list[str]
    facts: dict[str, str] = field(default_factory=dict)
    dated: bool = False
    table: str = ""
    header: Header | None = None

    def add_action(self, values: Mapping[str, str], other: Sequence[OtherCell]) -> None:
        """One more action row; what is no field of an action is kept as other cells."""
        self.actions.append(action_values(values))
        self.other += other
        self.other += [
            OtherCell(header=name, text=text)
            for name, text in values.items()
            if name not in ACTION_FIELDS
        ]


@dataclass
class Gathered:
    """The drafts of one table, and the rows that belong to none of them (row, why)."""

    drafts: list[Draft] = field(default_factory=list)
    left_out: list[tuple[Row, str]] = field(default_factory=list)
    without_text: list[Row] = field(default_factory=list)
    repeated_headers: list[str] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)


def draft_of(
    values: Mapping[str, str], other: Sequence[OtherCell], *, heading: str | None, row: Row
) -> Draft:
    """The draft that a row with a recommendation begins."""
    return Draft(
        text=values["recommendation"],
        heading=values.get("heading") or heading,
        values={name: values[name] for name in ("number", "scope") if name in values},
        actions=[action_values(values)],
        other=list(other),
        flags=list(row.flags),
        places=[row.place],
        facts={n: values[n] for n in (*FACT_FIELDS, "review", "themes") if n in values},
    )


def action_values(values: Mapping[str, str]) -> dict[str, str]:
    """Those fields of a row that are an action's."""
    return {name: values[name] for name in ACTION_FIELDS if name in values}


def names_completion(header: Header) -> bool:
    """Whether the column of outcomes says that it begins with the date of completion."""
    return any(c.field == "outcome" and "complet" in fold(c.header) for c in header.columns)


def numbered_from_text(gathered: Gathered) -> None:
    """Give each draft without a number the one that its text begins with.

    The text stays as printed, but for a number in a line of its own. A bare figure counts only
    where every such text of the table begins with one and they rise ("4 The Trust should …").
    """
    unnumbered = [draft for draft in gathered.drafts if "number" not in draft.values]
    bare = [bare_number(draft.text) for draft in unnumbered]
    rising = (
        len(bare) > 1
        and None not in bare
        and all(
            after > before
            for before, after in pairwise(number for number in bare if number is not None)
        )
    )
    for draft, figure in zip(unnumbered, bare, strict=True):
        found = head_number(draft.text)
        if found is not None:
            draft.values["number"] = found.number
            if found.own_line and found.rest:
                draft.text = found.rest
                gathered.shapes.append(Shape(draft.places[0], found.printed, "number"))
        elif rising and figure is not None:
            draft.values["number"] = str(figure)
