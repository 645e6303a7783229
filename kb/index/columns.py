"""Columns of small integers, one a facet, on which filters and counts are array sums.

A row holds none, one or several values, and many rows hold the same ones: each different set of
values is numbered, and a row holds the number of its set. For a facet ``<name>``, those numbers are
``column_<name>.npy`` (int32, rows); the codes of the values of each set are
``column_<name>_indptr.npy`` (int64, sets + 1) and ``column_<name>_codes.npy`` (int32). The values
and their display names stand in ``columns.json`` as ``{name: [[value, display], …]}`` by code.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kb.index.damage import reading
from kb.index.manifest import unreadable
from kb.index.ragged import are_bounds, are_within, bounds_of
from kb.text.normalise import fold

if TYPE_CHECKING:
    from kb.model import Entry, ReviewFacts, Taxonomy

VOCABULARIES = "columns.json"
_PARTS = ("", "_indptr", "_codes")
# The same in all rows of a review.
_OF_REVIEW = ("area", "kind", "year", "year_of", "review", "publication")

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """One facet of every row.

    ``sets`` (int32, rows) is the number of each row's set of values; ``codes`` (int32) and
    ``indptr`` (int64, sets + 1) say which values a set has; ``values`` and ``names`` (for display)
    go by code.
    """

    sets: NDArray[np.int32]
    indptr: NDArray[np.int64]
    codes: NDArray[np.int32]
    values: tuple[str, ...]
    names: tuple[str, ...]

    @cached_property
    def _set_of_code(self) -> NDArray[np.intp]:
        return np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr))

    @cached_property
    def by_value(self) -> NDArray[np.intp]:
        """The codes in the order of their values."""
        return np.array(sorted(range(len(self.values)), key=self.values.__getitem__), dtype=np.intp)

    @cached_property
    def _codes_of(self) -> dict[str, list[int]]:
        codes: dict[str, list[int]] = {}
        for code, value in enumerate(self.values):
            codes.setdefault(fold(value), []).append(code)
        return codes

    def codes_of(self, value: str) -> list[int]:
        """The codes of a value, whatever its case."""
        return self._codes_of.get(fold(value), [])

    def of(self, row: int) -> tuple[str, ...]:
        """The values of a row."""
        first, end = self.indptr[self.sets[row] :][:2]
        return tuple(self.values[code] for code in self.codes[first:end])

    def counts(self, matching: Mask | NDArray[np.intp]) -> NDArray[np.intp]:
        """How many matching rows carry each value: shape (values,), by code.

        ``matching`` is a mask over the rows, or the numbers of rows.
        """
        of_sets = np.bincount(self.sets[matching], minlength=len(self.indptr) - 1)
        counts = np.bincount(self.codes, of_sets[self._set_of_code], minlength=len(self.values))
        return counts.astype(np.intp)

    def rows_with(self, codes: Iterable[int]) -> Mask:
        """Which rows carry any of these codes: shape (rows,)."""
        wanted = np.zeros(len(self.values), dtype=bool)
        wanted[list(codes)] = True
        sets = np.zeros(len(self.indptr) - 1, dtype=bool)
        sets[self._set_of_code[wanted[self.codes]]] = True
        return sets[self.sets]

    def first(self, missing: int = -1) -> NDArray[np.int64]:
        """The first code of each row, ``missing`` where it has none: shape (rows,)."""
        result = np.full(len(self.indptr) - 1, missing, dtype=np.int64)
        filled = np.diff(self.indptr) > 0
        result[filled] = self.codes[self.indptr[:-1][filled]]
        return result[self.sets]


class Columns:
    """Every column of a generation, each read when first asked for."""

    def __init__(self, folder: Path, rows: int) -> None:
        """Read the vocabularies; raises IndexUnreadable if they are damaged."""
        self._folder = folder
        self._rows = rows
        self._read: dict[str, Column] = {}
        with reading("the columns", folder):
            self._vocabularies = json.loads((folder / VOCABULARIES).read_text("utf-8"))

    def __getitem__(self, name: str) -> Column:
        if name not in self._read:
            self._read[name] = self._open(name)
        return self._read[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns."""
        return tuple(self._vocabularies)

    def values(self, name: str) -> tuple[tuple[str, str], ...]:
        """The values of a facet with their display names, sorted by value."""
        with reading(f"the column {name!r}", self._folder):
            pairs = self._vocabularies[name]
            return tuple(sorted((str(value), str(shown)) for value, shown in pairs))

    def _open(self, name: str) -> Column:
        with reading(f"the column {name!r}", self._folder):
            sets, indptr, codes = (
                np.load(self._folder / f"column_{name}{part}.npy", mmap_mode="r").view(np.ndarray)
                for part in _PARTS
            )
            pairs = self._vocabularies[name]
            values = tuple(str(value) for value, _ in pairs)
            names = tuple(str(shown) for _, shown in pairs)
            fits = (
                len(sets) == self._rows
                and are_within(sets, len(indptr) - 1)
                and are_within(codes, len(values))
                and are_bounds(indptr, len(codes))
            )
        if not fits:
            raise unreadable(f"the column {name!r} does not fit the records", self._folder)
        return Column(sets, indptr, codes, values, names)


