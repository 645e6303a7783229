"""The labels that are counted: themes, their groups and Home Office themes, as numbers."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kb.model import TAGGERS, Taxonomy
from kb.reports.counting import Incidence
from kb.reports.rows import Places, Rows

DECIDED = ("person", "starter")  # who gives tags that are not the machine's


class Labels:
    """The labels of a taxonomy, numbered, and which recommendations carry which.

    First the themes in the order of the taxonomy, then from ``first_group`` on the groups, then
    from ``first_office`` on the Home Office themes. A group or Home Office theme is carried once,
    however many of its themes are.
    """

    def __init__(self, taxonomy: Taxonomy, rows: Rows) -> None:
        """Number the labels and find their recommendations."""
        themes = list(taxonomy.themes())
        self.rows = rows
        self.theme_ids = [theme.id for theme in themes]
        self.theme_names = [theme.name for theme in themes]
        self.groups = {group.id: group.name for group in taxonomy.groups}
        self.group_of_theme = [taxonomy.group_of()[theme_id] for theme_id in self.theme_ids]
        self.office_of_theme = [theme.home_office for theme in themes]
        self.offices = sorted({office for office in self.office_of_theme if office})
        self.first_group = len(themes)
        self.first_office = self.first_group + len(self.groups)
        self.number = {theme_id: at for at, theme_id in enumerate(self.theme_ids)}
        self.incidence = self._incidence()
        self.tagged_by, self.strangers = self._tagged()

    def roofs(self, theme: int) -> tuple[int, int | None]:
        """The labels of the group and of the Home Office theme (if any) of a theme."""
        office = self.office_of_theme[theme]
        return (
            self.first_group + list(self.groups).index(self.group_of_theme[theme]),
            self.first_office + self.offices.index(office) if office else None,
        )

    def _incidence(self) -> Incidence:
        values = self.rows.values("theme")
        tagged, places = self._numbers(values.values)[values.codes], values.row_of_code
        known = tagged >= 0
        tagged, places = tagged[known], places[known]
        roofs = [self.roofs(theme) for theme in range(len(self.theme_ids))]
        groups = np.array([group for group, _ in roofs], dtype=np.int64)
        offices = np.array([-1 if at is None else at for _, at in roofs], dtype=np.int64)
        has_office = offices[tagged] >= 0
        labels = np.concatenate((tagged, groups[tagged], offices[tagged][has_office]))
        all_places = np.concatenate((places, places, places[has_office]))
        width = self.first_office + len(self.offices)
        return Incidence(self.rows, all_places, labels, width)

    @cached_property
    def decided(self) -> Incidence:
        """Themes that no machine gave: those of people and of the starter corpus."""
        values = self.rows.values("tagged")
        named = [value.partition(":") for value in values.values]
        numbers = self._numbers(tuple(theme for theme, _, _ in named))
        is_decided = np.array([who in DECIDED for _, _, who in named], dtype=bool)
        numbers = np.where(is_decided, numbers, -1)[values.codes] if named else values.codes
        kept = numbers >= 0
        places = values.row_of_code[kept]
        return Incidence(self.rows, places, numbers[kept], len(self.theme_ids))

    def _numbers(self, themes: tuple[str, ...]) -> NDArray[np.int64]:
        return np.array([self.number.get(theme, -1) for theme in themes], dtype=np.int64)

    def _tagged(self) -> tuple[list[dict[str, int]], Counter[str]]:
        """For each theme the recommendations by who tagged; and those of unknown themes."""
        values = self.rows.values("tagged")
        counts = np.bincount(values.codes, minlength=len(values.values)).tolist()
        tagged_by = [dict.fromkeys(TAGGERS, 0) for _ in self.theme_ids]
        strangers: Counter[str] = Counter()
        for value, many in zip(values.values, counts, strict=True):
            theme, _, who = value.partition(":")
            if theme in self.number:
                tagged_by[self.number[theme]][who] += many
            elif many:
                strangers[theme] += many
        return tagged_by, strangers

    def tagged(self, theme: int, who: str) -> Places:
        """The places of the recommendations that one of ``TAGGERS`` tagged with a theme."""
        values = self.rows.values("tagged")
        wanted = f"{self.theme_ids[theme]}:{who}"
        if wanted not in values.values:
            return np.empty(0, dtype=np.int64)
        tagged: Places = values.row_of_code[values.codes == values.values.index(wanted)]
        return tagged
