"""Texts that are learnt from laid beside each other: the features that the scorer learns by."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.index.arrays import cosines_of_pairs
from kb.library.lessons import ELSEWHERE_WEIGHT, PRACTICE_WEIGHT, Taught
from kb.library.sources import Sources
from kb.similarity.facts import Facts
from kb.similarity.features import Side
from kb.similarity.field import Field, held_out, learn_field
from kb.similarity.learning import ELSEWHERE, Lesson
from kb.similarity.scorer import DEFAULT_SCORER
from kb.similarity.sentences import Sentences
from kb.similarity.store import Cosines, Similarity
from kb.similarity.writing import build_similarity

if TYPE_CHECKING:
    from kb.tagging.combine import Tagger

_NEAREST = 3  # stored texts that each text from elsewhere is laid beside
_TOLD_EACH = 50


def lessons(
    folder: Path,
    sources: Sources,
    tagger: Tagger,
    taught: Taught,
    sentences: Sentences | None = None,
    *,
    tell: Callable[[int, int], None],
) -> tuple[list[Lesson], Field | None]:
    """The features of each pair, its first text checked against a base of all the texts.

    After them those of each text from elsewhere beside its nearest, and the field by which these
    are told, None without any. That base is written into ``folder`` for a while; ``sentences`` are
    the vectors of all texts, in order. ``tell`` hears (done, of how many).
    """
    decisions, latent = tagger.decide_and_place(taught.texts)
    themes = [tuple(tag.id for tag in one.themes) for one in decisions.tagged()]
    facts = [Facts(str(row), "", t, themes=themes[row]) for row, t in enumerate(taught.texts)]
    with tempfile.TemporaryDirectory(dir=folder) as place:
        build_similarity(Path(place), facts, sources.abbreviations, latent=latent)
        similarity = replace(Similarity.open(Path(place)), sentences=sentences)
        if not taught.elsewhere:
            return _counted(_Laid(similarity, latent).pairs(taught), len(taught.pairs), tell), None
        read = similarity.reader.read
        inside = [read(text).keys for text in field_texts(sources)]
        outside = [read(text).keys for text in taught.elsewhere]
        field = learn_field(inside, outside)
        laid = _Laid(replace(similarity, scorer=replace(DEFAULT_SCORER, field=field)), latent)
        every = chain(laid.pairs(taught), laid.from_elsewhere(taught, held_out(inside, outside)))
        of = len(taught.pairs) + _NEAREST * len(taught.elsewhere)
        return _counted(every, of, tell), field


def _counted(lessons: Iterable[Lesson], of: int, tell: Callable[[int, int], None]) -> list[Lesson]:
    found: list[Lesson] = []
    for lesson in lessons:
        if not len(found) % _TOLD_EACH:
            tell(len(found), of)
        found.append(lesson)
    return found


def field_texts(sources: Sources) -> list[str]:
    """Texts of the field, from which the themes are learnt too."""
    from kb.library.learning import background_texts

    return sorted({one.text for one in background_texts(sources)})


class _Near(NamedTuple):
    """The cosines of two texts."""

    words: float
    characters: float
    latent: float


@dataclass(frozen=True)
class _Laid:
    """The texts that are learnt from, stored; ``latent`` are their vectors, float32[n, d]."""

    similarity: Similarity
    latent: NDArray[np.float32]

    def pairs(self, taught: Taught) -> Iterator[Lesson]:
        """The features of each pair, its first text the draft."""
        row_of = {text: row for row, text in enumerate(taught.texts)}
        rows = np.array([(row_of[pair.a], row_of[pair.b]) for pair in taught.pairs])
        for pair, (a, b), near in zip(taught.pairs, rows.tolist(), self._near(rows), strict=True):
            draft = self._draft(a, self.similarity.in_field(self.similarity.side(a).reading))
            features = self._features(draft, a, b, near)
            ends, is_practice = (pair.a, pair.b), pair.weight == PRACTICE_WEIGHT
            yield Lesson(features, pair.kind, pair.weight, ends, is_practice=is_practice)

    def _near(self, rows: NDArray[np.int64]) -> Iterator[_Near]:
        """How near the texts of each pair of rows are."""
        stored = self.similarity
        words = cosines_of_pairs(stored.words, stored.word_lengths, rows)
        characters = cosines_of_pairs(stored.grams, stored.gram_lengths, rows)
        for (a, b), word, character in zip(rows.tolist(), words, characters, strict=True):
            yield _Near(word, character, stored.latent.cosines(self.latent[a])[b])

    def from_elsewhere(self, taught: Taught, in_field: Sequence[float]) -> Iterator[Lesson]:
        """Each text from elsewhere beside those of the pairs that are nearest to it."""
        last = len(self.similarity) - len(taught.elsewhere)
        for at, (text, held) in enumerate(zip(taught.elsewhere, in_field, strict=True), last):
            draft, cosines = self._draft(at, self.similarity.beside_level(held)), self._cosines(at)
            nearest = np.argsort(-cosines.together[:last], kind="stable")[:_NEAREST]
            for row in nearest.tolist():
                near = _Near(cosines.words[row], cosines.characters[row], cosines.latent[row])
                features = self._features(draft, at, row, near)
                yield Lesson(features, ELSEWHERE, ELSEWHERE_WEIGHT, (text, text))

    def _draft(self, row: int, in_field: float) -> Side:
        return replace(self.similarity.side(row), in_field=in_field)

    def _cosines(self, row: int) -> Cosines:
        cosines = self.similarity.cosines(self.similarity.side(row).reading, self.latent[row], None)
        stored = self.similarity.sentences
        if stored is None:
            return cosines
        return replace(cosines, sentences=stored.vectors.cosines(stored.vectors.of(row)))

    def _features(self, draft: Side, at: int, row: int, near: _Near) -> dict[str, float]:
        found = self.similarity.compare(
            draft,
            row,
            word_cosine=float(near.words),
            character_cosine=float(near.characters),
            latent_cosine=float(near.latent),
            sentence_cosine=self.similarity.sentence_cosine(at, row),
        )
        return dict(found.features)
