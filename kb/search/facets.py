"""Facet counts: how many found recommendations carry each value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kb.index.columns import Columns, Mask
from kb.search.engine import FacetCount


def count_facets(
    columns: Columns, names: Sequence[str], found: Mask, masks: Mapping[str, Mask]
) -> dict[str, tuple[FacetCount, ...]]:
    """The counts of each facet, most frequent first.

    ``found`` is what the query matches before filters. Each facet leaves out its own filter, so
    that a person sees what else could be chosen.
    """
    result: dict[str, tuple[FacetCount, ...]] = {}
    everything = narrowed(found, masks)
    for name in names:
        rows = everything
        if name in masks:
            rows = narrowed(found, {other: mask for other, mask in masks.items() if other != name})
        column = columns[name]
        counts = column.counts(rows)
        counted = [
            FacetCount(column.values[code], column.names[code], int(counts[code]))
            for code in np.flatnonzero(counts)
        ]
        result[name] = tuple(sorted(counted, key=lambda facet: (-facet.count, facet.value)))
    return result


def narrowed(found: Mask, masks: Mapping[str, Mask]) -> Mask:
    """What is left of the found rows under every mask."""
    result = found
    for mask in masks.values():
        result = result & mask
    return result
