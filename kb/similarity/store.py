"""The arrays that the duplicate check and repeated learning work on, in a generation's folder."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import IndexUnreadable
from kb.index.arrays import (
    Ints,
    SparseMatrix,
    StringArray,
    load_array,
    tf_idf,
)
from kb.index.kept import Kept
from kb.index.lines import Lines
from kb.index.wording import Wording
from kb.similarity.facts import Facts
from kb.similarity.features import Comparison, Side, compare
from kb.similarity.latent import DirectionArray, Vector, open_latent
from kb.similarity.queries import Vectors
from kb.similarity.reading import Reader, Reading
from kb.similarity.scorer import Scorer
from kb.similarity.sentences import Sentences
from kb.similarity.spoken import Spoken
from kb.similarity.vectors import key_code, term_codes
from kb.similarity.words import grams
from kb.text.abbreviations import Abbreviation, Abbreviations

FOLDER = "similarity"
FACTS = "facts"
SAME = "same"
VECTORS = ("words", "grams")
SCORER = "scorer.json"
ABBREVIATIONS = "abbreviations.json"
_RARE_SHARE = 0.01
_RARE_AT_LEAST = 2
_KEPT = 4_096
_LEVEL_ROWS = 64
# Chosen on training pairs: the nearest fifty hold most originals, and light repeats stay first.
_LATENT_WEIGHT, _SENTENCE_WEIGHT = 2.0, 2.0


def stored_counts(place: Path, name: str) -> tuple[NDArray[Any], SparseMatrix]:
    """The codes of terms and their counts by text; raises IndexUnreadable where they do not fit."""
    codes = load_array(place, f"{name}.vocabulary")
    matrix = SparseMatrix.open(place, f"{name}.by_term")
    if len(codes) != matrix.rows:
        raise _torn(place)
    return codes, matrix


def _torn(place: Path) -> IndexUnreadable:
    return IndexUnreadable(
        "the arrays of the duplicate check do not fit together",
        place=str(place),
        hint="Run `kb build` to make the index again.",
    )


def _load_abbreviations(path: Path) -> Abbreviations:
    try:
        entries = json.loads(path.read_text("utf-8"))
        return Abbreviations(
            [Abbreviation(**{**entry, "long": tuple(entry["long"])}) for entry in entries], {}
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexUnreadable(
            "the abbreviations of the index are missing or damaged",
            place=str(path),
            hint="Run `kb build` to make the index again.",
        ) from error


@dataclass(frozen=True)
class Cosines:
    """The cosines of a text's vectors and those of each stored one, ``float64[n]`` each."""

    words: NDArray[np.float64]
    characters: NDArray[np.float64]
    latent: NDArray[np.float64]
    sentences: NDArray[np.float64]

    @property
    def together(self) -> NDArray[np.float64]:
        """What is looked at closely is chosen by this: shared words, or the same matter."""
        whole = _LATENT_WEIGHT * self.latent
        whole += _SENTENCE_WEIGHT * self.sentences
        whole += self.words
        whole += self.characters
        return whole

    def at(self, rows: NDArray[np.int64]) -> Cosines:
        """Those of some of the stored texts."""
        return Cosines(*(part[rows] for part in vars(self).values()))

    def with_characters(self, more: NDArray[np.float64]) -> Cosines:
        """The same with more from n-grams."""
        return replace(self, characters=self.characters + more)


