"""Theme frequency: how many recommendations and reviews carry each theme, and which share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kb.errors import WrongUsage
from kb.model import Entry, Tag, Taxonomy
from kb.reports.counting import CARRIED_COLUMNS, Carried, Counts, Incidence
from kb.reports.crosstab import count_by, crosstab_tables
from kb.reports.dimensions import DIMENSIONS, Dimension
from kb.reports.report import Cell, Column, Report, Table, columns

TAGGERS: dict[str, str] = {
    "person": "A person",
    "starter": "Starter labels",
    "rule_and_classifier": "Rule and classifier",
    "rule": "Rule alone",
    "classifier": "Classifier alone",
}


def theme_frequency(entries: Sequence[Entry], taxonomy: Taxonomy, by: str | None = None) -> Report:
    """How often each theme, group and Home Office theme stands in these recommendations.

    ``by`` is a name of ``DIMENSIONS`` and adds the same counts for each of its values. Raises
    WrongUsage where there is no such dimension.
    """
    dimension = None if by is None else dimension_named(by)
    tags = _TagsByTheme(taxonomy, entries)
    incidence = Incidence(entries, tags.labels(entries), tags.width)
    whole = incidence.counts()
    groups = _ranked(list(tags.groups), whole.carried[tags.first_group : tags.first_office])
    home_office = _ranked(tags.offices, whole.carried[tags.first_office :])
    parts = [] if dimension is None else count_by(entries, dimension, incidence)
    ranked = sorted(range(len(tags.theme_ids)), key=lambda at: -whole.carried[at].recommendations)
    tables = [
        _themes_table(tags, whole, ranked),
        _rolled_table("groups", "Groups of themes", "Group", groups, tags.groups),
        _rolled_table("home_office", "Home Office themes", "Home Office theme", home_office, None),
        _taggers_table(tags, ranked),
    ]
    if dimension is not None:
        names = [(tags.theme_ids[at], tags.theme_names[at]) for at in ranked]
        tables += crosstab_tables(dimension, parts, ranked, names)
    return Report(
        name="themes",
        title="Theme frequency" + (f" by {dimension.label.lower()}" if dimension else ""),
        tables=tuple(table for table in tables if table.rows),
        data={
            "themes": _themes_json(tags, whole, ranked),
            "denominators": _denominators(whole),
            "groups": [
                {"id": each.name, "name": tags.groups[each.name], **each.carried.as_json()}
                for each in groups
            ],
            "home_office": [{"name": each.name, **each.carried.as_json()} for each in home_office],
            "by": None
            if dimension is None
            else {
                "field": dimension.name,
                "values": [part.as_json(dimension, tags.theme_ids, ranked) for part in parts],
            },
        },
        notes=tuple(_notes(entries, tags, whole, dimension)),
    )


def dimension_named(name: str) -> Dimension:
    """The dimension with this name; WrongUsage lists those that there are."""
    found = DIMENSIONS.get(name)
    if found is None:
        raise WrongUsage(
            f"nothing can be counted by {name!r}", hint=f"Choose one of: {', '.join(DIMENSIONS)}."
        )
    return found


class _TagsByTheme:
    """The labels that are counted, and who gave the tags of the entries.

    Labels are numbered: first the themes in the order of the taxonomy, then from ``first_group``
    on the groups, then from ``first_office`` on the Home Office themes, ``width`` in all.
    """

    def __init__(self, taxonomy: Taxonomy, entries: Sequence[Entry]) -> None:
        themes = list(taxonomy.themes())
        self.theme_ids = [theme.id for theme in themes]
        self.theme_names = [theme.name for theme in themes]
        self._number = {theme_id: at for at, theme_id in enumerate(self.theme_ids)}
        self.groups = {group.id: group.name for group in taxonomy.groups}
        self.group_of_theme = [taxonomy.group_of()[theme_id] for theme_id in self.theme_ids]
        self.office_of_theme = [theme.home_office for theme in themes]
        self.offices = sorted({office for office in self.office_of_theme if office})
        self.first_group = len(themes)
        self.first_office = self.first_group + len(self.groups)
        self.width = self.first_office + len(self.offices)
        groups, offices = list(self.groups), self.offices
        self._labels_of = {
            theme_id: {
                at,
                self.first_group + groups.index(self.group_of_theme[at]),
                *([self.first_office + offices.index(office)] if office else []),
            }
            for at, (theme_id, office) in enumerate(
                zip(self.theme_ids, self.office_of_theme, strict=True)
            )
        }
        self.tagged_by = [Counter[str]() for _ in themes]
        self.strangers: Counter[str] = Counter()
        for entry in entries:
            self._count(entry)

    def _count(self, entry: Entry) -> None:
        for tag in {tag.id: tag for tag in entry.themes}.values():
            at = self._number.get(tag.id)
            if at is None:
                self.strangers[tag.id] += 1
            else:
                self.tagged_by[at][tagger(tag)] += 1

    def labels(self, entries: Sequence[Entry]) -> list[set[int]]:
        """For each entry the numbers of its themes, of their groups and Home Office themes."""
        known, none = self._labels_of, set[int]()
        return [none.union(*(known.get(tag.id, none) for tag in e.themes)) for e in entries]


def tagger(tag: Tag) -> str:
    """Who stands behind a tag, as one key of ``TAGGERS``: the most trusted where several do."""
    for trusted in ("person", "starter"):
        if trusted in tag.by:
            return trusted
    return "rule_and_classifier" if len(set(tag.by)) > 1 else tag.by[0]


@dataclass(frozen=True)
class _RolledUp:
    """One roof of several themes (a group, a Home Office theme) and its counts."""

    name: str
    carried: Carried


def _ranked(names: Sequence[str], carried: Sequence[Carried]) -> list[_RolledUp]:
    rolled = [_RolledUp(name, each) for name, each in zip(names, carried, strict=True)]
    return sorted(rolled, key=lambda each: -each.carried.recommendations)


def _themes_table(tags: _TagsByTheme, whole: Counts, ranked: list[int]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            tags.theme_names[at],
            tags.theme_ids[at],
            tags.group_of_theme[at],
            tags.office_of_theme[at],
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
    return Table("themes", "Themes", heads, tuple(rows), bar="recommendation_share")


def _rolled_table(
    name: str, title: str, label: str, rolled: list[_RolledUp], names: dict[str, str] | None
) -> Table:
    return Table(
        name,
        title,
        columns(("name", label), Column("id", "Id", detail=True), *CARRIED_COLUMNS),
        tuple(
            ((names or {}).get(each.name, each.name), each.name, *each.carried.cells())
            for each in rolled
        ),
        bar="recommendation_share",
    )


def _taggers_table(tags: _TagsByTheme, ranked: list[int]) -> Table:
    heads = columns(
        ("name", "Theme"),
        Column("id", "Theme id", detail=True),
        *(Column(f"tagged_by_{key}", label, "count") for key, label in TAGGERS.items()),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            tags.theme_names[at],
            tags.theme_ids[at],
            *(tags.tagged_by[at][key] for key in TAGGERS),
        )
        for at in ranked
        if tags.tagged_by[at]
    ]
    return Table("tagged_by", "Who tagged: recommendations of each theme", heads, tuple(rows))


def _themes_json(tags: _TagsByTheme, whole: Counts, ranked: list[int]) -> list[dict[str, Any]]:
    return [
        {
            "id": tags.theme_ids[at],
            "name": tags.theme_names[at],
            "group": tags.group_of_theme[at],
            "home_office": tags.office_of_theme[at],
            **whole.carried[at].as_json(),
            "tagged_by": {key: tags.tagged_by[at][key] for key in TAGGERS},
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


def _notes(
    entries: Sequence[Entry], tags: _TagsByTheme, whole: Counts, dimension: Dimension | None
) -> list[str]:
    notes = [
        f"Counted: {whole.recommendations:,} recommendations of {whole.reviews:,} reviews; "
        f"{whole.recommendations - whole.labelled:,} recommendations carry no theme. "
        "Shares are of all of these recommendations, and of all of these reviews.",
        "A recommendation with several themes counts under each, so shares add up to more than "
        "100%.",
        "The 95% intervals take these reviews as a sample of reviews like them: Wilson's for "
        "reviews; for recommendations whole reviews are drawn again 2,000 times with a fixed "
        "seed (below 10 reviews, or at 0% and 100%: Wilson's with one observation a review). "
        "They do not cover wrong tags.",
        "Tags by rule or classifier are made by machine; the table of who tagged shows how many.",
    ]
    if tags.strangers:
        listed = ", ".join(f"{theme} ({many})" for theme, many in sorted(tags.strangers.items()))
        notes.append(f"Not counted, because the taxonomy does not have them: {listed}.")
    if dimension is not None:
        notes += _dimension_notes(entries, dimension)
    return notes


def _dimension_notes(entries: Sequence[Entry], dimension: Dimension) -> list[str]:
    if dimension.name in ("sector", "agency"):
        several = sum(len(dimension.values(entry)) > 1 for entry in entries)
        return [
            f"{several:,} recommendations are addressed to more than one {dimension.name} and "
            "count in each, so the parts add up to more than the whole."
        ]
    if dimension.name == "year":
        of = Counter(entry.review.year.of for entry in entries)
        return [
            f"The year is that of publication for {of['publication']:,} recommendations, of the "
            f"report for {of['report']:,}, and unknown for {of[None]:,}."
        ]
    return []
