"""Which recommendation carries which label, as arrays, and the counts of any part of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.model import Entry
from kb.reports.intervals import Share, clustered_shares, wilson
from kb.reports.report import Cell, Column


@dataclass(frozen=True)
class Carried:
    """How many recommendations and reviews carry one label, and which share of all that is."""

    recommendations: int
    reviews: int
    recommendation_share: Share
    review_share: Share

    def as_json(self) -> dict[str, Any]:
        """The four numbers in the shape of DESIGN.md."""
        return {
            "recommendations": self.recommendations,
            "reviews": self.reviews,
            "recommendation_share": self.recommendation_share.as_json(),
            "review_share": self.review_share.as_json(),
        }

    def cells(self) -> tuple[Cell, ...]:
        """The cells of ``CARRIED_COLUMNS``."""
        of_recommendations, of_reviews = self.recommendation_share, self.review_share
        return (
            self.recommendations,
            of_recommendations.value,
            of_recommendations.interval(),
            self.reviews,
            of_reviews.value,
            of_reviews.interval(),
        )


CARRIED_COLUMNS = (
    Column("recommendations", "Recommendations", "count"),
    Column("recommendation_share", "Share", "share"),
    Column("recommendation_share_interval", "95% interval", "interval"),
    Column("reviews", "Reviews", "count"),
    Column("review_share", "Share of reviews", "share"),
    Column("review_share_interval", "95% interval of reviews", "interval"),
)


@dataclass(frozen=True)
class Counts:
    """The counts of one set of recommendations: its size, and each label's numbers."""

    recommendations: int
    reviews: int
    labelled: int
    carried: tuple[Carried, ...]


class Incidence:
    """Recommendations × labels as compressed rows, with the review of each recommendation.

    ``starts`` has one number more than there are recommendations; the labels of recommendation i
    are ``labels[starts[i]:starts[i + 1]]``, each once.
    """

    def __init__(self, entries: Sequence[Entry], labels: Iterable[set[int]], width: int) -> None:
        """Read the labels (numbers below ``width``) of each entry, in the order of the entries."""
        sets = list(labels)
        numbers: dict[str, int] = {}
        self.width = width
        self.review = np.array(
            [numbers.setdefault(entry.review.id, len(numbers)) for entry in entries], dtype=np.int64
        )
        lengths = np.array([len(each) for each in sets], dtype=np.int64)
        self.starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        self.labels = np.array([label for each in sets for label in each], dtype=np.int64)

    def counts(self, chosen: Sequence[int] | None = None) -> Counts:
        """The counts of the entries at these places, or of all."""
        rows = np.arange(len(self.review)) if chosen is None else np.array(chosen, dtype=np.int64)
        by_review, sizes, labelled = self._by_review(rows)
        shares = clustered_shares(by_review, sizes)
        recommendations = by_review.sum(axis=0)
        reviews = (by_review > 0).sum(axis=0)
        carried = tuple(
            Carried(int(few), int(many), share, wilson(int(many), len(sizes)))
            for few, many, share in zip(recommendations, reviews, shares, strict=True)
        )
        return Counts(len(rows), len(sizes), labelled, carried)

    def _by_review(
        self, rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
        """Reviews × labels, the recommendations of each review, and how many have any label."""
        reviews, local = np.unique(self.review[rows], return_inverse=True)
        lengths = self.starts[rows + 1] - self.starts[rows]
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        places = np.arange(total) + np.repeat(self.starts[rows] - (ends - lengths), lengths)
        cells = np.repeat(local, lengths) * self.width + self.labels[places]
        table = np.bincount(cells, minlength=len(reviews) * self.width)
        sizes = np.bincount(local, minlength=len(reviews))
        shape = (len(reviews), self.width)
        return table.reshape(shape), sizes, int((lengths > 0).sum())
