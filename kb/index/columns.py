"""Columns of small integer codes, one a facet, on which filters and counts are array sums.

For a facet ``<name>``: ``column_<name>.npy`` (int32 codes, row after row) and
``column_<name>_indptr.npy`` (int64, rows + 1); a row holds none, one or several codes. The values
and their display names stand in ``columns.json`` as ``{name: [[value, display], …]}`` by code.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kb.index.manifest import unreadable
from kb.index.ragged import bounds_of, places_of

if TYPE_CHECKING:
    from kb.model import Entry, Taxonomy

VOCABULARIES = "columns.json"

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """One facet of every row.

    ``codes`` (int32) and ``indptr`` (int64, rows + 1) say which values a row has; ``values`` and
    ``names`` (for display) go by code.
    """

    codes: NDArray[np.int32]
    indptr: NDArray[np.int64]
    values: tuple[str, ...]
    names: tuple[str, ...]

    @cached_property
    def _row_of_code(self) -> NDArray[np.intp]:
        rows = len(self.indptr) - 1
        return np.repeat(np.arange(rows, dtype=np.intp), np.diff(self.indptr))

    def counts(self, matching: Mask) -> NDArray[np.intp]:
        """How many matching rows carry each value: shape (values,), by code."""
        chosen = self.codes[matching[self._row_of_code]]
        return np.bincount(chosen, minlength=len(self.values))

    def rows_with(self, codes: Iterable[int]) -> Mask:
        """Which rows carry any of these codes: shape (rows,)."""
        mask = np.zeros(len(self.indptr) - 1, dtype=bool)
        wanted = np.zeros(len(self.values), dtype=bool)
        wanted[list(codes)] = True
        mask[self._row_of_code[wanted[self.codes]]] = True
        return mask

    def first(self, missing: int = -1) -> NDArray[np.int64]:
        """The first code of each row, ``missing`` where it has none: shape (rows,)."""
        result = np.full(len(self.indptr) - 1, missing, dtype=np.int64)
        filled = np.diff(self.indptr) > 0
        result[filled] = self.codes[self.indptr[:-1][filled]]
        return result


class Columns:
    """Every column of a generation, each read when first asked for."""

    def __init__(self, folder: Path, rows: int) -> None:
        """Read the vocabularies; raises IndexUnreadable if they are damaged."""
        self._folder = folder
        self._rows = rows
        self._read: dict[str, Column] = {}
        try:
            self._vocabularies = json.loads((folder / VOCABULARIES).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise unreadable(f"the columns cannot be read ({error})", folder) from error

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
        return tuple(sorted((str(value), str(shown)) for value, shown in self._vocabularies[name]))

    def _open(self, name: str) -> Column:
        try:
            codes = np.load(self._folder / f"column_{name}.npy", mmap_mode="r")
            indptr = np.load(self._folder / f"column_{name}_indptr.npy", mmap_mode="r")
            pairs = self._vocabularies[name]
            values = tuple(str(value) for value, _ in pairs)
            names = tuple(str(shown) for _, shown in pairs)
        except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
            raise unreadable(f"the column {name!r} is damaged ({error})", self._folder) from error
        if len(indptr) != self._rows + 1 or int(indptr[-1]) != len(codes):
            raise unreadable(f"the column {name!r} does not fit the records", self._folder)
        return Column(codes, indptr, values, names)


class ColumnsWriter:
    """Gathers every column, row by row."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        """Name themes and groups as the taxonomy does."""
        self._readers = _readers(taxonomy)
        self._codes: dict[str, dict[str, int]] = {name: {} for name in self._readers}
        self._names: dict[str, list[tuple[str, str]]] = {name: [] for name in self._readers}
        self._flat = {name: array("i") for name in self._readers}
        self._bounds = {name: array("q", [0]) for name in self._readers}

    def add(self, entry: Entry) -> None:
        """Add the next row."""
        for name, read in self._readers.items():
            codes, flat = self._codes[name], self._flat[name]
            for value, shown in dict(read(entry)).items():
                if value not in codes:
                    codes[value] = len(codes)
                    self._names[name].append((value, shown))
                flat.append(codes[value])
            self._bounds[name].append(len(flat))

    def save(self, folder: Path) -> None:
        """Write the files."""
        for name, flat in self._flat.items():
            _save_column(folder, name, np.array(flat), np.array(self._bounds[name]))
        _save_vocabularies(folder, self._names)


def join_columns(folder: Path, parts: Sequence[Columns], rows: NDArray[np.int64]) -> None:
    """Write the wanted rows, in order, of all parts put one after another.

    Values are numbered in the order in which the rows have them, as where all are written at once.
    """
    vocabularies: dict[str, list[tuple[str, str]]] = {}
    for name in parts[0].names if parts else ():
        pieces = [part[name] for part in parts]
        shown = {v: n for piece in pieces for v, n in zip(piece.values, piece.names, strict=True)}
        place = {value: at for at, value in enumerate(shown)}
        maps = [np.array([place[v] for v in piece.values], dtype=np.int64) for piece in pieces]
        every = np.concatenate([to[piece.codes] for to, piece in zip(maps, pieces, strict=True)])
        bounds = bounds_of(np.concatenate([np.diff(piece.indptr) for piece in pieces]))
        flat = every[places_of(bounds, rows)]
        found, first, codes = np.unique(flat, return_index=True, return_inverse=True)
        order = np.argsort(first)
        new = np.empty(len(found), dtype=np.int64)
        new[order] = np.arange(len(found))
        values = list(shown.items())
        vocabularies[name] = [values[at] for at in found[order].tolist()]
        _save_column(folder, name, new[codes], bounds_of(np.diff(bounds)[rows]))
    _save_vocabularies(folder, vocabularies)


def _save_column(
    folder: Path, name: str, codes: NDArray[np.integer], bounds: NDArray[np.integer]
) -> None:
    np.save(folder / f"column_{name}.npy", codes.astype(np.int32))
    np.save(folder / f"column_{name}_indptr.npy", bounds.astype(np.int64))


def _save_vocabularies(folder: Path, vocabularies: dict[str, list[tuple[str, str]]]) -> None:
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
        "scope": lambda entry: _one(entry.recommendation.scope.value, scopes),
        "year": lambda entry: _one(
            str(entry.review.year.value) if entry.review.year.value is not None else None
        ),
        "review": lambda entry: [(entry.review.id, entry.review.title)],
        "publication": lambda entry: _one(entry.review.publication, publications),
    }


def _one(value: str | None, names: dict[str, str] | None = None) -> Pairs:
    if not value:
        return []
    return [(value, (names or {}).get(value, value))]
