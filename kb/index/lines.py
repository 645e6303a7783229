"""Lines of JSON by row, in files of a few megabytes that one generation can share with the next.

For a store ``<name>``: ``<name>-<number>.jsonl`` hold the lines, and ``<name>_places.npy`` (int64,
rows × 4) the file, first byte and end of each row's line, and its CRC-32. A file is kept as it is
where every line in it is still wanted; what stays of another is copied, so that nothing removed
lives on.
"""

from __future__ import annotations

import mmap
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kb.errors import IndexUnreadable
from kb.index.damage import reading
from kb.index.manifest import unreadable

FULL = 4 << 20
LEAST_KEPT = 1 << 20


class Lines:
    """The lines of one store, memory-mapped file by file as they are asked for."""

    def __init__(self, folder: Path, name: str, places: NDArray[np.int64]) -> None:
        """Hold the places; use ``Lines.open``."""
        self._folder = folder
        self._name = name
        self.places = places
        self._maps: dict[int, mmap.mmap | bytes] = {}
        self._paths: dict[int, Path] = {}

    @classmethod
    def open(cls, folder: Path, name: str) -> Lines:
        """Open what was written under this name; raises IndexUnreadable where it is damaged."""
        with reading(f"the {name}", folder):
            places = np.load(folder / f"{name}_places.npy", mmap_mode="r").view(np.ndarray)
            lines = cls(folder, name, places)
            whole = places.dtype == np.int64 and places.shape[1] == 4 and lines._are_whole()
        if not whole:
            raise unreadable(f"the files of the {name} do not belong together", folder)
        return lines

    def _are_whole(self) -> bool:
        """Whether every place can be one, and each file ends where its last line does."""
        numbers, starts, stops, _ = self.places.T
        are_places = (numbers >= 0) & (numbers < len(numbers)) & (starts >= 0) & (starts <= stops)
        if not are_places.all():
            return False
        ends = np.zeros(int(self.places[:, 0].max(initial=-1)) + 1, dtype=np.int64)
        np.maximum.at(ends, self.places[:, 0], self.places[:, 2])
        return all(
            self.path(number).stat().st_size == end for number, end in enumerate(ends.tolist())
        )

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, row: int) -> bytes:
        number, start, end, checksum = self.places[row].tolist()
        line = bytes(self._file(number)[start:end])
        if crc32(line) != checksum:
            raise IndexUnreadable(
                f"line {row} of the {self._name} is damaged",
                place=str(self.path(number)),
                hint="Make everything again with: kb build --relearn",
            )
        return line

    def _file(self, number: int) -> mmap.mmap | bytes:
        if number not in self._maps:
            with reading(f"the {self._name}", self.path(number)):
                self._maps[number] = _map(self.path(number))
        return self._maps[number]

    def hold(self) -> None:
        """Open every file now; what is open stays readable when its name is deleted."""
        for number in np.unique(self.places[:, 0]).tolist():
            self._file(number)

    def path(self, number: int) -> Path:
        """The file with this number."""
        if number not in self._paths:  # making one anew takes longer than reading a line
            self._paths[number] = self._folder / f"{self._name}-{number}.jsonl"
        return self._paths[number]

    def close(self) -> None:
        """Let go of the files."""
        for opened in self._maps.values():
            if isinstance(opened, mmap.mmap):
                opened.close()
        self._maps.clear()


class LinesWriter:
    """Writes lines in row order, beginning a new file whenever one is full."""

    def __init__(self, folder: Path, name: str, *, first: int = 0) -> None:
        """Write under this name, the files numbered from ``first`` on."""
        self._lines = Lines(folder, name, np.zeros((0, 4), dtype=np.int64))
        self._number = first
        self._pending: list[bytes] = []
        self._size = 0
        self._places: list[tuple[int, int, int, int]] = []

    def add(self, line: bytes) -> None:
        """Write the line of the next row."""
        end = self._size + len(line)
        self._places.append((self._number, self._size, end, crc32(line)))
        self._pending.append(line)
        self._size = end
        if end >= FULL:
            self._flush()

    def close(self) -> NDArray[np.int64]:
        """Write what is left; the place of each line: int64[rows, 4]."""
        self._flush()
        return np.array(self._places, dtype=np.int64).reshape(-1, 4)

    def _flush(self) -> None:
        if self._pending:
            self._lines.path(self._number).write_bytes(b"".join(self._pending))
            self._number += 1
            self._pending, self._size = [], 0


def save_places(folder: Path, name: str, places: NDArray[np.int64]) -> None:
    """Write the places of a store's lines, which makes the store whole."""
    np.save(folder / f"{name}_places.npy", places)


def join_lines(folder: Path, name: str, parts: Sequence[Lines], rows: NDArray[np.int64]) -> None:
    """Write a store of lines that stand in others.

    ``rows`` (int64) are the wanted rows, in order, of all parts put one after another.
    """
    bases = np.cumsum([0, *(len(part) for part in parts)])
    places = np.full((int(bases[-1]), 4), -1, dtype=np.int64)
    wanted = np.zeros(int(bases[-1]), dtype=bool)
    wanted[rows] = True
    kept = 0
    for part, base in zip(parts, bases.tolist(), strict=False):
        by_file = np.argsort(part.places[:, 0], kind="stable")
        ends = np.cumsum(np.bincount(part.places[:, 0]))
        for number, inside in enumerate(np.split(by_file, ends[:-1])):
            path, is_wanted = part.path(number), wanted[base + inside]
            if len(inside) and is_wanted.all() and path.stat().st_size >= LEAST_KEPT:
                share_file(path, folder / f"{name}-{kept}.jsonl")
                places[base + inside] = part.places[inside]
                places[base + inside, 0] = kept
                kept += 1
    writer = LinesWriter(folder, name, first=kept)
    left = rows[places[rows, 0] < 0]
    part_of = np.searchsorted(bases, left, side="right") - 1
    for row, at in zip(left.tolist(), part_of.tolist(), strict=True):
        writer.add(parts[at][row - int(bases[at])])
    places[left] = writer.close()
    save_places(folder, name, places[rows])


def share_file(path: Path, new: Path) -> None:
    """Give a file that never changes a second name; a copy where the disk knows no such thing."""
    try:
        os.link(path, new)
    except OSError:
        shutil.copyfile(path, new)


def _map(path: Path) -> mmap.mmap | bytes:
    if path.stat().st_size == 0:
        return b""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