class ColumnsWriter:
    """Gathers every column, row by row."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        """Name themes and groups as the taxonomy does."""
        self._readers = _readers(taxonomy)
        self._of_row = {n: read for n, read in self._readers.items() if n not in _OF_REVIEW}
        self._columns = {name: _Gathered() for name in self._readers}
        self._review: ReviewFacts | None = None
        self._of_review: dict[str, int] = {}

    def add(self, entry: Entry) -> None:
        """Add the next row."""
        if entry.review is not self._review:
            self._review = entry.review
            self._of_review = {
                name: self._columns[name].number(self._readers[name](entry)) for name in _OF_REVIEW
            }
        for name, number in self._of_review.items():
            self._columns[name].rows.append(number)
        for name, read in self._of_row.items():
            column = self._columns[name]
            column.rows.append(column.number(read(entry)))

    def save(self, folder: Path) -> None:
        """Write the files."""
        _save(folder, self._columns)


def join_columns(folder: Path, parts: Sequence[Columns], rows: NDArray[np.int64]) -> None:
    """Write the wanted rows, in order, of all parts put one after another.

    Values and sets are numbered in the order in which the rows have them, as where all are written
    at once.
    """
    _save(folder, {name: _joined([part[name] for part in parts], rows) for name in parts[0].names})


class _Gathered:
    """A column as it grows: its values, its sets of values, and the set of each row."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self.shown: dict[str, str] = {}
        self.sets: dict[tuple[int, ...], int] = {}
        self.rows: array[int] = array("i")
        self._known: dict[tuple[tuple[str, str], ...], int] = {}

    def number(self, pairs: Sequence[tuple[str, str]]) -> int:
        """The number of a set of values, given with their display names."""
        key = tuple(pairs)
        if key not in self._known:
            self._known[key] = self._number(dict(pairs))
        return self._known[key]

    def _number(self, pairs: dict[str, str]) -> int:
        codes = self.codes
        for value, shown in pairs.items():
            if value not in codes:
                self.shown[value] = shown
        held = tuple([codes.setdefault(value, len(codes)) for value in pairs])
        return self.sets.setdefault(held, len(self.sets))


