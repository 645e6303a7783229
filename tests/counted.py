"""The words of a few documents as a matrix of counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from kb.index.arrays import SparseMatrix
from kb.index.ragged import bounds_of


def counts_of(documents: Sequence[Sequence[str]]) -> SparseMatrix:
    """How often each word, in order of the alphabet, stands in each document."""
    words = sorted({word for document in documents for word in document})
    counts = [sorted(Counter(map(words.index, document)).items()) for document in documents]
    pairs = np.array([pair for held in counts for pair in held], dtype=np.int64).reshape(-1, 2)
    return SparseMatrix(
        bounds_of(np.array([len(held) for held in counts], dtype=np.int64)),
        pairs[:, 0].astype(np.int32),
        pairs[:, 1].astype(np.float32),
        len(words),
    )
