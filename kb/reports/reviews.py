"""Review profile: one review's themes and statuses against the whole base."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kb.errors import NotFound
from kb.model import Entry, ReviewFacts, Taxonomy
from kb.reports.labels import Labels
from kb.reports.listing import (
    item_json,
    review_words,
    status_words,
    theme_names,
)
from kb.reports.report import Bars, Cell, Column, Report, Table, columns
from kb.reports.rows import Places, Rows, agency_names
from kb.reports.statuses import Statuses


def review_profile(rows: Rows, review_id: str, taxonomy: Taxonomy) -> Report:
    """One review beside all reviews of ``rows`` (its own among them).

    Raises NotFound where no row is of this review.
    """
    places = rows.values("review").parts().get(review_id)
    if places is None:
        raise NotFound(
            f"no recommendation here is of a review {review_id!r}",
            hint="The id stands before the slash of a recommendation's id; see 'kb search'. "
            "A filter or the audience may leave it out.",
        )
    own = [rows.entry(at) for at in places.tolist()]
    beside = _Beside(Labels(taxonomy, rows), places)
    statuses, review, whole = Statuses(rows), own[0].review, beside.everywhere
    return Report(
        name="review",
        title=f"Review profile: {review.title}",
        tables=(
            _facts_table(review, len(own), beside.here.labelled),
            statuses.table(places),
            beside.table(),
            _list(own, taxonomy),
        ),
        data={
            "review": _facts(review),
            "recommendations": len(own),
            "status": statuses.as_json(places),
            "themes": beside.as_json(),
            "denominators": {"recommendations": whole.recommendations, "reviews": whole.reviews},
            "items": [item_json(entry) for entry in own],
        },
        notes=(
            f"Beside it: all {whole.recommendations:,} recommendations of "
            f"{whole.reviews:,} reviews, this one among them. A theme is a tag; see the "
            "recommendations for who tagged.",
            "The 95% interval is Wilson's, for the share of reviews that carry the theme.",
        ),
        counted=rows,
    )


class _Beside:
    """The themes of one review beside those of all, its most frequent first."""

    def __init__(self, labels: Labels, places: Places) -> None:
        self.here, self.everywhere = labels.incidence.counts(places), labels.incidence.counts()
        self._labels, self._places = labels, places
        here, base = self.here.carried, self.everywhere.carried
        occurring = (at for at in range(len(labels.theme_ids)) if base[at].recommendations)
        self._ranked = sorted(
            occurring, key=lambda at: (-here[at].recommendations, -base[at].reviews)
        )

    def as_json(self) -> list[dict[str, Any]]:
        """``[{id, name, here, here_share, base}]``."""
        return [
            {
                "id": self._labels.theme_ids[at],
                "name": self._labels.theme_names[at],
                "here": self.here.carried[at].recommendations,
                "here_share": self.here.carried[at].recommendation_share.value,
                "base": self.everywhere.carried[at].as_json(),
            }
            for at in self._ranked
        ]

    def table(self) -> Table:
        """The same as a table."""
        incidence = self._labels.incidence
        return Table(
            "themes",
            "Its themes against all reviews",
            columns(
                ("name", "Theme"),
                Column("id", "Theme id", detail=True),
                ("here", "In this review", "count"),
                ("here_share", "Share of this review", "share"),
                ("recommendation_share", "Share of all recommendations", "share"),
                ("reviews", "Reviews with it", "count"),
                ("review_share", "Share of reviews", "share"),
                ("review_share_interval", "95% interval of reviews", "interval"),
            ),
            tuple(map(self._cells, self._ranked)),
            bar="here_share",
            chart=Bars("here_share"),
            behind=lambda row, column: {
                "here": incidence.carrying(self._ranked[row], self._places),
                "reviews": incidence.carrying(self._ranked[row]),
            }.get(column),
        )

    def _cells(self, at: int) -> tuple[Cell, ...]:
        here, base = self.here.carried[at], self.everywhere.carried[at]
        return (
            self._labels.theme_names[at],
            self._labels.theme_ids[at],
            here.recommendations,
            here.recommendation_share.value,
            base.recommendation_share.value,
            base.reviews,
            base.review_share.value,
            base.review_share.interval(),
        )


def _facts(review: ReviewFacts) -> dict[str, Any]:
    return review.model_dump(mode="json")


def _facts_table(review: ReviewFacts, recommendations: int, labelled: int) -> Table:
    year = review.year
    stated: list[tuple[str, str | None]] = [
        ("Id", review.id),
        ("Kind", review.kind),
        ("Area", review.area),
        ("Region", review.region),
        ("Year", None if year.value is None else f"{year.value} (of {year.of})"),
        ("Publication", review.publication),
        ("Address", review.url),
        ("Recommendations", str(recommendations)),
        ("Recommendations without a theme", str(recommendations - labelled)),
    ]
    return Table(
        "facts", review_words(review), columns(("label", "Fact"), ("value", "Value")), tuple(stated)
    )


def _list(own: Sequence[Entry], taxonomy: Taxonomy) -> Table:
    return Table(
        "recommendations",
        "Its recommendations",
        columns(
            ("id", "Recommendation"),
            ("number", "Number as printed"),
            ("text", "Text"),
            ("agencies", "Asked of"),
            ("status", "Status"),
            ("target_date", "Target date", "date"),
            ("themes", "Themes"),
        ),
        tuple(
            (
                entry.id,
                entry.recommendation.number,
                entry.recommendation.text,
                "; ".join(agency_names(entry)) or None,
                status_words(entry),
                entry.recommendation.target_date.date,
                theme_names(entry, taxonomy),
            )
            for entry in own
        ),
    )
