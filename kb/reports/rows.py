"""What reports count: for each recommendation its review and its values, as arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kb.model import Entry

Places = NDArray[np.int64]  # places of recommendations among those that are counted


def year_of(entry: Entry) -> str | None:
    """The year of the entry's review as text, or None."""
    value = entry.review.year.value
    return None if value is None else str(value)


def agency_names(entry: Entry) -> tuple[str, ...]:
    """The canonical names of all who are asked, each once."""
    return tuple(dict.fromkeys(agency.name for agency in entry.recommendation.lead_agencies))


def sector_names(entry: Entry) -> tuple[str, ...]:
    """The sectors of all who are asked, each once."""
    return tuple(dict.fromkeys(agency.sector for agency in entry.recommendation.lead_agencies))


READERS: dict[str, Callable[[Entry], Iterable[str | None]]] = {
    "review": lambda entry: (entry.review.id,),
    "theme": lambda entry: (tag.id for tag in entry.themes),
    "tagged": lambda entry: (tag.tagged for tag in entry.themes),
    "year": lambda entry: (year_of(entry),),
    "year_of": lambda entry: (entry.review.year.of,),
    "sector": sector_names,
    "agency": agency_names,
    "area": lambda entry: (entry.review.area,),
    "kind": lambda entry: (entry.review.kind,),
    "status": lambda entry: (entry.recommendation.status.value,),
    "open_target": lambda entry: entry.recommendation.open_targets,
    "target_date": lambda entry: (entry.recommendation.target_date.date,),
    "outcome": lambda entry: ("stated" if entry.recommendation.has_outcome else None,),
}


@dataclass(frozen=True)
class Values:
    """The values of every row: those of row i are ``codes[starts[i]:starts[i + 1]]``, each once.

    A code is a place in ``values``. ``starts`` has one number more than there are rows.
    """

    starts: NDArray[np.int64]
    codes: NDArray[np.int64]
    values: tuple[str, ...]

    @classmethod
    def of(cls, values: Iterable[Iterable[str | None]]) -> Values:
        """The values of each row, None and "" left out."""
        codes: dict[str, int] = {}
        held = [
            [codes.setdefault(value, len(codes)) for value in dict.fromkeys(each) if value]
            for each in values
        ]
        lengths = np.array([len(each) for each in held], dtype=np.int64)
        starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        flat = np.array([code for each in held for code in each], dtype=np.int64)
        return cls(starts, flat, tuple(codes))

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many values each row has."""
        return np.diff(self.starts)

    @property
    def row_of_code(self) -> Places:
        """The row of each code."""
        return np.repeat(np.arange(len(self.starts) - 1), self.lengths)

    def first_codes(self) -> NDArray[np.int64]:
        """The code of the first value of each row, -1 where it has none."""
        firsts = np.full(len(self.starts) - 1, -1, dtype=np.int64)
        has_any = self.lengths > 0
        firsts[has_any] = self.codes[self.starts[:-1][has_any]]
        return firsts

    def firsts(self, places: Places) -> list[str | None]:
        """The first value of the rows at these places, None where it has none."""
        named = np.array([*self.values, None], dtype=object)
        firsts: list[str | None] = named[self.first_codes()[places]].tolist()
        return firsts

    def lists(self, places: Places) -> list[list[str]]:
        """The values of the rows at these places, in their order."""
        lengths = self.lengths[places]
        ends = np.cumsum(lengths)
        at = np.arange(int(lengths.sum())) + np.repeat(
            self.starts[places] - ends + lengths, lengths
        )
        named = np.array([*self.values, None], dtype=object)[self.codes[at]].tolist()
        starts = (ends - lengths).tolist()
        return [named[start:end] for start, end in zip(starts, ends.tolist(), strict=True)]

    def parts(self) -> dict[str | None, Places]:
        """The rows of each value that occurs; under None those that have none."""
        rows = self.row_of_code
        order = np.argsort(self.codes, kind="stable")
        ends = np.cumsum(np.bincount(self.codes, minlength=len(self.values)))
        split = np.split(rows[order], ends[:-1]) if len(ends) else []
        found: dict[str | None, Places] = {
            value: part for value, part in zip(self.values, split, strict=True) if len(part)
        }
        if len(none := np.flatnonzero(self.lengths == 0)):
            found[None] = none
        return found


class Rows(Protocol):
    """Recommendations to be counted, in order."""

    def __len__(self) -> int: ...

    def values(self, name: str) -> Values:
        """The values of each row under one of ``READERS``."""

    def ids(self, places: Places) -> list[str]:
        """The ids of the recommendations at these places."""

    def texts(self, places: Places) -> list[str]:
        """The texts of the recommendations at these places."""

    def title(self, place: int) -> str:
        """The title of its review."""

    def entry(self, place: int) -> Entry:
        """The recommendation at a place, whole."""


class EntryRows:
    """Rows of recommendations that are held whole."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Count these."""
        self._entries = entries
        self._values: dict[str, Values] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def values(self, name: str) -> Values:
        """The values of each row under one of ``READERS``."""
        if name not in self._values:
            self._values[name] = Values.of(map(READERS[name], self._entries))
        return self._values[name]

    def ids(self, places: Places) -> list[str]:
        """The ids of the recommendations at these places."""
        return [self._entries[place].id for place in places.tolist()]

    def title(self, place: int) -> str:
        """The title of its review."""
        return self._entries[place].review.title

    def texts(self, places: Places) -> list[str]:
        """The texts of the recommendations at these places."""
        return [self._entries[place].recommendation.text for place in places.tolist()]

    def entry(self, place: int) -> Entry:
        """The recommendation at a place."""
        return self._entries[place]
