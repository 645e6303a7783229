"""The stored texts whose vectors are nearest to a draft's, exactly, most of them not computed.

N-grams that stand in many texts take most of the work and tell least. The cosine without them, and
how long the draft's vector is in them, bounds the whole from above: they are counted only for texts
that may be among the nearest.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.similarity.latent import Vector
from kb.similarity.queries import Floats
from kb.similarity.reading import Reading
from kb.similarity.store import Cosines, Similarity
from kb.similarity.words import grams

Rows = NDArray[np.int64]
_COMMON = 0.15  # of all texts
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Nearest:
    """Some rows of an index, ascending, and their cosines with a draft."""

    rows: Rows
    cosines: Cosines

    def at(self, places: Rows) -> Nearest:
        """Some of them, by their places."""
        return Nearest(self.rows[places], self.cosines.at(places))


@dataclass(frozen=True)
class Sought:
    """A draft by its words and by those of its other vectors that are known."""

    reading: Reading
    latent: Vector | None = None
    sentence: Vector | None = None


def nearest(
    similarity: Similarity, sought: Sought, rows: Rows, count: int, always: Collection[int] = ()
) -> Nearest:
    """The rows of these (ascending) that are nearest by their cosines together, so many of them.

    Of rows as near as each other the earlier ones are taken. Those ``always`` wanted come with
    them, near or not.
    """
    vectors, every = similarity.gram_vectors, similarity.cosines_beside
    rare, common = vectors.query(grams(sought.reading.normal)).within(_COMMON * len(similarity))
    partly = every(vectors.cosines(rare), sought.reading, sought.latent, sought.sentence)
    least = partly.together[rows]
    first = np.sort(_largest(least, count))
    edge = np.min(least[first] + vectors.cosines_at(common, rows[first]), initial=np.inf)
    wanted = np.isin(rows, list(always))
    may_be = rows[wanted | (least + common.length >= edge - _ROUNDING)]
    found = partly.at(may_be).with_characters(vectors.cosines_at(common, may_be))
    chosen = np.isin(may_be, list(always))
    chosen[_largest(found.together, count)] = True
    return Nearest(may_be[chosen], found.at(np.flatnonzero(chosen)))


def _largest(values: Floats, count: int) -> Rows:
    """Places of the largest values, the earlier first among equals."""
    if len(values) > count:
        edge = np.partition(values, len(values) - count)[len(values) - count]
        above = np.flatnonzero(values > edge)
        level = np.flatnonzero(values == edge)[: count - len(above)]
        return np.concatenate([above, level])
    return np.arange(len(values))
