"""Near copies: texts so alike that one of them gives the other's tags away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kb.tagging.learning import same_text_key

NEAR_COPY = 0.6  # cosine; two texts on one subject by chance are under 0.3
_LETTERS = 4
_BLOCK = 512


def near_copies(
    texts: Sequence[str], others: Sequence[str], least: float = NEAR_COPY
) -> npt.NDArray[np.bool_]:
    """Which of ``others`` nearly copies each text: bool[texts, others].

    A near copy is the same after normalising, or has a cosine of at least ``least`` in strings of
    four letters within words, weighted by (1 + ln tf) · idf over all of these texts.
    """
    copies = _same(texts, others)
    if not texts or not others:
        return copies
    from sklearn.feature_extraction.text import TfidfVectorizer

    different = sorted({*texts, *others})
    place = {text: at for at, text in enumerate(different)}
    letters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(_LETTERS, _LETTERS), sublinear_tf=True, dtype=np.float32
    )
    try:
        matrix = letters.fit_transform(different)
    except ValueError:  # no text has a word of letters enough
        return copies
    rows = matrix[[place[text] for text in texts]]
    columns = matrix[[place[text] for text in others]].T.tocsr()
    for start in range(0, len(texts), _BLOCK):
        likeness = (rows[start : start + _BLOCK] @ columns).tocoo()
        near = likeness.data >= least
        copies[start + likeness.row[near], likeness.col[near]] = True
    return copies


def _same(texts: Sequence[str], others: Sequence[str]) -> npt.NDArray[np.bool_]:
    by_key: dict[str, list[int]] = {}
    for at, text in enumerate(others):
        by_key.setdefault(same_text_key(text), []).append(at)
    copies = np.zeros((len(texts), len(others)), dtype=np.bool_)
    for row, text in enumerate(texts):
        copies[row, by_key.get(same_text_key(text), [])] = True
    return copies
