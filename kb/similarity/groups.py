"""A group of recommendations of several reviews that ask the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kb.similarity.facts import Facts
from kb.similarity.history import history_line
from kb.similarity.timeline import Return, gaps_of, returns_of


@dataclass(frozen=True)
class Group:
    """One ask that at least two reviews made.

    ``central`` is the most typical wording; ``members`` stand in order of their date, those
    without one last.
    """

    central: Facts
    members: tuple[Facts, ...]

    @classmethod
    def of(cls, central: Facts, members: Iterable[Facts]) -> Group:
        """The group of these members, put in order."""
        ordered = sorted(members, key=lambda known: (known.when or "9999", known.id))
        return cls(central, tuple(ordered))

    @property
    def reviews(self) -> tuple[str, ...]:
        """The reviews, in the order of their first asking."""
        return tuple(dict.fromkeys(facts.review_id for facts in self.members))

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas, in the order of their first asking."""
        return tuple(dict.fromkeys(facts.area for facts in self.members if facts.area))

    @property
    def sectors(self) -> tuple[str, ...]:
        """The sectors addressed, in alphabetical order."""
        return tuple(sorted({sector for facts in self.members for sector in facts.sectors}))

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes of at least half of the members, the most frequent first."""
        counts = Counter(theme for facts in self.members for theme in facts.themes)
        ordered = sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))
        return tuple(theme for theme, count in ordered if 2 * count >= len(self.members))

    @property
    def years(self) -> tuple[int, ...]:
        """The years in which it was asked, in order."""
        return tuple(sorted({int(facts.when[:4]) for facts in self.members if facts.when}))

    @property
    def statuses(self) -> dict[str, int]:
        """How many members have each status; "unknown" where the document does not say."""
        counts = Counter(facts.status or "unknown" for facts in self.members)
        return dict(sorted(counts.items()))

    @property
    def history(self) -> str:
        """For example "Asked 3 times since 2015; twice marked complete"."""
        return history_line(self.members) or ""

    @cached_property
    def returns(self) -> tuple[Return, ...]:
        """Where it was asked again after it had been marked complete."""
        return returns_of(self.members)

    @property
    def gaps(self) -> tuple[str, ...]:
        """The returns within one area, in words."""
        return gaps_of(self.members)

    def was_asked_since(self, when: str) -> bool:
        """Whether a member is of this date (``2019`` or ``2019-06``) or later."""
        return any(facts.when and facts.when[: len(when)] >= when for facts in self.members)

    def as_json(self) -> dict[str, Any]:
        """The group with its members, ready for JSON."""
        return {
            "central": self.central.as_json(),
            "members": [facts.as_json() for facts in self.members],
            "reviews": list(self.reviews),
            "areas": list(self.areas),
            "sectors": list(self.sectors),
            "themes": list(self.themes),
            "years": list(self.years),
            "statuses": self.statuses,
            "history": self.history,
            "gaps": list(self.gaps),
            "returns": [one.as_json() for one in self.returns],
        }
