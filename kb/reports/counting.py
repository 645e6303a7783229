"""Which recommendation carries which label, as arrays, and the counts of any part of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.intervals import FEWEST_REVIEWS, Share, clustered_shares, draws, wilsons
from kb.reports.report import Cell, Column
from kb.reports.rows import Places, Rows


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

    def __init__(self, rows: Rows, places: Places, labels: NDArray[np.int64], width: int) -> None:
        """Label the recommendations at ``places`` (any order, doubles count once)."""
        self.width = width
        self.review = rows.values("review").codes
        self._reviews = _present(self.review)
        keys = np.sort(places * max(width, 1) + labels)
        keys = keys[np.diff(keys, prepend=-1) > 0]  # quicker than np.unique, which hashes
        self.labels = keys % max(width, 1)
        lengths = np.bincount(keys // max(width, 1), minlength=len(rows))
        self.starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)

    def counts(self, chosen: Places | None = None, labels: slice = slice(None)) -> Counts:
        """The counts of the recommendations at these places, or of all, for some labels or all."""
        rows = np.arange(len(self.review)) if chosen is None else chosen
        by_review = self.by_review(rows)
        counts, sizes = by_review.counts[:, labels], by_review.sizes
        places = np.searchsorted(self._reviews, by_review.reviews)
        times = None if len(sizes) < FEWEST_REVIEWS else draws(len(self._reviews))
        reviews = (counts > 0).sum(axis=0)
        carried = map(
            Carried,
            counts.sum(axis=0).tolist(),
            reviews.tolist(),
            clustered_shares(counts, sizes, times, places),
            wilsons(reviews, len(sizes)),
        )
        return Counts(len(rows), len(sizes), by_review.labelled, tuple(carried))

    def by_review(self, rows: Places) -> ByReview:
        """The labels of the recommendations at these places, counted for each of their reviews."""
        codes = self.review[rows]
        reviews = _present(codes)
        number = np.zeros(int(codes.max(initial=-1)) + 1, dtype=np.int64)
        number[reviews] = np.arange(len(reviews))
        local = number[codes]
        lengths, labels = self._labels_of(rows)
        cells = np.repeat(local, lengths) * self.width + labels
        table = np.bincount(cells, minlength=len(reviews) * self.width)
        sizes = np.bincount(local, minlength=len(reviews))
        shape = (len(reviews), self.width)
        return ByReview(reviews, table.reshape(shape), sizes, int((lengths > 0).sum()))

    def carrying(self, label: int, rows: Places | None = None) -> Places:
        """The places, among these or all, of the recommendations that carry a label."""
        chosen = np.arange(len(self.review)) if rows is None else rows
        lengths, labels = self._labels_of(chosen)
        carrying: Places = np.repeat(chosen, lengths)[labels == label]
        return carrying

    def _labels_of(self, rows: Places) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """How many labels each of these rows has, and these labels one after another."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        places = np.arange(total) + np.repeat(self.starts[rows] - (ends - lengths), lengths)
        return lengths, self.labels[places]


def _present(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The codes that occur, sorted."""
    return np.flatnonzero(np.bincount(codes))


@dataclass(frozen=True)
class ByReview:
    """Labels counted for each review.

    ``reviews`` (codes of reviews, sorted), ``counts`` (reviews × labels: recommendations of the
    review that carry the label), ``sizes`` (its recommendations), ``labelled``: recommendations
    with any label, of all reviews.
    """

    reviews: NDArray[np.int64]
    counts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    labelled: int