def _joined(parts: Sequence[Column], rows: NDArray[np.int64]) -> _Gathered:
    bases = np.cumsum([0, *(len(part.indptr) - 1 for part in parts)])
    every = np.concatenate(
        [part.sets + base for part, base in zip(parts, bases.tolist(), strict=False)]
    )[rows]
    first = np.full(bases[-1], len(rows), dtype=np.int64)
    first[every[::-1]] = np.arange(len(rows))[::-1]  # of several that are written the last counts
    order = np.argsort(first, kind="stable")[: int((first < len(rows)).sum())]
    joined, numbers = _Gathered(), np.zeros(bases[-1], dtype=np.int32)
    of_parts = np.searchsorted(bases, order, side="right") - 1
    sets = [part.indptr.tolist() for part in parts]
    codes = [part.codes.tolist() for part in parts]
    places = (order - bases[of_parts]).tolist()
    for at, of, place in zip(order.tolist(), of_parts.tolist(), places, strict=True):
        held = codes[of][sets[of][place] : sets[of][place + 1]]
        values, names = parts[of].values, parts[of].names
        numbers[at] = joined.number([(values[code], names[code]) for code in held])
    joined.rows = array("i", numbers[every].tobytes())
    return joined


def _save(folder: Path, columns: Mapping[str, _Gathered]) -> None:
    for name, column in columns.items():
        flat = [code for held in column.sets for code in held]
        bounds = bounds_of(np.array([len(held) for held in column.sets], dtype=np.int64))
        numbers, codes = np.array(column.rows, dtype=np.int32), np.array(flat, dtype=np.int32)
        written: tuple[NDArray[Any], ...] = (numbers, bounds, codes)
        for part, values in zip(_PARTS, written, strict=True):
            np.save(folder / f"column_{name}{part}.npy", values)
    vocabularies = {
        name: [(value, column.shown[value]) for value in column.codes]
        for name, column in columns.items()
    }
    text = json.dumps(vocabularies, ensure_ascii=False)
    (folder / VOCABULARIES).write_text(text, "utf-8")


Pairs = list[tuple[str, str]]


def _readers(taxonomy: Taxonomy) -> dict[str, Callable[[Entry], Pairs]]:
    """For each facet, how the values of an entry and their display names are read."""
    from kb.model import SECTOR_NAMES, STATUS_NAMES

    themes = {theme.id: theme.name for theme in taxonomy.themes()}
    groups = {group.id: group.name for group in taxonomy.groups}
    group_of = taxonomy.group_of()
    scopes = {"local": "Local", "regional": "Regional", "national": "National"}
    publications = {
        "published": "Published",
        "unpublished": "Unpublished",
        "unknown": "Not known to be published",
    }

    def in_groups(entry: Entry) -> Pairs:
        ids = [group_of[tag.id] for tag in entry.themes if tag.id in group_of]
        return [(group, groups[group]) for group in ids]

    return {
        "theme": lambda entry: [(tag.id, themes.get(tag.id, tag.id)) for tag in entry.themes],
        "group": in_groups,
        "tagged": lambda entry: [(tag.tagged, tag.tagged) for tag in entry.themes],
        "sector": lambda entry: [
            (agency.sector, SECTOR_NAMES[agency.sector])
            for agency in entry.recommendation.lead_agencies
        ],
        "agency": lambda entry: [
            (agency.name, agency.name) for agency in entry.recommendation.lead_agencies
        ],
        "area": lambda entry: _one(entry.review.area),
        "kind": lambda entry: _one(entry.review.kind),
        "status": lambda entry: _one(entry.recommendation.status.value, STATUS_NAMES),
        "open_target": lambda entry: [(day, day) for day in entry.recommendation.open_targets],
        "target_date": lambda entry: _one(entry.recommendation.target_date.date),
        "outcome": lambda entry: _one("stated" if entry.recommendation.has_outcome else None),
        "scope": lambda entry: _one(entry.recommendation.scope.value, scopes),
        "year": lambda entry: _one(
            str(entry.review.year.value) if entry.review.year.value is not None else None
        ),
        "year_of": lambda entry: _one(entry.review.year.of),
        "review": lambda entry: [(entry.review.id, entry.review.title)],
        "publication": lambda entry: _one(entry.review.publication, publications),
    }


def _one(value: str | None, names: dict[str, str] | None = None) -> Pairs:
    if not value:
        return []
    return [(value, (names or {}).get(value, value))]
