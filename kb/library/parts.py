"""Part of an index: the rows that some reviews give, written to a folder of their own.

A part holds all that reading and tagging come to, and nothing that depends on other rows: records,
columns, words, what the duplicate check knows, and ``reviews.json``, which says for each review
what it was read from and how many rows it has, in row order. A generation is a part too, joined of
several; so the next build takes from it the rows of every review that has not changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.index.manifest import unreadable
from kb.index.records import Records, RecordsWriter, join_records
from kb.index.splicing import Change, Succession
from kb.index.wording import Wording, WordingWriter
from kb.library.sources import Sources, corrected_rows, is_shown
from kb.model import Entry, ReviewFacts, ThemeJudgement
from kb.search.indexing import texts_of
from kb.search.whoosh_text import LEAST_SHARED, join_segments, write_segments
from kb.similarity.facts import Facts
from kb.similarity.writing import FactsWriter, join_facts

if TYPE_CHECKING:
    from kb.model import Recommendation
    from kb.tagging.combine import Tagger

REVIEWS = "reviews.json"
BATCH = 4_096  # rows that are tagged together
Judgements = dict[str, list[ThemeJudgement]]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class ReadReview:
    """What is known of a review that was read: from what, and how many rows it has."""

    digest: str
    rows: int


@dataclass(frozen=True)
class Part:
    """The rows of some reviews in a folder, and which of the reviews are wanted of it."""

    folder: Path
    reviews: dict[str, ReadReview]
    wanted: frozenset[str]

    @classmethod
    def open(cls, folder: Path) -> Part:
        """Open a part, or a generation; raises IndexUnreadable."""
        try:
            data = json.loads((folder / REVIEWS).read_bytes())
            reviews = {str(name): ReadReview(**read) for name, read in data.items()}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise unreadable(f"the list of reviews cannot be read ({error})", folder) from error
        return cls(folder, reviews, frozenset(reviews))

    @cached_property
    def rows(self) -> int:
        """How many rows it has, wanted or not."""
        return sum(read.rows for read in self.reviews.values())

    def review_of_rows(self) -> list[str]:
        """The review of each row."""
        return [name for name, read in self.reviews.items() for _ in range(read.rows)]

    def unchanged(self, digests: Mapping[str, str]) -> Part:
        """The same, of which only the reviews are wanted that were read from what these say."""
        wanted = {name for name, read in self.reviews.items() if digests.get(name) == read.digest}
        return Part(self.folder, self.reviews, frozenset(wanted))


def write_part(
    folder: Path,
    sources: Sources,
    review_ids: Sequence[str],
    *,
    judgements: Judgements,
    tagger: Tagger,
    progress: Callable[[int, int], None],
) -> Part:
    """Read, tag and write the rows of these reviews into a new folder.

    ``progress`` is told how many reviews are done, of how many. Raises CorpusError where a review
    is damaged.
    """
    folder.mkdir()
    writer = _PartWriter(folder, sources, judgements, tagger)
    rows = writer.read(review_ids)
    while batch := list(islice(rows, BATCH)):
        writer.write(batch)
        progress(writer.read_reviews, len(review_ids))
    return writer.close()


class Joined(NamedTuple):
    """Several parts as one: its words, and where few rows are new, what changed."""

    part: Part
    wording: Wording
    change: Change | None


def join_parts(folder: Path, parts: Sequence[Part], before: Path | None) -> Joined:
    """Write what is wanted of several parts as one, reviews in the order of their ids.

    The first part may be the generation ``before``. Vectors and weights of the whole rest on the
    words, or on those of the generation before and on what changed since.
    """
    rows, reviews = _rows_of(parts)
    folders = [part.folder for part in parts]
    opened = [Records.open(part) for part in folders]
    try:
        join_records(folder, opened, rows)
    finally:
        for records in opened:
            records.close()
    join_facts(folder, folders, rows)
    words = [Wording.open(part) for part in folders]
    wording = Wording.joined(words, rows)
    wording.save(folder)
    new = np.full(sum(part.rows for part in parts), -1, dtype=np.int64)
    new[rows] = np.arange(len(rows))
    bounds = np.cumsum([part.rows for part in parts])[:-1]
    numbers = np.split(new, bounds)
    join_segments(folder, wording, folders, numbers)
    _save_reviews(folder, reviews)
    whole = Part(folder, reviews, frozenset(reviews))
    change = _change(before, words, rows, numbers[0]) if before == folders[0] else None
    return Joined(whole, wording, change)


def _change(before: Path, words: Sequence[Wording], rows: Rows, of_old: Rows) -> Change | None:
    """What changed since the generation before; None where that is much."""
    come = np.flatnonzero(rows >= len(of_old))
    succession = Succession(of_old, come)
    if not succession.are_few:
        return None
    return Change(
        before,
        succession,
        stood=words[0],
        gone=Wording.joined(words[:1], succession.gone),
        come=Wording.joined(words, rows[come]),
    )


def read_digests(sha256s: Mapping[str, str], judgements: Judgements) -> dict[str, str]:
    """What each review is read from: the digest of its file (given) and of its judgements."""
    lines: dict[str, list[str]] = {}
    for recommendation, judged in judgements.items():
        review_id = recommendation.rpartition("/")[0]
        said = [recommendation, *(judgement.model_dump_json() for judgement in judged)]
        lines.setdefault(review_id, []).extend(said)
    return {
        review_id: hashlib.sha256(
            "\n".join([sha256, *lines.get(review_id, ())]).encode()
        ).hexdigest()
        for review_id, sha256 in sha256s.items()
    }


class _PartWriter:
    """Writes rows as they are read and tagged."""

    def __init__(
        self, folder: Path, sources: Sources, judgements: Judgements, tagger: Tagger
    ) -> None:
        self._folder = folder
        self._sources = sources
        self._judgements = judgements
        self._tagger = tagger
        self._records = RecordsWriter(folder, sources.taxonomy.model)
        self._facts = FactsWriter(folder)
        self._words = WordingWriter(sources.abbreviations)
        self._latent: list[NDArray[np.float32]] = []
        self._rows: dict[str, int] = {}
        self._sha256s: dict[str, str] = {}
        self.read_reviews = 0

    def read(self, review_ids: Iterable[str]) -> Iterator[tuple[ReviewFacts, Recommendation]]:
        """The rows of these reviews; one that is not to be shown leaves no trace."""
        for review_id in review_ids:
            review, sha256 = self._sources.corpus.review_with_digest(review_id)
            self.read_reviews += 1
            if not is_shown(review, self._sources.settings):
                continue
            rows = corrected_rows(review, self._sources.agencies)
            self._sha256s[review_id] = sha256
            self._rows[review_id] = len(rows)
            facts = ReviewFacts.of(review)
            for _, recommendation in rows:
                yield facts, recommendation

    def write(self, rows: Sequence[tuple[ReviewFacts, Recommendation]]) -> None:
        """Tag these rows and write them."""
        from kb.tagging.judged import with_judgements

        texts = [recommendation.text for _, recommendation in rows]
        tagged, latent = self._tagger.tag_and_place(texts)
        self._latent.append(latent)
        for (review, recommendation), tags in zip(rows, tagged, strict=True):
            identity = f"{review.id}/{recommendation.position}"
            given = self._judgements.get(identity, ())
            judged = with_judgements(tags, given, recommendation.text)
            entry = Entry(
                id=identity,
                recommendation=recommendation,
                review=review,
                themes=judged.themes,
                suggestions=judged.suggestions,
            )
            self._records.add(entry)
            self._facts.add(facts_of(entry))
            self._words.add(texts_of(entry))

    def close(self) -> Part:
        self._records.close()
        self._facts.close(self._latent)
        wording = self._words.wording()
        wording.save(self._folder)
        if len(wording) >= LEAST_SHARED:
            write_segments(self._folder, wording)
        digests = read_digests(self._sha256s, self._judgements)
        reviews = {name: ReadReview(digests[name], rows) for name, rows in self._rows.items()}
        _save_reviews(self._folder, reviews)
        return Part(self._folder, reviews, frozenset(reviews))


def _rows_of(parts: Sequence[Part]) -> tuple[Rows, dict[str, ReadReview]]:
    """The wanted rows among those of all parts, one after another, and their reviews."""
    found: dict[str, tuple[int, ReadReview]] = {}
    first = 0
    for part in parts:
        for review_id, read in part.reviews.items():
            if review_id in part.wanted:
                found[review_id] = (first, read)
            first += read.rows
    reviews = {review_id: found[review_id][1] for review_id in sorted(found)}
    rows = [
        np.arange(found[review_id][0], found[review_id][0] + read.rows, dtype=np.int64)
        for review_id, read in reviews.items()
    ]
    return np.concatenate([*rows, np.zeros(0, dtype=np.int64)]), reviews


def _save_reviews(folder: Path, reviews: Mapping[str, ReadReview]) -> None:
    data = {name: {"digest": read.digest, "rows": read.rows} for name, read in reviews.items()}
    (folder / REVIEWS).write_text(json.dumps(data), "utf-8")


def facts_of(entry: Entry) -> Facts:
    """What the duplicate check needs to know of a recommendation."""
    recommendation, review = entry.recommendation, entry.review
    return Facts(
        id=entry.id,
        review_id=review.id,
        text=recommendation.text,
        area=review.area,
        year=review.year.value,
        date=review.published or (str(review.year.value) if review.year.value else None),
        status=recommendation.status.value,
        completed=recommendation.completed.date,
        sectors=tuple(dict.fromkeys(agency.sector for agency in recommendation.lead_agencies)),
        themes=tuple(tag.id for tag in entry.themes),
    )
