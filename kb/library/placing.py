"""Where drafts lie before they are checked: their themes, their latent and sentence vectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict

import numpy as np
from numpy.typing import NDArray

from kb.text.tokens import tokenise

if TYPE_CHECKING:
    from kb.library.base import KnowledgeBase
    from kb.similarity.latent import Vector
    from kb.similarity.semantic import SentenceModel
    from kb.similarity.sentences import Sentences


class Place(TypedDict):
    """What a check takes beside the text, under the same names."""

    themes: Sequence[str]
    latent: Vector | None
    sentence: Vector | None
    notes: Sequence[str]


NOWHERE = Place(themes=(), latent=None, sentence=None, notes=())


def place(base: KnowledgeBase, texts: Sequence[str]) -> list[Place]:
    """Tag and place these texts at once, one without a word nowhere.

    Raises SettingsError where the settings name a model that is not there.
    """
    said = [text for text in texts if tokenise(text)]
    decisions, latent = base.tagger.decide_and_place(said)
    sentences = _SentenceVectors(base.index.similarity.sentences, base.sources.sentence_model)
    found = zip(decisions.tagged(), latent, sentences.of(said), strict=True)
    placed = iter(
        Place(
            themes=[tag.id for tag in tagged.themes],
            latent=leaning,
            sentence=sentence,
            notes=sentences.notes,
        )
        for tagged, leaning, sentence in found
    )
    return [next(placed) if tokenise(text) else NOWHERE for text in texts]


def stacked(vectors: Iterable[Vector | None]) -> NDArray[np.float32]:
    """The vectors of several texts, float32[n, d]; d is 0 where there are none."""
    every = list(vectors)
    known = [vector for vector in every if vector is not None]
    none = np.zeros((len(every), 0), dtype=np.float32)
    return np.stack(known) if known and len(known) == len(every) else none


@dataclass(frozen=True)
class _SentenceVectors:
    """The sentence vectors of an index and the model that is chosen now, which may not fit."""

    stored: Sentences | None
    model: SentenceModel | None

    def of(self, texts: Sequence[str]) -> Sequence[Vector | None]:
        if self.stored is None or self.model is None or not self._fits:
            return [None] * len(texts)
        return list(self.model.vectors(texts))

    @cached_property
    def _fits(self) -> bool:
        made_by = self.stored.made_by.digest if self.stored else ""
        return self.model is not None and self.model.digest == made_by

    @property
    def notes(self) -> Sequence[str]:
        """Whether sentence vectors were compared, said where any are made or stored."""
        if self.stored is None and self.model is None:
            return ()
        if self.stored is None:
            return ("the index holds no sentence vectors yet: kb build makes them",)
        if self.model is None:
            return (
                "the index holds sentence vectors, but no model for the draft is here: compared"
                " without them (pip install 'dhr-kb[semantic]')",
            )
        if not self._fits:
            return ("the index holds sentence vectors of another model: kb build makes them anew",)
        return (f"sentence vectors ({self.stored.made_by.name}) were compared, too",)