@dataclass(frozen=True)
class Similarity:
    """Everything stored, ready to be compared with; arrays are memory-mapped.

    ``words`` and ``grams`` count by term (rows) how often it stands in each text (columns); the
    terms are those of ``known_words`` (codes) and ``known_grams``, and what these counts weigh in
    each text comes to a vector of length ``word_lengths`` and ``gram_lengths``. Equal ``same``
    means equal wording.
    """

    reader: Reader
    scorer: Scorer
    known_words: NDArray[np.uint64]
    words: SparseMatrix
    word_lengths: NDArray[np.float64]
    known_grams: NDArray[np.uint32]
    grams: SparseMatrix
    gram_lengths: NDArray[np.float64]
    latent: DirectionArray
    sentences: Sentences | None
    same: NDArray[np.uint64]
    review: NDArray[np.int32]
    reviews: StringArray
    stored: Lines
    folder: Path

    @classmethod
    def open(cls, folder: Path) -> Similarity:
        """Open what ``build_similarity`` wrote; raises IndexUnreadable where it is damaged."""
        place = folder / FOLDER
        known_words, words = stored_counts(place, "words")
        known_grams, grams = stored_counts(place, "grams")
        opened = cls(
            reader=Reader(_load_abbreviations(place / ABBREVIATIONS)),
            scorer=Scorer.load(place / SCORER),
            known_words=known_words,
            words=words,
            word_lengths=load_array(place, "words.lengths"),
            known_grams=known_grams,
            grams=grams,
            gram_lengths=load_array(place, "grams.lengths"),
            latent=open_latent(place),
            sentences=Sentences.open(place),
            same=load_array(place, SAME),
            review=load_array(place, "review"),
            reviews=StringArray.open(place, "reviews"),
            stored=Lines.open(place, FACTS),
            folder=folder,
        )
        sizes = {len(opened.same), len(opened.review), len(opened.stored), len(opened.latent)}
        sizes |= {words.columns, len(opened.word_lengths)}
        sizes |= {grams.columns, len(opened.gram_lengths)}
        if opened.sentences:
            sizes |= {len(opened.sentences.vectors)}
        if len(sizes) != 1:
            raise _torn(place)
        return opened

    def __len__(self) -> int:
        return len(self.stored)

    def hold(self) -> None:
        """Open everything now, so that it goes on answering when the folder is deleted."""
        self.stored.hold()
        _ = self.spoken

    @property
    def wording(self) -> Wording:
        """The words of all texts; not kept, for they are many."""
        return Wording.open(self.folder)

    def facts(self, row: int) -> Facts:
        """What is known of the recommendation in a row."""
        try:
            return Facts.from_json(self.known(row))
        except TypeError as error:
            raise _damaged(row) from error

    def known(self, row: int) -> dict[str, Any]:
        """The same as it is stored."""
        try:
            known = json.loads(self.stored[row])
        except ValueError as error:
            raise _damaged(row) from error
        if not isinstance(known, dict) or not {"text", "sectors", "themes"} <= known.keys():
            raise _damaged(row)
        return known

    def rows_of_review(self, review_id: str) -> NDArray[np.bool_]:
        """``bool[n]``: the rows that belong to a review; none where it is unknown."""
        code = self.reviews.find(review_id)
        return np.asarray(self.review == (-1 if code is None else code))

    @cached_property
    def documents(self) -> SparseMatrix:
        """The word vectors by text: tf-idf weights (rows: texts, columns: terms)."""
        return tf_idf(self.words.transposed())

    @property
    def gram_documents(self) -> SparseMatrix:
        """The n-gram vectors by text (rows: texts, columns: n-grams); not kept, for it is large."""
        return tf_idf(self.grams.transposed())

    def cosines(self, reading: Reading, latent: Vector | None, sentence: Vector | None) -> Cosines:
        """How near a text is to each stored one, by those of its vectors that are known."""
        return self.cosines_beside(self.gram_cosines(reading), reading, latent, sentence)

    def cosines_beside(
        self,
        characters: NDArray[np.float64],
        reading: Reading,
        latent: Vector | None,
        sentence: Vector | None,
    ) -> Cosines:
        """The same where the cosines of n-grams are known."""
        none = np.zeros(len(self))
        stored = self.sentences
        return Cosines(
            self.word_cosines(reading),
            characters,
            none if latent is None else self.latent.cosines(latent),
            none if sentence is None or stored is None else stored.vectors.cosines(sentence),
        )

    def sentence_cosine(self, a: int, b: int) -> float:
        """Cosine of the sentence vectors of two stored texts; 0 without any."""
        return self.sentences.vectors.cosine(a, b) if self.sentences else 0.0

    def word_cosines(self, reading: Reading) -> NDArray[np.float64]:
        """Cosine of the word vectors of a text and of each stored one, ``float64[n]``."""
        vectors = Vectors(self.known_words, self.words, self.word_lengths)
        return vectors.cosines(vectors.query(term_codes(word.key for word in reading.content)))

    def gram_cosines(self, reading: Reading) -> NDArray[np.float64]:
        """The same for the n-grams inside words."""
        return self.gram_vectors.cosines(self.gram_vectors.query(grams(reading.normal)))

    @property
    def gram_vectors(self) -> Vectors:
        """The vectors of n-grams, to be asked."""
        return Vectors(self.known_grams, self.grams, self.gram_lengths)

    def knows(self, key: str) -> bool:
        """Whether any stored text holds a word key."""
        return self.frequency(key) > 0

    def frequency(self, key: str) -> int:
        """How many stored texts hold a word key."""
        return self._frequencies[key]

    @cached_property
    def _frequencies(self) -> _Frequencies:
        """Document frequencies, kept once looked up."""
        return _Frequencies(self.known_words, self.words.indptr)

    @cached_property
    def weight(self) -> Callable[[str], float]:
        """The idf of a word key in this base, kept once looked up."""
        return _Weights(self._frequencies, len(self)).__getitem__

    @cached_property
    def spoken(self) -> Spoken:
        """The words of all texts, and what they are worth; raises IndexUnreadable."""
        wording = self.wording
        if len(wording) != len(self) or not wording.is_whole():
            raise _torn(self.folder)
        return Spoken(wording, self.reader, self.weight, self.is_rare)

    @cached_property
    def is_rare(self) -> Callable[[str], bool]:
        """Whether few of the texts hold a word key, but some do."""
        frequencies, limit = self._frequencies, self.rare_limit
        return lambda key: 0 < frequencies[key] <= limit

    @cached_property
    def rare_limit(self) -> int:
        """A word is rare where no more texts than this hold it: one in a hundred, at least 2."""
        return max(_RARE_AT_LEAST, int(_RARE_SHARE * len(self)))

    def in_field(self, reading: Reading) -> float:
        """How surely a text is of the field of what is stored, in [0, 1]; 1 where unknown."""
        field = self.scorer.field
        return 1.0 if field is None else self.beside_level(field.holds(reading.keys))

    def beside_level(self, held: float) -> float:
        """The same from how surely it is of the field that was learnt.

        A base on another matter than that is itself the measure of what is checked against it.
        """
        return 1.0 - max(0.0, self._field_level - held)

    @cached_property
    def _field_level(self) -> float:
        """How surely the stored texts are of the field: the median of a few, evenly spread."""
        field = self.scorer.field
        rows = range(0, len(self), max(1, len(self) // _LEVEL_ROWS))
        found = [field.holds(self.side(row).reading.keys) for row in rows] if field else []
        return float(np.median(found)) if found else 0.0

    def side(self, row: int) -> Side:
        """The recommendation in a row, read; the latest few thousand are kept."""
        return self._sides.of(row, self._read_side)

    @cached_property
    def _sides(self) -> Kept[int, Side]:
        return Kept(_KEPT)

    def _read_side(self, row: int) -> Side:
        facts = self.facts(row)
        reading = self.reader.read(facts.text)
        return Side(reading, frozenset(facts.sectors), frozenset(facts.themes))

    def compare(
        self,
        draft: Side,
        row: int,
        *,
        word_cosine: float,
        character_cosine: float,
        latent_cosine: float,
        sentence_cosine: float,
    ) -> Comparison:
        """Lay a text beside a stored one."""
        return compare(
            draft,
            self.side(row),
            weight=self.weight,
            is_rare=self.is_rare,
            word_cosine=word_cosine,
            character_cosine=character_cosine,
            latent_cosine=latent_cosine,
            sentence_cosine=sentence_cosine,
        )


def _damaged(row: int) -> IndexUnreadable:
    return IndexUnreadable(
        f"row {row} of the duplicate check is damaged",
        hint="Make everything again with: kb build --relearn",
    )


class _Frequencies(dict[str, int]):
    """How many texts hold each word key: the bounds of its row among those of known words."""

    def __init__(self, known: NDArray[np.uint64], bounds: Ints) -> None:
        super().__init__()
        self._known, self._bounds = np.asarray(known), np.asarray(bounds)

    def __missing__(self, key: str) -> int:
        code = np.uint64(key_code(key))
        row = int(self._known.searchsorted(code))
        is_known = row < len(self._known) and self._known[row] == code
        self[key] = frequency = int(self._bounds[row + 1] - self._bounds[row]) if is_known else 0
        return frequency


class _Weights(dict[str, float]):
    """The idf of each word key among so many texts."""

    def __init__(self, frequencies: _Frequencies, texts: int) -> None:
        super().__init__()
        self._frequencies, self._texts = frequencies, texts

    def __missing__(self, key: str) -> float:
        self[key] = weight = math.log((1 + self._texts) / (1 + self._frequencies[key])) + 1
        return weight
