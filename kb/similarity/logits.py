"""Two sorts of model that say how likely a pair is something: a weighted sum, and small trees.

Both take many pairs at once, as a table ``float64[features, pairs]`` with a row for each of
``FEATURES``. Where some features are not known yet, one table gives the least and another the
greatest value that each may have; what a model then says at most is found by the same arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.similarity.features import FEATURES

Table = NDArray[np.float64]
# A tree is a number, or (feature, edge, tree up to the edge, tree beyond it).
Tree = float | tuple[str, float, Any, Any]

OVER = " over "
_BLOCK = 512  # pairs, so that what is known of all nodes of trees stays in the cache
PLACE = {name: at for at, name in enumerate(FEATURES)}


def table_of(pairs: Sequence[Mapping[str, float]]) -> Table:
    """The features of pairs as a table; one that is not given counts as 0."""
    rows = [[features.get(name, 0.0) for name in FEATURES] for features in pairs]
    return np.array(rows, dtype=np.float64).reshape(len(pairs), len(FEATURES)).T.copy()


def values_of(names: Sequence[str], table: Table) -> list[Table]:
    """The values of features, or of what they have beyond an edge: float64[pairs] for each name."""
    parted = [name.partition(OVER) for name in names]
    return [
        np.maximum(0.0, table[PLACE[bare]] - float(edge)) if edge else table[PLACE[bare]]
        for bare, _, edge in parted
    ]


@dataclass(frozen=True)
class Linear:
    """``bias + Σ weight · value``; the value of "edit over 0.6" is what ``edit`` has beyond 0.6."""

    bias: float
    weights: Mapping[str, float]

    def logit(self, features: Mapping[str, float]) -> float:
        """The sum for a pair; a feature that is not given counts as 0."""
        table = table_of([features])
        return float(self.highest(table, table)[0])

    def highest(self, low: Table, high: Table) -> NDArray[np.float64]:
        """The greatest sum for each pair whose features lie between two tables."""
        terms = self._terms
        values = np.where(terms.weights > 0, high[terms.places], low[terms.places]) - terms.edges
        return self.bias + _sums(terms.weights * np.maximum(values, terms.least))

    @cached_property
    def _terms(self) -> _Terms:
        parted = [name.partition(OVER) for name in self.weights]
        edges = np.array([[float(edge or 0)] for _, _, edge in parted]).reshape(-1, 1)
        return _Terms(
            places=np.array([PLACE[bare] for bare, _, _ in parted], dtype=np.int64),
            edges=edges,
            least=np.where(edges > 0, 0.0, -np.inf),
            weights=np.array([*self.weights.values()], dtype=np.float64).reshape(-1, 1),
        )


class _Terms(NamedTuple):
    """The place of each feature, its edge (0 where the whole value counts), what it has beyond
    that at least, and its weight: one row each."""

    places: NDArray[np.int64]
    edges: NDArray[np.float64]
    least: NDArray[np.float64]
    weights: NDArray[np.float64]


@dataclass(frozen=True)
class Trees:
    """``bias + Σ tree``: small decision trees, each of which sees what those before it missed."""

    bias: float
    trees: tuple[Tree, ...]

    def logit(self, features: Mapping[str, float]) -> float:
        """The sum for a pair; a feature that is not given counts as 0."""
        table = table_of([features])
        return float(self.highest(table, table)[0])

    def highest(self, low: Table, high: Table) -> NDArray[np.float64]:
        """The greatest sum for each pair whose features lie between two tables."""
        blocks = range(0, low.shape[1], _BLOCK)
        parts = [
            self._highest(low[:, at : at + _BLOCK], high[:, at : at + _BLOCK]) for at in blocks
        ]
        return np.concatenate([np.zeros(0), *parts])

    def _highest(self, low: Table, high: Table) -> NDArray[np.float64]:
        nodes = self._nodes
        best = np.repeat(nodes.value[:, None], low.shape[1], axis=1)
        for forks in nodes.forks:
            edge, feature = nodes.edge[forks, None], nodes.feature[forks]
            stays = np.where(low[feature] <= edge, best[nodes.lower[forks]], -np.inf)
            goes_on = np.where(high[feature] > edge, best[nodes.higher[forks]], -np.inf)
            best[forks] = np.maximum(stays, goes_on)
        return self.bias + _sums(best[nodes.roots])

    @cached_property
    def _nodes(self) -> _Nodes:
        """All trees as arrays, so that all are walked at once."""
        return _Nodes.of(self.trees)


@dataclass(frozen=True)
class _Nodes:
    """Nodes of many trees one after another; ``forks`` are those of each height, lowest first."""

    roots: NDArray[np.int64]
    forks: tuple[NDArray[np.int64], ...]
    feature: NDArray[np.int64]
    edge: NDArray[np.float64]
    lower: NDArray[np.int64]
    higher: NDArray[np.int64]
    value: NDArray[np.float64]

    @classmethod
    def of(cls, trees: Sequence[Tree]) -> _Nodes:
        rows: list[tuple[int, float, int, int, float]] = []
        heights: list[int] = []

        def add(tree: Tree) -> int:
            at = len(rows)
            heights.append(0)
            if isinstance(tree, float | int):
                rows.append((0, math.inf, at, at, float(tree)))
                return at
            rows.append((0, 0.0, at, at, 0.0))
            name, edge, lower, higher = tree
            rows[at] = (PLACE[name], edge, add(lower), add(higher), 0.0)
            heights[at] = 1 + max(heights[child] for child in rows[at][2:4])
            return at

        roots = np.array([add(tree) for tree in trees], dtype=np.int64)
        columns = [np.array(column) for column in zip(*rows, strict=True)] or [np.zeros(0)] * 5
        feature, lower, higher = (columns[at].astype(np.int64) for at in (0, 2, 3))
        of_height = [
            np.flatnonzero(np.array(heights) == h) for h in range(1, max(heights, default=0) + 1)
        ]
        return cls(roots, tuple(of_height), feature, columns[1], lower, higher, columns[4])


def _sums(rows: Table) -> NDArray[np.float64]:
    """The sum of each column, added up in order, so that it does not depend on the others."""
    if not len(rows):
        return np.zeros(rows.shape[1])
    sums: NDArray[np.float64] = np.add.accumulate(rows, axis=0)[-1]
    return sums


def names_in(tree: Tree) -> set[str]:
    """The features that a tree asks for."""
    if isinstance(tree, float | int):
        return set()
    return {tree[0]} | names_in(tree[2]) | names_in(tree[3])


def read_tree(stored: Any) -> Tree:
    """A tree as JSON holds it."""
    if isinstance(stored, float | int):
        return float(stored)
    name, edge, lower, higher = stored
    return (str(name), float(edge), read_tree(lower), read_tree(higher))
