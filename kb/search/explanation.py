"""What an explanation of a search says, as plain data."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reason:
    """What a hit gained by one thing sought.

    ``found_as`` is the abbreviation by which it was found where that counted more than the word
    itself, ``weight`` how much such a find counts (the word itself 1). ``fields`` share the score
    out by where it stands; empty where what counted is no word in a place.
    """

    what: str
    score: float
    found_as: str | None = None
    weight: float = 1.0
    fields: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """``{what, score, found_as, weight, fields}``."""
        return asdict(self)


@dataclass(frozen=True)
class WordRead:
    """A word of a query as it was looked for.

    ``recommendations`` is how many hold it in any form, ``weight`` how much it counts for its
    rarity, and ``also`` the abbreviations that stand for it, each with its weight.
    """

    word: str
    recommendations: int
    weight: float
    also: tuple[tuple[str, float], ...]

    def as_json(self) -> dict[str, Any]:
        """``{word, recommendations, weight, also: {abbreviation: weight}}``."""
        return asdict(self) | {"also": dict(self.also)}


@dataclass(frozen=True)
class Explanation:
    """How a query was understood, and the reasons of each hit asked about, in their order.

    ``engine`` is the name of what found them.
    """

    read_as: str
    words: tuple[WordRead, ...]
    passed_over: tuple[str, ...]
    filters: tuple[str, ...]
    notes: tuple[str, ...]
    hits: tuple[tuple[Reason, ...], ...]
    engine: str

    def as_json(self) -> dict[str, Any]:
        """``{read_as, words, passed_over, filters, notes, engine}``.

        The reasons go with their hits.
        """
        return {
            "read_as": self.read_as,
            "words": [word.as_json() for word in self.words],
            "passed_over": list(self.passed_over),
            "filters": list(self.filters),
            "notes": list(self.notes),
            "engine": self.engine,
        }
