"""What reading a document gives: one review as the document prints it."""

from __future__ import annotations

from dataclasses import dataclass, field

from kb.ingest.account import Account
from kb.ingest.drafts import LeftOut, Shape
from kb.ingest.facts import ReviewFactsRead
from kb.printed import Recommendation, Source


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
