"""The recommendations of a generation, one JSON line each, found by row or id without reading all.

Files: ``records.jsonl``; ``record_offsets.npy`` (int64, rows + 1, bytes into it); ``ids.npy``
(fixed-width bytes, by row) and ``id_order.npy`` (int32, the rows sorted by id).
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from kb.index.columns import Columns, write_columns
from kb.index.manifest import unreadable

if TYPE_CHECKING:
    from kb.model import Entry, Taxonomy

LINES = "records.jsonl"
OFFSETS = "record_offsets.npy"
IDS = "ids.npy"
ORDER = "id_order.npy"
# The first such key of a line is the recommendation's: within a string its quotes are escaped.
_TEXT = '"text":'
_decoder = json.JSONDecoder()


def write_records(folder: Path, entries: Iterable[Entry], taxonomy: Taxonomy) -> int:
    """Write the records and the counting columns of a build; returns how many there are.

    The row of an entry is its place in ``entries``.
    """
    offsets = [0]
    ids: list[bytes] = []
    kept: list[Entry] = []
    with (folder / LINES).open("wb") as file:
        for entry in entries:
            line = entry.model_dump_json().encode() + b"\n"
            file.write(line)
            offsets.append(offsets[-1] + len(line))
            ids.append(entry.id.encode())
            kept.append(entry)
    by_row = np.array(ids, dtype=np.bytes_) if ids else np.empty(0, "S1")
    np.save(folder / OFFSETS, np.array(offsets, dtype=np.int64))
    np.save(folder / IDS, by_row)
    np.save(folder / ORDER, np.argsort(by_row, kind="stable").astype(np.int32))
    write_columns(folder, kept, taxonomy)
    return len(ids)


class Records:
    """All recommendations of one generation, memory-mapped."""

    def __init__(
        self,
        folder: Path,
        lines: mmap.mmap | bytes,
        offsets: NDArray[np.int64],
        ids: NDArray[np.bytes_],
        order: NDArray[np.int32],
    ) -> None:
        """Hold the open files; use ``Records.open``."""
        self.folder = folder
        self._lines = lines
        self._offsets = offsets
        self._ids = ids
        self._order = order

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the records of a generation's folder; raises IndexUnreadable if they are damaged."""
        try:
            lines = _map(folder / LINES)
            offsets, ids, order = (
                np.load(folder / name, mmap_mode="r", allow_pickle=False).view(np.ndarray)
                for name in (OFFSETS, IDS, ORDER)
            )
        except (OSError, ValueError, EOFError) as error:
            raise unreadable(f"the records cannot be read ({error})", folder) from error
        if not len(offsets) - 1 == len(ids) == len(order) or int(offsets[-1]) != len(lines):
            raise unreadable("the records' files do not belong together", folder)
        return cls(folder, lines, offsets, ids, order)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file of records."""
        if isinstance(self._lines, mmap.mmap):
            self._lines.close()

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[Entry]:
        return (self.entry(row) for row in range(len(self)))

    @cached_property
    def columns(self) -> Columns:
        """The codes and names that filters and facet counts work on."""
        return Columns(self.folder, len(self))

    def id(self, row: int) -> str:
        """The id of the recommendation in a row."""
        return bytes(self._ids[row]).decode()

    def row(self, id: str) -> int | None:  # noqa: A002  (the word that DESIGN fixes)
        """The row of the recommendation with this id, or None."""
        key = id.encode()
        at = int(np.searchsorted(self._ids, np.bytes_(key), sorter=self._order))
        if at == len(self):
            return None
        row = int(self._order[at])
        return row if bytes(self._ids[row]) == key else None

    def json(self, row: int) -> dict[str, Any]:
        """The entry in a row as plain JSON data, in the shape of ``Entry``."""
        start, end = int(self._offsets[row]), int(self._offsets[row + 1])
        try:
            data = json.loads(self._lines[start:end].decode())
        except ValueError as error:
            raise unreadable(f"record {row} is damaged ({error})", self.folder / LINES) from error
        if not isinstance(data, dict):
            raise unreadable(f"record {row} is damaged", self.folder / LINES)
        return data

    def text(self, row: int) -> str:
        """The text of the recommendation in a row, as printed; no more of its line is read."""
        start, end = int(self._offsets[row]), int(self._offsets[row + 1])
        try:
            line = self._lines[start:end].decode()
            text, _ = _decoder.raw_decode(line, line.index(_TEXT) + len(_TEXT))
        except ValueError as error:
            raise unreadable(f"record {row} is damaged ({error})", self.folder / LINES) from error
        return str(text)

    def entry(self, row: int) -> Entry:
        """The entry in a row; raises IndexUnreadable if it is not one."""
        from pydantic import ValidationError

        from kb.model import Entry

        try:
            return Entry.model_validate(self.json(row))
        except ValidationError as error:
            raise unreadable(f"record {row} is damaged", self.folder / LINES) from error


def _map(path: Path) -> mmap.mmap | bytes:
    if path.stat().st_size == 0:
        return b""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
