"""A theme's own measured precision and recall, and a count corrected for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Any

from kb.intervals import Share, Z, wilson
from kb.reports.counting import Counts
from kb.reports.labels import DECIDED, Labels
from kb.reports.report import Cell, Column, Table, columns
from kb.reports.rows import Places

Corrected = tuple[float, float, float]  # a count, and the ends of its 95% interval


@dataclass(frozen=True)
class Measured:
    """How often a theme was judged to hold, was tagged, and both, when tags were measured."""

    wanted: int
    given: int
    right: int

    @property
    def precision(self) -> Share:
        """Of the tags given, the share judged right."""
        return wilson(self.right, self.given)

    @property
    def recall(self) -> Share:
        """Of the tags judged right, the share given."""
        return wilson(self.right, self.wanted)

    def corrected(self, machine: int) -> tuple[float, float, float] | None:
        """How many there are where the machine tagged so many, with a 95% interval.

        Tags times precision through recall, that is ``wanted / given``, the ratio of two counts of
        the same texts; its interval on the scale of logarithms is that of a ratio of paired
        proportions (J. Nam and W. C. Blackwelder, Statistics in Medicine 21 (2002), 689–699). None
        where nothing was right, which tells nothing of the rest.
        """
        if not self.right:
            return None
        ratio = self.wanted / self.given
        mistakes = max(1, self.wanted + self.given - 2 * self.right)
        reach = Z * sqrt(mistakes / (self.wanted * self.given))
        return machine * ratio, machine * ratio * exp(-reach), machine * ratio * exp(reach)


def measured_from(themes: Mapping[str, Mapping[str, Any]]) -> dict[str, Measured]:
    """Each theme as an evaluation measured it: ``{id: {n, given, right}}``."""
    return {theme: Measured(one["n"], one["given"], one["right"]) for theme, one in themes.items()}


def corrected_part(
    labels: Labels, counts: Counts, places: Places, measured: Mapping[str, Measured]
) -> tuple[Corrected | None, ...]:
    """The corrected count of each theme among some recommendations; None where it is not known."""
    decided = labels.decided.by_review(places).counts.sum(axis=0).tolist()
    return tuple(
        _corrected(measured.get(theme), carried.recommendations - by_people, by_people)
        for theme, carried, by_people in zip(labels.theme_ids, counts.carried, decided, strict=True)
    )


def _corrected(found: Measured | None, machine: int, decided: int) -> Corrected | None:
    """The whole count where the machine made so many of the tags; None where it is not known."""
    whole = (decided, decided, decided) if not machine else None
    ratio = None if found is None else found.corrected(machine)
    if ratio is None:
        return whole
    value, low, high = ratio
    return decided + value, decided + low, decided + high


CORRECTED_COLUMNS = columns(
    ("corrected", "Corrected count", "count"),
    ("corrected_interval", "95% interval of it", "count interval"),
)


def corrected_cells(corrected: Corrected | None) -> tuple[Cell, ...]:
    """The cells of ``CORRECTED_COLUMNS``, in whole recommendations."""
    if corrected is None:
        return None, None
    value, low, high = map(round, corrected)
    return value, (low, high)


def corrected_json(corrected: Corrected | None) -> dict[str, float] | None:
    """``{value, low, high}``."""
    return (
        None if corrected is None else dict(zip(("value", "low", "high"), corrected, strict=True))
    )


def measured_json(
    labels: Labels, theme: int, measured: Mapping[str, Measured]
) -> dict[str, Any] | None:
    """``{precision, recall, by_machine, corrected}`` of a theme; None where it is not measured."""
    found = measured.get(labels.theme_ids[theme])
    if found is None:
        return None
    decided, machine = _parted(labels, theme)
    return {
        "precision": found.precision.as_json(),
        "recall": found.recall.as_json(),
        "by_machine": machine,
        "corrected": corrected_json(_corrected(found, machine, decided)),
    }


def _parted(labels: Labels, theme: int) -> tuple[int, int]:
    """How many tags of a theme were decided by a person or the starter, and made by machine."""
    by = labels.tagged_by[theme]
    decided = sum(by[who] for who in DECIDED)
    return decided, sum(by.values()) - decided


def measured_table(
    labels: Labels, ranked: Sequence[int], measured: Mapping[str, Measured]
) -> Table:
    """Each theme's count beside how far its tags can be trusted."""
    heads = columns(
        ("name", "Theme"),
        Column("id", "Theme id", detail=True),
        ("recommendations", "Recommendations", "count"),
        ("by_machine", "of these by machine", "count"),
        ("precision", "Precision", "share"),
        ("precision_interval", "95% interval of precision", "interval"),
        ("recall", "Recall", "share"),
        ("recall_interval", "95% interval of recall", "interval"),
        *CORRECTED_COLUMNS,
    )
    rows = tuple(
        _cells(labels, at, measured) for at in ranked if any(labels.tagged_by[at].values())
    )
    return Table("trust", "How far the tags can be trusted", heads, rows)


def _cells(labels: Labels, at: int, measured: Mapping[str, Measured]) -> tuple[Cell, ...]:
    decided, machine = _parted(labels, at)
    found = measured.get(labels.theme_ids[at])
    start = (labels.theme_names[at], labels.theme_ids[at], decided + machine, machine)
    if found is None:
        unknown = (None, None, None, None)
        return (*start, *unknown, *corrected_cells(_corrected(None, machine, decided)))
    shares = (found.precision, found.recall)
    return (
        *start,
        *(cell for share in shares for cell in (share.value, share.interval())),
        *corrected_cells(_corrected(found, machine, decided)),
    )
