"""How surely a text speaks of the field of these reviews at all, whatever it says of it.

Texts on something else lean to no theme in particular, and so, faintly, to the same ones as many
others do. Words tell better: a logistic model of which words texts of the field have and others
have not, learnt from practice texts and from fictional ones on bread, road works or dentists.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

_ROUNDED = 4
_LEAST_WEIGHT = 0.01
_PARTS = 5

Keys = Collection[str]


@dataclass(frozen=True)
class Field:
    """The weight of each word key, by which a text of ``n`` keys is told: ``Σ weight / √n``."""

    bias: float
    weights: Mapping[str, float]

    def holds(self, keys: Keys) -> float:
        """How surely a text of these word keys is of the field, in [0, 1]."""
        total = sum(self.weights.get(key, 0.0) for key in keys)
        logit = self.bias + total / math.sqrt(max(1, len(keys)))
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))


def learn_field(inside: Sequence[Keys], outside: Sequence[Keys]) -> Field:
    """Learn from the word keys of texts of the field and of others; either sort counts the same."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    texts = [*inside, *outside]
    number = {key: at for at, key in enumerate(sorted({key for keys in texts for key in keys}))}
    bounds = np.cumsum([0, *(len(keys) for keys in texts)])
    places = [number[key] for keys in texts for key in keys]
    values = np.repeat(1 / np.sqrt(np.maximum(1, np.diff(bounds))), np.diff(bounds))
    labels = np.arange(len(texts)) < len(inside)
    counts = np.where(labels, 1.0, len(inside) / max(1, len(outside)))
    model = LogisticRegression(max_iter=300)
    matrix = csr_matrix((values, places, bounds), shape=(len(texts), len(number)))
    with threadpool_limits(1, "blas"):
        model.fit(matrix, labels, sample_weight=counts)
    found = zip(number, model.coef_[0].tolist(), strict=True)
    weights = {key: round(w, _ROUNDED) for key, w in found if abs(w) >= _LEAST_WEIGHT}
    return Field(round(float(model.intercept_[0]), _ROUNDED), weights)


def held_out(inside: Sequence[Keys], outside: Sequence[Keys]) -> list[float]:
    """What is said of each of the others by a field that was learnt without it."""
    found = [0.0] * len(outside)
    for part in range(min(_PARTS, len(outside))):
        field = learn_field(
            inside, [keys for at, keys in enumerate(outside) if at % _PARTS != part]
        )
        for at in range(part, len(outside), _PARTS):
            found[at] = field.holds(outside[at])
    return found
