"""A knowledge base of UPR recommendations with a value for every facet, and its documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from indexed import write_index
from search_peers import Document
from upr import A_REVIEW, review_of, upr_rows

from kb import KnowledgeBase
from kb.index.generations import publish
from kb.index.manifest import Manifest
from kb.model import SECTOR_NAMES, Entry, Evidence, Group, Review, ReviewFacts, Tag, Taxonomy, Theme
from kb.printed import Recommendation
from kb.search.engine import FACETS

KINDS = ("state", "islands", "federation", "kingdom", "territory")
SCOPES = ("local", "regional", "national")
GROUPS = 8


def build_base(home: Path, size: int) -> None:
    """A knowledge base whose index holds so many recommendations."""
    base = KnowledgeBase.create(home)
    publish(base.index_dir, lambda folder: _fill(folder, list(_entries(size))))


def documents(base: KnowledgeBase) -> list[Document]:
    """Every recommendation of a base as other engines take it in."""
    records = base.index.records
    columns = {name: records.columns[name] for name in FACETS}
    listed = []
    for row in range(len(records)):
        data = records.json(row)
        texts = {
            "text": data["recommendation"]["text"],
            "agency": data["recommendation"]["lead_agency"],
            "title": data["review"]["title"],
        }
        values = {name: column.of(row) for name, column in columns.items()}
        listed.append(Document(texts, values))
    return listed


def _fill(folder: Path, entries: list[Entry]) -> Manifest:
    write_index(folder, entries, _taxonomy(entries))
    return _manifest(len(entries))


def _manifest(recommendations: int) -> Manifest:
    return Manifest(
        program="",
        created="",
        corpus_digest="",
        corpus_stamp="",
        judged_bytes=0,
        judged_digest="",
        taxonomy_digest="",
        settings_digest="",
        model_version="",
        taxonomy_version="",
        reviews=0,
        recommendations=recommendations,
        engine="arrays",
    )


def _taxonomy(entries: list[Entry]) -> Taxonomy:
    ids = sorted({tag.id for entry in entries for tag in entry.themes})
    return Taxonomy(
        groups=tuple(
            Group(
                id=f"group-{at}",
                name=f"Group {at}",
                themes=tuple(Theme(id=one, name=one) for one in ids[at::GROUPS]),
            )
            for at in range(GROUPS)
        )
    )


def _entries(size: int) -> Iterator[Entry]:
    rows = upr_rows(size)
    for number, first in enumerate(range(0, size, A_REVIEW), start=1):
        yield from _entries_of(number, list(islice(rows, min(A_REVIEW, size - first))))


def _entries_of(number: int, rows: list[dict[str, str]]) -> Iterator[Entry]:
    review = full_review(number, rows)
    facts = ReviewFacts.of(review)
    for row, recommendation in zip(rows, review.recommendations, strict=True):
        yield Entry(
            id=review.recommendation_id(recommendation.position),
            recommendation=recommendation,
            review=facts,
            themes=tuple(_tags(row)),
        )


def full_review(number: int, rows: list[dict[str, str]]) -> Review:
    """A review of these rows with a value for every filter."""
    review = review_of(number, rows)
    recommendations = map(_full, rows, review.recommendations)
    return review.model_copy(
        update={
            "kind": KINDS[number % len(KINDS)],
            "published": str(2008 + number % 16),
            "recommendations": tuple(recommendations),
        }
    )


def _full(row: dict[str, str], recommendation: Recommendation) -> Recommendation:
    sectors = sorted(SECTOR_NAMES)
    sector = sectors[sum(map(ord, row["From"])) % len(sectors)]
    agencies = tuple(
        agency.model_copy(update={"sector": sector}) for agency in recommendation.lead_agencies
    )
    scope = recommendation.scope.model_copy(update={"value": SCOPES[len(row["To"]) % 3]})
    return recommendation.model_copy(update={"lead_agencies": agencies, "scope": scope})


def _tags(row: dict[str, str]) -> Iterator[Tag]:
    """The issues of a row as themes, with as much to read as tags have."""
    word = row["Text"].split()[0]
    evidence = Evidence(start=0, end=len(word), text=word, why="a word of a rule")
    for issue in dict.fromkeys(row["Issue"].split(",")):
        name = re.sub("[^a-z]+", "-", issue.lower()).strip("-")
        yield Tag(id=name, by=("rule", "classifier"), confidence=0.9, evidence=(evidence,))
