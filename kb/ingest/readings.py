"""What reading a document gives: one review as the document prints it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kb.printed import Recommendation, Source

Fate = Literal["field", "heading", "fact", "header", "left_out"]


@dataclass(frozen=True)
class ReviewFactsRead:
    """What a document prints about its review; None where it does not say."""

    title: str | None = None
    kind: str | None = None
    area: str | None = None
    region: str | None = None
    published: str | None = None
    report_date: str | None = None
    publication: str | None = None
    url: str | None = None
    death_month: str | None = None
    case: str | None = None


@dataclass(frozen=True)
class LeftOut:
    """Text that went into no field: its place, the text and why."""

    place: str
    text: str
    why: str


@dataclass(frozen=True)
class Shape:
    """Text that gives a table its shape and is in no field: a header, a label, a heading."""

    place: str
    text: str
    what: str


@dataclass(frozen=True)
class Account:
    """What became of the cells and the paragraphs of a document: how many have which fate.

    ``left_out_cells`` are the cells of tables in no field, each with its place and why;
    ``unaccounted`` is the text that no reader accounted for, in the left-out text as well.
    """

    cells: Mapping[Fate, int] = field(default_factory=dict)
    paragraphs: Mapping[Fate, int] = field(default_factory=dict)
    left_out_cells: tuple[LeftOut, ...] = ()
    unaccounted: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class Reading:
    """One review as a document prints it.

    ``judged`` maps positions to theme ids: a key is a complete judgement (an empty tuple: no
    theme). ``columns`` are (header as printed, field or None) for showing. ``shapes`` are the
    texts that give the tables their shape: headers, labels of cards, headings.
    """

    name: str | None
    facts: ReviewFactsRead
    recommendations: tuple[Recommendation, ...]
    source: Source
    judged: dict[int, tuple[str, ...]] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    columns: tuple[tuple[str, str | None], ...] = ()
    shapes: tuple[Shape, ...] = ()
    account: Account = field(default_factory=Account)
