"""Facet counts: how many found recommendations carry each value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kb.index.columns import Column, Columns, Mask
from kb.search.engine import FacetCount


def count_facets(
    columns: Columns, names: Sequence[str], found: Mask, masks: Mapping[str, Mask]
) -> dict[str, tuple[FacetCount, ...]]:
    """The counts of each facet, most frequent first.

    ``found`` is what the query matches before filters. Each facet leaves out its own filter, so
    that a person sees what else could be chosen.
    """
    if not names:
        return {}
    everything = np.flatnonzero(narrowed(found, masks))
    result: dict[str, tuple[FacetCount, ...]] = {}
    for name in names:
        rows = everything
        if name in masks:
            others = {other: mask for other, mask in masks.items() if other != name}
            rows = np.flatnonzero(narrowed(found, others))
        result[name] = _counted(columns[name], rows)
    return result


def narrowed(found: Mask, masks: Mapping[str, Mask]) -> Mask:
    """What is left of the found rows under every mask."""
    result = found
    for mask in masks.values():
        result = result & mask
    return result


def _counted(column: Column, rows: NDArray[np.intp]) -> tuple[FacetCount, ...]:
    counts = column.counts(rows)[column.by_value]
    order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
    codes = column.by_value[order].tolist()
    values = map(column.values.__getitem__, codes)
    names = map(column.names.__getitem__, codes)
    return tuple(map(_facet_count, zip(values, names, counts[order].tolist(), strict=True)))


# Hundreds stand on a page: made in one step each, past the constructor that Python runs.
_facet_count = partial(tuple.__new__, FacetCount)
