"""The arrays that the duplicate check and repeated learning work on, in a generation's folder."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.errors import IndexUnreadable, StorageError
from kb.index.arrays import (
    SparseMatrix,
    StringArray,
    combine,
    count_codes,
    count_terms,
    load_array,
    save_array,
    tf_idf,
    tf_idf_query,
)
from kb.similarity.facts import Facts
from kb.similarity.features import Comparison, Side, compare
from kb.similarity.reading import Reader, Reading
from kb.similarity.scorer import DEFAULT_SCORER, Scorer
from kb.similarity.words import grams
from kb.text.abbreviations import Abbreviation, Abbreviations
from kb.text.normalise import digest

_FOLDER = "similarity"
_SCORER = "scorer.json"
_ABBREVIATIONS = "abbreviations.json"
_RARE_SHARE = 0.01
_RARE_AT_LEAST = 2
_KEPT = 4_096


def build_similarity(
    folder: Path,
    facts: Sequence[Facts],
    abbreviations: Abbreviations,
    scorer: Scorer = DEFAULT_SCORER,
) -> None:
    """Write everything that ``Similarity.open`` reads into a generation's folder.

    Rows are in the order of ``facts``. The folder belongs to a generation that is not published
    yet; raises StorageError where the disk refuses.
    """
    place = folder / _FOLDER
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"this folder cannot be made: {error.strerror or error}",
            place=str(place),
            hint="Free some space, or choose another place, and run `kb build` again.",
        ) from error
    reader = Reader(abbreviations)
    terms: list[tuple[str, ...]] = []
    codes: list[NDArray[np.uint32]] = []
    same: list[int] = []
    for fact in facts:
        reading = reader.read(fact.text)
        terms.append(reading.terms)
        codes.append(grams(reading.normal))
        same.append(int(digest(reading.folded), 16))
    vocabulary, word_counts = count_terms(terms)
    vocabulary.save(place, "words.vocabulary")
    _save_weights(place, "words", word_counts)
    grams_known, gram_counts = count_codes(codes)
    save_array(place, "grams.vocabulary", grams_known)
    _save_weights(place, "grams", gram_counts)
    save_array(place, "same", np.array(same, dtype=np.uint64))
    StringArray.of(json.dumps(fact.as_json(), ensure_ascii=False) for fact in facts).save(
        place, "facts"
    )
    _save_reviews(place, facts)
    _save_abbreviations(place / _ABBREVIATIONS, abbreviations)
    scorer.save(place / _SCORER)


def _save_weights(place: Path, name: str, counts: SparseMatrix) -> None:
    weights = tf_idf(counts)
    weights.save(place, f"{name}.by_document")
    weights.transposed().save(place, f"{name}.by_term")


def _save_reviews(place: Path, facts: Sequence[Facts]) -> None:
    reviews = sorted({fact.review_id for fact in facts}, key=str.encode)
    number = {review: code for code, review in enumerate(reviews)}
    StringArray.of(reviews).save(place, "reviews")
    codes = np.array([number[fact.review_id] for fact in facts], dtype=np.int32)
    save_array(place, "review", codes)


def _save_abbreviations(path: Path, abbreviations: Abbreviations) -> None:
    data = [
        {"short": a.short, "long": a.long, "successor": a.successor, "capitals": a.capitals}
        for a in abbreviations.by_short.values()
    ]
    try:
        with path.open("w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise StorageError(
            f"this cannot be written: {error.strerror or error}",
            place=str(path),
            hint="Free some space, or choose another place, and run `kb build` again.",
        ) from error


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
class Similarity:
    """Everything stored, ready to be compared with; arrays are memory-mapped.

    ``words`` and ``grams`` are tf-idf weights by term (rows: terms, columns: documents);
    ``documents`` and ``gram_documents`` the same by document. Equal ``same`` means equal wording.
    """

    reader: Reader
    scorer: Scorer
    vocabulary: StringArray
    words: SparseMatrix
    documents: SparseMatrix
    known_grams: NDArray[np.uint32]
    grams: SparseMatrix
    gram_documents: SparseMatrix
    same: NDArray[np.uint64]
    review: NDArray[np.int32]
    reviews: StringArray
    stored: StringArray

    @classmethod
    def open(cls, folder: Path) -> Similarity:
        """Open what ``build_similarity`` wrote; raises IndexUnreadable where it is damaged."""
        place = folder / _FOLDER
        opened = cls(
            reader=Reader(_load_abbreviations(place / _ABBREVIATIONS)),
            scorer=Scorer.load(place / _SCORER),
            vocabulary=StringArray.open(place, "words.vocabulary"),
            words=SparseMatrix.open(place, "words.by_term"),
            documents=SparseMatrix.open(place, "words.by_document"),
            known_grams=load_array(place, "grams.vocabulary"),
            grams=SparseMatrix.open(place, "grams.by_term"),
            gram_documents=SparseMatrix.open(place, "grams.by_document"),
            same=load_array(place, "same"),
            review=load_array(place, "review"),
            reviews=StringArray.open(place, "reviews"),
            stored=StringArray.open(place, "facts"),
        )
        sizes = {len(opened.same), len(opened.review), opened.documents.rows, len(opened.stored)}
        if len(sizes) != 1:
            raise IndexUnreadable(
                "the arrays of the duplicate check do not fit together",
                place=str(place),
                hint="Run `kb build` to make the index again.",
            )
        return opened

    def __len__(self) -> int:
        return len(self.stored)

    def facts(self, row: int) -> Facts:
        """What is known of the recommendation in a row."""
        try:
            return Facts.from_json(json.loads(self.stored[row]))
        except (ValueError, TypeError) as error:
            raise IndexUnreadable(
                f"row {row} of the duplicate check is damaged",
                hint="Run `kb build` to make the index again.",
            ) from error

    def rows_of_review(self, review_id: str) -> NDArray[np.bool_]:
        """``bool[n]``: the rows that belong to a review; none where it is unknown."""
        code = self.reviews.find(review_id)
        return np.asarray(self.review == (-1 if code is None else code))

    def word_cosines(self, reading: Reading) -> NDArray[np.float64]:
        """Cosine of the word vectors of a text and of each stored one, ``float64[n]``."""
        terms, counts = np.unique(np.array(reading.terms, dtype=object), return_counts=True)
        found = [self.vocabulary.find(str(term)) for term in terms]
        numbers = np.array([-1 if row is None else row for row in found], dtype=np.int64)
        return self._cosines(self.words, numbers, counts)

    def gram_cosines(self, reading: Reading) -> NDArray[np.float64]:
        """The same for the n-grams inside words."""
        codes, counts = np.unique(grams(reading.normal), return_counts=True)
        numbers = np.searchsorted(self.known_grams, codes)
        numbers[numbers == len(self.known_grams)] = 0
        if len(self.known_grams):
            numbers = np.where(self.known_grams[numbers] == codes, numbers, -1)
        else:
            numbers = np.full(len(codes), -1)
        return self._cosines(self.grams, numbers, counts)

    def _cosines(
        self, postings: SparseMatrix, numbers: NDArray[np.int64], counts: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        if not len(numbers) or not len(self):
            return np.zeros(len(self))
        known = numbers >= 0
        frequency = np.zeros(len(numbers), dtype=np.int64)
        frequency[known] = np.diff(postings.indptr)[numbers[known]]
        weights = tf_idf_query(counts, frequency, len(self))
        return combine(postings, numbers[known], weights[known])

    def gram_cosine(self, a: int, b: int) -> float:
        """Cosine of the n-gram vectors of two stored texts."""
        first, first_weights = self.gram_documents.row(a)
        second, second_weights = self.gram_documents.row(b)
        _, at, to = np.intersect1d(first, second, assume_unique=True, return_indices=True)
        return float(first_weights[at] @ second_weights[to])

    def frequency(self, key: str) -> int:
        """How many stored texts hold a word key."""
        if key not in self._frequencies:
            row = self.vocabulary.find(key)
            start_end = self.words.indptr[row : row + 2] if row is not None else (0, 0)
            self._frequencies[key] = int(start_end[1] - start_end[0])
        return self._frequencies[key]

    @cached_property
    def _frequencies(self) -> dict[str, int]:
        """Document frequencies already looked up."""
        return {}

    def weight(self, key: str) -> float:
        """The idf of a word key in this base."""
        return math.log((1 + len(self)) / (1 + self.frequency(key))) + 1

    @cached_property
    def rare_limit(self) -> int:
        """A word is rare where no more texts than this hold it: one in a hundred, at least 2."""
        return max(_RARE_AT_LEAST, int(_RARE_SHARE * len(self)))

    def side(self, row: int) -> Side:
        """The recommendation in a row, read; the latest few thousand are kept."""
        return self._sides(row)

    @cached_property
    def _sides(self) -> Callable[[int], Side]:
        return lru_cache(maxsize=_KEPT)(self._read_side)

    def _read_side(self, row: int) -> Side:
        facts = self.facts(row)
        reading = self.reader.read(facts.text)
        return Side(reading, frozenset(facts.sectors), frozenset(facts.themes))

    def compare(
        self, draft: Side, row: int, *, word_cosine: float, character_cosine: float
    ) -> Comparison:
        """Lay a text beside a stored one."""
        return compare(
            draft,
            self.side(row),
            weight=self.weight,
            is_rare=lambda key: 0 < self.frequency(key) <= self.rare_limit,
            word_cosine=word_cosine,
            character_cosine=character_cosine,
        )
