"""Rows of unlike length, kept as one flat array and the bounds of each row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bounds = NDArray[np.int64]


def bounds_of(lengths: NDArray[np.integer]) -> Bounds:
    """Where rows of these lengths begin and end: int64[rows + 1]."""
    bounds = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=bounds[1:])
    return bounds


def are_bounds(bounds: NDArray[np.integer], size: int) -> bool:
    """Whether these can be the bounds of rows in a flat array of a size."""
    is_whole = bounds.dtype.kind == "i" and bounds.ndim == 1 and len(bounds) > 0
    return is_whole and bool(bounds[0] == 0 and bounds[-1] == size and (np.diff(bounds) >= 0).all())


def are_within(numbers: NDArray[np.integer], size: int) -> bool:
    """Whether all of these are numbers from 0 on, below a size."""
    is_whole = numbers.dtype.kind == "i" and numbers.ndim == 1
    return is_whole and (not len(numbers) or 0 <= numbers.min() <= numbers.max() < size)


def places_of(bounds: NDArray[np.integer], rows: NDArray[np.integer]) -> NDArray[np.int64]:
    """The places in the flat array of some rows, in their order."""
    starts = bounds[:-1][rows].astype(np.int64)
    lengths = bounds[1:][rows].astype(np.int64) - starts
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    within = np.repeat(starts - (ends - lengths), lengths)
    places: NDArray[np.int64] = np.arange(total, dtype=np.int64) + within
    return places


def distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each value once, ascending; numpy's own ``unique`` takes many times as long for many."""
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]
