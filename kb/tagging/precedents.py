"""The texts that a model learnt from, kept to show for each tag the one most like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from kb.tagging.learning import LearningText
from kb.tagging.tokens import Ints

LEAST_LIKENESS = 0.1
SHOWN = 90
# A text that was learnt from is no precedent of itself.
SAME = 0.999


@dataclass(frozen=True)
class Nearest:
    """Precedents that were found: int64 numbers of what was asked for, and each in words."""

    pairs: Ints
    whys: Sequence[str]


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

    def nearest(self, vectors: Any, rows: Ints, themes: Ints) -> Nearest:
        """In words the text of theme ``themes[i]`` that is most like row ``rows[i]`` of vectors.

        Likeness is the cosine; a text that is the same is passed over, and where nothing is much
        like it there is none. ``themes`` are to rise.
        """
        unit = _of_length_one(vectors)
        best, likeness = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows))
        bounds = np.searchsorted(themes, np.arange(self.carried.shape[1] + 1)).tolist()
        for theme, (first, stop) in enumerate(pairwise(bounds)):
            if first < stop:
                of_theme, turned = self._of_theme(theme)
                like = (unit[rows[first:stop]] @ turned).toarray()
                like[like >= SAME] = 0.0
                at = like.argmax(axis=1)
                best[first:stop] = of_theme[at]
                likeness[first:stop] = like[np.arange(len(at)), at]
        pairs = np.flatnonzero(likeness >= LEAST_LIKENESS)
        told = zip(best[pairs].tolist(), likeness[pairs].tolist(), strict=True)
        return Nearest(pairs, [self._told(at, like) for at, like in told])

    def _of_theme(self, theme: int) -> tuple[Ints, Any]:
        """The texts that carry a theme, and their vectors as columns."""
        found = self._by_theme.get(theme)
        if found is None:
            of_theme = np.flatnonzero(self.carried[:, theme])
            found = self._by_theme[theme] = of_theme, self._turned[:, of_theme].tocsr()
        return found

    @cached_property
    def _by_theme(self) -> dict[int, tuple[Ints, Any]]:
        return {}

    @cached_property
    def _turned(self) -> Any:
        return self.vectors.T.tocsc()

    @cached_property
    def _short(self) -> list[str]:
        return [
            text if len(text) <= SHOWN else text[: SHOWN - 1].rsplit(" ", 1)[0] + " …"
            for text in self.texts
        ]

    def _told(self, at: int, likeness: float) -> str:
        return f"most like {self.names[at]} ({likeness:.2f}): “{self._short[at]}”"

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
