"""The texts that a model learnt from, kept to show for each tag the one most like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from kb.tagging.learning import LearningText

LEAST_LIKENESS = 0.1
SHOWN = 90
# A text that was learnt from is no precedent of itself.
SAME = 0.999


@dataclass(frozen=True)
class Precedents:
    """Labelled texts as vectors: ``vectors`` csr float32[n, words + pairs], each of length 1.

    ``carried`` bool[n, themes] says which themes a text was judged to carry; ``names`` say where
    it stands: a recommendation's id, an example of a theme, or a practice text.
    """

    texts: tuple[str, ...]
    names: tuple[str, ...]
    carried: npt.NDArray[np.bool_]
    vectors: Any

    @classmethod
    def of(
        cls, texts: Sequence[LearningText], theme_ids: Sequence[str], vectors: Any
    ) -> Precedents:
        """Keep what carries a theme of ``theme_ids``; ``vectors`` are those of ``texts``."""
        carried = np.array(
            [[theme in text.yes for theme in theme_ids] for text in texts], dtype=np.bool_
        ).reshape(len(texts), len(theme_ids))
        kept = np.flatnonzero(carried.any(axis=1)).tolist()
        return cls(
            tuple(texts[at].text for at in kept),
            tuple(texts[at].source or texts[at].group for at in kept),
            carried[kept],
            _of_length_one(vectors[kept]).astype(np.float32),
        )

    def nearest(self, vectors: Any, rows: Sequence[int], theme: int) -> Mapping[int, str]:
        """For each row of ``vectors`` in words the text of a theme that is most like it.

        Likeness is the cosine; a text that is the same is passed over.
        """
        of_theme = np.flatnonzero(self.carried[:, theme])
        likeness = (_of_length_one(vectors[rows]) @ self._turned[:, of_theme]).toarray()
        likeness[likeness >= SAME] = 0.0
        best = likeness.argmax(axis=1)
        return {
            row: self._told(int(of_theme[at]), float(likeness[place, at]))
            for place, (row, at) in enumerate(zip(rows, best.tolist(), strict=True))
            if likeness[place, at] >= LEAST_LIKENESS
        }

    @cached_property
    def _turned(self) -> Any:
        return self.vectors.T.tocsc()

    def _told(self, at: int, likeness: float) -> str:
        text = self.texts[at]
        short = text if len(text) <= SHOWN else text[: SHOWN - 1].rsplit(" ", 1)[0] + " …"
        return f"most like {self.names[at]} ({likeness:.2f}): “{short}”"

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The arrays to store; texts and names are stored apart."""
        return {
            "precedent_data": self.vectors.data,
            "precedent_indices": self.vectors.indices,
            "precedent_bounds": self.vectors.indptr,
            "precedent_carried": self.carried,
        }

    @classmethod
    def stored(
        cls,
        texts: Sequence[str],
        names: Sequence[str],
        arrays: Mapping[str, npt.NDArray[Any]],
        width: int,
    ) -> Precedents:
        """What ``arrays`` gave, read again; ``width`` is the number of words and pairs."""
        from scipy import sparse

        parts = tuple(arrays[f"precedent_{part}"] for part in ("data", "indices", "bounds"))
        vectors = sparse.csr_matrix(parts, shape=(len(texts), width))
        return cls(tuple(texts), tuple(names), arrays["precedent_carried"], vectors)


def _of_length_one(vectors: Any) -> Any:
    """Each row scaled to length 1, one of nothing as it is."""
    from scipy import sparse

    lengths = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel())
    return sparse.diags_array(1 / np.where(lengths > 0, lengths, 1)).tocsr() @ vectors
