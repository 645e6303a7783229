"""The filters that search, repeats, reports and downloads share, in addresses and in forms."""

from __future__ import annotations

import re
import shlex
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from kb.errors import QueryError
from kb.library import KnowledgeBase
from kb.web.problems import Problem
from kb.web.visit import Visit

LABELS = {
    "theme": "Theme",
    "group": "Group of themes",
    "sector": "Sector",
    "agency": "Agency",
    "area": "Area",
    "kind": "Kind of review",
    "status": "Status",
    "scope": "Scope",
}
FACETS = tuple(LABELS)
FIELDS = (*FACETS, "review")
_MOST = 100  # values at once: each stands in the address of every page without another one
_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class Chip:
    """A chosen filter: what it says, and the address of the page without it."""

    field: str
    label: str
    name: str
    without: dict[str, Any]


@dataclass(frozen=True)
class Narrowing:
    """What a list is narrowed to; ``values`` are ids of each field."""

    values: Mapping[str, list[str]] = field(default_factory=dict)
    first: str = ""
    last: str = ""

    @classmethod
    def of(cls, visit: Visit) -> Narrowing:
        """What the address says, whether it can be or not; raises QueryError for too much."""
        values = {name: visit.many(name, 300) for name in FIELDS}
        if (chosen := sum(map(len, values.values()))) > _MOST:
            raise QueryError(
                f"{chosen} filters were chosen", hint=f"Up to {_MOST} can be chosen at once."
            )
        years = visit.one("year", 20)
        first, dots, last = years.partition("..")
        first = visit.one("from", 20) or first
        last = visit.one("to", 20) or (last if dots else first if years else "")
        return cls({name: held for name, held in values.items() if held}, first, last)

    @property
    def filters(self) -> dict[str, Any]:
        """The filters as ``KnowledgeBase.search`` takes them."""
        return {**self.values, **({"year": self.years} if self.years else {})}

    @property
    def years(self) -> str:
        """``2019..2022``, open where one is not said, "" where neither is."""
        return f"{self.first}..{self.last}" if self.first or self.last else ""

    @property
    def query(self) -> dict[str, Any]:
        """The filters as they stand in an address."""
        return {**self.values, "from": self.first, "to": self.last}

    def problems(self, base: KnowledgeBase) -> list[Problem]:
        """Each of these filters that cannot be."""
        wrong = [
            Problem(name, f"{year!r} is not a year.", "Write it like 2021.")
            for name, year in (("from", self.first), ("to", self.last))
            if year and not _YEAR.fullmatch(year)
        ]
        if not wrong and (reversed_years := problem_of(base, "year", self.years, "to")):
            wrong.append(reversed_years)
        for name, held in self.values.items():
            wrong += filter(None, (problem_of(base, name, value, name) for value in held))
        return wrong

    def without(self, fields: Container[str]) -> Narrowing:
        """The same without the filters of these fields."""
        values = {name: held for name, held in self.values.items() if name not in fields}
        has_years = "from" not in fields and "to" not in fields
        return Narrowing(values, *((self.first, self.last) if has_years else ()))

    def chips(self, base: KnowledgeBase) -> list[Chip]:
        """Every chosen filter by the name that people know it by."""
        chips = []
        for name, held in self.values.items():
            known = dict(base.values(name))
            for value in held:
                rest = {**self.query, name: [one for one in held if one != value]}
                label = LABELS.get(name, "Review")
                chips.append(Chip(name, label, known.get(value, value), rest))
        if self.years:
            named = " to ".join(filter(None, (self.first or "the first", self.last or "now")))
            chips.append(Chip("year", "Year", named, {**self.query, "from": "", "to": ""}))
        return chips

    def options(self) -> list[str]:
        """The same filters as options of the command line, for the head of a report."""
        told = [f"--{name}={value}" for name, held in self.values.items() for value in held]
        return [*told, *([f"--year={self.years}"] if self.years else [])]


def problem_of(base: KnowledgeBase, field: str, value: str, name: str) -> Problem | None:
    """What is wrong with a value of a filter that stands in the field ``name`` of a form."""
    try:
        wanted = {field: value if field == "year" else [value]}
        base.index.filters(wanted, published_only=base.published_only)
    except QueryError as error:
        found = Problem.of(error, name)
        hint = found.hint if field == "year" else "Choose another."  # values stand in the form
        return Problem(name, found.message, hint)
    return None


def command(*words: str) -> str:
    """The command that makes the same as a page does, to be told in the head of a report."""
    return shlex.join(["kb", *words])
