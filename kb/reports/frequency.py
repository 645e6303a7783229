"""Theme frequency: how many recommendations and reviews carry each theme, and which share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.model import TAGGERS, Taxonomy
from kb.reports.changes import change_table, changes_by_year, changes_json
from kb.reports.counting import CARRIED_COLUMNS, Carried, Counts
from kb.reports.crossed import Crossed
from kb.reports.crosstab import count_by, crosstab_tables
from kb.reports.dimensions import Dimension, dimensions_named
from kb.reports.labels import Labels
from kb.reports.measured import Measured, measured_json, measured_table
from kb.reports.report import Bars, Cell, Column, LaterTables, Report, Table, columns
from kb.reports.rows import Rows


def theme_frequency(
    rows: Rows,
    taxonomy: Taxonomy,
    by: str | None = None,
    measured: Mapping[str, Measured] | None = None,
) -> Report:
    """How often each theme, group and Home Office theme stands in these recommendations.

    ``by`` is a name of ``DIMENSIONS`` and adds the same counts for each of its values, or two with
    a comma between, which are crossed; ``measured`` is how good the tags of each theme are, where
    that is known. Raises WrongUsage where there is no such dimension.
    """
    found = _Frequency(Labels(taxonomy, rows), dimensions_named(by), measured or {})
    crossed = " and ".join(dimension.label.lower() for dimension in found.dimensions)
    return Report(
        name="themes",
        title="Theme frequency" + (f" by {crossed}" if crossed else ""),
        tables=LaterTables(found.tables),
        data=found.as_json(),
        notes=tuple(found.notes()),
        counted=rows,
    )


class _Frequency:
    """Themes counted, as a whole and for each value of up to two dimensions."""

    def __init__(
        self,
        labels: Labels,
        dimensions: tuple[Dimension, ...],
        measured: Mapping[str, Measured],
    ) -> None:
        self.dimensions = dimensions
        self._labels, self._measured = labels, measured
        self._whole = labels.incidence.counts()
        carried = self._whole.carried
        themes = range(len(labels.theme_ids))
        self._ranked = sorted(themes, key=lambda at: -carried[at].recommendations)
        self._rolled = _rolled(labels, self._whole)
        self._parts = [count_by(labels, dimension, measured) for dimension in dimensions]
        by_year = any(dimension.name == "year" for dimension in dimensions)
        self._changes = changes_by_year(labels) if by_year else None
        self._crossed = Crossed(labels, dimensions) if len(dimensions) == 2 else None

    def tables(self) -> list[Table]:
        """All tables that have any rows."""
        labels, ranked = self._labels, self._ranked
        tables = [
            _themes_table(labels, self._whole, ranked),
            *(_rolled_table(labels, roof, each) for roof, each in self._rolled.items()),
            _taggers_table(labels, ranked),
        ]
        if self._measured:
            tables.append(measured_table(labels, ranked, self._measured))
        for dimension, parts in zip(self.dimensions, self._parts, strict=True):
            tables += crosstab_tables(dimension, parts, ranked, labels)
        if self._crossed is not None:
            tables += self._crossed.tables(ranked)
        if self._changes is not None:
            tables.append(change_table(labels, self._changes))
        return [table for table in tables if table.rows]

    def as_json(self) -> dict[str, Any]:
        """The shape of DESIGN.md, and more."""
        labels, ranked = self._labels, self._ranked
        by = [
            {
                "field": dimension.name,
                "values": [part.as_json(dimension, labels.theme_ids, ranked) for part in parts],
            }
            for dimension, parts in zip(self.dimensions, self._parts, strict=True)
        ]
        changes, crossed = self._changes, self._crossed
        return {
            "themes": _themes_json(labels, self._whole, ranked, self._measured),
            "denominators": _denominators(self._whole),
            "groups": [
                {"id": each.name, "name": labels.groups[each.name], **each.carried.as_json()}
                for each in self._rolled["groups"]
            ],
            "home_office": [
                {"name": each.name, **each.carried.as_json()}
                for each in self._rolled["home_office"]
            ],
            "by": by[0] if by else None,
            **({} if crossed is None else {"and_by": by[1], "crossed": crossed.as_json(ranked)}),
            **({} if changes is None else {"change": changes_json(labels, changes)}),
        }

    def notes(self) -> Iterator[str]:
        """What a reader must know of the numbers."""
        yield from _notes(self._labels, self._whole, self._measured)
        for dimension in self.dimensions:
            yield from _dimension_notes(self._labels.rows, dimension)
        if self._changes is not None:
            yield from self._changes.notes()


@dataclass(frozen=True)
class _RolledUp:
    """One roof of several themes (a group, a Home Office theme), its label and its counts."""

    name: str
    label: int
    carried: Carried


def _rolled(labels: Labels, whole: Counts) -> dict[str, list[_RolledUp]]:
    """The groups and the Home Office themes, the most frequent first."""
    named = {
        "groups": (labels.first_group, list(labels.groups)),
        "home_office": (labels.first_office, labels.offices),
    }
    return {
        roof: sorted(
            (_RolledUp(name, at, whole.carried[at]) for at, name in enumerate(names, first)),
            key=lambda each: -each.carried.recommendations,
        )
        for roof, (first, names) in named.items()
    }


def _themes_table(labels: Labels, whole: Counts, ranked: list[int]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            labels.theme_names[at],
            labels.theme_ids[at],
            labels.group_of_theme[at],
            labels.office_of_theme[at],
            *whole.carried[at].cells(),
        )
        for at in ranked
    ]
    heads = columns(
        ("name", "Theme"),
        Column("id", "Theme id", detail=True),
        Column("group", "Group id", detail=True),
        Column("home_office", "Home Office theme", detail=True),
        *CARRIED_COLUMNS,
    )
    return Table(
        "themes",
        "Themes",
        heads,
        tuple(rows),
        bar="recommendation_share",
        chart=Bars("recommendation_share", "recommendation_share_interval"),
        behind=lambda row, column: (
            labels.incidence.carrying(ranked[row]) if column in _COUNTS else None
        ),
    )


_COUNTS = ("recommendations", "reviews")
_ROOFS = {
    "groups": ("Groups of themes", "Group"),
    "home_office": ("Home Office themes", "Home Office theme"),
}


def _rolled_table(labels: Labels, roof: str, rolled: list[_RolledUp]) -> Table:
    title, label = _ROOFS[roof]
    return Table(
        roof,
        title,
        columns(("name", label), Column("id", "Id", detail=True), *CARRIED_COLUMNS),
        tuple(
            (labels.groups.get(each.name, each.name), each.name, *each.carried.cells())
            for each in rolled
        ),
        bar="recommendation_share",
        behind=lambda row, column: (
            labels.incidence.carrying(rolled[row].label) if column in _COUNTS else None
        ),
    )


def _taggers_table(labels: Labels, ranked: list[int]) -> Table:
    heads = columns(
        ("name", "Theme"),
        Column("id", "Theme id", detail=True),
        *(Column(f"tagged_by_{key}", label, "count") for key, label in TAGGERS.items()),
    )
    shown = [at for at in ranked if any(labels.tagged_by[at].values())]
    rows: list[tuple[Cell, ...]] = [
        (labels.theme_names[at], labels.theme_ids[at], *labels.tagged_by[at].values())
        for at in shown
    ]
    return Table(
        "tagged_by",
        "Who tagged: recommendations of each theme",
        heads,
        tuple(rows),
        behind=lambda row, column: (
            labels.tagged(shown[row], column.removeprefix("tagged_by_"))
            if column.startswith("tagged_by_")
            else None
        ),
    )


def _themes_json(
    labels: Labels, whole: Counts, ranked: list[int], measured: Mapping[str, Measured]
) -> list[dict[str, Any]]:
    return [
        {
            "id": labels.theme_ids[at],
            "name": labels.theme_names[at],
            "group": labels.group_of_theme[at],
            "home_office": labels.office_of_theme[at],
            **whole.carried[at].as_json(),
            "tagged_by": dict(labels.tagged_by[at]),
            "measured": measured_json(labels, at, measured),
        }
        for at in ranked
    ]


def _denominators(whole: Counts) -> dict[str, int]:
    return {
        "recommendations": whole.recommendations,
        "reviews": whole.reviews,
        "recommendations_with_a_theme": whole.labelled,
        "recommendations_without_a_theme": whole.recommendations - whole.labelled,
    }


def _notes(labels: Labels, whole: Counts, measured: Mapping[str, Measured]) -> Iterator[str]:
    yield (
        f"Counted: {whole.recommendations:,} recommendations of {whole.reviews:,} reviews; "
        f"{whole.recommendations - whole.labelled:,} recommendations carry no theme. "
        "Shares are of all of these recommendations, and of all of these reviews."
    )
    yield (
        "A recommendation with several themes counts under each, so shares add up to more than "
        "100%."
    )
    yield (
        "The 95% intervals take these reviews as a sample of reviews like them: Wilson's for "
        "reviews; for recommendations whole reviews are drawn again 1,000 times with a fixed "
        "seed (below 10 reviews, or at 0% and 100%: Wilson's with one observation a review). "
        "They do not cover wrong tags."
    )
    yield "Tags by rule or classifier are made by machine; the table of who tagged shows how many."
    if measured:
        yield (
            "Precision: of the machine's tags of a theme the share judged right; recall: of what "
            "was judged to hold it the share tagged; both measured on judged recommendations held "
            "out (kb evaluate). The corrected count is what people and the starter decided, and "
            "the machine's tags times precision through recall; its interval covers how far both "
            "were measured, and nothing else. Both were measured over every judged recommendation: "
            "where filters leave some, or for one value of a dimension, the corrected count takes "
            "the tags to be as good there as elsewhere. It is empty where no tag of the theme was "
            "judged right, or the theme was not measured."
        )
    else:
        yield (
            "How good these tags are has not been measured with this model: kb evaluate does, and "
            "this report then shows it beside each count."
        )
    if labels.strangers:
        listed = ", ".join(f"{theme} ({many})" for theme, many in sorted(labels.strangers.items()))
        yield f"Not counted, because the taxonomy does not have them: {listed}."


def _dimension_notes(rows: Rows, dimension: Dimension) -> Sequence[str]:
    if dimension.name in ("sector", "agency"):
        several = int((rows.values(dimension.name).lengths > 1).sum())
        return [
            f"{several:,} recommendations are addressed to more than one {dimension.name} and "
            "count in each, so the parts add up to more than the whole."
        ]
    if dimension.name == "year":
        of = {value: len(places) for value, places in rows.values("year_of").parts().items()}
        return [
            f"The year is that of publication for {of.get('publication', 0):,} recommendations, of "
            f"the report for {of.get('report', 0):,}, and unknown for {of.get(None, 0):,}."
        ]
    return []
