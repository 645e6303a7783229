"""Themes of two sides beside each other, with the difference and what may be said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kb.intervals import FEWEST_REVIEWS
from kb.model import Taxonomy
from kb.reports.counting import ByReview, Carried, Counts
from kb.reports.differences import Difference, Side, clustered_differences, newcombe
from kb.reports.labels import Labels
from kb.reports.report import Bars, Cell, Column, Report, Table, columns
from kb.reports.rows import Places, Rows


@dataclass(frozen=True)
class Beside:
    """One label on two sides: its counts there, and the first less the second."""

    first: Carried
    second: Carried
    recommendations: Difference
    reviews: Difference


@dataclass(frozen=True)
class Compared:
    """Two sides, and every label on both; ``words`` are for more, less and no difference shown."""

    names: tuple[str, str]
    places: tuple[Places, Places]
    counts: tuple[Counts, Counts]
    labels: tuple[Beside, ...]
    words: tuple[str, str, str]

    @property
    def fewest(self) -> int:
        """The reviews of the side that has fewer."""
        return min(counts.reviews for counts in self.counts)

    def says(self, difference: Difference) -> str:
        """What may be said of a difference."""
        more, less, neither = self.words
        return difference.says(self.fewest, more, less, neither)

    def caution(self) -> Iterator[str]:
        """What the numbers of reviews do not bear, in words."""
        if self.fewest < FEWEST_REVIEWS:
            told = " and ".join(
                f"{counts.reviews} ({name})"
                for name, counts in zip(self.names, self.counts, strict=True)
            )
            yield (
                f"Caution: few reviews stand behind this: {told}. Below {FEWEST_REVIEWS} on a side "
                "nothing is said to differ, whatever the shares."
            )
        yield (
            f"Of {len(self.labels)} themes looked at one in twenty would seem to differ by chance "
            "alone; the intervals are not widened for that."
        )


def compare(
    labels: Labels,
    names: tuple[str, str],
    places: tuple[Places, Places],
    words: tuple[str, str, str] | None = None,
) -> Compared:
    """The themes of the recommendations at some places beside those at others."""
    incidence, width = labels.incidence, len(labels.theme_ids)
    counts = tuple(incidence.counts(each, slice(width)) for each in places)
    first, second = (incidence.by_review(each) for each in places)
    drawn = clustered_differences(*_sides(first, second, width))
    beside = tuple(
        Beside(a, b, difference, newcombe(a.review_share, b.review_share))
        for a, b, difference in zip(*(each.carried for each in counts), drawn, strict=True)
    )
    said = words or (f"more in {names[0]}", f"more in {names[1]}", "no difference shown")
    return Compared(names, places, (counts[0], counts[1]), beside, said)


def _sides(first: ByReview, second: ByReview, width: int) -> tuple[Side, Side]:
    """Both over the reviews of either, without the labels beyond ``width``."""
    reviews = np.union1d(first.reviews, second.reviews)
    made = []
    for each in (first, second):
        at = np.searchsorted(reviews, each.reviews)
        counts = np.zeros((len(reviews), width), dtype=np.int64)
        sizes = np.zeros(len(reviews), dtype=np.int64)
        counts[at], sizes[at] = each.counts[:, :width], each.sizes
        made.append(Side(counts, sizes))
    return made[0], made[1]


def theme_comparison(
    rows: Rows, taxonomy: Taxonomy, names: tuple[str, str], places: tuple[Places, Places]
) -> Report:
    """Theme frequency of the recommendations at some places beside those at others."""
    labels = Labels(taxonomy, rows)
    found = compare(labels, names, places)
    ranked = ranked_by_difference(found)
    both = len(np.intersect1d(*places))
    return Report(
        name="comparison",
        title=f"Themes compared: {names[0]} and {names[1]}",
        tables=(
            sizes_table(found),
            comparison_table(labels, found, ranked, "comparison", "Themes, side by side"),
        ),
        data={
            "sides": sizes_json(found),
            "in_both": both,
            "themes": comparison_json(labels, found, ranked),
        },
        notes=tuple(_notes(found, both)),
        counted=rows,
    )


def ranked_by_difference(found: Compared) -> list[int]:
    """The themes that either side has, the greatest difference first."""
    carried = [
        at
        for at, each in enumerate(found.labels)
        if each.first.recommendations or each.second.recommendations
    ]
    return sorted(carried, key=lambda at: -(found.labels[at].recommendations.value or 0.0))


def _notes(found: Compared, both: int) -> Iterator[str]:
    first, second = found.names
    yield (
        f"Difference: the share in {first} less the share in {second}, in points of a hundred. "
        "Nothing is said to differ where the 95% interval of the difference holds 0."
    )
    yield (
        "Intervals of differences: for recommendations whole reviews are drawn again 1,000 times "
        "with a fixed seed; for reviews Newcombe's from both Wilson intervals, a little too wide "
        "where a review stands on both sides."
    )
    if both:
        yield f"{both:,} recommendations stand on both sides and count on each."
    yield from found.caution()


def sizes_table(found: Compared) -> Table:
    """How much is counted on each side."""
    return Table(
        "sides",
        "What is compared",
        columns(
            ("name", "Side"),
            ("recommendations", "Recommendations", "count"),
            ("reviews", "Reviews", "count"),
            ("without_a_theme", "Recommendations without a theme", "count"),
        ),
        tuple(
            (name, counts.recommendations, counts.reviews, counts.recommendations - counts.labelled)
            for name, counts in zip(found.names, found.counts, strict=True)
        ),
        behind=lambda row, column: found.places[row] if column == "recommendations" else None,
    )


def sizes_json(found: Compared) -> list[dict[str, Any]]:
    """``[{name, recommendations, reviews}]`` of both sides."""
    return [
        {"name": name, "recommendations": counts.recommendations, "reviews": counts.reviews}
        for name, counts in zip(found.names, found.counts, strict=True)
    ]


def comparison_table(
    labels: Labels, found: Compared, ranked: Sequence[int], name: str, title: str
) -> Table:
    """Each theme on both sides, the differences, and what may be said."""
    first, second = found.names
    heads = columns(
        ("name", "Theme"),
        Column("id", "Theme id", detail=True),
        ("first", f"{first}: recommendations", "count"),
        ("first_share", "Share", "share"),
        ("second", f"{second}: recommendations", "count"),
        ("second_share", "Share", "share"),
        ("difference", "Difference in points", "difference"),
        ("difference_interval", "95% interval", "difference interval"),
        ("says", "What it shows"),
        ("reviews_difference", "Reviews: difference in points", "difference"),
        ("reviews_difference_interval", "95% interval of it", "difference interval"),
        ("reviews_says", "What reviews show"),
    )
    rows = tuple(_cells(labels, found, at) for at in ranked)
    sides = ("first", "second")
    return Table(
        name,
        title,
        heads,
        rows,
        chart=Bars("difference", "difference_interval"),
        behind=lambda row, column: (
            labels.incidence.carrying(ranked[row], found.places[sides.index(column)])
            if column in sides
            else None
        ),
    )


def _cells(labels: Labels, found: Compared, at: int) -> tuple[Cell, ...]:
    beside = found.labels[at]
    cells: list[Cell] = [labels.theme_names[at], labels.theme_ids[at]]
    for side in (beside.first, beside.second):
        cells += [side.recommendations, side.recommendation_share.value]
    for difference in (beside.recommendations, beside.reviews):
        cells += [difference.value, difference.interval(), found.says(difference)]
    return tuple(cells)


def comparison_json(labels: Labels, found: Compared, ranked: Sequence[int]) -> list[dict[str, Any]]:
    """``[{id, name, first, second, difference, review_difference}]`` of the themes."""
    return [
        {
            "id": labels.theme_ids[at],
            "name": labels.theme_names[at],
            "first": found.labels[at].first.as_json(),
            "second": found.labels[at].second.as_json(),
            "difference": _told(found, found.labels[at].recommendations),
            "review_difference": _told(found, found.labels[at].reviews),
        }
        for at in ranked
    ]


def _told(found: Compared, difference: Difference) -> dict[str, Any]:
    return {**difference.as_json(), "says": found.says(difference)}
