"""The recommendations of a generation, one JSON line each, found by row or id without reading all.

Files: the lines ``records`` (see ``lines.py``); ``ids.npy`` (fixed-width bytes, by row) and
``id_order.npy`` (int32, the rows sorted by id).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from kb.errors import IndexUnreadable
from kb.index.columns import Columns, ColumnsWriter, join_columns
from kb.index.damage import reading
from kb.index.lines import Lines, LinesWriter, join_lines, save_places
from kb.index.manifest import unreadable

if TYPE_CHECKING:
    from kb.model import Entry, Taxonomy

LINES = "records"
IDS = "ids.npy"
ORDER = "id_order.npy"
# The first such key of a line is the recommendation's: within a string its quotes are escaped.
_TEXT = b'"text":"'
_decoder = json.JSONDecoder()


class RecordsWriter:
    """Writes the records and columns of a folder, row by row."""

    def __init__(self, folder: Path, taxonomy: Taxonomy) -> None:
        """Write into this folder, with the display names that the taxonomy gives."""
        self._folder = folder
        self._lines = LinesWriter(folder, LINES)
        self._ids: list[bytes] = []
        self._columns = ColumnsWriter(taxonomy)

    def add(self, entry: Entry) -> None:
        """Add the next row."""
        self._lines.add(entry.model_dump_json().encode() + b"\n")
        self._ids.append(entry.id.encode())
        self._columns.add(entry)

    def close(self) -> int:
        """Write what is left; returns how many rows there are."""
        save_places(self._folder, LINES, self._lines.close())
        _save_ids(self._folder, np.array(self._ids, dtype=np.bytes_) if self._ids else _NO_IDS)
        self._columns.save(self._folder)
        return len(self._ids)


def join_records(folder: Path, parts: Sequence[Records], rows: NDArray[np.int64]) -> None:
    """Write the wanted rows, in order, of all parts put one after another."""
    join_lines(folder, LINES, [part.lines for part in parts], rows)
    _save_ids(folder, np.concatenate([_NO_IDS, *(part.ids for part in parts)])[rows])
    join_columns(folder, [part.columns for part in parts], rows)


_NO_IDS = np.empty(0, "S1")


def _save_ids(folder: Path, ids: NDArray[np.bytes_]) -> None:
    np.save(folder / IDS, ids)
    np.save(folder / ORDER, np.argsort(ids, kind="stable").astype(np.int32))


class Records:
    """All recommendations of one generation, memory-mapped."""

    def __init__(
        self,
        folder: Path,
        lines: Lines,
        ids: NDArray[np.bytes_],
        order: NDArray[np.int32],
    ) -> None:
        """Hold the open files; use ``Records.open``."""
        self.folder = folder
        self.lines = lines
        self.ids = ids
        self._order = order

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the records of a generation's folder; raises IndexUnreadable if they are damaged."""
        lines = Lines.open(folder, LINES)
        with reading("the records", folder):
            ids, order = (
                np.load(folder / name, mmap_mode="r", allow_pickle=False).view(np.ndarray)
                for name in (IDS, ORDER)
            )
            fits = len(lines) == len(ids) == len(order) and ids.dtype.kind == "S"
            fits = fits and bool((np.bincount(order, minlength=len(ids)) == 1).all())
        if not fits:
            raise unreadable("the records' files do not belong together", folder)
        return cls(folder, lines, ids, order)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files of records."""
        self.lines.close()

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Entry]:
        return (self.entry(row) for row in range(len(self)))

    @cached_property
    def columns(self) -> Columns:
        """The codes and names that filters and facet counts work on."""
        return Columns(self.folder, len(self))

    def id(self, row: int) -> str:
        """The id of the recommendation in a row."""
        with reading("the records", self.folder):
            return bytes(self.ids[row]).decode()

    def row(self, id: str) -> int | None:  # noqa: A002  (the word that DESIGN fixes)
        """The row of the recommendation with this id, or None."""
        key = id.encode()
        at = int(np.searchsorted(self.ids, np.bytes_(key), sorter=self._order))
        if at == len(self):
            return None
        row = int(self._order[at])
        return row if bytes(self.ids[row]) == key else None

    def json(self, row: int) -> dict[str, Any]:
        """The entry in a row as plain JSON data, in the shape of ``Entry``."""
        try:
            data = json.loads(self.lines[row].decode())
        except ValueError as error:
            raise self._damaged(row) from error
        if not isinstance(data, dict):
            raise self._damaged(row)
        return data

    def text(self, row: int) -> str:
        """The text of the recommendation in a row, as printed; no more of its line is read."""
        line = self.lines[row]
        try:
            start = line.index(_TEXT) + len(_TEXT)
            text = line[start : line.index(b'"', start)]
            if b"\\" not in text:
                return text.decode()
            escaped, _ = _decoder.raw_decode(line[start - 1 :].decode())
        except ValueError as error:
            raise self._damaged(row) from error
        return str(escaped)

    def entry(self, row: int) -> Entry:
        """The entry in a row; raises IndexUnreadable if it is not one."""
        from pydantic import ValidationError

        from kb.model import Entry

        try:
            return Entry.model_validate(self.json(row))
        except ValidationError as error:
            raise self._damaged(row) from error

    def _damaged(self, row: int) -> IndexUnreadable:
        """The error for a line that is none; a plain build would keep it as it is."""
        return IndexUnreadable(
            f"record {row} is damaged",
            place=str(self.folder / LINES),
            hint="Make everything again with: kb build --relearn",
        )
