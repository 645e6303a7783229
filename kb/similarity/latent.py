"""Latent vectors of stored texts: what each is about, as a direction, whatever its words.

``latent.npy`` is int8[n, d]: rows of length 127 (or 0), in the measure of the model that tagged
them. The check asks for the cosine of a draft's vector with all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.errors import IndexUnreadable
from kb.index.arrays import load_array, save_array

LATENT = "latent"
_LENGTH = 127.0

Vector = NDArray[np.float32]


def save_latent(place: Path, vectors: Sequence[NDArray[np.float32]]) -> None:
    """Write the vectors of rows, float32[rows, d] of length 1 (or 0), one batch after another."""
    packed = [np.rint(some * _LENGTH).astype(np.int8) for some in vectors]
    save_array(place, LATENT, np.concatenate([*packed, np.zeros((0, _width(packed)), np.int8)]))


def join_latent(place: Path, parts: Sequence[Path], rows: NDArray[np.int64]) -> None:
    """Write the wanted rows, in order, of all parts put one after another."""
    stored = [load_array(part, LATENT) for part in parts]
    filled = [some for some in stored if len(some)]
    every = np.concatenate([*filled, np.zeros((0, _width(filled)), np.int8)])
    save_array(place, LATENT, every[rows])


def _width(parts: Sequence[NDArray[np.int8]]) -> int:
    return parts[0].shape[1] if parts else 0


def open_latent(place: Path) -> DirectionArray:
    """Open what ``save_latent`` wrote; raises IndexUnreadable."""
    return DirectionArray(load_array(place, LATENT), _LENGTH)


@dataclass(frozen=True)
class DirectionArray:
    """Directions of all rows, memory-mapped: int8[n, d], each of this ``length`` or 0."""

    rows: NDArray[np.int8]
    length: float

    def __len__(self) -> int:
        return len(self.rows)

    def of(self, row: int) -> Vector:
        """The vector of a stored text, float32[d] of length 1 (or 0)."""
        return np.asarray(self.rows[row]).astype(np.float32) / np.float32(self.length)

    def cosine(self, a: int, b: int) -> float:
        """Cosine of two stored texts."""
        return min(1.0, float(self.of(a) @ self.of(b)))

    def between(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
        """Cosines of pairs of stored texts, ``float64[n]``."""
        found = np.einsum("ij,ij->i", self._floats[first], self._floats[second])
        cosines: NDArray[np.float64] = found.astype(np.float64) / self.length**2
        return np.minimum(cosines, 1.0)

    def cosines(self, vector: Vector) -> NDArray[np.float64]:
        """Cosine of a text's vector and of each stored one, ``float64[n]``."""
        if not len(self):
            return np.zeros(0)
        if vector.shape != self.rows.shape[1:]:
            raise IndexUnreadable(
                "the model and the arrays of the duplicate check do not fit together",
                hint="Run `kb build --relearn` to make both again.",
            )
        # Not ``@``: for so little work the threads of BLAS mostly wait for each other.
        found = np.einsum("ij,j->i", self._floats, vector / np.float32(self.length))
        cosines: NDArray[np.float64] = np.minimum(found, 1.0, dtype=np.float64)
        return cosines

    @cached_property
    def _floats(self) -> NDArray[np.float32]:
        return np.asarray(self.rows).astype(np.float32)
